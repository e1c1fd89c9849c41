"""Which two groups of interviewees are compared code by code, and what to say where there are not two."""

from __future__ import annotations

import pandas as pd

from vbhc.wording import listing

NO_INTERVIEWS = "Nobody was interviewed for this study: its stakeholders speak through the survey alone."


def compared_pair(groups: pd.Series) -> pd.Series:
    """Return the labels of the two largest groups; everybody else has none.

    The two stand in the order of their first appearance; of groups of one size the earlier is taken. Nobody
    keeps a label where there are fewer than two groups, or where each holds one interviewee only.
    """
    sizes = groups.value_counts(sort=False)
    chosen = sizes.sort_values(ascending=False, kind="stable").index[:2]
    if len(chosen) < 2 or sizes[chosen].sum() < 3:
        return groups.where(pd.Series(False, groups.index))
    return groups.where(groups.isin(chosen))


def pair_sentence(groups: pd.Series) -> str:
    """Return which groups are compared, and what remains to be seen where none can be."""
    sizes = groups.value_counts(sort=False)
    names = [f"{name} ({size})" for name, size in sizes.items()]
    if len(sizes) < 2:
        found = f"All interviewees are of one group, {names[0]}" if names else "No interviewee has a group"
        return f"{found}: there is nothing to compare. What was raised is shown for all of them together."
    pair = compared_pair(groups).dropna()
    if pair.empty:
        return (
            f"Every group holds one interviewee only ({listing(names)}): a difference between groups cannot "
            "be told from one between two people. What was raised is shown, and not tested."
        )
    kept = [f"{name} ({size})" for name, size in pair.value_counts(sort=False).items()]
    if len(sizes) == 2:
        small = "; with one interviewee in a group hardly anything can be shown" if 1 in list(sizes) else ""
        return f"Two groups are compared: {listing(kept)}{small}."
    return (
        f"There are {len(sizes)} groups ({listing(names)}). The tests compare the two largest, "
        f"{listing(kept)}; tables and figures by group show all."
    )

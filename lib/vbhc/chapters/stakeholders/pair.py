"""Which two groups of interviewees are compared code by code, and what to say where there are not two."""

from __future__ import annotations

import pandas as pd

from vbhc.publish.disclosure.policies import Policy
from vbhc.wording import listing

NO_INTERVIEWS = "Nobody was interviewed for this study: its stakeholders speak through the survey alone."


def compared_pair(groups: pd.Series, policy: Policy | None = None) -> pd.Series:
    """Return the labels of the two largest groups; everybody else has none.

    The two stand in the order of their first appearance; of groups of one size the earlier is taken. Nobody
    keeps a label where there are fewer than two groups, or where each holds one interviewee only. Groups
    whose size the policy hides are not compared: every number of a test would rest on so few.
    """
    sizes = groups.value_counts(sort=False)
    sizes = sizes[~_few(sizes, policy)]
    chosen = sizes.sort_values(ascending=False, kind="stable").index[:2]
    if len(chosen) < 2 or sizes[chosen].sum() < 3:
        return groups.where(pd.Series(False, groups.index))
    return groups.where(groups.isin(chosen))


def _few(sizes: pd.Series, policy: Policy | None) -> pd.Series:
    return sizes.map(lambda size: policy is not None and policy.hides(size)).astype(bool)


def pair_sentence(groups: pd.Series, policy: Policy | None = None) -> str:
    """Return which groups are compared, and what remains to be seen where none can be."""
    sizes = groups.value_counts(sort=False)
    if _few(sizes, policy).any():
        pair = list(dict.fromkeys(compared_pair(groups, policy).dropna()))
        if not pair:
            return "The groups are not compared: one of them is too small for its numbers to be said."
        return f"The tests compare {listing(pair)}; of smaller groups no numbers may be said."
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

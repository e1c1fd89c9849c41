"""Which two groups of interviewees are compared code by code, and what so few could show at all."""

import pandas as pd

from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.statistics.tables2x2 import reachability
from vbhc.wording import listing, percent

NO_INTERVIEWS = "Nobody was interviewed for this study: its stakeholders speak through the survey alone."


def compared_pair(groups: pd.Series, policy: Policy = OPEN) -> pd.Series:
    """Return the labels of the two largest groups; everybody else has none.

    The two stand in the order of their first appearance; of groups of one size the earlier is taken. Nobody
    keeps a label where there are fewer than two groups, or where each holds one interviewee only. Groups
    whose size the policy hides are not compared: every number of a test would rest on so few.
    """
    sizes = groups.value_counts(sort=False)[lambda counts: ~_few(counts, policy)]
    chosen = sizes.sort_values(ascending=False, kind="stable").index[:2]
    if len(chosen) < 2 or sizes[chosen].sum() < 3:
        return groups.where(pd.Series(False, groups.index))
    return groups.where(groups.isin(chosen))


def _few(sizes: pd.Series, policy: Policy) -> pd.Series:
    return sizes.map(lambda size: policy.hides(size)).astype(bool)


def pair_sentence(groups: pd.Series, policy: Policy = OPEN) -> str:
    """Return which groups are compared, and what remains to be seen where none can be."""
    sizes = groups.value_counts(sort=False)
    pair = compared_pair(groups, policy).dropna()
    if _few(sizes, policy).any() and pair.empty:
        return "The groups are not compared: one of them is too small for its numbers to be said."
    if _few(sizes, policy).any():
        return f"The tests compare {listing(pair.unique())}; of smaller groups no numbers may be said."
    names = [f"{name} ({size})" for name, size in sizes.items()]
    if len(sizes) < 2:
        found = f"All interviewees are of one group, {names[0]}" if names else "No interviewee has a group"
        return f"{found}: there is nothing to compare. What was raised is shown for all of them together."
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


def reachability_sentence(
    n1: int, n2: int, first: str, second: str, alpha: float = 0.05, shares: bool = False
) -> str:
    """Return what the two groups could show: the gap that is just large enough, at its most favourable.

    Parameters
    ----------
    shares : bool
        Whether it is said in shares. The counts are nobody's, but a reader of a report that withholds small
        counts cannot tell.
    """
    table = reachability(n1, n2, alpha)
    who = f"{n1} {first} and {n2} {second} interviewees"
    reached = table[table["k_first_fisher"].notna()]
    if reached.empty:
        return (
            f"With {who} no single code can reach p <= {alpha:g} in Fisher's exact test, whatever was said."
        )
    low, high = reached.iloc[0], reached.iloc[-1]
    if shares:
        return _reached_in_shares(who, low, high, first, second, alpha)
    return (
        f"With {who}, a code that {int(low['k_second'])} of {n2} {second} interviewees raise must be raised "
        f"by at least {int(low['k_first_fisher'])} of {n1} {first} ones for Fisher's exact p <= {alpha:g}."
    )


def _reached_in_shares(who: str, low: pd.Series, high: pd.Series, first, second, alpha: float) -> str:
    """Return the two ends in shares; the lower end is a code that nobody in the second group raises."""
    least, most = low["k_first_fisher"] / low["n_first"], (high["k_second"] + 1) / high["n_second"]
    least, most = (round(20 * share) / 20 for share in (least, most))
    text = (
        f"With {who}, a code that no {second} raises must be raised by about {percent(least)} or more of all "
        f"{first} interviewees for Fisher's exact p <= {alpha:g}"
    )
    if most <= 1:
        text += f"; from about {percent(most)} of all {second} interviewees on, no larger share is enough"
    return text + "."

"""Which differences so few interviewees could have shown at all, in a sentence."""

from __future__ import annotations

import pandas as pd

from vbhc.statistics.tables2x2 import reachability
from vbhc.wording import percent


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
    text = (
        f"With {who}, a code raised by {int(low['k_second'])} of {n2} {second} interviewees must be "
        f"raised by at least {int(low['k_first_fisher'])} of {n1} {first} interviewees "
        f"for Fisher's exact p <= {alpha:g}"
    )
    if int(high["k_second"]) < n2:
        next_count = int(high["k_second"]) + 1
        text += f"; once {next_count} of {n2} {second} interviewees raise it, no larger count is enough"
    return text + "."


def _reached_in_shares(
    who: str, low: pd.Series, high: pd.Series, first: str, second: str, alpha: float
) -> str:
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

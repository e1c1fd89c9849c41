"""The value by every interval that it has: Fieller's, and beside it the bootstrap."""

from __future__ import annotations

import pandas as pd

from vbhc import wording
from vbhc.chapters.value.quota.declared import Definition, interval_notes
from vbhc.publish.results import Result, Table

KINDS = "Bounded; complement: all but a stretch; whole line: nothing is ruled out."


def each_interval(
    vq: Definition, patients: pd.DataFrame, answered: pd.DataFrame, everyone: pd.DataFrame
) -> Result | None:
    """Show the value by each of its intervals, of those who answered and with the dead; nothing without one.

    Parameters
    ----------
    answered, everyone : DataFrame
        From `ratio_of_means` of `gain` and of `gain_counting_deaths`.
    """
    ways = {"survivors who answered": answered, "with deaths at the worst score": everyone}
    if not patients["died"].any():
        ways = {"patients who answered": answered}
    known = [table.assign(who=who) for who, table in ways.items() if not table["reason"].iloc[0]]
    if not known:
        return None
    frame = pd.concat(known, ignore_index=True)
    shown = frame[["who", "method", "estimate", "low", "high", "ci_kind", "n"]].replace("fieller", "Fieller")
    level = wording.level_name(frame["ci_level"].iloc[0])
    table = Table(
        shown,
        f"The value of the group by method of its {level} interval, {vq.unit}",
        by="who",
        notes=[KINDS, *interval_notes(vq)],
    )
    return Result("ratio-of-means", table=table)

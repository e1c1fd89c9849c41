"""Is the tie poor? A claim of smallness, tested against a margin that was set before the data were seen."""

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception.ties import names, rating, who_is_compared
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import smallness
from vbhc.publish.results import Claim, Result, Table
from vbhc.statistics.correlation.equivalence import equivalence, what_n_could_show
from vbhc.statistics.correlation.rank import spearman
from vbhc.study import Study

MARGINS = (0.1, 0.2, 0.3)


def is_it_poor(frame: pd.DataFrame, margin: float) -> pd.DataFrame:
    """Return the equivalence test of perception with the quota, as one row of `equivalence`.

    Two one-sided tests of 5%: the interval is the 90% one that decides them.
    """
    known = frame.dropna()
    row = spearman(known["answer"], known["VQ"]).iloc[0]
    return equivalence(float(row["estimate"]), int(row["n"]), margin)


def poor(study: Study, vq: Definition, tested: pd.DataFrame, lead: str = "") -> Claim:
    """Return what the test says, as a claim: poor, not poor, the other way, or undecided."""
    row = tested.iloc[0]
    low, high, margin = (float(row[name]) for name in ("low", "high", "margin"))
    near = [p for p in range(2, 5) if margin in (abs(round(low, p)), abs(round(high, p)))]
    return Claim(
        "smallness",
        rating(study),
        float(row["estimate"]),
        low,
        high,
        int(row["n"]),
        first=names(vq)["VQ"],
        margin=margin,
        level=float(row["ci_level"]),
        decimals=max(near) + 1 if near else None,  # an end that would read like the margin gets a digit more
        lead=lead,
    )


def agree(tested: pd.DataFrame, alone: pd.DataFrame) -> bool:
    """Return whether the tie is as poor, not poor or undecided whichever way the dead are counted.

    Where one of the two cannot be tested nothing speaks against the other.
    """
    said = [
        smallness(*row) for row in pd.concat([tested, alone])[["low", "high", "margin"]].dropna().to_numpy()
    ]
    return len({NOT_POOR.get(one, one) for one in said}) < 2


NOT_POOR = {"against": "beyond"}


def smallness_in_full(study: Study, vq: Definition, tested: pd.DataFrame, alone: pd.DataFrame) -> Result:
    """Show the test in full, with the deaths counted and of survivors alone: see `is_the_tie_poor`."""
    rows = _ways(tested, alone)
    if rows["low"].isna().all():
        return Result("equivalence", says=[rows["reason"].iloc[0]])
    claims = [
        poor(study, vq, rows[rows["who"] == who], lead)
        for who, lead in LEADS.items()
        if who in set(rows["who"])
    ]
    columns = ["who", "estimate", "low", "high", "p", "smallest_margin", "n"]
    table = Table(
        rows[columns],
        f"Is the tie of {rating(study)} with {names(vq)['VQ']} smaller than {rows['margin'].iloc[0]:g}?",
        notes=[
            f"{wording.level_name(rows['ci_level'].iloc[0])} intervals. p: of the test that it is not "
            "smaller. Smallest margin: what these data could have met."
        ],
    )
    return Result("equivalence", says=claims, table=table)


LEADS = {"everybody": "", "deaths counted": "With deaths counted", "survivors": "Among survivors"}


def _ways(tested: pd.DataFrame, alone: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each way of counting; one where no death changes anything."""
    if tested["n"].iloc[0] == alone["n"].iloc[0]:
        return tested.assign(who="everybody")
    both = [tested.assign(who="deaths counted"), alone.assign(who="survivors")]
    return pd.concat(both, ignore_index=True)


def what_could_be_shown(frame: pd.DataFrame) -> Result:
    """Say with which power so many patients show that a tie is smaller than a margin, were it none."""
    n = len(frame.dropna())
    rows = what_n_could_show(n, MARGINS)
    parts = [
        f"{row.margin:g} with power {wording.percent(row.power)} ({row.n_needed:,} patients give "
        f"{wording.percent(row.power_wanted)})"
        for row in rows.itertuples()
    ]
    said = (
        f"Were there no tie at all, {n:,} patients would show it to be smaller than {wording.listing(parts)}."
    )
    return Result("power", says=[said], counts=[n])


def is_the_tie_poor(
    study: Study, vq: Definition, patients: pd.DataFrame, tested: pd.DataFrame, alone: pd.DataFrame
) -> Result:
    """Say whether the tie is poor, and by how much the verdict hangs on who is counted.

    Parameters
    ----------
    tested, alone : DataFrame
        From `is_it_poor`: with deaths counted, and of survivors alone.
    """
    rows = _ways(tested, alone)
    if rows["low"].isna().all():
        return Result("equivalence", says=[rows["reason"].iloc[0]])
    table = Table(
        rows[["who", "estimate", "low", "high", "n"]],
        f"The tie of {rating(study)} with {names(vq)['VQ']}, against {tested['margin'].iloc[0]:g}",
        notes=[f"{wording.level_name(tested['ci_level'].iloc[0])} intervals, those of the test."],
    )
    return Result("equivalence", table=table, counted=who_is_compared(patients, vq))

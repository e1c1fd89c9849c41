"""What a league table would be worth, for every measure."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.variation.frames import Score, many, one
from vbhc.publish.results import Result, Table
from vbhc.statistics.variation.funnel import share_outside
from vbhc.statistics.variation.reliability import rank_intervals, rankability, records_for
from vbhc.study import Study

LEVEL, RELIABLE, WIDE = 0.9, 0.7, 0.25  # of all places: an interval so wide says little


def ranks(scores: Sequence[Score], seed: int) -> pd.DataFrame:
    """Return what is real of each measure's differences, a row each.

    Returns
    -------
    DataFrame
        `measure, things` (providers), `n` (records), `tau, sd, outside_chance, outside_tau` (shares beyond
        the 95% limits), `rankability` (0-1), `places` (median width of the 90% interval of a rank), `records`
        that a provider needs for a reliability of 0.7. Measures with too few providers are left out.
    """
    return pd.DataFrame([_row(score, seed) for score in scores if not score.few])


def _row(score: Score, seed: int) -> dict:
    units, sd = score.providers, score.providers.attrs["sd"]
    error = units["standard_error"]
    places = rank_intervals(units["estimate"], error, score.tau, LEVEL, seed)
    return {
        "measure": score.label,
        "things": len(units),
        "n": int(units["n"].sum()),
        "tau": score.tau,
        "sd": sd,
        "outside_chance": share_outside(units, 0.95),
        "outside_tau": share_outside(units, 0.95, score.tau),
        "rankability": rankability(error, score.tau),
        "places": int(np.median(places["high"] - places["low"] + 1)),
        "records": round(need) if np.isfinite(need := records_for(RELIABLE, sd, score.tau)) else np.nan,
    }


def league_table(study: Study, table: pd.DataFrame) -> Result | None:
    """Say what ranks of the leading measure are worth, and show every measure."""
    if table.empty:
        return None
    row = table.iloc[0]
    wide = row["places"] > WIDE * row["things"]
    real = wording.percent(row["rankability"])
    says = [
        f"{'Ranks mean little' if wide else 'Ranks tell the ends apart'}: for half of all {many(study)} the "
        f"{wording.level_name(LEVEL)} interval of their rank by {row['measure']} is {row['places']} places "
        f"wide or wider, of {row['things']}. {real} of the differences between them are real (rankability); "
        "the rest is who happened to come."
    ]
    if np.isfinite(row["records"]):
        says.append(
            f"A result that is {wording.percent(RELIABLE)} the {one(study)}'s own takes "
            f"{int(row['records']):,} records."
        )
    made = Table(
        table.drop(columns=["things", "records"]),
        "How far true results differ, and what an order of them is worth",
    )
    return Result("ranks", says=says, table=made, counts=table["n"].tolist())

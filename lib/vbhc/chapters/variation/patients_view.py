"""What patients say of their care, between patients and between their providers."""

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception.ties import rating
from vbhc.chapters.variation.frames import Score, many
from vbhc.publish.claims import Claim, verdict
from vbhc.publish.results import Result
from vbhc.statistics.correlation.partial import level_by_level
from vbhc.study import Study

TIMES = (1, 3)  # of the fewest records: does the tie hang on whom one lets in?


def tie_by_level(study: Study, patients: pd.DataFrame, score: Score) -> pd.DataFrame | None:
    """Return the tie of gain and rating between patients, and between providers of more and more records.

    Returns
    -------
    DataFrame
        `level, fewest, estimate, low, high, n`; None where patients were asked nothing.
    """
    if study.config.perception is None or score.few:
        return None
    fewest, gain = study.config.variation.fewest, score.patients["gain"]
    asked = patients["perceived_value"].astype(float)
    steps = [
        level_by_level(gain, asked, score.patients["provider"], fewest * times).assign(fewest=fewest * times)
        for times in TIMES
    ]
    rows = pd.concat([steps[0], *(step.iloc[1:] for step in steps[1:])], ignore_index=True)
    return rows[["level", "fewest", "estimate", "low", "high", "n"]].dropna(subset="estimate")


def patients_or_providers(study: Study, score: Score, table: pd.DataFrame | None) -> Result | None:
    """Say whether what holds between patients holds between providers, and how firm that is."""
    if table is None or len(table) < 2:
        return None
    people = table.iloc[0]
    said = rating(study)
    claim = Claim(
        "tie",
        f"among patients {said}",
        first=f"the gain in {score.label}",
        **people[["estimate", "low", "high"]],
        n=int(people["n"]),
    )
    between = "; ".join(
        f"of {row.fewest} records or more {wording.number(row.estimate)} ({wording.number(row.low)} to "
        f"{wording.number(row.high)}, {row.n} {many(study)})"
        for row in table.iloc[1:].itertuples()
    )
    says: list[Claim | str] = [
        claim,
        f"Between the means of {many(study)}: {between}.",
        _turned(study, table),
    ]
    return Result("levels", says=says, counts=[int(people["n"])])


def _turned(study: Study, table: pd.DataFrame) -> str:
    found = [verdict(row.estimate, row.low, row.high) for row in table.itertuples()]
    if {found[0], found[1]} == {"more", "less"}:
        firm = all(one == found[1] for one in found[1:])
        return "The sign turns round between levels" + (
            f", whichever {many(study)} are let in." if firm else f", but not with only larger {many(study)}."
        )
    if found[1] == "indistinct":
        return f"Between {many(study)} no tie can be told: what holds of patients must not be read into them."
    return "Both levels point the same way here; with another measure they need not."

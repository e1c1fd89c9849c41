"""What the ties may and may not be used for by a clinician, a manager and a patient."""

from __future__ import annotations

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception.frames import names, rating
from vbhc.chapters.perception.smallness import agree
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import smallness, verdict
from vbhc.publish.results import Result
from vbhc.study import Study


def perception_for_readers(
    study: Study, vq: Definition, ties: pd.DataFrame, tested: pd.DataFrame, alone: pd.DataFrame
) -> list[Result]:
    """Return one line for each reader, from the results themselves; none where nothing can be said.

    Parameters
    ----------
    ties : DataFrame
        From `three_ties`.
    tested, alone : DataFrame
        From `is_it_poor`, deaths counted and of survivors alone.
    """
    row, test = ties.set_index("with").loc["outcome"], tested.iloc[0]
    if pd.isna(row["low"]) or pd.isna(test["low"]):
        return []
    told = {
        "clinician": _clinician(study, vq, row),
        "manager": _manager(study, vq, test, agree(tested, alone)),
        "patient": _patient(study, vq),
    }
    return [Result(f"for-the-{reader}", says=[said]) for reader, said in told.items()]


def _clinician(study: Study, vq: Definition, row: pd.Series) -> str:
    found = verdict(row["estimate"], row["low"], row["high"])
    outcome, size = names(vq)["outcome"], wording.number(row["estimate"])
    said = wording.sentence_case(rating(study))
    start = {
        "more": f"{said} and {outcome} go together (ρ = {size})",
        "less": f"{said} goes against {outcome} (ρ = {size}): find out what it misses",
    }.get(found, f"Whether {rating(study)} and {outcome} go together is not clear here")
    return f"{start}. Ask for both; do not read one off the other."


def _manager(study: Study, vq: Definition, test: pd.Series, agreed: bool) -> str:
    quota, margin, size = names(vq)["VQ"], f"{test['margin']:g}", wording.number(test["estimate"])
    start = {
        "small": f"Do not take {quota} for what patients think: it hardly goes with it (under {margin})",
        "beyond": f"{wording.sentence_case(quota)} goes with what patients say by {size}, where 1 would be "
        "the same order: neither replaces the other",
        "against": f"Do not steer by {quota} alone: here it goes against what patients say",
        "undecided": f"Do not take {quota} for what patients think: whether the two go together by enough "
        "to matter is open here",
        "hangs": f"Do not take {quota} for what patients think: whether the two go together by enough to "
        "matter hangs here on whether deaths count",
    }[smallness(test["low"], test["high"], test["margin"]) if agreed else "hangs"]
    return f"{start}. Report {rating(study)} beside it."


def _patient(study: Study, vq: Definition) -> str:
    return (
        f"{wording.sentence_case(names(vq)['VQ'])} does not hold your own answer: {rating(study)} was asked "
        "for itself, and is a result in its own right."
    )

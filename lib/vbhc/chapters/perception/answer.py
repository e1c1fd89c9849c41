"""The answers of chapter 03, and what the ties may be used for by a clinician, a manager and a patient."""

from dataclasses import replace

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception import layout
from vbhc.chapters.perception.ties import agree, names, poor, rating, tie
from vbhc.chapters.perception.where import largest_step
from vbhc.chapters.value.group_value import noun
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import smallness, verdict, verdict_of
from vbhc.publish.results import Claim, Result
from vbhc.study import Study


def perception_answer(
    study: Study, vq: Definition, ties: pd.DataFrame, tested: pd.DataFrame, alone: pd.DataFrame
) -> Result:
    """Return the answer of 03: whether the tie with the quota is poor, then the ties with outcome and cost.

    Parameters
    ----------
    ties : DataFrame
        From `three_ties`, deaths counted.
    tested, alone : DataFrame
        From `is_it_poor`, deaths counted and of survivors alone. Where the two do not agree, the first
        sentence says both.
    """
    reason = ties.set_index("with").loc["VQ", "reason"]
    if pd.isna(tested["low"].iloc[0]):
        return Result("answer", says=[reason or tested["reason"].iloc[0] or UNKNOWN], role="answer")
    says = _verdicts(study, vq, tested, alone)
    in_full = noun(vq).replace("the mean ", "the ", 1)
    outcome, cost = (tie(study, vq, ties, name) for name in ("outcome", "cost"))
    says += [replace(outcome, first=in_full), replace(cost, what="it")]
    return Result("answer", says=says, role="answer")


def _verdicts(study: Study, vq: Definition, tested: pd.DataFrame, alone: pd.DataFrame) -> list[Claim | str]:
    """Whether the tie is poor: one verdict, or both ways of counting in one sentence where they disagree."""
    if tested["n"].iloc[0] == alone["n"].iloc[0]:
        return [poor(study, vq, tested)]
    everybody, survivors = poor(study, vq, tested, lead=DEATHS), poor(study, vq, alone)
    if agree(tested, alone):
        said = SHORT.get(verdict_of(survivors))
        short = f"Among survivors alone {said} ({_size(survivors)}, n = {survivors.n:,})." if said else ""
        return [everybody, short]
    return [
        f"Whether the tie of {rating(study)} with {names(vq)['VQ']} is poor, under "
        f"{everybody.margin:g} either way, hangs on whether deaths count: with them "
        f"{SHORT[verdict_of(everybody)]} ({_size(everybody)}), among survivors "
        f"{SHORT[verdict_of(survivors)]} ({_size(survivors)})."
    ]


def _size(claim: Claim) -> str:
    """The correlation with the interval of its test; without n, which would tell how few died."""
    places = claim.decimals or 2
    rho, low, high = (wording.number(x, places) for x in (claim.estimate, claim.low, claim.high))
    return f"ρ = {rho}, {wording.level_name(claim.level)} interval {low} to {high}"


SHORT = layout.WORDS["in short"]
DEATHS = "With deaths counted at the worst score"
UNKNOWN = "Whether the tie is poor cannot be said from these data."


def why_answer(
    study: Study, vq: Definition, steps: pd.DataFrame, limits: pd.DataFrame, ties: pd.DataFrame
) -> Result:
    """Return the answer of 03a: from which tie to which, the largest step, and the most that could be."""
    if steps.empty or limits["reason"].iloc[0]:
        reason = steps.attrs.get("reason", "") or limits["reason"].iloc[0] or UNKNOWN
        return Result("answer", says=[reason], role="answer")
    seen, called = ties.set_index("with"), names(vq)
    first, last = (wording.number(seen.loc[name, "estimate"]) for name in ("outcome", "VQ"))
    most, n = wording.number(limits["estimate"].iloc[-1]), int(seen.loc["VQ", "n"])
    said = (
        f"Among those whose outcome was measured, {rating(study)} correlates {first} with "
        f"{called['outcome']} and {last} with {called['VQ']}; had it gone perfectly with "
        f"{called['outcome']}, the latter would be {most} (n = {n:,})."
    )
    return Result("answer", says=[said, f"{largest_step(steps)}."], role="answer", counts=[n])


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
    return [
        Result("for-the-clinician", says=[_clinician(study, vq, row)]),
        Result("for-the-manager", says=[_manager(study, vq, test, agree(tested, alone))]),
        Result("for-the-patient", says=[_patient(study, vq)]),
    ]


def _clinician(study: Study, vq: Definition, row: pd.Series) -> str:
    found, told = verdict(row["estimate"], row["low"], row["high"]), layout.WORDS["clinician"]
    words = {"rating": rating(study), "start": wording.sentence_case(rating(study))}
    words |= {"outcome": names(vq)["outcome"], "size": wording.number(row["estimate"])}
    return f"{told.get(found, told['open']).format(**words)}. Ask for both; do not read one off the other."


def _manager(study: Study, vq: Definition, test: pd.Series, agreed: bool) -> str:
    found = smallness(test["low"], test["high"], test["margin"]) if agreed else "hangs"
    words = {"quota": names(vq)["VQ"], "start": wording.sentence_case(names(vq)["VQ"])}
    words |= {"margin": test["margin"], "size": wording.number(test["estimate"])}
    start = layout.WORDS["manager"][found].format(**words)
    return f"{start}. Report {rating(study)} beside it."


def _patient(study: Study, vq: Definition) -> str:
    return (
        f"{wording.sentence_case(names(vq)['VQ'])} does not hold your own answer: {rating(study)} was asked "
        "for itself, and is a result in its own right."
    )

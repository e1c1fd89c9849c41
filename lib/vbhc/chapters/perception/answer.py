"""The answers of chapter 03, and what the ties may be used for by a clinician, a manager and a patient."""

from dataclasses import replace

import pandas as pd

from vbhc.chapters.perception import layout
from vbhc.chapters.perception.sentences import say
from vbhc.chapters.perception.ties import agree, called, poor, size_of, tie
from vbhc.chapters.perception.where import largest_step
from vbhc.chapters.value.group_value import noun
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import smallness, verdict, verdict_of
from vbhc.publish.findings.made import in_both
from vbhc.publish.results import Claim, Result, either
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
        return [everybody, say("alone", said=said, size=_size(survivors), n=survivors.n) if said else ""]
    sides = {"counted": everybody, "alone": survivors}
    told = {name: f"{SHORT[verdict_of(one)]} ({_size(one)})" for name, one in sides.items()}
    return [say("hangs-on-deaths", **called(study, vq), margin=everybody.margin, **told)]


def _size(claim: Claim) -> str:
    """The correlation; the interval of its test or n, beside others, would tell how few died."""
    sizes, ends = (claim.estimate, claim.low, claim.high), (claim.low, claim.high)
    rho, low, high = in_both(*ends, *sizes, n=claim.n, places=claim.decimals or 2)
    return either(say("tie-size", rho=rho, level=claim.level, low=low, high=high), f"ρ = {rho}")


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
    seen = ties.set_index("with")
    told = {"first": size_of(seen.loc["outcome"]), "last": size_of(seen.loc["VQ"])}
    n = int(seen.loc["VQ", "n"])
    said = say("why", **called(study, vq), **told, most=limits["estimate"].iloc[-1], n=n)
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
    words, found = called(study, vq), verdict(row["estimate"], row["low"], row["high"])
    side = found if found in ("more", "less") else "open"
    tells = {"margin": test["margin"], "size": size_of(test)}
    small = smallness(test["low"], test["high"], test["margin"]) if agree(tested, alone) else "hangs"
    return [
        Result("for-the-clinician", says=[say(f"clinician-{side}", **words, size=size_of(row))]),
        Result("for-the-manager", says=[say(f"manager-{small}", **words, **tells)]),
        Result("for-the-patient", says=[say("patient", **words)]),
    ]

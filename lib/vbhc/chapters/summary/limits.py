"""What the numbers of a study stand for, and the one thing that a reader is most likely to read into them."""

from typing import Any

import pandas as pd

from vbhc import shipped, wording
from vbhc.chapters.summary import layout
from vbhc.publish.answer import first_sentence
from vbhc.publish.claims import in_short
from vbhc.publish.results import Result
from vbhc.study import Study
from vbhc.study.declared import read_contradictions

OPEN_VERDICTS = ("indistinct", "undecided", "unjudged")
# Where a claim stands that many would read the wrong way round, and what they would read into it.
CARE = "Do not conclude that one way of care gives more for the money."
UNRELATED = "Do not conclude that the value quota and what patients say are unrelated."
TEMPTING = {("02-value-quota", "two-arms-value"): CARE, ("03-perception", "answer"): UNRELATED}
NO_CAUSE = "Do not conclude that the money made the change: the value quota sets one beside the other."
NOT_OTHERS = "Do not conclude that others would say the same: numbers describe those who were asked."
# EXPH 2019, doi 10.2875/872343: personal, technical and allocative value; where the number of each stands.
KINDS = shipped.rows(__file__, "kinds_of_value.csv")
UNKNOWN = "No number: its notebook was not run, or could not give one."


def not_to_conclude(study: Study, found: list[dict]) -> Result:
    """Name the one conclusion that these results do not bear, from the claims that they leave open.

    Parameters
    ----------
    found : list of dict
        Findings of the other notebooks (`findings.read`).
    """
    said = {(f["notebook"], f["id"]): f for f in found if f["kind"] == "sentence"}
    for place, tempting in TEMPTING.items():
        finding = said.get(place)
        if finding and finding.get("values", {}).get("verdict") in OPEN_VERDICTS:
            says = [tempting, first_sentence(finding["text"])[0]]
            return Result("not-to-conclude", says=says, role="limit")
    text = NO_CAUSE if ("02-value-quota", "answer") in said else NOT_OTHERS
    return Result("not-to-conclude", says=[text], role="limit")


def source_at_odds(study: Study) -> Result | None:
    """Show where the published source of a study says one thing here and another there."""
    contradictions = read_contradictions(study)
    if contradictions.empty:
        return None
    return Result("contradictions", table=layout.table("contradictions", contradictions))


def kinds_of_value(study: Study, found: list[dict]) -> pd.DataFrame:
    """Return the three kinds of value with the number that the study has of each, or the reason why not.

    Parameters
    ----------
    found : list of dict
        Findings of the other notebooks (`findings.read`).

    Returns
    -------
    DataFrame
        `about, numbers, known`: `known` where `numbers` holds a result, not a reason.
    """
    answers = {one["notebook"]: one for one in found if one["id"] == "answer" and one["kind"] == "sentence"}
    rows = []
    for kind in KINDS:
        answer = answers.get(kind["notebook"])
        absent = UNKNOWN if getattr(study.config, kind["declared"]) else kind["none"]
        said = _number(study, answer) if answer else absent
        known = bool(answer) and "estimate" in answer["values"]
        rows.append({"about": kind["about"], "numbers": said, "known": known})
    return pd.DataFrame(rows)


def triple_value(kinds: pd.DataFrame) -> Result:
    """Show the three kinds of value (`kinds_of_value`)."""
    return Result("triple-value", table=layout.table("triple-value", kinds[["about", "numbers"]]))


def which_kinds(kinds: pd.DataFrame) -> str:
    """Say of which kinds of value the study has a number (`kinds_of_value`).

    >>> table = pd.DataFrame({"about": ["Personal: a", "Technical: b"], "known": [True, False]})
    >>> which_kinds(table)
    'This study has a number for personal value, and none for technical value.'
    """
    names = kinds["about"].str.partition(":")[0].str.lower()
    known, none = (wording.listing(names[kinds["known"] == there]) for there in (True, False))
    has = f"This study has a number for {known} value" if known else ""
    lacks = f"{', and none' if known else 'This study has no number'} for {none} value" if none else ""
    return f"{has}{lacks}."


def _number(study: Study, answer: dict[str, Any]) -> str:
    """The first number of an answer with its interval; its first sentence where it holds no claim."""
    values = answer.get("values") or {}
    if "low" not in values and values.get("kind") == "smallness":  # its interval goes with protection
        values = values.get("claim_2", {})
    if not {"estimate", "low", "high"} <= set(values):
        return first_sentence(answer["text"])[0]
    first = f", with {values['first']}" if values.get("first") else ""
    plan, cost = study.config.value_quota, study.config.cost
    if answer["notebook"] == "02-value-quota" and plan and cost:
        price = wording.money(plan.per, cost.currency)
        values = {**values, "unit": f"{values.get('unit', '')} per {price}".strip()}
    return f"{wording.sentence_case(str(values['what']))}{first}: {in_short(values)}."

"""Personal, technical and allocative value in one place: each with its number, or why there is none."""

from typing import Any

import pandas as pd

from vbhc import wording
from vbhc.publish.answer import first_sentence
from vbhc.publish.results import Result, Table
from vbhc.study import Study

# EXPH 2019, doi 10.2875/872343: personal, technical and allocative value; where the number of each stands.
KINDS = {
    "Personal: what patients say of it": "03-perception",
    "Technical: outcome for the cost": "02-value-quota",
    "Allocative: could the money do more elsewhere": "05c-programmes",
}
NONE = {
    "03-perception": "No number: patients were not asked how they saw their care.",
    "02-value-quota": "No number: the study declares no cost, or no value quota.",
    "05c-programmes": "No number: no other programmes that share the budget are declared.",
}
UNKNOWN = "No number: its notebook was not run, or could not give one."


def triple_value(study: Study, found: list[dict]) -> Result:
    """Show the three kinds of value with the number that the study has of each, or the reason why not.

    Parameters
    ----------
    found : list of dict
        Findings of the other notebooks (`findings.read`).
    """
    declared = {
        "03-perception": study.config.perception,
        "02-value-quota": study.config.value_quota,
        "05c-programmes": study.config.allocative,
    }
    answers = {one["notebook"]: one for one in found if one["id"] == "answer" and one["kind"] == "sentence"}
    rows = []
    for kind, notebook in KINDS.items():
        per = _per(study) if notebook == "02-value-quota" else ""
        said = _number(answers[notebook], per) if notebook in answers else ""
        rows.append({"about": kind, "numbers": said or (UNKNOWN if declared[notebook] else NONE[notebook])})
    table = Table(pd.DataFrame(rows), "Three kinds of value", labels={"about": "Value", "numbers": "Here"})
    return Result("triple-value", table=table)


def _per(study: Study) -> str:
    """What a value is per: " per EUR 1,000"."""
    plan, cost = study.config.value_quota, study.config.cost
    return f" per {wording.money(plan.per, cost.currency)}" if plan and cost else ""


def _number(answer: dict[str, Any], per: str) -> str:
    """The first number of an answer with its interval; its first sentence where it holds no claim."""
    values = answer.get("values") or {}
    if not {"estimate", "low", "high"} <= set(values):
        return first_sentence(answer["text"])[0]
    places = wording.decimals_for(values["low"], values["high"])
    low, high = (wording.number(values[end], places) for end in ("low", "high"))
    first = f", with {values['first']}" if values.get("first") else ""
    unit = f" {values['unit']}" if values.get("unit") else ""
    what = wording.sentence_case(str(values["what"]))
    symbol = "ρ = " if values.get("kind") == "tie" else ""
    estimate = wording.number(values["estimate"], places)
    return f"{what}{first}: {symbol}{estimate}{unit}{per} ({low} to {high})."

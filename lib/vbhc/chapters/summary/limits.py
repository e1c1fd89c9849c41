"""What may not be concluded from a study: the one thing that a reader is most likely to take from it."""

import pandas as pd

from vbhc.publish.answer import first_sentence
from vbhc.publish.results import Result, Table
from vbhc.study import Study
from vbhc.study.declared.contradictions import read_contradictions

OPEN_VERDICTS = ("indistinct", "undecided", "unjudged")
# Where a claim stands that many would read the wrong way round, and what they would read into it.
TEMPTING = (
    (("02-value-quota", "two-arms-value"), "Do not conclude that one way of care gives more for the money."),
    (
        ("03-perception", "answer"),
        "Do not conclude that the value quota and what patients say are unrelated.",
    ),
)
NO_CAUSE = "Do not conclude that the money made the change: the value quota sets one beside the other."
NOT_OTHERS = "Do not conclude that others would say the same: numbers describe those who were asked."
SYNTHETIC = "The data are synthetic: made from published figures, not from people."


def not_to_conclude(study: Study, found: list[dict]) -> Result:
    """Name the one conclusion that these results do not bear, from the claims that they leave open.

    Parameters
    ----------
    found : list of dict
        Findings of the other notebooks (`findings.read`).
    """
    said = {(f["notebook"], f["id"]): f for f in found if f["kind"] == "sentence"}
    for place, tempting in TEMPTING:
        finding = said.get(place)
        if finding and finding.get("values", {}).get("verdict") in OPEN_VERDICTS:
            return Result(
                "not-to-conclude", says=[tempting, first_sentence(finding["text"])[0]], role="limit"
            )
    text = NO_CAUSE if ("02-value-quota", "answer") in said else NOT_OTHERS
    return Result("not-to-conclude", says=[text], role="limit")


def nature(study: Study, found: list[dict]) -> Result | None:
    """Say what holds for every number of the study: that its people are made up, what was withheld."""
    withheld = sum(len(f.get("withheld") or []) for f in found)
    policy = (
        f"{withheld:,} numbers are withheld under the policy {study.config.disclosure}." if withheld else ""
    )
    says = [text for text in (SYNTHETIC if study.config.synthetic else "", policy) if text]
    return Result("nature", says=says, role="limit") if says else None


def source_at_odds(study: Study) -> Result | None:
    """Show where the published source of a study says one thing here and another there."""
    contradictions: pd.DataFrame = read_contradictions(study)
    if contradictions.empty:
        return None
    table = Table(contradictions, "Where the published source is at odds with itself", by="about")
    return Result("contradictions", table=table)

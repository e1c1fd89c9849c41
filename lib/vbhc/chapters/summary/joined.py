"""Bring numbers and people together for the summary; where a study lacks one side, the sentence says so."""

import pandas as pd

from vbhc import interviews
from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.joint import COLUMNS, joint_sentence
from vbhc.chapters.summary import layout
from vbhc.chapters.summary.limits import which_kinds
from vbhc.chapters.summary.whose_value import whose_claims
from vbhc.cleaning import coded_interviews
from vbhc.interviews.tables import Interviews
from vbhc.publish import findings
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.notebook_files import SUMMARY, reads_all
from vbhc.publish.results import Claim, Result
from vbhc.study import Study
from vbhc.study.declared import joint_display
from vbhc.wording import percent

NO_NUMBERS = "This study measures no patients, so there are no numbers to set beside what was said."
NO_STATEMENTS = "The study declares no statements to be set side by side (joint_display.csv)."


def read_others(study: Study, with_summary: bool = False) -> list[dict]:
    """Return the findings of the walk and its companions; those of the summary itself only if asked for."""
    found = [one for one in findings.read(study) if not reads_all(one["notebook"])]
    return found + [one for one in findings.read(study) if with_summary and one["notebook"] == SUMMARY]


def interviewed(study: Study) -> Interviews | None:
    """Return the study's coded interviews; None where it has none."""
    return coded_interviews.read_interviews(study) if study.config.interviews else None


def side_by_side(
    study: Study, coded: Interviews | None, found: list[dict], n_resamples: int = 1000, seed: int = 0
) -> tuple[pd.DataFrame, str]:
    """Return the joint display of a study, and what it says or why there is none; "" without interviews.

    Raises
    ------
    StudyError
        If a row of `joint_display.csv` is faulty.
    """
    none = pd.DataFrame(columns=list(COLUMNS))
    if coded is None:
        return none, ""
    if not study.config.has_patients:
        return none, NO_NUMBERS
    codes = list(coded.codes["code"])
    rows = joint_display.read_rows(study, codes)
    if not rows:
        return none, NO_STATEMENTS
    display = stakeholders.joint_display(
        rows,
        found,
        interviews.presence(coded, codes),
        interviews.groups(coded, study.config.interviews.group),
        n_resamples=n_resamples,
        seed=seed,
    )
    return display, stakeholders.joint_sentence(display)


def numbers_beside_words(display: pd.DataFrame) -> Result | None:
    """Show the joint display; nothing where there is nothing to set side by side.

    Parameters
    ----------
    display : DataFrame
        From `joined.side_by_side`.
    """
    if display.empty:
        return None
    # a fit, with the share of resamples of the interviewees that give it
    firm = [
        "" if pd.isna(share) else f", the same in {percent(share)} of resamples"
        for share in display["resamples"]
    ]
    frame = display.assign(fit=display["fit"] + pd.Series(firm, display.index, dtype="str"))
    shown = frame[["statement", "fit", "numbers", "said", "inference"]]
    return Result("joint-display", table=layout.table("joint-display", shown))


def together_answer(
    study: Study, ranked: pd.DataFrame, display: pd.DataFrame, kinds: pd.DataFrame, reasons: list[str]
) -> Result:
    """Lead with how many patients change rank and how numbers and words fit, else with the kinds of value."""
    protects = get_policy(study.config.disclosure).protects
    says: list[Claim | str] = list(whose_claims(ranked, protects)) if len(ranked) else []
    says += [joint_sentence(display)] if len(display) else []
    without = [which_kinds(kinds), *dict.fromkeys(filter(None, reasons))]
    return Result("answer", says=says or without, role="answer")

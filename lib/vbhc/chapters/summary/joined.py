"""Bring numbers and people together for the summary; where a study lacks one side, the sentence says so."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from vbhc import cleaning, interviews
from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.joint import COLUMNS, joint_sentence
from vbhc.chapters.stakeholders.reranking import RERANKED
from vbhc.chapters.summary.whose_value import whose_claims
from vbhc.cleaning import coded_interviews
from vbhc.interviews.tables import Interviews
from vbhc.publish import findings, quotations
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.notebook_files import SUMMARY, reads_all
from vbhc.publish.results import Claim, Result, Table
from vbhc.study import Study
from vbhc.study.declared import joint_display, outcome_codes
from vbhc.study.declared.outcome_codes import RANKED_AS
from vbhc.wording import percent

NO_INTERVIEWS = "Nobody was interviewed in this study, so there are no words to set beside its numbers."
NO_NUMBERS = "This study measures no patients, so there are no numbers to set beside what was said."
NOBODY_ASKED = "Nobody was asked what weighs more in this study, so that its patients are not ranked anew."
NOBODY_RANKED = "This study measures no patients, so there is nobody to be ranked."
TOO_FEW = "Too few people weigh outcomes, or too few patients have them all, for ranks to be compared."
NO_STATEMENTS = "The study declares no statements to be set side by side (joint_display.csv)."
NO_WEIGHTS = "The study does not say which outcomes its stakeholders spoke of or ranked (outcome_codes.csv)."


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
    """Return the joint display of a study, and what it says or why there is none.

    Raises
    ------
    StudyError
        If a row of `joint_display.csv` or a quotation is faulty.
    """
    none = pd.DataFrame(columns=list(COLUMNS))
    if coded is None:
        return none, NO_INTERVIEWS
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
        quotations.published(study, coded),
        interviews.labels(coded),
        n_resamples=n_resamples,
        seed=seed,
    )
    return display, stakeholders.joint_sentence(display)


def whose_ranks(
    study: Study, coded: Interviews | None, ci_level: float = 0.95, n_resamples: int = 500, seed: int = 0
) -> tuple[pd.DataFrame, str]:
    """Return how far the rankings of patients part with the group that weighs their outcomes.

    Once by what interviewees spoke of and once by what respondents of the survey ranked, as far as the study
    has either and says in `outcome_codes.csv` which outcomes are meant.

    Returns
    -------
    (table, reason)
        `asked` ("in interviews", "in a survey") and the columns of `stakeholders.reranking_by_votes`; the
        reason why nobody is ranked anew, "" where somebody is.
    """
    plan, survey = study.config.interviews, study.config.survey
    none = pd.DataFrame(columns=["asked", *RERANKED])
    if plan is None and survey is None:
        return none, NOBODY_ASKED
    if study.config.value_quota is None:
        return none, NOBODY_RANKED
    patients = cleaning.load_patients(study)
    codes = [] if coded is None else list(coded.codes["code"])
    outcomes = outcome_codes.read_outcome_codes(
        study, codes, list(patients.columns), list(survey.ranking) if survey else []
    )
    tables, reason = [], NO_WEIGHTS
    for asked, votes, groups in _votes(study, coded, outcomes):
        options: dict[str, Any] = {"ci_level": ci_level, "n_resamples": n_resamples, "seed": seed}
        try:
            table = stakeholders.reranking_by_votes(patients, outcomes, votes, groups, **options)
        except ValueError as error:  # an outcome that does not vary
            reason = f"Nobody is ranked anew: {error}."
            continue
        reason = TOO_FEW
        tables.append(table.assign(asked=asked))
    ranked = pd.concat(tables, ignore_index=True)[["asked", *RERANKED]] if tables else none
    return ranked, "" if len(ranked) else reason


def _votes(
    study: Study, coded: Interviews | None, outcomes: pd.DataFrame
) -> Iterator[tuple[str, pd.DataFrame, pd.Series]]:
    """Yield each way of asking: people x outcomes, and the group of each person."""
    if coded is not None and outcomes["codes"].map(len).any():
        groups = interviews.groups(coded, study.config.interviews.group)
        yield "in interviews", stakeholders.votes_from_presence(interviews.presence(coded), outcomes), groups
    if study.config.survey and (outcomes[RANKED_AS] != "").any():
        ranks, groups = survey_ranks(study, outcomes)
        yield "in a survey", stakeholders.votes_from_ranks(ranks), groups


def survey_ranks(study: Study, outcomes: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the ranks that respondents gave (columns: the outcomes of patients), and their groups."""
    respondents = cleaning.load_respondents(study)
    own = outcomes[outcomes[RANKED_AS] != ""]
    ranks = respondents[list(own[RANKED_AS])].set_axis(list(own["outcome"]), axis=1)
    return ranks.astype(float), respondents[study.config.survey.group]


def numbers_beside_words(display: pd.DataFrame) -> Result | None:
    """Show the joint display; nothing where there is nothing to set side by side.

    Parameters
    ----------
    display : DataFrame
        From `joined.side_by_side`.
    """
    if display.empty:
        return None
    frame = display.assign(fit=[_firm(row) for row in display.to_dict("records")])
    table = Table(
        frame[["statement", "fit", "numbers", "said", "inference"]],
        "Numbers, what interviewees said, how they fit, and what follows",
        by="statement",
    )
    return Result("joint-display", table=table)


def _firm(row: dict) -> str:
    """A fit, with the share of resamples of the interviewees that give it."""
    if pd.isna(row["resamples"]):
        return row["fit"]
    return f"{row['fit']}, the same in {percent(row['resamples'])} of resamples"


def together_answer(study: Study, ranked: pd.DataFrame, display: pd.DataFrame, reasons: list[str]) -> Result:
    """Lead with how many patients change rank; then how numbers and words fit; else why there is neither."""
    protects = get_policy(study.config.disclosure).protects
    says: list[Claim | str] = list(whose_claims(ranked, protects)) if len(ranked) else []
    says += [joint_sentence(display)] if len(display) else []
    return Result("answer", says=says or list(dict.fromkeys(reasons)), role="answer")

"""Bring numbers and people together for the summary; where a study lacks one side, the sentence says so."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vbhc import cleaning, interviews
from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.joint import COLUMNS
from vbhc.chapters.stakeholders.reranking import RERANKED
from vbhc.cleaning import coded_interviews
from vbhc.interviews.tables import Interviews
from vbhc.publish import quotations
from vbhc.publish.disclosure.policies import get_policy
from vbhc.study import Study
from vbhc.study.declared import joint_display, outcome_codes
from vbhc.study.declared.outcome_codes import RANKED_AS

NO_INTERVIEWS = "Nobody was interviewed in this study, so there are no words to set beside its numbers."
NO_NUMBERS = "This study measures no patients, so there are no numbers to set beside what was said."
NOBODY_ASKED = "Nobody was asked what weighs more in this study, so that its patients are not ranked anew."
NOBODY_RANKED = "This study measures no patients, so there is nobody to be ranked."
NO_STATEMENTS = "The study declares no statements to be set side by side (joint_display.csv)."
NO_WEIGHTS = "The study does not say which outcomes its stakeholders spoke of or ranked (outcome_codes.csv)."
STAKEHOLDERS = "04-stakeholders"
# The columns of `whose_value` that are shown, and their headers.
RANKED_LABELS = {
    "asked": "Asked",
    "first": "First group",
    "second": "Second group",
    "n_first": "n, first",
    "n_second": "n, second",
    "estimate": "Agree",
    "low": "From",
    "high": "To",
    "p": "p",
    "n_both": "In both tops",
    "n_top": "Top fifth",
}


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


def whose_value(
    study: Study, coded: Interviews | None, ci_level: float = 0.95, n_resamples: int = 500, seed: int = 0
) -> tuple[pd.DataFrame, list[str]]:
    """Return how far the rankings of patients part with the group that weighs their outcomes.

    Once by what interviewees spoke of and once by what respondents of the survey ranked, as far as the study
    has either and says in `outcome_codes.csv` which outcomes are meant.

    Returns
    -------
    (table, sentences)
        `asked` ("in interviews", "in a survey") and the columns of `stakeholders.reranking_by_votes`; a
        sentence for each way of asking, or the one reason why nobody is ranked anew.
    """
    plan, survey = study.config.interviews, study.config.survey
    none = pd.DataFrame(columns=["asked", *RERANKED])
    if plan is None and survey is None:
        return none, [NOBODY_ASKED]
    if study.config.value_quota is None:
        return none, [NOBODY_RANKED]
    patients = cleaning.load_patients(study)
    codes = [] if coded is None else list(coded.codes["code"])
    ranked = list(survey.ranking) if survey else []
    outcomes = outcome_codes.read_outcome_codes(study, codes, list(patients.columns), ranked)
    tables, told, policy = [], [], get_policy(study.config.disclosure)

    def add(asked: str, people: str, votes: pd.DataFrame, groups: pd.Series, weights: pd.DataFrame) -> None:
        options: dict[str, Any] = {"ci_level": ci_level, "n_resamples": n_resamples, "seed": seed}
        try:
            table = stakeholders.reranking_by_votes(patients, outcomes, votes, groups, **options)
        except ValueError as error:  # an outcome that does not vary
            told.append(f"Nobody is ranked anew: {error}.")
            return
        tables.append(table.assign(asked=asked))
        told.append(stakeholders.reranking_sentence(table, weights, ci_level, people, policy))

    if coded is not None and outcomes["codes"].map(len).any():
        raised, groups = interviews.presence(coded), interviews.groups(coded, plan.group)
        votes = stakeholders.votes_from_presence(raised, outcomes)
        weights = stakeholders.weights_from_presence(raised, groups, outcomes)
        add("in interviews", "interviewees", votes, groups, weights)
    if survey and (outcomes[RANKED_AS] != "").any():
        ranks, groups = survey_ranks(study, outcomes)
        weights = stakeholders.weights_from_ranks(ranks, groups)
        weights["label"] = weights["outcome"].map(outcomes.set_index("outcome")["label"])
        add("in a survey", "respondents", stakeholders.votes_from_ranks(ranks), groups, weights)
    ranked = pd.concat(tables, ignore_index=True)[["asked", *RERANKED]] if tables else none
    return ranked, told or [NO_WEIGHTS]


def survey_ranks(study: Study, outcomes: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the ranks that respondents gave (columns: the outcomes of patients), and their groups."""
    respondents = cleaning.load_respondents(study)
    own = outcomes[outcomes[RANKED_AS] != ""]
    ranks = respondents[list(own[RANKED_AS])].set_axis(list(own["outcome"]), axis=1)
    return ranks.astype(float), respondents[study.config.survey.group]


def gains_said(study: Study, coded: Interviews | None, found: list[dict], ci_level: float = 0.95) -> str:
    """Return the answer on gains and pains; "" where codes carry no direction, or a page gives it already."""
    effects = pd.DataFrame() if coded is None else stakeholders.code_effects(coded)
    if effects.empty:
        return ""
    groups = interviews.groups(coded, study.config.interviews.group)
    policy = get_policy(study.config.disclosure)
    text = stakeholders.gains_answer(interviews.presence(coded), effects, groups, None, ci_level, policy)
    return "" if any(text in f.get("text", "") for f in found) else text


def checklist_facts(
    study: Study, coded: Interviews | None, found: list[dict], display: pd.DataFrame
) -> dict[str, dict[str, str]]:
    """Return what a run answers of COREQ and GRAMMS in words, by guideline and item number."""
    facts = {"gramms-2008": stakeholders.gramms(found, display)}
    if coded is None:
        return facts
    compare = study.config.notebooks.get(STAKEHOLDERS, {}).get("compare", "")
    codes = stakeholders.codes_under(coded, compare.split(";"))
    said = {f["id"]: f.get("text") or f.get("alt", "") for f in found if f["notebook"] == STAKEHOLDERS}
    items = stakeholders.coreq(
        coded,
        interviews.groups(coded, study.config.interviews.group),
        interviews.presence(coded, codes),
        saturation=said.get("saturation", ""),
        agreement=said.get("agreement", ""),
        quotations=said.get("quoted", ""),
    )
    return facts | {"coreq-2007": items}

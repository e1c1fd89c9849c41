"""The one-line answers on interviews and survey, put together from the results just computed."""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.stakeholders.sentences import codes_sentence, permanova_sentence, together_sentence
from vbhc.chapters.stakeholders.statements import (
    respondents_sentence,
    statement_tests,
    statement_tops,
    statements_sentence,
)
from vbhc.chapters.stakeholders.survey_choices import (
    best_worst_rows,
    best_worst_sentence,
    ranks_sentence,
    survey_best_worst,
    survey_concordance,
    survey_ranks,
)
from vbhc.publish.answer import first_sentence
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.study import Study


def stakeholder_answer(
    omnibus: pd.DataFrame, codes: pd.DataFrame, alpha: float = 0.05, policy: Policy = OPEN
) -> str:
    """In plain words, then whether the groups differ as a whole, and whether any single code does.

    Under a policy that protects, codes whose counts are withheld are not named.
    """
    if codes.empty:
        return codes_sentence(codes, alpha)
    first, second = (str(codes[side].iloc[0]) for side in ("first", "second"))
    whole = permanova_sentence(omnibus, first, second, alpha, policy)
    plain = together_sentence(omnibus, codes, alpha, f"{first} and {second} interviewees", policy)
    return f"{plain} {whole} {codes_sentence(codes, alpha, policy)}"


def survey_answer(
    study: Study, answered: pd.DataFrame | None, alpha: float = 0.05, policy: Policy = OPEN
) -> str:
    """What a survey says where nobody was interviewed: graded answers, then ranks, else best and worst."""
    survey = study.config.survey
    if survey is None or answered is None:
        return respondents_sentence(study, answered)
    said = []
    if survey.statements:
        tests, tops = statement_tests(study, answered), statement_tops(study, answered)
        said.append(statements_sentence(tests, tops, alpha, policy))
    if survey.ranking:
        ranks, agreed = survey_ranks(study, answered), survey_concordance(study, answered)
        said.append(ranks_sentence(ranks, agreed, policy))
    if not said:
        scores = survey_best_worst(study, answered, n_resamples=1)
        said.append(best_worst_sentence(scores, best_worst_rows(study, answered)[1], policy))
    return " ".join(said)


def gains_and_groups(gains: str, groups: str) -> str:
    """Bring the answer on gains and pains and the one on groups together: both first sentences lead."""
    (first, rest), (second, more) = first_sentence(gains), first_sentence(groups)
    return " ".join(filter(None, (first, second, rest, more)))

"""Who was asked: the survey of a study, its groups compared once, for every result that speaks of it."""

from dataclasses import dataclass

import pandas as pd

from vbhc import cleaning
from vbhc.chapters.stakeholders.statements import in_order_of_groups, statement_tests, statement_tops
from vbhc.chapters.stakeholders.survey_choices import (
    best_worst_rows,
    survey_best_worst,
    survey_concordance,
    survey_ranks,
)
from vbhc.publish.disclosure.policies import Policy, get_policy
from vbhc.study import Study


@dataclass(frozen=True)
class Asked:
    """The answers to a survey and how its groups compare.

    `tests`, `tops` of graded statements (`statement_tests`, `statement_tops`); `ranks`, `orders`
    (`survey_ranks`, `survey_concordance`); `chosen` (`survey_best_worst`), and how many tasks do not count.
    """

    study: Study
    answers: pd.DataFrame
    tests: pd.DataFrame
    tops: pd.DataFrame
    ranks: pd.DataFrame
    orders: pd.DataFrame
    chosen: pd.DataFrame
    left_out: int = 0
    alpha: float = 0.05
    ci_level: float = 0.95

    @property
    def policy(self) -> Policy:
        """How small numbers are protected."""
        return get_policy(self.study.config.disclosure)

    @property
    def sizes(self) -> pd.Series:
        """Respondents by group, in the dictionary's order."""
        ordered = in_order_of_groups(self.study, self.answers)
        return ordered[self.study.config.survey.group].value_counts(sort=False)


def ask(study: Study, ci_level: float = 0.95, alpha: float = 0.05, seed: int = 0) -> Asked | None:
    """Return the survey of a study, compared; None where it holds none."""
    answers = cleaning.load_respondents(study)
    return None if answers is None else asked_of(study, answers, ci_level, alpha, seed)


def asked_of(
    study: Study, answers: pd.DataFrame, ci_level: float = 0.95, alpha: float = 0.05, seed: int = 0
) -> Asked:
    """Return the answers of respondents, compared; `alpha` is the level of tests, `seed` of resampling."""
    tests, tops = statement_tests(study, answers), statement_tops(study, answers, ci_level)
    ranks, orders = survey_ranks(study, answers), survey_concordance(study, answers)
    chosen = survey_best_worst(study, answers, ci_level, seed)
    left_out = best_worst_rows(study, answers)[1]
    return Asked(study, answers, tests, tops, ranks, orders, chosen, left_out, alpha, ci_level)

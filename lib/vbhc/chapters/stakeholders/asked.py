"""Who was asked: the survey of a study, its groups compared once, for every result that speaks of it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vbhc import cleaning
from vbhc.chapters.stakeholders.choices import survey_best_worst, survey_concordance, survey_ranks
from vbhc.publish.disclosure.policies import Policy, get_policy
from vbhc.statistics.groups import answer_shares, dunn, holm, kruskal, top_shares
from vbhc.study import Study

STATISTICS = ["statistic", "df", "p", "epsilon_squared"]
SHARE_COLUMNS = ["statement", "label", "group", "answer", "k", "n", "share", "estimate", "n_missing"]


@dataclass(frozen=True)
class Asked:
    """The answers to a survey, group after group, and how the groups compare.

    `tests`, `tops` of graded statements (`statement_tests`, `statement_tops`); `ranks`, `orders`
    (`survey_ranks`, `survey_concordance`); `chosen` (`survey_best_worst`).
    """

    study: Study
    answers: pd.DataFrame
    tests: pd.DataFrame
    tops: pd.DataFrame
    ranks: pd.DataFrame
    orders: pd.DataFrame
    chosen: pd.DataFrame
    alpha: float = 0.05
    ci_level: float = 0.95

    @property
    def policy(self) -> Policy:
        """How small numbers are protected."""
        return get_policy(self.study.config.disclosure)

    @property
    def sizes(self) -> pd.Series:
        """Respondents by group, in the dictionary's order."""
        return self.answers[self.study.config.survey.group].value_counts(sort=False)


def ask(study: Study, ci_level: float = 0.95, alpha: float = 0.05, seed: int = 0) -> Asked | None:
    """Return the survey of a study, compared; None where it holds none."""
    answers = cleaning.load_respondents(study)
    return None if answers is None else asked_of(study, answers, ci_level, alpha, seed)


def asked_of(
    study: Study, answers: pd.DataFrame, ci_level: float = 0.95, alpha: float = 0.05, seed: int = 0
) -> Asked:
    """Return the answers of respondents, compared; `alpha` is the level of tests, `seed` of resampling."""
    answers = in_order_of_groups(study, answers)
    tests, tops = statement_tests(study, answers), statement_tops(study, answers, ci_level)
    ranks, orders = survey_ranks(study, answers), survey_concordance(study, answers)
    chosen = survey_best_worst(study, answers, ci_level, seed)
    return Asked(study, answers, tests, tops, ranks, orders, chosen, alpha, ci_level)


def in_order_of_groups(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the respondents sorted by group, in the dictionary's order; those without a group come last."""
    group = study.config.survey.group
    known = list(study.dictionary[group].meaning.values()) if study.dictionary[group].allowed else []
    names = dict.fromkeys([*known, *answers[group].dropna()])
    rank = answers[group].map({name: n for n, name in enumerate(names)})
    return answers.loc[rank.sort_values(kind="stable", na_position="last").index]


def statement_shares(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return `answer_shares` of every statement, with `statement, label` in front."""
    return _each(study, answers, answer_shares)


def statement_tops(study: Study, answers: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Return `top_shares` of every statement, with `statement, label` in front."""
    top = study.config.survey.top
    return _each(study, answers, lambda a, g, levels: top_shares(a, g, levels, top, ci_level))


def _each(study: Study, answers: pd.DataFrame, compare: Callable) -> pd.DataFrame:
    """Return what `compare` finds of every statement, given all grades from the dictionary's ends."""
    parts, group = [], study.config.survey.group
    for name in study.config.survey.statements:
        column = study.dictionary[name]
        grades = [float(x) for x in np.arange(column.min, column.max + 1)]
        part = compare(answers[name], answers[group], grades)
        if len(part):
            parts.append(part.assign(statement=name, label=column.label))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=SHARE_COLUMNS)
    return table[["statement", "label", *table.columns.difference(["statement", "label"], sort=False)]]


def statement_tests(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the Kruskal-Wallis test of every statement, Holm-adjusted over the statements.

    Returns
    -------
    DataFrame
        `statement, label, statistic` (H), `df, p, epsilon_squared, n, n_missing, holm_p`. Statistics are
        missing where fewer than two groups answer or where everybody gives the same answer.
    """
    rows, group = [], study.config.survey.group
    for name in study.config.survey.statements:
        known = answers[[name, group]].dropna()
        row = {"statement": name, "label": study.dictionary[name].label, **dict.fromkeys(STATISTICS, np.nan)}
        if known[group].nunique() > 1:
            row |= kruskal(known[name], known[group])[STATISTICS].iloc[0].to_dict()
        rows.append(row | {"n": len(known), "n_missing": len(answers) - len(known)})
    table = pd.DataFrame(rows, columns=["statement", "label", *STATISTICS, "n", "n_missing"])
    return table.assign(holm_p=holm(table["p"].astype(float)), df=table["df"].astype("Int64"))


def statement_pairs(
    study: Study, answers: pd.DataFrame, tests: pd.DataFrame, alpha: float = 0.05, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return `dunn` for the statements on which the groups differ (Holm over statements), pairs with Holm.

    Statements without a clear difference are left out: no pair is searched where the whole does not differ.
    """
    parts, group = [], study.config.survey.group
    for row in tests[tests["holm_p"] <= alpha].itertuples():
        part = dunn(answers[row.statement], answers[group], ci_level)
        parts.append(part.assign(statement=row.statement, label=row.label))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["statement", "label"])

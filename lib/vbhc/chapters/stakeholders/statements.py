"""The graded statements of a study's survey: every statement compared between its groups of respondents."""

import numpy as np
import pandas as pd

from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.statistics.groups import answer_shares, dunn, holm, kruskal, top_shares
from vbhc.study import Study
from vbhc.wording import listing

STATISTICS = ("statistic", "df", "p", "epsilon_squared")
TEST_COLUMNS = (
    *("statement", "label", "statistic", "df", "p", "holm_p", "epsilon_squared", "n", "n_missing"),
)
SHARE_COLUMNS = (
    *("statement", "label", "group", "answer", "k", "n", "share", "estimate", "low", "high"),
    *("median", "q1", "q3", "n_missing", "method"),
)


def in_order_of_groups(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the respondents sorted by group, in the dictionary's order; those without a group come last."""
    group = study.config.survey.group
    known = list(study.dictionary[group].meaning.values()) if study.dictionary[group].allowed else []
    names = [*known, *(name for name in dict.fromkeys(answers[group].dropna()) if name not in known)]
    rank = answers[group].map({name: n for n, name in enumerate(names)})
    return answers.loc[rank.sort_values(kind="stable", na_position="last").index]


def grades(study: Study, column: str) -> list[float]:
    """Return every grade that a statement could be given, from the dictionary's ends."""
    low, high = study.dictionary[column].min, study.dictionary[column].max
    return [float(x) for x in np.arange(low, high + 1)]


def respondents_sentence(study: Study, sizes: pd.Series, policy: Policy = OPEN) -> str:
    """Return who answered the survey, by group, and what they were asked.

    Under a policy that protects without their sum, which lies close to how many answered each statement.
    """
    survey = study.config.survey
    if sizes.empty:
        return "Nobody who answered the survey names a group, so that there is nothing to compare."
    parts = listing(f"{size} {name}{'' if size == 1 else 's'}" for name, size in sizes.items())
    asked = [f"{len(survey.statements)} graded statements"] if survey.statements else []
    asked += [f"a ranking of {len(survey.ranking)} outcomes"] if survey.ranking else []
    asked += [f"{len(survey.best_worst)} best-worst tasks"] if survey.best_worst else []
    asked += [f"{len(survey.work.graded)} graded questions on their work"] if survey.work else []
    groups = "one group" if len(sizes) == 1 else f"{len(sizes)} groups"
    who = "Respondents" if policy.protects else f"{int(sizes.sum())} respondents"
    return f"{who} of {groups} answered ({parts}): {listing(asked)}."


def statement_shares(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return `answer_shares` of every statement, with `statement, label` in front."""
    return _each(study, answers, answer_shares)


def statement_tops(study: Study, answers: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Return `top_shares` of every statement, with `statement, label` in front."""
    top = study.config.survey.top
    return _each(study, answers, lambda a, g, levels: top_shares(a, g, levels, top, ci_level))


def _each(study: Study, answers: pd.DataFrame, compare) -> pd.DataFrame:
    survey, parts = study.config.survey, []
    ordered = in_order_of_groups(study, answers)
    for name in survey.statements:
        part = compare(ordered[name], ordered[survey.group], grades(study, name))
        if len(part):
            parts.append(part.assign(statement=name, label=study.dictionary[name].label))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(SHARE_COLUMNS))
    return table[["statement", "label", *table.columns.difference(["statement", "label"], sort=False)]]


def statement_tests(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the Kruskal-Wallis test of every statement, Holm-adjusted over the statements.

    Returns
    -------
    DataFrame
        `statement, label, statistic` (H), `df, p, holm_p, epsilon_squared, n, n_missing`. Statistics are
        missing where fewer than two groups answer or where everybody gives the same answer.
    """
    survey, rows = study.config.survey, []
    ordered = in_order_of_groups(study, answers)
    for name in survey.statements:
        known = ordered[[name, survey.group]].dropna()
        row = {"statement": name, "label": study.dictionary[name].label, "n": len(known)}
        row["n_missing"] = len(ordered) - len(known)
        if known[survey.group].nunique() > 1:
            found = kruskal(ordered[name], ordered[survey.group]).iloc[0]
            row |= {key: found[key] for key in STATISTICS}
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(TEST_COLUMNS)).astype(dict.fromkeys(STATISTICS, float))
    return table.assign(holm_p=holm(table["p"]), df=table["df"].astype("Int64"))


def statement_pairs(
    study: Study, answers: pd.DataFrame, tests: pd.DataFrame, alpha: float = 0.05, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return `dunn` for the statements on which the groups differ (Holm over statements), pairs with Holm.

    Statements without a clear difference are left out: no pair is searched where the whole does not differ.
    """
    survey, parts = study.config.survey, []
    ordered = in_order_of_groups(study, answers)
    for row in tests[tests["holm_p"] <= alpha].itertuples():
        part = dunn(ordered[row.statement], ordered[survey.group], ci_level)
        parts.append(part.assign(statement=row.statement, label=row.label))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["statement", "label"])

"""The graded statements of a survey in full: every answer, every test, pairs of groups, regression."""

from __future__ import annotations

from functools import partial

import pandas as pd

from vbhc.chapters.stakeholders.disagree import how_many_part
from vbhc.chapters.stakeholders.figures.shares import alt_shares, draw_shares, height_of
from vbhc.chapters.stakeholders.figures.survey import alt_statements, plot_statements
from vbhc.chapters.stakeholders.protected import answers_of_all, tops_shown
from vbhc.chapters.stakeholders.statement_models import adjusted_sentence, regression_notes
from vbhc.chapters.stakeholders.statements import (
    respondent_counts,
    respondents_sentence,
    statement_pairs,
    statement_shares,
)
from vbhc.publish.disclosure.policies import Policy, get_policy
from vbhc.publish.results import Drawing, Result, Table
from vbhc.statistics.cliff import CLIFF_NOTE
from vbhc.study import Study
from vbhc.wording import level_name


def who_answered(study: Study, answers: pd.DataFrame) -> Result:
    """Say who answered, by group, and what they were asked."""
    policy = get_policy(study.config.disclosure)
    says = [respondents_sentence(study, answers, policy)]
    return Result("survey-respondents", says=says, counts=respondent_counts(study, answers, policy))


def answers_drawn(study: Study, answers: pd.DataFrame, tests: pd.DataFrame, alpha: float) -> Result | None:
    """Show every answer to every statement, by group; None where no grade was asked for."""
    if tests.empty:
        return None
    shares = answers_of_all(statement_shares(study, answers), get_policy(study.config.disclosure))
    bars = shares.groupby(["label", "group"]).ngroups
    drawing = Drawing(
        shares[["statement", "label", "group", "answer", "k", "n", "share"]],
        plot_statements,
        title=how_many_part(tests, alpha).partition(" (")[0].removesuffix("."),
        caption="Lowest grade left, highest right; the line splits the middle one.",
        alt=alt_statements,
        height=1.2 + 0.26 * bars + 0.3 * len(tests),
        narrow_height=1.2 + 0.34 * bars + 0.45 * len(tests),
        rules={"counts": ["k", "n"], "base": None, "shares": {"share": "k"}, "keep": ["answer"]},
    )
    return Result("survey-answers", drawing=drawing)


def who_agrees(study: Study, tops: pd.DataFrame, ci_level: float = 0.95) -> Result | None:
    """Draw who gave one of the highest answers; median and middle half of the answers lie in its data."""
    if tops.empty:
        return None
    policy = get_policy(study.config.disclosure)
    # Where counts are protected k goes: beside n and n_missing it would have to hide the share too.
    agreed = [] if policy.protects else ["k"]
    figures = ["n", "estimate", "low", "high", "median", "q1", "q3", "n_missing"]
    rows = tops_shown(tops, policy)[["label", "group", *agreed, *figures]]
    drawing = Drawing(
        rows,
        partial(draw_shares, xlabel="Respondents who agree"),
        title=f"Who gave one of the {study.config.survey.top} highest answers, by group",
        caption=f"Line: Wilson's {level_name(ci_level)} interval. Medians and quarters are in the CSV.",
        alt=alt_shares,
        rules={"counts": [*agreed, "n", "n_missing"], "base": None},
        **height_of(rows),
    )
    return Result("survey-top", drawing=drawing)


def tests_of_statements(
    study: Study, tests: pd.DataFrame, terms: pd.DataFrame, alpha: float
) -> Result | None:
    """Show the tests of every statement, alone and with the covariates held equal."""
    if tests.empty:
        return None
    counts = ["n", "n_missing"] if get_policy(study.config.disclosure).protects else ["n"]
    once = terms.drop_duplicates("statement").set_index("statement")
    frame = tests.drop(columns=["statement", "p"]).assign(
        adjusted_p=tests["statement"].map(once["group_holm_p"]),
        brant_p=tests["statement"].map(once["proportional_p"]),
    )
    columns = ["label", "statistic", "df", "epsilon_squared", "p", "holm_p", "adjusted_p", "brant_p"]
    if tests["df"].nunique() == 1:
        columns.remove("df")  # said once, in the caption
    table = Table(
        frame.assign(p=tests["p"])[[*columns, *counts]],
        "Graded statements: do the groups differ?" + _once(tests["df"]),
        labels={"label": "Statement", "statistic": "H", "holm_p": "p, Holm", "adjusted_p": "p, adjusted"}
        | {"brant_p": "p, Brant", "n": "Answered", "n_missing": "No answer"},
        notes=[
            "Adjusted: all groups at once in the regression below, Holm. A small Brant p speaks against it."
        ],
        rules={"counts": counts, "base": "n", "keep": [name for name in columns if name == "df"]},
    )
    held = [study.dictionary[name].label for name in study.config.survey.covariates]
    return Result("survey-tests", says=[adjusted_sentence(tests, terms, held, alpha)], table=table)


def _once(df: pd.Series) -> str:
    """Return the degrees of freedom for a caption where every statement has the same."""
    return f" ({df.iloc[0]:.0f} degrees of freedom)" if df.nunique() == 1 else ""


def pairs_of_groups(
    study: Study, answers: pd.DataFrame, tests: pd.DataFrame, alpha: float = 0.05, ci_level: float = 0.95
) -> Result | None:
    """Show which pairs of groups differ, on the statements that tell the groups apart; None without any."""
    policy = get_policy(study.config.disclosure)
    pairs = statement_pairs(study, answers, tests, alpha, ci_level)
    pairs = _pairs_told(pairs, policy)
    if pairs.empty:
        return None
    table = Table(
        pairs[["label", "first", "second", "estimate", "low", "high", "p"]],
        "Pairs of groups, on the statements that tell the groups apart",
        by="label",
        labels={"estimate": "Cliff's delta", "p": "p, Dunn-Holm"},
        notes=[CLIFF_NOTE],
        rules={"counts": (), "base": None, "parts": False},
    )
    return Result("survey-pairs", table=table)


def _pairs_told(pairs: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return the pairs of which enough people of both groups answered."""
    if not policy.protects or pairs.empty:
        return pairs
    return pairs[~pairs[["n_first", "n_second"]].map(policy.hides).any(axis=1)]


def odds_of_higher(study: Study, terms: pd.DataFrame) -> Result | None:
    """Show the ordinal regression of every statement: odds of a higher answer against the reference group."""
    if terms.empty:
        return None
    # Else how many answered stands beside the tests.
    counts = ["n", "n_missing"] if get_policy(study.config.disclosure).protects else []
    reference = study.config.survey.reference or "the first group"
    table = Table(
        terms[["label", "term", "odds_ratio", "low", "high", "p", *counts]],
        "Graded statements by ordinal regression: odds of a higher answer",
        by="label",
        labels={"p": "p, Wald", "n": "Answered", "n_missing": "No answer"},
        notes=[f"Reference: {reference}.", *regression_notes(terms)],
        rules={"counts": counts, "base": "n" if counts else None, "parts": False, "decimals": {"p": 3}},
    )
    return Result("survey-regression", table=table)

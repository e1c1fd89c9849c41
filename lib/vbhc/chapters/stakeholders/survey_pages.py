"""A survey in full: every answer, every test, pairs of groups, the order of outcomes, consensus."""

import pandas as pd

from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.disagree import how_many_part
from vbhc.chapters.stakeholders.figures.survey import plot_statements
from vbhc.chapters.stakeholders.protected import answers_of_all, ranks_shown
from vbhc.chapters.stakeholders.statement_models import adjusted_sentence, regression_notes
from vbhc.chapters.stakeholders.statements import respondents_sentence
from vbhc.chapters.stakeholders.survey_choices import rounds_sentence, stability_sentence, stability_shown
from vbhc.publish.results import Drawing, Result, Table
from vbhc.statistics.cliff import CLIFF_NOTE


def who_answered(asked: Asked) -> Result:
    """Say who answered, by group, and what they were asked."""
    sizes = [int(n) for n in asked.sizes]
    counts = sizes if asked.policy.protects else [*sizes, sum(sizes)]
    says = [respondents_sentence(asked.study, asked.sizes, asked.policy)]
    return Result("survey-respondents", says=says, counts=counts)


def answers_drawn(asked: Asked, shares: pd.DataFrame) -> Result | None:
    """Show every answer to every statement, by group; None where no grade was asked for."""
    if asked.tests.empty:
        return None
    shares = answers_of_all(shares, asked.policy)
    bars = shares.groupby(["label", "group"]).ngroups
    n = len(asked.tests)
    drawing = Drawing(
        shares[["statement", "label", "group", "answer", "k", "n", "share"]],
        plot_statements,
        title=how_many_part(asked.tests, asked.alpha).partition(" (")[0].removesuffix("."),
        caption="Lowest grade left, highest right; the line splits the middle one.",
        alt="Respondents by the answer they gave",
        height=1.2 + 0.26 * bars + 0.3 * n,
        narrow_height=1.2 + 0.34 * bars + 0.45 * n,
        rules={"counts": ["k", "n"], "base": None, "shares": {"share": "k"}, "keep": ["answer"]},
    )
    return Result("survey-answers", drawing=drawing)


def tests_of_statements(asked: Asked, models: pd.DataFrame) -> Result | None:
    """Show the tests of every statement, alone and with the covariates held equal."""
    tests = asked.tests
    if tests.empty:
        return None
    counts = ["n", "n_missing"] if asked.policy.protects else ["n"]
    once = models.set_index("statement")
    frame = tests.assign(
        adjusted_p=tests["statement"].map(once["group_holm_p"]),
        brant_p=tests["statement"].map(once["proportional_p"]),
    )
    columns = ["label", "statistic", "epsilon_squared", "holm_p", "adjusted_p", "brant_p"]
    table = Table(
        frame[[*columns, *counts]],
        f"Graded statements: do the groups differ? ({tests['df'].max():.0f} degrees of freedom)"
        if tests["df"].notna().any()
        else "Graded statements",
        labels={"label": "Statement", "statistic": "H", "holm_p": "p, Holm", "adjusted_p": "p, adjusted"}
        | {"brant_p": "p, Brant", "n": "Answered", "n_missing": "No answer"},
        notes=[
            "Adjusted: all groups at once in an ordinal regression, Holm. A small Brant p speaks against it.",
            *regression_notes(models),
        ],
        rules={"counts": counts, "base": "n"},
    )
    held = [asked.study.dictionary[name].label for name in asked.study.config.survey.covariates]
    return Result("survey-tests", says=[adjusted_sentence(tests, models, held, asked.alpha)], table=table)


def pairs_of_groups(asked: Asked, pairs: pd.DataFrame) -> Result | None:
    """Show which pairs of groups differ, on the statements that tell the groups apart; None without any."""
    if asked.policy.protects and len(pairs):
        pairs = pairs[~pairs[["n_first", "n_second"]].map(asked.policy.hides).any(axis=1)]
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


def ranks_table(asked: Asked) -> Result | None:
    """Show the mean rank of each outcome by group, and how many put it first; None where none were ranked."""
    if asked.ranks.empty:
        return None
    protects = asked.policy.protects
    shown = ranks_shown(asked.ranks, asked.orders, asked.policy).rename(columns={"first": "k"})
    withheld = ["Empty: it would tell how few gave no ranking."] if protects else []
    ranked = ["n"] if protects else []
    table = Table(
        shown[["group", "label", *ranked, "mean_rank", "k"]],
        "Outcomes ranked: mean rank (1 = first) and how many put it first",
        by="group",
        labels={"label": "Outcome", "n": "Ranked", "k": "Put it first"},
        notes=["A ranking with a gap is left out.", *withheld],
        rules={"counts": [*ranked, "k"], "base": {"mean_rank": "n"} if ranked else None, "parts": protects},
    )
    return Result("survey-ranks", table=table)


def consensus_table(asked: Asked, consensus: pd.DataFrame, stable: pd.DataFrame) -> Result | None:
    """Show after each round whether respondents agree, by the study's own rule; None without a rule."""
    if consensus.empty:
        return None
    policy = asked.policy
    agreed, unanswered = ([], ["n_missing"]) if policy.protects else (["k"], [])
    numbers = ["estimate", "low", "high", "median", "iqr", "cns", "consensus"]
    table = Table(
        consensus.rename(columns={"k_agree": "k"})[["label", "round", *agreed, "n", *unanswered, *numbers]],
        "Consensus by the rule that the study set",
        by="label",
        labels={"k": "Agree", "n": "Answered", "n_missing": "No answer", "estimate": "Share"},
        notes=["Index: 0 is a panel split into the two ends, 1 one answer of all."],
        rules={"counts": [*agreed, "n", *unanswered], "base": "n" if policy.protects else None}
        | {"keep": ["round"], "parts": False},
    )
    says, shown = [rounds_sentence(consensus, policy)], stability_shown(stable, policy)
    if len(shown):
        says.append(stability_sentence(shown.assign(item=shown["label"]), counts=not policy.protects))
    return Result("survey-consensus", says=says, table=table)

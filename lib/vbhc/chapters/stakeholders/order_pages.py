"""Ranks, best-worst choices and consensus of a survey in full, as tables."""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.stakeholders.delphi import rounds_sentence, stability_sentence, stability_shown
from vbhc.chapters.stakeholders.protected import ranks_shown
from vbhc.chapters.stakeholders.put_first import best_worst_drawing
from vbhc.chapters.stakeholders.rated_twice import rated_twice, rated_twice_note
from vbhc.chapters.stakeholders.survey_choices import best_worst_rows, best_worst_sentence, enough_chose
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.results import Result, Table
from vbhc.study import Study


def ranks_table(study: Study, ranks: pd.DataFrame, agreed: pd.DataFrame) -> Result | None:
    """Show the mean rank of each outcome by group, and how many put it first; None where none were ranked."""
    if ranks.empty:
        return None
    policy = get_policy(study.config.disclosure)
    shown = ranks_shown(ranks, agreed, policy).rename(columns={"first": "k"})
    withheld = ["Empty: it would tell how few gave no ranking."] if policy.protects else []
    ranked = ["n"] if policy.protects else []  # else it stands beside W
    table = Table(
        shown[["group", "label", *ranked, "mean_rank", "k"]],
        "Outcomes ranked: mean rank (1 = first) and how many put it first",
        by="group",
        labels={"label": "Outcome", "n": "Ranked", "k": "Put it first"},
        notes=["A ranking with a gap is left out.", *withheld],
        rules={
            "counts": [*ranked, "k"],
            "base": {"mean_rank": "n"} if ranked else None,
            "parts": policy.protects,
        },
    )
    return Result("survey-ranks", table=table)


def concordance_table(agreed: pd.DataFrame) -> Result | None:
    """Show how far respondents agree on the whole order, over all and inside each group (Kendall's W)."""
    if agreed.empty:
        return None
    table = Table(
        agreed[["group", "estimate", "statistic", "p", "n", "n_missing"]],
        f"Agreement on the order: Kendall's W ({agreed['df'].iloc[0]:.0f} degrees of freedom)",
        labels={"estimate": "W", "statistic": "Chi squared", "n": "Ranked", "n_missing": "Left out"},
        rules={"counts": ["n", "n_missing"], "base": "n", "parts": False},
    )
    return Result("survey-concordance", table=table)


def best_worst_scores(
    study: Study, answers: pd.DataFrame, chosen: pd.DataFrame, ci_level: float = 0.95
) -> Result | None:
    """Show the best-worst scores with their intervals; None where nobody was asked to choose."""
    if not study.config.survey.best_worst:
        return None
    policy = get_policy(study.config.disclosure)
    says = [best_worst_sentence(chosen, best_worst_rows(study, answers)[1], policy)]
    scores = enough_chose(chosen, policy)
    drawing = best_worst_drawing(scores, ci_level, policy.protects) if len(scores) else None
    return Result("survey-best-worst", says=says, drawing=drawing)


def consensus_table(study: Study, consensus: pd.DataFrame) -> Result | None:
    """Show after each round whether respondents agree, by the study's own rule; None without a rule."""
    if consensus.empty:
        return None
    policy = get_policy(study.config.disclosure)
    agreed, unanswered = ([], ["n_missing"]) if policy.protects else (["k"], [])
    shown = consensus.rename(columns={"k_agree": "k"})
    numbers = ["estimate", "low", "high", "median", "iqr", "cns", "consensus"]
    table = Table(
        shown[["label", "round", *agreed, "n", *unanswered, *numbers]],
        "Consensus by the rule that the study set",
        by="label",
        labels={"k": "Agree", "n": "Answered", "n_missing": "No answer", "estimate": "Share"},
        notes=["Index: 0 is a panel split into the two ends, 1 one answer of all."],
        rules={
            "counts": [*agreed, "n", *unanswered],
            "base": "n" if policy.protects else None,
            "keep": ["round"],
            "parts": False,
        },
    )
    return Result("survey-consensus", says=[rounds_sentence(consensus, policy)], table=table)


def stability_table(study: Study, answers: pd.DataFrame, stable: pd.DataFrame) -> Result | None:
    """Show how many gave the same answer twice, and how far each agrees with the own first answer.

    None without a second round. Under a policy without counts: how many answered both rounds would tell,
    beside each round, who came or left.
    """
    policy = get_policy(study.config.disclosure)
    shown = stability_shown(stable, policy)
    if shown.empty:
        return None
    again = rated_twice(study, answers, shown)
    counts = [] if policy.protects else ["n", "n_left", "k"]
    named = {"estimate": "icc", "low": "icc_low", "high": "icc_high"}
    beside = again.rename(columns=named)[["item", *named.values()]]
    frame = shown.rename(columns={"k_same": "k"}).merge(beside, on="item", how="left")
    twice = list(named.values()) if len(again) else []
    table = Table(
        frame[["label", *counts, "estimate", "low", "high", "median_change", "kappa", *twice]],
        "From the first round to the second",
        labels={"label": "Statement", "n": "Answered both", "k": "Same answer", "estimate": "Share"},
        notes=[rated_twice_note(again)] if len(again) else [],
        rules={"counts": counts, "base": None, "parts": False},
    )
    said = stability_sentence(shown.assign(item=shown["label"]), counts=bool(counts))
    return Result("survey-stability", says=[said], table=table)

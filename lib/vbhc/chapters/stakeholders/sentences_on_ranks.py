"""How far respondents agree in their ranks, and what a survey's tests found, in sentences."""

from __future__ import annotations

import pandas as pd

from vbhc.wording import listing, number, p_value


def concordance_sentence(result: pd.DataFrame, ranks: pd.DataFrame) -> str:
    """Return how far raters agree on the order, and which items come first."""
    row = result.iloc[0]
    if pd.isna(row["estimate"]):
        return "Every rater ties all items; there is no order to agree on."
    top = ranks[ranks["group"] == ranks["group"].iloc[0]].nsmallest(2, "mean_rank")["item"]
    return (
        f"{int(row['n'])} raters order {int(row['n_items'])} items with concordance W = "
        f"{number(row['estimate'])} ({p_value(row['p_val'])}); first come {listing(top)}."
    )


def survey_sentence(
    test: pd.DataFrame, pairs: pd.DataFrame, shares: pd.DataFrame, alpha: float = 0.05
) -> str:
    """Return whether the groups answer alike, who answers highest, and which pairs differ."""
    row = test.iloc[0]
    if pd.isna(row["p_val"]):
        return "Everybody gives the same answer; there is nothing to compare."
    high, low = shares.loc[shares["estimate"].idxmax()], shares.loc[shares["estimate"].idxmin()]
    verdict = "answer differently" if row["p_val"] <= alpha else "show no clear difference in their answers"
    numbers = f"H = {number(row['statistic'])}, {p_value(row['p_val'])}"
    numbers += f", epsilon squared {number(row['epsilon_squared'])}"
    text = f"The {int(row['n_groups'])} groups {verdict} (Kruskal-Wallis {numbers}; n = {int(row['n'])})"
    ends = [f"{side['group']} ({int(side['k'])} of {int(side['n'])})" for side in (high, low)]
    text += f"; a top answer is most common in the group {ends[0]} and least in {ends[1]}"
    clear = pairs[pairs["p_val"] <= alpha]
    named = [
        f"{row['first']} and {row['second']} (delta {number(row['estimate'])}, {p_value(row['p_val'])})"
        for _, row in clear.iterrows()
    ]
    tail = f"Pairs that differ after Holm: {'; '.join(named)}" if named else "No pair differs after Holm"
    return f"{text}. {tail}."

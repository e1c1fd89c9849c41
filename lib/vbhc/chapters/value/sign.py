"""Among patients who got worse VQ rewards cost: a loss divided by more looks smaller."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value.artefacts import usable
from vbhc.statistics.correlation.rank import spearman


def sign_paradox(outcome: pd.Series, cost: pd.Series, ci_level: float = 0.95) -> pd.DataFrame:
    """Return Spearman(VQ, cost) among patients who got worse and among those who improved, with counts.

    Dividing a loss by a larger cost makes it look smaller, so among the worsened VQ *rewards* cost.

    Returns
    -------
    DataFrame
        Rows `part` = "worsened", "unchanged", "improved"; `estimate, ci_low, ci_high, ci_level, n, share,
        reason`.
    """
    y, x = usable(outcome, cost)
    rows = []
    for part, chosen in (("worsened", y < 0), ("unchanged", y == 0), ("improved", y > 0)):
        result = spearman(
            pd.Series(y[chosen] / x[chosen], name="VQ"), pd.Series(x[chosen], name="cost"), ci_level
        ).iloc[0]
        n = int(chosen.sum())
        kept = {name: result[name] for name in ("estimate", "ci_low", "ci_high", "ci_level")}
        rows.append(
            {
                "part": part,
                **kept,
                "n": n,
                "share": n / len(y) if len(y) else np.nan,
                "reason": result["reason"],
            }
        )
    return pd.DataFrame(rows)


def sign_paradox_sentence(result: pd.DataFrame) -> str:
    """Return how many patients got worse and what VQ does with them."""
    worse, _, better = (row for _, row in result.iterrows())
    n = int(result["n"].sum())
    if n == 0:
        return "No patient has an outcome and a positive cost, so VQ cannot be checked for its sign."
    if worse["n"] == 0:
        return f"None of {n:,} patients got worse, so VQ cannot reward costly harm here."
    start = f"{wording.count(int(worse['n']), n)} patients got worse"
    if worse["reason"]:
        return f"{start}: too few to correlate, but VQ counts a dearer loss as a smaller one."
    verb = _settled(worse, 1, "rises", "is not shown to rise")
    end = f"Among them VQ {verb} with cost ({_rho(worse)})"
    if not better["reason"]:
        move = _settled(better, -1, "falls", "is not shown to fall")
        end += f", among the improved it {move} ({_rho(better)})"
    return f"{start}. {end}: do not rank patients by VQ across zero."


def _settled(row: pd.Series, way: int, yes: str, no: str) -> str:
    """Return `yes` where the whole interval lies on that side of 0."""
    return yes if (row["ci_low"] if way > 0 else -row["ci_high"]) > 0 else no


def _rho(row: pd.Series) -> str:
    reach = wording.interval(row["ci_low"], row["ci_high"], row["ci_level"])
    return f"ρ = {wording.number(row['estimate'])}, {reach}"

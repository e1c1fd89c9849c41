"""Findings about associations in words: every band named, no gaps, never more than the data say."""

from __future__ import annotations

import math

import pandas as pd

from vbhc import wording
from vbhc.statistics.words import readable

BANDS = ((0.1, "negligible"), (0.3, "weak"), (0.5, "moderate"), (0.7, "strong"), (1.01, "very strong"))
SYMBOLS = {"spearman": "ρ", "kendall": "τ-b", "polychoric": "polychoric r", "pearson": "r"}


def strength(r: float) -> str:
    """Return the word for the size of a correlation; a band holds its lower edge (0.3 is moderate)."""
    if math.isnan(r):
        return wording.UNKNOWN
    return next(word for edge, word in BANDS if abs(r) < edge)


def correlation_sentence(
    r: float,
    low: float,
    high: float,
    n: int,
    ci_level: float = 0.95,
    x: str = "perceived value",
    y: str = "VQ",
    symbol: str = "ρ",
    margin: float | None = None,
    reason: str = "",
) -> str:
    """Return a correlation as a finding that fits a figure title.

    Parameters
    ----------
    r, low, high, n, ci_level
        Estimate, interval, complete pairs and level.
    x, y, symbol : str
        Names of the two sides and of the coefficient.
    margin : float, optional
        Equivalence margin. Only with it, and only when the whole interval lies inside, is the association
        called too small to matter.
    reason : str
        Why there is no answer; returned as it is.

    Notes
    -----
    An interval that spans zero reads "shows no clear relation": a lack of evidence, not evidence of a lack.
    """
    if reason:
        return reason
    if math.isnan(r):
        return f"How {x} goes with {y} cannot be computed from these {n:,} patients"
    numbers = f"{symbol} = {wording.number(r)}, {wording.interval(low, high, ci_level)}, n = {n:,}"
    return f"{wording.sentence_case(x)} {_finding(r, low, high, y, margin)} ({numbers})"


def _finding(r: float, low: float, high: float, y: str, margin: float | None) -> str:
    inside = margin is not None and -margin < low and high < margin
    if inside:
        return f"goes with {y} less than the margin of {wording.number(margin)} that was set beforehand"
    if math.isnan(low) or math.isnan(high):
        return f"correlates {wording.number(r)} with {y}, with no interval to judge it by"
    if low <= 0 <= high:
        return f"shows no clear relation to {y}"
    way = "rises" if r > 0 else "falls"
    degree = {"negligible": "very slightly", "weak": "weakly", "moderate": "moderately"}.get(
        strength(r), "strongly"
    )
    return f"{way} {degree} with {y}" if r > 0 else f"{way} {degree} as {y} rises"


def row_sentence(row: pd.Series, x: str = "", y: str = "", margin: float | None = None) -> str:
    """Return `correlation_sentence` of one row of `spearman`, `kendall`, `side_by_side`, ..."""
    return correlation_sentence(
        row["estimate"],
        row["low"],
        row["high"],
        int(row["n"]),
        row["ci_level"],
        x or readable(row["x"]),
        y or readable(row["y"]),
        SYMBOLS.get(row["coefficient"], row["coefficient"]),
        margin,
        row["reason"],
    )


def equivalence_sentence(result: pd.DataFrame, x: str = "perceived value", y: str = "VQ") -> str:
    """Return what the test of smallness says: shown small, shown larger, or not decided by these data.

    A correlation below minus the margin is no good sign, and is told as going the other way.
    """
    row = result.iloc[0]
    if row["reason"]:
        return row["reason"]
    margin = wording.number(row["margin"])
    numbers = (
        f"{wording.interval(row['low'], row['high'], row['ci_level'])}, "
        f"{wording.p_value(row['p'])}, n = {int(row['n']):,}"
    )
    pair = f"The association of {x} with {y}"
    if row["verdict"] == "smaller than the margin":
        return f"{pair} is smaller than the margin of {margin} ({numbers})."
    if row["verdict"] == "larger than the margin" and row["high"] < 0:
        return f"{pair} goes the other way, beyond the margin of {margin} ({numbers})."
    if row["verdict"] == "larger than the margin":
        return f"{pair} is larger than the margin of {margin} ({numbers})."
    return (
        f"{pair} is neither shown to be smaller than the margin of {margin} nor shown to exceed it "
        f"({numbers}); these data rule out only associations beyond {wording.number(row['smallest_margin'])}."
    )


def power_sentence(table: pd.DataFrame) -> str:
    """Return what this number of patients could have shown, from `what_n_could_show`."""
    wanted = wording.percent(table["power_wanted"].iloc[0])
    parts = [
        f"{wording.number(row.margin)} with power {wording.percent(row.power)} "
        f"({wanted} power needs n = {row.n_needed:,})"
        for row in table.itertuples()
    ]
    start = f"Were the true correlation 0, {int(table['n'].iloc[0]):,} patients would show"
    return f"{start} it to be smaller than {wording.listing(parts)}."


def side_by_side_sentence(rows: pd.DataFrame, coefficient: str = "spearman") -> str:
    """Return the three associations of perception in one sentence: with outcome, with cost, with VQ."""
    chosen = rows[rows["coefficient"] == coefficient]
    parts, reasons = [], []
    for row in chosen.to_dict("records"):
        if row["reason"]:
            reasons.append(row["reason"])
            continue
        size = f"{SYMBOLS[coefficient]} = {wording.number(row['estimate'])}"
        parts.append(f"{row['with']} {size} ({wording.interval(row['low'], row['high'], row['ci_level'])})")
    start = f"Perception goes with {wording.listing(parts)}, n = {int(chosen['n'].max()):,}." if parts else ""
    return " ".join([start, *dict.fromkeys(reasons)]).strip()

"""How the comparisons of two arms are named, laid out and said."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value.missing_sensitivity import side_of_zero

ADJUSTED, IMPUTED = "baseline and covariates held equal", "the same, missing imputed"
MEASURES = ("outcome", "cost", "net_benefit")
# What `make simulate` finds at 200 patients of whom a third are missing.
IMPUTED_NOTE = "Simulated, 94% of 95% intervals of an imputed QALY difference held the truth."


def ends_of(measure: str, row: pd.Series) -> dict[str, float]:
    """Return estimate and ends of a row under the names of a measure."""
    ends = {"": "estimate", "_low": "low", "_high": "high"}
    return {f"{measure}{end}": float(row[name]) for end, name in ends.items()}


def conclusion(row: Mapping[str, float]) -> int:
    """Return 1 where the whole interval of net benefit lies above zero, -1 below, 0 where it holds zero."""
    return side_of_zero(row["net_benefit_low"], row["net_benefit_high"])


def by_measure(table: pd.DataFrame, currency: str, willingness_to_pay: float) -> pd.DataFrame:
    """Return `arms_if_answered` as one row per measure and way, to be read downwards.

    Returns
    -------
    DataFrame
        `measure, handling, estimate, low, high, n, n_missing, fmi` (of net benefit only), in the order
        QALYs, cost, net benefit; a measure that a way does not have is absent.
    """
    heads = {"outcome": "QALYs", "cost": f"Cost ({currency})"}
    heads["net_benefit"] = f"Net benefit ({currency}) at {price_words(currency, willingness_to_pay)} per QALY"
    keys = [name for name in ("handling", "worse_in", "delta") if name in table]
    parts = []
    for measure in (name for name in MEASURES if name in table):
        names = {measure: "estimate", f"{measure}_low": "low", f"{measure}_high": "high"}
        part = table[[*keys, *names, "n", "n_missing", "fmi"]].rename(columns=names)
        part.insert(0, "measure", heads[measure])
        parts.append(part if measure == "net_benefit" else part.assign(fmi=np.nan))
    return pd.concat(parts).dropna(subset=["estimate"]).reset_index(drop=True)


def worse_by_measure(table: pd.DataFrame, currency: str, willingness_to_pay: float) -> pd.DataFrame:
    """Return the table of `arms_if_worse` as `by_measure` does, a row per measure and assumption.

    Returns
    -------
    DataFrame
        `measure, worse_in, delta, estimate, low, high, n, n_missing`: QALYs, then net benefit.
    """
    return by_measure(table, currency, willingness_to_pay).drop(columns="fmi")


def price_words(currency: str, willingness_to_pay: float) -> str:
    """Return the price of a QALY in words: "EUR 20,000"."""
    return f"{currency} {wording.number(willingness_to_pay, 0)}"


def places(table: pd.DataFrame) -> list[int]:
    """Return the decimals of each row of `by_measure`: four for QALYs, none for money."""
    return [4 if measure == "QALYs" else 0 for measure in table["measure"]]


def arms_if_answered_sentence(table: pd.DataFrame, currency: str) -> str:
    """Return whether imputing the missing changes which arm has the higher net benefit."""
    rows = table[table["handling"].isin([ADJUSTED, IMPUTED])]
    if len(rows) < 2:
        return "Nothing was filled in for this comparison: nothing is missing, or too few are complete."
    complete, imputed = rows.iloc[0], rows.iloc[-1]
    both = [
        f"{wording.money(row['net_benefit'], currency)} "
        f"({wording.number(row['net_benefit_low'], 0)} to {wording.number(row['net_benefit_high'], 0)})"
        for row in (complete, imputed)
    ]

    same = "the same conclusion" if conclusion(complete) == conclusion(imputed) else "another conclusion"
    return (
        f"Net benefit is {both[0]} in {int(complete['n']):,} complete patients and {both[1]} in all "
        f"{int(imputed['n']):,} with the missing imputed: {same}."
    )

"""How the comparisons of two arms are named, laid out and said."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import wording

ADJUSTED, IMPUTED = "baseline and covariates held equal", "the same, missing imputed"
MEASURES = ("outcome", "cost", "net_benefit")
# What `make simulate` finds at 200 patients of whom a third are missing.
IMPUTED_NOTE = "The 95% interval of the imputed QALY difference is slightly narrow: simulated, it covers 92%."


def ends_of(measure: str, row: pd.Series) -> dict[str, float]:
    """Return estimate and ends of a row under the names of a measure."""
    ends = {"": "estimate", "_low": "ci_low", "_high": "ci_high"}
    return {f"{measure}{end}": float(row[name]) for end, name in ends.items()}


def by_measure(table: pd.DataFrame, currency: str, willingness_to_pay: float) -> pd.DataFrame:
    """Return `arms_if_answered` as one row per measure and way, to be read downwards.

    Returns
    -------
    DataFrame
        `measure, handling, estimate, ci_low, ci_high, n, n_missing, fmi` (of net benefit only), in the order
        QALYs, cost, net benefit; a measure that a way does not have is absent.
    """
    price = f"{currency} {wording.number(willingness_to_pay, 0)}"
    heads = ("QALYs", f"Cost ({currency})", f"Net benefit ({currency}) at {price} per QALY")
    parts = []
    for measure, head in zip(MEASURES, heads, strict=True):
        names = {measure: "estimate", f"{measure}_low": "ci_low", f"{measure}_high": "ci_high"}
        part = table[["handling", *names, "n", "n_missing", "fmi"]].rename(columns=names)
        part.insert(0, "measure", head)
        parts.append(part if measure == "net_benefit" else part.assign(fmi=np.nan))
    return pd.concat(parts).dropna(subset=["estimate"]).reset_index(drop=True)


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

    def sign(row: pd.Series) -> int:
        return int(row["net_benefit_low"] > 0) - int(row["net_benefit_high"] < 0)

    same = "the same conclusion" if sign(complete) == sign(imputed) else "another conclusion"
    return (
        f"Net benefit is {both[0]} in {int(complete['n']):,} complete patients and {both[1]} in all "
        f"{int(imputed['n']):,} with the missing imputed: {same}."
    )

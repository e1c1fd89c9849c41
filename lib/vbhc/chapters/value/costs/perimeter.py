"""What the value quota would be had a part of the cost not counted: its perimeter."""

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value.group_value import UNBOUNDED, noun, who_counts
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Claim, Result, Table
from vbhc.statistics.correlation.rank import spearman_rho
from vbhc.statistics.ratios.means import ratio_of_means

FIGURES = ["estimate", "low", "high", "ci_kind", "n", "n_missing", "reason"]
SHOWN = ["perimeter", "estimate", "low", "high", "relative_change", "rank_agreement"]


def without_each_part(
    outcome: pd.Series, parts: pd.DataFrame, per: float = 1_000, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return the group's value quota with every component of the cost, and without each in turn.

    Parameters
    ----------
    outcome : Series
        On the index of `parts`, one column per cost component (`cost_parts`).

    Returns
    -------
    DataFrame
        `perimeter` ("all components", "without ward" ...), `estimate` with its first interval, `ci_kind, n,
        n_missing, reason`, `rank_agreement` (Spearman between patients' VQ with and without; patients with a
        positive cost in both), `share_of_cost` (of what is left out), `relative_change` against all.
    """
    complete = parts.where(parts.notna().all(axis=1)).astype(float)
    total = complete.sum(axis=1, skipna=False)
    smaller = {"all components": total} | {f"without {name}": total - complete[name] for name in parts}
    rows = [
        {"perimeter": name, **_row(outcome, cost, total, per, ci_level)} for name, cost in smaller.items()
    ]
    used = outcome.notna() & total.notna()
    spent = total[used].sum()
    shares = complete[used].sum() / (spent if spent > 0 else np.nan)
    table = pd.DataFrame(rows).assign(share_of_cost=[0.0, *shares])
    return table.assign(relative_change=table["estimate"] / (table["estimate"].iloc[0] or np.nan) - 1)


def _row(outcome: pd.Series, cost: pd.Series, total: pd.Series, per: float, ci_level: float) -> dict:
    cost = cost.mask(cost.abs() < 1e-9 * total.abs(), 0.0)  # what subtraction leaves of nothing
    row = ratio_of_means(outcome, cost, per, ci_level, n_resamples=2).iloc[0]
    both = outcome.notna() & (cost > 0) & (total > 0)
    agreement = np.nan
    if both.sum() >= 4:
        y, x, z = (s[both].to_numpy(dtype=float) for s in (outcome, cost, total))
        agreement = spearman_rho(y / x, y / z) if np.ptp(y / x) > 0 and np.ptp(y / z) > 0 else np.nan
    return {**row[FIGURES], "rank_agreement": agreement}


def perimeters(vq: Definition, patients: pd.DataFrame, table: pd.DataFrame) -> Result | None:
    """Show the value quota without each component; nothing where the cost has a single one.

    Parameters
    ----------
    table : DataFrame
        From `without_each_part`.
    """
    if len(table) < 3 or table["reason"].iloc[0]:
        return None
    shown = table[table["estimate"].notna()].copy()
    bounded = shown["ci_kind"] == "bounded"
    shown[["low", "high"]] = shown[["low", "high"]].where(bounded)
    notes = ["Order: how alike patients rank by their own value quota with and without it (1 = the same)."]
    notes += [] if bounded.all() else [UNBOUNDED]
    caption = f"The value quota (VQ) had a component not counted, {vq.unit}"
    frame = Table(shown[SHOWN], caption, notes=notes, rules={"behind": [[int(n)] for n in shown["n"]]})
    return Result("perimeter", says=most_moved(vq, table), table=frame, counted=who_counts(patients))


def most_moved(vq: Definition, table: pd.DataFrame) -> list[Claim | str]:
    """Say which component moves the quota most, its share of the bill, and what becomes of the order."""
    rest = table.iloc[1:].dropna(subset=["relative_change"])
    if rest.empty or not np.isfinite(table["estimate"].iloc[0]):
        return []
    top = rest.loc[rest["relative_change"].abs().idxmax()]
    ends = [wording.significant(value) for value in (table["estimate"].iloc[0], top["estimate"])]
    agree = f"Patients' order with and without it agrees to ρ = {wording.number(top['rank_agreement'])}."
    return [*_change(vq, top, ends), agree if np.isfinite(top["rank_agreement"]) else ""]


def _change(vq: Definition, top: pd.Series, ends: list[str]) -> list[Claim | str]:
    """The change as a share; of a loss, of which a share says nothing, the two values alone."""
    without = f"{top['perimeter']} ({wording.percent(top['share_of_cost'])} of the bill)"
    what = f"{noun(vq)} per {vq.currency} {vq.per:,.0f}"
    if not top["estimate"] > 0:
        return [f"{wording.sentence_case(what)} goes from {ends[0]} to {ends[1]} {without}."]
    claim = Claim("change", what, top["relative_change"], first=without, second="with every component")
    return [claim, f"It goes from {ends[0]} to {ends[1]}."]

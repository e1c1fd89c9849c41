"""What makes up the costs: which resources, which patients, and what leaving a component out would change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.cleaning.sources import QUANTITY, RESOURCE
from vbhc.statistics.correlation.rank import spearman_rho
from vbhc.statistics.ratios.means import ratio_of_means
from vbhc.statistics.words import plural

DEAREST = (0.01, 0.05, 0.1, 0.2, 0.5)
TENTH = 0.1
MOST_OF_IT = 0.8
PERIMETER_COLUMNS = [
    *("perimeter", "share_of_cost", "estimate", "low", "high", "ci_kind", "relative_change"),
    *("rank_agreement", "n", "n_missing", "reason"),
]


def resource_shares(lines: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return which resources make up the sum, largest first.

    Parameters
    ----------
    lines : DataFrame
        Priced lines (`cleaning.load_cost_lines`, or `price_lines`).

    Returns
    -------
    DataFrame
        `resource, component, n_users, quantity, cost, share, cumulative_share`. Lines without a cost are left
        out; `n_users` counts patients with a quantity above zero.
    """
    known = lines[lines["cost"].notna()]
    groups = known.groupby([RESOURCE, "component"], sort=False, observed=True)
    table = groups.agg(quantity=(QUANTITY, "sum"), cost=("cost", "sum"))
    users = known[known[QUANTITY] > 0].groupby([RESOURCE, "component"], observed=True)[key].nunique()
    table["n_users"] = users.reindex(table.index).fillna(0).astype(int)
    table = table.sort_values("cost", ascending=False, kind="stable").reset_index()
    whole = table["cost"].sum()
    table["share"] = table["cost"] / whole if whole > 0 else np.nan
    table["cumulative_share"] = table["share"].cumsum()
    return table[["resource", "component", "n_users", "quantity", "cost", "share", "cumulative_share"]]


def costs_by_resource(lines: pd.DataFrame, key: str) -> dict[str, pd.Series]:
    """Return what each patient's use of a resource cost, by resource: the values behind `resource_shares`."""
    sums = lines[lines["cost"].notna()].groupby([RESOURCE, key], observed=True)["cost"].sum()
    return {str(name): own for name, own in sums.groupby(level=0, observed=True)}


def resource_shares_sentence(table: pd.DataFrame) -> str:
    """Return which resources make up most of the sum."""
    if table.empty or table["share"].isna().all():
        return "No resource has a cost."
    needed = int((table["cumulative_share"] < MOST_OF_IT).sum()) + 1
    top = [
        f"{row.resource.replace('_', ' ')} ({wording.percent(row.share)})"
        for row in table.head(min(needed, 3)).itertuples()
    ]
    reached = table["cumulative_share"].iloc[needed - 1]
    start = f"{plural(needed, 'resource makes', 'resources make')} up {wording.percent(reached)} of all costs"
    return f"{start}, first {wording.listing(top)}; {len(table):,} resources were priced."


def concentration(cost: pd.Series) -> pd.DataFrame:
    """Return which share of patients makes up which share of cost, from the dearest patients down.

    Returns
    -------
    DataFrame
        `patients` (share, dearest first), `n` (rounded up to whole patients), `cost_share`, `gini` (0 = all
        cost the same), `n_all, n_missing`.
    """
    known = np.sort(cost.dropna().to_numpy(dtype=float))[::-1]
    n, whole = len(known), known.sum()
    tops = [int(np.ceil(share * n - 1e-9)) for share in DEAREST]
    carried = [known[:top].sum() / whole if whole > 0 else np.nan for top in tops]
    gini = np.nan
    if whole > 0:
        gini = float(1 + 1 / n - 2 * (known * np.arange(1, n + 1)).sum() / (n * whole))
    table = pd.DataFrame({"patients": DEAREST, "n": tops, "cost_share": carried})
    return table.assign(gini=max(gini, 0.0) if n else gini, n_all=n, n_missing=len(cost) - n)


def concentration_sentence(table: pd.DataFrame) -> str:
    """Return what the dearest tenth of patients carries of the sum."""
    row = table.iloc[(table["patients"] - TENTH).abs().argmin()]
    if not np.isfinite(row["cost_share"]):
        return "No patient has a cost above zero."
    carried = wording.percent(row["cost_share"])
    return (
        f"The dearest {wording.percent(row['patients'])} of patients ({int(row['n']):,} of "
        f"{int(row['n_all']):,}) make up {carried} of all costs (Gini {wording.number(row['gini'])})."
    )


def perimeter_sensitivity(
    outcome: pd.Series, components: pd.DataFrame, per: float = 1_000, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return the group's value with every component, and without each in turn.

    Parameters
    ----------
    outcome : Series
        On the index of `components`, one column per cost component.

    Returns
    -------
    DataFrame
        `perimeter` ("all components", "without ward" ...), `share_of_cost` (of what is left out), `estimate`
        with Fieller's interval, `relative_change` against all, `rank_agreement` (Spearman between patients'
        VQ with and without; patients with a positive cost in both), `n, n_missing, reason`.
    """
    complete = components.where(components.notna().all(axis=1)).astype(float)
    total = complete.sum(axis=1, skipna=False)
    used = outcome.notna() & total.notna()
    spent = total[used].sum()
    rows = [_perimeter("all components", outcome, total, total, per, ci_level)]
    for name in components:
        shown = f"without {str(name).replace('_', ' ')}"
        rows.append(_perimeter(shown, outcome, total - complete[name], total, per, ci_level))
    shares = complete[used].sum() / (spent if spent > 0 else np.nan)
    table = pd.DataFrame(rows).assign(share_of_cost=[0.0, *shares])
    table["relative_change"] = table["estimate"] / table["estimate"].iloc[0] - 1
    return table[PERIMETER_COLUMNS]


def _perimeter(name, outcome, cost, total, per, ci_level) -> dict[str, object]:
    cost = cost.mask(cost.abs() < 1e-9 * total.abs(), 0.0)  # what subtraction leaves of nothing
    row = ratio_of_means(outcome, cost, per, ci_level, n_resamples=2).iloc[0]
    both = outcome.notna() & (cost > 0) & (total > 0)
    agreement = np.nan
    if both.sum() >= 4:
        y, x, z = (s[both].to_numpy(dtype=float) for s in (outcome, cost, total))
        agreement = spearman_rho(y / x, y / z) if np.ptp(y / x) > 0 and np.ptp(y / z) > 0 else np.nan
    kept = ["estimate", "low", "high", "ci_kind", "n", "n_missing", "reason"]
    return {"perimeter": name, "rank_agreement": agreement, **row[kept].to_dict()}


def perimeter_sentence(table: pd.DataFrame, unit: str) -> str:
    """Return which component moves the group's value most, and whether it also changes patients' order."""
    if table["reason"].iloc[0]:
        return table["reason"].iloc[0]
    rest = table.iloc[1:].dropna(subset=["relative_change"])
    if rest.empty:
        return "There is only one component; nothing can be left out."
    top = rest.loc[rest["relative_change"].abs().idxmax()]
    change = wording.number(100 * top["relative_change"], 0)
    sign = "+" if top["relative_change"] > 0 else ""
    order, whole = top["rank_agreement"], wording.significant(table["estimate"].iloc[0])
    text = (
        f"{wording.sentence_case(top['perimeter'])} ({wording.percent(top['share_of_cost'])} of costs) the "
        f"group's value changes most: {sign}{change}%, from {whole} to "
        f"{wording.significant(top['estimate'])} {unit}"
    )
    if not np.isfinite(order):
        return f"{text}."
    kept = "hardly changes" if order >= 0.9 else "changes"
    return f"{text}; the order of patients by VQ {kept} (ρ = {wording.number(order)})."

"""Gain, state reached, cost, ratio and net benefit side by side: what each says and how each spreads."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.value.groups import FEWEST
from vbhc.chapters.value.outcomes import separate_outcomes, states
from vbhc.chapters.value.quota.declared import Definition, outcome_name
from vbhc.chapters.value.quota.definitions import quota_where_possible
from vbhc.chapters.value.six_checks import rating_name
from vbhc.publish.results import Result, Table
from vbhc.statistics.correlation.rank import spearman
from vbhc.statistics.economics.comparison import net_benefit
from vbhc.study import Study
from vbhc.study.form_checks import bare_stem

QUANTITIES = ("gain", "follow-up", "cost", "gain / cost", "net benefit")
PROCEDURES = ("procedure", "revision", "year")
MOST_OUTCOMES = 2
MOST_PLACES = 4
TABLE = [
    *("outcome", "quantity", "mean", "cv", "k", "share"),
    *("rho", "low", "high", "price", "n"),
]
NOTHING = 1e-12


def _outcomes(
    study: Study, patients: pd.DataFrame, definition: Definition, price: float
) -> Iterator[tuple[str, pd.DataFrame, float]]:
    """Yield name, quantities and price of the declared outcome and of one more."""
    columns = cleaning.load_columns(study)
    stems = [definition.outcome, *separate_outcomes(study, columns)]
    for stem in list(dict.fromkeys(stems))[:MOST_OUTCOMES]:
        agreed = price if bare_stem(study, stem).startswith("eq5d_index") else None
        frame, paid = _quantities(study, patients, columns, stem, definition.per, agreed)
        yield outcome_name(study, columns, stem), frame, paid


def _quantities(
    study: Study, patients: pd.DataFrame, columns: pd.DataFrame, stem: str, per: float, price: float | None
) -> tuple[pd.DataFrame, float]:
    """Return the five quantities per patient with gain and a cost above 0, and the price per unit of gain."""
    after = states(study, patients, columns, stem)
    lower = columns.set_index("name").loc[f"{stem}_{study.follow_up}", "direction"] == "lower is better"
    gain = (-1 if lower else 1) * patients[f"{stem}_change"].astype(float)
    cost = patients[study.cost_column].astype(float)
    used = gain.notna() & (cost > 0)
    gain, after, cost = gain[used], after[used], cost[used]
    paid = cost.mean() / gain.mean() if used.any() and gain.mean() > 0 else np.nan
    chosen = paid if price is None else price
    frame = pd.DataFrame({"gain": gain, "follow-up": after, "cost": cost})
    frame["gain / cost"] = quota_where_possible(gain, cost, per)
    frame["net benefit"] = net_benefit(gain, cost, chosen)
    return frame, chosen


def five_quantities(
    study: Study,
    patients: pd.DataFrame,
    definition: Definition,
    willingness_to_pay: float,
) -> pd.DataFrame:
    """Return mean, spread and association with perception of gain, state, cost, ratio and net benefit.

    Parameters
    ----------
    willingness_to_pay : float
        Currency per unit of a utility index. For other outcomes no price is agreed: the price that the group
        paid per unit (mean cost over mean gain) stands in, at which the mean net benefit is 0.

    Returns
    -------
    DataFrame
        `outcome, quantity, mean` (of "gain / cost" the ratio of means), `cv, k, share` (patients below 0, and
        their share), `rho, low, high` (Spearman with what patients said of their care), `price, n`. The
        declared outcome and one more; patients without gain or without a cost above 0 are left out.
    """
    if study.baseline == study.follow_up:
        return pd.DataFrame()
    rows = [
        _row(name, quantity, frame, patients, definition.per, price)
        for name, frame, price in _outcomes(study, patients, definition, willingness_to_pay)
        for quantity in QUANTITIES
        if len(frame)
    ]
    return pd.DataFrame(rows).reindex(columns=TABLE).astype({"k": "Int64", "n": int})


def _row(name: str, quantity: str, frame: pd.DataFrame, patients, per: float, price: float) -> dict:
    values = frame[quantity]
    mean = values.mean()
    row = {"outcome": name, "quantity": quantity, "mean": mean, "cv": np.nan, "k": pd.NA}
    if abs(mean) < NOTHING * frame["cost"].mean():  # what subtraction leaves of nothing
        row["mean"] = 0.0
    if quantity == "gain / cost":
        row["mean"] = frame["gain"].mean() / frame["cost"].mean() * per
    if quantity != "net benefit":
        row["cv"] = values.std() / mean if mean > 0 else np.nan
    if quantity in ("gain", "gain / cost", "net benefit"):
        row["k"] = int((values < 0).sum()) if values.notna().all() else pd.NA
        row["share"] = row["k"] / len(values) if values.notna().all() else np.nan
    if "perceived_value" in patients:
        found = spearman(patients.loc[frame.index, "perceived_value"].astype(float), values).iloc[0]
        row |= {"rho": found["estimate"], "low": found["low"], "high": found["high"]}
    return row | {"price": price if quantity == "net benefit" else np.nan, "n": len(frame)}


def beside(
    study: Study, vq: Definition, patients: pd.DataFrame, table: pd.DataFrame, willingness_to_pay: float
) -> Result | None:
    """Show what the gain, the state reached, the cost, the ratio and net benefit say of the same patients.

    Parameters
    ----------
    table : DataFrame
        From `five_quantities`; nothing is shown where it is empty.
    """
    if table.empty:
        return None
    named = {"gain / cost": f"gain per {vq.currency} {vq.per:,.0f}"}
    shown = table.drop(columns=["price", "share"]).replace({"quantity": named}).dropna(axis=1, how="all")
    costs = [patients["cost"].dropna() if row == "cost" else [] for row in table["quantity"]]
    return Result(
        "side-by-side",
        table=Table(
            shown,
            "Gain, state reached, cost, ratio and net benefit of the same patients",
            by="outcome",
            labels={"k": "Below zero", "n": "n of the mean", "rho": f"Tie with {rating_name(study)}"},
            notes=[HOW, prices_note(table, vq.currency, willingness_to_pay)],
            rules={"contributions": {"mean": costs}, "decimals": {"mean": places(table)}},
        ),
    )


HOW = (
    "Mean of the ratio: ratio of means. Spread: standard deviation over mean, where the mean is above zero. "
    "Tie: Spearman's rank correlation, of those among them who answered the question too."
)


def places(table: pd.DataFrame) -> list[int]:
    """Return the decimals of each mean: none for money, three digits for the rest (at most four decimals)."""
    sizes = table["mean"].abs().where(~table["quantity"].isin(["cost", "net benefit"]))
    return [0 if not x > 0 else min(max(2 - math.floor(math.log10(x)), 0), MOST_PLACES) for x in sizes]


def prices_note(table: pd.DataFrame, currency: str, willingness_to_pay: float) -> str:
    """Return at which price of a unit of each outcome the net benefit was taken, and whose price it is."""
    parts = []
    for row in table[table["quantity"] == "net benefit"].itertuples():
        if pd.isna(row.price):
            continue
        whose = "the stated price" if row.price == willingness_to_pay else "what the group paid"
        parts.append(f"{currency} {wording.significant(row.price)} a unit of {row.outcome} ({whose})")
    return f"Net benefit: at {wording.listing(parts)}." if parts else "Net benefit: no price can be had."


def procedure_of(patients: pd.DataFrame) -> pd.Series:
    """Return each patient's procedure, kind of surgery and year in words; missing where one of them is."""
    kept = [name for name in PROCEDURES if name in patients]
    group = pd.Series(None, index=patients.index, dtype="str")
    if kept:
        known = patients[kept].notna().all(axis=1)
        group[known] = patients.loc[known, kept].astype(str).agg(", ".join, axis=1)
    return group


def by_procedure(
    study: Study, patients: pd.DataFrame, definition: Definition, willingness_to_pay: float
) -> pd.DataFrame:
    """Return means of the five quantities by procedure, kind of surgery and year, where columns hold them.

    Returns
    -------
    DataFrame
        `outcome, group, n, mean_gain, mean_state, mean_cost, value, net_benefit`; groups of fewer than ten
        patients are left out. Empty where the study has none of the columns.
    """
    group = procedure_of(patients)
    if group.isna().all() or study.baseline == study.follow_up:
        return pd.DataFrame()
    rows = []
    for label, frame, _ in _outcomes(study, patients, definition, willingness_to_pay):
        for name, part in frame.groupby(group[frame.index]):
            if len(part) >= FEWEST:
                gain, state, cost, benefit = part[["gain", "follow-up", "cost", "net benefit"]].mean()
                ratio = gain / cost * definition.per
                rows.append((label, name, len(part), gain, state, cost, ratio, benefit))
    names = ["outcome", "group", "n", "mean_gain", "mean_state", "mean_cost", "value", "net_benefit"]
    return pd.DataFrame(rows, columns=names)


def procedures(vq: Definition, patients: pd.DataFrame, table: pd.DataFrame) -> Result | None:
    """Show the five quantities by procedure; nothing where the study has none.

    Parameters
    ----------
    table : DataFrame
        From `by_procedure`.
    """
    if table.empty:
        return None
    places = {"mean_gain": 3, "mean_state": 3, "mean_cost": 0, "value": 3, "net_benefit": 0}
    costs = patients["cost"].groupby(procedure_of(patients))
    caption = f"By procedure, kind of surgery and year: means, {vq.currency}"
    labels = {"value": f"Gain per {vq.currency} {vq.per:,.0f}"}
    rules = {"contributions": {"mean_cost": costs}, "decimals": places}
    return Result("by-procedure", table=Table(table, caption, by="outcome", labels=labels, rules=rules))

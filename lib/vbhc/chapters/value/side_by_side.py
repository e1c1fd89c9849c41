"""Gain, state reached, cost, ratio and net benefit side by side: what each says and how each spreads."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value.groups import FEWEST
from vbhc.chapters.value.outcomes import separate_outcomes, states
from vbhc.chapters.value.quota.declared import Definition, outcome_name
from vbhc.chapters.value.quota.definitions import quota_where_possible
from vbhc.statistics.correlation.rank import spearman
from vbhc.statistics.economics.comparison import net_benefit
from vbhc.study import Study
from vbhc.study.form_checks import bare_stem

QUANTITIES = ("gain", "follow-up", "cost", "gain / cost", "net benefit")
PROCEDURES = ("procedure", "revision", "year")
MOST_OUTCOMES = 2
MOST_PLACES = 4
TABLE = [
    *("outcome", "quantity", "mean", "cv", "n_below", "below_zero"),
    *("perceived", "perceived_low", "perceived_high", "price", "n"),
]
NOTHING = 1e-12


def _outcomes(
    study: Study, patients: pd.DataFrame, columns: pd.DataFrame, definition: Definition, price: float
) -> Iterator[tuple[str, pd.DataFrame, float]]:
    """Yield name, quantities and price of the declared outcome and of one more."""
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


def side_by_side_table(
    study: Study,
    patients: pd.DataFrame,
    columns: pd.DataFrame,
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
        `outcome, quantity, mean` (of "gain / cost" the ratio of means), `cv, n_below, below_zero` (patients
        below 0, and their share), `perceived, perceived_low, perceived_high` (Spearman with perceived value),
        `price, n`. The declared outcome and
        one more; patients without gain or without a cost above 0 are left out.
    """
    if study.baseline == study.follow_up:
        return pd.DataFrame()
    rows = [
        _row(name, quantity, frame, patients, definition.per, price)
        for name, frame, price in _outcomes(study, patients, columns, definition, willingness_to_pay)
        for quantity in QUANTITIES
        if len(frame)
    ]
    return pd.DataFrame(rows).reindex(columns=TABLE).astype({"n_below": "Int64", "n": int})


def _row(name: str, quantity: str, frame: pd.DataFrame, patients, per: float, price: float) -> dict:
    values = frame[quantity]
    mean = values.mean()
    row = {"outcome": name, "quantity": quantity, "mean": mean, "cv": np.nan, "n_below": pd.NA}
    if abs(mean) < NOTHING * frame["cost"].mean():  # what subtraction leaves of nothing
        row["mean"] = 0.0
    if quantity == "gain / cost":
        row["mean"] = frame["gain"].mean() / frame["cost"].mean() * per
    if quantity != "net benefit":
        row["cv"] = values.std() / mean if mean > 0 else np.nan
    if quantity in ("gain", "gain / cost", "net benefit"):
        row["n_below"] = int((values < 0).sum()) if values.notna().all() else pd.NA
        row["below_zero"] = row["n_below"] / len(values) if values.notna().all() else np.nan
    if "perceived_value" in patients:
        found = spearman(patients.loc[frame.index, "perceived_value"].astype(float), values).iloc[0]
        row |= {"perceived": found["estimate"], "perceived_low": found["low"]}
        row["perceived_high"] = found["high"]
    return row | {"price": price if quantity == "net benefit" else np.nan, "n": len(frame)}


def side_by_side_said(table: pd.DataFrame) -> str:
    """Return whether dividing by cost changes what the gain alone says of patients' perception."""
    if table.empty:
        return "Gain, cost and ratio cannot be set side by side: no patient has a gain and a cost above zero."
    first = table[table["outcome"] == table["outcome"].iloc[0]].set_index("quantity")
    n = f"n = {int(first['n'].iloc[0]):,}"
    spread = f"coefficient of variation {wording.number(first.loc['gain', 'cv'])} for the gain"
    spread += f" and {wording.number(first.loc['cost', 'cv'])} for cost"
    if "perceived" not in first or first["perceived"].isna().any():
        return f"{first['outcome'].iloc[0]}: {spread} ({n})."
    rho = first["perceived"]
    return (
        f"{first['outcome'].iloc[0]} and perceived value: ρ = {wording.number(rho['gain'])} with the gain, "
        f"{wording.number(rho['follow-up'])} with the state reached, {wording.number(rho['cost'])} with "
        f"cost, {wording.number(rho['gain / cost'])} with the ratio, {wording.number(rho['net benefit'])} "
        f"with net benefit ({n}; {spread})."
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
        whose = "the willingness to pay" if row.price == willingness_to_pay else "what the group paid"
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
    study: Study,
    patients: pd.DataFrame,
    columns: pd.DataFrame,
    definition: Definition,
    willingness_to_pay: float,
) -> pd.DataFrame:
    """Return means of the five quantities by procedure, kind of surgery and year, where columns hold them.

    Returns
    -------
    DataFrame
        `outcome, group, n, gain, follow_up, cost, ratio, net_benefit`; groups of fewer than ten patients are
        left out. Empty where the study has none of the columns.
    """
    group = procedure_of(patients)
    if group.isna().all() or study.baseline == study.follow_up:
        return pd.DataFrame()
    rows = []
    for label, frame, _ in _outcomes(study, patients, columns, definition, willingness_to_pay):
        for name, part in frame.groupby(group[frame.index]):
            if len(part) >= FEWEST:
                gain, state, cost, benefit = part[["gain", "follow-up", "cost", "net benefit"]].mean()
                rows.append(
                    (label, name, len(part), gain, state, cost, gain / cost * definition.per, benefit)
                )
    names = ["outcome", "group", "n", "gain", "follow_up", "cost", "ratio", "net_benefit"]
    return pd.DataFrame(rows, columns=names)

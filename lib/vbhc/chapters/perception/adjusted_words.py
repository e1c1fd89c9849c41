"""Associations with patients held equal or within providers, in sentences."""

from __future__ import annotations

import pandas as pd

from vbhc import wording


def adjusted_sentence(table: pd.DataFrame, measure: str = "VQ", held: str = "") -> str:
    """Return what holding things equal does to the association of perception with one measure."""
    rows = table[table["with"] == measure].set_index("adjustment")
    plain, last = rows.iloc[0], rows.iloc[-1]
    for row in (plain, last):
        if row["reason"]:
            return row["reason"]
    if len(rows) == 1:
        return f"Nothing was held equal in the association of perception with {measure}."
    reach = wording.interval(last["ci_low"], last["ci_high"], last["ci_level"])
    numbers = f"ρ = {wording.number(last['estimate'])}, {reach}, n = {int(last['n']):,}"
    alike = f"patients alike in {held}" if held else "patients alike in the covariates"
    if "held equal" not in rows.index:
        alike = "patients of sites that may differ"
    moved = last["estimate"] - plain["estimate"]
    start = f"Among {alike}, perception with {measure} is {numbers}"
    if abs(moved) < 0.05:
        return f"{start}: about what it is without adjustment ({wording.number(plain['estimate'])})."
    way = "stronger" if abs(last["estimate"]) > abs(plain["estimate"]) else "weaker"
    return f"{start}: {way} than without adjustment ({wording.number(plain['estimate'])})."


def patients_or_providers_sentence(table: pd.DataFrame | None, x: str = "perception", y: str = "VQ") -> str:
    """Return whether an association between patients also holds between providers (`level_by_level`).

    None stands for a study that declares no site or provider.
    """
    if table is None:
        return f"No site or provider is declared, so that {x} and {y} can only be compared between patients."
    patients, providers = (table[table["level"] == level].iloc[0] for level in ("patients", "providers"))
    if patients["reason"]:
        return patients["reason"]
    shown = wording.interval(patients["ci_low"], patients["ci_high"], patients["ci_level"])
    start = f"Between patients {x} goes with {y} by ρ = {wording.number(patients['estimate'])} ({shown})"
    if providers["reason"]:
        return f"{start}; too few sites or providers have enough patients to ask the same of them."
    reach = wording.interval(providers["ci_low"], providers["ci_high"], providers["ci_level"])
    other = (
        f"between {int(providers['n']):,} providers by ρ = {wording.number(providers['estimate'])} ({reach})"
    )
    return f"{start}, {other}: two questions, which need not have one answer."

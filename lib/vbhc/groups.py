"""The same result for every level of the groups that a study declares; providers stand apart."""

from __future__ import annotations

import pandas as pd

from vbhc.association import spearman
from vbhc.study import Study
from vbhc.value import ratio_of_means_by
from vbhc.wording import listing, number

FEWEST = 10  # patients in a level below which a ratio or a coefficient says nothing


def splits(study: Study, patients: pd.DataFrame) -> dict[str, pd.Series]:
    """Label of each declared group (providers left out) to its column; missing levels stay missing."""
    return {
        group.label: patients[group.column]
        for group in study.config.groups.values()
        if group.kind != "provider" and group.column in patients
    }


def ratio_by_groups(
    study: Study, patients: pd.DataFrame, frame: pd.DataFrame, per: float, ci_level: float = 0.95
) -> pd.DataFrame:
    """Ratio of means with Fieller interval for every level of every declared group.

    Parameters
    ----------
    frame : DataFrame
        `outcome` and `cost`, one row per patient, on the index of `patients`.

    Returns
    -------
    DataFrame
        `split, group, n, estimate, ci_low, ci_high, ci_kind`; levels under `FEWEST` usable patients are
        left out.
    """
    parts = []
    for label, levels in splits(study, patients).items():
        part = ratio_of_means_by(
            frame["outcome"], frame["cost"], levels, per, ci_level, n_resamples=1, seed=1
        )
        own = part["group"].isin(levels.dropna().unique())
        part = part[own & (part["method"] == "fieller") & (part["n"] >= FEWEST)]
        parts.append(part.assign(split=label))
    columns = ["split", "group", "n", "estimate", "ci_low", "ci_high", "ci_kind"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def association_by_groups(
    study: Study, patients: pd.DataFrame, x: pd.Series, y: pd.Series, ci_level: float = 0.95
) -> pd.DataFrame:
    """Spearman's correlation of x and y within every level of every declared group.

    Returns
    -------
    DataFrame
        `split, group, n, estimate, ci_low, ci_high`; levels under `FEWEST` complete pairs are left out.
    """
    rows = []
    both = x.notna() & y.notna()
    for label, levels in splits(study, patients).items():
        for level in levels.dropna().unique():
            inside = both & (levels == level)
            if inside.sum() >= FEWEST:
                row = spearman(x[inside], y[inside], ci_level).iloc[0]
                rows.append(
                    (label, str(level), int(row["n"]), row["estimate"], row["ci_low"], row["ci_high"])
                )
    table = pd.DataFrame(rows, columns=["split", "group", "n", "estimate", "ci_low", "ci_high"])
    table = table.astype({"n": int})
    return table.sort_values(["split", "group"], ignore_index=True)


def ratio_groups_sentence(table: pd.DataFrame, unit: str) -> str:
    """Say, for the first split, the levels' values and whether their intervals leave them apart."""
    if table.empty:
        return f"No group has {FEWEST} patients with both outcome and cost."
    first = table[table["split"] == table["split"].iloc[0]]
    parts = [f"{number(row.estimate)} for {row.group} (n = {int(row.n):,})" for row in first.itertuples()]
    verdict = " The intervals overlap: these data do not tell the groups apart." if _overlap(first) else ""
    if len(first) > 1 and not verdict:
        verdict = " At least two intervals do not overlap."
    return f"{first['split'].iloc[0]}: {listing(parts)} {unit}.{verdict}"


def _overlap(rows: pd.DataFrame) -> bool:
    bounded = rows[rows["ci_kind"] == "bounded"]
    unbounded = len(bounded) < len(rows)
    return len(rows) > 1 and (unbounded or bool(bounded["ci_low"].max() <= bounded["ci_high"].min()))


def association_groups_sentence(table: pd.DataFrame) -> str:
    """Say how far the correlations within groups spread."""
    if table.empty:
        return f"No group has {FEWEST} patients with both values."
    low, high = table.loc[table["estimate"].idxmin()], table.loc[table["estimate"].idxmax()]
    return (
        f"Within groups ρ runs from {number(low['estimate'])} ({low['split']}: {low['group']}, "
        f"n = {int(low['n']):,}) to {number(high['estimate'])} ({high['split']}: {high['group']}, "
        f"n = {int(high['n']):,})."
    )

"""Who is in the study, who is missing at follow-up, and whether the scores behave."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin as pg

from vbhc import instruments
from vbhc.config import InstrumentUse
from vbhc.study import Study


def follow_up_comparison(patients: pd.DataFrame, followed: pd.Series, labels: dict[str, str]) -> pd.DataFrame:
    """Compare patients with and without follow-up on what was known before.

    Parameters
    ----------
    patients : DataFrame
        One row per patient; numeric columns are summarised as they stand.
    followed : Series of bool
        Same index: whether the follow-up outcome is there.
    labels : dict
        Column to label, in the order wanted.

    Returns
    -------
    DataFrame
        `variable, n_followed, mean_followed, n_missing, mean_missing, difference, standardised_difference`.
        The standardised difference is that of the means over the root mean of the two variances
        (Austin 2009, Stat Med 28:3083, eq. 1); above 0.1 in size is commonly read as imbalance.
        Missing values are left out variable by variable and show in the two n.
    """
    rows = []
    for column, label in labels.items():
        values = patients[column].astype(float)
        here, gone = values[followed].dropna(), values[~followed].dropna()
        spread = (
            np.sqrt((here.var(ddof=1) + gone.var(ddof=1)) / 2) if min(len(here), len(gone)) > 1 else np.nan
        )
        difference = here.mean() - gone.mean()
        size = difference / spread if spread > 0 else np.nan
        rows.append((label, len(here), here.mean(), len(gone), gone.mean(), difference, size))
    names = ["variable", "n_followed", "mean_followed", "n_missing", "mean_missing"]
    return pd.DataFrame(rows, columns=[*names, "difference", "standardised_difference"])


def follow_up_sentence(comparison: pd.DataFrame, n_followed: int, n_total: int) -> str:
    """Say how many are missing at follow-up and in what they differ most from those who stayed."""
    gone = n_total - n_followed
    if not gone:
        return f"All {n_total:,} patients have the outcome at follow-up."
    start = f"{gone:,} of {n_total:,} patients ({gone / n_total:.0%}) have no outcome at follow-up"
    known = comparison.dropna(subset=["standardised_difference"])
    if known.empty:
        return f"{start}; nothing measured before tells who they are."
    worst = known.loc[known["standardised_difference"].abs().idxmax()]
    size = worst["standardised_difference"]
    if abs(size) < 0.1:
        return (
            f"{start}; on what was measured before they look like the others (all differences under 0.1 SD)."
        )
    side = "lower" if size > 0 else "higher"
    return (
        f"{start}; they differ most in {worst['variable']}, where they stood {side} before "
        f"(mean {worst['mean_missing']:.1f} against {worst['mean_followed']:.1f}, {abs(size):.2f} SD)."
    )


def scale_behaviour(patients: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """Floor, ceiling and missing of every scored scale.

    Parameters
    ----------
    patients : DataFrame
        One row per patient.
    columns : DataFrame
        Dictionary of the clean columns; scales are those with `derived_from` set and both limits known.

    Returns
    -------
    DataFrame
        `scale, label, n, n_missing, mean, sd, floor_share, ceiling_share` (shares of those scored,
        0-1). A floor or ceiling above 0.15 leaves no room to see change (Terwee 2007,
        J Clin Epidemiol 60:34).
    """
    rows = []
    for column in _scales(columns).itertuples():
        values = patients[column.name].astype(float).dropna()
        floor, ceiling = (values <= column.min).mean(), (values >= column.max).mean()
        missing = len(patients) - len(values)
        rows.append(
            (column.name, column.label, len(values), missing, values.mean(), values.std(), floor, ceiling)
        )
    names = ["scale", "label", "n", "n_missing", "mean", "sd", "floor_share", "ceiling_share"]
    return pd.DataFrame(rows, columns=names)


def _scales(columns: pd.DataFrame) -> pd.DataFrame:
    scored = columns[columns["derived_from"].fillna("").astype(str).str.startswith("score")]
    return scored.dropna(subset=["min", "max"])


def reliability(study: Study, patients: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Cronbach's alpha of every multi-item scale that adds its items up, by visit.

    Returns
    -------
    DataFrame
        `instrument, visit, items, n, alpha, ci_low, ci_high`; complete answers only. EQ-5D is left out: its
        dimensions are valued, not added, so agreement between them is not wanted (formative, not reflective).
    """
    rows = []
    for name, use in study.config.instruments.items():
        if use.instrument.startswith("eq"):
            continue
        for visit in [""] if use.once else use.visits or list(study.config.visits):
            items = patients.filter(item_columns(use, visit)).astype(float).dropna()
            if items.shape[1] > 2 and len(items) > 2 and (items.var() > 0).all():
                alpha, limits = pg.cronbach_alpha(_same_way(items), ci=ci_level)
                rows.append((name, visit or "once", items.shape[1], len(items), alpha, *limits))
    return pd.DataFrame(rows, columns=["instrument", "visit", "items", "n", "alpha", "ci_low", "ci_high"])


def item_columns(use: InstrumentUse, visit: str) -> list[str]:
    """Columns of an instrument's items at a visit ("" for an instrument asked once)."""
    if isinstance(use.items, str):
        names = [use.items.format(item=item) for item in instruments.get(use.instrument).items]
    else:
        names = list(use.items)
    return [f"{name}_{visit}" if visit else name for name in names]


def _same_way(items: pd.DataFrame) -> pd.DataFrame:
    """Turn items that run against the sum of the others (reversed wording), as alpha needs one direction."""
    total = items.sum(axis=1)
    against = [c for c in items if items[c].corr(total - items[c]) < 0]
    return items.assign(**{c: items[c].max() + items[c].min() - items[c] for c in against})

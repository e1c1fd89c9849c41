"""The same result for every level of the groups that a study declares; many providers stand apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc.chapters.value.quota.declared import Definition
from vbhc.statistics.correlation.rank import spearman
from vbhc.statistics.ratios.adjusted import adjusted_ratio_by
from vbhc.statistics.ratios.means import ratio_of_means_by
from vbhc.study import Study

FEWEST = 10  # patients in a level below which a ratio or a coefficient says nothing
ERRORS = ("standard_error", "gap_error", "q")
MOST = 12  # levels above which a list of providers invites a ranking and belongs under funnel limits


def splits(study: Study, patients: pd.DataFrame) -> dict[str, pd.Series]:
    """Label of each declared group to its column (more than `MOST` providers: left out)."""
    return {
        group.label: patients[group.column]
        for group in study.config.groups.values()
        if group.column in patients and (group.kind != "provider" or patients[group.column].nunique() <= MOST)
    }


def together(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows so that those alike in a column stand together, in the order of first appearance."""
    order = pd.Series(pd.factorize(table[column], use_na_sentinel=False)[0], index=table.index)
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def ratio_by_groups(
    study: Study,
    patients: pd.DataFrame,
    frame: pd.DataFrame,
    per: float,
    ci_level: float = 0.95,
    definition: Definition | None = None,
) -> pd.DataFrame:
    """Ratio of means with Fieller interval for every level of every declared group.

    Parameters
    ----------
    frame : DataFrame
        `outcome` and `cost`, one row per patient, on the index of `patients`.
    definition : Definition, optional
        Of the form: under "baseline-adjusted" the line's own uncertainty joins the interval
        (`ratios.adjusted_ratio_by`), since it was fitted to all these patients.

    Returns
    -------
    DataFrame
        `split, group, n, estimate, low, high, ci_kind`, and by the delta method `standard_error`,
        `gap_error` (standard error of the difference from the split's first level; 0 for that itself) and `q`
        (Cochran's statistic of the split, NaN with one level); levels under `FEWEST` usable patients are left
        out.
    """
    parts = []
    for label, levels in splits(study, patients).items():
        if definition is not None and definition.form == "baseline-adjusted" and definition.recipe:
            part, covariance = _adjusted(patients, frame, levels, per, ci_level, definition)
        else:
            part, covariance = _plain(frame, levels, per, ci_level)
        large = (part["n"] >= FEWEST).to_numpy()
        part, covariance = part[large], covariance[np.ix_(large, large)]
        parts.append(part.assign(split=label, **_errors(part["estimate"].to_numpy(), covariance)))
    columns = ["split", "group", "n", "estimate", "low", "high", "ci_kind", *ERRORS]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _plain(frame: pd.DataFrame, levels: pd.Series, per: float, ci_level: float):
    """Return a split's rows and the covariance of its estimates: levels hold different patients."""
    part = ratio_of_means_by(frame["outcome"], frame["cost"], levels, per, ci_level, n_resamples=1, seed=1)
    part = part[(part["method"] == "fieller") & part["group"].isin(levels.dropna().astype(str))]
    names = levels.astype("object").where(levels.isna(), levels.astype(str))
    return part, np.diag([_standard_error(frame[names == name], per) ** 2 for name in part["group"]])


def _adjusted(patients: pd.DataFrame, frame: pd.DataFrame, levels, per, ci_level, definition: Definition):
    first = definition.recipe.parts[0]
    before, after = (first.sign * patients[name].astype(float) for name in (first.before, first.after))
    found = adjusted_ratio_by(before, after, frame["cost"], levels, per, ci_level)
    return found.table, found.covariance


def _errors(estimates: np.ndarray, covariance: np.ndarray) -> dict[str, np.ndarray | float]:
    """Return `ERRORS` of a split; `q` is Wald's statistic of equal levels: Cochran's where they are apart."""
    own = np.diag(covariance)
    if len(estimates) < 2:
        return {"standard_error": np.sqrt(own), "gap_error": 0.0, "q": np.nan}
    gap = np.sqrt(np.maximum(own + own[0] - 2 * covariance[0], 0))
    contrast = np.column_stack([-np.ones(len(estimates) - 1), np.eye(len(estimates) - 1)])
    away, spread = contrast @ estimates, contrast @ covariance @ contrast.T
    known = np.isfinite(spread).all() and np.isfinite(away).all()
    return {
        "standard_error": np.sqrt(own),
        "gap_error": gap,
        "q": float(away @ np.linalg.pinv(spread) @ away) if known else np.nan,
    }


def association_by_groups(
    study: Study, patients: pd.DataFrame, x: pd.Series, y: pd.Series, ci_level: float = 0.95
) -> pd.DataFrame:
    """Spearman's correlation of x and y within every level of every declared group.

    Returns
    -------
    DataFrame
        `split, group, n, estimate, low, high`; levels under `FEWEST` complete pairs are left out.
    """
    both = x[x.notna() & y.notna()]
    rows = [
        {"split": label, "group": str(level), **spearman(x[inside], y[inside], ci_level).iloc[0]}
        for label, levels in splits(study, patients).items()
        for level, inside in both.groupby(levels, sort=False).groups.items()
        if len(inside) >= FEWEST
    ]
    table = pd.DataFrame(rows, columns=["split", "group", "n", "estimate", "low", "high"])
    table = table.astype({"n": int})
    return table.sort_values(["split", "group"], ignore_index=True)


def _standard_error(frame: pd.DataFrame, per: float) -> float:
    """Standard error of a ratio of means by the delta method (as in Fieller's numerator)."""
    complete = frame[["outcome", "cost"]].dropna()
    mean_cost = complete["cost"].mean()
    if not mean_cost > 0:
        return np.nan
    deviation = complete["outcome"] - complete["outcome"].mean() / mean_cost * complete["cost"]
    return float(per * deviation.std() / mean_cost / np.sqrt(len(complete)))


def by_groups(study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the value of every level of every declared group, deaths counted (`ratio_by_groups`)."""
    frame = pd.DataFrame({"outcome": patients[counted_outcome(vq)], "cost": patients["cost"]})
    return ratio_by_groups(study, patients, frame, vq.per, ci_level, vq)


def counted_outcome(vq: Definition) -> str:
    """Return the column of the outcome by group: with deaths, but for a line fitted to those who answered."""
    return "gain" if vq.form == "baseline-adjusted" else "gain_counting_deaths"

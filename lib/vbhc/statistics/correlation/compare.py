"""Perception with outcome, with cost and with VQ, side by side on the same patients."""

import numpy as np
import pandas as pd

from vbhc.statistics import resampling, samples
from vbhc.statistics.correlation.latent import answers_or_groups, polychoric
from vbhc.statistics.correlation.rank import kendall, spearman, spearman_rho
from vbhc.statistics.correlation.replicates import spearman_replicates

TOO_SMALL = 0.05  # a difference between two correlations below this moves no decision


def side_by_side(
    perception: pd.Series, outcome: pd.Series, cost: pd.Series, vq: pd.Series, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return the three associations of perception, in each coefficient, as tidy rows.

    Only patients who have all four values count, so that a difference between rows is not one of patients;
    those left out for it count as missing. For the polychoric correlation a measure with more than ten
    different values is cut into fifths of patients first (`answers_or_groups`).

    Parameters
    ----------
    perception, outcome, cost, vq : Series
        On one index; perception turned so that higher is better.
    ci_level : float
        Confidence level.

    Returns
    -------
    DataFrame
        As the rows of `spearman`, `kendall` and `polychoric`, with `with` ("outcome", "cost", "VQ").

    Examples
    --------
    >>> felt, gain, cost = pd.Series([1, 2, 3, 4]), pd.Series([1, 2, 3, 4]), pd.Series([4, 3, 2, 1])
    >>> table = side_by_side(felt, gain, cost, gain / cost).head(3)
    >>> dict(zip(table["with"], table["estimate"].round(6).tolist(), strict=True))
    {'outcome': 1.0, 'cost': -1.0, 'VQ': 1.0}
    """
    samples.check_same_index(perception, outcome, cost, vq)
    sides = {"outcome": outcome, "cost": cost, "VQ": vq}
    known = samples.complete_rows(perception, *sides.values())
    perception = perception.where(pd.Series(known, index=perception.index))
    rows = [
        coefficient(perception, side, ci_level).assign(**{"with": name})
        for coefficient in (spearman, kendall, _grouped_polychoric)
        for name, side in sides.items()
    ]
    return pd.concat(rows, ignore_index=True)


def _grouped_polychoric(x: pd.Series, y: pd.Series, ci_level: float) -> pd.DataFrame:
    known = x.notna() & y.notna()
    return polychoric(answers_or_groups(x.where(known)), answers_or_groups(y.where(known)), ci_level)


def difference(
    perception: pd.Series, first: pd.Series, second: pd.Series, ci_level: float, n_resamples: int, seed: int
) -> pd.DataFrame:
    """Return by how much perception goes with `first` more than with `second`, in Spearman's rho, as one row.

    The two correlations share patients, so both are recomputed on the same bootstrap resamples.

    Returns
    -------
    DataFrame
        One row: `estimate, low, high, n, n_missing, reason`.

    Examples
    --------
    >>> felt, gain, cost = pd.Series([1, 2, 3, 4]), pd.Series([1, 2, 3, 4]), pd.Series([4, 3, 2, 1])
    >>> difference(felt, gain, cost, 0.95, 50, 1).loc[0, "estimate"].round(6).item()  # 1 - (-1)
    2.0
    """
    values = samples.columns_of(perception, first, second)
    kept = values[samples.complete_rows(values)]
    row: dict[str, float] = dict.fromkeys(("estimate", "low", "high"), np.nan)
    if not (reason := _why_no_difference(kept, (perception.name, first.name, second.name))):
        r = [spearman_rho(kept[:, 0], kept[:, side]) for side in (1, 2)]
        draws = spearman_replicates(kept[:, 0], kept[:, 1:].T, n_resamples, seed)
        row["estimate"] = r[0] - r[1]
        row["low"], row["high"] = resampling.percentile_interval(draws[0] - draws[1], ci_level)
    return pd.DataFrame([{**row, "n": len(kept), "n_missing": len(values) - len(kept), "reason": reason}])


def _why_no_difference(kept: np.ndarray, names: tuple) -> str:
    if len(kept) < 4:
        return f"{samples.patients_with(len(kept))} all three values; two correlations cannot be compared."
    same = samples.same_for_all(kept, [samples.readable(str(name)) for name in names])
    return f"{same}; there are no two correlations to compare." if same else ""

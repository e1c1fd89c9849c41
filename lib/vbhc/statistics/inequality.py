"""Who has more of it: how a quantity is spread over people who are ranked by something else.

Ranked by wealth, deprivation or severity, from the worst off (0) to the best off (1). People alike in it
share the middle of their ranks; by the order of rows the same people give different indices.
"""

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import OLS

FEWEST = 3
KINDS = ("concentration", "Wagstaff", "Erreygers")


def middle_ranks(by: pd.Series, weights: pd.Series | None = None) -> pd.Series:
    """Return for each row the share of people below it plus half of those alike, from 0 to 1.

    >>> middle_ranks(pd.Series([1, 2, 2, 9])).tolist()
    [0.125, 0.5, 0.5, 0.875]
    """
    w = pd.Series(1.0, by.index) if weights is None else weights.astype(float)
    held = w.groupby(by).sum().sort_index()
    return by.map((held.cumsum() - held / 2) / held.sum()).astype(float)


def concentration_index(
    quantity: pd.Series,
    by: pd.Series,
    weights: pd.Series | None = None,
    bounds: tuple[float, float] | None = None,
    ci_level: float = 0.95,
) -> pd.DataFrame:
    """Return how far a quantity gathers among the better off (above 0) or the worse off (below 0).

    Parameters
    ----------
    quantity, by : Series
        What is spread, and what people are ranked by, from the worst off up. Rows that lack either are left
        out. The concentration index itself needs a quantity without negative values.
    weights : Series, optional
        People in a row, where rows are groups.
    bounds : (float, float), optional
        The least and the most that the quantity can be, by its definition and not by the sample. With them
        Wagstaff's and Erreygers' indices are given, which unlike the plain one mirror when good is counted as
        bad (Erreygers) or are kept within -1 and 1 whatever the mean (Wagstaff).

    Returns
    -------
    DataFrame
        `method, estimate, low, high, n`; NaN where it cannot be given.

    Notes
    -----
    2 cov(quantity, rank) / mean with mid-ranks; large-sample intervals by influence values (Kakwani, Wagstaff
    and van Doorslaer 1997, doi 10.1016/S0304-4076(96)01807-6, which weights extend). Wagstaff 2005, doi
    10.1002/hec.953; Erreygers 2009, doi 10.1016/j.jhealeco.2008.02.003.
    """
    h, r, w = _complete(quantity, by, weights)
    if bounds and len(h) and not (bounds[0] <= h.min() and h.max() <= bounds[1]):
        raise ValueError(f"values from {h.min():g} to {h.max():g} lie outside the bounds {bounds}")
    if len(h) < FEWEST or np.ptp(r) == 0:
        kinds = KINDS if bounds else KINDS[:1]
        return _with_ends([(kind, np.nan, np.nan) for kind in kinds], len(h), ci_level)
    # what all have alike has no spread at all, not that of the last bits of its mean
    share, alike = w / w.sum(), np.ptp(h) == 0
    mean = float(h[0] if alike else np.average(h, weights=w))
    spread = float(2 * (share * (h - mean) * (r - 0.5)).sum())  # the generalised index: mean x index
    pull, rows = _pull(h, r, share, mean, spread), []
    for kind, (scale, change) in _scales(mean, float(h.min()), bounds).items():
        influence = scale * pull + spread * change * (h - mean)
        influence = influence - (share * influence).sum()
        error = 0.0 if alike else float(np.sqrt(((share * influence) ** 2).sum()))
        rows.append((kind, scale * spread, error))
    return _with_ends(rows, len(h), ci_level)


def _scales(mean: float, least: float, bounds: tuple[float, float] | None) -> dict[str, tuple[float, float]]:
    """What turns the generalised index into each kind of it, and how that changes with the mean."""
    unknown = (np.nan, np.nan)
    scales = {"concentration": (1 / mean, -1 / mean**2) if mean > 0 and least >= 0 else unknown}
    if bounds:
        low, high = bounds
        gap, width = (high - mean) * (mean - low), high - low
        bounded = (width / gap, width * (2 * mean - low - high) / gap**2) if gap else unknown
        scales |= {"Wagstaff": bounded, "Erreygers": (4 / width, 0.0)}
    return scales


def _pull(h: np.ndarray, r: np.ndarray, share: np.ndarray, mean: float, spread: float) -> np.ndarray:
    """How each row pulls at the generalised index; those alike in rank share the curve's two ends."""
    held = pd.Series(share * h).groupby(r).sum().sort_index().cumsum()  # the curve after each rank, x mean
    after = held.reindex(r).to_numpy()
    before = held.shift(fill_value=0.0).reindex(r).to_numpy()
    return h * (2 * r - 1) + mean - before - after - 2 * spread


def _complete(
    quantity: pd.Series, by: pd.Series, weights: pd.Series | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Quantity, mid-rank and weight of complete rows."""
    rows = pd.DataFrame({"h": quantity, "by": by, "w": 1.0 if weights is None else weights})
    rows = rows.astype(float).dropna().query("w > 0")
    return rows["h"].to_numpy(), middle_ranks(rows["by"], rows["w"]).to_numpy(), rows["w"].to_numpy()


def _with_ends(rows: list[tuple[str, float, float]], n: int, ci_level: float) -> pd.DataFrame:
    """Rows of method, estimate and standard error as a table with intervals."""
    reach = stats.norm.ppf((1 + ci_level) / 2)
    table = [(kind, x, x - reach * se, x + reach * se, n) for kind, x, se in rows]
    return pd.DataFrame(table, columns=["method", "estimate", "low", "high", "n"])


def slope_index(quantity: pd.Series, by: pd.Series, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the slope and the relative index of inequality: from the worst off (rank 0) to the best (1).

    Returns
    -------
    DataFrame
        `method` ("slope": the line's end less its start; "relative": end over start, NaN unless both are
        above 0), `estimate, low, high, n`.

    Notes
    -----
    Least squares on mid-ranks (Mackenbach and Kunst 1997, doi 10.1016/S0277-9536(96)00073-1), its interval
    from how rows scatter about the line (HC1); the ratio's by the delta method on the log scale.
    """
    h, r, _ = _complete(quantity, by)
    start = slope = np.nan
    cov = np.full((2, 2), np.nan)
    if len(h) >= FEWEST and np.ptp(r) > 0 and np.ptp(h) == 0:
        start, slope, cov = h[0], 0.0, np.zeros((2, 2))
    elif len(h) >= FEWEST and np.ptp(r) > 0:
        line = OLS(h, np.column_stack([np.ones_like(r), r])).fit(cov_type="HC1")
        (start, slope), cov = line.params, line.cov_params()
    table = _with_ends([("slope", slope, cov[1, 1] ** 0.5)], len(h), ci_level)
    end, ratio = start + slope, [np.nan] * 3
    if start > 0 and end > 0:
        way = np.array([1 / end - 1 / start, 1 / end])
        wide = np.exp(stats.norm.ppf((1 + ci_level) / 2) * np.sqrt(way @ cov @ way))
        ratio = [end / start, end / start / wide, end / start * wide]
    table.loc[1] = ["relative", *ratio, len(h)]
    return table

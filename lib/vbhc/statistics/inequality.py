"""Who has more of it: how a quantity is spread over people who are ranked by something else.

Ranked by wealth, deprivation or severity, from the worst off (0) to the best off (1). People alike in it
share the middle of their ranks; by the order of rows the same people give different indices.
"""

import numpy as np
import pandas as pd
from scipy import stats

FEWEST = 3
KINDS = ("concentration", "Wagstaff", "Erreygers")


def middle_ranks(by: pd.Series, weights: pd.Series | None = None) -> pd.Series:
    """Return for each row the share of people below it plus half of those alike, from 0 to 1.

    >>> middle_ranks(pd.Series([1, 2, 2, 9])).tolist()
    [0.125, 0.5, 0.5, 0.875]
    """
    w = pd.Series(1.0, by.index) if weights is None else weights.astype(float)
    held = w.groupby(by).sum().sort_index()
    middle = (held.cumsum() - held / 2) / held.sum()
    return by.map(middle).astype(float)


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
    h, r, w, n = _complete(quantity, by, weights)
    wanted = KINDS if bounds else KINDS[:1]
    if len(h) < FEWEST or np.ptp(r) == 0:
        return _index_rows([(kind, np.nan, np.nan) for kind in wanted], n, ci_level)
    share, mean = w / w.sum(), float(np.average(h, weights=w))
    spread = float(2 * (share * (h - mean) * (r - 0.5)).sum())  # the generalised index: mean x index
    pull = _pull(h, r, share, mean, spread)
    rows = [_scaled(KINDS[0], spread, pull, h - mean, share, *_plain(mean, float(h.min())))]
    if bounds:
        low, high = bounds
        if not (low <= h.min() and h.max() <= high):
            raise ValueError(
                f"values from {h.min():g} to {h.max():g} lie outside the bounds {low:g}, {high:g}"
            )
        gap = (high - mean) * (mean - low)
        scale, change = ((high - low) / gap, (high - low) * (2 * mean - low - high) / gap**2) if gap else (
            np.nan, np.nan)  # fmt: skip
        rows.append(_scaled(KINDS[1], spread, pull, h - mean, share, scale, change))
        rows.append(_scaled(KINDS[2], spread, pull, h - mean, share, 4 / (high - low), 0.0))
    return _index_rows(rows, n, ci_level)


def _plain(mean: float, least: float) -> tuple[float, float]:
    """What turns the generalised index into the plain one, and how that changes with the mean."""
    return (1 / mean, -1 / mean**2) if mean > 0 and least >= 0 else (np.nan, np.nan)


def _pull(h: np.ndarray, r: np.ndarray, share: np.ndarray, mean: float, spread: float) -> np.ndarray:
    """How each row pulls at the generalised index; those alike in rank share the curve's two ends."""
    held = pd.Series(share * h).groupby(r).sum().sort_index().cumsum()  # the curve after each rank, x mean
    after = held.reindex(r).to_numpy()
    before = held.shift(fill_value=0.0).reindex(r).to_numpy()
    return h * (2 * r - 1) + mean - before - after - 2 * spread


def _scaled(
    kind: str,
    spread: float,
    pull: np.ndarray,
    off: np.ndarray,
    share: np.ndarray,
    scale: float,
    change: float,
) -> tuple[str, float, float]:
    """An index and its standard error, where index = scale(mean) x generalised index."""
    influence = scale * pull + spread * change * off
    influence = influence - (share * influence).sum()
    return kind, scale * spread, float(np.sqrt(((share * influence) ** 2).sum()))


def _complete(
    quantity: pd.Series, by: pd.Series, weights: pd.Series | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Quantity, mid-rank and weight of complete rows, and how many there are."""
    w = pd.Series(1.0, quantity.index) if weights is None else weights
    rows = pd.DataFrame({"h": quantity, "by": by, "w": w}).astype(float).dropna()
    rows = rows[rows["w"] > 0]
    return (
        rows["h"].to_numpy(),
        middle_ranks(rows["by"], rows["w"]).to_numpy(),
        rows["w"].to_numpy(),
        len(rows),
    )


def _index_rows(rows: list[tuple[str, float, float]], n: int, ci_level: float) -> pd.DataFrame:
    reach = stats.norm.ppf((1 + ci_level) / 2)
    table = [(kind, x, x - reach * se, x + reach * se, n) for kind, x, se in rows]
    return pd.DataFrame(table, columns=["method", "estimate", "low", "high", "n"])


def slope_index(
    quantity: pd.Series,
    by: pd.Series,
    weights: pd.Series | None = None,
    errors: pd.Series | None = None,
    ci_level: float = 0.95,
) -> pd.DataFrame:
    """Return the slope and the relative index of inequality: from the worst off (rank 0) to the best (1).

    Parameters
    ----------
    weights : Series, optional
        People in a row, where rows are groups.
    errors : Series, optional
        Standard errors of the rows' values, where rows are groups; without them the interval follows from how
        rows scatter about the line (HC1).

    Returns
    -------
    DataFrame
        `method` ("slope": the line's end less its start; "relative": end over start, NaN unless both are
        above 0), `estimate, low, high, n`.

    Notes
    -----
    Least squares on mid-ranks, weighted by people (Mackenbach and Kunst 1997, doi
    10.1016/S0277-9536(96)00073-1); the ratio's interval by the delta method on the log scale.
    """
    s = pd.Series(np.nan, quantity.index) if errors is None else errors
    known = quantity.notna() & by.notna() & (s.notna() if errors is not None else True)
    h, r, w, n = _complete(quantity[known], by[known], None if weights is None else weights[known])
    if len(h) < FEWEST or np.ptp(r) == 0:
        return pd.DataFrame({"method": ["slope", "relative"], "estimate": np.nan, "low": np.nan,
                             "high": np.nan, "n": n})  # fmt: skip
    x = np.column_stack([np.ones_like(r), r])
    hat = np.linalg.solve(x.T @ (w[:, None] * x), x.T * w)
    start, slope = hat @ h
    noise = s[known].to_numpy(float) ** 2 if errors is not None else (h - x @ (hat @ h)) ** 2
    cov = (hat * noise) @ hat.T * (1.0 if errors is not None else n / (n - 2))
    reach, rows = stats.norm.ppf((1 + ci_level) / 2), []
    rows.append(("slope", slope, slope - reach * cov[1, 1] ** 0.5, slope + reach * cov[1, 1] ** 0.5, n))
    end = start + slope
    if start > 0 and end > 0:
        way = np.array([1 / end - 1 / start, 1 / end])
        wide = np.exp(reach * np.sqrt(way @ cov @ way))
        rows.append(("relative", end / start, end / start / wide, end / start * wide, n))
    else:
        rows.append(("relative", np.nan, np.nan, np.nan, n))
    return pd.DataFrame(rows, columns=["method", "estimate", "low", "high", "n"])

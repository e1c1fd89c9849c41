"""Does a panel agree on each item, by a rule set beforehand, and do its answers still move between rounds?"""

import numpy as np
import pandas as pd

from vbhc.statistics.tables2x2 import wilson
from vbhc.wording import percent


def dispersion_consensus(ratings: pd.Series, low: float, high: float) -> float:
    """Return Tastle and Wierman's consensus: 1 where all give one rating, 0 where half give each end.

    Reference: Tastle and Wierman 2007, Int J Approx Reason 45:531-45, eq. 5. Missing ratings are left out.

    >>> dispersion_consensus(pd.Series([4, 4, None]), 1, 5), dispersion_consensus(pd.Series([1, 5]), 1, 5)
    (1.0, 0.0)
    """
    if (known := ratings.dropna().astype(float)).empty:
        return np.nan
    values, times = np.unique(known, return_counts=True)
    apart = 1 - np.abs(values - known.mean()) / (high - low)
    return float(1 + (times / len(known) * np.log2(apart)).sum())


def delphi(
    ratings: pd.DataFrame, low: float, high: float, agree_from: float, share: float, most_iqr: float = np.inf
) -> pd.DataFrame:
    """Return which items a panel agrees on, by a rule that was fixed before the round.

    Parameters
    ----------
    ratings : DataFrame of numbers
        Panellists x items.
    low, high : float
        Ends of the scale.
    agree_from, share, most_iqr : float
        Consensus: at least `share` (0-1) of the panel rate `agree_from` or higher, and the interquartile
        range is at most `most_iqr`. Published definitions differ and move the result, so none is a default.

    Returns
    -------
    DataFrame
        One row per item: `item, n, n_missing, median, iqr, k_agree, estimate` (k / n), `low, high`
        (Wilson 95%), `cns` (Tastle and Wierman), `consensus` (bool), `rule`.

    Examples
    --------
    >>> panel = pd.DataFrame({"item": [5, 4, 4, 2]})
    >>> delphi(panel, low=1, high=5, agree_from=4, share=0.75)[["k_agree", "consensus"]].to_numpy().tolist()
    [[3, True]]
    """
    rule = f"{percent(share)} rate {agree_from:g} or higher of {low:g} to {high:g}"
    rule += f", interquartile range at most {most_iqr:g}" if np.isfinite(most_iqr) else ""
    rows = []
    for item in ratings:
        own = ratings[item].dropna().astype(float)
        n, k = len(own), int((own >= agree_from).sum())
        ends = wilson(k, n)
        iqr = float(own.quantile(0.75) - own.quantile(0.25)) if n else np.nan
        row = {"item": item, "n": n, "n_missing": len(ratings) - n, "median": own.median(), "iqr": iqr}
        row |= {"k_agree": k, "estimate": k / n if n else np.nan}
        row |= {"low": ends[0], "high": ends[1], "cns": dispersion_consensus(own, low, high)}
        rows.append(row | {"consensus": bool(n and k / n >= share and iqr <= most_iqr), "rule": rule})
    return pd.DataFrame(rows)


def delphi_stability(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return how many panellists give the same answer in two rounds, item by item.

    Parameters
    ----------
    first, second : DataFrame of numbers
        Panellists x items of both rounds, one index and the same columns; missing = not answered.

    Returns
    -------
    DataFrame
        One row per item: `item, n` (answered both rounds), `k_same` (the same answer twice), `estimate`
        (k_same / n).

    References
    ----------
    Holey et al. 2007, BMC Med Res Methodol 7:52.

    Examples
    --------
    >>> one, two = pd.DataFrame({"item": [1, 2, 5]}), pd.DataFrame({"item": [1, 2, 4]})
    >>> delphi_stability(one, two)[["n", "k_same"]].to_numpy().tolist()
    [[3, 2]]
    """
    n, same = (first.notna() & second.notna()).sum(), (first == second).sum()
    return pd.DataFrame({"n": n, "k_same": same, "estimate": same / n}).rename_axis("item").reset_index()

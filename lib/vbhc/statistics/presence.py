"""Code by code: how many interviewees of each group raise it, and what chance alone would do."""

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.statistics import tables2x2
from vbhc.statistics.resampling import DRAWS, all_splits, resampled_p, two_groups

CODE_COLUMNS = ["code", "k_first", "n_first", "k_second", "n_second", "estimate", "low", "high"]
CODE_COLUMNS += ["fisher_p", "mid_p", "max_t_p", "n_splits", "exact"]


def compare_codes(
    presence: pd.DataFrame, groups: pd.Series, ci_level: float = 0.95, seed: int = 0, draws: int = DRAWS
) -> pd.DataFrame:
    """Compare how many interviewees of two groups raise each code.

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees x codes; the interviewee is the unit.
    groups : Series
        Two groups by interviewee, the first the one that stands first; those without a group are left out.
    ci_level : float
        Level of all intervals.
    seed : int
        Used only where there are too many splits to count them all.

    Returns
    -------
    DataFrame
        One row per code: `code, k_first, n_first, k_second, n_second`; `estimate, low, high` (difference of
        shares, Newcombe); `fisher_p, mid_p`, and `max_t_p` over all codes of the table (Westfall-Young, uses
        how codes go together); `n_splits, exact`. No rows where there are no codes.

    Examples
    --------
    By hand: three of four against one of four; Fisher's p as R's fisher.test.

    >>> raised = pd.DataFrame({"A": [1, 1, 1, 0, 0, 0, 0, 1]}, dtype=bool)
    >>> row = compare_codes(raised, pd.Series(list("xxxxyyyy")))
    >>> row[["estimate", "fisher_p"]].round(4).to_numpy().tolist()
    [[0.5, 0.4857]]
    """
    labels = groups.reindex(presence.index).dropna()
    member = two_groups(labels)
    used = presence.loc[labels.index].astype(bool)
    if used.columns.empty:
        return pd.DataFrame(columns=CODE_COLUMNS)
    n1, n2, rows = int(member.sum()), int((~member).sum()), []
    for code in used:
        k1, k2 = int(used.loc[member, code].sum()), int(used.loc[~member, code].sum())
        counts = (k1, n1, k2, n2)
        tests = (tables2x2.fisher_p(*counts), tables2x2.mid_p(*counts))
        rows.append((code, *counts, k1 / n1 - k2 / n2, *tables2x2.newcombe(*counts, ci_level), *tests))
    splits = all_splits(member, seed=seed, draws=draws)
    table = pd.DataFrame(rows, columns=CODE_COLUMNS[:-3]).assign(max_t_p=max_t(used.to_numpy(), splits.first))
    return table.assign(n_splits=len(splits.first), exact=splits.exact)


def max_t(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return the permutation p per column, adjusted for all (Westfall and Young 1993, single-step max-T).

    Parameters
    ----------
    values : array, people x columns
        Presence (or any score) of each interviewee.
    first : bool array, splits x people
        Members of the first group in each split, the observed split in row 0.

    Notes
    -----
    The statistic is |standardised difference of means|. Labels are exchanged for whole interviewees, so
    columns that go together keep doing so. A column without variation has p = 1.

    Examples
    --------
    >>> first = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1]], dtype=bool)
    >>> max_t(np.array([[1], [1], [0], [0]]), first).round(3).tolist()  # one of three splits
    [0.333]
    """
    centred = values - values.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    flat = scale < 1e-12
    scaled = (centred / np.where(flat, 1, scale)).astype(np.float64)
    scaled[:, flat] = 0
    away = np.abs(first.astype(np.float64) @ scaled)
    limit, others = away[0] - 1e-9, len(away) - 1
    largest = np.sort(away[1:].max(axis=1))
    return resampled_p(others - np.searchsorted(largest, limit, side="left"), others)


def naive_segment_test(
    counts: pd.DataFrame, totals: pd.Series, groups: pd.Series, alpha: float = 0.05
) -> pd.DataFrame:
    """Return the test that should not be used, beside the one that should, to show where it misleads.

    A chi-square test on segments takes 30 remarks of one person for 30 people.

    Interviewees without a group are left out.

    Parameters
    ----------
    counts : DataFrame
        Segments per interviewee and code (`interviews.code_counts`).
    totals : Series
        All segments per interviewee.
    groups : Series
        Two groups by interviewee.

    Returns
    -------
    DataFrame
        One row per code: `segments_first, segments_second` with the code, `naive_p`; interviewees with it,
        `k_first, k_second, mid_p`; `most_from_one`, the share of the code's segments that one interviewee
        gave; `misleads` where naive_p is below alpha and mid_p is not.

    Examples
    --------
    >>> table = naive_segment_test(
    ...     pd.DataFrame({"A": [30, 0, 0, 0]}), pd.Series([30] * 4), pd.Series(list("xxyy"))
    ... )
    >>> table[["k_first", "most_from_one", "misleads"]].to_numpy().tolist()  # one voice, thirty remarks
    [[1, 1.0, True]]
    """
    labels = groups.reindex(counts.index).dropna()
    member = two_groups(labels)
    used, all_segments = counts.loc[labels.index], totals.reindex(labels.index).fillna(0)
    sides, rows = (member, ~member), []
    everywhere = [int(all_segments[side].sum()) for side in sides]
    for code in used:
        own = used[code]
        s1, s2 = (int(own[side].sum()) for side in sides)
        k1, k2 = (int((own[side] > 0).sum()) for side in sides)
        row = {"code": code, "segments_first": s1, "segments_second": s2, "k_first": k1, "k_second": k2}
        row["naive_p"] = _chi_square(s1, everywhere[0], s2, everywhere[1])
        row["mid_p"] = tables2x2.mid_p(k1, int(member.sum()), k2, int((~member).sum()))
        row["most_from_one"] = own.max() / (s1 + s2) if s1 + s2 else np.nan
        rows.append(row | {"misleads": row["naive_p"] < alpha <= row["mid_p"]})
    return pd.DataFrame(rows)


def _chi_square(s1: int, n1: int, s2: int, n2: int) -> float:
    if s1 + s2 in (0, n1 + n2) or not n1 or not n2:
        return 1.0
    return float(stats.chi2_contingency([[s1, n1 - s1], [s2, n2 - s2]], correction=False).pvalue)

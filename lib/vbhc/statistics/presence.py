"""Code by code: how many interviewees of each group raise it, and what chance alone would do."""

from collections.abc import Hashable

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from vbhc.statistics import tables2x2
from vbhc.statistics.resampling import DRAWS, all_splits, resampled_p, two_groups

CODE_COLUMNS = (
    *("code", "first", "k_first", "n_first", "second", "k_second", "n_second"),
    *("estimate", "low", "high"),
    *("fisher_p", "mid_p", "permutation_p", "max_t_p", "holm_p", "bh_p"),
    *("n", "n_missing", "n_splits", "exact", "method"),
)


def compare_codes(
    presence: pd.DataFrame,
    groups: pd.Series,
    ci_level: float = 0.95,
    seed: int = 0,
    *,
    first: Hashable | None = None,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """Compare how many interviewees of two groups raise each code.

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees x codes; the interviewee is the unit.
    groups : Series
        Two groups by interviewee; those without a group are left out and counted.
    ci_level : float
        Level of all intervals.
    seed : int
        Used only where there are too many splits to count them all.
    first : optional
        The group named first; default the one that stands first.

    Returns
    -------
    DataFrame
        One row per code: `code, first, k_first, n_first, second, k_second, n_second`; `estimate, low,
        high` (difference of shares, Newcombe); `fisher_p, mid_p, permutation_p` (label permutation);
        `holm_p` (of Fisher), `bh_p` (of mid-p), `max_t_p` (Westfall-Young, uses how codes go together); `n,
        n_missing, n_splits, exact, method`. The corrections are over all codes of the table. No rows where
        there are no codes.

    Examples
    --------
    By hand: three of four against one of four; Fisher's p as R's fisher.test.

    >>> raised = pd.DataFrame({"A": [1, 1, 1, 0, 0, 0, 0, 1]}, dtype=bool)
    >>> row = compare_codes(raised, pd.Series(list("xxxxyyyy")))
    >>> row[["estimate", "fisher_p"]].round(4).to_numpy().tolist()
    [[0.5, 0.4857]]
    """
    labels = groups.reindex(presence.index).dropna()
    member, first_name, second_name = two_groups(labels, first)
    used = presence.loc[labels.index].astype(bool)
    n1, n2 = int(member.sum()), int((~member).sum())
    k1, k2 = used[member].sum(), used[~member].sum()
    if used.columns.empty:
        return pd.DataFrame(columns=CODE_COLUMNS)
    rows = []
    for code in used:
        counts = int(k1[code]), n1, int(k2[code]), n2
        rows.append({"code": code, **_one_code(*counts, ci_level)})
    table = pd.DataFrame(rows)
    table.insert(1, "first", first_name)
    table.insert(4, "second", second_name)
    splits = all_splits(member, seed=seed, draws=draws)
    table["permutation_p"], table["max_t_p"] = max_t(used.to_numpy(), splits.first)
    table["holm_p"] = multipletests(table["fisher_p"], method="holm")[1]
    table["bh_p"] = multipletests(table["mid_p"], method="fdr_bh")[1]
    return table.assign(
        n=len(labels),
        n_missing=len(presence) - len(labels),
        n_splits=len(splits.first),
        exact=splits.exact,
        method="difference of shares, Newcombe",
    )


def _one_code(k1: int, n1: int, k2: int, n2: int, ci_level: float) -> dict[str, float]:
    low, high = tables2x2.newcombe(k1, n1, k2, n2, ci_level)
    row = {"k_first": k1, "n_first": n1, "k_second": k2, "n_second": n2, "estimate": k1 / n1 - k2 / n2}
    row |= {"low": low, "high": high}
    for test in (tables2x2.fisher_p, tables2x2.mid_p):
        row[test.__name__] = test(k1, n1, k2, n2)
    return row


def max_t(values: np.ndarray, first: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return raw and max-T adjusted permutation p per column (Westfall and Young 1993, single step).

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
    >>> max_t(np.array([[1], [1], [0], [0]]), first)[0].round(3).tolist()  # one of three splits
    [0.333]
    """
    centred = values - values.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    flat = scale < 1e-12
    scaled = (centred / np.where(flat, 1, scale)).astype(np.float64)
    scaled[:, flat] = 0
    away = np.abs(first.astype(np.float64) @ scaled)
    limit = away[0] - 1e-9
    others = len(away) - 1
    largest = np.sort(away[1:].max(axis=1))
    raw = resampled_p((away[1:] >= limit).sum(axis=0), others)
    return raw, resampled_p(others - np.searchsorted(largest, limit, side="left"), others)


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
        One row per code: segments with the code and all segments of each group, `naive_p`; interviewees with
        the code, `mid_p`; `most_from_one`, the share of the code's segments that one interviewee gave;
        `misleads` where naive_p is below alpha and mid_p is not.

    Examples
    --------
    >>> table = naive_segment_test(
    ...     pd.DataFrame({"A": [30, 0, 0, 0]}), pd.Series([30] * 4), pd.Series(list("xxyy"))
    ... )
    >>> table[["k_first", "most_from_one", "misleads"]].to_numpy().tolist()  # one voice, thirty remarks
    [[1, 1.0, True]]
    """
    labels = groups.reindex(counts.index).dropna()
    member, first, second = two_groups(labels)
    used, all_segments = counts.loc[labels.index], totals.reindex(labels.index).fillna(0)
    in_first, in_second = int(all_segments[member].sum()), int(all_segments[~member].sum())
    rows = []
    for code in used:
        s1, s2 = int(used.loc[member, code].sum()), int(used.loc[~member, code].sum())
        k1, k2 = int((used.loc[member, code] > 0).sum()), int((used.loc[~member, code] > 0).sum())
        row = {"code": code, "first": first, "segments_first": s1, "all_first": in_first}
        row |= {"second": second, "segments_second": s2, "all_second": in_second}
        row["naive_p"] = _chi_square(s1, in_first, s2, in_second)
        row |= {"k_first": k1, "n_first": int(member.sum()), "k_second": k2, "n_second": int((~member).sum())}
        row["mid_p"] = tables2x2.mid_p(k1, int(member.sum()), k2, int((~member).sum()))
        row["most_from_one"] = used[code].max() / (s1 + s2) if s1 + s2 else np.nan
        rows.append(row | {"misleads": row["naive_p"] < alpha <= row["mid_p"]})
    return pd.DataFrame(rows)


def _chi_square(s1: int, n1: int, s2: int, n2: int) -> float:
    if s1 + s2 in (0, n1 + n2) or not n1 or not n2:
        return 1.0
    return float(stats.chi2_contingency([[s1, n1 - s1], [s2, n2 - s2]], correction=False).pvalue)

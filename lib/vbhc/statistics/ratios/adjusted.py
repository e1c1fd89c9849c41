"""Value of groups with the start held equal: the line was fitted to the same patients, and that counts.

A group's numerator is its mean follow-up, moved along a line to the average start of all patients. Slope and
average come from the sample. Taking the spread around the line for all uncertainty there is leaves both out.
"""

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.statistics.ratios.intervals import fieller
from vbhc.statistics.samples import complete_rows

FEWEST = 4


def adjusted_ratio_by(
    before: pd.Series, after: pd.Series, cost: pd.Series, group: pd.Series, per: float, ci_level: float
) -> pd.DataFrame:
    """Return every group's follow-up at the average start over its mean cost, with Fieller intervals.

    Parameters
    ----------
    before, after : Series
        Scores at both visits, more = better; one least-squares line is fitted to all patients with both.
    cost, group : Series
        On the same index. A group's ratio is of its patients with both scores and a cost; groups of fewer
        than four are left out.

    Returns
    -------
    DataFrame
        `group, n, estimate, low, high, ci_kind`.

    Notes
    -----
    With b the slope, R = after - b before and e the residual, patient i adds to the error of a group's
    numerator: (R_i - mean R of the group) / n_group for its own patients, + b (before_i - mean before) / n
    for the average start, - (mean before of the group - mean before) (before_i - mean before) e_i / Sxx for
    the slope: the influence function of the least-squares line (Huber 1967; White 1980, Econometrica 48:817).
    Sums of their squares and products with the cost's are the variances that Fieller's interval takes
    (Fieller 1954, J R Stat Soc B 16:175).

    In 2,000 simulated studies of 248 patients in three groups, where the start explains half of the
    follow-up and costs vary little, 94% to 95% of 95% intervals held the truth, and 95% of those of a
    difference between two groups. From the spread around the line alone it was 91% in the largest group
    (`simulate`: "value by group").

    Examples
    --------
    >>> before = pd.Series([1.0, 2, 3, 4, 1, 2, 3, 4])
    >>> found = adjusted_ratio_by(before, before + 1, before * 0 + 1, pd.Series(list("aaaabbbb")), 1, 0.95)
    >>> found["estimate"].round(6).tolist()  # everybody at the average start: 2.5 + 1, at a cost of 1
    [3.5, 3.5]
    """
    x, y, c = (side.to_numpy(dtype=float, na_value=np.nan) for side in (before, after, cost))
    fitted = complete_rows(np.column_stack([x, y]))
    if fitted.sum() < FEWEST or np.ptp(x[fitted]) == 0:
        return _rows([])
    away = np.where(fitted, x - x[fitted].mean(), 0.0)
    sxx = away @ away
    slope = away @ np.where(fitted, y, 0.0) / sxx
    error = np.where(fitted, y - y[fitted].mean() - slope * away, 0.0)
    grown = np.sqrt(fitted.sum() / (fitted.sum() - 1))  # divided by n - 1 in the end, as a variance is
    line = grown * slope * away / fitted.sum(), grown * away * error / sxx
    rows = []
    for name in sorted(group.dropna().unique(), key=str):
        inside = fitted & np.isfinite(c) & (group == name).fillna(False).to_numpy(dtype=bool)
        if inside.sum() >= FEWEST and c[inside].sum() > 0 and (c[inside] >= 0).all():
            rows.append((str(name), *_one(y - slope * away, c, away, inside, line, per, ci_level)))
    return _rows(rows)


def _one(level, cost, away, inside, line, per, ci_level) -> tuple:
    """Return a group's row."""
    n = int(inside.sum())
    own = inside * np.sqrt(n / (n - 1)) / n
    mean, dear = level[inside].mean(), cost[inside].mean()
    above = np.where(inside, level - mean, 0.0) * own + line[0] - away[inside].mean() * line[1]
    below = np.where(inside, cost - dear, 0.0) * own
    quantile = stats.t.ppf((1 + ci_level) / 2, n - 1)
    found = fieller(mean, dear, above @ above, below @ below, above @ below, quantile)
    return n, found.estimate * per, found.low * per, found.high * per, found.kind


def _rows(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["group", "n", "estimate", "low", "high", "ci_kind"])

"""Do two groups raise different sets of codes as a whole? One question, one test, before any single code."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from vbhc.statistics.resampling import DRAWS, MOST_EXACT, all_splits, resampled_p, two_groups

_EVEN = 1e-6  # residuals that differ by less are none
_TIE = 1e-9  # relative; rounding must not decide whether a split counts as equally extreme


def jaccard(presence: pd.DataFrame) -> pd.DataFrame:
    """Return the Jaccard distance between every two interviewees: 1 - shared codes / codes raised by either.

    Of two people who raised nothing the ratio is 0/0; they are alike, so their distance is 0.

    >>> jaccard(pd.DataFrame([[1, 1, 0], [0, 1, 1]], dtype=bool)).iloc[0].round(3).tolist()  # 1 of 3 shared
    [0.0, 0.667]
    """
    table = presence.to_numpy(dtype=float)
    both = table @ table.T
    sizes = table.sum(axis=1)
    either = sizes[:, None] + sizes[None, :] - both
    distance = 1 - np.divide(both, either, out=np.ones_like(both), where=either > 0)
    return pd.DataFrame(distance, index=presence.index, columns=presence.index)


def permanova(
    presence: pd.DataFrame,
    groups: pd.Series,
    *,
    blocks: pd.Series | None = None,
    seed: int = 0,
    most_exact: int = MOST_EXACT,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """Test whether code profiles differ between groups (PERMANOVA on Jaccard distances, Anderson 2001).

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees x codes.
    groups : Series
        Group by interviewee; those without a group are left out.
    blocks : Series, optional
        Labels change places only within a block (site).
    seed, most_exact, draws : int
        All splits are counted if there are at most `most_exact`, else `draws` random ones.

    Returns
    -------
    DataFrame
        One row: `statistic` (F), `r_squared`, `p`, `n`, `n_splits`, `exact` (all splits, else
        random ones). F is NaN where nobody differs from anybody, infinite
        where nobody differs from the own group.

    References
    ----------
    Anderson 2001, Austral Ecology 26:32-46, eq. 1-4. Equal to `adonis2` of the R package vegan.

    Examples
    --------
    Two and two with nothing in common: F is infinite, and one of the three ways to split has it.

    >>> raised = pd.DataFrame([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=bool)
    >>> row = permanova(raised, pd.Series(list("xxyy")))
    >>> row[["statistic", "r_squared", "p"]].round(3).to_numpy().tolist()
    [[inf, 1.0, 0.333]]
    """
    used, labels = _aligned(presence, groups)
    block = None if blocks is None else blocks.reindex(labels.index)
    squared = jaccard(used).to_numpy() ** 2
    members, exact = _labelings(labels, block, seed, most_exact, draws)
    between, within = _sums(squared, members)
    n = len(labels)
    f = _ratio(between, within / (n - 2))
    total = squared.sum() / 2 / n
    shared = between[0] / total if total > 0 else np.nan
    row = {"statistic": f[0], "r_squared": shared, "p": _p(between, total), "n": n}
    return pd.DataFrame([row | {"n_splits": len(f), "exact": exact}])


def dispersion(
    presence: pd.DataFrame, groups: pd.Series, seed: int = 0, most_exact: int = MOST_EXACT, draws: int = DRAWS
) -> pd.DataFrame:
    """Test whether one group is more mixed than the other: PERMANOVA also answers to that.

    Distance of each interviewee to the spatial median of the own group (Anderson 2006), compared by an F
    whose null comes from permuting residuals, as `permutest` of vegan's `betadisper` does. Where nobody's
    distance differs from that of the own group there are no residuals to permute: F and p are NaN.

    Of two groups that are alike it calls one more mixed (p <= .05) in 4.5% of samples of 11 and 8 people, in
    5.0% of 20 and 20, 4.7% of 12 and 5, 2.7% of 30 and 15 (300 to 600 simulated samples each). Distances to
    centroids, which outlying people draw towards themselves, gave 10% at 11 and 8.

    Returns
    -------
    DataFrame
        One row per group: `group, estimate` (mean distance to the median), and the test repeated in each:
        `statistic, p, n_splits, exact`.

    Examples
    --------
    >>> raised = pd.DataFrame([[1, 1], [1, 1], [0, 1], [1, 0]], dtype=bool)
    >>> dispersion(raised, pd.Series(list("xxyy")))["estimate"].round(3).tolist()  # x all alike, y 1 apart
    [0.0, 0.707]
    """
    used, labels = _aligned(presence, groups)
    away = distances_to_medians(jaccard(used).to_numpy(), labels.to_numpy())
    means = pd.Series(away, index=labels.index).groupby(labels, sort=False).mean()
    members, exact = _labelings(labels, None, seed, most_exact, draws)
    residuals = away - labels.map(means).to_numpy()
    f = _anova(residuals, members)
    f[0] = _anova(away, [m[:1] for m in members])[0] if np.ptp(residuals) > _EVEN else np.nan
    table = means.rename("estimate").rename_axis("group").reset_index()
    return table.assign(statistic=f[0], p=_p(f, max(abs(f[0]), 1)), n_splits=len(f), exact=exact)


def blocks_of(participants: pd.DataFrame, name: str) -> pd.Series | None:
    """Return the site (or another attribute) of each interviewee, within which labels may change places.

    None where the interviewees have no such attribute, one of them lacks it, or all share it.

    >>> blocks_of(pd.DataFrame({"participant": ["p", "q"], "site": ["n", "s"]}), "site").tolist()
    ['n', 's']
    """
    if name not in participants or participants[name].isna().any() or participants[name].nunique() < 2:
        return None
    return participants.set_index("participant")[name]


def _aligned(presence: pd.DataFrame, groups: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Return the codes and the group of everybody who has one."""
    labels = groups.reindex(presence.index).dropna()
    return presence.loc[labels.index].astype(bool), labels


def _labelings(
    labels: pd.Series, blocks: Sequence[Hashable] | None, seed: int, most_exact: int, draws: int
) -> tuple[list[np.ndarray], bool]:
    """Return for each of the two groups who is in it, per split."""
    splits = all_splits(two_groups(labels), blocks, seed, most_exact, draws)
    return [splits.first, ~splits.first], splits.exact


def _sums(squared: np.ndarray, members: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return sums of squares between and within groups for every split."""
    within = np.zeros(len(members[0]))
    for member in members:
        own = member.astype(float)
        within += np.einsum("ij,ij->i", own @ squared, own) / 2 / own.sum(axis=1)
    return squared.sum() / 2 / len(squared) - within, within


def _anova(values: np.ndarray, members: list[np.ndarray]) -> np.ndarray:
    centred = values - values.mean()
    between = sum((member @ centred) ** 2 / member.sum(axis=1) for member in members)
    within = (centred**2).sum() - between
    return _ratio(between, np.maximum(within, 0) / (len(values) - 2))


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / below, dtype=float)


def _p(statistic: np.ndarray, size: float) -> float:
    """Return p from the splits with as large a statistic, up to rounding of this size; NaN without one.

    F rises with the sum of squares between groups, and that stays finite.
    """
    if np.isnan(statistic[0]) or not size > 0:
        return np.nan
    others = statistic[1:]
    return float(resampled_p((others >= statistic[0] - _TIE * size).sum(), len(others)))


_SMALL = 1e-8  # of the largest eigenvalue: below it an axis is rounding, as in vegan
_STEPS = 1_000
_CLOSE = 1e-10


def distances_to_medians(distance: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return everybody's distance to the spatial median of the own group, corrected for the group's size.

    The distances are laid out as principal coordinates; axes with negative eigenvalues (Jaccard distances are
    not Euclidean) count negatively, and of what is left the modulus is taken. The spatial median is the point
    with the smallest sum of distances to its group; unlike a centroid it is not drawn to the outlying, so
    that a test on these distances keeps its size (Anderson 2006, Biometrics 62:245; equal to `betadisper` of
    the R package vegan). Each is multiplied by sqrt(n / (n - 1)), since a middle computed from the people
    themselves lies too near to them (Stier et al. 2013, `bias.adjust` there); a group of one stays at 0.

    Parameters
    ----------
    distance : array
        Symmetric, people x people.
    groups : array
        Group of each person.

    Examples
    --------
    Two people 2 apart lie 1 from their middle; times the root of 2 / (2 - 1).

    >>> distances_to_medians(np.array([[0.0, 2.0], [2.0, 0.0]]), np.array(["a", "a"])).round(3).tolist()
    [1.414, 1.414]
    """
    real, imaginary = principal_coordinates(distance)
    away = np.zeros(len(distance))
    for name in dict.fromkeys(groups):
        own = groups == name
        squared = [((axes[own] - spatial_median(axes[own])) ** 2).sum(axis=1) for axes in (real, imaginary)]
        n = own.sum()
        away[own] = np.sqrt(np.abs(squared[0] - squared[1])) * np.sqrt(n / max(n - 1, 1))
    return away


def principal_coordinates(distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return coordinates on axes with positive and with negative eigenvalues (Gower 1966, Biometrika 53:325).

    Squared distances are those on the first minus those on the second.

    >>> real, imaginary = principal_coordinates(np.array([[0.0, 2.0], [2.0, 0.0]]))
    >>> np.abs(real).round(6).tolist(), imaginary.shape
    ([[1.0], [1.0]], (2, 0))
    """
    n = len(distance)
    centring = np.eye(n) - 1 / n
    values, vectors = np.linalg.eigh(centring @ (-(distance**2) / 2) @ centring)
    small = _SMALL * max(np.abs(values).max(), np.finfo(float).tiny)
    sides = values > small, values < -small
    return tuple(vectors[:, side] * np.sqrt(np.abs(values[side])) for side in sides)


def spatial_median(points: np.ndarray) -> np.ndarray:
    """Return the point with the smallest sum of distances to the points (Weiszfeld's iteration).

    >>> spatial_median(np.array([[0.0, 0], [0, 2], [2, 0], [2, 2]])).round(6).tolist()
    [1.0, 1.0]
    """
    middle = points.mean(axis=0)
    scale = np.abs(points - middle).max(initial=0)
    for _ in range(_STEPS if scale > 0 else 0):
        away = np.sqrt(((points - middle) ** 2).sum(axis=1) + (_CLOSE * scale) ** 2)
        moved = (points / away[:, None]).sum(axis=0) / (1 / away).sum()
        if np.abs(moved - middle).max() < _CLOSE * scale:
            return moved
        middle = moved
    return middle

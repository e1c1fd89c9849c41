"""How far people lie from the middle of their group, when all that is known is how far they lie apart."""

import numpy as np

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

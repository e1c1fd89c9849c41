"""How many people the interval of a coefficient leaves open, however it was rounded.

The interval of a rank correlation is a matter of its size and of the number of people alone. With two
decimals 0.29 (0.14 to 0.43) fits 150 to 180 people or so; now and then the three rounded numbers meet so that
only one number of people fits them.
"""

import re
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

# "0.29 (95% CI 0.14 to 0.43)", "ρ = 0.29, 90% interval 0.14 to 0.43", "ρ = 0.29, 0.14 to 0.43": where no
# level is named, any of these may be it.
_COEFFICIENT = re.compile(
    r"([-−]?\d?\.\d+)(?: \(|, )(?:(\d+(?:\.\d+)?)% (?:CI|interval) )?([-−]?\d?\.\d+) to ([-−]?\d?\.\d+)(?!\d)"
)
_LEVELS = (0.9, 0.95, 0.99)
_MOST = 5_000  # people; beyond, two decimals leave hundreds open


def fewest_open(text: str) -> float:
    """Return how many numbers of people the coefficient of a text leaves open that leaves fewest; else inf.

    Coefficients between -1 and 1 are taken for correlations. Reading them as another kind of number would
    tell an outsider nothing of how many people there are.
    """
    return min((_open(*one) for one in _coefficients(text)), default=np.inf)


def _coefficients(text: str) -> Iterator[tuple[float, float, float, float, float]]:
    """Yield coefficient, both ends, half of the last decimal, and the level of each interval in a text."""
    for match in _COEFFICIENT.finditer(text):
        r, low, high = (float(match[place].replace("−", "-")) for place in (1, 3, 4))
        half = 0.5 * 10.0 ** -max(len(match[place].partition(".")[2]) for place in (1, 3, 4))
        if -1 < low < r < high < 1:
            for level in [float(match[2]) / 100] if match[2] else _LEVELS:
                yield r, low, high, half, level


def _open(r: float, low: float, high: float, half: float, level: float) -> int:
    """Return how many numbers of people fit, under the method that leaves fewest.

    On Fisher's scale the interval is the coefficient and a standard error on either side: sqrt(1 / (n - 3))
    for Pearson's, sqrt((1 + r^2 / 2) / (n - 3)) for Spearman's (Bonett and Wright 2000, Psychometrika
    65:23-28), sqrt(0.437 / (n - 4)) for Kendall's (Fieller, Hartley and Pearson 1957, Biometrika
    44:470-481).
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    n = np.arange(5.0, _MOST)
    errors = [np.sqrt(1 / (n - 3)), np.sqrt((1 + r * r / 2) / (n - 3)), np.sqrt(0.437 / (n - 4))]
    ends = [np.arctanh(np.clip([one - half, one + half], -1 + 1e-12, 1 - 1e-12)) for one in (r, low, high)]
    fitting = []
    for error in errors:
        least = np.maximum.reduce(
            [np.full_like(n, ends[0][0]), ends[1][0] + z * error, ends[2][0] - z * error]
        )
        most = np.minimum.reduce(
            [np.full_like(n, ends[0][1]), ends[1][1] + z * error, ends[2][1] - z * error]
        )
        fitting.append(int((least <= most).sum()))
    return min((count for count in fitting if count), default=_MOST)

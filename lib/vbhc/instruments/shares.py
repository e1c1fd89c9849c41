"""A share of patients and its interval."""


def wilson(count: int, n: int, ci_level: float = 0.95) -> dict[str, float]:
    """Return a share with Wilson's score interval (Wilson 1927, J Am Stat Assoc 22:209-12).

    Returns
    -------
    dict
        estimate, low, high as shares (0-1); NaN where n is 0.

    Examples
    --------
    As R's prop.test(8, 10, correct = FALSE): 0.490 to 0.943.

    >>> {name: round(value, 3) for name, value in wilson(8, 10).items()}
    {'estimate': 0.8, 'low': 0.49, 'high': 0.943}
    """
    from scipy.stats import binomtest

    if n == 0:
        return dict.fromkeys(("estimate", "low", "high"), float("nan"))
    interval = binomtest(int(count), int(n)).proportion_ci(ci_level, method="wilson")
    return {"estimate": count / n, "low": float(interval.low), "high": float(interval.high)}


def percent(count: int, n: int, ci_level: float = 0.95) -> dict[str, float]:
    """Return `wilson` in per cent (0-100).

    >>> percent(1, 4)["estimate"]
    25.0
    """
    return {name: 100 * value for name, value in wilson(count, n, ci_level).items()}

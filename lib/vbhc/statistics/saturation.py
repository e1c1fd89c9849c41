"""Would one more interview have brought a new code? The rule of Guest, Namey and Chen 2020, in many orders.

Reference: PLoS ONE 15(5):e0232076. Base size: interviews that found the first codes. Run: the next interviews
looked at together. New information: new codes of the run / codes of the base. The rule looks no further than
its first dry run; whether new codes came after it is counted beside. This is saturation of codes, not of
meaning.
"""

from typing import Any

import numpy as np
import pandas as pd

WHOLE = {"reached_at": "Int64", "later": "Int64", "later_codes": "Int64"}


def first_seen(presence: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """Return orders x interviews: how many codes each interview brings that no earlier one had.

    >>> raised = np.array([[1, 0], [1, 1]], dtype=bool)
    >>> first_seen(raised, np.array([[0, 1], [1, 0]])).tolist()
    [[1, 1], [2, 0]]
    """
    raised = presence[:, presence.any(axis=0)]
    seen = raised[orders].argmax(axis=1) if raised.shape[1] else np.zeros((len(orders), 0), int)
    return np.stack([(seen == n).sum(axis=1) for n in range(len(presence))], axis=1)


def saturation(
    presence: pd.DataFrame,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    *,
    n_orders: int = 2_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return when new codes ran dry, in the order of the rows and in random orders.

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees, in the order of their interviews, x codes.
    base, run, threshold
        Guest's rule: it is met at the first run whose share of new codes is at most `threshold`.
    n_orders, seed
        Random orders of the same interviews.

    Returns
    -------
    DataFrame
        One row: `reached_at` (interviews before the dry run; missing if there is none), `notation` ("5+2"),
        `ratio` of that run (or of the last), `later` (interviews after that run) and `later_codes` (codes
        that they were the first to bring: with any, codes had not run dry), `codes, n, share_of_orders`
        (random orders that meet the rule), `share_later` (of those, the orders in which new codes came after
        it), `base, run, threshold`. With fewer than base + run interviews it is "not judged", and the numbers
        are missing.

    Raises
    ------
    ValueError
        If base or run is below 1.

    Examples
    --------
    Interviews 1 to 4 raise both codes, and none later brings another.

    >>> raised = pd.DataFrame([[1, 0], [1, 1], [1, 0], [0, 1], [1, 1], [1, 0]], dtype=bool)
    >>> saturation(raised, n_orders=10)[["notation", "codes", "later"]].to_numpy().tolist()
    [['4+2', 2, 0]]
    """
    n = len(presence)
    if base < 1 or run < 1:
        raise ValueError(f"base and run must be at least 1; found {base} and {run}")
    row = {**dict.fromkeys(WHOLE, pd.NA), "notation": "not judged", "ratio": np.nan}
    row |= {"codes": int(presence.any().sum()), "n": n, "share_of_orders": np.nan, "share_later": np.nan}
    row |= {"base": base, "run": run, "threshold": threshold}
    if n >= base + run:
        row |= _judged(
            first_seen(presence.to_numpy(dtype=bool), _orders(n, n_orders, seed)), base, run, threshold
        )
    return pd.DataFrame([row]).astype(WHOLE)


def _judged(new: np.ndarray, base: int, run: int, threshold: float) -> dict[str, Any]:
    """Return what the rule says of the first order, and of how many others, by their new codes."""
    at, ratio = _reached(new, base, run, threshold)
    n, own = new.shape[1], int(at[0])
    later = np.where(np.arange(n) >= at[:, None] + run, new, 0).sum(axis=1)
    met = at[1:] > 0
    row = {"notation": "not reached", "ratio": ratio[0]}
    row["share_of_orders"] = met.mean() if len(met) else np.nan
    row["share_later"] = (later[1:][met] > 0).mean() if met.any() else np.nan
    if own:
        row |= {
            "reached_at": own,
            "notation": f"{own}+{run}",
            "later": n - own - run,
            "later_codes": later[0],
        }
    return row


def saturation_curve(presence: pd.DataFrame, *, n_orders: int = 2_000, seed: int = 0) -> pd.DataFrame:
    """Return codes found after each interview, in the order of the rows, with the band over random orders.

    Returns
    -------
    DataFrame
        `interview` (from 1), `new_codes, codes` in the order of the interviews; `median, low, high` (2.5th
        and 97.5th percentile) over `n_orders` random orders.

    Examples
    --------
    >>> raised = pd.DataFrame([[1, 0, 0], [1, 1, 0], [0, 1, 1]], dtype=bool)
    >>> saturation_curve(raised, n_orders=5)["codes"].tolist()
    [1, 2, 3]
    """
    new = first_seen(presence.to_numpy(dtype=bool), _orders(len(presence), n_orders, seed))
    sums = new.cumsum(axis=1)
    spread = sums[1:] if n_orders else sums
    low, middle, high = np.quantile(spread, [0.025, 0.5, 0.975], axis=0)
    return pd.DataFrame(
        {
            "interview": np.arange(1, len(presence) + 1),
            "new_codes": new[0],
            "codes": sums[0],
            "median": middle,
            "low": low,
            "high": high,
        }
    )


def _orders(n: int, n_orders: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    shuffled = rng.random((n_orders, n)).argsort(axis=1)
    return np.vstack([np.arange(n), shuffled])


def _reached(new: np.ndarray, base: int, run: int, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """Return per order the interviews before the first dry run (0: never) and that run's share."""
    found = new[:, :base].sum(axis=1)
    sums = np.cumsum(np.pad(new, ((0, 0), (1, 0))), axis=1)
    runs = sums[:, base + run :] - sums[:, base:-run]
    ratios = np.divide(runs, found[:, None], out=np.full(runs.shape, np.nan), where=found[:, None] > 0)
    dry = ratios <= threshold + 1e-12
    first = dry.argmax(axis=1)
    reached = dry.any(axis=1)
    at = np.where(reached, base + first, 0)
    return at, ratios[np.arange(len(new)), np.where(reached, first, runs.shape[1] - 1)]

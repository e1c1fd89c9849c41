"""Would one more interview have brought a new code? The rule of Guest, Namey and Chen 2020, in many orders.

Reference: PLoS ONE 15(5):e0232076. Base size: interviews that found the first codes. Run: the next interviews
looked at together. New information: new codes of the run / codes of the base. The rule looks no further than
its first dry run; whether new codes came after it is counted beside. This is saturation of codes, not of
meaning.
"""

from typing import Any

import numpy as np
import pandas as pd

BASE, RUN, THRESHOLD = 4, 2, 0.05
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


def saturation(presence: pd.DataFrame, *, n_orders: int = 2_000, seed: int = 0) -> pd.DataFrame:
    """Return when new codes ran dry, in the order of the rows and in random orders.

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees, in the order of their interviews, x codes.
    n_orders, seed
        Random orders of the same interviews.

    Returns
    -------
    DataFrame
        One row: `reached_at` (interviews before the dry run; missing if there is none), `notation` ("5+2"),
        `ratio` of that run (or of the last), `later` (interviews after that run) and `later_codes` (codes
        that they were the first to bring: with any, codes had not run dry), `codes, n, share_of_orders`
        (random orders that meet the rule), `share_later` (of those, the orders in which new codes came after
        it). With fewer than base + run interviews it is "not judged", and the numbers are missing.

    Examples
    --------
    Interviews 1 to 4 raise both codes, and none later brings another.

    >>> raised = pd.DataFrame([[1, 0], [1, 1], [1, 0], [0, 1], [1, 1], [1, 0]], dtype=bool)
    >>> saturation(raised, n_orders=10)[["notation", "codes", "later"]].to_numpy().tolist()
    [['4+2', 2, 0]]
    """
    n = len(presence)
    row = {**dict.fromkeys(WHOLE, pd.NA), "notation": "not judged", "ratio": np.nan}
    row |= {"codes": int(presence.any().sum()), "n": n, "share_of_orders": np.nan, "share_later": np.nan}
    if n >= BASE + RUN:
        row |= _judged(first_seen(presence.to_numpy(dtype=bool), _orders(n, n_orders, seed)))
    return pd.DataFrame([row]).astype(WHOLE)


def _judged(new: np.ndarray) -> dict[str, Any]:
    """Return what the rule says of the first order, and of how many others, by their new codes."""
    at, ratio = _reached(new)
    n, own = new.shape[1], int(at[0])
    later = np.where(np.arange(n) >= at[:, None] + RUN, new, 0).sum(axis=1)
    met = at[1:] > 0
    row = {"notation": "not reached", "ratio": ratio[0]}
    row["share_of_orders"] = met.mean() if len(met) else np.nan
    row["share_later"] = (later[1:][met] > 0).mean() if met.any() else np.nan
    if own:
        row |= {"reached_at": own, "notation": f"{own}+{RUN}"}
        row |= {"later": n - own - RUN, "later_codes": later[0]}
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
    low, middle, high = np.quantile(sums[1:], [0.025, 0.5, 0.975], axis=0)
    own = {"interview": np.arange(1, len(presence) + 1), "new_codes": new[0], "codes": sums[0]}
    return pd.DataFrame(own | {"median": middle, "low": low, "high": high})


def _orders(n: int, n_orders: int, seed: int) -> np.ndarray:
    return np.vstack([np.arange(n), np.random.default_rng(seed).random((n_orders, n)).argsort(axis=1)])


def _reached(new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return per order the interviews before the first dry run (0: never) and that run's share."""
    found = new[:, :BASE].sum(axis=1)
    sums = np.cumsum(np.pad(new, ((0, 0), (1, 0))), axis=1)
    runs = sums[:, BASE + RUN :] - sums[:, BASE:-RUN]
    ratios = np.divide(runs, found[:, None], out=np.full(runs.shape, np.nan), where=found[:, None] > 0)
    dry = ratios <= THRESHOLD + 1e-12
    first = dry.argmax(axis=1)
    reached = dry.any(axis=1)
    at = np.where(reached, BASE + first, 0)
    return at, ratios[np.arange(len(new)), np.where(reached, first, runs.shape[1] - 1)]

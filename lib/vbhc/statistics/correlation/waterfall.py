"""From the tie with the outcome to that with outcome / cost: step by step, and at most.

Dividing by a cost adds the cost's own spread to the quotient. Perception cannot follow that part unless it
follows cost, so r(perception, VQ) falls short of r(perception, outcome) by arithmetic alone.
"""

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.statistics.correlation.rank import spearman_of_each, spearman_rho
from vbhc.statistics.samples import columns_of, complete_rows, patients_with, same_for_all

SHUFFLES = 200  # of costs over patients
CAPPED = "without noise of measurement (capped)"


def waterfall(
    perception: pd.Series, outcome: pd.Series, cost: pd.Series, *reliabilities: float | None, seed: int = 1
) -> pd.DataFrame:
    """Return the steps from Spearman(perception, outcome) to Spearman(perception, VQ); gains may be negative.

    The step "spread of cost" is what dividing by *somebody else's* cost does: costs are shuffled over
    patients, which leaves their spread and takes away every relation. What remains up to the real VQ comes
    from how costs go with perception and outcome. With `reliabilities` of both (above 0, up to 1) the first
    step is the association without measurement noise, never beyond 1: a larger one shows that they are too
    low for these data, and the step is called capped.

    Patients with a missing or infinite value are left out.

    Returns
    -------
    DataFrame
        `step, start, change, end, kind, n`. Empty, with `attrs["reason"]`, when there is no answer.

    Examples
    --------
    >>> steps = waterfall(pd.Series([1, 2, 3, 4]), pd.Series([1, 2, 3, 4]), pd.Series([1, 1, 1, 1]))
    >>> steps["end"].round(6).tolist()  # one cost for all takes nothing away
    [1.0, 1.0, 1.0, 1.0]
    """
    values = columns_of(perception, outcome, cost)
    kept = values[complete_rows(values)]
    if reason := why_no_quota(kept):
        empty = step_table([], 0)
        empty.attrs["reason"] = reason
        return empty
    p, o, c = kept.T
    with_outcome = spearman_rho(p, o)
    diluted = shuffled_spearman(p, o, c, seed)
    with_vq = spearman_rho(p, o / c)
    levels = [
        ("perception with outcome", with_outcome),
        ("spread of cost", diluted),
        ("whose care cost more", with_vq),
        ("perception with VQ", with_vq),
    ]
    usable = [r for r in reliabilities if r is not None and 0 < r <= 1]
    if len(usable) == 2:
        noiseless = with_outcome / np.sqrt(usable[0] * usable[1])
        levels = [
            (CAPPED if abs(noiseless) > 1 else "without noise of measurement", np.clip(noiseless, -1, 1)),
            ("noise of measurement", with_outcome),
            *levels[1:],
        ]
    return step_table(levels, len(kept))


def why_no_quota(kept: np.ndarray) -> str:
    """Return why perception, outcome and cost (columns, complete) give no association with VQ, or "".

    >>> why_no_quota(np.array([[1, 2, 0], [2, 3, 5], [3, 4, 5], [4, 5, 5]]))
    '1 of 4 (25%) costs are zero or negative, and no quotient can be formed with them.'
    """
    n = len(kept)
    if n < 4:
        return f"{patients_with(n)} perception, outcome and cost; an association needs at least 4."
    if bad := int((kept[:, 2] <= 0).sum()):
        return f"{wording.count(bad, n)} costs are zero or negative, and no quotient can be formed with them."
    sides = np.column_stack([kept[:, :2], kept[:, 1] / kept[:, 2]])
    same = same_for_all(sides, ("perception", "outcome", "VQ"))
    return f"{same}, so there is nothing to follow." if same else ""


def shuffled_spearman(perception: np.ndarray, outcome: np.ndarray, cost: np.ndarray, seed: int) -> float:
    """Return the mean of Spearman(perception, outcome / cost) over costs shuffled over patients.

    >>> round(shuffled_spearman(np.arange(4), np.arange(1, 5), np.ones(4), seed=1), 6)
    1.0
    """
    rng = np.random.default_rng(seed)
    shuffled = (outcome / rng.permutation(cost) for _ in range(SHUFFLES))
    return float(spearman_of_each(perception, shuffled).mean())


def step_table(levels: list[tuple[str, float]], n: int) -> pd.DataFrame:
    """Return a waterfall: first and last level are totals, those between are the changes.

    >>> step_table([("from", 0.5), ("loss", 0.25), ("to", 0.25)], 9)["change"].tolist()
    [0.5, -0.25, 0.25]
    """
    rows = []
    for i, (step, level) in enumerate(levels):
        total = i in (0, len(levels) - 1)
        start = 0.0 if total else levels[i - 1][1]
        rows.append((step, start, level - start, level, "total" if total else "change", n))
    return pd.DataFrame(rows, columns=["step", "start", "change", "end", "kind", "n"])


LIMITS = ("ties in the answers", "and the spread of cost", "and reliability")


def ceiling(
    perception: pd.Series, outcome: pd.Series, cost: pd.Series, *reliabilities: float, seed: int = 1
) -> pd.DataFrame:
    """Return how high Spearman(perception, VQ) could be if perception followed the outcome perfectly.

    Patients keep their outcomes; perception answers are handed out in order of outcome, as many of each
    answer as were given. Costs are shuffled over patients (spread kept, relations removed). So a "poor"
    correlation can be read against what arithmetic allows, rather than against 1.

    Parameters
    ----------
    perception, outcome, cost : Series
        On one index; incomplete patients, and those with an infinite value, are left out and counted.
    *reliabilities : float
        Of perception and outcome, above 0 and up to 1 (for instance Cronbach's alpha); the last row is
        multiplied by the root of their product (Spearman's attenuation, for ranks an approximation).
    seed : int
        Of the shuffled costs.

    Returns
    -------
    DataFrame
        Rows `limit` (ties; ties and cost; ties, cost and reliability) with `estimate, n, n_missing, reason`.

    Raises
    ------
    ValueError
        If the indexes differ.

    Examples
    --------
    Without ties and with one cost for all nothing stands in the way; reliabilities of 0.81 do.

    >>> ceiling(
    ...     pd.Series([3, 1, 2, 4]), pd.Series([1, 2, 3, 4]), pd.Series([5, 5, 5, 5]), 0.81, 0.81
    ... )["estimate"].round(2).tolist()
    [1.0, 1.0, 0.81]
    """
    values = columns_of(perception, outcome, cost)
    kept = values[complete_rows(values)]
    reason = why_no_quota(kept)
    limits = [np.nan] * 3 if reason else _limits(kept, seed)
    if not reason:
        limits.append(limits[-1] * np.sqrt(np.prod(reliabilities)))
    table = pd.DataFrame({"limit": LIMITS, "estimate": limits})
    return table.assign(n=len(kept), n_missing=len(values) - len(kept), reason=reason)


def _limits(kept: np.ndarray, seed: int) -> list[float]:
    p, o, c = kept.T
    # equal outcomes: whose answer is better is chance
    shuffled = np.random.default_rng(seed).permutation(len(o))
    order = shuffled[np.argsort(o[shuffled], kind="stable")]
    follows = np.empty(len(p))
    follows[order] = np.sort(p)
    return [spearman_rho(follows, o), shuffled_spearman(follows, o, c, seed)]

"""What dividing by cost does to ranks: from Spearman(perception, outcome) to Spearman(perception, VQ)."""

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.statistics.correlation.rank import spearman_rho
from vbhc.statistics.samples import columns_of, complete_rows
from vbhc.statistics.words import patients_with

CAPPED = "without noise of measurement (capped)"


def waterfall(
    perception: pd.Series,
    outcome: pd.Series,
    cost: pd.Series,
    reliability_perception: float | None = None,
    reliability_outcome: float | None = None,
    n_shuffles: int = 200,
    seed: int = 1,
) -> pd.DataFrame:
    """Return the steps from Spearman(perception, outcome) to Spearman(perception, VQ); gains may be negative.

    The step "spread of cost" is what dividing by *somebody else's* cost does: costs are shuffled over
    patients, which leaves their spread and takes away every relation. What remains up to the real VQ comes
    from how costs go with perception and outcome. With both reliabilities (above 0, up to 1) the first step
    is the association without measurement noise, never beyond 1: a larger one shows that the reliabilities
    are too low for these data, and the step is called capped.

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
    reason = why_no_quota(kept)
    if reason:
        empty = step_table([], 0)
        empty.attrs["reason"] = reason
        return empty
    p, o, c = kept.T
    with_outcome = spearman_rho(p, o)
    diluted = shuffled_spearman(p, o, c, n_shuffles, seed).mean()
    with_vq = spearman_rho(p, o / c)
    levels = [
        ("perception with outcome", with_outcome),
        ("spread of cost", diluted),
        ("whose care cost more", with_vq),
        ("perception with VQ", with_vq),
    ]
    reliabilities = [np.nan if r is None else r for r in (reliability_perception, reliability_outcome)]
    if all(0 < r <= 1 for r in reliabilities):
        noiseless = with_outcome / np.sqrt(reliabilities[0] * reliabilities[1])
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
    bad = int((kept[:, 2] <= 0).sum())
    if bad:
        return f"{wording.count(bad, n)} costs are zero or negative, and no quotient can be formed with them."
    for column, name in enumerate(("perception", "outcome")):
        if (kept[:, column] == kept[0, column]).all():
            return f"All {n:,} patients have the same {name}, so there is nothing to follow."
    if np.ptp(kept[:, 1] / kept[:, 2]) == 0:
        return f"All {n:,} patients have the same VQ, so there is nothing to follow."
    return ""


def shuffled_spearman(
    perception: np.ndarray, outcome: np.ndarray, cost: np.ndarray, n_shuffles: int, seed: int
) -> np.ndarray:
    """Return Spearman(perception, outcome / cost) for costs shuffled over patients, once per shuffle.

    >>> shuffled_spearman(np.arange(4), np.arange(1, 5), np.ones(4), 2, seed=1).round(6).tolist()
    [1.0, 1.0]
    """
    rng = np.random.default_rng(seed)
    rank_p = stats.rankdata(perception) - (len(perception) + 1) / 2
    scale_p = np.sqrt((rank_p**2).sum())
    results = np.empty(n_shuffles)
    for i in range(n_shuffles):
        rank_v = stats.rankdata(outcome / rng.permutation(cost)) - (len(perception) + 1) / 2
        results[i] = (rank_p * rank_v).sum() / (scale_p * np.sqrt((rank_v**2).sum()))
    return results


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

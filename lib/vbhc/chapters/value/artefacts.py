"""What the quotient produces by itself: the shared denominator, and losses that cost makes look smaller.

Pearson 1897 (spurious correlation of indices); Kronmal 1993, J R Stat Soc A 156:379.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.chapters.value.quota.definitions import quota_where_possible
from vbhc.statistics.correlation.rank import spearman, spearman_rho
from vbhc.statistics.ratios.means import _complete
from vbhc.statistics.resampling import resampled_p
from vbhc.statistics.samples import complete_rows
from vbhc.statistics.words import patients_with, readable


def usable(outcome: pd.Series, cost: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return outcome and cost of the patients who can have a VQ."""
    y, x, _ = _complete(outcome, cost)
    return y[x > 0], x[x > 0]


def too_few(n: int) -> str:
    """Return why a check has too few patients, or ""."""
    if n == 0:
        return "No patient has an outcome and a positive cost, so this check says nothing."
    return f"{patients_with(n)} an outcome and a positive cost; this check needs 4." if n < 4 else ""


def shuffle_test(
    outcome: pd.Series, cost: pd.Series, against: pd.Series, n_shuffles: int = 500, seed: int = 1
) -> pd.DataFrame:
    """Return Spearman(VQ, `against`) when outcomes are dealt out at random: what the denominator alone does.

    Outcomes are permuted over patients; cost and `against` stay. With `against` = perception the shuffled
    values show the association that needs no outcome; with `against` = cost or another VQ, the spurious part
    of that one.

    Returns
    -------
    DataFrame
        One row: `against, estimate, shuffled_mean, shuffled_low, shuffled_high` (2.5% and 97.5%), `p`
        (`resampling.resampled_p` of the shuffles at least as far from the shuffled mean), `n, n_shuffles,
        reason`.
    """
    values = pd.DataFrame({"y": outcome, "x": cost, "a": against}).astype(float).to_numpy()
    y, x, a = values[complete_rows(values) & (values[:, 1] > 0)].T
    reason = too_few(len(y))
    if not reason and (np.ptp(a) == 0 or np.ptp(y / x) == 0):
        same = f"All {len(y):,} patients have the same VQ or the same {readable(str(against.name))}"
        reason = f"{same}; shuffling says nothing."
    row = dict.fromkeys(("estimate", "shuffled_mean", "shuffled_low", "shuffled_high", "p"), np.nan)
    if not reason:
        observed, shuffled = spearman_rho(y / x, a), shuffled_rho(y, x, a, n_shuffles, seed)
        centre = shuffled.mean()
        low, high = np.quantile(shuffled, [0.025, 0.975])
        beyond = (np.abs(shuffled - centre) >= abs(observed - centre) - 1e-12).sum()
        p = float(resampled_p(beyond, n_shuffles))
        row = dict(zip(row, (observed, centre, low, high, p), strict=True))
    rest = {"n": len(y), "n_shuffles": n_shuffles, "reason": reason}
    return pd.DataFrame([{"against": str(against.name), **row, **rest}])


def shuffled_rho(y: np.ndarray, x: np.ndarray, a: np.ndarray, n_shuffles: int, seed: int) -> np.ndarray:
    """Return Spearman(y permuted / x, a), once per shuffle."""
    rng = np.random.default_rng(seed)
    rank_a = stats.rankdata(a) - (len(a) + 1) / 2
    scale_a = np.sqrt((rank_a**2).sum())
    results = np.zeros(n_shuffles)
    for i in range(n_shuffles):
        rank_v = stats.rankdata(rng.permutation(y) / x) - (len(a) + 1) / 2
        scale = scale_a * np.sqrt((rank_v**2).sum())
        results[i] = (rank_a * rank_v).sum() / scale if scale > 0 else 0.0
    return results


def shuffle_sentence(result: pd.DataFrame) -> str:
    """Return how much of an association the denominator alone produces."""
    row = result.iloc[0]
    if row["reason"]:
        return row["reason"]
    spread = wording.interval(row["shuffled_low"], row["shuffled_high"], 0.95, kind="of shuffles")
    against = f"{wording.number(row['shuffled_mean'])} with {readable(row['against'])} ({spread})"
    alone = f"With outcomes dealt out at random VQ correlates {against}"
    seen = f"the real correlation is {wording.number(row['estimate'])}"
    where = "inside" if row["shuffled_low"] <= row["estimate"] <= row["shuffled_high"] else "outside"
    return f"{alone}; {seen}, {where} that range (n = {row['n']:,})."


def shared_denominator(
    first: pd.Series, second: pd.Series, cost: pd.Series, n_shuffles: int = 500, seed: int = 1
) -> pd.DataFrame:
    """Return how far two VQ of one cost agree, and how far they would with unrelated outcomes, as one row.

    Returns
    -------
    DataFrame
        As `shuffle_test` (`against` is the second VQ), with `outcomes`, the Spearman correlation of the
        outcomes.
    """
    other = quota_where_possible(second, cost).rename(f"the VQ of {second.name}")
    table = shuffle_test(first, cost, other, n_shuffles, seed)
    return table.assign(outcomes=spearman(first, second)["estimate"].iloc[0])


def shared_denominator_sentence(result: pd.DataFrame) -> str:
    """Return how far two VQ agree, and how far their shared denominator alone would make them."""
    row = result.iloc[0]
    if row["reason"]:
        return row["reason"]
    known = np.isfinite(row["outcomes"])
    own = f"; the outcomes themselves correlate {wording.number(row['outcomes'])}" if known else ""
    return (
        f"Two VQ that share their cost correlate {wording.number(row['estimate'])} here; with unrelated "
        f"outcomes they would correlate {wording.number(row['shuffled_mean'])}{own} (n = {row['n']:,})."
    )


def sign_paradox(outcome: pd.Series, cost: pd.Series) -> pd.DataFrame:
    """Return Spearman(VQ, cost) among patients who lost anything and among those who improved, with counts.

    Dividing a loss by a larger cost makes it look smaller, so among the worsened VQ *rewards* cost.

    Returns
    -------
    DataFrame
        Rows `part` = "worsened", "unchanged", "improved"; `estimate, low, high, ci_level, n, share,
        reason`.
    """
    y, x = usable(outcome, cost)
    rows = []
    for part, chosen in (("worsened", y < 0), ("unchanged", y == 0), ("improved", y > 0)):
        vq = pd.Series(y[chosen] / x[chosen], name="VQ")
        found = spearman(vq, pd.Series(x[chosen], name="cost")).iloc[0]
        row = found[["estimate", "low", "high", "ci_level", "reason"]].to_dict()
        rows.append({"part": part, **row, "n": len(vq), "share": len(vq) / len(y) if len(y) else np.nan})
    return pd.DataFrame(rows)


def sign_paradox_sentence(result: pd.DataFrame) -> str:
    """Return how many patients lost, by however little, and what VQ does with them."""
    worse, _, better = (row for _, row in result.iterrows())
    n = int(result["n"].sum())
    if n == 0:
        return "No patient has an outcome and a positive cost, so VQ cannot be checked for its sign."
    if worse["n"] == 0:
        return f"None of {n:,} patients lost anything, so VQ cannot reward costly harm here."
    start = f"{wording.count(int(worse['n']), n)} patients lost, by however little"
    if worse["reason"]:
        return f"{start}: too few to correlate, but VQ counts a dearer loss as a smaller one."
    verb = "rises" if worse["low"] > 0 else "is not shown to rise"
    end = f"Among them VQ {verb} with cost ({rho(worse)})"
    if not better["reason"]:
        move = "falls" if better["high"] < 0 else "is not shown to fall"
        end += f", among the improved it {move} ({rho(better)})"
    return f"{start}. {end}: do not rank patients by VQ across zero."


def rho(row: pd.Series) -> str:
    """Return a rank correlation with its interval: "ρ = 0.12, 95% CI 0.02 to 0.22"."""
    reach = wording.interval(row["low"], row["high"], row["ci_level"])
    return f"ρ = {wording.number(row['estimate'])}, {reach}"

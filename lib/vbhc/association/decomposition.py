"""Where an association goes on its way from the outcome to the quotient outcome / cost.

Dividing by a cost adds the cost's own spread to the quotient. Perception cannot follow that part unless it
follows cost, so r(perception, VQ) falls short of r(perception, outcome) by arithmetic alone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.association.rank import spearman_rho
from vbhc.association.samples import as_float, check_same_index, complete_rows
from vbhc.association.words import patients_with

PARTS = (
    "sd_log_outcome",
    "sd_log_cost",
    "r_outcome_cost",
    "r_perception_outcome",
    "r_perception_cost",
    "r_perception_vq",
    "dilution",
    "share_lost",
    "share_of_vq_from_cost",
)
CAPPED = "without noise of measurement (capped)"


def log_decomposition(
    perception: pd.Series, outcome: pd.Series, cost: pd.Series, ranks: bool = True
) -> pd.DataFrame:
    """Take r(perception, log VQ) apart into its sources, as one row.

    With s_O, s_C the standard deviations of log outcome and log cost and rho their correlation,
    r(P, log VQ) = (r_PO s_O - r_PC s_C) / sqrt(s_O^2 + s_C^2 - 2 rho s_O s_C), an identity.

    Parameters
    ----------
    perception, outcome, cost : Series
        On one index. Patients with a missing or infinite value, or an outcome or cost that is not positive
        (no logarithm), are left out and counted; for gains that is everyone who did not improve.
    ranks : bool
        Use the mid-ranks of perception (True) or its scores.

    Returns
    -------
    DataFrame
        One row: the standard deviations, the four correlations, `dilution` (s_O / sqrt(s_O^2 + s_C^2): what
        is left of r_PO when cost is unrelated to all), `share_lost` (1 - r_PVQ / r_PO),
        `share_of_vq_from_cost` (of the variance of log VQ), `n, n_missing, n_not_positive, reason`.
    """
    check_same_index(perception, outcome, cost)
    values = np.column_stack([as_float(s) for s in (perception, outcome, cost)])
    known = complete_rows(values)
    positive = known & (values[:, 1] > 0) & (values[:, 2] > 0)
    kept = values[positive]
    reason = _why_no_logs(kept, int(known.sum()))
    parts = dict.fromkeys(PARTS, np.nan) if reason else _log_parts(kept, ranks)
    counts = {
        "n": len(kept),
        "n_missing": int((~known).sum()),
        "n_not_positive": int(known.sum() - positive.sum()),
    }
    return pd.DataFrame([{**parts, **counts, "reason": reason}])


def _why_no_logs(kept: np.ndarray, n_known: int) -> str:
    if len(kept) < 4:
        return (
            f"Only {len(kept)} of {n_known} patients have a positive outcome and cost; "
            "the logarithms need at least 4."
        )
    for column, name in enumerate(("perception", "outcome")):
        if (kept[:, column] == kept[0, column]).all():
            return (
                f"All {len(kept):,} patients have the same {name}, so there is no association to take apart."
            )
    return ""


def _log_parts(kept: np.ndarray, ranks: bool) -> dict[str, float]:
    p = stats.rankdata(kept[:, 0]) if ranks else kept[:, 0]
    log_o, log_c = np.log(kept[:, 1]), np.log(kept[:, 2])
    s_o, s_c = log_o.std(ddof=1), log_c.std(ddof=1)
    r_po, r_pc, r_oc = _pearson(p, log_o), _pearson(p, log_c, 0.0), _pearson(log_o, log_c, 0.0)
    spread = np.sqrt(max(0.0, s_o**2 + s_c**2 - 2 * r_oc * s_o * s_c))
    r_pv = (r_po * s_o - r_pc * s_c) / spread if spread > 0 else np.nan
    from_cost = (s_c**2 - r_oc * s_o * s_c) / spread**2 if spread > 0 else np.nan
    lost = 1 - r_pv / r_po if r_po != 0 else np.nan
    dilution = s_o / np.hypot(s_o, s_c)
    return dict(zip(PARTS, (s_o, s_c, r_oc, r_po, r_pc, r_pv, dilution, lost, from_cost), strict=True))


def _pearson(a: np.ndarray, b: np.ndarray, if_constant: float = np.nan) -> float:
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return if_constant
    return float(np.corrcoef(a, b)[0, 1])


def log_waterfall(decomposition: pd.DataFrame) -> pd.DataFrame:
    """Return the steps from r(perception, log outcome) to r(perception, log VQ), which add up exactly.

    Returns
    -------
    DataFrame
        `step, start, change, end, kind, n`; `kind` is "total" or "change". Empty when there is no answer.
    """
    row = decomposition.iloc[0]
    if row["reason"]:
        return _steps([], 0)
    spread = np.hypot(row["sd_log_outcome"], row["sd_log_cost"])
    diluted = row["r_perception_outcome"] * row["sd_log_outcome"] / spread
    with_cost = diluted - row["r_perception_cost"] * row["sd_log_cost"] / spread
    levels = [
        ("perception with outcome", row["r_perception_outcome"]),
        ("spread of cost", diluted),
        ("cost seen by patients", with_cost),
        ("outcome and cost move together", row["r_perception_vq"]),
        ("perception with VQ", row["r_perception_vq"]),
    ]
    return _steps(levels, int(row["n"]))


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

    Returns
    -------
    DataFrame
        `step, start, change, end, kind, n`. Empty, with `attrs["reason"]`, when there is no answer.
    """
    check_same_index(perception, outcome, cost)
    values = np.column_stack([as_float(s) for s in (perception, outcome, cost)])
    kept = values[complete_rows(values)]
    reason = why_no_quota(kept)
    if reason:
        empty = _steps([], 0)
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
    return _steps(levels, len(kept))


def why_no_quota(kept: np.ndarray) -> str:
    """Return why perception, outcome and cost (columns, complete) give no association with VQ, or ""."""
    n = len(kept)
    if n < 4:
        return f"{patients_with(n)} perception, outcome and cost; an association needs at least 4."
    bad = int((kept[:, 2] <= 0).sum())
    if bad:
        return f"{wording.count(bad, n)} costs are zero or negative, and no quotient can be formed with them."
    for column, name in enumerate(("perception", "outcome")):
        if (kept[:, column] == kept[0, column]).all():
            return f"All {n:,} patients have the same {name}, so there is no association to follow."
    if np.ptp(kept[:, 1] / kept[:, 2]) == 0:
        return f"All {n:,} patients have the same VQ, so there is no association to follow."
    return ""


def shuffled_spearman(
    perception: np.ndarray, outcome: np.ndarray, cost: np.ndarray, n_shuffles: int, seed: int
) -> np.ndarray:
    """Return Spearman(perception, outcome / cost) for costs shuffled over patients, once per shuffle."""
    rng = np.random.default_rng(seed)
    rank_p = stats.rankdata(perception) - (len(perception) + 1) / 2
    scale_p = np.sqrt((rank_p**2).sum())
    results = np.empty(n_shuffles)
    for i in range(n_shuffles):
        rank_v = stats.rankdata(outcome / rng.permutation(cost)) - (len(perception) + 1) / 2
        results[i] = (rank_p * rank_v).sum() / (scale_p * np.sqrt((rank_v**2).sum()))
    return results


def _steps(levels: list[tuple[str, float]], n: int) -> pd.DataFrame:
    """First and last level are totals; each one between is the change from the level before."""
    rows = []
    for i, (step, level) in enumerate(levels):
        total = i in (0, len(levels) - 1)
        start = 0.0 if total else levels[i - 1][1]
        rows.append((step, start, level - start, level, "total" if total else "change", n))
    return pd.DataFrame(rows, columns=["step", "start", "change", "end", "kind", "n"])


def decomposition_sentence(decomposition: pd.DataFrame) -> str:
    """Return what the logarithms say: what is left of the association, and why."""
    row = decomposition.iloc[0]
    if row["reason"]:
        return row["reason"]
    r = {side: wording.number(row[f"r_perception_{side}"]) for side in ("outcome", "cost", "vq")}
    return (
        f"On the log scale perception correlates {r['outcome']} with the outcome, {r['cost']} with cost and "
        f"{r['vq']} with VQ (n = {int(row['n']):,}). Cost supplies "
        f"{wording.percent(row['share_of_vq_from_cost'])} of the variance of log VQ "
        f"(log sd {wording.number(row['sd_log_cost'])} against {wording.number(row['sd_log_outcome'])} of "
        f"the outcome): that spread alone would leave {wording.percent(row['dilution'])} of the association "
        "with the outcome."
    )


def waterfall_sentence(steps: pd.DataFrame) -> str:
    """Return where the association went, naming the largest change."""
    if steps.empty:
        return steps.attrs.get("reason", "There is no association to follow.")
    first, last = steps.iloc[0], steps.iloc[-1]
    changes = steps[steps["kind"] == "change"]
    largest = changes.loc[changes["change"].abs().idxmax()]
    verb = "takes away" if largest["change"] < 0 else "adds"
    start = (
        f"From {first['step']} (ρ = {wording.number(first['end'])}) to {last['step']} "
        f"(ρ = {wording.number(last['end'])}) "
    )
    beyond = (
        " Without noise the correlation would be above 1: the reliabilities are too low for these data."
        if first["step"] == CAPPED
        else ""
    )
    if abs(largest["change"]) < 0.005:
        return f"{start}the association hardly changes (n = {int(last['n']):,}).{beyond}"
    return (
        f"{start}the largest change is '{largest['step']}', which {verb} "
        f"{wording.number(abs(largest['change']))} (n = {int(last['n']):,}).{beyond}"
    )

"""Where an association goes on its way from the outcome to the quotient outcome / cost.

Dividing by a cost adds the cost's own spread to the quotient. Perception cannot follow that part unless it
follows cost, so r(perception, VQ) falls short of r(perception, outcome) by arithmetic alone.
"""

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.statistics.correlation.waterfall import step_table
from vbhc.statistics.samples import columns_of, complete_rows

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

    Examples
    --------
    Outcome and cost with the same spread: dilution is one over the root of 2.

    >>> outcome, cost = pd.Series([1, 2, 4, 8]), pd.Series([2, 8, 1, 4])
    >>> row = log_decomposition(pd.Series([1, 2, 3, 4]), outcome, cost)
    >>> row[["dilution", "r_perception_outcome"]].round(4).to_numpy().tolist()
    [[0.7071, 1.0]]
    """
    values = columns_of(perception, outcome, cost)
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
            return f"All {len(kept):,} patients have the same {name}, so there is nothing to take apart."
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

    Examples
    --------
    >>> parts = log_decomposition(pd.Series([1, 2, 3, 4]), pd.Series([1, 2, 4, 8]), pd.Series([2, 8, 1, 4]))
    >>> steps = log_waterfall(parts)
    >>> bool(np.isclose(steps["change"].iloc[:-1].sum(), steps["end"].iloc[-1]))
    True
    """
    row = decomposition.iloc[0]
    if row["reason"]:
        return step_table([], 0)
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
    return step_table(levels, int(row["n"]))

"""The correlation of every definition, and one test of them all by permutation.

Simonsohn, Simmons & Nelson 2020, doi 10.1038/s41562-020-0912-z.
"""

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.perception.multiverse.coefficients import kendall_tau, ranked, unit
from vbhc.chapters.perception.multiverse.columns import AXES, DEFENSIBLE
from vbhc.chapters.perception.multiverse.definitions import Multiverse
from vbhc.chapters.perception.multiverse.permutations import LINEAR, Group, groups, permute
from vbhc.statistics.imputation import barnard_rubin
from vbhc.statistics.resampling import resampled_p

SIGNIFICANT = 0.05
JOINT_COLUMNS = [
    *("statistic", "observed", "permuted_median", "p", "n_permutations", "definitions", "n_imputed")
]


def run(multiverse: Multiverse) -> pd.DataFrame:
    """Return the correlation of every definition: the choices, `tier, estimate, p, n`.

    Kendall's tau-b stands on the scale of a correlation, sin(pi tau / 2) (Greiner's relation), because tau is
    smaller by nature and definitions are compared. `p` is Student's t for Spearman and Pearson, normal,
    corrected for ties, for Kendall, and Barnard & Rubin's t for imputed outcomes; NaN (with n)
    where fewer than four patients are complete or a side is constant.
    """
    table = multiverse.table
    starts = np.concatenate([[0], np.cumsum(table["copies"].to_numpy())])
    estimates, variances = np.full(starts[-1], np.nan), np.full(starts[-1], np.nan)
    n = np.zeros(len(table), dtype=int)
    for group in groups(multiverse):
        found = _correlations(multiverse, group)
        for row, column, k, coefficient in group.cells:
            n[row] = len(group.patients)
            place = starts[row] + column - table["value_column"].iat[row]
            estimates[place], variances[place] = found[column, k, coefficient]
    results = _pooled(estimates, variances, starts, n, table["coefficient"].to_numpy())
    return table[[*AXES, "tier"]].assign(estimate=results[0], p=results[1], n=n)


def _correlations(multiverse: Multiverse, group: Group) -> dict[tuple[int, int, str], tuple[float, float]]:
    """Return, per value column, perception and coefficient, the estimate and its variance under none."""
    answers = {k: multiverse.perceptions[k][group.patients] for k in {cell[2] for cell in group.cells}}
    ranks = {k: ranked(values) for k, values in answers.items()}
    sides = {(k, "spearman"): unit(ranks[k][0]) for k in answers}
    sides |= {(k, "pearson"): unit(values) for k, values in answers.items()}
    wanted: dict[int, set[tuple[int, str]]] = {}
    for _, column, k, coefficient in group.cells:
        wanted.setdefault(column, set()).add((k, coefficient))
    found, free = {}, len(group.patients) - 2
    for column, asked in wanted.items():
        values = multiverse.values[column][group.patients]
        ranked_values, ties = ranked(values)
        units = {"spearman": unit(ranked_values), "pearson": unit(values)}
        for k, coefficient in asked:
            if coefficient == "kendall":
                found[column, k, coefficient] = kendall_tau(ties, ranks[k][1])
                continue
            r = float(units[coefficient] @ sides[k, coefficient])
            found[column, k, coefficient] = r, max(1 - r**2, 1e-300) / free
    return found


def _pooled(
    estimates: np.ndarray, variances: np.ndarray, starts: np.ndarray, n: np.ndarray, coefficient: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return estimate and p of every definition; those with several imputations by Rubin's rules."""
    copies = np.diff(starts)
    mean = np.add.reduceat(estimates, starts[:-1]) / copies
    within = np.add.reduceat(variances, starts[:-1]) / copies
    df = np.where(coefficient == "kendall", np.inf, np.maximum(n - 2, 1)).astype(float)
    total = within.copy()
    for row in np.flatnonzero((copies > 1) & np.isfinite(mean)):
        part = estimates[starts[row] : starts[row + 1]]
        between = part.var(ddof=1)
        total[row] += (1 + 1 / len(part)) * between
        df[row] = barnard_rubin(len(part), within[row], between, total[row], n[row] - 2)
    t = np.abs(mean) / np.sqrt(total)
    normal, student = stats.norm.sf(t), stats.t.sf(t, np.where(np.isinf(df), 1, df))
    shown = np.where(coefficient == "kendall", np.sin(np.pi / 2 * mean), mean)
    return shown, 2 * np.where(np.isinf(df), normal, student)


def joint_test(multiverse: Multiverse, n_permutations: int = 500, seed: int = 1) -> pd.DataFrame:
    """Test all defensible definitions at once: would perception unrelated to any value give such a curve?

    Perceptions change places between patients, the same way in every definition, so that definitions keep
    going together as they do. Left out are definitions in Kendall's tau-b, which order the patients as their
    Spearman twins do, and those with imputed outcomes: perception helped to impute them (left out of the
    imputation it would be drawn as unrelated to the outcome, and the estimate pulled towards 0), so that no
    permutation after imputing shows what chance alone would do.

    Returns
    -------
    DataFrame
        Rows `statistic` = "median", "share significant" (p < .05 in the direction of the median), "Stouffer
        Z" with `observed, permuted_median, p, n_permutations, definitions, n_imputed` (definitions left
        out because their outcomes are imputed).
    """
    inside = multiverse.table["tier"].isin(DEFENSIBLE) & multiverse.table["coefficient"].isin(LINEAR)
    imputed = inside & (multiverse.table["missing"] == "imputed")
    inside &= ~imputed
    chosen = multiverse._replace(table=multiverse.table[inside].reset_index(drop=True))
    observed, permuted, n = permute(chosen, n_permutations, seed) if inside.any() else [np.empty(0)] * 3
    usable = np.isfinite(observed)
    if not usable.any():
        return pd.DataFrame(columns=JOINT_COLUMNS)
    real = _curve_statistics(observed[usable][:, None], n[usable])
    null = _curve_statistics(permuted[usable], n[usable])
    rows = []
    for name, value in real.items():
        beyond = (np.abs(null[name]) >= abs(value[0]) - 1e-12).sum()
        rows.append((name, value[0], np.median(null[name]), float(resampled_p(beyond, n_permutations))))
    table = pd.DataFrame(rows, columns=JOINT_COLUMNS[:4])
    return table.assign(
        n_permutations=n_permutations, definitions=int(usable.sum()), n_imputed=int(imputed.sum())
    )


def _curve_statistics(estimates: np.ndarray, n: np.ndarray) -> dict[str, np.ndarray]:
    """Return the three statistics of each column of estimates (definitions in rows)."""
    degrees = np.maximum(n - 2, 1)[:, None]
    t = estimates * np.sqrt(degrees / np.maximum(1 - estimates**2, 1e-300))
    critical = stats.t.ppf(1 - SIGNIFICANT / 2, degrees)
    median = np.median(estimates, axis=0)
    same_way = np.where(median >= 0, (t > critical).mean(axis=0), (t < -critical).mean(axis=0))
    z = np.arctanh(np.clip(estimates, -1 + 1e-15, 1 - 1e-15)) * np.sqrt(np.maximum(n - 3, 1))[:, None]
    stouffer = z.sum(axis=0) / np.sqrt(len(n))
    return {"median": median, "share significant": same_way, "Stouffer Z": stouffer}

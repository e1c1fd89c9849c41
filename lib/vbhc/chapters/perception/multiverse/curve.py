"""The correlation of every definition, and one test of them all by permutation.

Simonsohn, Simmons & Nelson 2020, doi 10.1038/s41562-020-0912-z.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.perception.multiverse.definitions import AXES, DEFENSIBLE, Multiverse
from vbhc.statistics.imputation import barnard_rubin
from vbhc.statistics.resampling import resampled_p
from vbhc.statistics.samples import kinds_of_rows, tie_groups
from vbhc.study import Study
from vbhc.study.kept import LARGE, kept


def ranked(values: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mid-ranks and tie groups (0 = lowest) of values of which each stands for `weights` patients."""
    group = tie_groups(values)
    sizes = np.bincount(group, weights)
    return (np.cumsum(sizes) - (sizes - 1) / 2)[group], group


def unit(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the values centred and scaled to length one, weighted; a constant becomes NaN."""
    centred = values - weights @ values / weights.sum()
    length = np.sqrt(weights @ centred**2)
    if length <= 1e-12 * np.abs(values).max(initial=0.0):
        return np.full(len(values), np.nan)
    return centred / length


def kendall_tau(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Return Kendall's tau-b of two columns of tie groups (0, 1, ...) and its variance under no association.

    Each row stands for `weights` patients. The variance is corrected for ties (Kendall 1970, Rank Correlation
    Methods, ch. 4). A constant gives NaN.
    """
    n, ties = weights.sum(), [np.bincount(side, weights) for side in (x, y)]
    if min(map(len, ties)) < 2:
        return np.nan, np.nan
    untied = [(n * (n - 1) - (sizes * (sizes - 1)).sum()) / 2 for sizes in ties]
    if len(ties[0]) * len(ties[1]) > MOST_CELLS:
        each = weights.astype(int)
        tau = stats.kendalltau(np.repeat(x, each), np.repeat(y, each), method="asymptotic").statistic
    else:
        tau = np.clip(_balance(x, y, weights) / np.sqrt(untied[0]) / np.sqrt(untied[1]), -1, 1)
    return float(tau), _variance(n, *ties) / (untied[0] * untied[1])


def _balance(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> float:
    """Return how many pairs are concordant less how many are discordant, from the table of tie groups."""
    answers = int(y.max()) + 1
    table = np.bincount(x * answers + y, weights, (x.max() + 1) * answers).reshape(-1, answers)
    lower = np.cumsum(table, axis=1) - table
    upto = np.cumsum(lower, axis=0)
    return float((table * (2 * upto - lower - upto[-1])).sum())


def _variance(n: float, ties_x: np.ndarray, ties_y: np.ndarray) -> float:
    """Return the variance of concordant minus discordant pairs."""
    if n < 3:
        return np.nan
    both = [[(t * (t - 1)).sum(), (t * (t - 1) * (t - 2)).sum(), (t * (t - 1) * (2 * t + 5)).sum()]
            for t in (ties_x, ties_y)]  # fmt: skip
    (pairs_x, triples_x, x), (pairs_y, triples_y, y) = both
    m = n * (n - 1)
    plain = (m * (2 * n + 5) - x - y) / 18
    return plain + pairs_x * pairs_y / (2 * m) + triples_x * triples_y / (9 * m * (n - 2))


MOST_CELLS = 4_000_000  # of a table of values by answers; beyond it pairs are counted by sorting
CELLS_PER_BATCH = 1_000_000  # patients x permutations held at once


class Group(NamedTuple):
    """Definitions that share patients and kinds; `cells`: row, value column, perception, coefficient."""

    cells: list[tuple[int, int, int, str]]
    patients: np.ndarray
    kinds: np.ndarray


def groups(multiverse: Multiverse) -> Iterator[Group]:
    """Yield the definitions by the patients that they use, and by who of these are of one kind."""
    answered = [np.packbits(~np.isnan(answers)) for answers in multiverse.perceptions]
    cells: dict[tuple[bytes, int], list[tuple[int, int, int, str]]] = {}
    names = ["value_column", "copies", "perception_column", "coefficient"]
    for row, (first, copies, k, coefficient) in enumerate(multiverse.table[names].to_numpy(dtype=object)):
        for column in range(first, first + copies):
            both = (multiverse.known[column] & answered[k]).tobytes()
            members = cells.setdefault((both, id(multiverse.kinds[column])), [])
            members.append((row, column, k, coefficient))
    for (both, _), members in cells.items():
        known = np.unpackbits(np.frombuffer(both, np.uint8), count=multiverse.perceptions.shape[1])
        patients = np.flatnonzero(known)
        if len(patients) >= 4:
            yield Group(members, patients, multiverse.kinds[members[0][1]][patients])


class Permuted(NamedTuple):
    """Per definition: the correlation as it is, one per permutation (columns), and how many patients."""

    observed: np.ndarray
    estimates: np.ndarray
    n: np.ndarray


def permute(multiverse: Multiverse, n_permutations: int, seed: int) -> Permuted:
    """Return every definition's correlation as it is and under every permutation.

    A patient takes the same other patient's perception in all definitions, whoever else is missing in some.
    Patients without a perception keep their place, so that no definition changes its n.

    Parameters
    ----------
    multiverse : Multiverse
        Definitions in Spearman's or Pearson's coefficient (a product of two unit vectors, so that
        permutations are one matrix product) and without imputed copies.
    """
    rng = np.random.default_rng(seed)
    patients = multiverse.perceptions.shape[1]
    places = _places(multiverse.perceptions)
    codes = [_coded(answers) for answers in multiverse.perceptions]
    sides, n = list(_sides(multiverse)), np.zeros(len(multiverse.table), dtype=int)
    alone = np.arange(patients)
    observed = _correlations_of(len(n), sides, codes, alone[None, :])[:, 0]
    for side in sides:
        n[side.rows] = len(side.patients)
        if np.ptp(multiverse.perceptions[side.perception][side.patients]) == 0:
            observed[side.rows] = np.nan
    estimates = np.empty((len(n), n_permutations))
    size = max(1, CELLS_PER_BATCH // patients)
    for start in range(0, n_permutations, size):
        rows = min(size, n_permutations - start)
        orders = _within(rng.permuted(np.tile(alone, (rows, 1)), axis=1), places)
        estimates[:, start : start + rows] = _correlations_of(len(n), sides, codes, orders)
    return Permuted(observed, estimates, n)


def _places(perceptions: np.ndarray) -> np.ndarray:
    """Return, per patient, a number shared by those who may change places: the same answers known."""
    places = np.unique(~np.isnan(perceptions), axis=1, return_inverse=True)[1].ravel()
    return places.astype(np.min_scalar_type(places.max(initial=0)))  # one or two bytes sort fastest


class _Side(NamedTuple):
    """Unit vectors of definitions that share patients, perception and coefficient.

    `values` has a column per kind; `patients` are in the order of their kinds, which begin at `starts`.
    """

    rows: list[int]
    values: np.ndarray
    patients: np.ndarray
    starts: np.ndarray
    perception: int
    ranks: bool


def _sides(multiverse: Multiverse) -> Iterator[_Side]:
    for group in groups(multiverse):
        sides: dict[tuple[int, str], dict[int, int]] = {}
        for row, column, k, coefficient in group.cells:
            sides.setdefault((k, coefficient), {})[row] = column
        sizes = np.bincount(group.kinds)
        present = np.flatnonzero(sizes)
        weights = sizes[present]
        few_bytes = group.kinds.astype(np.min_scalar_type(len(sizes)))  # they sort fastest
        patients = group.patients[np.argsort(few_bytes, kind="stable")]
        starts = np.cumsum(weights) - weights
        made: dict[tuple, np.ndarray] = {}  # perceptions known of the same patients share the vectors
        for (k, coefficient), columns in sides.items():
            key = coefficient, *columns.values()
            if key not in made:
                rows = [multiverse.values[column]()[present] for column in columns.values()]
                rows = [ranked(row, weights)[0] for row in rows] if coefficient == "spearman" else rows
                made[key] = np.array([unit(row, weights) for row in rows])
            yield _Side(list(columns), made[key], patients, starts, k, coefficient == "spearman")


def _within(shuffled: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return shuffles of all patients in which each place is filled from its own kind."""
    if (places == places[0]).all():
        return shuffled
    home = np.argsort(places, kind="stable")
    orders = np.empty_like(shuffled)
    order = np.argsort(places[shuffled], axis=1, kind="stable")
    orders[:, home] = np.take_along_axis(shuffled, order, axis=1)
    return orders


def _coded(answers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the different answers, and the place of each patient's among them in as few bytes as hold it."""
    levels, code = np.unique(answers, return_inverse=True)
    return levels, code.ravel().astype(np.min_scalar_type(len(levels)))


def _correlations_of(definitions: int, sides: list[_Side], codes: list, orders: np.ndarray) -> np.ndarray:
    """Return the correlation of every definition (rows) with perceptions in every order (columns)."""
    results = np.full((definitions, len(orders)), np.nan)
    drawn = [code.take(orders) for _, code in codes]
    last: tuple[int, int] | None = None
    for side in sides:
        levels = codes[side.perception][0]
        if last != (id(side.patients), side.perception):
            last = id(side.patients), side.perception
            places, counts = _counted(drawn[side.perception].take(side.patients, axis=1), len(levels))
        tables = _unit_tables(counts, None if side.ranks else levels)
        results[side.rows] = side.values @ np.add.reduceat(tables.ravel().take(places), side.starts, axis=1).T
    return results


def _counted(answers: np.ndarray, levels: int) -> tuple[np.ndarray, np.ndarray]:
    """Return, per order, each patient's answer as a place in a table (orders x levels), and its counts."""
    rows = len(answers)
    places = answers + np.arange(rows)[:, None] * levels
    return places, np.bincount(places.ravel(), minlength=rows * levels).reshape(rows, levels)


def _unit_tables(counts: np.ndarray, scores: np.ndarray | None) -> np.ndarray:
    """Return each level's score (its mid-rank without `scores`), centred and scaled; 0 where constant."""
    ranks = np.cumsum(counts, axis=1) - counts / 2
    known = ranks if scores is None else np.broadcast_to(np.nan_to_num(scores), counts.shape)
    centred = known - (counts * known).sum(axis=1, keepdims=True) / counts.sum(axis=1, keepdims=True)
    length = np.sqrt((counts * centred**2).sum(axis=1, keepdims=True))
    return centred / np.where(length > 1e-12 * np.abs(known).max(axis=1, keepdims=True), length, np.inf)


SIGNIFICANT = 0.05
COMPARED = ["statistic", "observed", "permuted_median", "p"]
JOINT_COLUMNS = [*COMPARED, "n_permutations", "definitions", "n_imputed"]


def run(multiverse: Multiverse, study: Study | None = None) -> pd.DataFrame:
    """Return the correlation of every definition: the choices, `tier, estimate, p, n`.

    Of a large `study`, where one is given, they are computed once for all notebooks that ask for them.

    Kendall's tau-b stands on the scale of a correlation, sin(pi tau / 2) (Greiner's relation), because tau is
    smaller by nature and definitions are compared. `p` is Student's t for Spearman and Pearson, normal,
    corrected for ties, for Kendall, and Barnard & Rubin's t for imputed outcomes; NaN (with n)
    where fewer than four patients are complete or a side is constant. Of imputed copies that differ in how
    many are complete, `n` is the fewest.
    """
    compute = partial(_estimates, multiverse)
    once = study is not None and multiverse.perceptions.shape[1] >= LARGE
    estimate, p, n = kept(study, _content(multiverse), compute) if once else compute()
    return multiverse.table[[*AXES, "tier"]].assign(estimate=estimate, p=p, n=n.astype(int))


def _content(multiverse: Multiverse) -> Iterator[bytes]:
    """Yield all that the estimates are computed from."""
    yield Path(__file__).read_bytes() + multiverse.table.to_csv().encode()
    yield multiverse.perceptions.tobytes()
    # each array of kinds once: the table tells whose they are
    yield from (kind.tobytes() for kind in {id(kind): kind for kind in multiverse.kinds}.values())
    yield from (column().tobytes() for column in multiverse.values)


def _estimates(multiverse: Multiverse) -> np.ndarray:
    """Return estimate, p and n (rows) of every definition."""
    table = multiverse.table
    starts = np.concatenate([[0], np.cumsum(table["copies"].to_numpy())])
    estimates, variances = np.full(starts[-1], np.nan), np.full(starts[-1], np.nan)
    n, first = np.zeros(len(table), dtype=int), table["value_column"].to_numpy()
    answers = kinds_of_rows(*multiverse.perceptions)
    for group in groups(multiverse):
        found, known = _correlations(multiverse, group, *answers), len(group.patients)
        for row, column, k, coefficient in group.cells:
            n[row] = min(n[row] or known, known)
            place = starts[row] + column - first[row]
            estimates[place], variances[place] = found[column, k, coefficient]
    return np.array([*_pooled(estimates, variances, starts, n, table["coefficient"].to_numpy()), n])


def _correlations(
    multiverse: Multiverse, group: Group, first: np.ndarray, answered: np.ndarray
) -> dict[tuple[int, int, str], tuple[float, float]]:
    """Return, per value column, perception and coefficient, the estimate and its variance under none.

    `first` is the first patient of each kind of answers and `answered` that kind of each patient. Patients
    who have one value and one kind of answers are counted once, with their number as the weight.
    """
    cells, number = np.unique(group.kinds * len(first) + answered[group.patients], return_counts=True)
    kinds, of = np.divmod(cells, len(first))
    present, place = np.unique(kinds, return_inverse=True)
    weights, sizes = number.astype(float), np.bincount(place, number)
    answers = {k: multiverse.perceptions[k][first[of]] for k in sorted({cell[2] for cell in group.cells})}
    ranks = {k: ranked(values, weights) for k, values in answers.items()}
    sides = {(k, "spearman"): weights * unit(ranks[k][0], weights) for k in answers}
    sides |= {(k, "pearson"): weights * unit(values, weights) for k, values in answers.items()}
    wanted: dict[int, set[tuple[int, str]]] = {}
    for _, column, k, coefficient in group.cells:
        wanted.setdefault(column, set()).add((k, coefficient))
    found, free = {}, len(group.patients) - 2
    for column, asked in wanted.items():
        values = multiverse.values[column]()[present]
        ranked_values, ties = (found_of[place] for found_of in ranked(values, sizes))
        units = {"spearman": unit(ranked_values, weights), "pearson": unit(values[place], weights)}
        for k, coefficient in asked:
            if coefficient == "kendall":
                found[column, k, coefficient] = kendall_tau(ties, ranks[k][1], weights)
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
    inside = multiverse.table["tier"].isin(DEFENSIBLE) & (multiverse.table["coefficient"] != "kendall")
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
    table = pd.DataFrame(rows, columns=COMPARED)
    sizes = {"definitions": int(usable.sum()), "n_imputed": int(imputed.sum())}
    return table.assign(n_permutations=n_permutations, **sizes)


def _curve_statistics(estimates: np.ndarray, n: np.ndarray) -> dict[str, np.ndarray]:
    """Return the three statistics of each column of estimates (definitions in rows)."""
    degrees = np.maximum(n - 2, 1)[:, None]
    t = estimates * np.sqrt(degrees / np.maximum(1 - estimates**2, 1e-300))
    critical = stats.t.ppf(1 - SIGNIFICANT / 2, degrees)
    median = np.median(estimates, axis=0)
    same_way = np.where(median >= 0, (t > critical).mean(axis=0), (t < -critical).mean(axis=0))
    z = np.arctanh(np.clip(estimates, -1 + 1e-15, 1 - 1e-15)) * np.sqrt(np.maximum(n - 3, 1))[:, None]
    return {"median": median, "share significant": same_way, "Stouffer Z": z.sum(axis=0) / np.sqrt(len(n))}

"""Perception with outcome, with cost and with VQ, side by side on the same patients."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.association import resampling
from vbhc.association.latent import answers_or_groups, polychoric
from vbhc.association.rank import kendall, spearman, spearman_rho
from vbhc.association.samples import as_float, check_same_index, complete_rows
from vbhc.association.words import patients_with, readable

TOO_SMALL = 0.05  # a difference between two correlations below this moves no decision


def side_by_side(
    perception: pd.Series,
    outcome: pd.Series,
    cost: pd.Series,
    vq: pd.Series,
    ci_level: float = 0.95,
    same_patients: bool = True,
    coefficients: tuple[str, ...] = ("spearman", "kendall", "polychoric"),
) -> pd.DataFrame:
    """Return the three associations of perception, in each coefficient, as tidy rows.

    Parameters
    ----------
    perception, outcome, cost, vq : Series
        On one index; perception turned so that higher is better.
    ci_level : float
        Confidence level.
    same_patients : bool
        Use only patients who have all four values, so that a difference between rows is not one of patients.
        The rows left out for it count as missing.
    coefficients : tuple of str
        Any of "spearman", "kendall", "polychoric". For the last, a measure with more than ten different
        values is cut into fifths of patients first (`answers_or_groups`).

    Returns
    -------
    DataFrame
        As the rows of `spearman`, `kendall` and `polychoric`, with `with` ("outcome", "cost", "VQ") in front.
    """
    check_same_index(perception, outcome, cost, vq)
    sides = {"outcome": outcome, "cost": cost, "VQ": vq}
    if same_patients:
        known = complete_rows(perception, *sides.values())
        perception = perception.where(pd.Series(known, index=perception.index))
    functions = {"spearman": spearman, "kendall": kendall, "polychoric": _grouped_polychoric}
    rows = [
        functions[coefficient](perception, side, ci_level).assign(**{"with": name})
        for coefficient in coefficients
        for name, side in sides.items()
    ]
    table = pd.concat(rows, ignore_index=True)
    return table[["with", *(column for column in table if column != "with")]]


def _grouped_polychoric(x: pd.Series, y: pd.Series, ci_level: float) -> pd.DataFrame:
    known = x.notna() & y.notna()
    return polychoric(answers_or_groups(x.where(known)), answers_or_groups(y.where(known)), ci_level)


def latent_sentence(rows: pd.DataFrame) -> str:
    """Return what traits behind the answers would correlate, beside what ranks say (from `side_by_side`)."""
    both = rows.set_index(["coefficient", "with"])
    parts, reasons = [], []
    for name in ("outcome", "cost", "VQ"):
        row, rank = both.loc[("polychoric", name)], both.loc[("spearman", name)]
        if row["reason"]:
            reasons.append(row["reason"])
            continue
        reach = wording.interval(row["ci_low"], row["ci_high"], row["ci_level"])
        size = f"{wording.number(row['estimate'])} ({reach}; ranks {wording.number(rank['estimate'])})"
        parts.append(f"with {name} {size}")
    start = (
        "If the answers stood for traits that are normally distributed, perception would correlate "
        f"{wording.listing(parts)}, polychoric."
    )
    return " ".join([start if parts else "", *dict.fromkeys(reasons)]).strip()


def difference(
    perception: pd.Series,
    first: pd.Series,
    second: pd.Series,
    ci_level: float = 0.95,
    n_resamples: int = 2_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Return by how much perception goes with `first` more than with `second`, in Spearman's rho, as one row.

    The two correlations share patients, so both are recomputed on the same bootstrap resamples.

    Returns
    -------
    DataFrame
        One row: `first, second, estimate_first, estimate_second, estimate, ci_low, ci_high, ci_level, n,
        n_missing, method, reason`.
    """
    check_same_index(perception, first, second)
    values = np.column_stack([as_float(s) for s in (perception, first, second)])
    kept = values[complete_rows(values)]
    row = {"first": str(first.name), "second": str(second.name)}
    numbers = dict.fromkeys(("estimate_first", "estimate_second", "estimate", "ci_low", "ci_high"), np.nan)
    reason = _why_no_difference(kept, (perception.name, first.name, second.name))
    if not reason:
        r = [spearman_rho(kept[:, 0], kept[:, side]) for side in (1, 2)]
        draws = [resampling.spearman_replicates(kept[:, 0], kept[:, k], n_resamples, seed) for k in (1, 2)]
        low, high = resampling.percentile_interval(draws[0] - draws[1], ci_level)
        numbers = dict(zip(numbers, (*r, r[0] - r[1], low, high), strict=True))
    rest = {"ci_level": ci_level, "n": len(kept), "n_missing": len(values) - len(kept)}
    return pd.DataFrame([{**row, **numbers, **rest, "method": "bootstrap, paired", "reason": reason}])


def _why_no_difference(kept: np.ndarray, names: tuple) -> str:
    if len(kept) < 4:
        return f"{patients_with(len(kept))} all three values; two correlations cannot be compared."
    for column, name in enumerate(names):
        if (kept[:, column] == kept[0, column]).all():
            same = f"All {len(kept):,} patients have the same {readable(str(name))}"
            return f"{same}; there are no two correlations to compare."
    return ""


def difference_sentence(result: pd.DataFrame, first: str = "outcome", second: str = "VQ") -> str:
    """Return whether perception follows one measure more closely than the other.

    A difference whose interval leaves out 0 but which is under 0.05 is called too small to matter: with
    many patients any difference becomes "clear". Two negative correlations are compared by their size;
    where the signs differ neither is called the closer one.
    """
    row = result.iloc[0]
    if row["reason"]:
        return row["reason"]
    decimals = wording.decimals_for(row["ci_low"], row["ci_high"])
    reach = wording.interval(row["ci_low"], row["ci_high"], row["ci_level"], decimals)
    size, n = wording.number(row["estimate"], decimals), f"n = {int(row['n']):,}"
    numbers = f"difference in ρ {size}, {reach}, {n}"
    r = [row.get(f"estimate_{side}", np.nan) for side in ("first", "second")]
    against = max(r) < 0
    clear = row["ci_low"] > 0 or row["ci_high"] < 0
    if clear and abs(row["estimate"]) < TOO_SMALL:
        return (
            f"Perception {_goes(against)} the {first} and the {second} about equally; the difference in ρ of "
            f"{size} ({reach}, {n}) is too small to matter, though its interval leaves out 0."
        )
    if clear and min(r) < 0 < max(r):
        both = [wording.number(one, decimals) for one in r]
        seen = f"{both[0]} with the {first} but {both[1]} with the {second}"
        return f"Perception correlates {seen}, so that their signs differ ({numbers})."
    if clear:
        closer, other = (first, second) if (row["estimate"] > 0) != against else (second, first)
        return f"Perception {_goes(against)} the {closer} more closely than the {other} ({numbers})."
    choice = f"the {first} or the {second} more closely"
    return f"The data do not settle whether perception {_goes(against)} {choice} ({numbers})."


def _goes(against: bool) -> str:
    return "goes against" if against else "follows"

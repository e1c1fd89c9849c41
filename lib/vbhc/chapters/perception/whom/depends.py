"""Do value and its tie with what patients say depend on place, on how ill patients were, and on time?

Every level of a split is compared with its largest one; all comparisons are corrected together (Holm).
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.chapters.perception import layout
from vbhc.chapters.perception.journey import visit_scores
from vbhc.chapters.perception.sentences import say
from vbhc.chapters.perception.ties import called, inside
from vbhc.chapters.value.groups import FEWEST, MOST, counted_outcome, ratio_and_error
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import verdict
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.results import Result, either
from vbhc.statistics.correlation.rank import spearman_rho, standard_error_of_z
from vbhc.statistics.groups import holm
from vbhc.study import Study
from vbhc.study.groups import groups_of


class Gap(NamedTuple):
    """A difference with its interval and the p of no difference."""

    difference: float
    difference_low: float
    difference_high: float
    p_unc: float


def around(difference: float, error: float, ci_level: float = 0.95) -> Gap:
    """Return the normal interval around a difference, and its p.

    >>> [round(float(x), 3) for x in around(1.96, 1.0)]
    [1.96, 0.0, 3.92, 0.05]
    """
    half = stats.norm.ppf((1 + ci_level) / 2) * error
    p = 2 * stats.norm.sf(abs(difference) / error) if error > 0 else np.nan
    return Gap(difference, difference - half, difference + half, float(p))


def of_others(r: tuple[float, float], n: tuple[int, int], ci_level: float = 0.95) -> Gap:
    """Return the difference of two rank correlations of different patients on Fisher's z scale.

    z1 - z2, with the variances of Bonett and Wright (2000) added. A correlation of 1 or -1 has no z: NaN.
    """
    if max(map(abs, r)) >= 1 or min(n) <= 3:
        return Gap(*[np.nan] * 4)
    first, second = (standard_error_of_z(one, size) for one, size in zip(r, n, strict=True))
    return around(float(np.arctanh(r[0]) - np.arctanh(r[1])), float(np.hypot(first, second)), ci_level)


def of_the_same(r: tuple[float, float], between: float, n: int, ci_level: float = 0.95) -> Gap:
    """Return the difference of the correlations of one measure with two others, in the same patients.

    On Fisher's z scale; Meng, Rosenthal & Rubin 1992, Psychol Bull 111:172, equations 1-3. `between` is the
    correlation of the two others.
    """
    if max(map(abs, r)) >= 1 or n <= 3:
        return Gap(*[np.nan] * 4)
    square = (r[0] ** 2 + r[1] ** 2) / 2
    f = min((1 - between) / (2 * (1 - square)), 1.0)
    h = (1 - f * square) / (1 - square)
    error = np.sqrt(2 * (1 - between) * h / (n - 3))
    return around(float(np.arctanh(r[0]) - np.arctanh(r[1])), float(error), ci_level)


ALPHA = 0.05
FEWEST_PROTECTED = 25
WIDE = 0.4  # from here on a range with two decimals tells of how many people it is: fewer than a hundred
VALUE, TIE = "value", "tie"
ENDS = ["difference", "difference_low", "difference_high"]
COLUMNS = ["what", "split", "group", *ENDS, "p", "n_first", "n_second"]
WORDS = {"more": "higher", "less": "lower"}


def levels_of(study: Study, patients: pd.DataFrame, vq: Definition) -> dict[str, pd.Series]:
    """Return what could matter: places, declared subgroups, and the half of patients who began lower.

    Arms are another question (02d); a split of more than `MOST` levels belongs under funnel limits.
    """
    found = groups_of(study, patients, "site", "provider", "subgroup", most=MOST)
    before, _ = visit_scores(study, patients, vq)
    if before.notna().any():
        half = pd.Series(np.where(before <= before.median(), "lower half", "upper half"), patients.index)
        found[f"Start, {study.config.visits[study.baseline].label.lower()}"] = half.where(before.notna())
    return found


def depends_on(
    study: Study, patients: pd.DataFrame, vq: Definition, frame: pd.DataFrame, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return by how much value and tie differ between levels and between visits, Holm over all of them.

    Parameters
    ----------
    patients : DataFrame
        From `value.load_patients`; the value counts deaths at the worst score.
    frame : DataFrame
        From `survivors`; the tie is theirs.

    Returns
    -------
    DataFrame
        `what` ("value": ratio of means; "tie": Fisher's z of the rank correlation), `split`, `group` ("B
        against A"), `difference, difference_low, difference_high` (`ci_level` each), `p` (Holm), `n_first,
        n_second`; levels under ten patients are left out.
    """
    rows = []
    for split, levels in levels_of(study, patients, vq).items():
        rows += _between(split, VALUE, _values(patients, levels, vq), ci_level)
        rows += _between(split, TIE, _ties(frame, levels), ci_level)
    rows += list(_over_time(study, patients, vq, ci_level))
    table = pd.DataFrame(rows, columns=[*COLUMNS, "p_unc"]).dropna(subset="difference")
    return table.assign(p=holm(table["p_unc"]))[COLUMNS].reset_index(drop=True)


def _values(patients: pd.DataFrame, levels: pd.Series, vq: Definition) -> dict[str, tuple]:
    """Return each level's value, its error and n."""
    groups = patients.groupby(levels, sort=True)
    return {str(name): ratio_and_error(own[counted_outcome(vq)], own["cost"], vq.per) for name, own in groups}


def _ties(frame: pd.DataFrame, levels: pd.Series) -> dict[str, tuple]:
    """Return each level's rank correlation (in place of an error: none) and n."""
    known = frame.dropna()
    groups = known.groupby(levels.reindex(known.index), sort=True)
    return {str(name): (_rho(own["answer"], own["VQ"]), np.nan, len(own)) for name, own in groups}


def _rho(x: pd.Series, y: pd.Series) -> float:
    return spearman_rho(x.to_numpy(), y.to_numpy()) if x.nunique() > 1 and y.nunique() > 1 else np.nan


def _between(split: str, what: str, levels: Mapping[str, tuple], ci_level: float) -> list[dict[str, Any]]:
    """Compare every level with the largest; the first of these where two are as large."""
    large = {name: one for name, one in levels.items() if one[2] >= FEWEST and one[0] == one[0]}
    if len(large) < 2:
        return []
    reference = max(large, key=lambda name: large[name][2])
    base = large.pop(reference)
    rows = []
    for name, one in large.items():
        if what == VALUE:
            gap = around(one[0] - base[0], float(np.hypot(one[1], base[1])), ci_level)
        else:
            gap = of_others((one[0], base[0]), (one[2], base[2]), ci_level)
        rows.append(_row(what, split, f"{name} against {reference}", gap, one[2], base[2]))
    return rows


def _row(what: str, split: str, group: str, gap: Gap, n_first: int, n_second: int) -> dict[str, Any]:
    shared = {"what": what, "split": split, "group": group, "n_first": n_first, "n_second": n_second}
    return {**shared, **gap._asdict()}


def _over_time(study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float) -> Iterator[dict]:
    """Compare the gain at each visit between with that at the last one, in patients who gave both."""
    visits, columns = list(study.config.visits), {v: f"{vq.outcome}_{v}" for v in study.config.visits}
    scores = {v: vq.sign * patients[c].astype(float) for v, c in columns.items() if c in patients}
    if vq.form != "gain" or not {visits[0], visits[-1]} <= set(scores):
        return
    last = scores[visits[-1]] - scores[visits[0]]
    for visit in visits[1:-1]:
        if visit not in scores:
            continue
        early, cost = scores[visit] - scores[visits[0]], patients["cost"]
        label = f"{study.config.visits[visit].label} against {study.config.visits[visits[-1]].label}"
        gap, error, n = ratio_and_error(early - last, cost, vq.per)
        if n >= FEWEST:
            yield _row(VALUE, "Time", label, around(gap, error, ci_level), n, n)
        seen = patients["perceived_value"].astype(float)
        both = pd.DataFrame({"p": seen, "a": early / cost, "b": last / cost})
        both = both[cost > 0].replace([np.inf, -np.inf], np.nan).dropna()
        if len(both) >= FEWEST:
            r = _rho(both["p"], both["a"]), _rho(both["p"], both["b"])
            gap_z = of_the_same(r, _rho(both["a"], both["b"]), len(both), ci_level)
            yield _row(TIE, "Time", label, gap_z, len(both), len(both))


def too_wide(study: Study, low: pd.Series, high: pd.Series) -> pd.Series:
    """Mark intervals of correlations that have one decimal where people are protected.

    With two, -0.82 to 0.44 is the interval of 13 patients and no others.
    """
    return (high - low > WIDE) & get_policy(study.config.disclosure).protects


def fewest(study: Study) -> int:
    """Return how many patients a tie, or a difference of value, rests on at least where it is shown.

    Where people are protected more: of 13 even one decimal of the interval of a tie tells how many they are,
    and so does a normal interval of a difference beside Student's t of their gain and Fieller's of their
    value.
    """
    return FEWEST_PROTECTED if get_policy(study.config.disclosure).protects else FEWEST


def standing(table: pd.DataFrame) -> pd.DataFrame:
    """Return the comparisons that stand after correction."""
    return table[table["p"] < ALPHA]


def depends_shown(study: Study, vq: Definition, table: pd.DataFrame, what: str) -> Result | None:
    """Show the comparisons of value or of tie; nothing where there are none."""
    enough = table[["n_first", "n_second"]].min(axis=1) >= fewest(study)
    rows = table[(table["what"] == what) & enough].reset_index(drop=True)
    if rows.empty:
        return None
    subject = say(f"depends-{what}", **called(study, vq), unit=vq.unit)
    shown = rows.assign(verdict=[_reading(row) for row in rows.itertuples()])
    columns = ["split", "group", *ENDS, "p", "verdict", "n_first", "n_second"]
    wide = too_wide(study, shown[ENDS[1]], shown[ENDS[2]]) & (what == TIE)
    rules = {"decimals": dict.fromkeys(ENDS, (2 - wide).tolist())}
    # 66 of a class with deaths counted, of whom 14 died, and 50 in its tie leave two who did not rate.
    frame = either(shown[columns], shown[columns[:-2]])
    # Their number would tell how many levels have so many patients.
    words = {"subject": subject, "n": either(f" {len(table)}", "")}
    least = f"Groups of fewer than {fewest(study)} patients are left out."
    made = layout.table("depends", frame, words, rules, [either("", least)])
    counts = [*rows["n_first"], *rows["n_second"]]
    return Result(f"{what}-depends", says=[_how_many(rows, subject)], table=made, counts=counts)


def _reading(row: Any) -> str:
    found = verdict(row.difference, row.difference_low, row.difference_high)
    if found not in WORDS:
        return "undecided"
    return WORDS[found] if row.p < ALPHA else "undecided after correction"


def _how_many(rows: pd.DataFrame, subject: str) -> str:
    """Return how many comparisons stand; where none does, none is named."""
    stand = standing(rows)
    if stand.empty:
        looked = f" in all {len(rows)} comparisons" if len(rows) > 1 else ""
        return say("depends-none", subject=subject, looked=looked)
    told = wording.listing(inside(split) for split in dict.fromkeys(stand["split"]))
    return say("depends", k=len(stand), n=len(rows), subject=subject, told=told)

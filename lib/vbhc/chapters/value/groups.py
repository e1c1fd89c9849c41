"""The value of every level of the groups that a study declares, and the difference between its two arms.

Many providers stand apart: a list of them invites a ranking and belongs under funnel limits.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.value import layout
from vbhc.chapters.value.group_value import bounded_alone, noun, who_counts
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.sentences import say
from vbhc.chapters.value.two_arms.trial import declared_arms
from vbhc.publish.claims import verdict
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.findings.made import in_both
from vbhc.publish.results import Claim, Result, either
from vbhc.statistics.correlation.rank import spearman
from vbhc.statistics.ratios.adjusted import adjusted_ratio_by
from vbhc.statistics.ratios.means import ratio_of_means_by
from vbhc.study import Study
from vbhc.study.groups import groups_of

FEWEST = 10  # patients in a level below which a ratio or a coefficient says nothing
MOST = 12  # levels above which a list of providers would be read as a ranking
ENDS = ["estimate", "low", "high"]
OTHERS = either("", ", and others that would tell of a few,")  # see `levels_told`


def splits(study: Study, patients: pd.DataFrame) -> dict[str, pd.Series]:
    """Label of each declared group to its column (more than `MOST` providers: left out)."""
    found, places = groups_of(study, patients), groups_of(study, patients, "provider")
    return {name: own for name, own in found.items() if name not in places or own.nunique() <= MOST}


def levels_told(known: pd.Series, levels: pd.Series, study: Study, least: int = FEWEST) -> set:
    """Return the levels in which `least` patients or more are `known` (yes or no, one per patient).

    That a level is shown says that they are so many. Where people are protected it goes if that leaves too
    few numbers of its other patients, and the smallest where those left out would together be nearly as many
    as they can be.
    """
    policy, sizes = get_policy(study.config.disclosure), known.groupby(levels).agg(["sum", "size"])
    told = sizes["sum"][sizes["sum"] >= least]
    if policy.protects:
        every = sizes["size"].loc[told.index]
        told = told[(told == every) | (every >= least + policy.hides_up_to)]
        few = sizes["sum"].drop(told.index)
        full = (least - 1) * len(few) - few.sum() < policy.bound and few.map(policy.hides).any()
        told = told.drop(told.nsmallest(int(full)).index)
    return set(told.index)


def counted_outcome(vq: Definition) -> str:
    """Return the column of the outcome by group: with deaths, but for a line fitted to those who answered."""
    return "gain" if vq.form == "baseline-adjusted" else "gain_counting_deaths"


def by_groups(study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the value of every level of every declared group, with Fieller's interval.

    Returns
    -------
    DataFrame
        `split, group, n, estimate, low, high, ci_kind`; levels under `FEWEST` usable patients are left out.
        Under "baseline-adjusted" the line's own uncertainty is in the interval (`ratios.adjusted_ratio_by`).
    """
    usable = patients[[counted_outcome(vq), "cost"]].notna().all(axis=1)
    parts = []
    for label, levels in splits(study, patients).items():
        part, told = _levels(patients, levels, vq, ci_level), map(str, levels_told(usable, levels, study))
        parts.append(part[part["group"].isin([*told])].assign(split=label))
    columns = ["split", "group", "n", *ENDS, "ci_kind"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return table.reindex(columns=columns)


def _levels(patients: pd.DataFrame, levels: pd.Series, vq: Definition, ci_level: float) -> pd.DataFrame:
    if vq.form == "baseline-adjusted" and vq.recipe:
        first = vq.recipe.parts[0]
        before, after = (first.sign * patients[name].astype(float) for name in (first.before, first.after))
        return adjusted_ratio_by(before, after, patients["cost"], levels, vq.per, ci_level)
    return ratio_of_means_by(patients[counted_outcome(vq)], patients["cost"], levels, vq.per, ci_level)


def value_by_group(vq: Definition, patients: pd.DataFrame, table: pd.DataFrame) -> Result | None:
    """Show the value of every level, from `by_groups`; nothing where none is large enough."""
    shown, unbounded = bounded_alone(table)
    if shown.empty:
        return None
    words = {"vq": vq, "fewest": FEWEST, "others": OTHERS}
    frame = layout.table("by-group", shown.drop(columns="ci_kind"), words, notes=unbounded)
    return Result("by-group", table=frame, counted=who_counts(patients, counted_outcome(vq)))


def association_by_groups(
    study: Study,
    patients: pd.DataFrame,
    x: pd.Series,
    y: pd.Series,
    ci_level: float = 0.95,
    least: int = FEWEST,
) -> pd.DataFrame:
    """Spearman's correlation of x and y within every level of every declared group.

    Returns
    -------
    DataFrame
        `split, group, n, estimate, low, high`; levels under `least` complete pairs are left out.
    """
    known = x.notna() & y.notna()
    both = x[known]
    rows = [
        {"split": label, "group": str(level), **spearman(x[inside], y[inside], ci_level).iloc[0]}
        for label, levels in splits(study, patients).items()
        for level, inside in both.groupby(levels, sort=False).groups.items()
        if level in levels_told(known, levels, study, least)
    ]
    table = pd.DataFrame(rows, columns=["split", "group", "n", *ENDS]).astype({"n": int})
    return table.sort_values(["split", "group"], ignore_index=True)


def ratio_and_error(outcome: pd.Series, cost: pd.Series, per: float) -> tuple[float, float, int]:
    """Return the ratio of means, its standard error (delta method) and n; patients with both alone count.

    >>> ratio_and_error(pd.Series([1.0, 3.0]), pd.Series([2.0, 2.0]), 1)  # 2 / 2; root 2 / 2 / root 2
    (1.0, 0.5, 2)
    """
    known = outcome.notna() & cost.notna()
    y, x = outcome[known].to_numpy(float), cost[known].to_numpy(float)
    if len(y) < 2 or not x.mean() > 0:
        return np.nan, np.nan, len(y)
    ratio = y.mean() / x.mean()
    error = (y - ratio * x).std(ddof=1) / x.mean() / np.sqrt(len(y))
    return float(per * ratio), float(per * error), len(y)


def arms_difference(
    study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return the difference in value of the two arms, of survivors alone and with deaths.

    Returns
    -------
    DataFrame
        `counted` ("survivors", "deaths counted"), `first, second, estimate, low, high` (first minus second:
        the new arm minus the reference; independent groups, delta method), `n`; no row without two arms of at
        least ten patients.
    """
    column, reference = declared_arms(study) or ("", "")
    if not column or patients[column].nunique() != 2:
        return pd.DataFrame()
    sides = {str(arm): own for arm, own in patients.groupby(patients[column].astype("object"), sort=True)}
    ways = {"survivors": "gain", "deaths counted": "gain_counting_deaths"}
    ways = ways if patients["died"].any() else {"everybody": "gain"}
    rows = [
        {"counted": name, **_difference(sides, str(reference), outcome, vq.per, ci_level)}
        for name, outcome in ways.items()
    ]
    return pd.DataFrame(rows).dropna(subset=["estimate"])


def _difference(
    sides: dict[str, pd.DataFrame], reference: str, outcome: str, per: float, ci_level: float
) -> dict[str, Any]:
    first, second = sorted(sides, key=lambda arm: arm == reference)
    own = [ratio_and_error(sides[arm][outcome], sides[arm]["cost"], per) for arm in (first, second)]
    (new, error, n), (old, other, m) = own
    gap = new - old if min(n, m) >= FEWEST else np.nan
    half = stats.norm.ppf((1 + ci_level) / 2) * np.hypot(error, other)
    ends = {"estimate": gap, "low": gap - half, "high": gap + half}
    return {"first": first, "second": second, **ends, "n": n + m}


def arms_in_a_sentence(table: pd.DataFrame, vq: Definition) -> Result | None:
    """Say whether one way of care gave more for the money, and whether that turns once deaths count."""
    if table.empty:
        return None
    last = table.iloc[-1]
    lead = "With deaths counted" if last["counted"] == "deaths counted" else ""
    sides = last[["first", "second", *ENDS]].to_dict()
    claim = Claim("difference", noun(vq), n=int(last["n"]), unit=vq.unit, lead=lead, **sides)
    return Result("two-arms-value", says=[claim, _turn(table)])


def _turn(table: pd.DataFrame) -> str:
    """What counting the deaths did to the comparison; nothing where there are none."""
    if len(table) < 2:
        return ""
    alone, counted = table.iloc[0], table.iloc[1]
    turn = ""
    if alone["estimate"] * counted["estimate"] < 0:
        sure = any(verdict(*row[ENDS]) in ("more", "less") for row in (alone, counted))
        turn = f"; counting deaths turns the order{'' if sure else ', and either could be chance'}"
    numbers = in_both(alone["low"], alone["high"], *alone[ENDS], n=alone["n"], places=2)
    return say("arms-alone", **dict(zip(ENDS, numbers, strict=True)), turn=turn)

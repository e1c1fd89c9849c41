"""Who gets the value: gain, value and reach by group, from worst to best off, and of those at risk."""

from typing import Any

import numpy as np
import pandas as pd

from vbhc import cleaning
from vbhc.chapters.cleaning.fates import difference_of_means
from vbhc.chapters.value.groups import FEWEST, MOST, levels_told
from vbhc.chapters.value.opening import turned, worst_score
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.variation.frames import holds, label_of
from vbhc.publish.disclosure.policies import Policy, get_policy
from vbhc.statistics.inequality import concentration_index, middle_ranks, slope_index
from vbhc.statistics.ratios.means import ratio_of_means_by
from vbhc.statistics.samples import mean_with_range
from vbhc.statistics.standardisation import direct_rate, indirect_ratio
from vbhc.study import Study
from vbhc.study.groups import groups_of

ENDS = ["estimate", "low", "high"]
ROUNDED = 0.005  # how far a mean of three digits can lie from what it is, at least
STATE, GAIN, REACH = "state reached", "gain", "outcome known"
PARTS = ("worst off third", "middle third", "best off third")


def ranks(study: Study, patients: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each column that patients are ranked by, higher being better off, by its label."""
    by = study.config.equity.ranked_by
    return {label_of(study, column): _upwards(patients[column], end) for column, end in by.items()}


def _upwards(values: pd.Series, end: Any) -> pd.Series:
    if isinstance(end, list):
        order = {str(level): place for place, level in enumerate(end)}
        return values.astype("object").map(lambda x: order.get(str(x), np.nan)).astype(float)
    return values.astype(float) * (-1 if end == "higher" else 1)


def outcomes(study: Study, patients: pd.DataFrame, vq: Definition) -> dict[str, tuple[pd.Series, Any]]:
    """Return what is looked at, more being better, with its bounds where it has any.

    The state reached (deaths at the worst score), bounded by the ends of its scale; the gain; whether the
    outcome is known, 0 or 1.
    """
    columns = cleaning.load_columns(study)
    scale: Any = columns.set_index("name").loc[f"{vq.outcome}_{study.follow_up}"]
    state = turned(patients[f"{vq.outcome}_{study.follow_up}"].astype(float), scale)
    worst = turned(pd.Series([worst_score(study, vq, columns)]), scale).iloc[0]
    state = state.mask(patients["died"] & state.isna(), worst)
    gain = patients["gain_counting_deaths"].astype(float)
    return {
        STATE: (state, (float(scale["min"]), float(scale["max"]))),
        GAIN: (gain, None),
        REACH: (gain.notna().astype(float), (0.0, 1.0)),
    }


def levels(study: Study, patients: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the declared subgroups, and thirds of what has more levels than a table can hold."""
    declared = groups_of(study, patients, "subgroup", most=MOST)
    found = {label: own.astype("object") for label, own in declared.items()}
    for label, by in ranks(study, patients).items():
        if label not in found and by.nunique() > MOST:
            place = np.searchsorted(by.quantile([1 / 3, 2 / 3]).tolist(), by.fillna(0), side="right")
            found[label] = pd.Series(np.array(PARTS, object)[place], by.index).where(by.notna())
    return found


def who_gains(study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float = 0.95) -> pd.DataFrame:
    """Return gain, value and reach of every level of every group.

    Returns
    -------
    DataFrame
        `split, group, n`, `reached` (share whose outcome is known), `estimate, low, high` (mean gain, deaths
        counted, t interval), `value, value_low, value_high` (ratio of means, Fieller); levels under ten
        patients with an outcome are left out. Under a policy that protects thirds have no `n`: all are
        alike in size, so that one tells of the others. Where a level has too few known or unknown, no level
        of its split has `reached`: the others and all together tell of it.
    """
    gain, rows, close = patients["gain_counting_deaths"].astype(float), [], untold(study, patients)
    policy = get_policy(study.config.disclosure)
    for split, level in levels(study, patients).items():
        value = ratio_of_means_by(gain, patients["cost"], level, vq.per, ci_level).set_index("group")
        told = levels_told(gain.notna(), level, study)
        for name, inside in gain.groupby(level):
            if name in told:
                called = f"{name:g}" if isinstance(name, float) else str(name)
                gained = list(mean_with_range(inside, ci_level).values())[:3]
                size = len(inside)
                reached = np.nan if split in close else policy.rounded(inside.count()) / policy.rounded(size)
                n = np.nan if called in PARTS and policy.protects else size
                rows.append([split, called, n, reached, *gained, *value.loc[str(name), ENDS]])
    names = ["split", "group", "n", "reached", "estimate", "low", "high", "value", "value_low", "value_high"]
    table = pd.DataFrame(rows, columns=names)
    # The mean of everybody, once by each split, tells how many of a level they are of.
    spread = table.groupby("split")["estimate"].transform(np.ptp)
    few = table["split"].isin(close) & (gain.count() * ROUNDED < policy.bound * spread)
    return table.assign(**{column: table[column].mask(few) for column in ENDS})


def untold(study: Study, patients: pd.DataFrame) -> list[str]:
    """Return the splits of which a level has too few patients with, or without, a known outcome."""
    policy, missing = get_policy(study.config.disclosure), patients["gain_counting_deaths"].isna()
    return [
        split
        for split, level in levels(study, patients).items()
        if not policy.tells(pd.crosstab(level, missing).reindex(columns=[False, True], fill_value=0)).all()
    ]


def gives_back(by: pd.Series, policy: Policy) -> bool:
    """Whether Erreygers' index tells of few: one of another level moves it by 8 / n of their ranks apart."""
    ranks = middle_ranks(by.dropna())
    return by.nunique() <= MOST and policy.hides_up_to * np.ptp(ranks) * 8 / len(ranks) > 0.01


def inequality(study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float = 0.95) -> pd.DataFrame:
    """Return how state, gain and reach are spread from the worst off to the best off.

    Returns
    -------
    DataFrame
        `ranked_by, measure, method, estimate, low, high, n`: Erreygers' index of what has bounds, slope of
        the gain (its mean at the best-off end less that at the worst-off one). Whose outcome is known is left
        out where it would tell of a level with too few or too few others (`untold`, `gives_back`).
    """
    parts, looked_at = [], outcomes(study, patients, vq)
    few, policy = untold(study, patients), get_policy(study.config.disclosure)
    for label, by in ranks(study, patients).items():
        for measure, (values, bounds) in looked_at.items():
            if measure == REACH and (few or gives_back(by, policy)):
                continue
            if bounds is None:
                found = slope_index(values, by, ci_level)
            else:
                found = concentration_index(values, by, bounds=bounds, ci_level=ci_level)
            kept = found[found["method"].isin(["slope", "Erreygers"])]
            parts.append(kept.assign(ranked_by=label, measure=measure))
    return pd.concat(parts, ignore_index=True)[["ranked_by", "measure", "method", *ENDS, "n"]]


def level_for_all(study: Study, ci_level: float = 0.95) -> float:
    """Return the level at which all groups at risk together are wrong no oftener than `ci_level` allows.

    Bonferroni's correction: 1 - (1 - level) / number of groups.
    """
    return 1 - (1 - ci_level) / max(len(study.config.equity.at_risk), 1)


def at_risk(study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float = 0.95) -> pd.DataFrame:
    """Return by how much declared groups gain less than all others, and what closing that would be worth.

    Returns
    -------
    DataFrame
        `group, n, share` (of all patients), `reached`, `estimate, low, high` (mean gain less that of the
        others; Welch, deaths counted), `worth, worth_low, worth_high` (a shortfall times the group's size:
        units of the outcome). Groups or rests under ten patients with an outcome have none.
    """
    gain, rows = patients["gain_counting_deaths"].astype(float), []
    policy = get_policy(study.config.disclosure)
    for name, rule in study.config.equity.at_risk.items():
        inside = holds(patients, rule)
        groups, n = [gain[who].dropna() for who in (inside, ~inside)], int(inside.sum())
        enough = min(map(len, groups)) >= FEWEST
        ends = list(difference_of_means(groups[0], groups[1], ci_level).values()) if enough else [np.nan] * 3
        # the worth, over the shortfall beside it, gives the size back
        size = -policy.rounded(n) if not policy.step else -policy.step * max(1, round(n / policy.step))
        worth = [size * ends[0], size * ends[2], size * ends[1]] if ends[0] < 0 else [np.nan] * 3
        rows.append([name, n, n / len(patients), gain[inside].notna().mean(), *ends, *worth])
    names = ["group", "n", "share", "reached", "estimate", "low", "high", "worth", "worth_low", "worth_high"]
    return pd.DataFrame(rows, columns=names)


def events(study: Study, patients: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame | None:
    """Return how often the declared event befell those at risk, and how often in their strata.

    Returns
    -------
    DataFrame or None
        `group, n, k, share`, `standardised` (direct: with the strata of all patients; NaN under 10 events or
        where the group lacks a stratum), `expected` (at the rates of all patients), `estimate, low, high`
        (observed over expected, Byar's interval, exact under 10). None where no event is declared. Groups
        that leave too few events, or too few without one, are left out where counts are not rounded, and all
        where those are no more than twice too few in all: of 7 events a row that stays and leaves more than 5
        others would hold one.
    """
    plan = study.config.equity
    if not plan.event:
        return None
    happened, everybody = holds(patients, plan.event).astype(float), [""] * len(patients)
    # those without a stratum have their own, so that nobody is lost
    parts = [patients[column].astype("object").map(str) for column in plan.strata]
    strata = pd.Series(everybody, patients.index).str.cat(parts, sep="|")
    policy = get_policy(study.config.disclosure)
    rows: list[dict] = []
    enough = policy.rounds_to or (happened.value_counts() > 2 * policy.hides_up_to).all()
    for name, rule in plan.at_risk.items() if enough else ():
        inside = holds(patients, rule)
        others = happened[~inside].value_counts().reindex([0.0, 1.0], fill_value=0)
        if policy.rounds_to or policy.tells(others).all():
            rows.append(_befell(name, inside, happened, strata, ci_level, policy))
    return pd.DataFrame(rows)


def _befell(
    name: str, inside: pd.Series, happened: pd.Series, strata: pd.Series, ci_level: float, policy: Policy
) -> dict[str, Any]:
    everybody = happened.groupby(strata).agg(["sum", "count"])
    own = happened[inside].groupby(strata[inside]).agg(["sum", "count"])
    own = own.reindex(everybody.index, fill_value=0)
    expected = float((own["count"] * everybody["sum"] / everybody["count"]).sum())
    if expected > policy.hides_up_to:  # of a group of whole strata as many are expected as there were
        expected = policy.rounded(expected)
    direct = direct_rate(own["sum"], own["count"], everybody["count"], ci_level=ci_level)
    n, k = int(inside.sum()), int(own["sum"].sum())
    # Of an exact count the ratio, times what was expected, would give it back.
    shown = pd.Series([policy.rounded(float(k))])
    ratio = indirect_ratio(shown, pd.Series([expected]), ci_level=ci_level).iloc[0]
    known = {"group": name, "n": n, "k": k, "share": k / n if n else np.nan}
    return {**known, "standardised": direct["estimate"], "expected": expected, **ratio.to_dict()}

"""Whether the scores can bear what is built on them: floor, ceiling, what is missing, and reliability."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from vbhc import instruments
from vbhc.chapters.cleaning import layout
from vbhc.chapters.cleaning.sentences import say
from vbhc.cleaning.scoring import items_of, visits_of
from vbhc.instruments.reliability import scale_reliability
from vbhc.instruments.responders import pchc
from vbhc.publish.disclosure.policies import FEW
from vbhc.publish.either import either
from vbhc.publish.results import Result
from vbhc.study import Study
from vbhc.wording import inside_sentence

PARTLESS = "none of its parts could be scored"  # by their names an instrument tells of columns
MOST_AT_AN_END = 0.15  # Terwee 2007, J Clin Epidemiol 60:34


def scale_behaviour(study: Study, patients: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """Floor, ceiling and missing of every scored scale at every visit.

    Parameters
    ----------
    patients : DataFrame
        One row per patient.
    columns : DataFrame
        Dictionary of the clean columns; scored ones name their instrument as `source`.

    Returns
    -------
    DataFrame
        `scale, visit, n, n_missing, mean, sd, floor_share, ceiling_share, step` (shares of those scored, 0-1;
        floor is the scale's worst value, ceiling its best; step: the least that two scores lie apart). More
        than 0.15 at an end leaves no room to see change (Terwee 2007, J Clin Epidemiol 60:34).
    """
    rows = []
    for column in score_columns(study, columns).itertuples():
        values = patients[column.name].astype(float)
        given, ends = values.dropna(), [column.min, column.max]
        worst, best = reversed(ends) if column.direction.startswith("lower") else ends
        shares = [((given - end).abs() <= 1e-9).mean() for end in (worst, best)]
        counts = (len(given), len(values) - len(given))
        step = np.diff(np.unique(given)).min(initial=np.inf)
        rows.append((*_scale_and_visit(study, column), *counts, values.mean(), values.std(), *shares, step))
    names = ["scale", "visit", "n", "n_missing", "mean", "sd", "floor_share", "ceiling_share", "step"]
    return pd.DataFrame(rows, columns=names)


def _scale_and_visit(study: Study, column: Any) -> tuple[str, str]:
    """Part the label of a score from that of its visit."""
    for visit in study.config.visits:
        end = f", {_when(study, visit)}"
        if column.name.endswith(f"_{visit}") and column.label.endswith(end):
            return column.label.removesuffix(end), _when(study, visit)
    return column.label, _when(study, "")


def score_columns(study: Study, columns: pd.DataFrame) -> pd.DataFrame:
    """Rows of the column dictionary that are scores of the study's instruments, with both limits known.

    What has no better end is no score: the standard error of a T score, the number of items answered.
    """
    used = {use.instrument for use in study.config.instruments.values()}
    change = columns["name"].str.endswith("_change") | (columns["name"] == "perceived_value")
    judged = columns["direction"].fillna("") != ""
    return columns[columns["source"].isin(used) & judged & ~change].dropna(subset=["min", "max"])


def show_room(behaviour: pd.DataFrame) -> Result | None:
    """Say in one line which scores sit at an end, where no change can be seen; nothing without a scale."""
    if behaviour.empty:
        return None
    rows = behaviour[behaviour["n"] > 0]
    ends = [rows.loc[rows[end] > MOST_AT_AN_END, [end, "n"]] for end in ("ceiling_share", "floor_share")]
    # the counts behind the shares that are told: 18% of 11 are two
    counts = [(round(share * n), int(n)) for end in ends for share, n in end.to_numpy()]
    return Result("ceiling", says=[at_an_end(behaviour)], counts=counts)


def at_an_end(behaviour: pd.DataFrame) -> str:
    """Name the scales with more than 15% of patients at an end, where change is cut off."""
    behaviour = behaviour[behaviour["n"] > 0]
    if behaviour.empty:
        return "No scale could be scored."
    parts = []
    for end, value in (("ceiling_share", "best"), ("floor_share", "worst")):
        rows = behaviour[behaviour[end] > MOST_AT_AN_END].sort_values(end, ascending=False, kind="stable")
        for row in rows.assign(when=rows["visit"].map(inside_sentence)).to_dict("records"):
            parts.append(say("at-an-end", **row, share=either(f"{row[end]:.0%} "), value=value))
    if not parts:
        return say("at-no-end", most=MOST_AT_AN_END)
    more = f", and {len(parts) - 4} more" if len(parts) > 4 else ""
    return say("at-ends", most=MOST_AT_AN_END, named="; ".join(parts[:4]), more=more)


def show_scales(behaviour: pd.DataFrame) -> Result:
    """Show level, spread, floor and ceiling.

    Under a policy that protects a coarse scale has fewer decimals: its mean and standard deviation would say
    of how many people they are, since sums of whole steps are few (Brown and Heathers 2017, Soc Psychol
    Personal Sci 8:363-9). Of fewer than `FEW` a step is about a fortieth of their spread: finer means of all,
    of some and of the others say how many each are. A share at an end has one decimal, which says what is
    asked: whether it is more than 15%.
    """
    rows = together(behaviour)
    sums = (rows["n"] / rows["step"]).clip(lower=1)  # how many of them a mean of so many people tells apart
    places = np.floor(np.log10(sums.where(np.isfinite(rows["step"]), 1)) + 0.05)
    fortieth = np.floor(-np.log10(rows["sd"].where(rows["sd"] > 0, 40) / 40))
    places = places.clip(upper=fortieth.where(rows["n"] < FEW, 2)).clip(0, 2).astype(int)
    coarse = dict.fromkeys(("mean", "sd"), places.tolist()) | {"floor_share": 1, "ceiling_share": 1}
    rules = {"protected": {"decimals": coarse}}
    return Result("scales", table=layout.table("scales", rows.drop(columns="step"), rules=rules))


def reliability(study: Study, patients: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Cronbach's alpha and McDonald's omega of every scale that adds up two or more items, by visit.

    Returns
    -------
    DataFrame
        `scale, visit, n_items, n, alpha, low, high, omega`; complete answers only. EQ-5D is left out: its
        dimensions are valued, not added up, so agreement between them is not wanted.
    """
    columns = ["scale", "visit", "n_items", "n", "alpha", "low", "high", "omega"]
    return _of_each_use(study, patients, partial(scale_reliability, ci_level=ci_level), columns)


def show_reliability(alphas: pd.DataFrame, ci_level: float = 0.95) -> Result | None:
    """Show alpha with its interval and omega; nothing where no scale adds up two items or more.

    Under a policy that protects with one decimal of fewer than `FEW`: Feldt's interval gives their number.
    """
    if alphas.empty:
        return None
    rows = together(alphas)
    places = [2 if n >= FEW else 1 for n in rows["n"]]
    rules = {"protected": {"decimals": dict.fromkeys(("alpha", "low", "high", "omega"), places)}}
    return Result("reliability", table=layout.table("reliability", rows, {"level": ci_level}, rules=rules))


def show_unscored(reasons: pd.DataFrame) -> Result:
    """Show why scores could not be formed; scales of one questionnaire that miss alike share a row.

    A policy that protects gets the reasons alone: who answered is counted elsewhere, and one reason tells the
    few of another.
    """
    rows, note = _missing_alike(together(reasons)), either("", say("unscored-uncounted"))
    return Result("unscored", table=layout.table("unscored", rows, notes=[note]))


def _missing_alike(reasons: pd.DataFrame) -> pd.DataFrame:
    alike = ["visit", "instrument", "reason", "n"]
    rows = []
    for (visit, instrument, reason, n), group in reasons.groupby(alike, sort=False):
        scale = group["scale"].iloc[0] if len(group) == 1 else f"{instrument}, {len(group)} scales"
        rows.append((scale, visit, reason, n))
    return pd.DataFrame(rows, columns=["scale", "visit", "reason", "n"])


def together(table: pd.DataFrame, column: str = "visit") -> pd.DataFrame:
    """Return the rows so that those alike in a column stand together, in the order of first appearance."""
    order = pd.Series(pd.factorize(table[column], use_na_sentinel=False)[0], index=table.index)
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def unscored(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Why scores are missing: `scale, visit, reason, n, instrument`, every reason that occurs."""
    columns = ["scale", "visit", "reason", "n", "instrument"]
    table = _of_each_use(study, patients, instruments.missing_reasons, columns)
    reason = table["reason"].replace(r"^none of .* could be scored$", PARTLESS, regex=True)
    return table.assign(reason=reason)


def _of_each_use(
    study: Study, patients: pd.DataFrame, table_of: Callable[..., pd.DataFrame], columns: list[str]
) -> pd.DataFrame:
    """Return the scales of every instrument at every visit, one after the other; second uses are left out."""
    parts = []
    for use in (one for one in study.config.instruments.values() if not one.suffix):
        scales = instruments.scales(use.instrument, **use.scored_with)
        labels = {scale.column: scale.label for scale in scales}
        for visit in visits_of(study, use):
            table = table_of(use.instrument, items_of(use, visit, patients), **use.scored_with)
            known = {"visit": _when(study, visit), "instrument": instruments.get(use.instrument).label}
            parts += [table.assign(scale=table["scale"].map(labels), **known)] if len(table) else []
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _when(study: Study, visit: str) -> str:
    return study.config.visits[visit].label if visit else "asked once"


def profile_change(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Paretian classification of health change over all EQ-5D dimensions (Devlin 2010, Health Econ 19:886).

    Returns
    -------
    DataFrame
        `change, k, share, n, n_missing`: better on at least one dimension and worse on none, the reverse,
        mixed, or no change, from the first visit to the last; empty where the study has no EQ-5D at both.
    """
    for use in study.config.instruments.values():
        if use.instrument.startswith("eq5d-") and not use.once and study.baseline != study.follow_up:
            before, after = (items_of(use, visit, patients) for visit in (study.baseline, study.follow_up))
            return pchc(before, after, use.instrument)
    return pd.DataFrame()


def show_profile_change(table: pd.DataFrame) -> Result | None:
    """Show the classes of change; nothing where no EQ-5D was asked twice.

    Under a policy that protects without shares of fewer than `FEW`: .58 of about 40 is of 43 or 45.
    """
    if table.empty:
        return None
    rules = {"protected": {"drop": ["share"] if (table["n"] < FEW).any() else []}}
    return Result("profile-change", table=layout.table("profile-change", table, rules=rules))

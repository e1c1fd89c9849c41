"""What the results would be if the missing patients had answered: as others like them, or worse.

Worse: imputed values are moved by a stated amount and analysed again (delta adjustment; Leurent et al. 2018,
Pharmacoeconomics 36:889, doi 10.1007/s40273-018-0650-5). `missing_arms` does so by arm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.value.missing_sensitivity import missing_sensitivity
from vbhc.chapters.value.quota.declared import Definition, group_outcome, outcome_values
from vbhc.statistics.correlation.rank import spearman
from vbhc.study import Study
from vbhc.study.deaths import deaths

SHIFTS = (0.0, -0.25, -0.5)  # of the follow-up's standard deviation
FEWEST = 20
COLUMNS = ["handling", "delta", "estimate", "low", "high", "n", "n_missing", "fmi"]
OUTCOME, BEFORE, COST, PERCEIVED = "follow_up", "baseline", "cost", "perceived_value"


def imputation_frame(study: Study, patients: pd.DataFrame, definition: Definition) -> pd.DataFrame:
    """Numeric columns for an imputation: outcome before and after, cost, perception, covariates.

    Covariates that are no numbers become 0/1 columns: missing is a level of its own, and a level held by
    fewer than ten patients joins the others. Numeric covariates with missing values are left out, and so is
    what has no spread. Nothing is imputed here.
    """
    sign = definition.sign
    before, after = (f"{definition.outcome}_{visit}" for visit in (study.baseline, study.follow_up))
    scores = sign * patients[[before, after]].astype(float).set_axis([BEFORE, OUTCOME], axis=1)
    cost = patients[definition.cost_column].astype(float).rename(COST)
    further = [*([PERCEIVED] if PERCEIVED in patients else []), *_further_parts(definition)]
    held = [numeric(patients[name]) for name in study.config.covariates if name in patients]
    frame = pd.concat([scores, cost, patients[further].astype(float), *held], axis=1)
    return frame.loc[:, frame.nunique() > 1]


def _further_parts(definition: Definition) -> list[str]:
    """Columns that the form needs beside the outcome's first and last visit."""
    if definition.recipe is None:
        return []
    first = definition.recipe.parts[0]
    names = [name for part in definition.recipe.parts[1:] for name in (part.before, part.after)]
    names += [name for name in definition.recipe.columns if name not in (first.before, first.after)]
    return [name for name in dict.fromkeys(names) if name]


def count_deaths(
    study: Study, patients: pd.DataFrame, columns: pd.DataFrame, frame: pd.DataFrame, stem: str
) -> tuple[pd.DataFrame, int]:
    """Return the frame with the dead at the last visit's worst score (a utility: 0), and how many it fills.

    The dead will never answer: imputing an answer for them would count them as survivors.
    """
    scale = columns.set_index("name").loc[f"{stem}_{study.follow_up}"]
    worst = -scale["max"] if scale["direction"] == "lower is better" else scale["min"]
    worst = 0.0 if stem.startswith("eq5d_index") else float(worst)
    if OUTCOME not in frame:  # nobody has one, or all have the same: nothing will be filled in
        return frame, 0
    silent = deaths(study, patients) & frame[OUTCOME].isna()
    return frame.assign(**{OUTCOME: frame[OUTCOME].mask(silent, worst)}), int(silent.sum())


def numeric(column: pd.Series) -> pd.DataFrame:
    """A covariate as numbers: itself, or a 0/1 column per common level; nothing where a number is missing."""
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        values = column.astype("Float64").astype(float).to_frame()
        return values if values.notna().all(axis=None) else values.iloc[:, :0]
    named = column.astype("object").where(column.notna(), "missing")
    common = named.value_counts()
    kept = named.where(named.isin(common.index[common >= 10]), "other")
    return pd.get_dummies(kept, prefix=column.name, drop_first=True, dtype=float)


def value_if_answered(
    study: Study,
    patients: pd.DataFrame,
    columns: pd.DataFrame,
    definition: Definition,
    ci_level: float = 0.95,
    n_imputations: int = 20,
    seed: int = 1,
) -> pd.DataFrame:
    """Group value for complete cases, for imputed data, and for data in which the missing did worse.

    Returns
    -------
    DataFrame
        As `missing_sensitivity`: `handling, delta, estimate, low, high, n, n_missing, fmi`;
        delta is in points of the outcome at follow-up, the ratio's variance is the delta method's. Empty
        where fewer than `FEWEST` patients are complete.
    """

    def ratio(complete: pd.DataFrame) -> tuple[float, float]:
        gain = _in_form(complete, definition, group_outcome)
        return _ratio_and_variance(gain.to_numpy(), complete[COST].to_numpy(), definition.per)

    frames = frames_of(study, patients, columns, definition)
    needed = [BEFORE, OUTCOME, COST, *_further_parts(definition)]
    return handled_each_way(*frames, ratio, needed, n_imputations, seed, ci_level)


def association_if_answered(
    study: Study,
    patients: pd.DataFrame,
    columns: pd.DataFrame,
    definition: Definition,
    ci_level: float = 0.95,
    n_imputations: int = 20,
    seed: int = 1,
) -> pd.DataFrame:
    """Spearman's correlation of perception with VQ under the same three ways of treating the missing.

    Pooled on Fisher's z with the variance of Bonett and Wright (2000), and turned back.
    """

    def fisher_z(complete: pd.DataFrame) -> tuple[float, float]:
        priced = complete[complete[COST] > 0]
        row = spearman(priced[PERCEIVED], _in_form(priced, definition) / priced[COST]).iloc[0]
        rho, n = float(row["estimate"]), int(row["n"])
        return float(np.arctanh(rho)), (1 + rho**2 / 2) / (n - 3)

    frames = frames_of(study, patients, columns, definition)
    needed = [BEFORE, OUTCOME, COST, PERCEIVED, *_further_parts(definition)]
    return handled_each_way(*frames, fisher_z, needed, n_imputations, seed, ci_level, np.tanh)


def frames_of(
    study: Study, patients: pd.DataFrame, columns: pd.DataFrame, definition: Definition
) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return what is imputed from: the frame, the same with deaths counted, and how many these are."""
    frame = imputation_frame(study, patients, definition)
    return frame, *count_deaths(study, patients, columns, frame, definition.outcome)


def handled_each_way(
    frame: pd.DataFrame,
    with_deaths: pd.DataFrame,
    dead: int,
    analysis: Callable[[pd.DataFrame], tuple[float, float]],
    needed: Sequence[str],
    n_imputations: int,
    seed: int,
    ci_level: float,
    back: Callable | None = None,
) -> pd.DataFrame:
    """Return a result under every way of treating the missing; empty where too few patients are complete.

    Parameters
    ----------
    frame, with_deaths, dead
        From `frames_of`.
    analysis, n_imputations, seed, ci_level, back
        As for `missing_sensitivity`.
    needed : sequence of str
        Columns that `analysis` reads.
    """
    complete = frame.dropna(subset=needed) if set(needed) <= set(frame) else frame.iloc[:0]
    if len(complete) < FEWEST:
        return pd.DataFrame(columns=COLUMNS)
    rest = (OUTCOME, _deltas(frame), n_imputations, seed, ci_level, back, needed)
    table = missing_sensitivity(with_deaths, analysis, *rest)
    if dead:
        table["handling"] = table["handling"] + ", the dead at the worst score"
        alone = missing_sensitivity(frame, analysis, OUTCOME, (), 1, seed, ci_level, back, needed)
        table = pd.concat([alone, table], ignore_index=True)
    return table[COLUMNS]


def _in_form(complete: pd.DataFrame, definition: Definition, made=outcome_values) -> pd.Series:
    """The numerator of complete patients: scores are turned back where the form expects them so."""
    if definition.recipe is None or definition.form in ("gain", "follow-up"):
        gain = definition.form == "gain"
        return complete[OUTCOME] - complete[BEFORE] if gain else complete[OUTCOME]
    first, sign = definition.recipe.parts[0], definition.sign
    scores = {first.after: sign * complete[OUTCOME], definition.cost_column: complete[COST]}
    if first.before:
        scores[first.before] = sign * complete[BEFORE]
    return made(complete.assign(**scores), definition)


def _deltas(frame: pd.DataFrame) -> tuple[float, ...]:
    spread = frame[OUTCOME].std()
    return tuple(round(shift * spread, 2) for shift in SHIFTS)


def _ratio_and_variance(outcome: np.ndarray, cost: np.ndarray, per: float) -> tuple[float, float]:
    """Ratio of means and its variance: linear in both means (delta method)."""
    value = outcome.mean() / cost.mean()
    deviation = (outcome - value * cost) / cost.mean()
    return per * value, per**2 * stats.tvar(deviation) / len(outcome)

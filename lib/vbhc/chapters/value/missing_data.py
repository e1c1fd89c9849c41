"""What the results would be if the missing patients had answered: as others like them, or worse.

Worse: imputed values are moved by a stated amount and analysed again (delta adjustment; Leurent et al. 2018,
Pharmacoeconomics 36:889, doi 10.1007/s40273-018-0650-5). `two_arms.worse` does so by arm.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.value.opening import providers, worst_score
from vbhc.chapters.value.quota.declared import Definition, group_outcome, outcome_values
from vbhc.statistics.correlation.rank import spearman
from vbhc.statistics.imputation import impute, rubin
from vbhc.statistics.ratios.means import sums_by
from vbhc.study import Study
from vbhc.study.deaths import deaths

SHIFTS = (0.0, -0.25, -0.5)  # of the follow-up's standard deviation
FEWEST = 20
ENDS = ["estimate", "low", "high"]
COLUMNS = ["handling", "delta", *ENDS, "n", "n_missing", "fmi"]
OUTCOME, BEFORE, COST, PERCEIVED = "follow_up", "baseline", "cost", "perceived_value"
Analysis = Callable[[pd.DataFrame], tuple[float, float]]


def imputation_frame(study: Study, patients: pd.DataFrame, definition: Definition) -> pd.DataFrame:
    """Numeric columns for an imputation: outcome before and after, cost, perception, covariates.

    Covariates that are no numbers become 0/1 columns: missing is a level of its own, and a level held by
    fewer than ten patients joins the others. Numeric covariates with missing values are left out, and so is
    what has no spread. Nothing is imputed here.
    """
    before, after = (f"{definition.outcome}_{visit}" for visit in (study.baseline, study.follow_up))
    scores = definition.sign * patients[[before, after]].astype(float).set_axis([BEFORE, OUTCOME], axis=1)
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


def numeric(column: pd.Series) -> pd.DataFrame:
    """A covariate as numbers: itself, or a 0/1 column per common level; nothing where a number is missing."""
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        values = column.astype("Float64").astype(float).to_frame()
        return values if values.notna().all(axis=None) else values.iloc[:, :0]
    named = column.astype("object").where(column.notna(), "missing")
    common = named.value_counts()
    kept = named.where(named.isin(common.index[common >= 10]), "other")
    return pd.get_dummies(kept, prefix=column.name, drop_first=True, dtype=float)


def count_deaths(
    study: Study, patients: pd.DataFrame, columns: pd.DataFrame, frame: pd.DataFrame, definition: Definition
) -> tuple[pd.DataFrame, int]:
    """Return the frame with the dead at the last visit's worst score (a utility: 0), and how many it fills.

    The dead will never answer: imputing an answer for them would count them as survivors.
    """
    if OUTCOME not in frame:  # nobody has one, or all have the same: nothing will be filled in
        return frame, 0
    silent = deaths(study, patients) & frame[OUTCOME].isna()
    worst = definition.sign * worst_score(study, definition, columns)
    return frame.assign(**{OUTCOME: frame[OUTCOME].mask(silent, worst)}), int(silent.sum())


def value_if_answered(
    study: Study,
    patients: pd.DataFrame,
    columns: pd.DataFrame,
    definition: Definition,
    ci_level: float = 0.95,
    n_imputations: int = 20,
    seed: int = 1,
) -> pd.DataFrame:
    """Value quota of complete cases, of imputed data, and of data in which the missing did worse.

    Returns
    -------
    DataFrame
        As `missing_sensitivity`; delta is in points of the outcome at follow-up, the ratio's variance is the
        delta method's, over the providers' sums where a study has many (`opening.providers`). Empty where
        fewer than `FEWEST` patients are complete.
    """
    cluster = providers(study, patients)

    def ratio(complete: pd.DataFrame) -> tuple[float, float]:
        gain, cost = _in_form(complete, definition, group_outcome), complete[COST]
        y, x = (gain.to_numpy(), cost.to_numpy()) if cluster is None else sums_by(gain, cost, cluster)
        value = y.mean() / x.mean()
        spread = stats.tvar((y - value * x) / x.mean()) / len(y)
        return definition.per * value, definition.per**2 * spread

    return _each_way(study, patients, columns, definition, ratio, [], n_imputations, seed, ci_level)


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

    rest = (n_imputations, seed, ci_level, np.tanh)
    return _each_way(study, patients, columns, definition, fisher_z, [PERCEIVED], *rest)


def _each_way(
    study: Study,
    patients: pd.DataFrame,
    columns: pd.DataFrame,
    definition: Definition,
    analysis: Analysis,
    also: Sequence[str],
    n_imputations: int,
    seed: int,
    ci_level: float,
    back: Callable | None = None,
) -> pd.DataFrame:
    """Return a result under every way of treating the missing; empty where too few patients are complete.

    `also` names what `analysis` reads beside the outcome's visits and the cost.
    """
    frame = imputation_frame(study, patients, definition)
    with_deaths, dead = count_deaths(study, patients, columns, frame, definition)
    needed = [BEFORE, OUTCOME, COST, *also, *_further_parts(definition)]
    if not set(needed) <= set(frame) or len(frame.dropna(subset=needed)) < FEWEST:
        return pd.DataFrame(columns=COLUMNS)
    spread = frame[OUTCOME].std()
    deltas, rest = tuple(round(shift * spread, 2) for shift in SHIFTS), (seed, ci_level, back, needed)
    table = missing_sensitivity(with_deaths, analysis, OUTCOME, deltas, n_imputations, *rest)
    if dead:
        table["handling"] = table["handling"] + ", the dead at the worst score"
        alone = missing_sensitivity(frame, analysis, OUTCOME, (), 1, *rest)
        table = pd.concat([alone, table], ignore_index=True)
    return table


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


def missing_sensitivity(
    patients: pd.DataFrame,
    analysis: Analysis,
    shifted: str,
    deltas: tuple[float, ...] = (0.0,),
    n_imputations: int = 20,
    seed: int = 1,
    ci_level: float = 0.95,
    back: Callable[[float], float] | None = None,
    needed: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return a result for complete cases, imputed data, and imputed data in which the missing did worse.

    Parameters
    ----------
    patients : DataFrame
        Numeric columns, as for `impute`.
    analysis : callable
        Takes complete patients; returns an estimate and its variance, on an about normal scale.
    shifted : str
        The column whose imputed values are shifted by each delta: 0 = missing at random given the other
        columns, -5 = those who did not answer are 5 points worse than others like them.
    back : callable, optional
        Turns estimate and ends back to the reader's scale (np.tanh for Fisher's z).
    needed : sequence of str, optional
        Columns that `analysis` reads; a patient with all of them is a complete case.

    Returns
    -------
    DataFrame
        `handling` ("complete cases", "imputed", "imputed, missing shifted by -5"), `delta, estimate, low,
        high, n, n_missing, fmi`.
    """
    complete = patients.dropna(subset=list(needed) if needed else None)
    estimate, variance = analysis(complete)
    half = stats.norm.ppf((1 + ci_level) / 2) * np.sqrt(variance)
    gone, hidden = len(patients) - len(complete), patients[shifted].isna()
    ends = (estimate, estimate - half, estimate + half)
    rows = [("complete cases", np.nan, *ends, len(complete), gone, np.nan)]
    copies = impute(patients, n_imputations, seed)
    for delta in deltas:
        moved = (one.assign(**{shifted: one[shifted].where(~hidden, one[shifted] + delta)}) for one in copies)
        estimates, variances = zip(*map(analysis, moved), strict=True)
        pooled = rubin(estimates, variances, len(patients), ci_level=ci_level).iloc[0]
        name = "imputed" if delta == 0 else f"imputed, missing shifted by {delta:g}"
        rows.append((name, delta, *pooled[ENDS], len(patients), gone, pooled["fmi"]))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(**table[ENDS].map(back)) if back else table

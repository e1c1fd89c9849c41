"""What the value quota would be had the missing patients answered: as others like them, or worse.

Worse: imputed values are moved by a stated amount and analysed again (delta adjustment; Leurent et al. 2018,
Pharmacoeconomics 36:889, doi 10.1007/s40273-018-0650-5). `two_arms.imputed` does so by arm.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.chapters.deaths import deaths
from vbhc.chapters.value import layout
from vbhc.chapters.value.group_value import noun
from vbhc.chapters.value.opening import providers, with_deaths
from vbhc.chapters.value.quota.declared import Definition, group_outcome, outcome_values
from vbhc.chapters.value.sentences import say
from vbhc.publish.claims import in_tens
from vbhc.publish.either import either
from vbhc.publish.findings.made import in_both, in_digits
from vbhc.publish.results import Claim, Result
from vbhc.statistics import imputation
from vbhc.statistics.correlation.rank import spearman
from vbhc.statistics.imputation import ROUNDS, impute, rubin
from vbhc.statistics.ratios.means import sums_by
from vbhc.study import Study
from vbhc.study.kept import LARGE, kept

SHIFTS = (0.0, -0.25, -0.5)  # of the follow-up's standard deviation
FEWEST = 20
FEW_ROUNDS = 2  # of a large study, in which chained equations settle
ENDS = ["estimate", "low", "high"]
COLUMNS = ["handling", "delta", *ENDS, "n", "n_missing", "fmi"]
OUTCOME, BEFORE, COST, PERCEIVED = "follow_up", "baseline", "cost", "perceived_value"
Analysis = Callable[[pd.DataFrame], tuple[float, float]]
ALONE, DEAD = "those who answered", "and the dead, at the worst score"
TOO_FEW = say("few-complete", fewest=FEWEST)
NOBODY = "Every patient has an outcome and a cost, so nothing is filled in."


def imputation_frame(study: Study, patients: pd.DataFrame, vq: Definition) -> pd.DataFrame:
    """Numeric columns for an imputation: outcome before and after, cost, perception, covariates.

    Covariates that are no numbers become 0/1 columns: missing is a level of its own, and a level held by
    fewer than ten patients joins the others. Numeric covariates with missing values are left out, and so is
    what has no spread. Nothing is imputed here.
    """
    before, after = (f"{vq.outcome}_{visit}" for visit in (study.baseline, study.follow_up))
    scores = vq.sign * patients[[before, after]].astype(float).set_axis([BEFORE, OUTCOME], axis=1)
    cost = patients[vq.cost_column].astype(float).rename(COST)
    further = [*([PERCEIVED] if PERCEIVED in patients else []), *_further_parts(vq)]
    held = [numeric(patients[name]) for name in study.config.covariates if name in patients]
    frame = pd.concat([scores, cost, patients[further].astype(float), *held], axis=1)
    return frame.loc[:, frame.nunique() > 1]


def _further_parts(vq: Definition) -> list[str]:
    """Columns that the form needs beside the outcome's first and last visit."""
    if vq.recipe is None:
        return []
    first = vq.recipe.parts[0]
    names = [name for part in vq.recipe.parts[1:] for name in (part.before, part.after)]
    names += [name for name in vq.recipe.columns if name not in (first.before, first.after)]
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


def value_if_answered(
    study: Study,
    patients: pd.DataFrame,
    vq: Definition,
    ci_level: float,
    n_imputations: int,
    seed: int,
    shifts: Sequence[float] = SHIFTS,
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
        gain, cost = _in_form(complete, vq, group_outcome), complete[COST]
        y, x = (gain.to_numpy(), cost.to_numpy()) if cluster is None else sums_by(gain, cost, cluster)
        value = y.mean() / x.mean()
        spread = stats.tvar((y - value * x) / x.mean()) / len(y)
        return vq.per * value, vq.per**2 * spread

    frames = _without_and_with_deaths(study, patients, vq)
    return _each_way(study, frames, ratio, _needed(vq), shifts, n_imputations, seed, ci_level)


def association_if_answered(
    study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float, n_imputations: int, seed: int
) -> pd.DataFrame:
    """Spearman's correlation of perception with VQ under the same three ways of treating the missing.

    Pooled on Fisher's z with the variance of Bonett and Wright (2000), and turned back.
    """

    def fisher_z(complete: pd.DataFrame) -> tuple[float, float]:
        priced = complete[complete[COST] > 0]
        row = spearman(priced[PERCEIVED], _in_form(priced, vq) / priced[COST]).iloc[0]
        rho, n = float(row["estimate"]), int(row["n"])
        return float(np.arctanh(rho)), (1 + rho**2 / 2) / (n - 3)

    frames = _without_and_with_deaths(study, patients, vq)
    needed = [*_needed(vq), PERCEIVED]
    table = _each_way(study, frames, fisher_z, needed, SHIFTS, n_imputations, seed, ci_level)
    return table.assign(**np.tanh(table[ENDS].astype(float)))


def _without_and_with_deaths(study: Study, patients: pd.DataFrame, vq: Definition) -> list[pd.DataFrame]:
    """Return what is imputed, and the same with the dead at the last visit's worst score (a utility: 0).

    The dead will never answer: imputing an answer for them would count them as survivors.
    """
    alone = imputation_frame(study, patients, vq)
    if not deaths(study, patients).any():
        return [alone, alone]
    return [alone, imputation_frame(study, with_deaths(study, patients, vq), vq)]


def _needed(vq: Definition) -> list[str]:
    """Return what the value quota reads of a completed frame."""
    return [BEFORE, OUTCOME, COST, *_further_parts(vq)]


def _each_way(
    study: Study,
    frames: list[pd.DataFrame],
    analysis: Analysis,
    needed: list[str],
    shifts: Sequence[float],
    n_imputations: int,
    seed: int,
    ci_level: float,
) -> pd.DataFrame:
    """Return a result under every way of treating the missing; empty where too few patients are complete."""
    alone, counted = frames
    if not set(needed) <= set(alone) or len(alone.dropna(subset=needed)) < FEWEST:
        return pd.DataFrame(columns=COLUMNS)
    deltas = [round(shift * alone[OUTCOME].std(), 2) for shift in shifts]
    copies = imputed(study, counted, n_imputations, seed)
    table = missing_sensitivity(counted, analysis, needed, copies, deltas, ci_level)
    if counted[OUTCOME].isna().sum() < alone[OUTCOME].isna().sum():
        first = missing_sensitivity(alone, analysis, needed, [], (), ci_level)
        table["handling"] += ", the dead at the worst score"
        table = pd.concat([first, table], ignore_index=True)
    return table


def imputed(
    study: Study, frame: pd.DataFrame, n_imputations: int, seed: int, rounds: int = ROUNDS
) -> list[pd.DataFrame]:
    """Return `impute` of a frame; of a large study in few rounds, once for all notebooks that ask for it."""
    if len(frame) < LARGE:
        return impute(frame, n_imputations, seed, rounds)
    gone, rounds = frame.isna().to_numpy(), min(rounds, FEW_ROUNDS)

    def filled_in_cells() -> np.ndarray:
        return np.array([copy.to_numpy()[gone] for copy in impute(frame, n_imputations, seed, rounds)])

    asked = repr((list(frame), n_imputations, seed, rounds)) + inspect.getsource(imputation)
    content = [frame.to_numpy(dtype=float).tobytes(), asked.encode()]
    copies = []
    for cells in kept(study, content, filled_in_cells):
        values = frame.to_numpy(dtype=float, copy=True)
        values[gone] = cells
        copies.append(pd.DataFrame(values, index=frame.index, columns=frame.columns))
    return copies


def _in_form(complete: pd.DataFrame, vq: Definition, made=outcome_values) -> pd.Series:
    """The numerator of complete patients: scores are turned back where the form expects them so."""
    if vq.recipe is None or vq.form in ("gain", "follow-up"):
        return complete[OUTCOME] - complete[BEFORE] if vq.form == "gain" else complete[OUTCOME]
    first, sign = vq.recipe.parts[0], vq.sign
    scores = {first.after: sign * complete[OUTCOME], vq.cost_column: complete[COST]}
    if first.before:
        scores[first.before] = sign * complete[BEFORE]
    return made(complete.assign(**scores), vq)


def missing_sensitivity(
    patients: pd.DataFrame,
    analysis: Analysis,
    needed: Sequence[str],
    copies: Sequence[pd.DataFrame],
    deltas: Sequence[float],
    ci_level: float = 0.95,
) -> pd.DataFrame:
    """Return a result for complete cases, imputed data, and imputed data in which the missing did worse.

    Parameters
    ----------
    patients : DataFrame
        Numeric columns, as for `impute`; `copies` are imputed ones.
    analysis : callable
        Takes complete patients; returns an estimate and its variance, on an about normal scale.
    needed : sequence of str
        Columns that `analysis` reads; a patient with all of them is a complete case.
    deltas : sequence of float
        What is added to the imputed values of `OUTCOME`, each in turn: 0 = missing at random given the other
        columns, -5 = those who did not answer are 5 points worse than others like them.

    Returns
    -------
    DataFrame
        `handling` ("complete cases", "imputed", "imputed, missing shifted by -5"), `delta, estimate, low,
        high, n, n_missing, fmi`.
    """
    complete = patients.dropna(subset=needed)
    estimate, variance = analysis(complete)
    half = stats.norm.ppf((1 + ci_level) / 2) * np.sqrt(variance)
    gone, hidden = len(patients) - len(complete), patients[OUTCOME].isna()
    ends = (estimate, estimate - half, estimate + half)
    rows = [("complete cases", np.nan, *ends, len(complete), gone, np.nan)]
    for delta in deltas:
        moved = (one.assign(**{OUTCOME: one[OUTCOME].where(~hidden, one[OUTCOME] + delta)}) for one in copies)
        estimates, variances = zip(*map(analysis, moved), strict=True)
        pooled = rubin(estimates, variances, len(patients), ci_level=ci_level)
        name = "imputed" if delta == 0 else f"imputed, missing shifted by {delta:g}"
        rows.append((name, delta, *pooled[:3], len(patients), gone, pooled.fmi))
    return pd.DataFrame(rows, columns=COLUMNS)


def filled_in(
    study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float, n_imputations: int, seed: int
) -> pd.DataFrame:
    """Return the value quota with missing answers imputed and deaths at the worst score, as one row.

    Returns
    -------
    DataFrame
        `estimate, low, high, n, n_missing` (delta method, patients of one of many providers taken as alike,
        pooled by Rubin's rules over the imputations); no row where nothing is missing or nothing can be
        imputed.
    """
    table = value_if_answered(study, patients, vq, ci_level, n_imputations, seed, shifts=(0.0,))
    return table.loc[(table["delta"] == 0) & (table["n_missing"] > 0), [*ENDS, "n", "n_missing"]]


def if_answered(
    study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float, n_imputations: int, seed: int
) -> pd.DataFrame:
    """Return the value quota of those who answered, with the dead, with the missing filled in, and worse.

    Returns
    -------
    DataFrame
        `label, delta, estimate, low, high, n, n_missing, fmi` (delta method, pooled by Rubin's rules; delta
        is what was added to each outcome filled in). Empty where fewer than twenty patients are complete.
    """
    table = value_if_answered(study, patients, vq, ci_level, n_imputations, seed)
    return named_handlings(table, vq.outcome_unit)


def named_handlings(table: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return a table of handlings with their names, without those that would fill in nothing."""
    table = table[table["delta"].isna() | (table["n_missing"] > 0)].reset_index(drop=True)
    names = [handling_name(row, unit) for row in table.to_dict("records")]
    return table.assign(label=names)[["label", *table.columns.drop("handling")]]


def handling_name(row: dict, unit: str) -> str:
    """Return what is done with those without an answer, as the name of a row that adds to the one above.

    >>> handling_name({"handling": "complete cases", "delta": float("nan")}, "points")
    'those who answered'
    >>> handling_name({"handling": "imputed, missing shifted by -5", "delta": -5.0}, "points")
    'the same, had the missing been 5 points worse'
    """
    if not row["handling"].startswith("imputed"):
        return DEAD if "dead" in row["handling"] else ALONE
    if row["delta"] == 0:
        return "and the missing filled in"
    return f"the same, had the missing been {-row['delta']:g} {unit} worse"


def handlings(vq: Definition, table: pd.DataFrame) -> Result:
    """Show the value quota under every handling of the missing, and which move it further than chance could.

    Parameters
    ----------
    table : DataFrame
        From `if_answered`.
    """
    if table.empty or not table["n_missing"].iloc[0]:
        return Result("if-answered", says=[TOO_FEW if table.empty else NOBODY])
    shown = table[["label", "n", "n_missing", "estimate", "low", "high"]]
    notes = [f"Information missing: {wording.percent(share)}." for share in table["fmi"].dropna().head(1)]
    frame = layout.table("if-answered", shown, {"vq": vq}, notes=notes)
    says = [*(moved(vq, table, place) for place in _told(table)), outside(table)]
    return Result("if-answered", says=says, table=frame, counts=[*table["n"], *table["n_missing"]])


def _told(table: pd.DataFrame) -> list[int]:
    """Return the places of the rows that are said: filled in, and the worst that is tried."""
    filled = table.index[table["delta"] == 0].tolist()
    last = len(table) - 1
    return [*filled, last] if filled and last > filled[0] else [last]


def moved(vq: Definition, table: pd.DataFrame, place: int) -> Any:
    """Return by how much a handling moves the quota of those who answered: a share, or the two values."""
    first, row = table.iloc[0], table.iloc[place]
    who = _who(row, bool((table["label"] == DEAD).any()), vq.outcome_unit)
    per = f"{noun(vq)} per {vq.currency} {vq.per:,.0f}"
    if row["estimate"] > 0 and first["estimate"] > 0:
        change = row["estimate"] / first["estimate"] - 1
        claim = Claim("change", per, change, first=who, second=f"among {ALONE}")
        return either(claim, in_tens(claim))
    was, now = (in_digits(*one[["estimate", "low", "high"]]) for one in (first, row))
    return say("moved", alone=ALONE, per=per, was=was, who=who, now=now)


def _who(row: pd.Series, dead: bool, unit: str) -> str:
    """Who counts in a row, and how, inside a sentence."""
    if pd.isna(row["delta"]):
        return "with deaths counted"
    worse = f"{-row['delta']:g} {unit} worse than others like them"
    who = f"with the missing {worse}" if row["delta"] else "with the missing filled in"
    return f"{who} and deaths counted" if dead else who


def outside(table: pd.DataFrame) -> str:
    """Return which handlings lie outside the range of those who answered: a change larger than chance's."""
    first = table.iloc[0]
    low, high = in_both(first["low"], first["high"], first["low"], first["high"])
    away = ~table["estimate"].between(first["low"], first["high"])
    reach = f"the range of those who answered alone ({low} to {high})"
    many = _how_many(away, bool(away.iloc[1:].all()))
    return say(f"outside-{many}", reach=reach, names=_names(table, away))


def _how_many(found: pd.Series, every: bool) -> str:
    return "none" if not found.any() else "all" if every else "some"


def _names(table: pd.DataFrame, found: pd.Series) -> str:
    return "; ".join(name.removeprefix("and ") for name in table.loc[found, "label"])


def missing_answer(vq: Definition, table: pd.DataFrame) -> Result:
    """Return the answer of the page: how far the quota moves, without a count of people."""
    if table.empty or not table["n_missing"].iloc[0]:
        return Result("answer", says=[TOO_FEW if table.empty else NOBODY], role="answer")
    says = [*(moved(vq, table, place) for place in _told(table)[:1]), outside(table), _zero(table)]
    return Result("answer", says=says, role="answer")


def _zero(table: pd.DataFrame) -> str:
    """Which ranges hold nothing at all: a quota that chance alone could have made."""
    holds = (table["low"] <= 0) & (table["high"] >= 0)
    return say(f"zero-{_how_many(holds, bool(holds.all()))}", names=_names(table, holds))

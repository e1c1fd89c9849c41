"""Two arms with the missing imputed within each arm, pooled by Rubin's rules."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.chapters.value.missing_data import numeric
from vbhc.chapters.value.two_arms.trial import Trial, declared_arms, index_stem
from vbhc.chapters.value.two_arms.words import ends_of
from vbhc.instruments.qaly import qalys
from vbhc.statistics.covariates import indicators
from vbhc.statistics.imputation import impute, rubin
from vbhc.statistics.regression.seemingly_unrelated import Design, design, seemingly_unrelated, why_no_fit
from vbhc.study import Study
from vbhc.study.deaths import index_with_deaths

FEWEST = 20
ROUNDS = 5  # of the chained equations: few are needed where little but the last visit is missing
Plan = Callable[[pd.DataFrame], Design]


def pooled_differences(
    frame: pd.DataFrame,
    arm: pd.Series,
    plan: Plan,
    price: float,
    ci_level: float = 0.95,
    n_imputations: int = 20,
    seed: int = 1,
) -> dict[str, float]:
    """Return the differences between two arms imputed each by itself, pooled by Rubin's rules.

    Parameters
    ----------
    frame : DataFrame
        Numbers that are imputed and analysed, a row per patient; `arm` on the same index.
    plan : callable
        Takes a completed copy of the frame, returns the `seemingly_unrelated.Design` of its two equations.

    Returns
    -------
    dict
        `words.MEASURES` each with `_low, _high`; `n, n_missing, fmi` (of net benefit). Empty where nothing is
        missing, where an arm has fewer than `FEWEST` complete patients, or where no equation can be fitted.

    Notes
    -----
    With 100 patients in each arm and a third missing, 94% to 95% of 95% intervals of the QALY difference held
    the truth, as of those of cost and of net benefit (5,000 simulated trials each, also with a quarter at the
    best, `simulate`: "imputed arms").
    """
    designs = _designs(completed(frame, arm, n_imputations, seed), plan)
    return pooled(designs, price, ci_level) | _counts(frame) if designs else {}


def completed(
    frame: pd.DataFrame, arm: pd.Series, n_imputations: int = 20, seed: int = 1
) -> list[pd.DataFrame]:
    """Return imputed copies of the frame, each arm imputed by itself; none where none are to be had.

    None where nothing is missing or an arm has fewer than `FEWEST` complete patients.
    """
    complete = frame.notna().all(axis=1)
    if complete.all() or min((complete & (arm == side)).sum() for side in arm.unique()) < FEWEST:
        return []
    sides = [_varying(frame[arm == side]) for side in arm.unique()]
    parts = [impute(side, n_imputations, seed + at, ROUNDS) for at, side in enumerate(sides)]
    # What does not vary in an arm was left out there: it is put back as it is.
    return [pd.concat(copies).reindex_like(frame).fillna(frame) for copies in zip(*parts, strict=True)]


def _designs(copies: Sequence[pd.DataFrame], plan: Plan) -> list[Design]:
    """Return the design of each copy; none where an equation cannot be fitted in one of them."""
    designs = [plan(copy) for copy in copies]
    return [] if any(why_no_fit(one.values, one.equations) for one in designs) else designs


def pooled(designs: Sequence[Design], price: float, ci_level: float = 0.95) -> dict[str, float]:
    """Return the pooled differences of completed copies: `MEASURES` with `_low, _high`, and `fmi`."""
    fits = [seemingly_unrelated(one) for one in designs]
    k = max(len(columns) for columns in designs[0].equations)
    weights = {"outcome": [1.0, 0.0], "cost": [0.0, 1.0], "net_benefit": [price, -1.0]}
    row: dict[str, float] = {}
    for measure, weight in weights.items():
        w = np.array(weight)
        estimates, variances = zip(*((w @ steps, w @ cov @ w) for steps, cov in fits), strict=True)
        found = rubin(estimates, variances, len(designs[0].values), k, ci_level).iloc[0]
        row |= ends_of(measure, found) | {"fmi": float(found["fmi"])}
    return row


def _counts(frame: pd.DataFrame) -> dict[str, int]:
    return {"n": len(frame), "n_missing": int(frame.isna().any(axis=1).sum())}


class Gaps(NamedTuple):
    """A study's comparison of arms with the missing imputed, and what moves if the missing were worse.

    `names` are the treatment and the reference; `designs` one per imputed copy (none: no answer). `per_unit`
    has for either arm what one unit added to its imputed indices after the first visit adds to each design's
    values. `spread` is the standard deviation of the index as recorded at the last visit (without the dead,
    who count as 0), `counts` are `n, n_missing`, `moved` the patients of either arm with such an index.
    """

    names: tuple[str, str]
    designs: list[Design]
    per_unit: dict[str, list[np.ndarray]]
    spread: float
    counts: dict[str, int]
    moved: dict[str, int]


def study_gaps(
    study: Study, patients: pd.DataFrame, trial: Trial, n_imputations: int = 20, seed: int = 1
) -> Gaps:
    """Return the imputed comparison of a study's two arms: index at every visit, cost and covariates."""
    frame, arm, treated = _frame(study, patients, trial)
    row = trial.result.icer.iloc[0]
    names = (str(row["arm"]), str(row["reference"]))
    visits = list(frame.columns[: len(study.config.visits)])
    copies = completed(frame, arm, n_imputations, seed)
    designs = _designs(copies, lambda whole: _plan(study, whole, treated))
    per_unit, gone_of = {}, {}
    for name in names:
        gone = frame[visits[1:]].isna().mul(arm == name, axis=0)
        gone_of[name] = int(gone.any(axis=1).sum())
        lower = [copy.assign(**{one: copy[one] - gone[one] for one in visits[1:]}) for copy in copies]
        after = [_plan(study, copy, treated).values for copy in lower]
        per_unit[name] = [own.values - one for own, one in zip(designs, after, strict=False)]
    spread = float(patients.loc[frame.index, visits[-1]].astype(float).std())
    return Gaps(names, designs, per_unit, spread, _counts(frame), gone_of)


def pooled_gaps(
    gaps: Gaps, price: float, ci_level: float = 0.95, by: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return the pooled differences of a study's arms; empty where nothing can be imputed.

    Parameters
    ----------
    by : mapping, optional
        Arm to what is added to every imputed index after the first visit; what was observed stays. Moved
        values may leave the scale: a mean does not mind. QALYs are linear in the index, so nothing is
        imputed anew.
    """
    if not gaps.designs:
        return {}
    designs = list(gaps.designs)
    for arm, delta in (by or {}).items():
        designs = [
            one._replace(values=one.values + delta * unit)
            for one, unit in zip(designs, gaps.per_unit[arm], strict=True)
        ]
    return pooled(designs, price, ci_level) | gaps.counts


def _frame(study: Study, patients: pd.DataFrame, trial: Trial) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Return what is imputed (index at every visit, cost, covariates), arms, and who was treated."""
    column, _ = declared_arms(study)
    row = trial.result.icer.iloc[0]
    chosen = patients[patients[column].isin([row["arm"], row["reference"]])]
    index = index_with_deaths(study, chosen, index_stem(study, patients))
    cost = chosen[study.cost_column].astype(float).rename("cost")
    held = [name for name in study.config.covariates if name != column and name in chosen]
    frame = pd.concat([index, cost, *(numeric(chosen[name]) for name in held)], axis=1)
    arm = chosen[column].astype(str)
    return frame, arm, (arm == str(row["arm"])).astype(float)


def _varying(part: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that vary within an arm: the others say nothing and are put back as they are."""
    return part.loc[:, (part.nunique() > 1) | part.isna().any()]


def _plan(study: Study, whole: pd.DataFrame, treated: pd.Series) -> Design:
    visits = list(whole.columns[: len(study.config.visits)])
    years = [visit.months / 12 for visit in study.config.visits.values()]
    held = indicators(whole.drop(columns=[*visits, "cost"]))
    held = held.loc[:, held.nunique() > 1]
    before = whole[[visits[0]]].rename(columns={visits[0]: "baseline"})
    return design(
        qalys(whole[visits], years), whole["cost"], treated, pd.concat([before, held], axis=1), held
    )

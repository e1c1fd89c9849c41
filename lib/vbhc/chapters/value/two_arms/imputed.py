"""Two arms had all answered: imputed within each arm, and had those who did not answer been worse.

Imputing within arms keeps what differs between them (Faria et al. 2014, Pharmacoeconomics 32:1157, doi
10.1007/s40273-014-0193-3). Nobody knows whether the missing were worse: imputed values are moved by a stated
amount, by arm, and the analysis is run again, a pattern-mixture model as Leurent et al. (2018,
Pharmacoeconomics 36:889, doi 10.1007/s40273-018-0650-5) lay it out for cost-effectiveness in trials.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.deaths import index_with_deaths
from vbhc.chapters.value.missing_data import FEWEST, SHIFTS, numeric
from vbhc.chapters.value.two_arms.trial import ENDS, Trial, declared_arms, held_equal, index_stem
from vbhc.instruments.qaly import qalys
from vbhc.statistics.economics.two_arms import contrasts
from vbhc.statistics.imputation import impute, rubin
from vbhc.statistics.regression.seemingly_unrelated import Design, design, seemingly_unrelated, why_no_fit
from vbhc.statistics.samples import indicators
from vbhc.study import Study

ROUNDS = 5  # of the chained equations: few are needed where little but the last visit is missing
MEASURES = ("outcome", "cost", "net_benefit")
NUMBERS = [f"{measure}{end}" for measure in MEASURES for end in ENDS]
COUNTS = ["n", "n_missing", "fmi"]
OBSERVED, ADJUSTED = "as observed", "baseline and covariates held equal"
IMPUTED = "the same, missing imputed"
NOBODY, BOTH = "nobody: as imputed", "both arms"
FURTHEST = 1.0  # standard deviations of the index: a tipping point beyond is no worry
STEP = 0.01  # of the index
FEWEST_MOVED = 10  # in either arm: fewer hardly weigh, and their number could be told from the shift


def completed(frame: pd.DataFrame, arm: pd.Series, n_imputations: int, seed: int) -> list[pd.DataFrame]:
    """Return imputed copies of the frame, each arm imputed by itself; none where none are to be had.

    None where nothing is missing or an arm has fewer than `FEWEST` complete patients. With 100 patients in
    each arm and a third missing, 94% to 95% of 95% intervals of the QALY difference held the truth, as of
    those of cost and of net benefit (5,000 simulated trials each, also with a quarter at the best,
    `simulate`: "imputed arms").
    """
    complete = frame.notna().all(axis=1)
    if complete.all() or min((complete & (arm == side)).sum() for side in arm.unique()) < FEWEST:
        return []
    parts = []
    for at, side in enumerate(arm.unique()):
        own = frame[arm == side]
        varying = own.loc[:, (own.nunique() > 1) | own.isna().any()]
        parts.append(impute(varying, n_imputations, seed + at, ROUNDS))
    # What does not vary in an arm was left out there: it is put back as it is.
    return [pd.concat(copies).reindex_like(frame).fillna(frame) for copies in zip(*parts, strict=True)]


def fitted(copies: Sequence[pd.DataFrame], plan: Callable[[pd.DataFrame], Design]) -> list[Design]:
    """Return the design of each copy; none where an equation cannot be fitted in one of them."""
    designs = [plan(copy) for copy in copies]
    return [] if any(why_no_fit(one.values, one.equations) for one in designs) else designs


def pooled(designs: Sequence[Design], price: float, ci_level: float = 0.95) -> dict[str, float]:
    """Return the pooled differences of completed copies (Rubin's rules): `NUMBERS`, and `fmi`."""
    fits = [seemingly_unrelated(one) for one in designs]
    k = max(len(columns) for columns in designs[0].equations)
    row: dict[str, float] = {}
    for measure, w in contrasts(price).items():
        estimates, variances = zip(*((w @ steps, w @ cov @ w) for steps, cov in fits), strict=True)
        found = rubin(estimates, variances, len(designs[0].values), k, ci_level)
        row |= _named(measure, found[:3]) | {"fmi": found.fmi}
    return row


def _named(measure: str, ends: Sequence[float]) -> dict[str, float]:
    """Return estimate, low and high under the names of a measure."""
    return {f"{measure}{end}": float(value) for end, value in zip(ENDS, ends, strict=True)}


class Gaps(NamedTuple):
    """A study's comparison of arms with the missing imputed, and what moves if the missing were worse.

    `names` are the treatment and the reference; `designs` one per imputed copy (none: no answer). `per_unit`
    has for either arm what one unit added to its imputed indices after the first visit adds to each patient's
    QALYs. `spread` is the standard deviation of the index as recorded at the last visit (without the dead,
    who count as 0), `counts` are `n, n_missing`, `moved` the patients of either arm with such an index.
    """

    names: tuple[str, str]
    designs: list[Design]
    per_unit: dict[str, np.ndarray]
    spread: float
    counts: dict[str, int]
    moved: dict[str, int]


def study_gaps(
    study: Study, patients: pd.DataFrame, trial: Trial, n_imputations: int = 20, seed: int = 1
) -> Gaps:
    """Return the imputed comparison of a study's two arms: index at every visit, cost and covariates."""
    if trial.result.reason:
        return Gaps(("", ""), [], {}, np.nan, {}, {})
    names = (str(trial.row["arm"]), str(trial.row["reference"]))
    chosen = patients[patients[declared_arms(study)[0]].isin(names)]
    arm = chosen[declared_arms(study)[0]].astype(str)
    index = index_with_deaths(study, chosen, index_stem(study, patients))
    held = [numeric(chosen[name]) for name in held_equal(study, patients)]
    frame = pd.concat([index, chosen[study.cost_column].astype(float).rename("cost"), *held], axis=1)
    years = [visit.months / 12 for visit in study.config.visits.values()]

    def plan(whole: pd.DataFrame) -> Design:
        area = qalys(whole[list(index)], years)
        also = indicators(whole.drop(columns=[*index, "cost"]))
        also = also.loc[:, also.nunique() > 1]
        first = pd.concat([whole.iloc[:, 0].rename("baseline"), also], axis=1)
        return design(area, whole["cost"], (arm == names[0]).astype(float), first, also)

    gone = index.isna().assign(**{index.columns[0]: False})
    of_arm = {name: gone.mul(arm == name, axis=0) for name in names}
    spread = float(chosen[index.columns[-1]].astype(float).std())
    counts = {"n": len(frame), "n_missing": int(frame.isna().any(axis=1).sum())}
    designs = fitted(completed(frame, arm, n_imputations, seed), plan)
    per_unit = {name: qalys(own.astype(float), years).to_numpy() for name, own in of_arm.items()}
    moved = {name: int(own.any(axis=1).sum()) for name, own in of_arm.items()}
    return Gaps(names, designs, per_unit, spread, counts, moved)


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
    added = np.zeros_like(gaps.designs[0].values)
    added[:, -2] = sum(delta * gaps.per_unit[arm] for arm, delta in (by or {}).items())
    designs = [one._replace(values=one.values + added) for one in gaps.designs]
    return pooled(designs, price, ci_level) | gaps.counts


def arms_if_answered(trial: Trial, gaps: Gaps, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the differences between two arms, unadjusted to imputed, one row per way of getting them.

    Returns
    -------
    DataFrame
        `handling`, then `outcome, cost, net_benefit` (treatment minus reference) each with `_low, _high`; `n,
        n_missing` (patients with a value filled in or left out), `fmi` (information missing about net
        benefit). A row that cannot be had is absent; empty without a comparison.
    """
    rows = [] if trial.result.reason else observed(trial, ci_level)
    filled = pooled_gaps(gaps, trial.price, ci_level)
    rows += [{"handling": IMPUTED, **filled}] if filled else []
    return pd.DataFrame(rows, columns=["handling", *NUMBERS, *COUNTS])


def observed(trial: Trial, ci_level: float) -> list[dict]:
    """Return complete cases, plain (Welch's interval) and adjusted."""
    row, whole = trial.row, trial.result.complete
    whole = whole.assign(net_benefit=trial.price * whole["outcome"] - whole["cost"])
    counts = {"n": int(row["n"] + row["n_reference"]), "n_missing": int(row["n_missing"]), "fmi": np.nan}
    plain, adjusted = {"handling": OBSERVED, **counts}, {"handling": ADJUSTED, **counts}
    for measure in MEASURES:
        new, old = (whole.loc[whole["treated"] == side, measure] for side in (1, 0))
        ends = stats.ttest_ind(new, old, equal_var=False).confidence_interval(ci_level)
        plain |= _named(measure, (new.mean() - old.mean(), ends.low, ends.high))
    return [plain, adjusted | {name: row[f"delta_{name}"] for name in NUMBERS}]


def arms_if_worse(trial: Trial, gaps: Gaps, ci_level: float = 0.95) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the differences between arms had those who did not answer been worse, and where that tips them.

    Returns
    -------
    (table, tips)
        Table: `worse_in` (nobody, the treatment, the reference, both), `delta` (added to every imputed index
        after the first visit: a quarter and half of its standard deviation at the last visit, downwards),
        `outcome, net_benefit` each with `_low, _high`; `n, n_missing, fmi`. Cost is as imputed. Those who
        died count as 0 and are not moved. Tips: as `tipping_points`. Both empty where nothing can be imputed
        or fewer than ten patients of an arm would be moved.

    Notes
    -----
    In 1,000 simulated trials of 200 patients whose missing in one arm were worse by 0.1 of the index, 97% of
    95% intervals of the QALY difference held the truth with that shift in that arm, 14% with the missing as
    imputed.
    """
    columns = ["worse_in", "delta", *NUMBERS[:3], *NUMBERS[6:], *COUNTS]
    if not gaps.designs or min(gaps.moved.values()) < FEWEST_MOVED:
        return pd.DataFrame(columns=columns), pd.DataFrame(columns=["arm", "delta", "furthest", "sign"])
    ways: list[tuple[str, float, tuple[str, ...]]] = [(NOBODY, 0.0, ())]
    for shift in SHIFTS[1:]:
        delta = round(shift * gaps.spread, 2)
        ways += [*((name, delta, (name,)) for name in gaps.names), (BOTH, delta, gaps.names)]
    rows = []
    for name, delta, arms in ways:
        found = pooled_gaps(gaps, trial.price, ci_level, dict.fromkeys(arms, delta))
        rows.append({"worse_in": name, "delta": delta, **found})
    return pd.DataFrame(rows)[columns], tipping_points(gaps, trial.price, FURTHEST * gaps.spread, ci_level)


def conclusion(row: Mapping[str, float]) -> int:
    """Return 1 where the whole interval of net benefit lies above zero, -1 below, 0 where it holds zero."""
    return int(row["net_benefit_low"] > 0) - int(row["net_benefit_high"] < 0)


def tipping_points(gaps: Gaps, price: float, furthest: float, ci_level: float = 0.95) -> pd.DataFrame:
    """Return, per arm, how much worse its missing must have been for the conclusion to change.

    The conclusion is whether the interval of net benefit lies above zero, below it, or holds it. The first
    step of 0.01 of the index is sought at which that differs from what it is with the missing as imputed, the
    other arm staying as imputed, down to `furthest`.

    Returns
    -------
    DataFrame
        `arm` (treatment, reference), `delta` (negative; NaN: none up to `furthest`), `furthest`, `sign` (the
        conclusion as imputed: 1, -1, or 0 where the interval holds zero).
    """
    start = conclusion(pooled_gaps(gaps, price, ci_level))
    steps = -STEP * np.arange(1, int(furthest / STEP + 1e-9) + 1)
    rows = []
    for arm in gaps.names:
        others = (d for d in steps if conclusion(pooled_gaps(gaps, price, ci_level, {arm: d})) != start)
        rows.append((arm, float(next(others, np.nan)), furthest, start))
    return pd.DataFrame(rows, columns=["arm", "delta", "furthest", "sign"])

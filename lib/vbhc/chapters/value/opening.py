"""The patients of a study as the value quota sees them, what became of those who died, and its outcomes."""

import numpy as np
import pandas as pd

from vbhc import cleaning, instruments, wording
from vbhc.chapters.deaths import deaths
from vbhc.chapters.value.quota.declared import Definition, define_value_quota, group_outcome, outcome_stems
from vbhc.study import Study
from vbhc.study.config import InstrumentUse
from vbhc.study.form_checks import bare_stem
from vbhc.study.groups import groups_of

FEWEST_PROVIDERS = 20
PER = 1_000


def define(study: Study, outcome: str = "", form: str = "", per: float = 0) -> Definition:
    """Return the study's value quota; what is given replaces what study.yml says.

    Of a study that has costs alone it has no outcome, only the bill.
    """
    cost = study.config.cost
    if study.config.value_quota is None and cost and not outcome:
        money = (study.cost_column, cost.currency, cost.price_year, per or PER)
        return Definition("", "gain", "", "cost", "", 1, *money)
    return define_value_quota(study, cleaning.load_columns(study), outcome=outcome, form=form, per=per)


def load_patients(study: Study, vq: Definition) -> pd.DataFrame:
    """Return one row per patient: all columns of the clean table, and what the value quota is made of.

    Returns
    -------
    DataFrame
        Added: `gain` (the outcome in the form of `vq`, more is better; missing where not measured), `cost`,
        `died` (by the last visit), `gain_counting_deaths` (those who died have the worst score at the end, a
        utility 0, in the place of the answer they could not give).

    Notes
    -----
    Nobody else's missing outcome is filled in.
    """
    patients = cleaning.load_patients(study)
    patients = patients.assign(cost=patients[vq.cost_column].astype(float))
    if vq.outcome:
        return with_gains(study, patients, vq)
    return patients.assign(gain=np.nan, died=deaths(study, patients), gain_counting_deaths=np.nan)


def with_gains(study: Study, patients: pd.DataFrame, vq: Definition) -> pd.DataFrame:
    """Return the patients with what `load_patients` adds, but for the cost."""
    gain = {"gain": group_outcome(patients, vq), "died": deaths(study, patients)}
    return patients.assign(**gain, gain_counting_deaths=group_outcome(with_deaths(study, patients, vq), vq))


def providers(study: Study, patients: pd.DataFrame) -> pd.Series | None:
    """Return the provider of each patient where a study has enough of them to judge chance by; else None.

    With fewer than twenty clusters their own spread is too badly known (Cameron & Miller 2015, J Hum Resour
    50:317); patients are then taken one by one.
    """
    known = next(iter(groups_of(study, patients, "provider").values()), None)
    return known if known is not None and known.nunique() >= FEWEST_PROVIDERS else None


def rating(study: Study, patients: pd.DataFrame) -> pd.Series | None:
    """Return what patients said of their care, named as the study names it; None where nobody was asked."""
    asked = study.config.perception
    if asked is None or "perceived_value" not in patients:
        return None
    return patients["perceived_value"].astype(float).rename(wording.inside_sentence(asked.label))


def worst_score(study: Study, vq: Definition, columns: pd.DataFrame) -> float:
    """Return the worst value of the outcome at the last visit; of a utility that of being dead, 0."""
    if vq.outcome in study.config.utilities:
        return 0.0
    scale = columns.set_index("name").loc[f"{vq.outcome}_{study.follow_up}"]
    return float(scale["max"] if scale["direction"] == "lower is better" else scale["min"])


def with_deaths(study: Study, patients: pd.DataFrame, vq: Definition) -> pd.DataFrame:
    """Return the patients with the worst score at the last visit for those who died and gave no answer."""
    before, after = (f"{vq.outcome}_{visit}" for visit in (study.baseline, study.follow_up))
    silent, change = deaths(study, patients) & patients[after].isna(), f"{vq.outcome}_change"
    worst = worst_score(study, vq, cleaning.load_columns(study))
    filled = patients.assign(**{after: patients[after].astype(float).mask(silent, worst)})
    if change not in patients:
        return filled
    moved = filled[after] - patients[before].astype(float)
    return filled.assign(**{change: patients[change].astype(float).mask(silent, moved)})


def separate_outcomes(study: Study, columns: pd.DataFrame) -> list[str]:
    """Return the declared outcome and one summary score of each other questionnaire, by stem.

    A second value set for the same answers, or another summary of one questionnaire, is no other outcome.
    """
    plan = study.config.value_quota
    seen: dict[str, str] = {}
    for stem in study_outcomes(study, columns)[0]:
        family = bare_stem(study, stem).split("_")[0] if not stem.startswith("eq_vas") else "eq_vas"
        seen.setdefault(family, stem)
    chosen = list(seen.values())
    return chosen if plan is None or plan.outcome in chosen else [plan.outcome, *chosen]


def turned(values: pd.Series, scale: pd.Series) -> pd.Series:
    """Return values on their scale (`direction, min, max`), turned about its middle where lower is better."""
    if scale["direction"] != "lower is better":
        return values
    return float(scale["min"]) + float(scale["max"]) - values


Judged = dict[str, tuple[str, str]]


def study_outcomes(study: Study, columns: pd.DataFrame) -> tuple[list[str], Judged]:
    """Return the stems of the declared outcome and of each instrument's summary scores, with their tiers."""
    known = outcome_stems(study, columns)
    plan = study.config.value_quota
    judged: Judged = {}
    if plan is not None and plan.outcome in known:
        judged[plan.outcome] = ("principled", "the outcome that the study declared")
    for use in study.config.instruments.values():
        for stem in _summary_stems(use):
            if stem in known and stem not in judged:
                judged[stem] = _outcome_tier(use)
    return list(judged), judged


def _summary_stems(use: InstrumentUse) -> list[str]:
    """Return the stems of an instrument's summary scores: its only scale, or those made of other scales."""
    scales = instruments.scales(use.instrument, **use.scored_with)
    chosen = scales if len(scales) == 1 else [scale for scale in scales if scale.parts]
    numbers = [scale for scale in chosen or scales if scale.type in ("float", "integer")]
    return [use.column(scale.column) for scale in numbers]


def _outcome_tier(use: InstrumentUse) -> tuple[str, str]:
    if use.value_set or use.utility:
        return "principled", "an index: each state weighed by what people say it is worth"
    if use.instrument == "eq-vas":
        return "common", "one question: how good patients themselves say their health is today"
    return "common", "another summary of what was asked; not the one declared"

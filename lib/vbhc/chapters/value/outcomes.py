"""The outcomes of a study that measure different things."""

import pandas as pd

from vbhc import instruments
from vbhc.chapters.value.quota.declared import outcome_stems
from vbhc.study import Study
from vbhc.study.config import InstrumentUse
from vbhc.study.form_checks import bare_stem


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


def states(study: Study, patients: pd.DataFrame, columns: pd.DataFrame, stem: str) -> pd.Series:
    """Return the score at follow-up, turned on its scale so that more is better."""
    name = f"{stem}_{study.follow_up}"
    return turned(patients[name].astype(float), columns.set_index("name").loc[name])


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

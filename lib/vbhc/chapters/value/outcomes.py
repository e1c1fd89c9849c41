"""The outcomes of a study that measure different things, and what two quotas over one cost share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import instruments
from vbhc.chapters.value.artefacts import shared_denominator, shared_denominator_sentence
from vbhc.chapters.value.quota.declared import (
    Definition,
    analysis_frame,
    define_value_quota,
    outcome_name,
    outcome_stems,
)
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


def two_quotas(
    study: Study,
    patients: pd.DataFrame,
    columns: pd.DataFrame,
    definition: Definition,
    n_shuffles: int = 500,
    seed: int = 1,
) -> tuple[pd.DataFrame, str]:
    """Return how far the VQ of two outcomes agree only because they divide by the same cost.

    Returns
    -------
    (table, sentence)
        One row as from `artefacts.shared_denominator`, with `first` and `second`, the outcomes' names; empty
        with the reason where the study has a single outcome.
    """
    others = [stem for stem in separate_outcomes(study, columns) if stem != definition.outcome]
    if not others or study.baseline == study.follow_up:
        return pd.DataFrame(), "The study has one outcome, so no second quota shares its denominator."
    second = define_value_quota(study, columns, outcome=others[0], form="gain")
    frame, other = analysis_frame(patients, definition), analysis_frame(patients, second)
    names = [outcome_name(study, columns, stem) for stem in (definition.outcome, others[0])]
    table = shared_denominator(
        frame["outcome"], other["outcome"].rename(names[1]), frame["cost"], n_shuffles, seed
    ).assign(first=names[0], second=names[1])
    said = shared_denominator_sentence(table)
    if table["reason"].iloc[0]:
        return table, said
    alarm = table["shuffled_mean"].iloc[0]
    alarmed = alarm >= SHARED_ALARM and np.isfinite(alarm)
    verdict = " Their agreement is no validation of either." if alarmed else ""
    return table, f"{names[0]} and {names[1]}: {said[0].lower()}{said[1:]}{verdict}"


SHARED_ALARM = 0.1  # correlation of two unrelated VQ from which the agreement of two VQ proves little


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
    if use.value_set:
        return "principled", "an index: each state weighed by what people say it is worth"
    if use.instrument == "eq-vas":
        return "common", "one question: how good patients themselves say their health is today"
    return "common", "another summary of what was asked; not the one declared"

"""How reliable perception and outcome are, as numbers that a ceiling can use, and in a sentence."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc import instruments
from vbhc.chapters.value.quota.declared import Definition
from vbhc.cleaning.scoring import item_columns, visits_of
from vbhc.instruments.reliability import reliability
from vbhc.publish.results import Result
from vbhc.study import Study
from vbhc.study.config import InstrumentUse
from vbhc.wording import number


class Noise(NamedTuple):
    """Reliability of perception and of the outcome (None where the study cannot tell), and the sentence."""

    perception: float | None
    outcome: float | None
    sentence: str

    @property
    def known(self) -> tuple[float, float]:
        """Both reliabilities for a ceiling: 1, no noise, for one that is not known."""
        return self.perception or 1.0, self.outcome or 1.0


def noise(study: Study, patients: pd.DataFrame, vq: Definition) -> Noise:
    """Return how reliable the study's perception and the outcome of its VQ are in these patients.

    Cronbach's alpha for a score that adds up items, Mosier's formula for one made of such scores, Lord's for
    a gain. A single question, an index of valued states, and other forms of outcome have none of these.
    """
    seen = _perception(study, patients)
    follow_up = score_reliability(study, patients, vq.outcome, study.follow_up)
    outcome = follow_up
    if vq.form == "gain" and follow_up is not None:
        before = score_reliability(study, patients, vq.outcome, study.baseline)
        first, last = (patients[f"{vq.outcome}_{visit}"] for visit in (study.baseline, study.follow_up))
        outcome = gain_reliability(first, last, before, follow_up)
    elif vq.form != "follow-up":
        outcome = None
    usable = [r if r is not None and 0 < r <= 1 else None for r in (seen, outcome)]
    said = noise_sentence(*usable)
    if vq.form == "gain" and usable[1] is not None:
        said += " That of the gain takes the noise of its two visits to be independent; if not, it is higher."
    return Noise(usable[0], usable[1], said)


def _perception(study: Study, patients: pd.DataFrame) -> float | None:
    plan = study.config.perception
    stems = [(plan.column.removesuffix(f"_{visit}"), visit) for visit in study.config.visits]
    stems = [(plan.column, ""), (plan.column, plan.asked_at), *(s for s in stems if s[0] != plan.column)]
    known = (score_reliability(study, patients, stem, visit) for stem, visit in stems)
    return next((r for r in known if r is not None), None)


def score_reliability(study: Study, patients: pd.DataFrame, stem: str, visit: str) -> float | None:
    """Return the reliability of a scored column at a visit ("" = asked once); None where it has none."""
    for use in study.config.instruments.values():
        scales = {scale.column: scale for scale in instruments.scales(use.instrument, **use.scored_with)}
        own = next((name for name in scales if use.column(name) == stem), None)
        if own and visit in visits_of(study, use) and not use.instrument.startswith("eq5d"):
            return _of_scale(scales, own, use, patients, visit)
    return None


def _of_scale(scales: dict, name: str, use: InstrumentUse, patients, visit: str) -> float | None:
    if scales[name].parts:
        return _of_parts(scales, name, use, patients, visit)
    instrument = instruments.get(use.instrument)
    codes = list(instrument.items)
    items = patients[item_columns(use, codes, visit)]
    answers = instrument.answers(items.set_axis(codes, axis=1) if codes else items, **use.scored_with)
    answers = answers[list(scales[name].items or answers.columns)].dropna()
    if answers.shape[1] < 2 or len(answers) < 3:
        return None
    return float(reliability(answers).set_index("statistic").loc["alpha", "estimate"])


def _of_parts(scales: dict, name: str, use: InstrumentUse, patients, visit: str) -> float | None:
    """Return the reliability of the mean of part scores: 1 - noise of the parts / variance of the mean."""
    columns = [use.column(part, visit) for part in scales[name].parts]
    own = [_of_scale(scales, part, use, patients, visit) for part in scales[name].parts]
    if any(r is None for r in own) or not set(columns) <= set(patients):
        return None
    return composite_reliability(patients[columns], own)


def composite_reliability(parts: pd.DataFrame, reliabilities: list[float]) -> float:
    """Return the reliability of the mean of scores with these reliabilities (Mosier 1943).

    Psychometrika 8:161: one minus the noise of the parts over the variance of their sum.
    Patients without all parts are left out; NaN where the mean does not vary.
    """
    complete = parts.dropna().astype(float)
    noise_of_parts = (complete.var(ddof=1).to_numpy() * (1 - np.asarray(reliabilities))).sum()
    total = complete.sum(axis=1).var(ddof=1)
    return float(1 - noise_of_parts / total) if total > 0 else np.nan


def gain_reliability(
    before: pd.Series, after: pd.Series, reliability_before: float | None, reliability_after: float | None
) -> float | None:
    """Return the reliability of follow-up minus baseline (Lord 1963): its true over its observed variance.

    Patients without both are left out. A gain is noisier than either visit, the more so the more the two go
    together. The noise of the two visits is taken to be unrelated; where a patient errs alike at both (the
    same items, the same mood) the gain is more reliable than this and the ceiling higher. None where a
    reliability is unknown or the gain does not vary.
    """
    both = pd.concat([before, after], axis=1).dropna().astype(float)
    gain = (both.iloc[:, 1] - both.iloc[:, 0]).var(ddof=1)
    if reliability_before is None or reliability_after is None or not gain > 0:
        return None
    noisy = 1 - np.array([reliability_before, reliability_after])
    return float(1 - (both.var(ddof=1).to_numpy() * noisy).sum() / gain)


def noise_sentence(perception: float | None, outcome: float | None) -> str:
    """Return how reliable the two measures are, or for which of them these data cannot tell."""
    found = {"perception": perception, "the outcome": outcome}
    known = [f"that of {name} is {number(r)}" for name, r in found.items() if r is not None]
    unknown = [name for name, r in found.items() if r is None]
    if not known:
        return (
            "How reliable perception and the outcome are cannot be told from these data (single questions, "
            "or values of states): the ceiling leaves their noise out and is too high."
        )
    said = f"Reliability, the share of a measure's variance that is not noise: {' and '.join(known)}."
    if not unknown:
        return said
    return (
        f"{said} That of {unknown[0]} cannot be told from these data; the ceiling takes it to have no noise."
    )


def how_noisy(found: Noise) -> Result:
    """Say how reliable what patients say and their outcome are."""
    return Result("reliability", says=[found.sentence])

"""What patients were asked, and how their answers spread: as many values, as many ties."""

from __future__ import annotations

from functools import partial

import pandas as pd

from vbhc import wording
from vbhc.chapters.value.figures.distribution import (
    alt_distribution,
    distribution_bins,
    plot_distribution,
)
from vbhc.publish.results import Drawing, Result
from vbhc.statistics.samples import tie_share
from vbhc.study import Study


def what_was_asked(study: Study, patients: pd.DataFrame) -> Result:
    """Say what was asked and when, and how the answers spread and tie."""
    answers = patients["perceived_value"].dropna().astype(float)
    says = [_question(study), spread(answers, len(patients))]
    best = int((answers == answers.max()).sum())
    return Result("perception", says=says, counts=[(len(answers), len(patients)), (best, len(answers))])


def _question(study: Study) -> str:
    seen = study.config.perception
    visit = study.config.visits.get(seen.asked_at)
    when = (visit.label.lower() if visit else f"at {seen.asked_at}") if seen.asked_at else ""
    told = "; ".join(part for part in (seen.kind, when) if part)
    return f"What patients were asked: {seen.label}{f' ({told})' if told else ''}. {_order(study)}".strip()


def _order(study: Study) -> str:
    """When the outcome was measured: an answer that was given before cannot be about it."""
    visits, asked = list(study.config.visits), study.config.perception.asked_at
    if len(visits) < 2:
        return ""
    measured = f"The outcome was measured {study.config.visits[study.follow_up].label.lower()}"
    if asked not in visits:
        return f"{measured}; an answer that was given before cannot be about it."
    before = visits.index(asked) < visits.index(study.follow_up)
    return f"{measured}, later: the answer cannot be about it." if before else f"{measured}."


def spread(answers: pd.Series, asked: int) -> str:
    """Return how many answered, the middle, how many chose the best answer, and how many pairs tie."""
    if answers.empty:
        return "Nobody answered."
    if answers.nunique() == 1:
        return f"All {len(answers):,} of {asked:,} who answered gave the same answer."
    best = wording.percent((answers == answers.max()).mean())
    tied = wording.percent(tie_share(answers.to_numpy()))
    return (
        f"{len(answers):,} of {asked:,} answered: the middle answer is {_plain(answers.median())} (more is "
        f"better), {best} gave the best answer that anybody gave, and {tied} of all pairs of patients gave "
        "the same."
    )


def _plain(value: float) -> str:
    return wording.number(value, 0 if abs(value - round(value)) < 0.05 else 1)


def answers_drawn(study: Study, patients: pd.DataFrame) -> Result | None:
    """Draw the answers; nothing where all are alike."""
    answers = patients["perceived_value"].dropna().astype(float)
    if answers.nunique() < 2:
        return None
    label = study.config.perception.label
    upper = (answers > (answers.min() + answers.max()) / 2).mean()
    drawing = Drawing(
        distribution_bins(answers),
        partial(plot_distribution, xlabel=f"{label} (more is better)"),
        title=f"{wording.percent(upper)} answered in the better half of the range that was used",
        alt=partial(alt_distribution, what=label),
        rules={"counts": ["n"], "keep": ["left", "right"]},
    )
    return Result("answers", drawing=drawing)

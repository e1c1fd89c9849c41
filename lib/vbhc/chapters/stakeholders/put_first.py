"""What each group puts first: ranks, choices of the most and the least important, and what it spoke of."""

from functools import partial
from math import ceil

import pandas as pd

from vbhc import cleaning, interviews
from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.figures.best_worst import draw_best_worst
from vbhc.chapters.stakeholders.heard import Heard, people
from vbhc.chapters.stakeholders.survey_choices import enough_chose, ranks_sentence
from vbhc.chapters.stakeholders.weights import weights_from_presence
from vbhc.publish.claims import Claim, render
from vbhc.publish.results import Drawing, Result
from vbhc.statistics.mover import mover
from vbhc.study import Study
from vbhc.study.declared.outcome_codes import read_outcome_codes
from vbhc.wording import level_name, listing

ABREAST = 4  # panels side by side


def put_first(asked: Asked | None, heard: Heard | None, weights: pd.DataFrame) -> Result | None:
    """Show what each group ranks first, chooses as most and least important, and spoke of most.

    Parameters
    ----------
    weights : DataFrame
        From `spoken_weights`.
    """
    says, drawing = [], None
    if asked is not None:
        scores, policy = enough_chose(asked.chosen, asked.policy), asked.policy
        says += [ranks_sentence(asked.ranks, asked.orders, policy)] if len(asked.ranks) else []
        drawing = best_worst_drawing(scores, asked.ci_level, policy.protects) if len(scores) else None
    few = len(weights) and weights["group"].nunique() <= ABREAST
    says += [spoken_of_most(weights)] if few and heard is not None and not heard.policy.protects else []
    return Result("survey-ranking", says=says, drawing=drawing) if says or drawing else None


def best_worst_drawing(scores: pd.DataFrame, ci_level: float, protects: bool) -> Drawing:
    """Return the best-worst scores of every group, a panel each."""
    choices = [] if protects else ["shown", "best", "worst"]
    data = scores[["group", "item", "n", *choices, "score", "low", "high"]]
    groups, items = data["group"].nunique(), data["item"].nunique()
    rows, columns = ceil(groups / ABREAST), min(groups, ABREAST)
    return Drawing(
        data,
        draw_best_worst,
        title=partial(widest_item, ci_level=ci_level),
        caption=(
            "Score: share of choices as best minus as worst, from -1 to 1. Full: the highest. Line: "
            f"{level_name(ci_level)} interval (bootstrap of respondents)."
        ),
        alt="Best-worst scores by group",
        height=(0.6 + 0.34 * items) * rows,
        narrow_height=(0.5 + 0.23 * items) * groups,
        panels=(rows, columns),
        narrow_panels=(groups, 1),
        rules={"counts": ["n"], "base": "n", "not_people": choices, "parts": False},
    )


def widest_item(scores: pd.DataFrame, ci_level: float = 0.95) -> str:
    """Return the item on which two groups' scores lie furthest apart, as a heading from a claim."""
    known = scores.dropna(subset=["score"])
    if known["group"].nunique() < 2:
        return "What was chosen as best and as worst"
    wide = known.pivot_table(index="item", columns="group", values="score", sort=False)
    item = (wide.max(axis=1) - wide.min(axis=1)).idxmax()
    own = known[known["item"] == item].set_index("group")[["score", "low", "high"]].astype(float)
    first, second = own["score"].idxmax(), own["score"].idxmin()
    gap, low, high = mover(own.loc[first].to_numpy(), own.loc[second].to_numpy())
    first, second = people(str(first)), people(str(second))
    what = f"the score of “{item}”"
    return render(Claim("difference", what, gap, low, high, first=first, second=second), numbers=False)


def spoken_weights(study: Study, heard: Heard | None) -> pd.DataFrame:
    """Return what each group's interviews weigh (`weights_from_presence`); no row where none is declared."""
    if heard is None or not study.config.has_patients:
        return pd.DataFrame()
    columns = list(cleaning.load_patients(study).columns)
    outcomes = read_outcome_codes(study, list(heard.coded.codes["code"]), columns)
    return weights_from_presence(interviews.presence(heard.coded), heard.groups, outcomes)


def spoken_of_most(weights: pd.DataFrame) -> str:
    """Return the outcome that most of each group's interviewees speak of; of ties all are named."""
    parts = []
    for group, own in weights.groupby("group", sort=False):
        top = own[own["k"] == own["k"].max()]
        names = listing(label[:1].lower() + label[1:] for label in top["label"])
        parts.append(f"{names} by {people(str(group))} ({own['k'].max()} of {own['n'].iloc[0]})")
    return f"Of the outcomes that can be weighed, interviews speak most of {listing(parts)}."

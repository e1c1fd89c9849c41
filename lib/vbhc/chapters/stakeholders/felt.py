"""Gains and pains of those who were interviewed: in how many people, and theme by theme."""

from __future__ import annotations

import pandas as pd

from vbhc import interviews
from vbhc.chapters.stakeholders.effects import (
    code_effects,
    effect_counts,
    effect_matrix,
    effects_sentence,
    gains_title,
)
from vbhc.chapters.stakeholders.figures.gains import alt_gains_pains, draw_gains_pains
from vbhc.chapters.stakeholders.gains_answer import (
    contradictions_sentence,
    gains_by_group,
    gains_in_words,
    gains_people_sentence,
    who_gains,
)
from vbhc.chapters.stakeholders.heard import Heard
from vbhc.chapters.stakeholders.protected import gains_table
from vbhc.publish.claims import Claim
from vbhc.publish.results import Drawing, Result, Table
from vbhc.statistics.tables2x2 import wilson
from vbhc.study import Study
from vbhc.study.declared.contradictions import read_contradictions


def directed_codes(heard: Heard | None) -> pd.DataFrame:
    """Return the codes that raise or lower motivation or strain (`effects.code_effects`)."""
    return pd.DataFrame() if heard is None else code_effects(heard.coded)


def felt_by_theme(heard: Heard | None, effects: pd.DataFrame) -> pd.DataFrame:
    """Return who raises a gain or a pain in each theme (`effects.effect_counts`)."""
    if heard is None or effects.empty:
        return pd.DataFrame()
    return effect_counts(interviews.presence(heard.coded), effects, heard.groups)


def gain_claim(heard: Heard, effects: pd.DataFrame, ci_level: float = 0.95) -> Claim:
    """Return how many interviewees raise more gains than pains, as a claim."""
    raised = who_gains(interviews.presence(heard.coded), effects)
    ends = wilson(raised.more, raised.n, ci_level)
    share = raised.more / raised.n if raised.n else float("nan")
    what = "interviewees raise more gains than pains"
    return Claim("share", what, share, *ends, raised.n, k=raised.more)


def gains_and_pains(
    heard: Heard | None, effects: pd.DataFrame, felt: pd.DataFrame, ci_level: float = 0.95
) -> Result | None:
    """Show who raises gains, pains and both, in which themes, and whether the groups differ in it.

    None where the codes carry no direction. Under a policy that protects no count of people is drawn.
    """
    if heard is None or felt.empty:
        return None
    presence, policy = interviews.presence(heard.coded), heard.policy
    by_group = gains_by_group(presence, effects, heard.groups, policy)
    if policy.protects:
        return Result("gains-and-pains", says=[gains_in_words(presence, effects, ci_level, policy), by_group])
    raised = who_gains(presence, effects)
    both = f"{raised.both} of {raised.n} interviewees raise gains as well as pains."
    drawing = Drawing(
        felt,
        draw_gains_pains,
        title=gains_title,
        caption="Interviewees who raise any gain (right) or pain (left); marks: share of each group.",
        alt=alt_gains_pains,
        height=1.5 + 0.55 * felt["theme"].nunique(),
        narrow_height=1.6 + 0.8 * felt["theme"].nunique(),
        rules={
            "counts": ["k", "n"],
            "base": None,
            "shares": {"share": "k"},
            "not_people": ["mechanisms"],
            "parts": False,
        },
    )
    return Result("gains-and-pains", says=[both, by_group], drawing=drawing)


def mechanisms(study: Study, effects: pd.DataFrame) -> Result | None:
    """Show how many codes of each kind the researchers found, theme by theme: codes, not people."""
    if effects.empty:
        return None
    names = {"gains": "Gains", "pains": "Pains", "neutrals": "Neutral", "mechanisms": "Mechanisms"}
    table = Table(
        effect_matrix(effects).drop(columns="outcome"),
        "Mechanisms by theme and effect; a mechanism with two effects stands in two columns",
        labels=names,
        rules={"not_people": list(effect_matrix(effects).columns[2:])},
    )
    says = [contradictions_sentence(read_contradictions(study))]
    return Result("gains-and-pains-matrix", says=says, table=table)


def gains_by_theme(heard: Heard, effects: pd.DataFrame, felt: pd.DataFrame) -> Result | None:
    """Show how many interviewees raise a gain, a pain or something neutral in each theme."""
    if felt.empty:
        return None
    says = [effects_sentence(effects, felt, heard.policy)]
    counts: list[tuple[int, int]] = []
    if heard.policy.protects:
        text, counts = gains_people_sentence(interviews.presence(heard.coded), effects, heard.policy)
        says.append(text)
    table = Table(
        gains_table(felt),
        f"How many of {len(heard.presence)} interviewees raise at least one",
        by="theme",
        rules={"counts": ["k"], "parts": False},
    )
    return Result("gains-and-pains-table", says=says, table=table, counts=counts)

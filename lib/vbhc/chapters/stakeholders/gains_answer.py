"""Gains, pains and what does both, in one answer; and where the source of a study contradicts itself.

The unit is the interviewee: how many raise a gain, how many a pain, and who raises more of the one than of
the other. Mechanisms (codes) are counted apart. A study may list in `contradictions.csv` where its published
source says two things; the answer then says so, because a count is no better than its source.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
from scipy import stats

from vbhc.chapters.stakeholders.effects import NO_DIRECTION, balance, kinds_said
from vbhc.chapters.stakeholders.pair import compared_pair
from vbhc.chapters.stakeholders.protected import may_tell, one_of
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.statistics.tables2x2 import wilson
from vbhc.wording import count, listing, number, p_value

MECHANISMS = {"gain": "gain", "pain": "pain", "neutral": "neutral", "both": "gain and pain at once"}


class Raised(NamedTuple):
    """Interviewees: how many raise a gain, a pain, both, and more gains than pains, of `n`."""

    gains: int
    pains: int
    both: int
    more: int
    n: int


def gains_answer(
    presence: pd.DataFrame,
    effects: pd.DataFrame,
    groups: pd.Series,
    contradictions: pd.DataFrame | None = None,
    ci_level: float = 0.95,
    policy: Policy = OPEN,
) -> str:
    """Return the answer to "does it motivate or wear out, and do the groups say the same?".

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees x codes, with every code of `effects`.
    effects : DataFrame
        From `effects.code_effects`; empty where codes carry no direction.
    groups : Series
        Group by interviewee.
    contradictions : DataFrame, optional
        From `read_contradictions`.
    policy : Policy, optional
        One that protects keeps every count of interviewees out of the answer: another page may force a count
        out of the report, and the answer with it. `gains_people_sentence` gives the counts.

    Returns
    -------
    str
        Who raises gains, pains and both; who raises more gains than pains (share with Wilson interval); the
        mechanisms by kind and by their double effects; whether two groups differ in gains minus pains
        (medians, Mann-Whitney); what the source contradicts itself about.
    """
    if effects.empty:
        return NO_DIRECTION
    raised = who_gains(presence, effects)
    lead = _in_words(raised, ci_level, policy) if policy.protects else _in_counts(raised, ci_level)
    by_group = gains_by_group(presence, effects, groups, policy)
    return f"{lead} {_mechanisms(effects)} {by_group} {contradictions_sentence(contradictions)}".strip()


def gains_people_sentence(
    presence: pd.DataFrame, effects: pd.DataFrame, policy: Policy = OPEN
) -> tuple[str, list[tuple[int, int]]]:
    """Return the counts behind `gains_answer` in a sentence, and its counts for the door (part, whole).

    Counts that the policy hides are left out one by one, and the sentence says so.
    """
    if effects.empty:
        return NO_DIRECTION, []
    raised = who_gains(presence, effects)
    words = {"gains": "raise a gain", "pains": "raise a pain"}
    words |= {"both": "raise both", "more": "raise more gains than pains"}
    counts = {name: (getattr(raised, name), raised.n) for name in words}
    told = {name: pair for name, pair in counts.items() if may_tell(*pair, policy)}
    parts = [f"{k} of {n} {words[name]}" for name, (k, n) in told.items()]
    hidden = [words[name] for name in words if name not in told]
    text = f"Of the interviewees, {listing(parts)}." if parts else ""
    text += f" How many {listing(hidden, 'or')} is withheld." if hidden else ""
    return text.strip(), list(told.values())


def who_gains(presence: pd.DataFrame, effects: pd.DataFrame) -> Raised:
    """Return how many interviewees raise a gain, a pain, both, and more gains than pains."""
    gains, pains = (
        presence[list(effects.loc[effects["polarity"].isin([kind, "both"]), "code"])].sum(axis=1)
        for kind in ("gain", "pain")
    )
    gain, pain = gains > 0, pains > 0
    both, more = int((gain & pain).sum()), int((gains > pains).sum())
    return Raised(int(gain.sum()), int(pain.sum()), both, more, len(presence))


def _in_counts(raised: Raised, ci_level: float) -> str:
    n = raised.n
    low, high = wilson(raised.more, n, ci_level)
    share = f"{100 * low:.0f}% to {100 * high:.0f}%" if n else "not available"
    text = f"Nobody raises gains as well as pains ({n} interviewees) "
    if raised.both:
        text = f"It does both: {raised.both} of {n} interviewees raise gains as well as pains "
    return (
        f"{text}(gains {raised.gains}, pains {raised.pains}); {count(raised.more, n)} raise more gains than "
        f"pains ({ci_level:.0%} CI {share})."
    )


def gains_in_words(
    presence: pd.DataFrame, effects: pd.DataFrame, ci_level: float = 0.95, policy: Policy = OPEN
) -> str:
    """Return who raises gains and pains without a count, as far as the policy leaves enough open."""
    return _in_words(who_gains(presence, effects), ci_level, policy)


def _in_words(raised: Raised, ci_level: float, policy: Policy) -> str:
    """Return who raises what without a number: what is more than a coin would do, by Wilson's interval."""

    def most(k: int) -> str:
        low, high = wilson(k, raised.n, ci_level) if raised.n else (0.0, 1.0)
        if low > 0.5:
            return "most of them raise more gains than pains"
        if high < 0.5:
            return "most of them do not raise more gains than pains"
        return "whether most of them raise more gains than pains is not settled"

    if policy.hides(raised.both):
        lead = "Who raises gains as well as pains may not be said of so few"
    elif raised.both:
        lead = "It does both: the same interviewees raise gains and pains"
    else:
        lead = "Nobody raises gains as well as pains"
    tail = one_of(most, raised.more, raised.n, policy)
    return f"{lead}; {tail}." if tail else f"{lead}."


def _mechanisms(effects: pd.DataFrame) -> str:
    """Return how many codes are gains, pains or neutral, and how many do two things at once."""
    text = f"Of {len(effects)} mechanisms {listing(kinds_said(effects, MECHANISMS))}"
    double = effects.loc[effects["two_effects"], "effects"]
    two = double.map(lambda own: " and ".join(own)).value_counts(sort=False)
    if len(two):
        verb, each = "does" if two.sum() == 1 else "do", (f"{n} {name}" for name, n in two.items())
        text += f"; {two.sum()} {verb} two things at once ({listing(each)})"
    return f"{text}."


def gains_by_group(
    presence: pd.DataFrame, effects: pd.DataFrame, groups: pd.Series, policy: Policy = OPEN
) -> str:
    """Return whether the two largest groups differ in gains minus pains per interviewee."""
    table = balance(presence, effects, compared_pair(groups, policy) if policy.protects else groups)
    names = list(table["group"].value_counts().index[:2])
    if len(names) < 2 and policy.protects:
        return "No groups are compared."
    if len(names) < 2:
        return "Only one group was interviewed, so nothing is compared."
    first, second = (table.loc[table["group"] == name, "balance"] for name in names)
    if min(len(first), len(second)) < 2 or table["balance"].nunique() < 2:
        return "Too few interviewees in a group, or all alike, to compare the groups."
    p = stats.mannwhitneyu(first, second, method="auto").pvalue
    lead = "differ" if p <= 0.05 else "do not clearly differ"
    both = zip(names, (first, second), strict=True)
    each = listing(f"{number(own.median(), 1)} for {name} (n = {len(own)})" for name, own in both)
    said = f"Mann-Whitney {p_value(p)}" if policy.protects else f"median {each}; {p_value(p)}"
    return f"The groups {lead} in gains minus pains per interviewee ({said})."


def contradictions_sentence(contradictions: pd.DataFrame | None) -> str:
    """Return how often the source contradicts itself and about what; nothing where none is listed."""
    if contradictions is None or contradictions.empty:
        return ""
    n = len(contradictions)
    places = "one place" if n == 1 else f"{n} places"
    return f"The published source is at odds with itself in {places}: {listing(contradictions['about'])}."

"""Gains and pains of those who were interviewed: in how many people, and theme by theme.

The unit is the interviewee: how many raise a gain, how many a pain, and who raises more of the one than of
the other. Mechanisms (codes) are counted apart. A study may list in `contradictions.csv` where its published
source says two things: a count is no better than its source.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import interviews
from vbhc.chapters.stakeholders.effects import (
    balance,
    code_effects,
    effect_counts,
    effect_matrix,
    gains_title,
    kinds_said,
)
from vbhc.chapters.stakeholders.figures.gains import draw_gains_pains
from vbhc.chapters.stakeholders.heard import Heard
from vbhc.chapters.stakeholders.pair import compared_pair
from vbhc.chapters.stakeholders.protected import one_of
from vbhc.interviews.passages import who_meets
from vbhc.publish.claims import Claim
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.publish.results import Drawing, Result, Table
from vbhc.statistics.tables2x2 import wilson
from vbhc.study import Study
from vbhc.study.declared.contradictions import read_contradictions
from vbhc.wording import listing, number, p_value

DONE = ("k_own", "k_team", "k_organisation")
MECHANISMS = {"gain": "gain", "pain": "pain", "neutral": "neutral", "both": "gain and pain at once"}


class Raised(NamedTuple):
    """Interviewees: how many raise a gain, a pain, both, and more gains than pains, of `n`."""

    gains: int
    pains: int
    both: int
    more: int
    n: int


def who_gains(presence: pd.DataFrame, effects: pd.DataFrame) -> Raised:
    """Return how many interviewees raise a gain, a pain, both, and more gains than pains."""
    gains, pains = (
        presence[list(effects.loc[effects["polarity"].isin([kind, "both"]), "code"])].sum(axis=1)
        for kind in ("gain", "pain")
    )
    gain, pain = gains > 0, pains > 0
    both, more = int((gain & pain).sum()), int((gains > pains).sum())
    return Raised(int(gain.sum()), int(pain.sum()), both, more, len(presence))


def directed_codes(heard: Heard | None) -> pd.DataFrame:
    """Return the codes that raise or lower motivation or strain (`effects.code_effects`)."""
    return pd.DataFrame() if heard is None else code_effects(heard.coded)


def felt_by_theme(heard: Heard | None, effects: pd.DataFrame) -> pd.DataFrame:
    """Return who raises a gain or a pain in each theme (`effects.effect_counts`)."""
    if heard is None or effects.empty:
        return pd.DataFrame()
    return effect_counts(interviews.presence(heard.coded), effects, heard.groups)


def gain_claim(heard: Heard, effects: pd.DataFrame) -> Claim:
    """Return how many interviewees raise more gains than pains, as a claim."""
    raised = who_gains(interviews.presence(heard.coded), effects)
    ends = wilson(raised.more, raised.n, heard.ci_level)
    share = raised.more / raised.n if raised.n else float("nan")
    what = "interviewees raise more gains than pains"
    return Claim("share", what, share, *ends, raised.n, k=raised.more)


def gains_and_pains(heard: Heard | None, effects: pd.DataFrame, felt: pd.DataFrame) -> Result | None:
    """Show who raises gains, pains and both, in which themes, and whether the groups differ in it.

    None where the codes carry no direction. Under a policy that protects no count of people is drawn.
    """
    if heard is None or felt.empty:
        return None
    presence, policy = interviews.presence(heard.coded), heard.policy
    by_group = gains_by_group(presence, effects, heard.groups, policy)
    if policy.protects:
        told = gains_in_words(presence, effects, heard.ci_level, policy)
        return Result("gains-and-pains", says=[told, by_group])
    raised = who_gains(presence, effects)
    both = f"{raised.both} of {raised.n} interviewees raise gains as well as pains."
    drawing = Drawing(
        felt,
        draw_gains_pains,
        title=gains_title,
        caption="Interviewees who raise any gain (right) or pain (left); marks: share of each group.",
        alt="Interviewees who raise a pain (left) or a gain (right), by theme",
        height=1.5 + 0.55 * felt["theme"].nunique(),
        narrow_height=1.6 + 0.8 * felt["theme"].nunique(),
        rules={"counts": ["k", "n"], "base": None, "shares": {"share": "k"}}
        | {"not_people": ["mechanisms"], "parts": False},
    )
    return Result("gains-and-pains", says=[both, by_group], drawing=drawing)


def gains_in_words(
    presence: pd.DataFrame, effects: pd.DataFrame, ci_level: float = 0.95, policy: Policy = OPEN
) -> str:
    """Return who raises what without a number: what is more than a coin would do, by Wilson's interval."""
    raised = who_gains(presence, effects)

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


def mechanisms(study: Study, effects: pd.DataFrame) -> Result | None:
    """Show how many codes of each kind the researchers found, theme by theme: codes, not people."""
    if effects.empty:
        return None
    names = {"gains": "Gains", "pains": "Pains", "neutrals": "Neutral", "mechanisms": "Mechanisms"}
    matrix = effect_matrix(effects).drop(columns="outcome")
    table = Table(
        matrix,
        "Mechanisms by theme and effect; a mechanism with two effects stands in two columns",
        labels=names,
        rules={"not_people": list(matrix.columns[1:])},
    )
    says = [mechanisms_sentence(effects), contradictions_sentence(read_contradictions(study))]
    return Result("gains-and-pains-matrix", says=says, table=table)


def what_was_done(heard: Heard | None, effects: pd.DataFrame) -> pd.DataFrame:
    """Return for each pain in how many interviewees something was done about it, on the same passages.

    What was done is coded under a category, or in sets, called "regulation": by the organisation or by the
    team where the code says so, else by oneself.

    Returns
    -------
    DataFrame
        `code, label, k` (interviewees who raise the pain), `k_own, k_team, k_organisation`. No row where
        nothing is coded as done, or no code is a pain.
    """
    columns = ["code", "label", "k", *DONE]
    book = pd.DataFrame() if heard is None else heard.coded.codes
    if effects.empty or book.empty:
        return pd.DataFrame(columns=columns)
    parents = book["parent"].map(book.set_index("code")["label"]).fillna("")
    done = book[
        book["codable"].astype(bool) & (parents + ";" + book["sets"]).str.contains("regulation", case=False)
    ]
    words = (done["label"] + ";" + done["sets"]).str.lower()
    kind = np.select([words.str.contains("organi"), words.str.contains("team")], [DONE[2], DONE[1]], DONE[0])
    pains = effects[effects["polarity"].isin(["pain", "both"])]
    if done.empty or pains.empty:
        return pd.DataFrame(columns=columns)
    met = who_meets(heard.coded, list(pains["code"]), dict(zip(done["code"], kind, strict=True)))
    raised = interviews.presence(heard.coded, list(pains["code"])).sum()
    table = pains[["code", "label"]].assign(k=pains["code"].map(raised))
    return table.join(met, on="code").sort_values("k", ascending=False, kind="stable", ignore_index=True)


def done_about_pains(heard: Heard | None, done: pd.DataFrame) -> Result | None:
    """Show every pain beside what was done about it, and by whom; None where that is not coded."""
    if heard is None or done.empty:
        return None
    without = done[(done["k"] > 0) & (done["k_organisation"] == 0)]
    n = int((done["k"] > 0).sum())
    named = f": {listing(without['label'])}" if 0 < len(without) <= 6 else ""
    said = (
        f"{len(without)} of {n} pains stand without an answer by the organisation in the same passage{named}."
    )
    table = Table(
        done.drop(columns="code" if heard.policy.protects else "label"),
        "Pains, and in how many interviewees something was done about them in the same passage",
        labels={"code": "Pain", "label": "Pain", "k": "Raise it", "k_own": "By themselves"}
        | {"k_team": "By the team", "k_organisation": "By the organisation"},
        rules={"counts": ["k", *DONE], "base": None, "parts": False},
    )
    return Result("regulation", says=[] if heard.policy.protects else [said], table=table)


def mechanisms_sentence(effects: pd.DataFrame) -> str:
    """Return how many codes are gains, pains or neutral, and how many do two things at once."""
    text = f"Of {len(effects)} mechanisms {listing(kinds_said(effects, MECHANISMS))}"
    double = effects.loc[effects["two_effects"], "effects"]
    two = double.map(lambda own: " and ".join(own)).value_counts(sort=False)
    if len(two):
        verb, each = "does" if two.sum() == 1 else "do", (f"{n} {name}" for name, n in two.items())
        text += f"; {two.sum()} {verb} two things at once ({listing(each)})"
    return f"{text}."


def contradictions_sentence(contradictions: pd.DataFrame) -> str:
    """Return how often the source contradicts itself and about what; nothing where none is listed."""
    n = len(contradictions)
    places = "one place" if n == 1 else f"{n} places"
    about = listing(contradictions["about"]) if n else ""
    return f"The published source is at odds with itself in {places}: {about}." if n else ""

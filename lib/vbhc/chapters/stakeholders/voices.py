"""Single voices and what goes together: the map of codes by interviewee, the plane, codes in one passage."""

from __future__ import annotations

from functools import partial

from vbhc.chapters.stakeholders.code_counts import presence_cells
from vbhc.chapters.stakeholders.figures.codes import alt_cooccurrence, draw_network, together_height
from vbhc.chapters.stakeholders.figures.groups import alt_presence, draw_presence
from vbhc.chapters.stakeholders.figures.people import alt_people_map, draw_people_map
from vbhc.chapters.stakeholders.heard import Heard
from vbhc.chapters.stakeholders.protected import pairs_shown, raised_sentence
from vbhc.chapters.stakeholders.sentences import presence_title
from vbhc.chapters.stakeholders.together import (
    cooccurrence,
    cooccurrence_sentence,
    people_map,
    people_map_title,
)
from vbhc.chapters.stakeholders.tree import codes_under
from vbhc.publish.results import Drawing, Result


def voices(heard: Heard) -> Result:
    """Show who raised which code, a column for each interviewee; no name, and no order of interviews."""
    cells = presence_cells(heard.presence, heard.groups)
    drawing = Drawing(
        cells,
        partial(draw_presence, labels=heard.labels),
        title=presence_title,
        caption="A column is one interviewee, a filled cell a code that was raised; right: in how many.",
        alt=partial(alt_presence, labels=heard.labels),
        height=1.2 + 0.2 * len(heard.presence.columns),
        narrow_height=1.2 + 0.3 * len(heard.presence.columns),
        rules={"counts": (), "keep": ["position"], "single_people": True},
    )
    says = [raised_sentence(heard.presence, heard.groups, heard.policy)]
    return Result("map", says=says, drawing=drawing)


def plane(heard: Heard) -> Result:
    """Show interviewees near those who raise the same codes (correspondence analysis): a look, no test."""
    points, inertia = people_map(heard.presence, heard.groups)
    title = people_map_title(inertia)
    drawing = Drawing(
        points,
        partial(draw_people_map, shares=tuple(inertia["share"])),
        title=title,
        caption="Correspondence analysis of who raised what; codes that three or more interviewees raise.",
        alt=alt_people_map,
        height=5.5,
        narrow_height=4.4,
        rules={"counts": (), "keep": ["dim1", "dim2"], "single_people": True},
    )
    return Result("people-map", says=[f"{title}."] if heard.policy.protects else [], drawing=drawing)


def ideas_that_meet(heard: Heard, branches: str) -> Result:
    """Show which codes were given to the same passage by one coder, the closest pairs.

    `branches` of the code tree, separated by ";"; without any all codes.
    """
    pairs = cooccurrence(heard.coded, codes_under(heard.coded, branches.split(";")))
    meet = cooccurrence_sentence(pairs, heard.labels, people=not heard.policy.protects)
    shown = pairs_shown(pairs, heard.policy)
    drawing = Drawing(
        shown,
        partial(draw_network, labels=heard.labels),
        title=meet.removesuffix("."),
        caption="The closest pairs, up to fifteen that share five passages or more; numbers: c-coefficient.",
        alt=partial(alt_cooccurrence, labels=heard.labels),
        height=together_height(shown),
        narrow_height=together_height(shown, narrow=True),
        rules={
            "counts": ["k_both"],
            "base": "k_both",
            "not_people": ["n_a", "n_b", "n_both"],
            "parts": False,
        },
    )
    return Result("together", drawing=drawing)

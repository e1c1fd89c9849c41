"""Everything that a result says, its figure drawn wide and narrow, without a door."""

from __future__ import annotations

from matplotlib.figure import Figure

from vbhc.publish.claims import Claim, render
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.publish.either import picked
from vbhc.publish.findings.show import under
from vbhc.publish.results import NARROW, WIDE, Drawing, Result


def all_texts(result: Result, policy: Policy = OPEN) -> list[str]:
    """Return what a result says: its sentences, its figure's title and words, its table's caption."""
    result = under(result, policy)
    if result is None:
        return []
    texts = [render(one) if isinstance(one, Claim) else one for one in result.says if one]
    if result.drawing is not None:
        texts += drawn(result.drawing)
    if result.table is not None:
        texts.append(result.table.caption)
    said = [picked(text, policy) for text in texts]
    return [render(one, numbers=False) if isinstance(one, Claim) else one for one in said]


def drawn(drawing: Drawing) -> list[str]:
    """Draw a figure for a page and for a phone, and return its title and its words."""
    panels = {WIDE: drawing.panels, NARROW: drawing.narrow_panels or drawing.panels[::-1]}
    for width, (rows, columns) in panels.items():
        height = drawing.height if width == WIDE else drawing.narrow_height
        drawing.draw(drawing.data, Figure(figsize=(width, height)).subplots(rows, columns))
    parts = (drawing.title, drawing.alt)
    return [text(drawing.data) if callable(text) else text for text in parts]


def said_of(result: Result, policy: Policy = OPEN) -> str:
    """What a result says, as one text."""
    says = under(result, policy).says
    return " ".join(render(one) if isinstance(one, Claim) else one for one in says if one)

"""Everything that a result says, its figure drawn wide and narrow, without a door."""

from __future__ import annotations

from matplotlib.figure import Figure

from vbhc.publish.claims import Claim, render
from vbhc.publish.results import NARROW, WIDE, Drawing, Result


def all_texts(result: Result) -> list[str]:
    """Return what a result says: its sentences, its figure's title and words, its table's caption."""
    texts = [render(one) if isinstance(one, Claim) else one for one in result.says if one]
    if result.drawing is not None:
        texts += drawn(result.drawing)
    if result.table is not None:
        texts.append(result.table.caption)
    return texts


def drawn(drawing: Drawing) -> list[str]:
    """Draw a figure for a page and for a phone, and return its title and its words."""
    panels = {WIDE: drawing.panels, NARROW: drawing.narrow_panels or drawing.panels[::-1]}
    for width, (rows, columns) in panels.items():
        height = drawing.height if width == WIDE else drawing.narrow_height
        drawing.draw(drawing.data, Figure(figsize=(width, height)).subplots(rows, columns))
    parts = (drawing.title, drawing.alt)
    return [text(drawing.data) if callable(text) else text for text in parts]


def said_of(result: Result) -> str:
    """What a result says, as one text."""
    return " ".join(render(one) if isinstance(one, Claim) else one for one in result.says if one)

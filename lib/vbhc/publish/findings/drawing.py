"""Draw a figure to SVG that is the same bytes each time, with its text as text."""

import io
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import LogFormatter, LogFormatterMathtext, NullFormatter

from vbhc.publish.findings.made import visible
from vbhc.publish.findings.marks import with_words

STYLE = Path(__file__).with_name("figure.mplstyle")


def draw_svg(
    draw: Callable,
    data: Any,
    *,
    salt: str,
    size: tuple[float, float],
    panels: tuple[int, int],
    guard: Callable,
) -> str:
    """Return the SVG that `draw(data, ax)` makes, by an array of axes where `panels` asks for several.

    `salt` fixes the ids inside the drawing; `size` is in inches; `guard` takes each text in it and
    returns what may stand there.
    """
    with style.context([STYLE, {"svg.hashsalt": salt}]):
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)  # measures text
        draw(data, figure.subplots(*panels))
        for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
            if isinstance(axis.get_major_formatter(), LogFormatterMathtext):
                axis.set_major_formatter(LogFormatter())  # its powers are written as maths
                axis.set_minor_formatter(NullFormatter())
        for text in figure.findobj(Text):
            if text.get_text():
                text.set_text(guard(text.get_text()))
        fit_labels(figure)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    # Ticks get their texts only while they are drawn.
    return plain_svg(visible(with_words(out.getvalue(), guard)))


def fit_labels(figure: Figure) -> None:
    """Break the lines of labels of axes that would run out of the drawing."""
    figure.draw_without_rendering()
    for ax in figure.axes:
        for side, label in enumerate((ax.xaxis.label, ax.yaxis.label)):
            box = label.get_window_extent()
            middle = (box.min[side] + box.max[side]) / 2
            room = 2 * min(middle, figure.bbox.size[side] - middle)
            _break_lines(label, box.size[side], room)


def _break_lines(text: Text, length: float, room: float) -> None:
    """Break the lines of a text of some length so that it fits the room, both in dots."""
    if length > room > 0:
        words = text.get_text()
        letters = max(map(len, words.splitlines())) * room / length
        text.set_text(textwrap.fill(" ".join(words.split()), max(20, int(letters) - 1)))


def plain_svg(svg: str) -> str:
    """Return an SVG without what a reader does not need: prolog, metadata, comments, long lists of fonts."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;\"]*", "font-family: Arial, Helvetica, sans-serif", svg)
    svg = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", svg)
    return re.sub(r"[ \t]+\n", "\n", svg).strip() + "\n"

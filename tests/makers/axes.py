"""Axes to draw on, as a notebook gives them to a figure."""

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vbhc.publish.findings.drawing import STYLE


def new_axes(size: tuple[float, float] = (7, 4)) -> Axes:
    """Return the axes of a fresh figure in the house style, outside pyplot (no notebook shows it twice)."""
    with style.context(STYLE):
        return Figure(figsize=size, layout="constrained").subplots()

"""How many codes each further interview brought."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vbhc.publish.figure_style import TOTAL, nothing_to_draw

PALE = "#E8E8E8"


def draw_saturation(curve: pd.DataFrame, ax: Axes) -> Axes:
    """Draw codes found after each interview and the band over random orders (`saturation_curve`).

    Without `codes` (see `stakeholders.saturation_shown`) the band and its median alone.
    """
    if curve.empty:
        return nothing_to_draw(ax)
    ax.fill_between(curve["interview"], curve["low"], curve["high"], color=PALE, label="95% of random orders")
    ax.plot(curve["interview"], curve["median"], color="grey", linestyle="--", label="median order")
    if "codes" in curve:
        ax.plot(
            curve["interview"], curve["codes"], color=TOTAL, marker="o", markersize=4, label="as interviewed"
        )
    ax.set_xlabel("Interviews")
    ax.set_ylabel("Different codes found")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylim(bottom=0)
    ax.legend(loc="lower right", frameon=False, fontsize=8.2)
    return ax

"""How patients are spread: histograms whose outermost bins are open, and outcome against cost in a grid.

No point is a patient, and no edge gives away the largest or the smallest of them.
"""

from functools import partial

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.ticker import MaxNLocator

from vbhc import wording
from vbhc.chapters.value import layout
from vbhc.chapters.value.group_value import noun, who_counts
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish import figure_style as style
from vbhc.publish.either import either
from vbhc.publish.findings.made import coarse_decimals
from vbhc.publish.results import Claim, Result
from vbhc.statistics.correlation.rank import spearman

TAIL = 0.01  # share of patients at either end that the outermost bins take in, whatever their values
OPEN = "; the outermost bars are open"
BEYOND = "; more lie beyond ≤ or ≥, and bars of too few leave a gap"  # where people are protected
CELLS = ["cost_left", "cost_right", "outcome_left", "outcome_right", "n"]


def bin_edges(values: pd.Series, n_bins: int = 20, tail: float = TAIL) -> np.ndarray:
    """Return round bin edges that span all but the outermost `tail` of the values at either end.

    The outermost bins are open, so that no edge gives away the largest or smallest patient.
    """
    known = values.dropna().to_numpy(dtype=float)
    if len(known) == 0:
        return np.array([])
    low, high = np.quantile(known, [tail, 1 - tail])
    whole = known.max() - known.min() <= n_bins and (known == known.round()).all()
    if whole:  # answers on a scale: each in the middle of a bar of its own
        return np.arange(known.min() - 0.5, known.max() + 1)
    if low == high:
        low, high = low - 0.5, high + 0.5
    return np.asarray(MaxNLocator(nbins=n_bins, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))


def grid_counts(x: pd.Series, y: pd.Series, edges_x: np.ndarray, edges_y: np.ndarray) -> pd.DataFrame:
    """Count pairs in a grid: `x_left, x_right, y_left, y_right, n`, cells without any left out.

    Outermost cells take in everything beyond them.
    """
    counts = pd.Series(1, index=[_bin_of(x, edges_x), _bin_of(y, edges_y)]).groupby(level=[0, 1]).size()
    at_x, at_y = counts.index.to_frame().to_numpy().T
    sides = {"x_left": edges_x[at_x], "x_right": edges_x[at_x + 1]}
    sides |= {"y_left": edges_y[at_y], "y_right": edges_y[at_y + 1]}
    return pd.DataFrame(sides | {"n": counts.to_numpy()})


def _bin_of(values: pd.Series | np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the bin of each value; the first and the last take in everything beyond them."""
    return np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)


def distribution_bins(values: pd.Series, n_bins: int = 20) -> pd.DataFrame:
    """Count values in bins for a histogram.

    Returns
    -------
    DataFrame
        `left, right, n, open`: each bin holds left <= value < right; the first is open to the left and the
        last to the right (`open` = "left", "right" or "") when values lie beyond. Empty without values.
    """
    edges = bin_edges(values, n_bins)
    known = values.dropna().to_numpy(dtype=float)
    if len(known) == 0:
        return pd.DataFrame({"left": [], "right": [], "n": [], "open": []})
    counts = np.bincount(_bin_of(known, edges), minlength=len(edges) - 1)
    table = pd.DataFrame({"left": edges[:-1], "right": edges[1:], "n": counts, "open": ""})
    if known.min() < edges[0]:
        table.loc[0, "open"] = "left"
    if known.max() > edges[-1]:
        table.loc[len(table) - 1, "open"] = "right"
    return table


def plot_distribution(data: pd.DataFrame, ax: Axes, xlabel: str = "") -> Axes:
    """Draw the histogram of `distribution_bins`; an open bin is marked, so that a tail looks like no peak."""
    shown = style.drawable(data, "n")
    if shown.empty:
        return style.nothing_to_draw(ax)
    bars = shown.assign(middle=(shown["left"] + shown["right"]) / 2)
    edges = np.union1d(shown["left"], shown["right"]).tolist()  # a withheld bin leaves a gap
    look = {"color": style.PALETTE[0], "edgecolor": "white", "alpha": 1}
    sns.histplot(bars, x="middle", weights="n", bins=edges, ax=ax, **look)
    known = data[["left", "right"]].stack()  # a withheld bin at an end has one edge only
    for side, sign, at in (("left", "≤", known.min()), ("right", "≥", known.max())):
        if (data["open"] == side).any() or data[side].isna().any():
            outward = {"left": "right", "right": "left"}[side]
            ax.annotate(sign, (at, 0), xytext=(0, 3), textcoords="offset points", ha=outward)
    style.with_commas(ax.xaxis, ax.yaxis)
    return style.finish(ax, xlabel, "Patients")


def outcome_cost_bins(outcome: pd.Series, cost: pd.Series) -> pd.DataFrame:
    """Count patients in a grid of outcome by cost, for a picture without points of single patients.

    Returns
    -------
    DataFrame
        `cost_left, cost_right, outcome_left, outcome_right, n`, cells without patients left out. Outermost
        cells take in everything beyond them.
    """
    both = outcome.notna() & cost.notna()
    x, y = cost[both].astype(float), outcome[both].astype(float)
    if x.empty:
        return pd.DataFrame(columns=CELLS, dtype=float)
    return grid_counts(x, y, bin_edges(x, 16), bin_edges(y, 16)).set_axis(CELLS, axis=1)


def outcome_by_cost(
    vq: Definition, patients: pd.DataFrame, ratio: pd.DataFrame, ci_level: float = 0.95
) -> Result:
    """Show patients by outcome and cost with the ray of the group's quota, and how the two go together.

    Parameters
    ----------
    ratio : DataFrame
        From `ratio_of_means` of `gain` and `cost`.
    """
    row = spearman(patients["cost"], patients["gain"], ci_level).iloc[0]
    told = {**row[["estimate", "low", "high"]].astype(float), "n": int(row["n"]), "reason": row["reason"]}
    what = f"the {noun(vq).removeprefix('the mean ')}"
    claim = Claim("tie", what, first="the cost", counted=who_counts(patients, "gain"), **told)
    quota = ratio.iloc[0]
    # All digits of two sums' ratio give how many they are of.
    near = np.round(quota["estimate"], coarse_decimals(quota["low"], quota["high"]))
    unit, data = wording.sentence_case(vq.outcome_unit), outcome_cost_bins(patients["gain"], patients["cost"])
    rays = (partial(draw_outcome_cost, ylabel=unit, ray=one / vq.per) for one in (quota["estimate"], near))
    lay = partial(layout.drawing, "plane", data, title=claim, words={"vq": vq})
    return Result("plane", says=[claim], drawing=either(*(lay(draw, caption=_caption) for draw in rays)))


def draw_outcome_cost(
    data: pd.DataFrame, ax: Axes, xlabel: str = "Cost", ylabel: str = "Outcome", ray: float = np.nan
) -> Axes:
    """Draw the grid of `outcome_cost_bins`, darker for more patients.

    Parameters
    ----------
    ray : float
        Outcome per one currency unit: along it every patient would have the group's quota.
    """
    shown = style.drawable(data, "n")
    if shown.empty:
        return style.nothing_to_draw(ax)
    shade = style.DENSITY(LogNorm(1, max(2, shown["n"].max()))(shown["n"].to_numpy(float)))
    across, upright = (shown[f"{side}_right"] - shown[f"{side}_left"] for side in ("cost", "outcome"))
    look = {"color": shade, "linewidth": 0, "align": "edge"}
    ax.bar(shown["cost_left"], upright, across, bottom=shown["outcome_left"], **look)
    ax.axhline(0, color=style.QUIET, linewidth=0.8, zorder=0)
    ax.set_xlim(min(0, data["cost_left"].min()), data["cost_right"].max())
    ax.set_ylim(min(0, data["outcome_left"].min()), data["outcome_right"].max())
    _draw_ray(ax, ray)
    ax.locator_params(axis="x", nbins=4 if style.is_narrow(ax) else 8)
    style.with_commas(ax.xaxis)
    return style.on_white(style.finish(ax, xlabel, ylabel))


def _draw_ray(ax: Axes, ray: float) -> None:
    """Draw the group's quota as a ray from nothing spent and nothing gained, named at its end."""
    if not np.isfinite(ray):
        return
    right, top = ax.get_xlim()[1], ax.get_ylim()[1]
    end = right if ray <= 0 or ray * right < top else top / ray
    ax.plot([0, end], [0, ray * end], color=style.LINE, linewidth=1.5)
    ax.text(end, ray * end, "the group ", ha="right", va="bottom" if ray > 0 else "top")


def _caption(data: pd.DataFrame) -> str:
    most = style.drawable(data, "n")["n"].max()
    dark = f"; the darkest holds {int(most):,}" if np.isfinite(most) else ""
    line = "Line: the ratio of means. Below zero: lost, by however little."
    return f"Darker cells hold more patients{dark}. {line}"

"""The three ties in other coefficients, and without any: means of what patients say by fifths."""

import textwrap
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from vbhc import wording
from vbhc.chapters.perception import layout
from vbhc.chapters.perception.sentences import say
from vbhc.chapters.perception.ties import names, size_of
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.figure_style import TOTAL, dots, drawable, finish, is_narrow, nothing_to_draw
from vbhc.publish.interval_figure import GREY
from vbhc.publish.results import Result, either
from vbhc.statistics.correlation.compare import side_by_side
from vbhc.statistics.samples import as_float, check_same_index
from vbhc.study import Study

GROUPS = 5
ENDS = ["estimate", "low", "high"]


def by_coefficient(frame: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the three ties in Spearman's, Kendall's and the polychoric coefficient: see `side_by_side`."""
    return side_by_side(frame["answer"], frame["outcome"], frame["cost"], frame["VQ"], ci_level)


def coefficients_shown(study: Study, vq: Definition, table: pd.DataFrame) -> Result:
    """Show the ties in all three coefficients, and what traits behind the answers would correlate."""
    called = names(vq)
    words = {"coefficient": layout.WORDS["coefficients"], "with": called}
    shown = table.dropna(subset="estimate").replace(words)
    reasons = [text for text in dict.fromkeys(table["reason"]) if text]
    if shown.empty:
        return Result("coefficients", says=reasons[:1])
    columns = ["coefficient", "with", "estimate", "low", "high", "p", "n"]
    made = layout.table("coefficients", shown[columns], {"label": study.config.perception.label})
    return Result("coefficients", says=[_latent(table, called), *reasons[:1]], table=made)


def _latent(table: pd.DataFrame, called: dict[str, str]) -> str:
    both = table.dropna(subset="estimate").set_index(["coefficient", "with"]).apply(size_of, axis=1)
    known = [name for name in called if ("polychoric", name) in both and ("spearman", name) in both]
    parts = [say("polychoric", side=called[name], **both[:, name]) for name in known]
    if not parts:
        return ""
    start = "Traits behind the answers, if there are such and they are normal, would correlate"
    return f"{start} {wording.listing(parts)}."


def fifths(frame: pd.DataFrame, vq: Definition, ci_level: float = 0.95) -> pd.DataFrame:
    """Return what patients say on average, from the lowest to the highest fifth by outcome and by quota."""
    sides = {names(vq)[name].removeprefix("the "): frame[name] for name in ("outcome", "VQ")}
    return perception_by_quantile(frame["answer"], sides, ci_level)


def fifths_drawn(study: Study, table: pd.DataFrame) -> Result | None:
    """Draw the means by fifth; nothing where there are too few patients."""
    if table.empty:
        return None
    label = study.config.perception.label
    draw, words = partial(plot_perception_by_quantile, ylabel=f"Mean: {label}"), {"label": label}
    both = table, table.assign(n=table["n"].min())  # which of the fifths are too few tells how many all are
    drawn = either(*(layout.drawing("perception-by-fifth", one, draw, _from_to, words) for one in both))
    return Result("perception-by-fifth", drawing=drawn)


def _from_to(table: pd.DataFrame) -> str:
    parts = []
    for measure, sizes in table.groupby("measure", sort=False)["estimate"]:
        if sizes.iloc[[0, -1]].notna().all():  # of a fifth that is withheld nothing is said
            first, last = (wording.number(sizes.iloc[at], 1) for at in (0, -1))
            parts.append(f"by {measure} from {first} to {last}")
    return f"Means from the lowest to the highest fifth{': ' if parts else ''}{wording.listing(parts)}"


def perception_by_quantile(
    perception: pd.Series, measures: dict[str, pd.Series], ci_level: float = 0.95
) -> pd.DataFrame:
    """Return mean perception in fifths of patients along each measure, with a t interval.

    Parameters
    ----------
    perception : Series
        Higher = better.
    measures : dict
        Name -> Series on the same index, such as {"outcome": gain, "VQ": vq}. Fewer groups than fifths come
        out where ties make edges coincide, none with fewer patients.

    Returns
    -------
    DataFrame
        `measure, group` (1 = lowest), `estimate, low, high, n`.
    """
    check_same_index(perception, *measures.values())
    columns = ["measure", "group", *ENDS, "n"]
    tables = []
    for name, values in measures.items():
        frame = pd.DataFrame({"p": as_float(perception), "m": as_float(values)}).dropna()
        if len(frame) >= GROUPS:
            tables.append(_means_along(frame, ci_level).assign(measure=name)[columns])
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns, dtype=float)


def _means_along(frame: pd.DataFrame, ci_level: float) -> pd.DataFrame:
    edges = np.unique(np.quantile(frame["m"], np.linspace(0, 1, GROUPS + 1)[1:-1]))
    groups = frame.groupby(np.searchsorted(edges, frame["m"], side="left"))["p"]
    mean, n, sd = groups.mean(), groups.size(), groups.std(ddof=1)
    half = stats.t.ppf((1 + ci_level) / 2, np.maximum(n - 1, 1)) * sd / np.sqrt(n)
    ends = {"estimate": mean, "low": mean - half, "high": mean + half}
    return pd.DataFrame(ends | {"n": n}).assign(group=np.arange(1, len(mean) + 1))


def plot_perception_by_quantile(data: pd.DataFrame, ax: Axes, ylabel: str = "Mean perception") -> Axes:
    """Draw mean perception from the lowest to the highest group of each measure; names stand at the lines."""
    shown = drawable(data, "estimate", "low", "high")
    if shown.empty:
        return nothing_to_draw(ax)
    narrow, last = is_narrow(ax), int(data["group"].max())
    ends = shown.groupby("measure", sort=False)["estimate"].last()
    for i, (measure, rows) in enumerate(shown.groupby("measure", sort=False)):
        look: dict[str, Any] = {"color": TOTAL if i else GREY, "mfc": TOTAL if i else "white"}
        at = rows["group"].astype(float) + 0.12 * (i - 0.5)
        dots(ax, rows, at, i, upright=True, fmt="o-" if i else "o--", capsize=0, **look)
        name: dict[str, Any] = {"color": look["color"], "weight": "bold" if i else "normal"}
        if narrow:  # above the axes: a phone has no room beside the last group
            place: dict[str, Any] = {"transform": ax.transAxes, "va": "bottom"}
            mark, side = ("●", "right") if i else ("○", "left")
            ax.text(i % 2, 1.02, f"{mark} {measure}", ha=side, **name, **place)
        else:
            above = "bottom" if measure == ends.idxmax() else "top"
            ax.text(last + 0.2, ends[measure], str(measure), ha="left", va=above, **name)
    words = {1: "1\n(lowest)", last: f"{last}\n(highest)"}
    ax.set_xticks(range(1, last + 1), [words.get(g, str(g)) for g in range(1, last + 1)])
    ax.set_xlim(0.6, last + (0.5 if narrow else 1.4))
    xlabel = "Fifth of patients" if last == 5 else "Group of patients, equal in size"
    return finish(ax, xlabel, textwrap.fill(ylabel, 40))

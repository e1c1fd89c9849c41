"""What makes the tie as large as it is: noise, spread of cost, whose care cost more; the most it could be."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.chapters.perception.measurement_noise import Noise
from vbhc.chapters.perception.ties import names, rating
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.figure_style import DOWN, LINE, TOTAL, UP, drawable, is_narrow, nothing_to_draw
from vbhc.publish.interval_figure import frame_rows, name_row
from vbhc.publish.results import Drawing, Result, Table
from vbhc.statistics.correlation.ceiling import ceiling
from vbhc.statistics.correlation.decomposition import log_decomposition, log_waterfall
from vbhc.statistics.correlation.rank import spearman_rho
from vbhc.statistics.correlation.waterfall import CAPPED, waterfall
from vbhc.study import Study

TOO_LOW = (
    " Without noise the correlation would be above 1: the reliabilities are too low for these data, or what "
    "is taken for noise is not."
)


def follow_the_tie(frame: pd.DataFrame, noise: Noise, seed: int) -> pd.DataFrame:
    """Return the steps from the tie with the outcome to that with the quota: see `waterfall`."""
    perceived, outcome, cost = frame["answer"], frame["outcome"], frame["cost"]
    return waterfall(perceived, outcome, cost, noise.perception, noise.outcome, seed=seed)


def steps_drawn(study: Study, vq: Definition, steps: pd.DataFrame) -> Result:
    """Draw the steps; where there is nothing to follow, say why."""
    if steps.empty:
        return Result("waterfall", says=[steps.attrs.get("reason", "There is nothing to follow.")])
    named = steps.assign(step=[_renamed(step, study, vq) for step in steps["step"]])
    drawing = Drawing(
        named[["step", "start", "end", "kind", "n"]],
        plot_waterfall,
        title=largest_step(named),
        caption=f"Rank correlation with {rating(study)}, step by step, n = {int(steps['n'].iloc[0]):,}."
        + (TOO_LOW if steps["step"].iloc[0] == CAPPED else ""),
        alt=f"Rank correlation with {rating(study)}, step by step",
        narrow_height=0.9 + 0.6 * len(steps),
        rules={"counts": ["n"], "base": "n"},
    )
    return Result("waterfall", drawing=drawing)


def _renamed(step: str, study: Study, vq: Definition) -> str:
    """A step in this page's words: with the outcome or the quota, as they are called here."""
    called = names(vq)
    words = {
        "perception with outcome": f"with {called['outcome']}",
        "perception with VQ": f"with {called['VQ']}",
    }
    return words.get(step, step)


def largest_step(steps: pd.DataFrame) -> str:
    """Return what changes the tie most on the way; the steps are sizes, with no interval of their own."""
    changes = steps[steps["kind"] == "change"].assign(size=lambda rows: rows["end"] - rows["start"])
    largest = changes.loc[changes["size"].abs().idxmax()]
    if abs(largest["size"]) < LEAST:
        return "No step changes the correlation by 0.01"
    verb = "takes away" if largest["size"] < 0 else "adds"
    return f"The largest step: '{largest['step']}' {verb} {wording.number(abs(largest['size']))}"


def on_the_log_scale(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the exact decomposition of the tie with log VQ; patients with a positive outcome only."""
    return log_decomposition(frame["answer"], frame["outcome"], frame["cost"])


def exact_steps(study: Study, vq: Definition, logs: pd.DataFrame) -> Result:
    """Show the decomposition and its steps, which add up exactly."""
    row, parts = logs.iloc[0], log_waterfall(logs)
    if row["reason"]:
        return Result("decomposition", says=[row["reason"]])
    shown = parts.assign(
        step=[_renamed(step, study, vq) for step in parts["step"]],
        difference=parts["change"].where(parts["kind"] == "change"),
        estimate=parts["end"],
    )
    table = Table(
        shown[["step", "difference", "estimate", "n"]],
        "From the correlation with log outcome to that with log VQ, exactly",
        labels={"difference": "Change", "estimate": "Correlation then"},
    )
    share, left = (wording.percent(row[name]) for name in ("share_of_vq_from_cost", "dilution"))
    spreads = [wording.number(row[f"sd_log_{name}"]) for name in ("cost", "outcome")]
    said = (
        f"Cost supplies {share} of the variance of log VQ (log sd {spreads[0]} against {spreads[1]} of the "
        f"outcome): that spread alone leaves {left} of the tie with the outcome, whoever bears the cost."
    )
    return Result("decomposition", says=[said], table=table, counts=[int(row["n"])])


def largest_possible(frame: pd.DataFrame, noise: Noise, seed: int) -> pd.DataFrame:
    """Return the largest tie with the quota that ties, spread of cost and noise allow: see `ceiling`."""
    first, second = noise.known
    return ceiling(frame["answer"], frame["outcome"], frame["cost"], first, second, seed=seed)


def how_large(study: Study, vq: Definition, frame: pd.DataFrame, limits: pd.DataFrame) -> Result:
    """Say how large the tie could be had the rating gone perfectly with the outcome, and how large it is."""
    if limits["reason"].iloc[0]:
        return Result("ceiling", says=[limits["reason"].iloc[0]])
    known = frame.dropna()
    seen = spearman_rho(known["answer"].to_numpy(), known["VQ"].to_numpy())
    noisy = limits["estimate"].iloc[2] < limits["estimate"].iloc[1]
    called = names(vq)
    said = (
        f"Had {rating(study)} gone perfectly with {called['outcome']}, its correlation with {called['VQ']} "
        f"would be {wording.number(limits['estimate'].iloc[-1])}{_what_takes(limits)}; it is "
        f"{wording.number(seen)} (n = {len(known):,})."
    )
    if seen > limits["estimate"].iloc[-1]:
        said += " That is above it: the answers go with cost too" + (
            ", or the measures are less noisy than they look." if noisy else "."
        )
    return Result("ceiling", says=[said], counts=[len(known)])


def _what_takes(limits: pd.DataFrame) -> str:
    """The limits that take 0.01 or more from a perfect tie; none is named that takes less."""
    steps = -limits["estimate"].diff().fillna(limits["estimate"].iloc[0] - 1)
    causes = [name for name, taken in zip(LIMITED_BY, steps, strict=True) if taken >= LEAST]
    return f", kept down by {wording.listing(causes)}" if causes else ""


LIMITED_BY = ("ties among the answers", "the spread of cost", "the noise of the measures")
LEAST = 0.005


def how_large_in_full(study: Study, vq: Definition, frame: pd.DataFrame, limits: pd.DataFrame) -> Result:
    """Show each limit in turn, and the sentence of `how_large`."""
    said = how_large(study, vq, frame, limits)
    if limits["reason"].iloc[0]:
        return said
    noisy = limits["estimate"].iloc[2] < limits["estimate"].iloc[1]
    shown = limits.head(3 if noisy else 2)[["limit", "estimate", "n"]]
    caption = f"The largest rank correlation with {names(vq)['VQ']} that these data allow"
    return Result(said.id, says=said.says, counts=said.counts, table=Table(shown, caption))


def plot_waterfall(data: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the steps of `waterfall` or `log_waterfall` as rows: totals, and the changes between them."""
    shown = drawable(data, "start", "end")
    if shown.empty:
        return nothing_to_draw(ax, str(data.attrs.get("reason", "There is nothing to follow.")))
    ax.axvline(0, color=LINE, linewidth=0.8)
    for at, row in enumerate(shown.itertuples()):
        colour, hatch = _bar_look(row.kind, row.end - row.start)
        look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "height": 0.3}
        ax.barh(at, row.end - row.start, left=row.start, **look)
        if at + 1 < len(shown):
            ax.plot([row.end, row.end], [at + 0.15, at + 0.85], color=LINE, linewidth=0.8)
        name_row(ax, at, str(row.step), _size(row), is_narrow(ax), row.kind == "total")
    frame_rows(ax, len(shown), "Spearman's ρ", is_narrow(ax), False)
    left, right = ax.get_xlim()
    ax.set_xlim(left, right + 0.12 * (right - left))  # room for the numbers of a phone
    return ax


def _size(row: Any) -> str:
    """A total as it is, a change with its sign."""
    return wording.number(row.end) if row.kind == "total" else f"{row.end - row.start:+.2f}"


def _bar_look(kind: str, change: float) -> tuple[str, str]:
    if kind == "total":
        return TOTAL, ""
    return (DOWN, "///") if change < 0 else (UP, "\\\\\\")

"""A measure month by month on an XmR chart: which months are more than the usual coming and going."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import cleaning, wording
from vbhc.chapters.variation import layout
from vbhc.chapters.variation.frames import label_of
from vbhc.chapters.variation.sentences import say
from vbhc.publish.figure_style import DOWN, LINE, QUIET, TOTAL, finish, is_narrow
from vbhc.publish.results import Result
from vbhc.statistics.variation.spc import FEWEST, RULES, assurance, xmr
from vbhc.study import Study
from vbhc.study.variation import Series

FEWEST_SHOWN, RUNS, LISTED = 6, 400, 6


def month_of(series: Series, patients: pd.DataFrame) -> pd.Series:
    """Return each patient's month as text, 2024-05, from a month or a date."""
    return patients[series.column].astype("string").str[:7]


def monthly(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of the declared measure by month: `n, value`, on the months in order.

    Empty where the study charts no measure or has fewer than six months.
    """
    series = study.config.variation.series
    if not series.measure:
        return pd.DataFrame(columns=["n", "value"])
    values = patients[series.measure].astype(float).groupby(month_of(series, patients))
    made = pd.DataFrame({"n": values.count(), "value": values.mean()}).dropna().sort_index()
    return made if len(made) >= FEWEST_SHOWN else made.iloc[:0]


def charted(study: Study, months: pd.DataFrame, rules: str = "") -> pd.DataFrame:
    """Return the months with limits and signals (`spc.xmr`), by the study's rules or others of `RULES`."""
    series = study.config.variation.series
    starts = [int(place) for place in months.index.searchsorted(series.rebase) if 0 < place < len(months)]
    return xmr(months["value"], RULES[rules or series.rules], starts).assign(n=months["n"])


def chart(study: Study, months: pd.DataFrame) -> Result | None:
    """Draw the months; say which signal, by which rules, and what the limits say of the target."""
    if months.empty:
        return None
    series, made = study.config.variation.series, charted(study, months)
    found, last, label = made[made["signal"] != ""], made.iloc[-1], label_of(study, series.measure)
    unit = cleaning.load_columns(study).set_index("name")["unit"].get(series.measure, "")
    anew = f", anew from {wording.listing(series.rebase)}" if series.rebase else ""
    inside, n = wording.inside_sentence(label), {"n": len(found), "whole": len(made)}
    shown = made.rename_axis("time").reset_index()[["time", "n", "value", "mean", "low", "high", "signal"]]
    draw = partial(draw_months, label=f"{label}, {unit}" if unit else label)
    alt = say("months-alt", label=label, first=made["value"].iloc[0], last=last["value"], **n)
    words = {"inside": inside, "anew": anew}
    drawn = layout.drawing("months", shown, draw, say("months-title", **n), words, alt=alt)
    trial = say("months-trial", fewest=FEWEST) if made["trial"].any() else ""
    says = [
        say("months", label=inside, unit=unit and f" {unit}", trial=trial, **last[["low", "high", "mean"]]),
        _signals(found, len(made), series) + _unrebased(study, months),
        _target(series, last),
    ]
    return Result("months", says=says, drawing=drawn)


def _signals(found: pd.DataFrame, n: int, series: Series) -> str:
    named = [f"{month} ({signal})" for month, signal in found["signal"].items()]
    told = f": {wording.listing(named)}" if 0 < len(named) <= LISTED else ""
    signal = "signals" if len(found) < 2 else "signal"
    rules = RULES[series.rules].words
    return say("months-signals", n=len(found) or "None", whole=n, signal=signal, told=told, rules=rules)


def _unrebased(study: Study, months: pd.DataFrame) -> str:
    """What one set of limits for all months would have said, where they start anew."""
    series = study.config.variation.series
    if not series.rebase:
        return ""
    return say("months-unrebased", n=int((xmr(months["value"], RULES[series.rules])["signal"] != "").sum()))


def _target(series: Series, last: pd.Series) -> str:
    if series.target is None:
        return ""
    said = assurance(last["low"], last["high"], series.target, series.direction == "higher is better")
    return say("months-target", target=f"{series.target:g}", said=said)


def draw_months(data: pd.DataFrame, ax: Axes, *, label: str) -> Axes:
    """Draw values with their mean and limits; months that signal are full."""
    at, told = np.arange(len(data)), data["signal"].astype(str) != ""
    ax.plot(at, data["value"], color=QUIET, linewidth=1, zorder=1)
    for name, style in (("mean", "-"), ("low", "--"), ("high", "--")):
        for _, part in data.groupby((data["mean"] != data["mean"].shift()).cumsum()):
            ax.plot(part.index, part[name], color=LINE, linewidth=0.8, linestyle=style)
    for rows, face, color in ((~told, "white", TOTAL), (told, DOWN, DOWN)):
        ax.scatter(at[rows], data["value"][rows], s=24, facecolor=face, edgecolor=color, zorder=2)
    step = max(len(data) // (4 if is_narrow(ax) else 8), 1)
    ax.set_xticks(at[::step], data["time"].iloc[::step])
    return finish(ax, ylabel=label)


def by_rules(study: Study, months: pd.DataFrame, seed: int) -> Result | None:
    """Show what each rule set says of the months, and how often it signals where nothing happens."""
    if months.empty:
        return None
    noise = np.random.default_rng(seed).standard_normal((RUNS, len(months)))
    rows = []
    for name, rules in RULES.items():
        quiet = np.mean([(xmr(pd.Series(one), rules)["signal"] != "").any() for one in noise])
        things = int((charted(study, months, name)["signal"] != "").sum())
        rows.append({"rule": name, "says": rules.words, "things": things, "any_by_chance": float(quiet)})
    frame = pd.DataFrame(rows)
    table = layout.table("rules", frame, {"n": len(months)})
    return Result("rules", says=[say("rules", n=len(months), most=frame["any_by_chance"].max())], table=table)

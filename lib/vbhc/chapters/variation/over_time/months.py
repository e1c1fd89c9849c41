"""A measure month by month on an XmR chart: which months are more than the usual coming and going."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import cleaning, wording
from vbhc.publish.figure_style import DOWN, LINE, QUIET, TOTAL, is_narrow
from vbhc.publish.results import Drawing, Result, Table
from vbhc.statistics.variation.spc import FEWEST, RULES, assurance, run_rules, run_signals, xmr
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
    made, label = charted(study, months), label_of(study, study.config.variation.series.measure)
    found = made[made["signal"] != ""]
    last = made.iloc[-1]
    series = study.config.variation.series
    drawing = Drawing(
        made.rename_axis("time").reset_index()[["time", "n", "value", "mean", "low", "high", "signal"]],
        partial(draw_months, label=_with_unit(study, label, series.measure)),
        title=f"{len(found)} of {len(made)} months are more than the usual coming and going",
        caption=f"Mean {wording.inside_sentence(label)} by month. Lines: mean and limits"
        + (f", anew from {wording.listing(series.rebase)}." if series.rebase else "."),
        alt=f"{label} by month, from {wording.number(made['value'].iloc[0])} to "
        f"{wording.number(last['value'])}; {len(found)} of {len(made)} months signal.",
        rules={"keep": ["time"]},
    )
    trial = f" On fewer than {FEWEST} months these are trial limits." if made["trial"].any() else ""
    says = [
        f"At the end {wording.inside_sentence(label)} comes and goes between {wording.number(last['low'])} "
        f"and {wording.number(last['high'])} a month around {wording.number(last['mean'])}.{trial}",
        _signals(found, len(made), series) + _unrebased(study, months),
        _target(series, last),
    ]
    return Result("months", says=says, drawing=drawing)


def label_of(study: Study, column: str) -> str:
    """Return what a column is called."""
    return str(cleaning.load_columns(study).set_index("name")["label"].get(column, column))


def _with_unit(study: Study, label: str, column: str) -> str:
    unit = cleaning.load_columns(study).set_index("name")["unit"].get(column, "")
    return f"{label}, {unit}" if unit else label


def _signals(found: pd.DataFrame, n: int, series: Series) -> str:
    named = [f"{month} ({signal})" for month, signal in found["signal"].items()]
    told = f": {wording.listing(named)}" if 0 < len(named) <= LISTED else ""
    return (
        f"{len(found) or 'None'} of {n} months {'signals' if len(found) < 2 else 'signal'}{told}. "
        f"Rules: {RULES[series.rules].words}."
    )


def _unrebased(study: Study, months: pd.DataFrame) -> str:
    """What one set of limits for all months would have said, where they start anew."""
    series = study.config.variation.series
    if not series.rebase:
        return ""
    n = int((xmr(months["value"], RULES[series.rules])["signal"] != "").sum())
    return f" With one set of limits for all months {n} would."


def _target(series: Series, last: pd.Series) -> str:
    if series.target is None:
        return ""
    said = assurance(last["low"], last["high"], series.target, series.direction == "higher is better")
    return f"As things are the target of {series.target:g} {said}, month after month."


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
    ax.set_ylabel(label)
    ax.set_xticks(at[::step], data["time"].iloc[::step])
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def by_rules(study: Study, months: pd.DataFrame, seed: int) -> Result | None:
    """Show what each rule set says of the months, and how often it signals where nothing happens."""
    if months.empty:
        return None
    noise = np.random.default_rng(seed).standard_normal((RUNS, len(months)))
    rows: list[dict[str, Any]] = []
    for name, rules in RULES.items():
        quiet = np.mean([(xmr(pd.Series(one), rules)["signal"] != "").any() for one in noise])
        things = int((charted(study, months, name)["signal"] != "").sum())
        rows.append({"rule": name, "says": rules.words, "things": things, "any_by_chance": float(quiet)})
    rows.append(_run_chart(months["value"].to_numpy(), noise))
    table = Table(
        pd.DataFrame(rows),
        f"The same {len(months)} months by other rules",
        labels={"things": "Signals", "says": "What it asks"},
        notes=["A run chart has one median over all months, and two rules that can be broken."],
    )
    most = max(row["any_by_chance"] for row in rows)
    said = (
        f"A chart of {len(months)} months in which nothing happens still shows some signal in up to "
        f"{wording.percent(most)} of cases, so one signal is a reason to look, not to act."
    )
    return Result("rules", says=[said], table=table)


def _run_chart(values: np.ndarray, noise: np.ndarray) -> dict[str, Any]:
    """The row of the run chart's rules, over all months together."""
    longest, crossings = run_rules(len(values))
    quiet = np.mean([run_signals(one) > 0 for one in noise])
    words = f"no more than {longest} in a row on one side of the median, {crossings} crossings or more"
    return {"rule": "run chart", "says": words, "things": run_signals(values), "any_by_chance": float(quiet)}

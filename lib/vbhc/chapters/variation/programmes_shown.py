"""What chapter 05c says of programmes that share one budget: where to look, options, and moving money."""

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from vbhc.chapters.variation import programmes
from vbhc.publish.figure_style import LINE, TOTAL, finish, is_narrow
from vbhc.publish.interval_figure import GREY, alt_intervals, draw_intervals, height_of
from vbhc.publish.results import Drawing, Result, Table
from vbhc.study import Study
from vbhc.wording import inside_sentence, money, number, percent

NOBODY: dict[str, Any] = {"counts": ()}


def where_to_look(study: Study, table: pd.DataFrame) -> Result:
    """Show people, spend and variation of each programme; from `programmes.screening`."""
    plan = study.config.allocative
    shown = Table(
        table.assign(spend=table["spend"] / 1e6),
        "How many it affects, what it costs, how much areas vary",
        labels={"spend": f"Spend, million {plan.currency}", "times": "Of three"},
        notes=[
            "Variation: systematic component of deaths over expected, times 100; about 0 where areas "
            "differ by chance. The last column counts: people in the upper half, spend in it, variation "
            "beyond chance.",
            plan.note,
        ],
        rules={**NOBODY, "decimals": {"people": 0, "spend": 0, "scv": 1}},
    )
    return Result("where-to-look", table=shown)


def beside_others(study: Study, table: pd.DataFrame) -> Result:
    """Draw spend and deaths over those of other areas, each with its interval; from `spend_and_outcome`."""
    here, said = study.config.allocative.here, _stands_apart(table)
    title = f"{here}: {said or 'no programme stands apart from other areas'}"
    drawing = Drawing(
        table.drop(columns="quadrant"),
        draw_quadrants,
        title=title,
        caption=f"{here} over the mean of other areas. Across: spend a head, interval of one more such area; "
        "up: deaths over expected, Byar's interval. Blue: stands apart. Without deaths to compare: not "
        "drawn.",
        alt=_alt_quadrants,
        height=4.2,
        narrow_height=3.8,
        key=True,
        rules=NOBODY,
    )
    return Result("beside-others", drawing=drawing)


def draw_quadrants(data: pd.DataFrame, ax: Axes) -> Axes:
    """Draw each programme as a cross of two intervals, the lines of "as others" through 1."""
    for line in (ax.axhline, ax.axvline):
        line(1, color=LINE, linewidth=0.8)
    shown = data.dropna(subset=["estimate", "spend"]).reset_index(drop=True)
    for _, row in shown.iterrows():
        apart = not (row["low"] < 1 < row["high"] and row["spend_low"] < 1 < row["spend_high"])
        look: dict[str, Any] = {"color": TOTAL if apart else GREY, "linewidth": 2 if apart else 1.2}
        ax.plot([row["spend_low"], row["spend_high"]], [row["estimate"]] * 2, **look)
        ax.plot([row["spend"]] * 2, [row["low"], row["high"]], **look)
        above = row["estimate"] >= 1 or apart
        ax.annotate(
            row["programme"],
            (row["spend"], row["high" if above else "low"]),
            xytext=(0, 3 if above else -3),
            textcoords="offset points",
            ha="center",
            va="bottom" if above else "top",
            fontsize=9,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
    ax.margins(0.12)
    ax.locator_params(nbins=4 if is_narrow(ax) else 6)
    return finish(ax, "Spend a head over that of others", "Deaths over expected, over that of others")


def _alt_quadrants(data: pd.DataFrame) -> str:
    told = [
        f"{row['programme']} spend {number(row['spend'])} ({number(row['spend_low'])} to "
        f"{number(row['spend_high'])}), deaths {number(row['estimate'])} ({number(row['low'])} to "
        f"{number(row['high'])})"
        for row in data.to_dict("records")
    ]
    return f"Spend and deaths over those of other areas: {'; '.join(told)}."


def metrics_beside_peers(study: Study, table: pd.DataFrame) -> Result | None:
    """Show each metric beside the mean of peers, and what reaching it would be worth; from `beside_peers`."""
    if table.empty:
        return None
    worse = table[table["worth_low"] > 0].to_dict("records")
    said = [
        f"{row['metric']}: {number(row['worth'], 0)} patients a year ({number(row['worth_low'], 0)} to "
        f"{number(row['worth_high'], 0)}) would be better served at the mean of peers."
        for row in worse
    ]
    here = study.config.allocative.here
    alike = f"No metric of {here} is worse than its peers by more than chance and true spread."
    shown = Table(
        table.drop(columns="worth"),
        f"Metrics of {here} less the mean of its peers, last period",
        labels={"share": "Here", "n": "Patients", "worth_low": "Better served from"},
        notes=["Peers: all other areas, their mean with its own chance and true spread, never the best."],
        rules=NOBODY,
    )
    return Result("metrics-beside-peers", says=said or [alike], table=shown)


def what_options_give(study: Study, table: pd.DataFrame) -> Result | None:
    """Draw QALYs per 100,000 spent by option, best first; from `star`. Nothing without options."""
    if table.empty:
        return None
    plan, best, last = study.config.allocative, table.iloc[0], table.iloc[-1]
    rows = table.rename(columns={"option": "label"})[["label", "estimate", "low", "high"]]
    told = [n for n, high in enumerate(table["high"]) if high >= best["low"]]
    what = f"QALYs per {plan.currency} 100,000"
    drawing = Drawing(
        rows,
        partial(draw_intervals, told=told, xlabel=what),
        title=f"{best['option']}: most for its cost, {number(best['estimate'], 1)} QALYs per {plan.currency} "
        f"100,000; {inside_sentence(last['option'])}: least, {number(last['estimate'], 1)}",
        caption="People reached times benefit per person, over cost. Colour: what reaches the first.",
        alt=partial(alt_intervals, what=what),
        rules=NOBODY,
        **height_of(rows),
    )
    return Result("what-options-give", drawing=drawing)


def moving_money(study: Study, table: pd.DataFrame) -> Result:
    """Show what moving the declared sum would gain and lose, and what would reverse it; from `moved`."""
    plan, price = (
        study.config.allocative,
        f"{study.config.allocative.currency} {study.config.allocative.move:,.0f}",
    )
    shown = Table(
        table.drop(columns="to"),
        f"Moving {price} to {inside_sentence(table['to'].iloc[0])}: QALYs gained and lost",
        labels={"programme": "Taken from", "estimate": "Net", "probability": "Gains in draws"},
        notes=[
            f"Costs of a QALY at prices of {plan.price_year}, drawn within their ranges. Weight: how many "
            "times a QALY of those who give would have to count until nothing is gained.",
            plan.note,
        ],
        rules={**NOBODY, "decimals": {"gained": 0, "lost": 0, "estimate": 0, "low": 0, "high": 0}},
    )
    return Result("moving-money", says=[_at_least(table)], table=shown)


def _at_least(table: pd.DataFrame) -> str:
    """In how many draws more is gained than lost, whoever gives."""
    least = table.loc[table["probability"].idxmin()]
    return (
        f"Whichever programme gives, more is gained than lost in {_draws(least['probability'])} of draws or "
        f"more; least surely where {inside_sentence(least['programme'])} does."
    )


def _draws(share: float) -> str:
    """A share of draws, which is never all of what could be drawn."""
    return percent(min(share, 0.9999))


def _stands_apart(table: pd.DataFrame) -> str:
    return "; ".join(
        f"{inside_sentence(r.programme)} {r.quadrant}" for r in programmes.apart(table).itertuples()
    )


def _reversed(study: Study, table: pd.DataFrame) -> str:
    """What the largest move gains, and the weight at which it would not."""
    row, plan = table.iloc[0], study.config.allocative
    return (
        f"Moving {money(plan.move, plan.currency)} from {inside_sentence(row['programme'])} to "
        f"{inside_sentence(row['to'])} would gain {number(row['gained'], 0)} QALYs and lose "
        f"{number(row['lost'], 0)}, more gained than lost in {_draws(row['probability'])} of draws; it "
        f"would not pay if a QALY of those who give counted {number(row['weight'], 1)} times as much."
    )


def programmes_answer(study: Study, look: pd.DataFrame, beside: pd.DataFrame, moved: pd.DataFrame) -> Result:
    """Return what moving money would change, then where this area stands apart, then where to look first."""
    stands, first = _stands_apart(beside), inside_sentence(look["programme"].iloc[0])
    says = [
        _reversed(study, moved),
        f"In {study.config.allocative.here} {stands}." if stands else "",
        f"By people, spend and variation together, look at {first} first.",
    ]
    return Result("answer", says=says, role="answer")

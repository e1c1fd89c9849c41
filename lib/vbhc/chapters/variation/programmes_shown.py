"""What chapter 05c says of programmes that share one budget: where to look, options, and moving money."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from vbhc.chapters.variation import layout, programmes
from vbhc.chapters.variation.sentences import say
from vbhc.publish.figure_style import LINE, TOTAL, finish, is_narrow
from vbhc.publish.interval_figure import GREY
from vbhc.publish.results import Claim, Result
from vbhc.study import Study
from vbhc.wording import inside_sentence, money


def where_to_look(study: Study, table: pd.DataFrame) -> Result:
    """Show people, spend and variation of each programme; from `programmes.screening`."""
    in_millions, words = table.assign(spend=table["spend"] / 1e6), {"plan": study.config.allocative}
    return Result("where-to-look", table=layout.table("where-to-look", in_millions, words))


def beside_others(study: Study, table: pd.DataFrame) -> Result:
    """Draw spend and deaths over those of other areas, each with its interval; from `spend_and_outcome`."""
    here, said = study.config.allocative.here, _stands_apart(table) or say("beside-others-none")
    data, title, words = table.drop(columns="quadrant"), f"{here}: {said}", {"here": here}
    drawn = layout.drawing("beside-others", data, draw_quadrants, title, words, alt=_alt_quadrants)
    return Result("beside-others", drawing=drawn)


def draw_quadrants(data: pd.DataFrame, ax: Axes) -> Axes:
    """Draw each programme as a cross of two intervals, the lines of "as others" through 1."""
    for line in (ax.axhline, ax.axvline):
        line(1, color=LINE, linewidth=0.8)
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    rows = data.dropna(subset=["estimate", "spend"]).to_dict("records")
    for row in rows:
        apart = not (row["low"] < 1 < row["high"] and row["spend_low"] < 1 < row["spend_high"])
        look: dict[str, Any] = {"color": TOTAL if apart else GREY, "linewidth": 2 if apart else 1.2}
        ax.plot([row["spend_low"], row["spend_high"]], [row["estimate"]] * 2, **look)
        ax.plot([row["spend"]] * 2, [row["low"], row["high"]], **look)
        end = _clear_end(row, rows)
        side, va = (3, "bottom") if end == "high" else (-3, "top")
        away: dict[str, Any] = {"xytext": (0, side), "textcoords": "offset points", "ha": "center", "va": va}
        ax.annotate(row["programme"], (row["spend"], row[end]), fontsize=9, bbox=plate, **away)
    ax.margins(0.12)
    ax.locator_params(nbins=4 if is_narrow(ax) else 6)
    return finish(ax, "Spend a head over that of others", "Deaths over expected, over that of others")


def _clear_end(row: dict, rows: list[dict]) -> str:
    """The end of a cross that lies farther from the bars of others, where its name is not read as theirs."""
    bars = [other["estimate"] for other in rows
            if other is not row and other["spend_low"] <= row["spend"] <= other["spend_high"]]  # fmt: skip
    return max("high", "low", key=lambda end: min((abs(row[end] - bar) for bar in bars), default=0))


def _alt_quadrants(data: pd.DataFrame) -> str:
    drawn = data.dropna(subset=["estimate", "spend"]).to_dict("records")
    told = [say("beside-others-alt", **row) for row in drawn]
    return f"Spend and deaths over those of other areas: {'; '.join(told)}."


def metrics_beside_peers(study: Study, table: pd.DataFrame) -> Result | None:
    """Show each metric beside the mean of peers, and what reaching it would be worth; from `beside_peers`."""
    if table.empty:
        return None
    said = [say("metrics-worse", **row) for row in table[table["worth_low"] > 0].to_dict("records")]
    here = study.config.allocative.here
    shown = layout.table("metrics-beside-peers", table.drop(columns="worth"), {"here": here})
    return Result("metrics-beside-peers", says=said or [say("metrics-alike", here=here)], table=shown)


def what_options_give(study: Study, table: pd.DataFrame) -> Result | None:
    """Draw QALYs per 100,000 spent by option, best first; from `star`. Nothing without options."""
    if table.empty:
        return None
    best, last = table.iloc[0], table.iloc[-1]
    rows = table.rename(columns={"option": "label"})[["label", "estimate", "low", "high"]]
    told = [n for n, high in enumerate(table["high"]) if high >= best["low"]]
    ends = {"best": best["option"], "most": best["estimate"], "least": last["estimate"]}
    ends |= {"last": inside_sentence(last["option"])}
    words = {"currency": study.config.allocative.currency}
    title = say("options-title", **ends, **words)
    drawn = layout.intervals("what-options-give", rows, title, words, told=told)
    return Result("what-options-give", drawing=drawn)


def moving_money(study: Study, table: pd.DataFrame) -> Result:
    """Show what moving the declared sum would gain and lose, and what would reverse it; from `moved`."""
    plan = study.config.allocative
    words = {"plan": plan, "price": money(plan.move, plan.currency)}
    words["taker"] = inside_sentence(table["to"].iloc[0])
    shown = layout.table("moving-money", table.drop(columns="to"), words)
    least = table.loc[table["probability"].idxmin()]
    draws, giver = _draws(least["probability"]), inside_sentence(least["programme"])
    return Result("moving-money", says=[say("moving-least", draws=draws, programme=giver)], table=shown)


def _draws(share: float) -> float:
    """A share of draws, which is never all of what could be drawn."""
    return min(share, 0.9999)


def _stands_apart(table: pd.DataFrame) -> str:
    rows = programmes.apart(table).itertuples()
    return "; ".join(f"{inside_sentence(row.programme)} {row.quadrant}" for row in rows)


def _largest_move(study: Study, table: pd.DataFrame) -> list[Claim | str]:
    """What the largest move gains, and the weight at which it would not."""
    row, plan = table.iloc[0], study.config.allocative
    sides = {"giver": inside_sentence(row["programme"]), "taker": inside_sentence(row["to"])}
    what = say("moving-net", price=money(plan.move, plan.currency), **sides)
    net, low, high = row[["estimate", "low", "high"]].astype(float).round()
    claim = Claim("outlook", what, net, low, high, unit="QALYs", decimals=0)
    return [claim, say("moving-most", **row[["gained", "lost", "weight"]], draws=_draws(row["probability"]))]


def programmes_answer(study: Study, look: pd.DataFrame, beside: pd.DataFrame, moved: pd.DataFrame) -> Result:
    """Return what moving money would change, then where this area stands apart, then where to look first."""
    stands, first = _stands_apart(beside), inside_sentence(look["programme"].iloc[0])
    apart = say("programmes-apart", here=study.config.allocative.here, stands=stands) if stands else ""
    says = [*_largest_move(study, moved), apart, say("programmes-first", first=first)]
    return Result("answer", says=says, role="answer")

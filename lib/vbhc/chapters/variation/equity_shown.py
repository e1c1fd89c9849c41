"""What chapter 05b says: who gains, how evenly, who at risk gains less, what befalls them, and the answer."""

from functools import partial

import pandas as pd

from vbhc.chapters.value.group_value import noun
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.variation.equity import GAIN, REACH, STATE
from vbhc.publish.claims import Claim, verdict
from vbhc.publish.interval_figure import alt_intervals, draw_intervals, height_of
from vbhc.publish.results import Drawing, Result, Table
from vbhc.study import Study
from vbhc.wording import inside_sentence, listing, number, sentence_case


def gains_by_group(vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show gain, value and reach by group; nothing where no level is large enough.

    Parameters
    ----------
    table : DataFrame
        From `equity.who_gains`.
    """
    if table.empty:
        return None
    rows = table.assign(label=table["split"] + ": " + table["group"])[
        ["label", "n", "estimate", "low", "high"]
    ]
    what = f"{sentence_case(noun(vq).removeprefix('the '))}, {vq.outcome_unit}"
    drawing = Drawing(
        rows,
        partial(draw_intervals, told=(), xlabel=what),
        title=_widest(vq, table),
        caption="Mean of each level with its interval; deaths count at the worst score.",
        alt=partial(alt_intervals, what=what),
        key=True,
        **height_of(rows),
    )
    kept = ["split", "group", "n", "reached", "value", "value_low", "value_high"]
    shown = Table(
        table[kept],
        f"Who has a known outcome, and the value: {vq.unit}",
        by="split",
        rules={"decimals": dict.fromkeys(kept[-3:], 2)},
    )
    return Result("gains-by-group", drawing=drawing, table=shown, counts=list(table["n"]))


def _widest(vq: Definition, table: pd.DataFrame) -> str:
    """In which split levels part most."""
    spread = table.groupby("split")["estimate"].agg(["min", "max"])
    split = (spread["max"] - spread["min"]).idxmax()
    low, high = (number(x, 1) for x in spread.loc[split])
    return f"{noun(vq)[:1].upper()}{noun(vq)[1:]} differs most by {_inside(str(split))}: {low} to {high}"


def how_evenly(vq: Definition, table: pd.DataFrame) -> Result:
    """Show how state, gain and reach are spread from the worst off to the best off; from `inequality`."""
    says: list[Claim | str] = []
    for row in table.to_dict("records"):
        by, ends = _inside(row["ranked_by"]), (row["estimate"], row["low"], row["high"])
        if row["measure"] == STATE:
            first = f"how well off patients were by {by}"
            says.append(
                Claim("tie", "the state reached", *ends, row["n"], first=first, symbol="Erreygers' index")
            )
        elif row["measure"] == GAIN and verdict(*ends) in ("more", "less"):
            first, second = f"the best off by {by}", "the worst off"
            says.append(
                Claim("difference", f"the gain in {vq.outcome_unit}", *ends, row["n"], None, first, second)
            )
    shown = Table(
        table,
        "From the worst off to the best off",
        by="ranked_by",
        labels={"measure": "What is spread", "method": "Index"},
        notes=[
            "Erreygers' index of what has bounds: 0 where all have it alike, above 0 where the better off "
            "have more, -1 to 1. Slope of a gain: its mean at the best-off end less that at the worst-off "
            "end. Mid-ranks; bounds are the ends of the scale."
        ],
    )
    return Result("how-evenly", says=says, table=shown, counts=list(table["n"]))


def those_at_risk(vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show by how much groups at risk gain less than others, and what reaching them would be worth.

    Parameters
    ----------
    table : DataFrame
        From `equity.at_risk`, at a level that holds for all groups together.
    """
    if table.empty:
        return None
    shown = Table(
        table.drop(columns=["share", "reached"]).dropna(axis=1, how="all"),
        "Groups at risk by rules set beforehand: gain less that of all others",
        labels={"group": "At risk"},
        notes=[
            f"Worth: the shortfall times the number of patients, in {vq.outcome_unit}; empty where a group "
            "gains no less. Intervals hold for all groups together (Bonferroni)."
        ],
    )
    says = [_less(vq, row) for row in table.to_dict("records")]
    return Result("at-risk", says=says, table=shown, counts=list(table["n"]))


def _less(vq: Definition, row: dict) -> Claim:
    ends = (row["estimate"], row["low"], row["high"])
    who = f"those at risk ({_inside(row['group'])})"
    return Claim("difference", f"the gain in {vq.outcome_unit}", *ends, first=who, second="all others")


def what_befell(study: Study, table: pd.DataFrame | None) -> Result | None:
    """Show how often an event befell those at risk, beside their strata; from `events`."""
    if table is None or table.empty:
        return None
    what = study.config.equity.event_label
    frame = table.drop(columns="share").dropna(axis=1, how="all")
    shown = Table(
        frame,
        f"Who {what}, and how many would have at the rates of all patients of their strata",
        labels={
            "group": "At risk",
            "k": f"Who {what}",
            "share": "Share",
            "estimate": "Observed over expected",
        },
        notes=[
            "Strata: "
            + listing(study.config.equity.strata)
            + ". Intervals: Byar's, exact under 10. The standardised "
            "share takes the strata of all patients; it is missing where a group lacks one or under 10 "
            "events."
        ],
    )
    says = [_beyond(row, what) for row in table.to_dict("records")]
    counts = [(row["k"], row["n"]) for row in table.to_dict("records")]
    return Result("what-befell", says=[text for text in says if text], table=shown, counts=counts)


def _beyond(row: dict, what: str) -> str:
    """A group of whom more or fewer than their strata would have it."""
    side = "more" if row["low"] > 1 else "fewer" if row["high"] < 1 else ""
    reach = f"{number(row['estimate'])} times, {number(row['low'])} to {number(row['high'])}"
    if not side:
        return ""
    who = f"those at risk ({_inside(row['group'])})"
    return f"Of {who} {side} {what} than others of their strata ({reach})."


def equity_answer(vq: Definition, spread: pd.DataFrame, risk: pd.DataFrame) -> Result:
    """Return which groups at risk gain less, then by what the state reached is spread unevenly."""
    less = risk[risk["high"] < 0] if len(risk) else risk
    says: list[str] = []
    if len(less):
        parts = [
            f"{_inside(row['group'])} by {number(-row['estimate'], 1)} {vq.outcome_unit}"
            for row in less.to_dict("records")
        ]
        says.append(f"Of the groups at risk these gain less than all others: {listing(parts)}.")
    elif len(risk):
        says.append("No group at risk is shown to gain less than all others.")
    for measure, what in ((STATE, "The state reached"), (REACH, "A known outcome")):
        rows = spread[spread["measure"] == measure]
        sides = [verdict(*ends) for ends in rows[["estimate", "low", "high"]].to_numpy()]
        for side, words in (("more", "better"), ("less", "worse")):
            by = [_inside(name) for name, one in zip(rows["ranked_by"], sides, strict=True) if one == side]
            says += [f"{what} gathers among the {words} off by {listing(by)}."] if by else []
    return Result("answer", says=says or ["How evenly value is spread cannot be said here."], role="answer")


def _inside(label: str) -> str:
    """A label inside a sentence; a name of several words, such as Oxford Hip Score, as it is."""
    named = any(word[:1].isupper() for word in label.partition(",")[0].split()[1:])
    return label if named else inside_sentence(label)

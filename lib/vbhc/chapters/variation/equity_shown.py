"""What chapter 05b says: who gains, how evenly, who at risk gains less, what befalls them, and the answer."""

import pandas as pd

from vbhc.chapters.value.group_value import noun
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.variation import layout
from vbhc.chapters.variation.equity import GAIN, REACH, STATE
from vbhc.chapters.variation.frames import inside, label_of
from vbhc.chapters.variation.sentences import say
from vbhc.publish.claims import Claim, verdict
from vbhc.publish.findings.made import in_both
from vbhc.publish.results import Result, either
from vbhc.study import Study
from vbhc.wording import listing, number, sentence_case

FEWEST_FINE = 500  # patients from which on a share of two decimals leaves five numbers of them


def gains_by_group(vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show gain, value and reach by group; nothing where no level is large enough.

    Parameters
    ----------
    table : DataFrame
        From `equity.who_gains`.
    """
    if table.empty:
        return None
    rows = table.assign(label=table["split"] + ": " + table["group"])
    rows = rows[["label", "n", "estimate", "low", "high"]].dropna(subset="estimate")
    what = f"{sentence_case(noun(vq).removeprefix('the '))}, {vq.outcome_unit}"
    drawn = None
    if len(rows):
        drawn = layout.intervals("gains-by-group", rows, _widest(vq, table), {"what": what}, told=())
    kept = ["split", "group", "n", "reached", "value", "value_low", "value_high"]
    gone = {"n": "Of thirds no n is given.", "reached": "A split has no shares if one tells of too few."}
    notes = [note for name, note in gone.items() if table[name].isna().any()]
    # Two decimals leave of 140 people one or two numbers whose outcome is known.
    places = [2 if n >= FEWEST_FINE else 1 for n in table["n"].fillna(table["n"].max() / 3)]
    rules = {"protected": {"decimals": {"reached": places}}}
    shown = layout.table("gains-by-group-table", table[kept], {"unit": vq.unit}, rules, notes=notes)
    return Result("gains-by-group", drawing=drawn, table=shown, counts=list(table["n"]))


def _widest(vq: Definition, table: pd.DataFrame) -> str:
    """In which split levels part most."""
    spread = table.groupby("split")["estimate"].agg(["min", "max"])
    split = (spread["max"] - spread["min"]).idxmax()
    own = table[table["split"] == split]
    ends = own.loc[[own["estimate"].idxmin(), own["estimate"].idxmax()], ["low", "high", "estimate"]]
    (low,), (high,) = (in_both(*row, places=1) for row in ends.to_numpy().tolist())
    return say("gains-title", what=sentence_case(noun(vq)), split=inside(str(split)), low=low, high=high)


def how_evenly(vq: Definition, table: pd.DataFrame) -> Result:
    """Show how state, gain and reach are spread from the worst off to the best off; from `inequality`."""
    says = []
    for row in table.to_dict("records"):
        by, ends = inside(row["ranked_by"]), (row["estimate"], row["low"], row["high"], row["n"])
        if row["measure"] == STATE:
            first, symbol = f"the rank from worst to best off by {by}", "Erreygers' index"
            says.append(Claim("tie", "the state reached", *ends, first=first, symbol=symbol))
        elif row["measure"] == GAIN and verdict(*ends[:3]) in ("more", "less"):
            first, second, what = f"the best off by {by}", "the worst off", f"the gain in {vq.outcome_unit}"
            says.append(Claim("difference", what, *ends, first=first, second=second))
    return Result("how-evenly", says=says, table=layout.table("how-evenly", table), counts=list(table["n"]))


def those_at_risk(vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show by how much groups at risk gain less than others, and what reaching them would be worth.

    Parameters
    ----------
    table : DataFrame
        From `equity.at_risk`, at a level that holds for all groups together.
    """
    if table.empty:
        return None
    shown = table.drop(columns=["share", "reached"]).dropna(axis=1, how="all")
    about = either(",", ", to a round number of them,")
    made = layout.table("at-risk", shown, {"unit": vq.outcome_unit, "about": about})
    says = [_less(vq, row) for row in table.to_dict("records")]
    return Result("at-risk", says=says, table=made, counts=list(table["n"]))


def _less(vq: Definition, row: dict) -> Claim:
    ends = (row["estimate"], row["low"], row["high"])
    return Claim("difference", f"the gain in {vq.outcome_unit}", *ends, first=_who(row), second="all others")


def _who(row: dict) -> str:
    return f"those at risk ({inside(row['group'])})"


def what_befell(study: Study, table: pd.DataFrame | None) -> Result | None:
    """Show how often an event befell those at risk, beside their strata; from `events`."""
    if table is None or table.empty:
        return None
    what = study.config.equity.event_label
    strata = listing(inside(label_of(study, one)) for one in study.config.equity.strata)
    shown = table.drop(columns="share").dropna(axis=1, how="all")
    made = layout.table("what-befell", shown, {"what": what, "strata": strata})
    says = [_beyond(row, what) for row in table.to_dict("records")]
    return Result("what-befell", says=says, table=made, counts=[*zip(table["k"], table["n"], strict=True)])


def _beyond(row: dict, what: str) -> str:
    """A group of whom more or fewer than their strata would have it."""
    side = "more" if row["low"] > 1 else "fewer" if row["high"] < 1 else ""
    return say("befell", who=_who(row), side=side, what=what, **row) if side else ""


def equity_answer(vq: Definition, spread: pd.DataFrame, risk: pd.DataFrame) -> Result:
    """Return which groups at risk gain less, then by what the state reached is spread unevenly."""
    less = risk[risk["high"] < 0] if len(risk) else risk
    says: list[str] = []
    if len(less):
        sizes = less.set_index("group")["estimate"]
        parts = [f"{inside(name)} by {number(-size, 1)} {vq.outcome_unit}" for name, size in sizes.items()]
        says.append(say("equity-less", parts=listing(parts)))
    elif len(risk):
        says.append(say("equity-no-less"))
    for measure, what in ((STATE, "The state reached"), (REACH, "A known outcome")):
        rows = spread[spread["measure"] == measure]
        sides = rows.apply(lambda row: verdict(row["estimate"], row["low"], row["high"]), axis=1)
        for verdict_, side in (("more", "better"), ("less", "worse")):
            by = listing(inside(name) for name in rows["ranked_by"][sides == verdict_])
            says += [say("equity-gathers", what=what, side=side, by=by)] if by else []
    return Result("answer", says=says or [say("equity-none")], role="answer")

"""How the comparisons of two arms with the missing filled in are laid out and said, and the answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value.two_arms.decision import benefit_at
from vbhc.chapters.value.two_arms.trial import Trial, sides
from vbhc.publish.results import Claim, Result, Table

ADJUSTED, IMPUTED = "baseline and covariates held equal", "the same, missing imputed"
MEASURES = ("outcome", "cost", "net_benefit")
# What `make simulate` finds at 200 patients of whom a third are missing.
IMPUTED_NOTE = "Simulated, 94% to 95% of 95% intervals of an imputed QALY difference held the truth."


def ends_of(measure: str, row: pd.Series) -> dict[str, float]:
    """Return estimate and ends of a row under the names of a measure."""
    ends = {"": "estimate", "_low": "low", "_high": "high"}
    return {f"{measure}{end}": float(row[name]) for end, name in ends.items()}


def conclusion(row: Mapping[str, float]) -> int:
    """Return 1 where the whole interval of net benefit lies above zero, -1 below, 0 where it holds zero."""
    return int(row["net_benefit_low"] > 0) - int(row["net_benefit_high"] < 0)


def by_measure(table: pd.DataFrame, currency: str, willingness_to_pay: float) -> pd.DataFrame:
    """Return `arms_if_answered` or `arms_if_worse` as one row per measure and way, to be read downwards.

    Returns
    -------
    DataFrame
        `measure`, what names the way (`handling`, or `worse_in, delta`), `estimate, low, high, n, n_missing`,
        in the order QALYs, cost, net benefit; a measure that a way does not have is absent.
    """
    heads = {"outcome": "QALYs", "cost": f"Cost ({currency})"}
    heads["net_benefit"] = f"Net benefit ({currency}) at {price_words(currency, willingness_to_pay)} per QALY"
    keys = [name for name in ("handling", "worse_in", "delta") if name in table]
    parts = []
    for measure in (name for name in MEASURES if name in table):
        names = {measure: "estimate", f"{measure}_low": "low", f"{measure}_high": "high"}
        part = table[[*keys, *names, "n", "n_missing"]].rename(columns=names)
        part.insert(0, "measure", heads[measure])
        parts.append(part)
    return pd.concat(parts).dropna(subset=["estimate"]).reset_index(drop=True)


def price_words(currency: str, willingness_to_pay: float) -> str:
    """Return the price of a QALY in words: "EUR 20,000"."""
    return f"{currency} {wording.number(willingness_to_pay, 0)}"


def _rules(table: pd.DataFrame) -> dict:
    """The decimals of each row: four for QALYs, none for money."""
    places = [4 if measure == "QALYs" else 0 for measure in table["measure"]]
    return {"decimals": {"delta": 2, **dict.fromkeys(("estimate", "low", "high"), places)}}


def ways_compared(trial: Trial, ways: pd.DataFrame, willingness_to_pay: float) -> Result | None:
    """Show the arms' differences from the plainest way of getting them to the fullest.

    Parameters
    ----------
    ways : DataFrame
        From `arms_if_answered`; nothing is shown where it is empty.
    """
    if ways.empty:
        return None
    shown = by_measure(ways, trial.currency, willingness_to_pay)
    first = trial.result.icer.iloc[0]
    known = ways["fmi"].dropna()
    told = (
        [f"Information missing about net benefit: {wording.percent(known.iloc[-1])}."] if len(known) else []
    )
    table = Table(
        shown,
        f"What {first['arm']} has more than {first['reference']}",
        by="measure",
        labels={"handling": "With", "estimate": "Difference", "n_missing": "Incomplete"},
        notes=[f"{trial.how}.", *([IMPUTED_NOTE] if told else []), *told],
        rules=_rules(shown),
    )
    says = _if_answered(trial, ways, willingness_to_pay)
    return Result("arms-if-answered", says=says, table=table, counts=list(ways["n"]))


def _if_answered(trial: Trial, ways: pd.DataFrame, willingness_to_pay: float) -> list[Claim | str]:
    """The difference with everybody filled in, and how far that lies from the one of complete patients."""
    rows = ways[ways["handling"].isin([ADJUSTED, IMPUTED])]
    if len(rows) < 2:
        return ["Nothing was filled in for this comparison: nothing is missing, or too few are complete."]
    complete, imputed = rows.iloc[0], rows.iloc[-1]
    row: dict[str, Any] = {name: float(imputed[f"net_benefit{end}"]) for name, end in ENDS.items()}
    price = price_words(trial.currency, willingness_to_pay)
    what = f"the net benefit per patient in {trial.currency}"
    lead = f"With the missing imputed and {price} per QALY"
    claim = Claim("difference", what, lead=lead, decimals=0, n=int(imputed["n"]), **row, **sides(trial))
    return [claim, _moved(complete, imputed, trial.currency)]


ENDS = {"estimate": "", "low": "_low", "high": "_high"}


def _moved(complete: pd.Series, imputed: pd.Series, currency: str) -> str:
    """How far filling in moved the difference, against how sure it was."""
    was, now = complete["net_benefit"], imputed["net_benefit"]
    low, high = complete["net_benefit_low"], complete["net_benefit_high"]
    where = "inside" if low <= now <= high else "outside"
    ends = f"{wording.number(low, 0)} to {wording.number(high, 0)}"
    return (
        f"Among complete patients it is {wording.number(was, 0)} ({ends}): filling in moves it by "
        f"{wording.money(abs(now - was), currency)}, {where} that range."
    )


def worse_compared(
    trial: Trial, worse: pd.DataFrame, tips: pd.DataFrame, willingness_to_pay: float
) -> Result:
    """Show the arms' differences had those who did not answer been worse, and where the conclusion tips.

    Parameters
    ----------
    worse, tips : DataFrame
        From `arms_if_worse`.
    """
    said = tipping(tips, trial.currency, willingness_to_pay)
    if worse.empty:
        return None if trial.result.reason else Result("arms-if-worse", says=[said])
    shown = by_measure(worse, trial.currency, willingness_to_pay)
    table = Table(
        shown,
        "The same, had the missing been worse than others like them",
        by="measure",
        labels={"estimate": "Difference", "n_missing": "Incomplete"},
        notes=[
            "Moved by a quarter and by half of the standard deviation of the index at the last visit. Those "
            "who died count as 0 and are not moved; cost is as imputed."
        ],
        rules=_rules(shown),
    )
    return Result("arms-if-worse", says=[said], table=table, counts=list(worse["n"]))


STATES = {1: "lies above zero", -1: "lies below zero", 0: "holds zero"}


def tipping(tips: pd.DataFrame, currency: str, willingness_to_pay: float) -> str:
    """Return how much worse the missing of either arm must have been for the conclusion to change."""
    if tips.empty:
        return (
            "How much worse those who did not answer would have to be cannot be asked: in one of the arms "
            "too few did not answer, or too few are complete."
        )
    price = price_words(currency, willingness_to_pay)
    state = STATES[int(tips["sign"].iloc[0])]
    start = f"With the missing imputed, the interval of net benefit at {price} per QALY {state}."
    if tips["delta"].isna().all():
        far = wording.number(tips["furthest"].iloc[0])
        return (
            f"{start} It still does if those who did not answer in either arm were worse than others like "
            f"them by {far} of the index, a whole standard deviation."
        )
    said = [_tip(row) for row in tips.itertuples()]
    return (
        f"{start} That holds until those who did not answer were worse than others like them: "
        f"{'; '.join(said)}."
    )


def _tip(row) -> str:
    if np.isnan(row.delta):
        return f"in {row.arm}, not even by {wording.number(row.furthest)}, a whole standard deviation"
    return f"in {row.arm} alone, by {wording.number(-row.delta)} of the index"


BENEFIT = ("net_benefit", "net_benefit_low", "net_benefit_high")


def arms_answer(trial: Trial, ways: pd.DataFrame, willingness_to_pay: float) -> Result:
    """Return which way has the higher net benefit at the declared price, or why nothing can be compared.

    Parameters
    ----------
    ways : DataFrame
        From `arms_if_answered`: its last way fills in what is missing.
    """
    if trial.result.reason:
        return Result("answer", says=[trial.result.reason], role="answer")
    claim = replace(benefit_at(trial, willingness_to_pay), counted=trial.counted())
    return Result("answer", says=[claim, _turned(ways), _filled_in(ways)], role="answer")


def _turned(ways: pd.DataFrame) -> str:
    """That the sign hangs on what is held equal, where it does; nothing where it does not."""
    kept = ways[ways["handling"].isin(["as observed", ADJUSTED])].set_index("handling")
    if len(kept) < 2 or kept["net_benefit"].prod() >= 0:
        return ""
    seen = kept.loc["as observed", [*BENEFIT]].to_list()
    sizes = [wording.number(number, 0) for number in seen]
    sure = any(conclusion(row) for row in kept.to_dict("records"))
    chance = "" if sure else ", and either could be chance"
    return (
        f"As observed, with nothing held equal, it is {sizes[0]} ({sizes[1]} to {sizes[2]}): holding the "
        f"start and the covariates equal turns its sign{chance}."
    )


def _filled_in(ways: pd.DataFrame) -> str:
    """The same difference with the missing filled in; nothing where none was filled in."""
    imputed = ways[ways["handling"] == IMPUTED]
    if imputed.empty:
        return ""
    row = imputed.iloc[0]
    gap, low, high = (wording.number(row[name], 0) for name in BENEFIT)
    return f"With the missing imputed the difference is {gap} ({low} to {high}, n = {int(row['n']):,})."

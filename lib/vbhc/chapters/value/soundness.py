"""Is VQ a sound number here? Checks that run every time, each with its sentence.

A quotient of outcome and cost can be mostly a reciprocal cost, can reward costly harm, and can hang on a few
cheap patients. Pearson 1897 (spurious correlation of indices); Kronmal 1993, J R Stat Soc A 156:379.
"""

import math
from dataclasses import replace
from itertools import zip_longest

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value import artefacts, layout
from vbhc.chapters.value.group_value import who_counts
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.sentences import say
from vbhc.publish.claims import render
from vbhc.publish.disclosure.policies import FEW
from vbhc.publish.results import Claim, Result, either
from vbhc.statistics.ratios.means import mean_of_ratios

AMONG_WORSENED = "VQ with cost among the worsened"
ALARM = 0.7  # |r(VQ, 1/cost)| from here on: at least half of the variance of VQ is shared with 1/cost
CLEAR = 0.15  # by which one correlation has to lead for the quota to follow it mainly
ABOUT_EQUAL = (0.8, 1.25)  # quotients of two relative spreads that no reader should tell apart


def reciprocal_cost(outcome: pd.Series, cost: pd.Series) -> pd.DataFrame:
    """Return how VQ correlates with 1/cost and with the outcome (Pearson's r), as one row.

    Returns
    -------
    DataFrame
        `pearson_reciprocal, pearson_outcome, n, reason`.
    """
    y, x = artefacts.usable(outcome, cost)
    row = {"pearson_reciprocal": np.nan, "pearson_outcome": np.nan, "n": len(y)}
    reason = artefacts.too_few(len(y))
    if not reason and (np.ptp(x) == 0 or np.ptp(y) == 0):
        same, other = ("cost", "outcome") if np.ptp(x) == 0 else ("outcome", "reciprocal cost")
        reason = f"All {len(y):,} patients have the same {same}, so VQ is the {other} on another scale."
    if not reason:
        sides = {"pearson_reciprocal": 1 / x, "pearson_outcome": y}
        row |= {name: np.corrcoef(y / x, side)[0, 1] for name, side in sides.items()}
    return pd.DataFrame([row | {"reason": reason}])


def spreads(outcome: pd.Series, cost: pd.Series) -> pd.DataFrame:
    """Return the relative spread of outcome and of cost, as one row.

    Returns
    -------
    DataFrame
        `cv_outcome, cv_cost` (NaN when the mean is not positive: a gain around zero has no relative spread),
        `log_sd` (of cost), `n`.
    """
    y, x = (pd.Series(side) for side in artefacts.usable(outcome, cost))
    cvs = {f"cv_{name}": side.std() / mean if (mean := side.mean()) > 0 else np.nan
           for name, side in (("outcome", y), ("cost", x))}  # fmt: skip
    return pd.DataFrame([cvs | {"log_sd": np.log(x).std(), "n": len(x)}])


def spreads_sentence(result: pd.DataFrame) -> str:
    """Return which of the two varies more, relative to its mean."""
    outcome, cost, log_sd = result[["cv_outcome", "cv_cost", "log_sd"]].iloc[0]
    if math.isnan(cost):
        return say("spread-unknown")
    shown = say("spread-of-cost", cost=cost, log_sd=log_sd)
    if math.isnan(outcome):
        return say("spread-alone", shown=shown)
    times = cost / outcome if outcome > 0 else math.inf
    if ABOUT_EQUAL[0] <= times <= ABOUT_EQUAL[1]:
        return say("spread-equal", shown=shown, outcome=outcome)
    more, less = ("Cost", "the outcome") if times > 1 else ("The outcome", "cost")
    return say("spread-more", more=more, less=less, shown=shown, outcome=outcome)


def mean_of_ratios_sentence(result: pd.DataFrame) -> str:
    """Return the mean of ratios beside the ratio of means, with the warning that they differ."""
    row = result.iloc[0]
    if row["reason"]:
        return row["reason"]
    how = "larger" if row["quotient"] > 1 else "smaller"  # VQ goes up with cost, or down below zero
    if not row["quotient"] > 0:
        how = "apart"
    elif abs(row["quotient"] - 1) < 0.05:
        how = "agree"
    moved = "gained" if row["ratio_of_means"] > 0 else "lost"
    two = {c: either(wording.significant(row[c]), wording.significant(row[c], 2)) for c in row.index[:2]}
    times = either(wording.number(row["quotient"]), wording.number(row["quotient"], 1))
    return say("ratios", n=row["n"], **two, said=say(f"ratios-{how}", quotient=times, moved=moved))


def soundness(
    outcome: pd.Series, cost: pd.Series, perception: pd.Series | None, per: float, n_shuffles: int, seed: int
) -> pd.DataFrame:
    """Run every check and return `check, estimate, n, sentence`, one row each, for a table in the report."""
    own, spread = reciprocal_cost(outcome, cost), spreads(outcome, cost)
    against = cost.rename("cost") if perception is None else perception
    shuffled = artefacts.shuffle_test(outcome, cost, against, n_shuffles, seed)
    sign, ratios = artefacts.sign_paradox(outcome, cost), mean_of_ratios(outcome, cost, per)
    named = f"shuffled outcomes, VQ with {against.name}"
    rows = [
        ("VQ with 1/cost", own, "pearson_reciprocal", what_it_follows),
        ("CV of cost", spread, "cv_cost", spreads_sentence),
        (named, shuffled, "shuffled_mean", artefacts.shuffle_sentence),
        (AMONG_WORSENED, sign, "estimate", _paradox_sentence),
        ("mean of ratios over ratio of means", ratios, "quotient", mean_of_ratios_sentence),
    ]
    found = [(name, table[at].iloc[0], int(table["n"].iloc[0]), say(table)) for name, table, at, say in rows]
    return pd.DataFrame(found, columns=["check", "estimate", "n", "sentence"])


def five_checks(patients: pd.DataFrame, checks: pd.DataFrame) -> Result:
    """Show the checks of `soundness`, a row each; under a policy that protects not how many of few lost."""
    few = (checks["check"] == AMONG_WORSENED) & (checks["n"].max() < FEW)
    table = layout.table("soundness", either(checks, checks.assign(n=checks["n"].mask(few))))
    return Result("soundness", table=table, counted=who_counts(patients, "gain"))


def follows(reciprocal: pd.DataFrame, paradox: pd.DataFrame, vq: Definition) -> Result:
    """Say whether ranking patients by their quota ranks outcomes or cheapness, and whom it must not rank.

    Parameters
    ----------
    reciprocal, paradox : DataFrame
        From `reciprocal_cost` and `sign_paradox`.
    """
    first = what_it_follows(reciprocal)
    if reciprocal["reason"].iloc[0]:
        return Result("what-it-follows", says=[first])
    claims = whom_not(paradox)
    both = zip_longest(claims, _uncounted(claims, paradox["n_all"].iloc[0]))
    return Result("what-it-follows", says=[first, *(a if a is b else either(a, b) for a, b in both)])


def what_it_follows(reciprocal: pd.DataFrame) -> str:
    """Return whether a patient's quota is rather the outcome or rather one over the cost, or why none is."""
    row = reciprocal.iloc[0]
    if row["reason"]:
        return row["reason"]
    cost, outcome = abs(row["pearson_reciprocal"]), abs(row["pearson_outcome"])
    numbers = say("follows-numbers", outcome=outcome, cost=cost)
    if cost >= ALARM and cost - outcome > CLEAR:
        return say("follows-cost", numbers=numbers)
    what = "outcome" if outcome >= ALARM and outcome - cost > CLEAR else "both"
    return say(f"follows-{what}", numbers=numbers)


def whom_not(paradox: pd.DataFrame) -> list[Claim]:
    """Whom the quota must not rank: those who lost, among whom a dearer loss looks smaller."""
    row = paradox.iloc[0]
    k, n = int(row["n"]), int(row["n_all"])
    if not k:
        return []
    told = wording.count(k, n).replace(" (", ", ").removesuffix(")")
    start = Claim("level", "", reason=say("whom-not", told=f" ({told})"), behind=[(k, n)])
    if row["reason"]:
        return [start]
    tie = row[["estimate", "low", "high"]].astype(float).to_dict()
    return [start, Claim("tie", "the value quota", first="cost", lead="Among them", n=k, **tie)]


def _uncounted(claims: list[Claim], n: int) -> list[Claim]:
    """Return whom not to rank where people are protected: of few without how many lost, nor their tie.

    Beside those who got worse that tells how many lost a little.
    """
    return [replace(one, reason=say("whom-not", told="")) for one in claims[:1]] if n < FEW else claims


def _paradox_sentence(paradox: pd.DataFrame) -> str:
    """Return whom the quota must not rank as one text, or that nobody lost."""
    nobody = f"None of {paradox['n_all'].iloc[0]:,} patients lost anything: no loss is made to look smaller."
    claims = whom_not(paradox)
    both = (claims, _uncounted(claims, paradox["n_all"].iloc[0]))
    return either(*(" ".join(map(render, one)) for one in both)) or nobody


def soundness_answer(
    vq: Definition, reciprocal: pd.DataFrame, paradox: pd.DataFrame, rankings: pd.DataFrame
) -> Result:
    """Return the answer: what a patient's quota follows, whom it misjudges, how another order differs.

    Parameters
    ----------
    reciprocal, paradox, rankings : DataFrame
        From `reciprocal_cost`, `sign_paradox` and `rankings_at`.
    """
    told = follows(reciprocal, paradox, vq)
    ordered = f"{wording.sentence_case(artefacts.order_words(rankings))}."
    order = "" if rankings["reason"].iloc[0] else ordered
    return Result("answer", says=[*told.says, order], role="answer")

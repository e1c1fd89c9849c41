"""Is VQ a sound number here? Checks that run every time, each with its sentence.

A quotient of outcome and cost can be mostly a reciprocal cost, can reward costly harm, and can hang on a few
cheap patients. Pearson 1897 (spurious correlation of indices); Kronmal 1993, J R Stat Soc A 156:379.
"""

import math

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value import artefacts
from vbhc.chapters.value.group_value import who_counts
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Claim, Result, Table
from vbhc.statistics.correlation.rank import spearman_rho
from vbhc.statistics.ratios.means import mean_of_ratios

ALARM = 0.7  # |r(VQ, 1/cost)| from here on: at least half of the variance of VQ is shared with 1/cost
CHEAPEST = 0.05
MEASURES = ("mean of ratios", "ratio of means")
CLEAR = 0.15  # by which one correlation has to lead for the quota to follow it mainly
ABOUT_EQUAL = (0.8, 1.25)  # quotients of two relative spreads that no reader should tell apart


def reciprocal_cost(outcome: pd.Series, cost: pd.Series) -> pd.DataFrame:
    """Return how VQ correlates with 1/cost and with the outcome (Pearson's r, Spearman's rho), as one row.

    Returns
    -------
    DataFrame
        `pearson_reciprocal, spearman_reciprocal, pearson_outcome, spearman_outcome, n, reason`.
    """
    y, x = artefacts.usable(outcome, cost)
    names = ("pearson_reciprocal", "spearman_reciprocal", "pearson_outcome", "spearman_outcome")
    reason = artefacts.too_few(len(y))
    if not reason and (np.ptp(x) == 0 or np.ptp(y) == 0):
        same = "cost" if np.ptp(x) == 0 else "outcome"
        other = "outcome" if same == "cost" else "reciprocal cost"
        reason = f"All {len(y):,} patients have the same {same}, so VQ is the {other} on another scale."
    if reason:
        return pd.DataFrame([dict.fromkeys(names, np.nan) | {"n": len(y), "reason": reason}])
    vq, inverse = y / x, 1 / x
    values = [r for side in (inverse, y) for r in (np.corrcoef(vq, side)[0, 1], spearman_rho(vq, side))]
    return pd.DataFrame([dict(zip(names, values, strict=True)) | {"n": len(y), "reason": ""}])


def reciprocal_cost_sentence(result: pd.DataFrame) -> str:
    """Return whether VQ is here rather an outcome or rather a reciprocal cost."""
    row = result.iloc[0]
    if row["reason"]:
        return row["reason"]
    cost, outcome = row["pearson_reciprocal"], row["pearson_outcome"]
    with_outcome = f"{wording.number(outcome)} with the outcome, n = {row['n']:,}"
    numbers = f"r = {wording.number(cost)} with 1/cost, {with_outcome}"
    if abs(cost) >= ALARM and abs(cost) > abs(outcome):
        return f"Here VQ is mostly a reciprocal cost ({numbers})."
    if abs(outcome) >= ALARM and abs(outcome) > abs(cost):
        return f"Here VQ mostly follows the outcome ({numbers})."
    return f"Here VQ is a mixture of outcome and reciprocal cost ({numbers})."


def spreads(outcome: pd.Series, cost: pd.Series) -> pd.DataFrame:
    """Return the relative spread of outcome and of cost, a row each.

    Returns
    -------
    DataFrame
        `quantity, mean, sd, cv, log_sd, n, n_not_positive`; `log_sd` is over the positive values only; `cv`
        is NaN when the mean is not positive (a gain around zero has no relative spread).
    """
    y, x = artefacts.usable(outcome, cost)
    both = {"outcome": y, "cost": x}
    return pd.DataFrame([{"quantity": name, **_spread(pd.Series(v))} for name, v in both.items()])


def _spread(values: pd.Series) -> dict[str, float]:
    positive, mean, sd = values[values > 0], values.mean(), values.std()
    row = {"mean": mean, "sd": sd, "cv": sd / mean if mean > 0 else np.nan, "log_sd": np.log(positive).std()}
    return row | {"n": len(values), "n_not_positive": len(values) - len(positive)}


def spreads_sentence(result: pd.DataFrame) -> str:
    """Return which of the two varies more, relative to its mean."""
    outcome, cost = (result[result["quantity"] == name].iloc[0] for name in ("outcome", "cost"))
    if math.isnan(cost["cv"]):
        return (
            "The relative spread of cost cannot be computed: no patient has an outcome and a positive cost."
        )
    shown = f"coefficient of variation {wording.number(cost['cv'])}, log sd {wording.number(cost['log_sd'])}"
    if math.isnan(outcome["cv"]):
        return f"Cost varies by a {shown}; the mean outcome is not positive and has no relative spread."
    other = f"the outcome's {wording.number(outcome['cv'])}"
    times = cost["cv"] / outcome["cv"] if outcome["cv"] > 0 else math.inf
    if ABOUT_EQUAL[0] <= times <= ABOUT_EQUAL[1]:
        return f"Cost and outcome vary about equally, relative to their means (cost: {shown}; {other})."
    if times > 1:
        return f"Cost varies more than the outcome, relative to its mean (cost: {shown}, against {other})."
    return f"The outcome varies more than cost, relative to its mean (cost: {shown}, against {other})."


def leverage(outcome: pd.Series, cost: pd.Series, per: float = 1_000) -> pd.DataFrame:
    """Return what the cheapest patients do to the mean of ratios and to the ratio of means, a row each.

    Left out are `CHEAPEST` of the patients, by cost, rounded up to whole patients.

    Returns
    -------
    DataFrame
        `measure, estimate, without_cheapest, relative_change, n, n_cheapest, reason`.
    """
    y, x = artefacts.usable(outcome, cost)
    cheap = math.ceil(CHEAPEST * len(y) - 1e-9)
    reason = artefacts.too_few(len(y) - cheap)
    order = np.argsort(x, kind="stable")[cheap:]
    sides = [(y, x), (y[order], x[order])] if not reason else []
    full, rest = [_group_values(*side, per) for side in sides] or [np.full(2, np.nan)] * 2
    table = pd.DataFrame({"measure": MEASURES, "estimate": full, "without_cheapest": rest})
    change = rest / np.where(full == 0, np.nan, full) - 1
    return table.assign(relative_change=change, n=len(y), n_cheapest=cheap, reason=reason)


def _group_values(y: np.ndarray, x: np.ndarray, per: float) -> np.ndarray:
    return np.array([(y / x).mean(), y.mean() / x.mean()]) * per


def leverage_sentence(result: pd.DataFrame) -> str:
    """Return how far each group value moves when the cheapest patients are left out."""
    own, together = result.iloc[0], result.iloc[1]
    if own["reason"]:
        return own["reason"]
    moved, whole = (_signed_percent(row["relative_change"]) for row in (own, together))
    cheapest = f"the {own['n_cheapest']:,} cheapest of {own['n']:,} patients"
    return f"Without {cheapest} the mean of patients' VQ changes by {moved}, the ratio of means by {whole}."


def _signed_percent(change: float) -> str:
    if math.isnan(change):
        return "a share that cannot be told"
    return f"{'+' if change > 0 else ''}{wording.number(100 * change, 0)}%"


def mean_of_ratios_sentence(result: pd.DataFrame) -> str:
    """Return the mean of ratios beside the ratio of means, with the warning that they differ."""
    row = result.iloc[0]
    if row["reason"]:
        return row["reason"]
    both = (
        f"The mean of patients' own VQ is {wording.significant(row['mean_of_ratios'])}, the ratio of means "
        f"{wording.significant(row['ratio_of_means'])} (n = {row['n']:,})"
    )
    quotient = row["quotient"]
    if math.isnan(quotient) or quotient <= 0:
        return f"{both}: they do not share a sign, so the mean of ratios is no value for money."
    if abs(quotient - 1) < 0.05:
        return f"{both}: they agree within 5%."
    times = f"{wording.number(quotient)} times as large"
    if quotient > 1:
        return f"{both}: {times}, because unequal costs inflate a mean of ratios."
    moved = "gained" if row["ratio_of_means"] > 0 else "lost"  # VQ goes up with cost, or down below zero
    return f"{both}: only {times}, as the dearer patients {moved} more."


def soundness(
    outcome: pd.Series,
    cost: pd.Series,
    perception: pd.Series | None = None,
    per: float = 1_000,
    n_shuffles: int = 500,
    seed: int = 1,
) -> pd.DataFrame:
    """Run every check and return `check, estimate, n, sentence`, one row each, for a table in the report."""
    own, spread = reciprocal_cost(outcome, cost), spreads(outcome, cost)
    against = cost.rename("cost") if perception is None else perception
    shuffled = artefacts.shuffle_test(outcome, cost, against, n_shuffles, seed)
    sign = artefacts.sign_paradox(outcome, cost)
    cheap, ratios = leverage(outcome, cost, per=per), mean_of_ratios(outcome, cost, per)
    named = f"shuffled outcomes, VQ with {against.name}"
    rows = [
        ("VQ with 1/cost", own, "pearson_reciprocal", reciprocal_cost_sentence),
        ("CV of cost", spread.iloc[1:], "cv", lambda _: spreads_sentence(spread)),
        (named, shuffled, "shuffled_mean", artefacts.shuffle_sentence),
        ("VQ with cost among the worsened", sign, "estimate", artefacts.sign_paradox_sentence),
        ("change without the cheapest 5%", cheap, "relative_change", leverage_sentence),
        ("mean of ratios over ratio of means", ratios, "quotient", mean_of_ratios_sentence),
    ]
    found = [(name, table[at].iloc[0], int(table["n"].iloc[0]), say(table)) for name, table, at, say in rows]
    return pd.DataFrame(found, columns=["check", "estimate", "n", "sentence"])


def six_checks(patients: pd.DataFrame, checks: pd.DataFrame) -> Result:
    """Show the checks of `soundness`, a row each."""
    table = Table(checks, "Six checks of a patient's own value quota (VQ)", labels={"estimate": "Number"})
    return Result("soundness", table=table, counted=who_counts(patients, "gain"))


def follows(reciprocal: pd.DataFrame, paradox: pd.DataFrame, vq: Definition) -> Result:
    """Say whether ranking patients by their quota ranks outcomes or cheapness, and whom it must not rank.

    Parameters
    ----------
    reciprocal, paradox : DataFrame
        From `reciprocal_cost` and `sign_paradox`.
    """
    row = reciprocal.iloc[0]
    says: list[Claim | str] = [row["reason"]] if row["reason"] else [_what_it_follows(row), *_worse(paradox)]
    return Result("what-it-follows", says=says)


def _what_it_follows(row: pd.Series) -> str:
    cost, outcome = abs(row["pearson_reciprocal"]), abs(row["pearson_outcome"])
    with_each = f"{wording.number(outcome)} with the outcome, {wording.number(cost)} with one over cost"
    own, numbers = "A patient's own value quota", f"(correlation {with_each})"
    if cost >= ALARM and cost - outcome > CLEAR:
        return f"{own} is mostly one over the cost {numbers}: it ranks cheapness."
    if outcome >= ALARM and outcome - cost > CLEAR:
        return f"{own} follows mainly the outcome {numbers}: look at the outcome itself."
    return f"{own} mixes outcome and cheapness {numbers}: a rank by it can be either."


def _worse(paradox: pd.DataFrame) -> list[Claim | str]:
    """Whom the quota must not rank: those who lost, among whom a dearer loss looks smaller."""
    worse, n = paradox[paradox["part"] == "worsened"].iloc[0], int(paradox["n"].sum())
    if not worse["n"]:
        return []
    told = wording.count(int(worse["n"]), n).replace(" (", ", ").removesuffix(")")
    loss = f"Do not rank those who lost, by however little ({told}): a loss over a larger bill looks smaller."
    start = Claim("level", "", reason=loss, behind=[(int(worse["n"]), n)])
    if worse["reason"]:
        return [start]
    tie = {**worse[["estimate", "low", "high"]].astype(float), "n": int(worse["n"])}
    return [start, Claim("tie", "the value quota", first="cost", lead="Among them", **tie)]


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

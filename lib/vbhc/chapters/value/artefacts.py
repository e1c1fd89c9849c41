"""What the quotient does by itself: shared denominators, losses that cost makes look smaller, other orders.

Pearson 1897 (spurious correlation of indices); Kronmal 1993, J R Stat Soc A 156:379.
"""

from typing import Any

import numpy as np
import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.value.opening import define, separate_outcomes
from vbhc.chapters.value.quota.declared import Definition, outcome_name, outcome_values
from vbhc.chapters.value.quota.numerators import quota_where_possible
from vbhc.chapters.value.sentences import say
from vbhc.publish.results import Result, either
from vbhc.statistics.correlation.dominance import standing
from vbhc.statistics.correlation.rank import spearman, spearman_of_each, spearman_rho
from vbhc.statistics.ratios.means import complete_sides
from vbhc.statistics.resampling import resampled_p
from vbhc.statistics.samples import complete_rows, patients_with, readable
from vbhc.study import Study

TIMES_THE_PRICE = (0.5, 1.0, 2.0)
SHARED_ALARM = 0.1  # correlation of two unrelated VQ from which the agreement of two VQ proves little
SHUFFLED = ["estimate", "shuffled_mean", "shuffled_low", "shuffled_high", "p"]


def usable(outcome: pd.Series, cost: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return outcome and cost of the patients who can have a VQ."""
    y, x, _ = complete_sides(outcome, cost)
    return y[x > 0], x[x > 0]


def too_few(n: int) -> str:
    """Return why a check has too few patients, or ""."""
    if n == 0:
        return "No patient has an outcome and a positive cost, so this check says nothing."
    return f"{patients_with(n)} an outcome and a positive cost; this check needs 4." if n < 4 else ""


def shuffle_test(
    outcome: pd.Series, cost: pd.Series, against: pd.Series, n_shuffles: int = 500, seed: int = 1
) -> pd.DataFrame:
    """Return Spearman(VQ, `against`) when outcomes are dealt out at random: what the denominator alone does.

    Outcomes are permuted over patients; cost and `against` stay. With `against` = perception the shuffled
    values show the association that needs no outcome; with `against` = cost or another VQ, the spurious part
    of that one.

    Returns
    -------
    DataFrame
        One row: `against, estimate, shuffled_mean, shuffled_low, shuffled_high` (2.5% and 97.5%), `p`
        (`resampling.resampled_p` of the shuffles at least as far from the shuffled mean), `n, n_shuffles,
        reason`.
    """
    values = pd.DataFrame({"y": outcome, "x": cost, "a": against}).astype(float).to_numpy()
    y, x, a = values[complete_rows(values) & (values[:, 1] > 0)].T
    name, reason = str(against.name), too_few(len(y))
    if not reason and (np.ptp(a) == 0 or np.ptp(y / x) == 0):
        same = f"All {len(y):,} patients have the same VQ or the same {readable(name)}"
        reason = f"{same}; shuffling says nothing."
    row = dict.fromkeys(SHUFFLED, np.nan)
    if not reason:
        rng, observed = np.random.default_rng(seed), spearman_rho(y / x, a)
        shuffled = spearman_of_each(a, (rng.permutation(y) / x for _ in range(n_shuffles)))
        centre = shuffled.mean()
        beyond = (np.abs(shuffled - centre) >= abs(observed - centre) - 1e-12).sum()
        p = float(resampled_p(beyond, n_shuffles))
        row = dict(zip(SHUFFLED, (observed, centre, *np.quantile(shuffled, [0.025, 0.975]), p), strict=True))
    return pd.DataFrame([{"against": name, **row, "n": len(y), "n_shuffles": n_shuffles, "reason": reason}])


def shuffle_sentence(result: pd.DataFrame) -> str:
    """Return how much of an association the denominator alone produces."""
    row = result.iloc[0]
    if row["reason"]:
        return row["reason"]
    spread = wording.interval(row["shuffled_low"], row["shuffled_high"], 0.95, kind="of shuffles")
    where = "inside" if row["shuffled_low"] <= row["estimate"] <= row["shuffled_high"] else "outside"
    return say("shuffled", **row, name=readable(row["against"]), spread=spread, where=where)


def two_quotas(
    study: Study, patients: pd.DataFrame, vq: Definition, n_shuffles: int = 100, seed: int = 1
) -> pd.DataFrame:
    """Return how far the VQ of two outcomes agree only because they divide by the same cost.

    Returns
    -------
    DataFrame
        One row as from `shuffle_test` (`against` is the second VQ), with `outcomes` (the Spearman correlation
        of the outcomes), `first` and `second`, their names; empty where the study has a single outcome.
    """
    columns = cleaning.load_columns(study)
    others = [stem for stem in separate_outcomes(study, columns) if stem != vq.outcome]
    if not others or study.baseline == study.follow_up:
        return pd.DataFrame()
    outcome, cost = outcome_values(patients, vq), patients[vq.cost_column].astype(float)
    other = outcome_values(patients, define(study, others[0], "gain"))
    first, second = (outcome_name(study, columns, stem) for stem in (vq.outcome, others[0]))
    quota = quota_where_possible(other, cost).rename(f"the VQ of {second}")
    table = shuffle_test(outcome, cost, quota, n_shuffles, seed)
    alike = spearman(outcome, other)["estimate"].iloc[0]
    return table.assign(outcomes=alike, first=first, second=second)


def share_their_cost(shared: pd.DataFrame) -> Result | None:
    """Say how far two quotas agree by their shared cost alone; nothing where there is one outcome.

    Parameters
    ----------
    shared : DataFrame
        From `two_quotas`.
    """
    if shared.empty:
        return None
    row = shared.iloc[0]
    own = say("shared-cost-own", **row) if np.isfinite(row["outcomes"]) else ""
    alarm = "Their agreement is no validation of either." if row["shuffled_mean"] >= SHARED_ALARM else ""
    says = [row["reason"] or say("shared-cost", **row, own=own), alarm]
    return Result("shared-denominator", says=says, role="limit", counts=[int(row["n"])])


def sign_paradox(outcome: pd.Series, cost: pd.Series) -> pd.DataFrame:
    """Return Spearman(VQ, cost) among patients who lost anything, and how many they are, as one row.

    Dividing a loss by a larger cost makes it look smaller, so among them VQ *rewards* cost.

    Returns
    -------
    DataFrame
        `estimate, low, high, n` (who lost), `n_all, reason`.
    """
    y, x = usable(outcome, cost)
    lost = y < 0
    found = spearman(pd.Series(y[lost] / x[lost], name="VQ"), pd.Series(x[lost], name="cost"))
    return found[["estimate", "low", "high", "n", "reason"]].assign(n_all=len(y))


def rankings_at(outcome: pd.Series, cost: pd.Series) -> pd.DataFrame:
    """Return the share of pairs of patients whom VQ and net benefit put in opposite order, by price.

    The prices are multiples of the one that the group paid, mean cost over mean outcome per unit; where
    nothing was gained on average it paid none.

    Returns
    -------
    DataFrame
        `willingness_to_pay, discordant_share, n, n_pairs, reason`; pairs tied in either ranking are left out.
    """
    y, x = usable(outcome, cost)
    paid = float(x.mean() / y.mean()) if len(y) and y.mean() > 0 else np.nan
    return pd.DataFrame([opposite_orders(y, x, paid * times) for times in TIMES_THE_PRICE])


def opposite_orders(y: np.ndarray, x: np.ndarray, price: float) -> dict[str, Any]:
    """Return one row of `rankings_at`."""
    row = {"willingness_to_pay": price, "discordant_share": np.nan, "n": len(y), "n_pairs": 0}
    if np.isnan(price):
        why = "Nothing was gained on average, so no price was paid for it at which to rank by net benefit."
        return row | {"reason": why}
    order = standing(y / x, price * y - x)
    discordant, concordant = int(order.discordant.sum() // 2), int(order.concordant.sum() // 2)
    pairs = discordant + concordant
    if not pairs:
        return row | {"reason": "All patients are tied; there is no order."}
    return row | {"discordant_share": discordant / pairs, "n_pairs": pairs, "reason": ""}


def two_orders(vq: Definition, table: pd.DataFrame) -> Result:
    """Say how many pairs of patients the quota and net benefit put in opposite order, from `rankings_at`."""
    if table["reason"].iloc[0]:
        return Result("rankings", says=[table["reason"].iloc[0]])
    n, pairs = table[["n", "n_pairs"]].iloc[len(table) // 2].astype(int)
    low, paid, high = table["willingness_to_pay"]
    # Where people are protected: all digits of a price give those of the quota, and the pairs the patients.
    price = either(f"{vq.currency} {wording.significant(paid)}", "what was paid for it on average")
    low = either(f"{vq.currency} {wording.significant(low)}", "half of that")
    high = either(wording.significant(high), "twice as much")
    between = say("two-orders-between", low=low, high=high, part=wording.percents(table["discordant_share"]))
    told = {"order": wording.sentence_case(order_words(table)), "pairs": either(f"{pairs:,} pairs of ")}
    return Result("rankings", says=[say("two-orders", paid=price, n=n, **told), between], counts=[n])


def order_words(table: pd.DataFrame) -> str:
    """Return the share of pairs in opposite order at the price that the group paid, as a clause."""
    return say("order", share=table["discordant_share"].iloc[len(table) // 2])

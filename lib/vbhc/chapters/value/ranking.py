"""Do the value quota and net benefit put patients in the same order?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value.artefacts import usable
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Result
from vbhc.statistics.correlation.dominance import standing

TIMES_THE_PRICE = (0.5, 1.0, 2.0)


def ranking_disagreement(outcome: pd.Series, cost: pd.Series, willingness_to_pay: float) -> pd.DataFrame:
    """Return the share of pairs of patients whom VQ and net benefit put in opposite order, as one row.

    Returns
    -------
    DataFrame
        `willingness_to_pay, discordant_share, n, n_pairs, reason`; pairs tied in either ranking are left out.
    """
    y, x = usable(outcome, cost)
    if len(y) < 2:
        return _no_order(
            "Fewer than two patients have a VQ; there is no pair to rank.", len(y), willingness_to_pay
        )
    order = standing(y / x, willingness_to_pay * y - x)
    discordant, concordant = int(order.discordant.sum() // 2), int(order.concordant.sum() // 2)
    pairs = discordant + concordant
    if not pairs:
        return _no_order("All patients are tied; there is no order.", len(y), willingness_to_pay)
    return _ranked(willingness_to_pay, discordant / pairs, len(y), pairs)


def _ranked(price: float, share: float, n: int, pairs: int, reason: str = "") -> pd.DataFrame:
    row = {"willingness_to_pay": price, "discordant_share": share, "n": n, "n_pairs": pairs, "reason": reason}
    return pd.DataFrame([row])


def _no_order(reason: str, n: int, price: float = np.nan) -> pd.DataFrame:
    return _ranked(price, np.nan, n, 0, reason)


def rankings_at(outcome: pd.Series, cost: pd.Series) -> pd.DataFrame:
    """Return `ranking_disagreement` at multiples of the price that the group paid.

    The group paid mean cost over mean outcome per unit; where nothing was gained on average it paid no price,
    and the one row says so.
    """
    y, x = usable(outcome, cost)
    if not len(y) or not y.mean() > 0:
        reason = "Nothing was gained on average, so no price was paid for it at which to rank by net benefit."
        return _no_order(reason, len(y))
    paid = float(x.mean() / y.mean())
    tables = [ranking_disagreement(outcome, cost, paid * times) for times in TIMES_THE_PRICE]
    return pd.concat(tables, ignore_index=True)


def two_orders(vq: Definition, table: pd.DataFrame) -> Result:
    """Say how many pairs of patients the quota and net benefit put in opposite order, from `rankings_at`."""
    if table["reason"].iloc[0]:
        return Result("rankings", says=[table["reason"].iloc[0]])
    middle = table.iloc[len(table) // 2]
    price = f"{vq.currency} {wording.significant(middle['willingness_to_pay'])}"
    ends = table["discordant_share"].min(), table["discordant_share"].max()
    around = [wording.significant(table["willingness_to_pay"].iloc[at]) for at in (0, -1)]
    span = " to ".join(wording.percent(share) for share in ends)
    says = [
        f"{wording.sentence_case(order_words(table))}, when a unit of the outcome is worth {price} "
        f"({int(middle['n_pairs']):,} pairs of {int(middle['n']):,} patients).",
        f"Between {vq.currency} {around[0]} and {around[1]} it is {span} of pairs.",
    ]
    return Result("rankings", says=says, counts=[int(middle["n"])])


def order_words(table: pd.DataFrame) -> str:
    """Return the share of pairs in opposite order at the price that the group paid, as a clause."""
    share = wording.percent(table["discordant_share"].iloc[len(table) // 2])
    return f"the quota and net benefit put {share} of pairs of patients in opposite order"

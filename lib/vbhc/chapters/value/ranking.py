"""Do the value quota and net benefit put patients in the same order?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.statistics.correlation.dominance import standing
from vbhc.statistics.samples import complete_rows

TIMES_THE_PRICE = (0.5, 1.0, 2.0)


def ranking_disagreement(outcome: pd.Series, cost: pd.Series, willingness_to_pay: float) -> pd.DataFrame:
    """Return the share of pairs of patients whom VQ and net benefit put in opposite order, as one row.

    Returns
    -------
    DataFrame
        `willingness_to_pay, discordant_share, n, n_pairs, reason`; pairs tied in either ranking are left out.
    """
    known = complete_rows(outcome, cost) & (cost > 0).fillna(False).to_numpy(dtype=bool)
    y, x = outcome[known].to_numpy(dtype=float), cost[known].to_numpy(dtype=float)
    row = {"willingness_to_pay": willingness_to_pay, "discordant_share": np.nan, "n": len(y), "n_pairs": 0}
    if len(y) < 2:
        return pd.DataFrame(
            [{**row, "reason": "Fewer than two patients have a VQ; there is no pair to rank."}]
        )
    order = standing(y / x, willingness_to_pay * y - x)
    discordant, concordant = int(order.discordant.sum() // 2), int(order.concordant.sum() // 2)
    row["n_pairs"] = discordant + concordant
    if row["n_pairs"]:
        row["discordant_share"] = discordant / row["n_pairs"]
    return pd.DataFrame(
        [{**row, "reason": "" if row["n_pairs"] else "All patients are tied; there is no order."}]
    )


def rankings_at(
    outcome: pd.Series,
    cost: pd.Series,
    prices: Sequence[float] = (),
    times: Sequence[float] = TIMES_THE_PRICE,
) -> pd.DataFrame:
    """Return `ranking_disagreement` at several prices: those given, else multiples of what the group paid.

    The group paid mean cost over mean outcome per unit; where nothing was gained on average it paid no price,
    and the one row says so.
    """
    known = complete_rows(outcome, cost) & (cost > 0).fillna(False).to_numpy(dtype=bool)
    gained = outcome[known].astype(float).mean() if known.any() else np.nan
    if not prices and not gained > 0:
        reason = "Nothing was gained on average, so no price was paid for it at which to rank by net benefit."
        row = {"willingness_to_pay": np.nan, "discordant_share": np.nan, "n": int(known.sum()), "n_pairs": 0}
        return pd.DataFrame([{**row, "reason": reason}])
    chosen = list(prices) or [float(cost[known].mean() / gained) * factor for factor in times]
    return pd.concat([ranking_disagreement(outcome, cost, price) for price in chosen], ignore_index=True)


def rankings_sentence(table: pd.DataFrame, outcome_unit: str, currency: str) -> str:
    """Return how many pairs of patients the two put in opposite order, from `rankings_at`."""
    if table["reason"].iloc[0]:
        return table["reason"].iloc[0]
    middle = table.iloc[len(table) // 2]
    price = f"{currency} {wording.significant(middle['willingness_to_pay'])}"
    share = wording.percent(middle["discordant_share"])
    text = (
        f"VQ and net benefit put {share} of {int(middle['n_pairs']):,} pairs of patients in opposite order "
        f"when a unit of the outcome ({outcome_unit}) is worth {price} (n = {int(middle['n']):,})"
    )
    if len(table) == 1:
        return f"{text}."
    ends = table["discordant_share"].min(), table["discordant_share"].max()
    prices = [wording.significant(table["willingness_to_pay"].iloc[at]) for at in (0, -1)]
    span = " to ".join(wording.percent(share) for share in ends)
    return f"{text}; between {currency} {prices[0]} and {prices[1]} it is {span}."

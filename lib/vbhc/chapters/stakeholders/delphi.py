"""Consensus and stability of a Delphi survey in sentences, as far as a policy lets them be told."""

from __future__ import annotations

import pandas as pd

from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.wording import listing, percent


def stability_shown(table: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return the items of `delphi_stability`, but those on which few kept or few changed their answer."""
    if not policy.protects or table.empty:
        return table
    counts = pd.concat([table["n"], table["k_same"], table["n"] - table["k_same"]], axis=1)
    return table[~counts.map(lambda count: count > 0 and policy.hides(count)).any(axis=1)]


def stability_sentence(table: pd.DataFrame, *, counts: bool = True) -> str:
    """Return how many gave the same answer in both rounds, and on which item answers moved most.

    Without `counts` only in shares: how many answered both rounds tells of those who left.
    """
    known = table[table["n"] > 0]
    if known.empty:
        return "Nobody answered in both rounds, so that nothing can be said on stability."
    if (known["estimate"] == 1).all():
        return "Everybody who answered in both rounds gave the same answers twice."
    moved = known.loc[known["estimate"].idxmin()]
    least, most = percent(known["estimate"].min()), percent(known["estimate"].max())
    span = f"{least} to {most}" if least != most else most
    same = f" ({int(moved['k_same'])} of {int(moved['n'])} the same)" if counts else ""
    return (
        f"Of those who answered in both rounds {span} gave the same answer twice, by item; most moved on "
        f'"{moved["item"]}"{same}.'
    )


def rounds_sentence(table: pd.DataFrame, policy: Policy = OPEN) -> str:
    """Return on which items the panel agrees after each round (`label, round`, the columns of `delphi`)."""
    if len(table) and table["n"].map(policy.hides).any():
        return "Too few answered to say in public on what they agree."
    parts = []
    for number, own in table.groupby("round", sort=True):
        yes = own.loc[own["consensus"], "label"]
        named = ": " + listing(f'"{label}"' for label in yes) if 0 < len(yes) <= 5 else ""
        when = f"after round {number} " if table["round"].nunique() > 1 else ""
        parts.append(f"{when}on {len(yes)} of {len(own)} statements{named}")
    return f"Respondents agree {'; '.join(parts)} (rule: {table['rule'].iloc[0]})."

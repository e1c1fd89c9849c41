"""What the models of cost say: which family fits, in sentences, and what that changes."""

from __future__ import annotations

import pandas as pd

from vbhc import wording
from vbhc.statistics.covariates import indicators
from vbhc.statistics.regression.adjusted_means import group_design, why_no_model
from vbhc.statistics.regression.variance import POWERS, gamma_log, park_test


def adjusted_means_sentence(table: pd.DataFrame, currency: str, held: str = "") -> str:
    """Return the mean costs of groups once they are alike, and how far that moved them."""
    model = table[table["model"] != "observed"]
    model = model[model["model"] == model["model"].iloc[0]] if len(model) else model
    if model.empty or model["reason"].iloc[0]:
        return model["reason"].iloc[0] if len(model) else "No group has a cost."
    parts = [
        f"{row['group']} {wording.money(row['estimate'], currency)} "
        f"({wording.interval(row['low'], row['high'], row['ci_level'], 0)})"
        for row in model.to_dict("records")
    ]
    alike = f" among patients alike in {held}" if held else ""
    text = f"Mean cost{alike}: {wording.listing(parts)} ({model['model'].iloc[0]} model)"
    if len(model) != 2:
        return f"{text}."
    row, plain = model.iloc[1], table[table["model"] == "observed"].iloc[1]
    reach = wording.interval(row["difference_low"], row["difference_high"], row["ci_level"], 0)
    return (
        f"{text}; {row['group']} differs by {wording.money(row['difference'], currency)} ({reach}), "
        f"as observed by {wording.money(plain['difference'], currency)}."
    )


def park_sentence(result: pd.DataFrame) -> str:
    """Return whether a gamma model's variance fits these costs."""
    row = result.iloc[-1]
    if not row["family"]:
        return "All fitted means are alike, so that how variance grows with the mean cannot be told."
    reach = wording.interval(row["low"], row["high"], 0.95, 1)
    numbers = f"power {wording.number(row['power'], 1)}, {reach}, n = {int(row['n']):,}"
    if row["low"] <= 2 <= row["high"]:
        return f"The variance of costs grows with their mean as a gamma model has it ({numbers})."
    grows = "The variance of costs grows with their mean"
    return f"{grows} as in a {row['family']} model, not a gamma ({numbers})."


def families_sentence(table: pd.DataFrame, family: str, currency: str) -> str:
    """Return how the family that Park's test found moves the difference of two groups, from `adjusted_means`.

    "" where gamma was found, or there are not two groups.
    """
    chosen, gamma = (table[table["model"] == f"{name}-log"] for name in (family, "gamma"))
    if family in ("", "gamma") or len(chosen) != 2 or len(gamma) != 2:
        return ""
    one, other = (part["difference"].iloc[1] for part in (chosen, gamma))
    low, high, level = chosen[["difference_low", "difference_high", "ci_level"]].iloc[1]
    said = f"{wording.money(one, currency)} ({wording.interval(low, high, level, 0)})"
    return f"With the {family} family the difference is {said} in place of {wording.money(other, currency)}."


def variance_family(
    cost: pd.Series, group: pd.Series, covariates: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, str, str]:
    """Return Park's test of a gamma-log model of the costs above 0, the family it finds, and the sentence.

    Returns
    -------
    (table, family, sentence)
        As `park_test`; the family is "gamma" unless the test's interval rules it out. Where no model can be
        fitted the table is empty, the family "" and the sentence the reason.
    """
    held = pd.DataFrame(index=cost.index) if covariates is None else indicators(covariates)
    known = cost.notna() & (cost != 0) & group.notna() & held.notna().all(axis=1)
    y, g = cost[known].astype(float), group[known].astype(str)
    held = held.loc[known, held[known].nunique() > 1]
    names = sorted(g.unique())
    reason = why_no_model(y, g, names, held)
    if reason:
        return pd.DataFrame(), "", reason
    table = park_test(gamma_log(y, group_design(g, names, held)))
    found = table.iloc[-1]
    fits = not found["family"] or found["low"] <= POWERS["gamma"] <= found["high"]
    return table, "gamma" if fits else str(found["family"]), park_sentence(table)

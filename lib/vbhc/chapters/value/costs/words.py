"""What the models of cost say, in sentences."""

from __future__ import annotations

import pandas as pd

from vbhc import wording


def adjusted_means_sentence(table: pd.DataFrame, currency: str, held: str = "") -> str:
    """Return the mean costs of groups once they are alike, and how far that moved them."""
    model = table[table["model"] != "observed"]
    model = model[model["model"] == model["model"].iloc[0]] if len(model) else model
    if model.empty or model["reason"].iloc[0]:
        return model["reason"].iloc[0] if len(model) else "No group has a cost."
    parts = [
        f"{row['group']} {wording.money(row['estimate'], currency)} "
        f"({wording.interval(row['ci_low'], row['ci_high'], row['ci_level'], 0)})"
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
    reach = wording.interval(row["ci_low"], row["ci_high"], 0.95, 1)
    numbers = f"power {wording.number(row['power'], 1)}, {reach}, n = {int(row['n']):,}"
    if row["ci_low"] <= 2 <= row["ci_high"]:
        return f"The variance of costs grows with their mean as a gamma model has it ({numbers})."
    return (
        f"The variance of costs grows with their mean as in a {row['family']} model, not a gamma ({numbers})."
    )


def families_sentence(table: pd.DataFrame, family: str, currency: str) -> str:
    """Return how the family that Park's test found moves the difference of two groups, from `adjusted_means`.

    "" where gamma was found, or there are not two groups.
    """
    chosen, gamma = (table[table["model"] == f"{name}-log"] for name in (family, "gamma"))
    if family in ("", "gamma") or len(chosen) != 2 or len(gamma) != 2:
        return ""
    one, other = (part["difference"].iloc[1] for part in (chosen, gamma))
    reach = wording.interval(
        chosen["difference_low"].iloc[1], chosen["difference_high"].iloc[1], chosen["ci_level"].iloc[1], 0
    )
    return (
        f"With the {family} family the difference is {wording.money(one, currency)} ({reach}) in place of "
        f"{wording.money(other, currency)}."
    )

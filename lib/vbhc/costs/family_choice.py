"""Which variance family fits the costs of a study's groups, and whether that changes their means."""

from __future__ import annotations

import pandas as pd

from vbhc import wording
from vbhc.association.covariates import indicators
from vbhc.costs.models import group_design, why_no_model
from vbhc.costs.variance import POWERS, gamma_log, park_sentence, park_test


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
    fits = not found["family"] or found["ci_low"] <= POWERS["gamma"] <= found["ci_high"]
    return table, "gamma" if fits else str(found["family"]), park_sentence(table)


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

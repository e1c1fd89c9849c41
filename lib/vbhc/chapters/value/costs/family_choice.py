"""Which variance family fits the costs of a study's groups, and whether that changes their means."""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.value.costs.words import park_sentence
from vbhc.statistics.covariates import indicators
from vbhc.statistics.regression.adjusted_means import group_design, why_no_model
from vbhc.statistics.regression.variance import POWERS, gamma_log, park_test


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

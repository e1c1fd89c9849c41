"""Grades that respondents gave twice: the intraclass correlation of the two rounds, beside weighted kappa."""

from __future__ import annotations

import pandas as pd

from vbhc.statistics.by_pingouin import intraclass_corr
from vbhc.study import Study
from vbhc.wording import number

COLUMNS = ["item", "label", "n", "kappa", "estimate", "low", "high"]


def rated_twice(study: Study, answers: pd.DataFrame, stable: pd.DataFrame) -> pd.DataFrame:
    """Return the intraclass correlation between both rounds for the statements of `survey_stability`.

    Returns
    -------
    DataFrame
        `item, label, n` (answered both), `kappa` (weighted, from `stable`), `estimate, low, high`
        (ICC(A,1), 95%). A statement on which everybody moved alike, or nobody moved, is left out: it has no
        interval.
    """
    rows = []
    for row in stable.itertuples():
        again = study.config.survey.delphi.again.replace("{statement}", row.item)
        both = answers[[row.item, again]].dropna().astype(float)
        if (both[again] - both[row.item]).nunique() > 1:
            found = intraclass_corr(both).iloc[0]
            own = {"item": row.item, "label": row.label, "kappa": row.kappa}
            rows.append({**own, **found[["n", "estimate", "low", "high"]]})
    return pd.DataFrame(rows, columns=COLUMNS).astype({"n": int})


def rated_twice_note(table: pd.DataFrame) -> str:
    """Return how near kappa lies to the intraclass correlation in this table, and why so."""
    apart = (table["estimate"] - table["kappa"]).abs().max()
    near = f"by {number(apart)} at most" if round(apart, 2) > 0 else "by less than 0.01"
    return (
        "ICC(A,1) by pingouin, 95% interval. Kappa weighted by squared distance differs from it by terms of "
        f"size 1/n only (Fleiss and Cohen 1973, Educ Psychol Meas 33:613); here they part {near}."
    )

"""The tie had those without an answer given one: as others like them, or worse."""

from __future__ import annotations

import pandas as pd

from vbhc import cleaning
from vbhc.chapters.perception.frames import names, rating
from vbhc.chapters.perception.whom.within import span
from vbhc.chapters.value.missing_data import association_if_answered
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Result, Table
from vbhc.study import Study


def if_all_answered(
    study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float, n_imputations: int, seed: int
) -> pd.DataFrame:
    """Return the tie under each way of treating the missing: see `association_if_answered`."""
    columns = cleaning.load_columns(study)
    return association_if_answered(
        study, patients, columns, vq, ci_level, n_imputations=n_imputations, seed=seed
    )


def if_all_answered_shown(study: Study, vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show how far the tie moves; nothing where nothing is missing or nothing can be filled in."""
    if table.empty or not table["n_missing"].any():
        return None
    tie = f"{rating(study)} with {names(vq)['VQ']}"
    away = table["low"].gt(0).sum() + table["high"].lt(0).sum()
    zero = _zero(away, len(table))
    said = f"However the missing are treated, the tie of {tie} {span(table)}; {zero}."
    made = Table(
        table.drop(columns="delta"),
        f"The tie of {tie} under other ways of treating the missing",
        labels={"n_missing": "Incomplete"},
        notes=[f"Shifted: by so many {vq.outcome_unit}. Pooled by Rubin's rules on Fisher's z."],
        rules={"shares": {}},
    )
    counts = [*table["n"], *table["n_missing"]]
    return Result("if-answered", says=[said], table=made, counts=counts)


def _zero(away: int, ways: int) -> str:
    if away in (0, ways):
        return f"{'no' if away else 'every'} interval holds zero"
    return f"{away} of the {ways} intervals leave zero out"

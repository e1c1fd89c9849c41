"""Whether the scores can bear what is built on them: floor, ceiling and reliability."""

from __future__ import annotations

import pandas as pd
import pingouin as pg

from vbhc import instruments
from vbhc.config import InstrumentUse
from vbhc.scoring import item_columns, options_of, visits_of
from vbhc.study import Study
from vbhc.wording import percent


def scale_behaviour(study: Study, patients: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """Floor, ceiling and missing of every scored scale at every visit.

    Parameters
    ----------
    patients : DataFrame
        One row per patient.
    columns : DataFrame
        Dictionary of the clean columns; scored ones name their instrument as `source`.

    Returns
    -------
    DataFrame
        `label, n, n_missing, mean, sd, floor_share, ceiling_share` (shares of those scored, 0-1; floor is the
        scale's worst value, ceiling its best). More than 0.15 at an end leaves no room to see change (Terwee
        2007, J Clin Epidemiol 60:34).
    """
    rows = []
    for column in score_columns(study, columns).itertuples():
        values = patients[column.name].astype(float).dropna()
        worst, best = (values <= column.min).mean(), (values >= column.max).mean()
        if column.direction == "lower is better":
            worst, best = best, worst
        counts = (len(values), len(patients) - len(values))
        rows.append((column.label, *counts, values.mean(), values.std(), worst, best))
    names = ["label", "n", "n_missing", "mean", "sd", "floor_share", "ceiling_share"]
    return pd.DataFrame(rows, columns=names)


def score_columns(study: Study, columns: pd.DataFrame) -> pd.DataFrame:
    """Rows of the column dictionary that are scores of the study's instruments, with both limits known."""
    used = {use.instrument for use in study.config.instruments.values()}
    change = columns["name"].str.endswith("_change") | (columns["name"] == "perceived_value")
    return columns[columns["source"].isin(used) & ~change].dropna(subset=["min", "max"])


def ceiling_sentence(behaviour: pd.DataFrame, limit: float = 0.15) -> str:
    """Name the scales with more than `limit` of patients at an end, where change is cut off."""
    behaviour = behaviour[behaviour["n"] > 0]
    if behaviour.empty:
        return "No scale could be scored."
    top = behaviour[behaviour["ceiling_share"] > limit].sort_values("ceiling_share", ascending=False)
    low = behaviour[behaviour["floor_share"] > limit].sort_values("floor_share", ascending=False)
    parts = [f"{row.label} ({percent(row.ceiling_share)} at its best value)" for row in top.itertuples()]
    parts += [f"{row.label} ({percent(row.floor_share)} at its worst value)" for row in low.itertuples()]
    if not parts:
        return f"No scale has more than {percent(limit)} of patients at either end: all have room to move."
    more = f", and {len(parts) - 4} more" if len(parts) > 4 else ""
    return f"More than {percent(limit)} of patients sit at an end of: {'; '.join(parts[:4])}{more}."


def reliability(study: Study, patients: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Cronbach's alpha of every scale that adds up three or more items, by visit.

    Returns
    -------
    DataFrame
        `scale, visit, items, n, alpha, ci_low, ci_high`; complete answers only, each item as a share of
        its range. EQ-5D is left out: its dimensions are valued, not added up,
        so agreement between them is not wanted.
    """
    rows = []
    for use in study.config.instruments.values():
        if use.suffix or use.instrument.startswith("eq"):
            continue
        for visit in visits_of(study, use):
            rows += _alphas(study, use, visit, patients, ci_level)
    return pd.DataFrame(rows, columns=["scale", "visit", "items", "n", "alpha", "ci_low", "ci_high"])


def _alphas(study: Study, use: InstrumentUse, visit: str, patients: pd.DataFrame, ci_level: float) -> list:
    instrument, options = instruments.get(use.instrument), options_of(use)
    items = patients[item_columns(use, instrument.items, visit)]
    if instrument.items:
        items = items.set_axis(list(instrument.items), axis=1)
    answers = instrument.answers(items, **options)
    if instrument.ranges:
        low, high = (pd.Series(side, index=answers.columns) for side in zip(*instrument.ranges, strict=True))
        answers = (answers - low) / (high - low)
    when = study.config.visits[visit].label if visit else "asked once"
    rows = []
    for scale in instruments.scales(use.instrument, **options):
        complete = answers[list(scale.items or answers.columns)].dropna() if not scale.parts else answers[[]]
        if complete.shape[1] > 2 and len(complete) > 2 and (complete.var() > 0).all():
            alpha, limits = pg.cronbach_alpha(complete, ci=ci_level)
            rows.append((scale.label, when, complete.shape[1], len(complete), alpha, *limits))
    return rows

"""The ties among patients who are alike in other things, and between the places that treat them."""

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception.journey import visit_scores
from vbhc.chapters.perception.ties import SIDES, names, rating
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Result, Table
from vbhc.statistics.correlation.adjusted import adjusted_side_by_side
from vbhc.statistics.correlation.partial import level_by_level
from vbhc.study import Study

HOW = {
    "held equal": "With others held equal",
    "clustered": "With patients of one place taken as alike",
    "held equal, clustered": "With others held equal and patients of one place taken as alike",
}


def others_held_equal(study: Study, patients: pd.DataFrame, vq: Definition) -> pd.DataFrame:
    """Return what is held equal: the declared covariates and the outcome at the first visit."""
    before, _ = visit_scores(study, patients, vq)
    held = patients[[name for name in study.config.covariates if name in patients]]
    return held if before.isna().all() else held.assign(baseline=before)


def sites_of(study: Study, patients: pd.DataFrame) -> pd.Series | None:
    """Return the first declared site or provider of each patient; None where none is declared."""
    kinds = ("site", "provider")
    columns = [group.column for group in study.config.groups.values() if group.kind in kinds]
    return patients[columns[0]] if columns and columns[0] in patients else None


def patients_alike(
    study: Study, patients: pd.DataFrame, frame: pd.DataFrame, held: pd.DataFrame, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return the three ties plain, with others held equal, and with patients of one place taken as alike.

    See `adjusted_side_by_side`: all rows of a measure use the same patients.
    """
    measures = {name: frame[name] for name in SIDES}
    return adjusted_side_by_side(frame["answer"], measures, held, sites_of(study, patients), ci_level)


def between_providers(study: Study, patients: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame | None:
    """Return the tie between patients beside that between the means of places: see `level_by_level`."""
    sites = sites_of(study, patients)
    return None if sites is None else level_by_level(frame["answer"], frame["VQ"], sites)


def adjusted_shown(study: Study, vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show the ties with and without others held equal; nothing where nothing could be."""
    shown = table.dropna(subset=["estimate", "low"])
    if shown["adjustment"].nunique() < 2:
        return None
    called = names(vq)
    made = Table(
        shown.assign(**{"with": shown["with"].map(called)})[
            ["with", "adjustment", "estimate", "low", "high", "p", "n"]
        ],
        f"{study.config.perception.label} with others held equal: partial rank correlations",
        by="with",
        notes=[
            "Held equal: the declared covariates and the start. Clustered: patients of one place are alike."
        ],
    )
    return Result("adjusted", says=[_moved(study, vq, shown)], table=made, counts=shown["n"].tolist())


def _moved(study: Study, vq: Definition, table: pd.DataFrame) -> str:
    """From which size to which: two estimates of the same patients, with no interval of their difference."""
    rows = table[table["with"] == "VQ"].set_index("adjustment")
    if len(rows) < 2 or "none" not in rows.index:
        return ""
    plain, last = rows.loc["none"], rows.iloc[-1]
    reach = f"{wording.number(last['low'])} to {wording.number(last['high'])}"
    return (
        f"{HOW[str(rows.index[-1])]} the tie of {rating(study)} with {names(vq)['VQ']} is "
        f"{wording.number(last['estimate'])} ({reach}, n = {int(last['n']):,}); without, "
        f"{wording.number(plain['estimate'])}."
    )


def patients_or_providers(study: Study, vq: Definition, table: pd.DataFrame | None) -> Result | None:
    """Say whether the tie between patients is also one between places; nothing where these are too few."""
    if table is None or table["estimate"].isna().any():
        return None
    parts = []
    for row in table.itertuples():
        reach = f"{wording.number(row.low)} to {wording.number(row.high)}, " if row.low == row.low else ""
        parts.append(f"between {int(row.n):,} {row.level} {wording.number(row.estimate)} ({reach}ρ)")
    said = f"{wording.sentence_case(rating(study))} goes with {names(vq)['VQ']} {wording.listing(parts)}."
    return Result("patients-or-providers", says=[said], counts=table["n"].tolist()[:1])

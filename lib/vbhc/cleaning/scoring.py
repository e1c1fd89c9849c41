"""Add the scores of the study's instruments to the patients' table, and their change over time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from vbhc.problems import Problem, StudyError
from vbhc.study import Study
from vbhc.study.config import InstrumentUse

COLUMN_FIELDS = (
    "name",
    "label",
    "type",
    "unit",
    "min",
    "max",
    "direction",
    "source",
    "derived_from",
    "labels",
)


class Scored(NamedTuple):
    """Scores of one instrument at one visit: the columns, their descriptions and why scores are missing."""

    scores: pd.DataFrame
    columns: list[dict[str, Any]]
    reasons: pd.DataFrame


def item_columns(use: InstrumentUse, codes: Iterable[str], visit: str) -> list[str]:
    """Return the columns that hold an instrument's items at a visit ("" = asked once, no suffix)."""
    listed = not isinstance(use.items, str)
    stems = list(use.items) if listed else [use.items.replace("{item}", code) for code in codes]
    return [f"{stem}_{visit}" if visit else str(stem) for stem in stems]


def visits_of(study: Study, use: InstrumentUse) -> tuple[str, ...]:
    """Return the visits at which an instrument was used ("" = asked once)."""
    return ("",) if use.once else use.visits or tuple(study.config.visits)


def options_of(use: InstrumentUse) -> dict[str, Any]:
    """Return what goes to the instrument's scoring function."""
    return {**use.options, **({"value_set": use.value_set} if use.value_set else {})}


def score_column(use: InstrumentUse, stem: str) -> str:
    """Return the stem of a score's column; a second use of the same answers has its `suffix` in it."""
    return f"{stem}_{use.suffix.strip('_')}" if use.suffix else stem


def score_label(study: Study, stem: str) -> str:
    """Return the words for a score's column stem, or the stem itself where no instrument makes it."""
    from vbhc import instruments

    for use in study.config.instruments.values():
        for scale in instruments.scales(use.instrument, **options_of(use)):
            if score_column(use, scale.column) == stem:
                return _label(use, scale.label)
    return stem


def _label(use: InstrumentUse, label: str) -> str:
    """Tell a second use of the same answers from the first: by the country of its values, or its suffix."""
    if not use.suffix:
        return label
    from vbhc.instruments.eq5d_tables import all_sets

    known = all_sets().get(use.value_set)
    return f"{label} ({known.country if known else use.suffix})"


def score_instruments(study: Study, patients: pd.DataFrame) -> list[Scored]:
    """Score every instrument of the study at every visit at which it was used.

    Parameters
    ----------
    study : Study
    patients : DataFrame
        Cleaned and wide, with the item columns of every instrument.

    Returns
    -------
    list of Scored
        `scores` have the index of `patients` and columns `<stem>_<visit>`; `reasons` has instrument, visit,
        scale, reason, n.

    Raises
    ------
    StudyError
        With each instrument whose answers cannot be right, such as five levels under a version of three.
    """
    scored, problems = [], []
    for name, use in study.config.instruments.items():
        for visit in visits_of(study, use):
            try:
                scored.append(_score(study, use, visit, patients))
            except ValueError as error:
                when = f" at {visit}" if visit else ""
                problems.append(
                    Problem(study.shown("study.yml"), f"{error}", "", f"instruments.{name}{when}")
                )
    if problems:
        raise StudyError(problems)
    return scored


def _score(study: Study, use: InstrumentUse, visit: str, patients: pd.DataFrame) -> Scored:
    from vbhc import instruments

    instrument, options = instruments.get(use.instrument), options_of(use)
    names = item_columns(use, instrument.items, visit)
    items = patients[names]
    if instrument.items:
        items = items.set_axis(list(instrument.items), axis=1)
    scores = instruments.score(use.instrument, items, **options)
    scales = {scale.column: scale for scale in instruments.scales(use.instrument, **options)}
    when = study.config.visits[visit].label if visit else ""
    rename, columns = {}, []
    for stem in scores.columns:
        scale = scales[stem]
        rename[stem] = "_".join(filter(None, (score_column(use, stem), visit)))
        label = _label(use, scale.label)
        columns.append(
            describe(
                rename[stem],
                f"{label}, {when}" if when else label,
                scale.type,
                unit=scale.unit,
                low=scale.min,
                high=scale.max,
                direction=scale.direction,
                source=use.instrument,
                derived_from=f"score of {use.instrument}: {';'.join(names)}",
                stem=score_column(use, stem),
                stem_label=label,
            )
        )
    reasons = instruments.missing_reasons(use.instrument, items, **options)
    return Scored(
        scores.rename(columns=rename), columns, reasons.assign(instrument=use.instrument, visit=visit)
    )


def add_changes(
    study: Study, patients: pd.DataFrame, scores: list[dict[str, Any]]
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Return the table with `<stem>_change`, last minus first visit of every score, and their descriptions.

    Missing where either visit is. The change keeps the scale's direction: on a scale where lower is better,
    a negative change is an improvement.
    """
    changes, described = {}, []
    for column in scores:
        stem = column["stem"]
        first, last = f"{stem}_{study.baseline}", f"{stem}_{study.follow_up}"
        if column["name"] != first or last not in patients or first == last or column["type"] == "category":
            continue
        changes[f"{stem}_change"] = patients[last] - patients[first]
        width = None if None in (column["min"], column["max"]) else column["max"] - column["min"]
        described.append(
            describe(
                f"{stem}_change",
                f"{column['stem_label']}, change",
                "float",
                unit=column["unit"],
                low=None if width is None else -width,
                high=width,
                direction=column["direction"],
                source=column["source"],
                derived_from=f"change: {last} - {first}",
                stem=stem,
                stem_label=column["stem_label"],
            )
        )
    return pd.concat([patients, pd.DataFrame(changes, index=patients.index)], axis=1), described


def describe(
    name: str,
    label: str,
    kind: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    direction: str = "",
    source: str = "",
    derived_from: str = "",
    labels: str = "",
    stem: str = "",
    stem_label: str = "",
) -> dict[str, Any]:
    """Return one row of the dictionary of clean columns."""
    return {
        "name": name,
        "label": label,
        "type": kind,
        "unit": unit,
        "min": low,
        "max": high,
        "direction": direction,
        "source": source,
        "derived_from": derived_from,
        "labels": labels,
        "stem": stem or name,
        "stem_label": stem_label or label,
    }

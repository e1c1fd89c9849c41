"""Add the scores of the study's instruments to the patients' table, and their change over time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from vbhc.problems import Problem, StudyError, refuse
from vbhc.study import Study
from vbhc.study.config import InstrumentUse

if TYPE_CHECKING:
    from vbhc.instruments import Scale

COLUMN_FIELDS = (
    "name", "label", "type", "unit", "min", "max", "direction", "source", "derived_from", "labels",
)  # fmt: skip
OF_A_SCALE = ("unit", "min", "max", "direction")
Meta = list[dict[str, Any]]  # what each column is: see `describe`


class Scored(NamedTuple):
    """Scores of one instrument at one visit, and the descriptions of their columns."""

    scores: pd.DataFrame
    columns: Meta


def item_columns(use: InstrumentUse, codes: Iterable[str], visit: str) -> list[str]:
    """Return the columns that hold an instrument's items at a visit ("" = asked once, no suffix)."""
    listed, codes = not isinstance(use.items, str), list(codes)
    if is_profile(use, codes):
        return [f"{use.items[0]}_{code}{'_' * bool(visit)}{visit}" for code in codes]
    stems = list(use.items) if listed else [use.items.replace("{item}", code) for code in codes]
    return [f"{stem}_{visit}" if visit else str(stem) for stem in stems]


def weight_columns(use: InstrumentUse, known: Collection[str], visit: str) -> list[str]:
    """Return the columns that hold the patients' own weights of an instrument's items at a visit.

    Each is the visit's own column, else the one that holds at every visit.
    """
    return [f"{name}_{visit}" if f"{name}_{visit}" in known else name for name in use.weights]


def is_profile(use: InstrumentUse, codes: Sequence[str]) -> bool:
    """Whether one column holds an EQ-5D profile such as 21232; `item_columns` are then made of it."""
    one = not isinstance(use.items, str) and len(use.items) == 1
    return one and len(codes) > 1 and use.instrument.startswith("eq5d-")


def with_profiles(study: Study, patients: pd.DataFrame, columns: Meta) -> tuple[pd.DataFrame, Meta]:
    """Take EQ-5D profiles in one column (21232) apart, into columns as `item_columns` names them.

    A profile that is missing has five missing levels; one that is none of the version's raises StudyError.
    """
    from vbhc import instruments

    parts, described = [patients], list(columns)
    for name, use in study.config.instruments.items():
        one = instruments.get(use.instrument)
        for visit in visits_of(study, use) if is_profile(use, one.items) else ():
            raw = "_".join(filter(None, (use.items[0], visit)))
            text = patients[raw].astype("str").str.replace(r"\.0$", "", regex=True)
            try:
                levels = one.answers(text.where(patients[raw].notna()), **use.scored_with)
            except ValueError as error:
                where = f"instruments.{name}, {raw}"
                raise StudyError([Problem(study.shown("study.yml"), str(error), "", where)]) from error
            names = item_columns(use, one.items, visit)
            told = {column["name"] for column in described}
            new = [n for n in names if n not in told]  # a second use of the same profile has them already
            parts.append(levels.set_axis(names, axis=1)[new])
            known: dict[str, Any] = {"unit": "level", "direction": "lower is better", "derived_from": raw}
            known |= {"min": float(one.ranges[0][0]), "max": float(one.ranges[0][1])}
            described += [describe(n, n.replace("_", " "), "integer", **known) for n in new]
    return pd.concat(parts, axis=1), described


def visits_of(study: Study, use: InstrumentUse) -> tuple[str, ...]:
    """Return the visits at which an instrument was used ("" = asked once)."""
    return ("",) if use.once else use.visits or tuple(study.config.visits)


def items_of(use: InstrumentUse, visit: str, patients: pd.DataFrame) -> pd.DataFrame:
    """Return an instrument's items at a visit, the columns named by their codes."""
    from vbhc import instruments

    codes = list(instruments.get(use.instrument).items)
    names = item_columns(use, codes, visit)
    return patients[names].set_axis(codes or names, axis=1)


def scale_of(study: Study, stem: str) -> tuple[InstrumentUse, Scale] | None:
    """Return the use of an instrument and the scale that make a score's column stem; None where none does."""
    from vbhc import instruments

    for use in study.config.instruments.values():
        for scale in instruments.scales(use.instrument, **use.scored_with):
            if use.column(scale.column) == stem:
                return use, scale
    return None


def score_label(study: Study, stem: str) -> str:
    """Return the words for a score's column stem, or the stem itself where no instrument makes it."""
    made_by = scale_of(study, stem)
    return _label(made_by[0], made_by[1].label) if made_by else stem


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
        `scores` have the index of `patients` and columns `<stem>_<visit>`.

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
                where = f"instruments.{name}" + (f" at {visit}" if visit else "")
                problems.append(Problem(study.shown("study.yml"), f"{error}", "", where))
    refuse(problems)
    return scored


def _score(study: Study, use: InstrumentUse, visit: str, patients: pd.DataFrame) -> Scored:
    from vbhc import instruments

    items = items_of(use, visit, patients)
    names = item_columns(use, instruments.get(use.instrument).items, visit)
    weights = weight_columns(use, set(patients.columns), visit)
    own: dict[str, Any] = {"weights": patients[weights]} if weights else {}
    scores = instruments.score(use.instrument, items, **use.scored_with, **own)
    scales = {scale.column: scale for scale in instruments.scales(use.instrument, **use.scored_with)}
    when = f", {study.config.visits[visit].label}" if visit else ""
    columns = []
    for scale in (scales[stem] for stem in scores.columns):
        label, stem = _label(use, scale.label), use.column(scale.column)
        known = {name: getattr(scale, name) for name in OF_A_SCALE} | {"stem": stem, "stem_label": label}
        known |= {"source": use.instrument, "derived_from": f"score of {use.instrument}: {';'.join(names)}"}
        columns.append(describe(use.column(scale.column, visit), label + when, scale.type, **known))
    return Scored(scores.set_axis([column["name"] for column in columns], axis=1), columns)


def add_changes(study: Study, patients: pd.DataFrame, scores: Meta) -> tuple[pd.DataFrame, Meta]:
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
        known = {name: column[name] for name in ("unit", "direction", "source", "stem", "stem_label")}
        known |= {"min": None if width is None else -width, "max": width}
        known["derived_from"] = f"change: {last} - {first}"
        described.append(describe(f"{stem}_change", f"{column['stem_label']}, change", "float", **known))
    return pd.concat([patients, pd.DataFrame(changes, index=patients.index)], axis=1), described


def describe(name: str, label: str, kind: str, **known: Any) -> dict[str, Any]:
    """Return one row of the dictionary of clean columns: `COLUMN_FIELDS`, and a score's `stem, stem_label`.

    What is not known is empty text, or None for `min` and `max`.
    """
    unknown = dict.fromkeys(COLUMN_FIELDS, "") | {"min": None, "max": None}
    return unknown | {"name": name, "label": label, "type": kind, "stem": name, "stem_label": label} | known

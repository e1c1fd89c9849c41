"""Sift the rows of a source: those that keep every rule go on, the others to the quarantine with reasons."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.cleaning import sources
from vbhc.cleaning.cells import (
    ambiguous_numbers,
    guess_decimal,
    no_answers,
    to_type,
    whole_codes,
    without_missing_codes,
)
from vbhc.cleaning.labels import labelled
from vbhc.cleaning.validation import CELL, QUARANTINE_COLUMNS, ROW, failures, no_failures, totals_rows
from vbhc.files import Table
from vbhc.files.texts import as_text, texts_of
from vbhc.problems import fault
from vbhc.study import Study
from vbhc.study.config import LINES
from vbhc.study.dictionary import Column


class Sifted(NamedTuple):
    """A source after its checks: `kept` typed rows (index: row of the file), `quarantine` lines, `read` rows.

    `rejected` are the rows in quarantine, each with its patient's key (rows without a key are left out).
    `text` holds all rows as they stood in the file, `columns` what they may hold, `about` the file (no rows).
    """

    name: str
    layout: str
    read: int
    kept: pd.DataFrame
    quarantine: pd.DataFrame
    rejected: dict[int, str]
    notes: list[str]
    text: pd.DataFrame
    columns: dict[str, Column]
    about: Table


class RowsLostError(RuntimeError):
    """Rows read are not rows kept plus rows in quarantine: a fault of this library, never of the data."""


def sift(study: Study, name: str, visits: Collection[str] = (), resources: Collection[str] = ()) -> Sifted:
    """Read a source, make its missing codes missing, type it, and part the rows that break a rule.

    Parameters
    ----------
    study : Study
    name : str
        Source in `study.yml`.
    visits, resources : collection of str
        What the columns `visit` and `resource` may hold, whatever else the dictionary allows (empty:
        anything).

    Returns
    -------
    Sifted
        A cell that breaks a rule has a quarantine line for each of them (source, row, column, value, rule,
        aside). Where it is needed for the row's place (who, when, what, and a respondent's group), the row
        goes; else the cell alone is set aside, made missing, and the row stays. Rows that repeat another: see
        `repeated_rows`; rows of totals: see `totals_rows`.

    Raises
    ------
    StudyError
        If the file cannot be read, or holds numbers that may be meant a thousand times larger.
    """
    source, columns = study.config.sources[name], sources.source_columns(study, name)
    text = sources.read_source(study, name)
    (notes, about), text.attrs = text.attrs.values(), {}
    person, shown = sources.person_key(study, name), study.shown(source.file)
    columns = labelled(_with_choices(columns, visits, resources), about.labels)
    cells, said = _cells(text, columns, person)
    notes = [*notes, *(f"{shown}: {line}" for line in said)]
    decimal = source.decimal or _decimal(study, name, cells, columns)
    if not source.decimal and decimal != ".":
        both = "decimal commas and points, each read as such" if decimal == "" else "decimal commas"
        notes.append(f"{shown}: {both} (guessed; `decimal` in study.yml settles it)")
    typed, lines = _typed(cells, columns, decimal, source.date_format)
    if typed[person].dtype == "category":  # keys are joined, of one source to those of another
        typed[person] = typed[person].astype("str")
    key = row_key(study, name)
    required = {person, *key, *({sources.VISIT, sources.RESOURCE, sources.QUANTITY} & set(columns))}
    required |= {"spell", "episode"} if source.layout == "plics" else set()
    totals = totals_rows(typed, cells, person, {*about.header, *columns})
    broken = pd.concat([*lines, failures(typed, columns, required)], ignore_index=True)
    # a cell that is not of its type is no empty cell too
    broken = broken[(broken["rule"] != "empty") | ~broken.duplicated(["row", "column"])]
    broken = pd.concat([totals, broken[~broken["row"].isin(totals["row"])]], ignore_index=True)
    survey = study.config.survey  # a respondent without a group stands nowhere
    place = {*required, *([survey.group] if survey and survey.source == name else [])}
    good, broken = _set_aside(typed, broken, place, set(totals["row"]), key)
    repeated = repeated_rows(good, key).assign(aside=ROW)
    broken = pd.concat([broken[~broken["row"].isin(repeated["row"])], repeated], ignore_index=True)
    kept = with_labels(_without(good, repeated["row"].unique()), columns)
    quarantine = _lines(name, broken, text)
    gone = quarantine.loc[quarantine["aside"] == ROW, "row"].unique()
    rejected = cells.loc[gone, person].dropna().to_dict()
    sifted = Sifted(name, source.layout, len(text), kept, quarantine, rejected, notes, text, columns, about)
    check_rows_conserved(sifted)
    return sifted


def _cells(text: pd.DataFrame, columns: dict[str, Column], person: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the cells without what stands for "missing", and the words that no dictionary lists for it."""
    cells, notes = {}, []
    for name, column in ((name, columns[name]) for name in text.columns):
        texts = texts_of(text[name])
        plain = without_missing_codes(whole_codes(texts.distinct.str.strip(), column, name == person), column)
        if (empty := no_answers(plain, column)).any():
            words = ", ".join(repr(word) for word in plain[empty].unique())
            n = int(texts.every(empty, False).sum())
            notes.append(f"{name}: {words} read as missing in {n:,} cells (by default)")
        cells[name] = as_text(texts._replace(distinct=plain.mask(empty)))
    return pd.DataFrame(cells, index=text.index, copy=False), notes


def _set_aside(
    typed: pd.DataFrame, broken: pd.DataFrame, place: Collection[str], rows: set[int], key: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that stay, without the cells set aside, and the faults told apart: ROW or CELL.

    A row goes whole where a cell of its `place` is at fault, or where another row has its key.
    """
    rows = rows | set(broken.loc[broken["column"].isin(place), "row"])
    if key:
        twice = _without(typed[list(key)], rows).duplicated(keep=False)
        rows |= set(broken["row"]) & set(twice.index[twice])
    of_row = broken["row"].isin(rows)
    for name, cells in broken[~of_row].groupby("column"):
        typed[name] = typed[name].mask(typed.index.isin(cells["row"]))
    return _without(typed, rows), broken.assign(aside=np.where(of_row, ROW, CELL))


def _without(table: pd.DataFrame, rows: Collection[int]) -> pd.DataFrame:
    """Return a table without some rows; without any, no copy of it."""
    return table.drop(index=list(rows)) if len(rows) else table


def _decimal(study: Study, name: str, cells: pd.DataFrame, columns: dict[str, Column]) -> str:
    """Return the decimal mark of a file that declares none; a doubt of a factor of 1,000 is an error."""
    source = study.config.sources[name]
    if source.layout == "nhs-proms":
        return "."  # as published
    if doubtful := ambiguous_numbers(cells, columns):
        row, column, text = doubtful[0]
        more = f" (and {len(doubtful) - 1:,} more such numbers)" if len(doubtful) > 1 else ""
        fix = f"declare decimal: ',' or '.' under sources.{name} in study.yml"
        raise fault(study.shown(source.file), f"{text!r} can be read in two ways{more}", fix, column, row)
    return guess_decimal(cells, columns)


def row_key(study: Study, name: str) -> tuple[str, ...]:
    """Return the columns that make a row of the source unique (empty: rows may repeat).

    Resource lines may repeat (two visits on one day) unless `key:` names more than the patient.
    """
    source, patient = study.config.sources[name], (sources.person_key(study, name),)
    if source.layout in LINES:
        return source.key if set(source.key) - set(patient) else ()
    return source.key or ((*patient, sources.VISIT) if source.layout == "visits" else patient)


def repeated_rows(rows: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Return the lines (row, column, rule) for rows whose key stands more than once.

    Rows equal in every cell: the first is kept. Rows that differ: all of them go, because nothing in the file
    says which is right, and picking one would be a guess; the rule names the columns in which they differ.
    """
    key = list(key)
    if not key or key == [sources.nhs_proms.KEY] or not rows.duplicated(key).any():
        return no_failures()
    found = []
    for _, group in rows[rows.duplicated(key, keep=False)].groupby(key, sort=False):
        differ = [name for name in group.columns if group[name].nunique(dropna=False) > 1]
        for row in group.index if differ else group.index[1:]:
            other = next(r for r in group.index if r != row)
            rule = f"same {' and '.join(key)} as row {other} but other {', '.join(differ)}"
            rule = rule if differ else f"repeats row {other}"
            found.append({"row": row, "column": "+".join(key), "rule": rule})
    return pd.DataFrame(found)


def move_to_quarantine(sifted: Sifted, where: pd.Series, column: str, rule: str) -> Sifted:
    """Return the source with the kept rows `where` (boolean, same index) moved to the quarantine."""
    moved = sifted.kept[where]
    lines = pd.DataFrame(
        {"source": sifted.name, "row": moved.index, "column": column, "value": moved[column], "rule": rule},
        columns=list(QUARANTINE_COLUMNS),
    ).assign(aside=ROW)
    before = sifted.quarantine[~sifted.quarantine["row"].isin(moved.index)]
    quarantine = pd.concat([before, lines], ignore_index=True)
    result = sifted._replace(kept=sifted.kept[~where], quarantine=quarantine)
    check_rows_conserved(result)
    return result


def check_rows_conserved(sifted: Sifted) -> None:
    """Raise `RowsLostError` unless rows read = rows kept + rows in quarantine."""
    rejected = sifted.quarantine.loc[sifted.quarantine["aside"] == ROW, "row"].nunique()
    if sifted.read != len(sifted.kept) + rejected:
        held = f"{len(sifted.kept)} kept + {rejected} in quarantine"
        raise RowsLostError(f"{sifted.name}: {sifted.read} rows read, but {held}")


def with_labels(rows: pd.DataFrame, columns: dict[str, Column]) -> pd.DataFrame:
    """Return the rows with the codes of category columns replaced by their labels, where there are any."""
    labelled = {}
    for name, column in columns.items():
        if column.type == "category" and any(column.labels) and name in rows.columns:
            texts = texts_of(rows[name])
            meant = texts.distinct.map(column.meaning).astype("str")
            labelled[name] = as_text(texts._replace(distinct=meant))
    return rows.assign(**labelled)


def _with_choices(columns: dict[str, Column], visits, resources) -> dict[str, Column]:
    """Return the columns with `visit` and `resource` narrowed to what the study declares.

    A visit that the dictionary allows and study.yml does not name would have no place in the patients' table.
    """
    known = {sources.VISIT: tuple(visits), sources.RESOURCE: tuple(resources)}
    narrowed = dict(columns)
    for name in known.keys() & columns.keys():
        column, choices = columns[name], known[name]
        if not choices:
            continue
        given = zip(column.allowed, column.labels, strict=True)
        pairs = [(code, label) for code, label in given if (label or code) in choices]
        codes, labels = zip(*(pairs or [(choice, "") for choice in choices]), strict=True)
        narrowed[name] = column._replace(type="category", allowed=codes, labels=labels)
    return narrowed


def _typed(cells: pd.DataFrame, columns: dict[str, Column], decimal: str, date_format: str):
    typed, lines = {}, []
    for name in cells.columns:
        typed[name], broken = to_type(cells[name], columns[name], decimal, date_format)
        if len(broken := broken.dropna()):
            lines.append(pd.DataFrame({"row": broken.index, "column": name, "rule": broken.to_numpy()}))
    return pd.DataFrame(typed, index=cells.index, copy=False), lines


def _lines(name: str, broken: pd.DataFrame, text: pd.DataFrame) -> pd.DataFrame:
    """Return quarantine lines in the order of the file, with the value as it stood there."""
    position = {column: number for number, column in enumerate(text.columns)}
    first = broken["column"].str.replace(r"\+.*", "", regex=True)
    cells = zip(broken["row"], first, strict=True)
    value = [text.at[row, column] if column in position else "" for row, column in cells]
    lines = broken.assign(source=name, value=pd.array(value, dtype="str"), order=first.map(position))
    return lines.sort_values(["row", "order"], kind="stable", ignore_index=True)[list(QUARANTINE_COLUMNS)]

"""The data dictionary: one row per column of the raw files; drives checks, axis labels and glossary."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from vbhc import files
from vbhc.problems import Problem, StudyError, did_you_mean, header_problems

REQUIRED = ("name", "label", "type", "unit", "min", "max", "allowed", "missing_codes", "direction", "source")
OPTIONAL = ("derived_from", "reference", "collected_at", "guessed")
HEADER = (*REQUIRED, *OPTIONAL)
TYPES = ("string", "integer", "float", "date", "category", "boolean", "text")
NUMBERS = ("integer", "float")
YES = ("1", "true", "yes", "y")
NO = ("0", "false", "no", "n")
DIRECTIONS = ("", "higher is better", "lower is better")


class Column(NamedTuple):
    """One column: its name, what it is, what it may hold and where it comes from.

    `allowed` holds the codes as they stand in the file, `labels` what each of them means: the cell
    `1=better;2=same` gives allowed ("1", "2") and labels ("better", "same"). A category is shown by its
    labels; a boolean's `allowed` is its two codes, one of which must read as yes, itself or by its label
    (`1=ticked;9=not ticked`, `ja=yes;nein=no`). `guessed` says what `vbhc new --from` did not know of it.
    """

    name: str
    label: str
    type: str
    unit: str = ""
    min: float | None = None
    max: float | None = None
    allowed: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    missing_codes: tuple[str, ...] = ()
    direction: str = ""
    source: str = ""
    derived_from: str = ""
    reference: str = ""
    collected_at: str = ""
    guessed: str = ""

    @property
    def meaning(self) -> dict[str, str]:
        """Code to label, where the dictionary gives labels; a code without one stands for itself."""
        return {code: label or code for code, label in zip(self.allowed, self.labels, strict=True)}

    @property
    def has_scale(self) -> bool:
        """Whether it holds numbers, and both their ends are known."""
        return self.type in NUMBERS and None not in (self.min, self.max)

    @property
    def yes_no(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Codes (lower case) that a boolean reads as true and as false."""
        if not self.allowed:
            return YES, NO
        words = {code.lower(): label.lower() for code, label in self.meaning.items()}
        yes = [code for code in words if code in YES] or [code for code in words if words[code] in YES]
        return tuple(yes), tuple(code for code in words if code not in yes)


def dictionary_and_problems(path: Path, shown_as: str) -> tuple[dict[str, Column], list[Problem]]:
    """Return the columns of `dictionary.csv` by name, as far as they can be read, and all that is wrong.

    Parameters
    ----------
    path : Path
        CSV (fields end with a comma or a semicolon) with the columns of `REQUIRED` (and any of `OPTIONAL`);
        lists are separated by `;`.
    shown_as : str
        How messages name the file.

    Returns
    -------
    dict, list of Problem
        Every fault: unknown or absent headers, unknown types, limits that are no numbers, names that stand
        twice.
    """
    try:
        table = files.read_table(path, shown_as, files.Form(known=HEADER, ragged=True))
    except StudyError as error:
        return {}, error.problems
    problems = header_problems(shown_as, table.header, HEADER, REQUIRED)
    columns: dict[str, Column] = {}
    for number, row in [] if problems else zip(table.numbers, files.records(table), strict=True):
        column, faults = _column(row, table)
        if column.name in columns:
            faults.append(("name", f"{column.name!r} stands twice", "one row per column"))
        problems += [Problem(shown_as, found, fix, where, number) for where, found, fix in faults]
        columns[column.name] = column
    return columns, problems


def _column(row: dict, table: files.Table) -> tuple[Column, list[tuple[str, str, str]]]:
    """Return a row as a column, and its faults: which cell, what was found, what would be right."""
    text = {key: row.get(key, "").strip() for key in HEADER}
    faults = [("", "more fields than the header", "quote fields that hold a comma")] if None in row else []
    limits: dict[str, Any] = dict.fromkeys(("min", "max"))
    for side in (side for side in limits if text[side]):
        cell = files.plain_number(text[side], table)
        if is_number(cell):
            limits[side] = float(cell)
        else:
            faults.append((side, f"{cell!r} is no number", "a number with a decimal point, or empty"))
    codes = [part.partition("=") for part in split(text["allowed"])]
    lists: dict[str, Any] = {"missing_codes": tuple(split(text["missing_codes"]))}
    lists["allowed"] = tuple(code.strip() for code, _, _ in codes)
    lists["labels"] = tuple(label.strip() for _, _, label in codes)
    column = Column(**text | limits | lists)
    return column, [*faults, *_unfit(column, text["allowed"])]


def _unfit(column: Column, allowed: str) -> Iterator[tuple[str, str, str]]:
    """Yield what does not fit within a column: its type, its limits, its codes."""
    if not column.name:
        yield "name", "empty", "the column's name"
    if column.type not in TYPES:
        yield "type", f"unknown type {column.type!r}", did_you_mean(column.type, TYPES)
    if column.direction not in DIRECTIONS:
        yield "direction", f"unknown {column.direction!r}", "'higher is better', 'lower is better' or empty"
    for side, limit in (("min", column.min), ("max", column.max)):
        if limit is not None and column.type in TYPES and column.type not in NUMBERS:
            yield side, f"{limit:g} for a {column.type}", "empty: only numbers have limits"
    if column.type == "boolean" and column.allowed and [len(codes) for codes in column.yes_no] != [1, 1]:
        yield "allowed", f"{allowed!r} is no yes and no", "two codes, such as 1=yes;0=no or ja=yes;nein=no"
    words = [label for label in column.labels if label]
    if len(set(words)) < len(words):
        yield "allowed", f"{allowed!r} gives two codes one label", "labels that differ, or `recode`"
    if column.type in NUMBERS and not all(map(is_number, column.allowed)):
        yield "allowed", f"{allowed!r} holds text", f"numbers, as the type is {column.type}"


def is_number(text: str) -> bool:
    """Tell whether a cell is a finite number as Python writes one."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def split(cell: str) -> list[str]:
    """Return the entries of a cell that parts them by a semicolon."""
    return [entry.strip() for entry in cell.split(";") if entry.strip()]

"""The data dictionary: one row per column of the raw files; drives checks, axis labels and glossary."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vbhc import files
from vbhc.problems import Problem, StudyError, did_you_mean

REQUIRED = ("name", "label", "type", "unit", "min", "max", "allowed", "missing_codes", "direction", "source")
OPTIONAL = ("derived_from", "reference", "collected_at", "guessed")
TYPES = ("string", "integer", "float", "date", "category", "boolean", "text")
YES = ("1", "true", "yes", "y")
NO = ("0", "false", "no", "n")
DIRECTIONS = ("", "higher is better", "lower is better")


@dataclass(frozen=True)
class Column:
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
    def yes_no(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Codes (lower case) that a boolean reads as true and as false."""
        if not self.allowed:
            return YES, NO
        pairs = list(zip(self.allowed, self.labels, strict=True))
        yes = [code.lower() for code, _ in pairs if code.lower() in YES]
        yes = yes or [code.lower() for code, label in pairs if label.lower() in YES]
        return tuple(yes), tuple(code.lower() for code in self.allowed if code.lower() not in yes)


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
        table = files.read_whole(path, shown_as, known=(*REQUIRED, *OPTIONAL), ragged=True)
    except StudyError as error:
        return {}, error.problems
    header = table.header
    problems = [
        Problem(shown_as, f"unknown column {h!r}", did_you_mean(h or "", (*REQUIRED, *OPTIONAL)), row=1)
        for h in header
        if h not in (*REQUIRED, *OPTIONAL)
    ]
    problems += [Problem(shown_as, f"no column {h!r}", "add it", row=1) for h in REQUIRED if h not in header]
    columns: dict[str, Column] = {}
    for number, row in [] if problems else zip(table.numbers, files.records(table), strict=True):
        column, faults = _column(row, number, table)
        if column.name in columns:
            found = f"{column.name!r} stands twice"
            faults.append(Problem(shown_as, found, "one row per column", "name", number))
        problems += faults
        columns[column.name] = column
    return columns, problems


def _column(row: dict, number: int, table: files.Table) -> tuple[Column, list[Problem]]:
    text = {key: row.get(key, "").strip() for key in (*REQUIRED, *OPTIONAL)}
    faults = []

    def fault(column: str, found: str, expected: str) -> None:
        faults.append(Problem(table.file, found, expected, column, number))

    if None in row:
        fault("", "more fields than the header", "quote fields that hold a comma")
    if not text["name"]:
        fault("name", "empty", "the column's name")
    if text["type"] not in TYPES:
        fault("type", f"unknown type {text['type']!r}", did_you_mean(text["type"], TYPES))
    if text["direction"] not in DIRECTIONS:
        fault("direction", f"unknown {text['direction']!r}", "'higher is better', 'lower is better' or empty")
    limits: dict[str, float | None] = {}
    for side in ("min", "max"):
        try:
            limits[side] = float(files.plain_number(text[side], table)) if text[side] else None
        except ValueError:
            limits[side] = None
            fault(side, f"{text[side]!r} is no number", "a number with a decimal point, or empty")
        if limits[side] is not None and text["type"] in TYPES and text["type"] not in ("integer", "float"):
            fault(side, f"{text[side]} for a {text['type']}", "empty: only numbers have limits")
    plain: dict[str, Any] = {**text, **limits}
    column = Column(
        **{k: v for k, v in plain.items() if k not in ("allowed", "missing_codes")},
        allowed=tuple(part.partition("=")[0].strip() for part in _split(text["allowed"])),
        labels=tuple(part.partition("=")[2].strip() for part in _split(text["allowed"])),
        missing_codes=_split(text["missing_codes"]),
    )
    if column.type == "boolean" and column.allowed and [len(codes) for codes in column.yes_no] != [1, 1]:
        fault(
            "allowed",
            f"{text['allowed']!r} is no yes and no",
            "two codes, such as 1=yes;0=no or ja=yes;nein=no",
        )
    if column.type in ("integer", "float") and any(not is_number(code) for code in column.allowed):
        fault("allowed", f"{text['allowed']!r} holds text", f"numbers, as the type is {column.type}")
    return column, faults


def is_number(text: str) -> bool:
    """Tell whether a cell is a number as Python writes one."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())

"""Say which rows break which rule, so that a column with the same fault in many rows is one line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from vbhc.cleaning import ids
from vbhc.cleaning.cells import AMBIGUOUS, GROUPED
from vbhc.cleaning.patients_table import PATIENT_LAYOUTS, WITH_PATIENT
from vbhc.cleaning.questions.question import some
from vbhc.cleaning.rows import Sifted
from vbhc.cleaning.scoring import item_columns
from vbhc.cleaning.sources import VISIT, source_columns
from vbhc.problems import Problem, did_you_mean
from vbhc.study import Study
from vbhc.study.dictionary import Column

SINGLY = 3  # so many rows of a column with the same fault are told one by one, more in one line
SHOWN = 3  # rows named there
# What differs from row to row in a rule.
OF_A_ROW = re.compile(r"(; (did you mean|known:).*| as row \d+ but.*| row \d+.*)$")
NUMBER = r"[+-]?\d+(?:{mark}\d+)?"


class Told(NamedTuple):
    """What the problems of one source are told from; `told` grows by the patients already spoken of."""

    study: Study
    sifted: Sifted
    sources: Mapping[str, Sifted]
    columns: Mapping[str, Column]
    three: set[str]
    told: set[str]

    @property
    def patients(self) -> set[str]:
        """The patients' keys, for what an unknown one may be."""
        key, sources = self.study.config.key, self.sources.values()
        return {one for s in sources if s.layout in PATIENT_LAYOUTS for one in s.kept[key]}

    @property
    def file(self) -> str:
        """The raw file, as messages name it."""
        return self.study.shown(self.study.config.sources[self.sifted.name].file)

    def fix(self, column: str, rule: str, values: list[str], rows: Iterable[int], *words: str) -> str:
        """Return words on what would be right, with what all rows of a fault may have in common."""
        five = "is this EQ-5D-5L?" if column in self.three and set(values) <= {"4", "5"} else ""
        near = ids.guess(values, self.patients) if rule.startswith("no such patient") else ""
        patients = {self.sifted.rejected[row] for row in rows if row in self.sifted.rejected}
        along = _rows_along(patients - self.told, self.sifted.name, self.sources)
        self.told.update(patients)
        commas = _allowed_by_commas(self.columns.get(column), values)
        return "; ".join(filter(None, (words[0], five, *words[1:], near, commas, along)))


def row_problems(study: Study, sifted: Sifted, sources: Mapping[str, Sifted]) -> list[Problem]:
    """Return the problems of a source's quarantine lines, in the order of the file.

    Up to `SINGLY` rows in which a column has the same fault are a problem each; more are one, with their
    number and the first of them. Rows that go because their patient goes are counted beside that patient's
    row, and a code that is unknown in many rows is told once.
    """
    lines = sifted.quarantine[~sifted.quarantine["rule"].str.startswith(WITH_PATIENT)]
    kind = lines["rule"].str.replace(OF_A_ROW, "", regex=True)
    of = Told(study, sifted, sources, source_columns(study, sifted.name), three_level_items(study), set())
    problems: list[tuple[int, Problem]] = []
    for (column, rule), same in lines.groupby([lines["column"], kind], sort=False):
        by_value = rule.startswith(("unknown", "no such patient")) or column == VISIT
        many = len(same.drop_duplicates("value") if by_value else same) > SINGLY
        problems += [_folded(of, same, rule)] if many else _one_by_one(of, same, by_value)
    return [problem for _, problem in sorted(problems, key=lambda pair: pair[0])]


def _one_by_one(of: Told, lines: pd.DataFrame, by_value: bool) -> Iterator[tuple[int, Problem]]:
    times = lines.groupby("value", dropna=False).size() if by_value else {}
    for line in (lines.drop_duplicates("value") if by_value else lines).itertuples():
        found = "empty" if pd.isna(line.value) else f"{line.value!r}: {line.rule}"
        others = int(times.get(line.value, 1)) - 1
        found += f" (and {others:,} more row{'s' if others > 1 else ''})" if others else ""
        right = expected(line.column, line.rule, of.columns, "" if pd.isna(line.value) else line.value)
        same = lines.loc[lines["value"] == line.value, "row"] if others else [line.row]
        fix = of.fix(line.column, line.rule, [line.value], same, right)
        problem = Problem(of.file, found, fix, line.column, int(line.row), set_aside=True, rows=others + 1)
        yield int(line.row), problem


def _folded(of: Told, lines: pd.DataFrame, rule: str) -> tuple[int, Problem]:
    """Return one problem for the many rows of a column that break the same rule, and the first of them."""
    column = str(lines["column"].iloc[0])
    rows = sorted(set(lines["row"].astype(int)))
    values = lines["value"].dropna().drop_duplicates().tolist()
    found = f"{len(rows):,} rows, first {', '.join(map(str, rows[:SHOWN]))}: "
    found += f"{some([repr(value) for value in values])}: {rule}" if values else "empty"
    rules = lines["rule"].unique().tolist()
    right = expected(column, rules[0], of.columns)
    right = right or (rules[0].partition("; ")[2] if len(rules) == 1 else "")
    if not right and rule == "unknown" and column in of.columns:
        right = did_you_mean("", of.columns[column].allowed)
    decimal = _other_decimal(of.study, of.sifted.name, values) if rule == "no number" else ""
    fix = of.fix(column, rule, values, rows, right, decimal)
    return rows[0], Problem(of.file, found, fix, column, set_aside=True, rows=len(rows))


def _other_decimal(study: Study, name: str, values: list[str]) -> str:
    """Ask for the other decimal mark where every number that was refused is one with it."""
    other = "." if study.config.sources[name].decimal == "," else ","
    number = re.compile(f"{NUMBER.format(mark=re.escape(other))}|{GROUPED[other]}|{AMBIGUOUS}")
    if values and all(number.fullmatch(value) for value in values):
        return f"is it decimal: {other!r} under sources.{name} in study.yml?"
    return ""


def _allowed_by_commas(column: Column | None, values: list[str]) -> str:
    """Say so where the dictionary's list of values is parted by commas, so that it reads as a single one."""
    if column is None or len(column.allowed) != 1:
        return ""
    parts = [part.strip() for part in re.split(r"[,/|]", column.allowed[0])]
    if len(parts) > 1 and set(values) <= set(parts):
        return "dictionary.csv parts values by `;` (now they are one value)"
    return ""


def _rows_along(patients: set[str], name: str, sources: Mapping[str, Sifted]) -> str:
    """Say how many rows of the other sources go because these patients' rows go."""
    parts = []
    for other, lines in ((other, sifted.quarantine) for other, sifted in sources.items()):
        goes = lines["rule"].str.startswith(f"{WITH_PATIENT} {name} ") & lines["value"].isin(patients)
        parts += [f"{goes.sum():,} of {other}"] if goes.any() else []
    whose, it = ("the patient's", "it") if len(patients) == 1 else ("their patients'", "them")
    return f"{whose} rows go with {it}: {' and '.join(parts)}" if parts else ""


def three_level_items(study: Study) -> set[str]:
    """Return the columns, with and without visit, that hold levels of an EQ-5D with three of them."""
    from vbhc import instruments

    names: set[str] = set()
    for use in study.config.instruments.values():
        if use.instrument in ("eq5d-3l", "eq5d-y-3l"):
            for visit in ("", *study.config.visits):
                names |= set(item_columns(use, instruments.get(use.instrument).items, visit))
    return names


def expected(name: str, rule: str, columns: Mapping[str, Column], value: str = "") -> str:
    """Return what would be right in a cell that breaks a rule, in words."""
    column = columns.get(name)
    if rule.startswith(("repeats", "same")):
        return f"each {name.replace('+', ' and ')} once"
    if column is None or "patient" in rule or "did you mean" in rule or "known:" in rule:
        return ""
    if value.startswith("#"):
        return "a value: open the file in a spreadsheet program, mend the formula and save it"
    if column.allowed:
        return f"one of {', '.join(column.allowed)}"
    if column.type == "date":
        return "or 31.05.2023; for others `date_format` of the source in study.yml, such as dd-mm-yyyy"
    words = {"integer": "a whole number", "float": "a number"}.get(column.type, "a value")
    if column.min is not None or column.max is not None:
        low, high = ("" if side is None else f"{side:g}" for side in (column.min, column.max))
        reach = f" of {low} or more" if low else f" up to {high}"
        words += f" from {low} to {high}" if low and high else reach
    return words

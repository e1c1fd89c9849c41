"""How a table's cells are written: on the page, in the notebook and in its CSV."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment

from vbhc import wording
from vbhc.publish.disclosure import Disclosed, count_columns
from vbhc.publish.disclosure.layout import is_number
from vbhc.publish.disclosure.policies import FEW, MARK, OPEN, Policy
from vbhc.publish.findings.made import visible

MISSING = "–"
_P_VALUE = re.compile(r"(^|_)(mid)?p(_|$)|(^|_)pval(ue)?$")
_FORMULA = "=+-@|\t\r\n＝＋－＠"  # the wide forms are what some spreadsheets turn into the narrow ones
Places = int | Mapping[str, int | Sequence[int]]  # decimals, by column, by row
# Means of all, of who answered and of the others say how many each are: of few they have a decimal less.
MEANS = ("mean_start", "mean_state", "mean_gain")
_YEAR = re.compile(r"(^|_)year(_|$)")


def describe_columns(frame: pd.DataFrame, labels: Mapping[str, str], dictionary: Mapping) -> list[dict]:
    """Return name, label, unit and alignment of each column; labels fall back on the data dictionary."""
    described = []
    for name in map(str, frame.columns):
        known = dictionary.get(name)
        label = labels[name] if name in labels else known.label if known else name.replace("_", " ")
        unit = known.unit if known else ""
        words = {"name": visible(name), "label": visible(label), "unit": visible(unit)}
        figures = is_number(frame[name]) or _P_VALUE.search(name)
        described.append(words | {"align": "right" if figures else "left"})
    return described


def write_cells(
    disclosed: Disclosed, whole: Iterable[str], decimals: Places, policy: Policy = OPEN
) -> list[list[str]]:
    """Return every cell as readers see it: thousands with a comma, `*` withheld, a dash where missing.

    `whole` names columns of whole numbers, even where withheld cells made them floats.
    """
    frame, columns, whole = disclosed.frame, [], set(whole)
    sizes = frame.get("n", pd.Series(0, frame.index)).astype(float)
    few = [not n >= FEW if policy.protects else None for n in sizes]
    for name in frame.columns:
        places = decimals if isinstance(decimals, int) else decimals.get(name, 2)
        if name in whole or pd.api.types.is_integer_dtype(frame[name]):
            places = 0
        by_row = places if isinstance(places, Sequence) else [places] * len(frame)
        if name in MEANS and policy.protects:
            by_row = [max(0, at - bool(one)) for at, one in zip(by_row, few, strict=True)]
        written = zip(disclosed.hidden[name], frame[name], by_row, few, strict=True)
        columns.append([MARK if gone else write_cell(x, str(name), to, p) for gone, x, to, p in written])
    return [list(row) for row in zip(*columns, strict=True)] if columns else []


def write_cell(value: Any, column: str, places: int, few: bool | None = None) -> str:
    """Return one value as readers see it; the column's name tells p-values and years from other numbers."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return MISSING
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if not pd.api.types.is_number(value):
        return visible(str(value))
    if _P_VALUE.search(column) and 0 <= value <= 1:
        return p_value(float(value), few)
    return minus(f"{value:.{places}f}" if _YEAR.search(column) else f"{value:,.{places}f}")


def p_value(value: float, few: bool | None = None) -> str:
    """Return a p-value for a column of them: no leading zero, three decimals or as `wording.rough_p` has."""
    text = wording.p_value(value) if few is None else wording.rough_p(value, few)
    return text.removeprefix("p ").removeprefix("= ").replace(" ", "")


def minus(number: str) -> str:
    """Return a negative number with a minus sign; what rounds to zero carries none."""
    return number.replace("-", "−") if re.search("[1-9]", number) else number.removeprefix("-")


def stack(
    shown: Mapping[str, Disclosed], counts: Iterable[str], not_people: Iterable[str], policy: Policy = OPEN
) -> tuple[list[str], list[list[str]]]:
    """Return header and cells of a figure's data; several frames stand below each other, named in `part`."""
    header: list[str] = ["part"] if len(shown) > 1 else []
    rows: list[dict] = []
    for name, one in shown.items():
        columns = list(map(str, one.frame.columns))
        header += [column for column in columns if column not in header]
        here = [[c for c in named if c in one.frame.columns] for named in (counts, not_people)]
        cells = write_cells(one, count_columns(one.frame, *here), 4, policy)
        rows += [{"part": name, **dict(zip(columns, row, strict=True))} for row in cells]
    return header, [[row.get(column, MISSING) for column in header] for row in rows]


def write_csv(header: Iterable[str], cells: Iterable[Iterable[str]]) -> str:
    """Return the CSV of written cells: plain numbers, empty where missing, text that no spreadsheet runs."""
    return csv_text([map(neutral, header), *(map(_csv_cell, row) for row in cells)])


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as CSV, the same bytes on every system."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _csv_cell(cell: str) -> str:
    if cell == MISSING:
        return ""
    if re.fullmatch(r"[−~]?(\d{1,3}(,\d{3})*|\d+)?(\.\d+)?", cell):
        return cell.replace(",", "").replace("−", "-")
    return neutral(cell)


def neutral(text: str) -> str:
    """Return a text with an apostrophe in front if a spreadsheet would take it for a formula (CWE-1236)."""
    is_number = re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", text, re.IGNORECASE)
    first = text.lstrip(" \u00a0\ufeff")[:1]
    return "'" + text if first and not is_number and first in _FORMULA else text


# Every text is escaped as it is written.
_TABLE = Environment(finalize=lambda text: escape(str(text)), trim_blocks=True).from_string(
    Path(__file__).with_name("table.html.j2").read_text(encoding="utf-8")
)
_RULES = Path(__file__).with_name("table.css").read_text(encoding="utf-8").splitlines()


def table_html(finding: dict) -> str:
    """Return a table with caption, header with units, rows and notes, in a box with its own style sheet.

    The first column names the row; the column that `by` of the finding names, if any, stands as headings over
    its rows, those under each in a body of their own.
    """
    columns, cells, name = finding["columns"], finding["cells"], finding["id"]
    by = next((n for n, column in enumerate(columns) if column["name"] == finding.get("by")), None)
    shown = [n for n in range(len(columns)) if n != by]
    aligns = ["left", *(columns[n]["align"] for n in shown[1:])]  # a row's name stands left, number or not
    groups = groupby(cells, lambda row: None if by is None else row[by])
    table = _TABLE.render(
        caption=finding["caption"],
        heads=[(columns[n], align) for n, align in zip(shown, aligns, strict=True)],
        bodies=[(heading, [[row[n] for n in shown] for row in rows]) for heading, rows in groups],
        notes=finding["notes"],
    )
    # The rules that this table uses, held to it by its id.
    used = {"caption", ".unit", *(f".{name}" for name in re.findall(r"gt_\w+", table))}
    kept = "\n".join(f"#t-{name} {rule}" for rule in _RULES if rule.partition(" ")[0] in used)
    return f'<div id="t-{name}" style="overflow-x:auto">\n<style>\n{kept}\n</style>\n{table}\n</div>'

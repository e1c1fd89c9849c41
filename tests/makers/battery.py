"""A sound study of twelve patients in one wide file, EQ-5D-3L at two visits, for tests to spoil."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from study_maker import write_study

from vbhc.study import Study, load_study

ITEMS = [f"{item}_{visit}" for visit in ("pre", "post") for item in ("mo", "sc", "ua", "pd", "ad")]
HEADER = ["patient_id", "born", "sex", "cost", *ITEMS]
COSTS = [2310.5, 5120, 4875.25, 2150, 2990.75, 4410, 2075.5, 3985, 9120, 3540.25, 4720, 3610.75]  # 48,907
LEVELS = [
    "2321122212", "2233322222", "2223312211", "3123322111", "2233312121", "2221321221",
    "3332121122", "3333211211", "2112211221", "1211112222", "3322322112", "2131121211",
]  # fmt: skip
ROWS = [
    [f"{n:04d}", f"19{48 + n}-0{n % 9 + 1}-1{n % 10}", "12"[n % 2], f"{cost:g}", *levels]
    for n, (cost, levels) in enumerate(zip(COSTS, LEVELS, strict=True), 1)
]
CONFIG: dict[str, Any] = {
    "title": "Twelve patients",
    "sources": {"patients": {"file": "raw/p.csv", "layout": "patients"}},
    "visits": {"pre": {"label": "Before"}, "post": {"label": "After", "months": 6}},
    "instruments": {"eq5d": {"instrument": "eq5d-3l", "items": "{item}", "value_set": "3l-tto-uk"}},
    "cost": {"currency": "EUR", "price_year": 2023, "perspective": "hospital", "columns": {"total": "cost"}},
    "value_quota": {"outcome": "eq5d_index"},
}
NO_OTHERS = {"perception": None, "groups": None, "equivalence_margin": None}


def text(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def with_cells(column: str, *cells: str) -> list[list[str]]:
    """The patients with other cells in a column, from the first row on."""
    at, rows = HEADER.index(column), [list(row) for row in ROWS]
    for row, cell in zip(rows, cells, strict=False):
        row[at] = cell
    return rows


def declared(**columns: str) -> str:
    """The dictionary, with other fields (min, max, allowed, missing_codes) of some columns."""
    fields = {
        "patient_id": "string,,,,,", "born": "date,,,,,", "sex": "category,,,,1=male;2=female,",
        "cost": "float,EUR,,,,", **dict.fromkeys(ITEMS, "integer,level,1,3,,9"), **columns,
    }  # fmt: skip
    lines = [f"{name},{name},{rest},,patients" for name, rest in fields.items()]
    return "\n".join(["name,label,type,unit,min,max,allowed,missing_codes,direction,source", *lines, ""])


def battery(folder: Path, rows=ROWS, dictionary: str = "", header=HEADER, **config: Any) -> Study:
    """Write the study, with other rows, dictionary or keys of study.yml, and load it."""
    files = {
        "dictionary.csv": dictionary or declared(), "raw/p.csv": text([header, *rows]),
        "raw/patients.csv": None, "raw/answers.csv": None, "raw/lines.csv": None, "unit_costs.csv": None,
    }  # fmt: skip
    return load_study(str(write_study(folder / "s", files, **{**CONFIG, **NO_OTHERS, **config})))


def source(**keys: Any) -> dict[str, Any]:
    """`sources` of the study with further keys."""
    return {"patients": {**CONFIG["sources"]["patients"], **keys}}

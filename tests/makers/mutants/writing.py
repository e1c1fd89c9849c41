"""Read, change and write the files of a copied study."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

PARTS = ("study.yml", "dictionary.csv", "unit_costs.csv")
NUMBERS = {
    "patients": ("age", "los_days", "care_3"),
    "answers": ("kccq_3", "vas", "eq5d_mo"),
    "survey": ("value_cost",),
}
Rows = list[list[str]]


def copy_study(source: Path, folder: Path) -> Path:
    """Copy what a check reads of a study: its declarations and its tables."""
    (folder / "raw").mkdir(parents=True)
    for part in (*PARTS, *(f"raw/{path.name}" for path in (source / "raw").glob("*.csv"))):
        if (source / part).is_file():
            shutil.copy(source / part, folder / part)
    return folder


def form(folder: Path, name: str) -> tuple[str, str]:
    """How a raw file is written: the patients of heart-failure have semicolons, other files commas."""
    first = (folder / f"raw/{name}.csv").read_bytes().split(b"\n")[0]
    return (";", "latin-1") if first.count(b";") > first.count(b",") else (",", "utf-8")


def read(folder: Path, name: str) -> Rows:
    delimiter, encoding = form(folder, name)
    text = (folder / f"raw/{name}.csv").read_bytes().decode(encoding)
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def write(folder: Path, name: str, rows: Rows) -> None:
    delimiter, encoding = form(folder, name)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    (folder / f"raw/{name}.csv").write_bytes(out.getvalue().encode(encoding))


def change(
    folder: Path, name: str, column: str, new: Callable[[str], str], rows: np.ndarray | None = None
) -> None:
    """Change the cells of a column, in some rows (counted from 1) or all."""
    table = read(folder, name)
    at = table[0].index(column)
    for row in rows if rows is not None else range(1, len(table)):
        table[row][at] = new(table[row][at])
    write(folder, name, table)


def some_rows(folder: Path, name: str, rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.choice(np.arange(1, len(read(folder, name))), n, replace=False)


def dictionary(folder: Path, column: str, **fields: str) -> None:
    path = folder / "dictionary.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[table["name"] == column, list(fields)] = list(fields.values())
    table.to_csv(path, index=False)


def config(folder: Path, edit: Callable[[dict], object]) -> None:
    path = folder / "study.yml"
    keys = yaml.safe_load(path.read_text(encoding="utf-8"))
    edit(keys)
    path.write_text(yaml.safe_dump(keys, sort_keys=False, allow_unicode=True), encoding="utf-8")


def any_file(folder: Path, rng: np.random.Generator) -> str:
    sources = yaml.safe_load((folder / "study.yml").read_text(encoding="utf-8"))["sources"]
    return str(rng.choice([Path(one["file"]).stem for one in sources.values()]))


def a_number(rng: np.random.Generator) -> tuple[str, str]:
    name = str(rng.choice(list(NUMBERS)))
    return name, str(rng.choice(NUMBERS[name]))

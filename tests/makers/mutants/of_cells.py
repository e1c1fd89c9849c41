"""Cells that no patient has: words, errors, codes, units, days, two cells in one another's place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.random import Generator

from mutants.writing import a_number, change, dictionary, read, some_rows, write


def words_in_numbers(folder: Path, rng: Generator) -> tuple[str, ...]:
    name, column = a_number(rng)
    change(folder, name, column, lambda cell: "seven", some_rows(folder, name, rng, 2))
    return ("'seven': no number",)


def error_in_a_cell(folder: Path, rng: Generator) -> tuple[str, ...]:
    name, column = a_number(rng)
    change(folder, name, column, lambda cell: "#N/A", some_rows(folder, name, rng, 1))
    return ("'#N/A'",)


def error_in_a_text(folder: Path, rng: Generator) -> tuple[str, ...]:
    change(folder, "patients", "note", lambda cell: "#REF!", some_rows(folder, "patients", rng, 1))
    return ("error-cells",)


def undeclared_code(folder: Path, rng: Generator) -> tuple[str, ...]:
    column, code = [("los_days", "999"), ("bmi", "-9"), ("age", "9999"), ("los_days", "-99")][
        int(rng.integers(4))
    ]
    dictionary(folder, column, min="", max="", missing_codes="")
    change(
        folder,
        "patients",
        column,
        lambda cell: code,
        some_rows(folder, "patients", rng, int(rng.integers(1, 30))),
    )
    return (f"{code} stands apart", f"{code}, 999 stands apart", "undeclared-code patients")


def code_among_values(folder: Path, rng: Generator) -> tuple[str, ...]:
    code = str(rng.integers(65, 80))
    dictionary(folder, "age", missing_codes=code)
    change(folder, "patients", "age", lambda cell: code, some_rows(folder, "patients", rng, 3))
    return (f"missing code {code} lies among",)


def other_unit(folder: Path, rng: Generator) -> tuple[str, ...]:
    dictionary(folder, "bmi", min="", max="")
    factor = int(rng.choice([100, 1000]))
    rows = some_rows(folder, "patients", rng, int(rng.integers(5, 60)))

    def larger(cell: str) -> str:
        return cell if cell == "999" else str(round(float(cell.replace(",", ".")) * factor))

    change(folder, "patients", "bmi", larger, rows)
    return ("two-scales patients.bmi",)


def unit_in_a_cell(folder: Path, rng: Generator) -> tuple[str, ...]:
    unit = str(rng.choice([" kg", " kg/m2", "%", " EUR"]))
    change(folder, "patients", "bmi", lambda cell: f"{cell}{unit}", some_rows(folder, "patients", rng, 2))
    return (f"{unit}': no number",)


def short_scale(folder: Path, rng: Generator) -> tuple[str, ...]:
    top = int(rng.choice([1, 5, 10]))

    def shorter(cell: str) -> str:
        return str(round(float(cell) * top / 100)) if cell.isdigit() and int(cell) <= 100 else cell

    change(folder, "answers", "vas", shorter)
    return ("unused-levels instruments.",)


def day_and_month_swapped(folder: Path, rng: Generator) -> tuple[str, ...]:
    rows = some_rows(folder, "resources", rng, 200)

    def swapped(cell: str) -> str:
        year, month, day = cell.split("-")
        return f"{year}-{day}-{month}"

    change(folder, "resources", "date", swapped, rows)
    return ("no date such as",)


def other_dates(folder: Path, rng: Generator) -> tuple[str, ...]:
    change(
        folder, "patients", "admission_date", lambda cell: "31/05/2009", some_rows(folder, "patients", rng, 3)
    )
    return ("'31/05/2009'",)


def dates_of_nobody(folder: Path, rng: Generator) -> tuple[str, ...]:
    change(
        folder, "patients", "admission_date", lambda cell: "2909-05-31", some_rows(folder, "patients", rng, 1)
    )
    return ("odd-dates", "but other admission_date")


def zones_in_dates(folder: Path, rng: Generator) -> tuple[str, ...]:
    rows = some_rows(folder, "resources", rng, 20)
    zones = iter(rng.choice(["T10:00:00+01:00", "T10:00:00+02:00", "T08:30:00Z", " 08:30"], 20))
    change(folder, "resources", "date", lambda cell: cell + next(zones), rows)
    return ()


def line_end_in_a_cell(folder: Path, rng: Generator) -> tuple[str, ...]:
    dictionary(folder, "ward", allowed="")
    change(folder, "patients", "ward", lambda cell: f"{cell}\n1", some_rows(folder, "patients", rng, 1))
    return ("split-cells",)


def cells_swapped(folder: Path, rng: Generator) -> tuple[str, ...]:
    table = read(folder, "patients")
    row, one, other = int(rng.integers(1, len(table))), table[0].index("age"), table[0].index("sex")
    table[row][one], table[row][other] = table[row][other], table[row][one]
    write(folder, "patients", table)
    return (f"row {row + 1}: 'female': no number", f"row {row + 1}: 'male': no number", f"row {row + 1}")


def rows_of_answers_swapped(folder: Path, rng: Generator) -> tuple[str, ...]:
    table = read(folder, "answers")
    one, other = rng.choice(np.arange(1, len(table)), 2, replace=False)
    table[one][2:], table[other][2:] = table[other][2:], table[one][2:]
    write(folder, "answers", table)
    return ()


def empty_column(folder: Path, rng: Generator) -> tuple[str, ...]:
    name, column = a_number(rng)
    change(folder, name, column, lambda cell: "")
    return ("holds nothing",)

"""Rows that are no patient, or one twice, and keys that match nobody."""

from __future__ import annotations

from pathlib import Path

from numpy.random import Generator

from mutants.writing import change, dictionary, read, some_rows, write


def totals_row(folder: Path, rng: Generator) -> tuple[str, ...]:
    table = read(folder, "resources")
    at = table[0].index("quantity")
    row = [""] * len(table[0])
    row[0] = str(rng.choice(["Total", "", "Summe", "TOTAL", "Mean"]))
    row[at] = f"{sum(float(line[at]) for line in table[1:]):g}"
    write(folder, "resources", [*table, row])
    return ("a total, no row", "the sum of the other rows")


def bare_row(folder: Path, rng: Generator) -> tuple[str, ...]:
    table = read(folder, "patients")
    write(folder, "patients", [*table, ["HF-900", *[""] * (len(table[0]) - 1)]])
    return ("bare-rows",)


def lines_pasted_twice(folder: Path, rng: Generator) -> tuple[str, ...]:
    table = read(folder, "resources")
    first = int(rng.integers(1, len(table) - 40))
    write(folder, "resources", [*table, *table[first : first + int(rng.integers(20, 40))]])
    return ("repeat an earlier line",)


def patient_twice(folder: Path, rng: Generator) -> tuple[str, ...]:
    table = read(folder, "patients")
    row = int(rng.integers(70, 250))
    write(folder, "patients", [*table, table[row]])
    return (f"repeats row {row + 1}", "same patient_id")


def patient_under_two_keys(folder: Path, rng: Generator) -> tuple[str, ...]:
    table = read(folder, "patients")
    again = ["HF-901", *table[int(rng.integers(70, 250))][1:]]
    dictionary(folder, "admission_date", type="string")
    write(folder, "patients", [*table, again])
    return ()


def contradiction(folder: Path, rng: Generator) -> tuple[str, ...]:
    table = read(folder, "patients")
    again = list(table[int(rng.integers(70, 250))])
    again[table[0].index("los_days")] += "1"
    write(folder, "patients", [*table, again])
    return ("but other", "above 365", "repeats row")


def strangers(folder: Path, rng: Generator) -> tuple[str, ...]:
    change(folder, "answers", "patient_id", lambda cell: "XX-1", some_rows(folder, "answers", rng, 1))
    return ("'XX-1': no such patient",)


def key_in_other_letters(folder: Path, rng: Generator) -> tuple[str, ...]:
    ways = [
        (str.lower, "capitals"), (lambda key: key.replace("-", " "), "blanks or marks"),
        (lambda key: key.replace("H", "\u041d"), "look-alike letters"),
        (lambda key: key.replace("-0", "-"), "spelling"),
    ]  # fmt: skip
    way, word = ways[int(rng.integers(len(ways)))]
    change(folder, "resources", "patient_id", way)
    return (f"differ by {word}",)


def key_in_two_spellings(folder: Path, rng: Generator) -> tuple[str, ...]:
    table = read(folder, "patients")
    row = int(rng.integers(70, 250))
    write(folder, "patients", [*table, [table[row][0].lower(), *table[row - 1][1:]]])
    return ("key-spellings",)

"""Files that are not what a study says: headers, encodings, ends cut off, quotation marks."""

from __future__ import annotations

from pathlib import Path

from numpy.random import Generator

from mutants.writing import any_file, form, read, write


def header_misspelt(folder: Path, rng: Generator) -> tuple[str, ...]:
    name = any_file(folder, rng)
    table = read(folder, name)
    at = int(rng.integers(len(table[0])))
    table[0][at] += "x"
    write(folder, name, table)
    return (f"unknown header '{table[0][at]}'",)


def header_twice(folder: Path, rng: Generator) -> tuple[str, ...]:
    name = any_file(folder, rng)
    table = read(folder, name)
    one, other = rng.choice(len(table[0]), 2, replace=False)
    table[0][one] = table[0][other]
    write(folder, name, table)
    return ("stands twice",)


def headers_swapped(folder: Path, rng: Generator) -> tuple[str, ...]:
    name = any_file(folder, rng)
    table = read(folder, name)
    one, other = rng.choice(len(table[0]), 2, replace=False)
    table[0][one], table[0][other] = table[0][other], table[0][one]
    write(folder, name, table)
    return ()


def title_above(folder: Path, rng: Generator) -> tuple[str, ...]:
    name = any_file(folder, rng)
    write(
        folder, name, [["Export of the study", *[""] * (len(read(folder, name)[0]) - 1)], *read(folder, name)]
    )
    return ("no header", "header_row")


def other_encoding(folder: Path, rng: Generator) -> tuple[str, ...]:
    path = folder / f"raw/{any_file(folder, rng)}.csv"
    text = path.read_bytes().decode("latin-1")
    path.write_bytes(text.encode(str(rng.choice(["utf-16", "utf-8-sig", "utf-32", "cp1252"])), "replace"))
    return ()


def cut_short(folder: Path, rng: Generator) -> tuple[str, ...]:
    path = folder / f"raw/{any_file(folder, rng)}.csv"
    raw = path.read_bytes()
    path.write_bytes(raw[: int(rng.integers(len(raw)))])
    return ()


def bytes_flipped(folder: Path, rng: Generator) -> tuple[str, ...]:
    path = folder / f"raw/{any_file(folder, rng)}.csv"
    raw = bytearray(path.read_bytes())
    for at in rng.integers(len(raw), size=5):
        raw[at] = int(rng.integers(256))
    path.write_bytes(bytes(raw))
    return ()


def trailing_delimiters(folder: Path, rng: Generator) -> tuple[str, ...]:
    name = any_file(folder, rng)
    table = read(folder, name)
    write(folder, name, [table[0], *([*row, ""] for row in table[1:])])
    return ()


def quote_opened(folder: Path, rng: Generator) -> tuple[str, ...]:
    name = any_file(folder, rng)
    delimiter, encoding = form(folder, name)
    path = folder / f"raw/{name}.csv"
    lines = path.read_bytes().decode(encoding).split("\n")
    at = int(rng.integers(1, len(lines) - 2))
    lines[at] = lines[at].replace(delimiter, f'{delimiter}"', 1)
    path.write_bytes("\n".join(lines).encode(encoding))
    return ("quotation mark", "fields", "look like rows")

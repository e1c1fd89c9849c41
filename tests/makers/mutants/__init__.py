"""Spoil a sound study in one way, at a place drawn at random, and say what a check must find there.

Each kind takes the folder of a study and a generator, changes its files and returns words: a line of the
check that was not there before holds one of them. No words: the change may be unseen, but nothing may break.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from nhs_packs import lookalike_study
from places import DATA

from mutants import of_cells, of_declarations, of_files, of_rows
from mutants.writing import copy_study
from vbhc.cleaning.checking import structure_problems
from vbhc.cleaning.looking import look
from vbhc.study import read_study

Kind = Callable[[Path, np.random.Generator], tuple[str, ...]]
Turn = tuple[str, int]  # a kind, and which of the sources it spoils
KINDS: dict[str, Kind] = {
    name: kind
    for module in (of_files, of_cells, of_rows, of_declarations)
    for name, kind in vars(module).items()
    if getattr(kind, "__module__", "") == module.__name__
}
OF_ANY = [name for name in KINDS if name in vars(of_files)]  # kinds that any study can have
TOPICS = {
    "headers": "header_misspelt header_twice headers_swapped title_above trailing_delimiters",
    "types": "words_in_numbers error_in_a_cell error_in_a_text line_end_in_a_cell empty_column "
    "undeclared_code code_among_values",
    "encodings": "other_encoding bytes_flipped",
    "keys": "strangers key_in_other_letters key_in_two_spellings patient_under_two_keys totals_row bare_row",
    "units": "other_unit unit_in_a_cell short_scale",
    "dates": "other_dates dates_of_nobody zones_in_dates day_and_month_swapped",
    "duplicates": "lines_pasted_twice patient_twice contradiction header_twice",
    "swaps": "headers_swapped cells_swapped rows_of_answers_swapped labels_of_the_file_swapped",
    "truncation": "cut_short quote_opened",
}


def sources(folder: Path) -> list[Path]:
    """The studies that are spoilt: two that are shipped, and a look-alike of the NHS files."""
    return [DATA / "heart-failure", DATA / "hip-hospitals", lookalike_study("hip", folder, 300).folder]


def every_turn(n_sources: int) -> list[Turn]:
    """Each kind on the first source, then those of any study on the others."""
    return [(name, 0) for name in KINDS] + [(name, k) for k in range(1, n_sources) for name in OF_ANY]


def chosen(n_sources: int, n: int, each: int = 6) -> list[Turn]:
    """Each topic at least `each` times and every kind of it, over all sources; kinds of no topic fill up."""
    turns = []
    for kinds in map(str.split, TOPICS.values()):
        names = [kinds[k % len(kinds)] for k in range(max(each, len(kinds)))]
        turns += [(name, k % n_sources if name in OF_ANY else 0) for k, name in enumerate(names)]
    rest = [name for name in KINDS if name not in {name for name, _ in turns}]
    return [*turns, *((rest[k % len(rest)], 0) for k in range(n - len(turns)))]


def told(at: Path) -> set[str]:
    """Return the problems and questions of a study; every row that was read is kept or set aside."""
    study, problems, _ = read_study(str(at))
    looked = look(study, (), not problems) if study else None
    found = [*problems, *(structure_problems(study) if study and not problems else [])]
    for line in looked.seen if looked else ():
        if " kept + " in line:
            read, kept, aside = (
                int(part.split()[0].replace(",", "")) for part in line.replace("=", "+").split("+")
            )
            assert read == kept + aside, line
    return {str(one).replace(f"data/{at.name}/", "") for one in [*found, *looked.problems, *looked.questions]}


class Spoilt(NamedTuple):
    """A spoilt study: its number and kind, how it was told, and what is wrong with that ("": nothing).

    `how` is "named" (a problem), "asked" (a question), "unseen" (where it may be) or "wrong".
    """

    number: int
    kind: str
    how: str
    wrong: str = ""


def fuzz(
    sources: Sequence[Path], folder: Path, numbers: Iterable[int], turns: Sequence[Turn], seed: int = 12
) -> list[Spoilt]:
    """Check spoilt copies by number, the turns (a kind on a source) one after the other, again and again."""
    before = [told(copy_study(source, folder / f"sound-{source.name}")) for source in sources]
    found = []
    for number in numbers:
        name, which = turns[number % len(turns)]
        at = copy_study(sources[which], folder / f"m{number}")
        words = KINDS[name](at, np.random.default_rng([seed, number]))
        found.append(_judged(number, name, words, at, before[which]))
        shutil.rmtree(at)
    return found


def _judged(number: int, name: str, words: tuple[str, ...], at: Path, before: set[str]) -> Spoilt:
    try:
        new = told(at) - before
    except Exception as error:
        return Spoilt(number, name, "wrong", f"{type(error).__name__}: {error}")
    broken = [line for line in new if "cleaning stops" in line]
    meant = [line for line in new if any(word in line for word in words)] if words else sorted(new)
    if broken or (words and not meant):
        return Spoilt(number, name, "wrong", f"wanted {words}, found {broken or sorted(new)[:4]}")
    asked = all("(if it is right: accept" in line for line in meant)
    return Spoilt(number, name, "unseen" if not meant else "asked" if asked else "named")

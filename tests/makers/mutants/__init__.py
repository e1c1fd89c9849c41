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

from mutants import of_cells, of_declarations, of_files, of_rows
from mutants.writing import copy_study
from vbhc.cleaning.checking import structure_problems
from vbhc.cleaning.looking import look
from vbhc.study import read_study

Kind = Callable[[Path, np.random.Generator], tuple[str, ...]]
KINDS: dict[str, Kind] = {
    name: kind
    for module in (of_files, of_cells, of_rows, of_declarations)
    for name, kind in vars(module).items()
    if getattr(kind, "__module__", "") == module.__name__
}


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


def fuzz(sources: Sequence[Path], folder: Path, numbers: Iterable[int], seed: int = 12) -> list[Spoilt]:
    """Check spoilt copies by number, each kind in turn; kinds that any file can have of all `sources`."""
    before = [told(copy_study(source, folder / f"sound-{source.name}")) for source in sources]
    turns = [(name, 0) for name in KINDS]
    turns += [(name, k) for k in range(1, len(sources)) for name in vars(of_files) if name in KINDS]
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

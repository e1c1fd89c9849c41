"""Spoil a sound study in one way, at a place drawn at random, and say what a check must find there.

Each kind takes the folder of a study and a generator, changes its files and returns words: a line of the
check that was not there before holds one of them. No words: the change may be unseen, but nothing may break.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

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


def fuzz(source: Path, folder: Path, n: int, seed: int = 12) -> list[str]:
    """Check `n` spoilt copies of a study, each kind in turn; return a line for each told wrongly."""
    before, wrong = told(copy_study(source, folder / "sound")), []
    for number in range(n):
        name = list(KINDS)[number % len(KINDS)]
        at = copy_study(source, folder / f"m{number}")
        words = KINDS[name](at, np.random.default_rng([seed, number]))
        try:
            new = told(at) - before
        except Exception as error:
            wrong.append(f"{number} {name}: {type(error).__name__}: {error}")
            continue
        broken = [line for line in new if "cleaning stops" in line]
        if broken or (words and not any(word in line for word in words for line in new)):
            wrong.append(f"{number} {name}: wanted {words}, found {broken or sorted(new)[:4]}")
        shutil.rmtree(at)
    return wrong

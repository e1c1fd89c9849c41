"""Read `quotations.yml`: which passages a study wants to show, and the names that must never stand in one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from vbhc.problems import Problem, StudyError, refuse
from vbhc.study import Study
from vbhc.study.config_reader import read_config

FILE = "quotations.yml"


@dataclass(frozen=True)
class Entry:
    """One quotation: SHA-256 of the passage, the code it stands for, and the text to show instead of it.

    `shown` is the passage with what could point at somebody replaced in [brackets].
    """

    sha256: str
    code: str = ""
    shown: str = ""


@dataclass(frozen=True)
class QuotationList:
    """The keys of `quotations.yml`. `names` and `places` are looked for in every quotation."""

    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    may_stay: tuple[str, ...] = ()
    quotations: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Listing:
    """The list as it was read, and where its quotations stand in the file."""

    plan: QuotationList
    shown: str
    rows: list[int | None] = field(default_factory=list)

    def problem(self, number: int, found: str, fix: str) -> Problem:
        """Return what is wrong with a quotation, the first being number 0."""
        return Problem(self.shown, found, fix, f"quotation {number + 1}", self.rows[number])


def read_list(study: Study) -> Listing:
    """Return the study's list of quotations; without a file there are none.

    Raises
    ------
    StudyError
        With everything that is wrong in the file: unknown keys ("did you mean"), a hash that is none, one
        listed twice, words that are no list.
    """
    path, shown = study.folder / FILE, study.shown(FILE)
    if not path.is_file():
        return Listing(QuotationList(), shown)
    read = read_config(path, shown, QuotationList)
    if read.problems:
        raise StudyError(read.problems)
    rows = [read.lines.get(f"quotations.{number}") for number in range(len(read.config.quotations))]
    listing = Listing(read.config, shown, rows)
    refuse(_faults(listing))
    return listing


def _faults(listing: Listing) -> Iterator[Problem]:
    before: set[str] = set()
    for number, entry in enumerate(listing.plan.quotations):
        if not re.fullmatch(r"[0-9a-f]{64}", entry.sha256):
            yield listing.problem(number, f"sha256 {entry.sha256!r}", "64 hexadecimal digits, in lower case")
        elif entry.sha256 in before:
            yield listing.problem(number, "the same passage as an earlier quotation", "list it once")
        before.add(entry.sha256)

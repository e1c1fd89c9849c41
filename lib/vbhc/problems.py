"""What is wrong with an input, said in one line: where, what was found, what would be right."""

import difflib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

LISTED = 15  # known words that a message lists


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a study's files.

    `row` is the line an editor or spreadsheet shows (the header is row 1); empty fields are left out.
    `set_aside` tells that a run goes on without the row (it goes to the quarantine); `rows` counts the rows
    that have the same fault.
    """

    file: str
    found: str
    expected: str
    column: str = ""
    row: int | None = None
    set_aside: bool = False
    rows: int = 1

    def __str__(self) -> str:
        place = self.file
        if self.column:
            place += f", {self.column}"
        if self.row is not None:
            place += f", row {self.row}"
        return f"{place}: {self.found}; {self.expected}" if self.expected else f"{place}: {self.found}"


class StudyError(ValueError):
    """A study cannot be used as it is; `problems` lists everything found, not only the first."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple:
        """Let it pass from one process to another."""
        return type(self), (self.problems,)


def fault(file: str, found: str, expected: str = "", column: str = "", row: int | None = None) -> StudyError:
    """Return the error that names one thing wrong with a file.

    >>> raise fault("patients.csv", "empty", "a header and rows")
    Traceback (most recent call last):
    vbhc.problems.StudyError: patients.csv: empty; a header and rows
    """
    return StudyError([Problem(file, found, expected, column, row)])


def refuse(problems: Iterable[Problem]) -> None:
    """Raise StudyError with all of the problems; nothing where there is none."""
    if found := list(problems):
        raise StudyError(found)


def problems_of(read: Callable[[], object]) -> list[Problem]:
    """Return the problems that reading raises, or that it returns."""
    try:
        found = read()
    except StudyError as error:
        return error.problems
    return [one for one in found if isinstance(one, Problem)] if isinstance(found, list) else []


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "did you mean 'x'?" for the nearest known word, or the (first) known words.

    >>> did_you_mean("knne", ["hip", "knee"]), did_you_mean("x", ["hip", "knee"])
    ("did you mean 'knee'?", 'known: hip, knee')
    """
    known = [str(k) for k in known]
    near = difflib.get_close_matches(str(word), known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
    return f"known: {', '.join(known[:LISTED])}{more}" if known else "nothing is known here"


def header_problems(
    file: str, header: Collection[str], known: Collection[str], needed: Collection[str]
) -> list[Problem]:
    """Name the headers of a small table that are unknown, and those that it needs and lacks.

    >>> for problem in header_problems("prices.csv", ["yeer"], ["year"], ["year"]):
    ...     print(problem)
    prices.csv, row 1: unknown column 'yeer'; did you mean 'year'?
    prices.csv, row 1: no column 'year'; add it
    """
    unknown = [name for name in header if name not in known]
    return [
        *(Problem(file, f"unknown column {n!r}", did_you_mean(n or "", known), row=1) for n in unknown),
        *(Problem(file, f"no column {n!r}", "add it", row=1) for n in needed if n not in header),
    ]

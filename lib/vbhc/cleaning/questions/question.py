"""What a question is, and what it is asked about."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from vbhc import shipped
from vbhc.cleaning.rows import Sifted
from vbhc.study import Study

SHOWN = 3  # rows or values that a question names


class Question(NamedTuple):
    """Something in a file that is probably wrong and may be right: only who knows the study can tell.

    `name` is what `accept` in study.yml answers it with. `found` may hold cells of patients, and is
    for the analyst; `kind` may be published.
    """

    kind: str
    source: str
    column: str
    file: str
    found: str

    @property
    def name(self) -> str:
        """The kind and the place, such as "zero-cost patients.cost"."""
        return f"{self.kind} {self.source}{'.' * bool(self.column)}{self.column}"

    @property
    def note(self) -> str:
        """The question without any cell, for the report."""
        place = f"{self.file}{', ' * bool(self.column)}{self.column}"
        return f"A question that nobody has answered yet: {self.kind.replace('-', ' ')} in {place}"

    def __str__(self) -> str:
        """The line that `vbhc check` prints."""
        place = f"{self.file}{', ' * bool(self.column)}{self.column}"
        return f'{place}: {self.found}? (if it is right: accept: ["{self.name}"] in study.yml)'


class Asked(NamedTuple):
    """A source after its checks, with its study, as the kinds of questions see it."""

    study: Study
    source: Sifted
    file: str
    person: str

    def question(self, kind: str, column: str = "", **seen: Any) -> Question:
        """Return a question about this source, in the words of its kind."""
        return Question(kind, self.source.name, column, self.file, in_words(kind, **seen))

    def numbers(self) -> Iterator[tuple[str, pd.Series]]:
        """Yield the number columns of the rows kept, without what is missing, one at a time."""
        for name, column in self.source.columns.items():
            if column.type in ("integer", "float") and name in self.source.kept:
                yield name, self.source.kept[name].dropna()


def about(
    study: Study, kind: str, block: str, column: str = "", file: str = "study.yml", **seen: Any
) -> Question:
    """Return a question about a block of study.yml, or about a file that the block names."""
    return Question(kind, block, column, study.shown(file), in_words(kind, **seen))


@cache
def words() -> dict[str, str]:
    """Return what is said of each kind of question, with places for what was seen."""
    return {row["kind"]: row["words"] for row in shipped.rows(__file__, "questions.csv")}


def in_words(kind: str, **seen: Any) -> str:
    """Return what a question of a kind says of what was seen.

    >>> in_words("empty-column", n=1200)
    'holds nothing in 1,200 rows'
    """
    return words()[kind].format(**seen)


def some(values: Sequence[object]) -> str:
    """Return the first values in words: "2, 3, 4 and 7 more"."""
    more = f" and {len(values) - SHOWN:,} more" if len(values) > SHOWN else ""
    return ", ".join(str(value) for value in values[:SHOWN]) + more

"""What a question is, and what it is asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from vbhc.cleaning.rows import Sifted
from vbhc.study import Study

SHOWN = 3  # rows or values that a question names


@dataclass(frozen=True)
class Question:
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

    def question(self, kind: str, found: str, column: str = "") -> Question:
        """Return a question about this source."""
        return Question(kind, self.source.name, column, self.file, found)

    def numbers(self) -> list[tuple[str, pd.Series]]:
        """Return the number columns of the rows kept, without what is missing."""
        kept = self.source.kept
        return [
            (name, kept[name].dropna())
            for name, column in self.source.columns.items()
            if column.type in ("integer", "float") and name in kept
        ]


def some(values: Sequence[object]) -> str:
    """Return the first values in words: "2, 3, 4 and 7 more"."""
    more = f" and {len(values) - SHOWN:,} more" if len(values) > SHOWN else ""
    return ", ".join(str(value) for value in values[:SHOWN]) + more

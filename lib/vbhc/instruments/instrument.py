"""What every instrument declares: its items, their answers, its scales, its MCIDs and its licence."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from vbhc.instruments.answers import Guess, read_answers

HIGHER, LOWER = "higher is better", "lower is better"
INDIVIDUAL, GROUP, BETWEEN = "individual", "group", "between groups"


@dataclass(frozen=True)
class Scale:
    """One score.

    `column` is the stem of its column. `items` are the item codes it is made of and `needs` how many of them
    must be answered; a score made of other scores names them in `parts`. `type` is a type of the data
    dictionary (`float`, `integer`, `category`), `allowed` its categories.
    """

    column: str
    label: str
    min: float | None
    max: float | None
    direction: str = HIGHER
    unit: str = "points"
    items: tuple[str, ...] = ()
    needs: int = 0
    parts: tuple[str, ...] = ()
    type: str = "float"
    allowed: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Mcid:
    """A smallest change that matters, with what it is a change of.

    `kind`: `individual` (one patient's change), `group` (the mean change of one group of patients) or
    `between groups` (the difference between two groups' means). `value` is a size, without sign.
    """

    column: str
    value: float
    kind: str
    source: str
    label: str = "minimal important change"
    note: str = ""


@dataclass(frozen=True)
class Description:
    """What the tables in `catalogue` say of an instrument: item codes in order, the answers each may hold."""

    name: str
    label: str
    version: str
    items: tuple[str, ...]
    ranges: tuple[tuple[int, int], ...]
    source: str
    licence: str
    scales: tuple[Scale, ...] = ()
    mcids: tuple[Mcid, ...] = ()

    def read(self, items: pd.DataFrame, guess: Guess | None = None, noun: str = "answers") -> pd.DataFrame:
        """Return the answers as they were given, one float column per item code; see `read_answers`."""
        return read_answers(items, self.items, self.ranges, self.label, guess, noun)


@dataclass(frozen=True, kw_only=True)
class Instrument(Description):
    """A questionnaire: its description, and what is scored and how.

    `answers(items, **options)` returns the answers that count, one float column per item code (not answered
    and "does not apply" are NaN); `score(items, **options)` returns one column per scale. `options` names the
    options of both. `scales_for(**options)` exists where scales depend on options.
    """

    answers: Callable[..., pd.DataFrame]
    score: Callable[..., pd.DataFrame]
    options: tuple[str, ...] = ()
    scales_for: Callable[..., tuple[Scale, ...]] | None = None

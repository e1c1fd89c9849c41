"""What every instrument declares, mostly in `catalogue`: items, answers, scales, MCIDs, source, licence."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from vbhc import shipped
from vbhc.instruments.answers import Guess, read_answers

HIGHER, LOWER = "higher is better", "lower is better"
INDIVIDUAL = "individual"  # kind of an MCID; others are "group" and "between groups"


class Scale(NamedTuple):
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


class Mcid(NamedTuple):
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


class Instrument(NamedTuple):
    """A questionnaire: what the tables in `catalogue` say of it, and what only code can say.

    Of the catalogue: item codes in order, the answers each may hold, scales, MCIDs. Of the code:
    `answers(items, **options)` returns the answers that count, one float column per item code (not answered
    and "does not apply" are NaN); `score(items, **options)` returns one column per scale. `options` names the
    options of both. `scales_for(**options)` exists where scales depend on options.
    """

    name: str
    label: str
    version: str
    items: tuple[str, ...]
    ranges: tuple[tuple[int, int], ...]
    source: str
    licence: str
    scales: tuple[Scale, ...] = ()
    mcids: tuple[Mcid, ...] = ()
    answers: Callable[..., pd.DataFrame] | None = None
    score: Callable[..., pd.DataFrame] | None = None
    options: tuple[str, ...] = ()
    scales_for: Callable[..., tuple[Scale, ...]] | None = None

    def read(self, items: pd.DataFrame, guess: Guess | None = None, noun: str = "answers") -> pd.DataFrame:
        """Return the answers as they were given, one float column per item code; see `read_answers`."""
        return read_answers(items, self.items, self.ranges, self.label, guess, noun)


@cache
def rows(table: str) -> tuple[dict[str, Any], ...]:
    """Return the rows of one table of the catalogue, as text.

    >>> rows("countries")[0]
    {'country': 'Argentina', 'code': 'ar', 'also_known': ''}
    """
    return tuple(shipped.rows(__file__, f"catalogue/{table}.csv"))


@cache
def described(name: str) -> Instrument:
    """Return the description of an instrument.

    >>> described("ohs").label, described("ohs").scales[0].max, described("ohs").mcids[0].value
    ('Oxford Hip Score', 48, 8)
    """
    row = next(row for row in rows("instruments") if row["name"] == name)
    items = tuple(row["items"].split())
    ranges = [tuple(map(int, ends.split("-"))) for ends in row["ranges"].split()]
    ranges *= len(items) if len(ranges) == 1 else 1  # one range holds for all items
    scales, mcids = (_own(table, name) for table in ("scales", "mcids"))
    return Instrument(
        **row | {"items": items, "ranges": tuple(ranges)},
        scales=tuple(_scale(one) for one in scales),
        mcids=tuple(Mcid(**one | {"value": _number(one["value"])}) for one in mcids),
    )


def _own(table: str, name: str) -> list[dict[str, Any]]:
    """Rows about one instrument, without the column that says so."""
    found = (row for row in rows(table) if row["instrument"] == name)
    return [{key: value for key, value in row.items() if key != "instrument"} for row in found]


def _scale(row: dict[str, Any]) -> Scale:
    numbers = {key: _number(row[key]) for key in ("min", "max", "needs")}
    lists = {key: tuple(row[key].split()) for key in ("items", "parts")}
    return Scale(**row | numbers | lists | {"allowed": tuple(filter(None, row["allowed"].split(";")))})


def _number(text: str) -> Any:
    """A whole number stays whole, as messages show it; an empty cell is None."""
    return (float(text) if "." in text else int(text)) if text else None

"""Marks on the types of study.yml's keys: what a value must be beside its type; found wherever they stand."""

import math
import types
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Annotated, Any, NamedTuple

from vbhc.problems import did_you_mean

Fault = tuple[str, str, str]  # what was found, what would be right, and the key or the column of it
DIRECTIONS = ("higher is better", "lower is better")
UTILITY = "1 = full health, 0 = dead"


class OneOf(NamedTuple):
    """A text that is one of few; `wanted` says so where the list of them would not read well."""

    choices: tuple[str, ...]
    wanted: str = ""

    def fault(self, value: str) -> tuple[str, str] | None:
        """Return what was found and what would be right; None where the value is one of them."""
        if value in self.choices:
            return None
        if self.wanted:
            return f"found {value!r}", f"wanted {self.wanted}"
        return f"unknown {value!r}", did_you_mean(value, self.choices)


class Bounds(NamedTuple):
    """A number from `low` to `high`, or between them (`within`)."""

    wanted: str
    low: float = 0
    high: float = math.inf
    within: bool = False

    def fault(self, value: float) -> tuple[str, str] | None:
        """Return what was found and what would be right; None where the number fits, or is not given."""
        if value is None or (self.low < value < self.high) or (value in self[1:3] and not self.within):
            return None
        return f"found {value:g}", f"wanted {self.wanted}"


class ColumnOfPatients(NamedTuple):
    """The name of a column in dictionary.csv, with a visit's suffix perhaps of a score."""


class NameOf(NamedTuple):
    """The name of something that another block of study.yml declares."""

    block: str


ColumnName = Annotated[str, ColumnOfPatients()]
Direction = Annotated[str, OneOf(DIRECTIONS)]
Share = Annotated[float, Bounds("a share between 0 and 1, such as 0.95", high=1, within=True)]
ShareToOne = Annotated[float, Bounds("a share from 0 to 1", high=1)]
Size = Annotated[float, Bounds("a size above 0")]
Amount = Annotated[float, Bounds("an amount above 0", within=True)]


def marked(value: Any, hint: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield where a marked value stands (`groups.sex.column`), the value, and its mark.

    Parameters
    ----------
    value : object
        A dataclass of study.yml, or what one of its keys holds; what is None has no values.
    hint : type
        Its declared type.
    """
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        yield path, value, inner[1]
    elif value is None:
        return
    elif origin in (types.UnionType, typing.Union):
        yield from marked(value, inner[0], path)
    elif is_dataclass(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        for one in fields(hint):
            yield from marked(getattr(value, one.name), hints[one.name], f"{path}.{one.name}".lstrip("."))
    elif origin is dict:
        for key, below in value.items():
            yield from marked(key, inner[0], path)
            yield from marked(below, inner[1], f"{path}.{key}")
    elif origin is tuple:
        for below in value:
            yield from marked(below, inner[0], path)

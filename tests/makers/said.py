"""What no published sentence may say, whatever the data: a hole, or more than its own interval allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

HOLE = re.compile(r"(?<!\w)(?<!\w-)(?:nan|NaN|NaT|inf|not available|None(?! of\b))(?![\w-])")
# "5 points or more" and "more than 0.2" are thresholds, no findings.
DIRECTION = re.compile(
    r"\b(?<!or )(?:more|less|higher|lower|better|worse|rises?|rose|falls?|fell)\b(?! than \d)", re.IGNORECASE
)
OPEN = re.compile(
    r"\b(?:no clear|no difference|not (?:clear|clearly|shown|settled?|ruled out)|cannot|undecided|whether"
    r"|neither|may or may not|do(?:es)? not (?:settle|say|clearly))\b",
    re.IGNORECASE,
)
NUMBER = r"[-\u2212]?\d[\d,]*(?:\.\d+)?"
INTERVAL = re.compile(rf"({NUMBER})%? to ({NUMBER})")
BRACKETS = re.compile(r"\(([^()]*)\)")


def holes(text: str) -> list[str]:
    """What stands in a text where a number or a word should: "nan", "not available", a Python `None`."""
    return HOLE.findall(text)


def overstated(text: str, values: Mapping[str, Any] | None = None) -> list[str]:
    """The sentences of a text that name a direction although an interval of theirs holds zero.

    Parameters
    ----------
    text : str
        What a finding says; intervals stand in brackets ("-0.1 to 0.3").
    values : mapping, optional
        Its published values, as in findings.json; any mapping in them may have a `low` and a `high`. Where
        all of these intervals hold zero, the text as a whole may name no direction.
    """
    found = [one for one in sentences(text) if _decides(one) and any(map(_holds_zero, _written(one)))]
    ends = list(intervals(values or {}))
    if not found and ends and all(map(_holds_zero, ends)) and _decides(text):
        found = [text]
    return found


def sentences(text: str) -> list[str]:
    """A text cut behind full stops and semicolons, outside numbers."""
    return re.split(r"(?<=[.;])\s+", text)


def intervals(values: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """Every `low` and `high` of values, however deep."""
    low, high = values.get("low"), values.get("high")
    if isinstance(low, int | float) and isinstance(high, int | float):
        yield low, high
    for value in values.values():
        if isinstance(value, Mapping):
            yield from intervals(value)


def _written(sentence: str) -> list[tuple[float, float]]:
    """The intervals in the brackets of a sentence."""
    pairs = [pair for inside in BRACKETS.findall(sentence) for pair in INTERVAL.findall(inside)]
    return [(_number(low), _number(high)) for low, high in pairs]


def _number(digits: str) -> float:
    return float(digits.replace(",", "").replace("\u2212", "-"))


def _holds_zero(ends: tuple[float, float]) -> bool:
    return ends[0] < 0 < ends[1]


def _decides(text: str) -> bool:
    return bool(DIRECTION.search(text)) and not OPEN.search(text)

"""A figure in words, from the rows that it draws: for whoever cannot see it."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from vbhc import vocabulary, wording

MOST = 30  # rows that are told one by one; of more only the ends, the lowest and the highest
MOST_GROUPS = 6
LARGE = 100  # from here on a number has no decimals
NUMBERS = ("estimate", "share", "count", "whole", "money", "low")
SHORT = ("code", "item")  # of a row with a label: the label says it
RANGES = (("left", "right"), ("cost_left", "cost_right"), ("outcome_left", "outcome_right"))
NO_NAMES = ("open", "kind", "leaf", *sum(RANGES, ()))  # how a row is drawn, not what it is

Row = dict[Any, Any]


def alt_text(data: pd.DataFrame | Mapping[str, pd.DataFrame], what: str, *, share: bool = False) -> str:
    """Return what a figure shows, row by row, with every number that the policy left.

    Parameters
    ----------
    data : DataFrame or mapping of them
        What is drawn, in columns of the vocabulary of results. A row that was withheld is counted, not told.
    what : str
        What the rows are, as a noun: "Cost per patient in EUR".
    share : bool
        Whether `estimate`, `low` and `high` are shares (0-1), told as percentages.
    """
    frames = list(data.values()) if isinstance(data, Mapping) else [data]
    told = [text for frame in frames for text in _frame(frame.reset_index(drop=True), share)]
    return f"{what}: {'; '.join(told) or 'nothing can be shown'}."


def _frame(frame: pd.DataFrame, share: bool) -> Iterator[str]:
    """Yield the rows of a part of a figure in words: all of a few, the ends and the extremes of many."""
    numbers = [name for role in NUMBERS for name in vocabulary.by_role(map(str, frame), role)]
    if not numbers:
        return
    main = "estimate" if "estimate" in numbers else numbers[0]  # others only stand in the data beside it
    known = frame[frame[main].notna()]
    names = [name for name in vocabulary.by_role(map(str, frame), "label", "text") if name not in NO_NAMES]
    names = [name for name in names if name not in SHORT or "label" not in names]
    if len(known) <= MOST:
        yield from (_row(row, names, main, share) for row in known.to_dict("records"))
    else:
        yield from _many(known, names, main, share)
    if gone := len(frame) - len(known):
        yield f"{gone:,} not shown"


def _many(known: pd.DataFrame, names: list[str], main: str, share: bool) -> Iterator[str]:
    few = [name for name in names if 1 < known[name].nunique() <= MOST_GROUPS]
    for _, rows in known.groupby(few[0], sort=False) if few else [("", known)]:
        numbers = rows[main].astype(float)
        picked: dict[Any, list[str]] = {}
        ends = (rows.index[0], numbers.idxmin(), numbers.idxmax(), rows.index[-1])
        for place, what in zip(ends, ("first", "lowest", "highest", "last"), strict=True):
            picked[place] = [*picked.get(place, []), what]
        told = (f"{wording.listing(what)} {_row(rows.loc[place].to_dict(), names, main, share)}"
                for place, what in picked.items())  # fmt: skip
        yield f"{len(rows):,} marks, {', '.join(told)}"


def _row(row: Row, names: list[str], main: str, share: bool) -> str:
    words = [_name(name, row[name]) for name in names if _is_known(row[name])]
    words += [_reach(row, pair) for pair in RANGES if pair[0] in row and _is_known(row[pair[0]])]
    number = _number(row, main, share)
    return f"{', '.join(words)}: {number}" if words else number


def _name(column: str, value: Any) -> str:
    """What a row is called: a text as it is, a number with what it is of."""
    if isinstance(value, str):
        return value
    found = vocabulary.column(column)
    return f"{wording.inside_sentence(found.label if found else column)} {value:,.6g}".strip()


def _reach(row: Row, pair: tuple[str, str]) -> str:
    left, right = (float(row[end]) for end in pair)
    if math.isinf(left) or math.isinf(right):
        return f"up to {right:,.6g}" if math.isinf(left) else f"over {left:,.6g}"
    return f"{left:,.6g} to {right:,.6g}"


def _number(row: Row, main: str, share: bool) -> str:
    """The number of a row: as k of n, from start to end, as a count, or with its interval."""
    if _are_known(row, "k", "n"):
        return f"{row['k']:,.0f} of {row['n']:,.0f}"
    if main == "start" and _are_known(row, "end"):
        return f"{wording.number(row['start'])} to {wording.number(row['end'])}"
    found = vocabulary.column(main)
    role, places = (found.role, found.decimals) if found else ("", None)
    if role in ("count", "whole"):
        return f"{row[main]:,.0f}"
    if share or role == "share":
        return _with_ends(row, main, wording.percent)
    if places is None:
        ends = (row[main], row["low"], row["high"]) if _are_known(row, "low", "high") else ()
        places = wording.decimals_of(*ends) if ends else 2
        places = 0 if abs(row[main]) >= LARGE else places
    return _with_ends(row, main, lambda number: wording.number(number, places))


def _with_ends(row: Row, main: str, say: Any) -> str:
    known = _are_known(row, "low", "high") and main != "low"
    return f"{say(row[main])} ({say(row['low'])} to {say(row['high'])})" if known else say(row[main])


def _are_known(row: Row, *names: str) -> bool:
    return all(_is_known(row.get(name)) for name in names)


def _is_known(value: Any) -> bool:
    return value is not None and not pd.isna(value) and value != ""

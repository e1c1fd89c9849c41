"""What a finding is made of: a dict with a safe id, and texts that the policy lets out."""

import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from vbhc import vocabulary
from vbhc.problems import did_you_mean
from vbhc.publish.claims import PERCENTAGE_POINTS
from vbhc.publish.disclosure.policies import FEW, Policy
from vbhc.publish.disclosure.said import may_show, withheld_text
from vbhc.publish.either import MARKS, Either, either, picked
from vbhc.publish.findings.marks import plain
from vbhc.wording import decimals_for, number, significant

# Control characters, zero-width ones, those that turn the order of letters around, and private ones. Joiners
# inside words (U+200C, U+200D) stay: some scripts need them.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2060\ufeff\ue000-\uf8ff\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BREAKS = re.compile("[\t\r\u2028\u2029]")


def visible(text: str) -> str:
    """Return a text without characters that readers do not see; tabs and returns become spaces."""
    return _UNSEEN.sub("", _BREAKS.sub(" ", text.replace("\r\n", "\n")))


ROLES = ("answer", "finding", "limit")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Finding(dict):
    """A finding as a dict. As the last value of a cell it shows nothing more: the door has shown it."""

    def _ipython_display_(self) -> None:
        return None


def finding(id: str, kind: str, role: str, withheld: list[dict], **more: Any) -> Finding:
    """Return a finding; its log names columns as they look.

    Raises
    ------
    ValueError
        If the id could not be a link, the role is unknown, or a text stands in both wordings (`either`).
    """
    if not _ID.fullmatch(id):
        raise ValueError(f"id {id!r}: use lower-case words joined by hyphens, such as 'gain-by-arm'")
    if role not in ROLES:
        raise ValueError(f"unknown role {role!r}; {did_you_mean(role, ROLES)}")
    if re.search(f"[{MARKS}]", json.dumps(more, ensure_ascii=False)):
        raise ValueError(f"{id!r} holds two wordings of which none was picked")
    log = [{**entry, "column": visible(entry["column"])} for entry in withheld]
    return Finding(id=id, kind=kind, role=role, withheld=log, **more)


def declared_things(rules: Mapping) -> list[str]:
    """Return the columns that were declared to count things or to describe rows."""
    return [str(column) for name in ("not_people", "keep") for column in rules.get(name, ())]


def flat(frame: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """A frame whose named index is a column, with texts as they look, of two wordings the policy's.

    Several header rows are refused, and cells that are no text and given both ways: the whole table can be.
    """
    if frame.columns.nlevels > 1:
        raise ValueError("one header row, please: flatten the columns first")
    frame = frame.reset_index(drop=not any(name is not None for name in frame.index.names))
    for place, column in enumerate(frame.columns):
        cells = frame.iloc[:, place]
        if any(isinstance(cell, Either) for cell in cells):
            raise ValueError(f"{column!r} gives numbers both ways: give the whole table so (`either`)")
        seen = [visible(picked(cell, policy)) if isinstance(cell, str) else cell for cell in cells]
        if seen != cells.tolist() and any(isinstance(cell, str) for cell in seen):
            kept = None if isinstance(cells.dtype, pd.CategoricalDtype) else cells.dtype
            frame[column] = pd.Series(seen, index=frame.index, dtype=kept)
    return frame


def check_no_key(frame: pd.DataFrame, key: str) -> None:
    """Refuse a frame that holds the column which identifies people."""
    if key in map(str, frame.columns):
        raise ValueError(f"{key!r} identifies people and never passes; aggregate the rows first")


def check_heading(frame: pd.DataFrame, by: str) -> None:
    """Refuse a column of headings that the table has not, or whose rows do not stand together."""
    if not by:
        return
    if by not in frame.columns:
        raise ValueError(f"no column {by!r} in the table; {did_you_mean(by, list(frame.columns))}")
    heads = frame[by].astype(str)
    starts = heads[heads != heads.shift()]
    if starts.duplicated().any():
        raise ValueError(
            f"rows of {by} {starts[starts.duplicated()].iloc[0]!r} do not stand together: sort them"
        )


def text_or_notice(text: str, policy: Policy, notice: str = "") -> str:
    """Return a text as it may be shown, or what stands in its place if it counts too few."""
    shown = may_show(visible(picked(text, policy)), policy)
    return (notice or withheld_text(policy, "This text")) if shown is None else shown


text_or_word = partial(text_or_notice, notice="withheld")  # for texts inside a drawing


def without_own_counts(frame: pd.DataFrame, counts: Sequence[str]) -> pd.DataFrame:
    """Return a figure's data whose labels do not repeat a count of their row: "survivors (166)".

    Where the count is rounded or goes, its copy in a label would stay.
    """
    shown = frame.copy()
    for column in [c for c in frame if frame[c].map(lambda cell: isinstance(cell, str)).any()]:
        own = zip(frame[column], frame[[c for c in counts if c in frame]].to_numpy(), strict=True)
        shown[column] = [_without_own(label, numbers) for label, numbers in own]
    return shown


def _without_own(label: Any, numbers: Sequence[float]) -> Any:
    said = {f"{n:,.0f}" for n in numbers} | {f"{n:.0f}" for n in numbers}
    found = re.fullmatch(r"(.*\S) \(([\d,]+)\)", label) if isinstance(label, str) else None
    return found[1] if found and found[2] in said else label


def safe_values(values: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """Return the numbers behind a sentence as they may be published, beside it and in findings.json.

    Under a policy that protects these are a claim's words, and its size in few digits where it is no share of
    a count nor a difference of two: 0.616766 is 103 of 167 and of no smaller group.
    """
    known = plain(dict(values))
    if not policy.protects:
        return known
    of_counts = known.get("kind") in ("share", "gap") or known.get("unit") == PERCENTAGE_POINTS
    ends = () if known.get("kind") == "smallness" else ("low", "high")
    sizes = () if of_counts else ("estimate", *ends, "margin")
    both = [known[name] for name in ("low", "high", "n") if name in known]
    places = coarse_decimals(*both) if {"low", "high"} <= {*known} else 2
    words = () if known.get("kind") == "gap" else ("first", "second")
    kept = {name: known[name] for name in ("kind", "what", "unit", "verdict", *words) if name in known}
    kept = {name: text_or_word(text, policy) for name, text in kept.items()}
    rounded = {name: round(known[name], places) + 0.0 for name in sizes if known.get(name) is not None}
    kept |= {name: float(f"{size:.3g}") for name, size in rounded.items()}
    kept |= {"level": known["level"]} if known.get("level") else {}  # of an interval, and of nobody
    others = {name: claim for name, claim in known.items() if isinstance(claim, dict) and "kind" in claim}
    return kept | {name: safe_values(claim, policy) for name, claim in others.items()}


def coarse_decimals(low: float, high: float, n: float = math.inf) -> int:
    """Return how many decimals show an interval under a policy that protects: no more than tell a tenth.

    Of fewer than `FEW` people a fifth: with one decimal 89.3 (84.4 to 94.2) is the mean of 14 ten-item scores
    and of no 13. That an end lies near zero asks for no more: three decimals of a correlation give how many
    people it has, and two do of few (-.16 to .45 is of 29 and of no others).

    >>> coarse_decimals(-0.239, 0.004), coarse_decimals(2.46, 8.53), coarse_decimals(-0.16, 0.45, 29)
    (2, 1, 1)
    """
    part = 5 if n < FEW else 10
    tenth = max(0, math.ceil(-math.log10((high - low) / part))) if 0 < high - low < math.inf else 2
    needed = min(decimals_for(low, high), tenth)
    return min(needed, 1) if n < FEW and -1 <= low <= high <= 1 else needed


def in_both(
    low: float, high: float, *sizes: float, n: float = math.inf, places: int | None = None
) -> list[str]:
    """Return numbers that go with an interval as texts, in full and as coarse as where people are protected.

    In full they have `places` decimals, by default those that the interval needs.
    """
    full, few = decimals_for(low, high) if places is None else places, coarse_decimals(low, high, n)
    return [either(number(size, full), number(size, min(full, few))) for size in sizes]


def in_digits(size: float, low: float, high: float) -> str:
    """Return a number alone as a text: in three digits, and with the decimals that its interval has there."""
    return either(significant(size), number(size, coarse_decimals(low, high)))


# The mean of whole answers, times the number of people, is a whole number: with four decimals one of the five
# numbers that a rounded "35" leaves open fits (80.2694 is the mean of 33 ten-item scores, and of no 34). The
# interval of a correlation with four (0.2876, 0.1365 to 0.4268) fits 162 people and no others.
DIGITS = 3


def coarse(values: pd.Series, digits: int = DIGITS) -> pd.Series:
    """Return numbers to so many significant digits, those under one to one less; missing stays missing.

    Of a number next to one two digits of what it lacks stay: a level of 0.998 is none of 1.
    """
    numbers = values.astype(float)
    lacking = numbers.abs().where(numbers.abs() >= 1, np.minimum(numbers.abs(), 1 - numbers.abs()))
    size = np.floor(np.log10(lacking.where(lacking != 0, 1.0)))
    scale = 10.0 ** (digits - 1 - size - (size < 0))
    near = (numbers * scale).round() / scale
    return near.mask(scale < 1, near.round())


def coarse_costs(frame: pd.DataFrame, stay: Collection[str]) -> pd.DataFrame:
    """Return a table whose mean amounts of money are coarse: two digits under 1,000 and of under `FEW`."""
    known = map(vocabulary.column, map(str, frame))
    means = [one.name for one in known if one and one.role == "money" and one.decimals == 0]
    sizes = frame["n"] if "n" in frame else pd.Series(FEW, frame.index)
    few = {c: (frame[c].abs() < 10**DIGITS) | ~(sizes >= FEW) for c in means if c not in stay}
    return frame.assign(**{c: coarse(frame[c]).mask(few[c], coarse(frame[c], DIGITS - 1)) for c in few})


def coarsened(frame: pd.DataFrame, stay: Collection[str]) -> pd.DataFrame:
    """Return a frame whose statistics are coarse; columns that are to stay do."""
    made = coarse_costs(frame, stay)
    for column in frame.columns:
        if column not in stay and pd.api.types.is_float_dtype(frame[column]):
            made[column] = coarse(made[column])
    ends = [name for name in ("estimate", "low", "high") if name in frame and name not in stay]
    if {"low", "high"} <= {*ends}:  # no more decimals than the drawing writes
        rows, sizes = frame[ends].astype(float).to_numpy(), frame.get("n", [math.inf] * len(made))
        each = zip(rows, sizes, strict=True)
        near = np.array([np.round(row, coarse_decimals(row[-2], row[-1], n)) for row, n in each])
        made[ends] = np.where(abs(rows) < 10**DIGITS, near.reshape(rows.shape), made[ends].astype(float))
    return made

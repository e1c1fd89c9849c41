"""How a tidy table hangs together: its counts, its labels, its totals, and the lines that add up."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, dropwhile, takewhile

import numpy as np
import pandas as pd

from vbhc.problems import did_you_mean
from vbhc.publish.disclosure.policies import Policy
from vbhc.vocabulary import PEOPLE, by_role

TOTALS = ("all", "total", "overall", "sum")
COUNT_NAME = re.compile(r"(^n$)|(^n_)|(_n$)|(^|_)count$|^(patients|people|records|deaths|died)$")
SHARE_NAME = re.compile(r"(^|_)(share|percent|percentage|pct|proportion|prevalence)(_|$)")
PERCENT_NAME = re.compile(r"(^|_)(percent|percentage|pct)(_|$)")
Line = list[tuple[int, int]]
Marks = dict[str, np.ndarray]  # by column which rows are marked


def counts_people(name: str) -> bool:
    """Whether a column is called like a count of people, here or in the vocabulary of results."""
    return bool(COUNT_NAME.search(name) or by_role([name], *PEOPLE))


def counts_missing(name: str) -> bool:
    """Whether a column says that it counts those of whom something is not known."""
    return bool(re.search(r"(^|_)missing(_|$)", name))


def count_columns(
    frame: pd.DataFrame, named: Sequence[str] = (), not_people: Sequence[str] = ()
) -> list[str]:
    """Return the columns that count people: those named, and whole numbers of which the name says so.

    A forgotten declaration hides too much, not too little.
    """
    unknown = [column for column in (*named, *not_people) if column not in frame.columns]
    if unknown:
        raise ValueError(f"no column {unknown[0]!r} in the table; {did_you_mean(unknown[0], frame.columns)}")
    return [
        column
        for column in frame.columns
        if column in named
        or (column not in not_people and COUNT_NAME.search(str(column)) and _whole(frame[column]))
    ]


@dataclass(frozen=True)
class Rules:
    """What is special about the protection of a table.

    Parameters
    ----------
    counts : sequence of str
        Columns that count people (columns called `n`, `n_missing`, `count` ... are added).
    base : str or mapping, optional
        The count behind the row's statistics (or statistic -> count); without it they go with any of its row.
    shares : mapping, optional
        Percent column -> the count it is a share of; hidden whenever that count is.
    keep : sequence of str
        Numeric columns that describe the row and no person: a year, the edge of a bin.
    not_people : sequence of str
        Columns called like a count that count things (items, definitions).
    parts : bool
        Whether the rows of a count column, or those that share their first labels ("Age band"), may be parts
        of one whole whose total is known.
    nested : bool
        Whether the rows count people who are among those of earlier rows (a participant flow) instead.
    most : mapping, optional
        Count column -> how many people it is of, where no column says so: 13 of 14 of a group tell of one,
        and 182 of 185 of three where other counts make the 185. What is larger counts others.
    called : mapping, optional
        What a label is called in other tables that count the same people: "not known", "did not answer".
    contributions : mapping, optional
        Sum or mean column -> by row the values that it was computed from, for rules of dominance.
    behind : sequence of iterables, optional
        By row the counts that its statistics were computed from, where the table does not hold them: numbers
        of people, or (part, whole). The p-value of an exact test of 11 and 8 people gives them back.
    joined : array of bool, optional
        By row whether its counts go, however large: several bins of a histogram that went are one.
    places : int or mapping, optional
        Decimals to which shares are shown: few of them leave several counts open.
    """

    counts: Sequence[str] = ()
    base: str | Mapping[str, str] | None = None
    shares: Mapping[str, str] = field(default_factory=dict)
    keep: Sequence[str] = ()
    not_people: Sequence[str] = ()
    parts: bool = True
    nested: bool = False
    most: Mapping[str, int] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    contributions: Mapping[str, Sequence] = field(default_factory=dict)
    behind: Sequence[Iterable] | None = None
    joined: np.ndarray | bool = False
    places: int | Mapping[str, int | Sequence[int]] | None = None

    def count_behind(self, column: str) -> str | None:
        """Return the count that a statistic rests on, if it was said."""
        return self.base.get(column) if isinstance(self.base, Mapping) else self.base


@dataclass(frozen=True)
class Sheet:
    """A tidy table, what is special about it, and the policy that it is under."""

    frame: pd.DataFrame
    rules: Rules
    policy: Policy

    @cached_property
    def numbers(self) -> dict[str, np.ndarray]:
        """The columns that hold numbers, as they stood before anything was rounded; missing is NaN."""
        named = {c: values for c, values in self.frame.items() if c in self.people or is_number(values)}
        return {c: values.to_numpy(dtype=float, na_value=np.nan, copy=True) for c, values in named.items()}

    @cached_property
    def people(self) -> list[str]:
        """Columns that count people."""
        return count_columns(self.frame, self.rules.counts, self.rules.not_people)

    @cached_property
    def labels(self) -> list[str]:
        """Columns that say what a row is: texts up to the first number behind one, and those declared to."""
        declared = {*self.rules.keep, *self.rules.not_people}
        own = [c for c in self.frame.columns if c not in declared]
        behind = dropwhile(lambda c: c in self.numbers and c not in self.people, own)
        told = declared.union(takewhile(lambda c: c not in self.numbers, behind))
        return [c for c in self.frame.columns if c in told and c not in self.people]

    @cached_property
    def statistics(self) -> list[str]:
        """Columns that rest on people: neither counts, nor labels, nor declared to describe the row."""
        stay = {*self.people, *self.labels, *self.rules.keep, *self.rules.not_people}
        return [column for column in self.frame.columns if column not in stay]


def _whole(values: pd.Series) -> bool:
    if not is_number(values):
        return False
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    return not (np.round(numbers) != numbers)[~np.isnan(numbers)].any()


def is_number(values: pd.Series) -> bool:
    """Whether a column holds numbers; yes and no are none."""
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def total_rows(frame: pd.DataFrame, labels: Sequence[str]) -> np.ndarray:
    """Mark the rows whose last text label calls them a total."""
    texts = [column for column in labels if not is_number(frame[column])]
    if not texts:
        return np.zeros(len(frame), dtype=bool)
    return np.array([str(cell).strip().lower() in TOTALS for cell in frame[texts[-1]]], dtype=bool)


def blocks(frame: pd.DataFrame, labels: Sequence[str]) -> list[list[int]]:
    """Return groups of rows that may add up to a total known elsewhere, as row positions; no totals.

    They agree in all labels but one (a table in many directions), or in their first labels (a split).
    """
    codes = _codes(frame, labels)
    rows = np.flatnonzero(~total_rows(frame, labels))
    width = codes.shape[1]
    shared = [[c for c in range(width) if c != left_out] for left_out in range(width)]
    shared += [list(range(length)) for length in range(max(width, 1))]
    found: dict[tuple[int, ...], None] = {}
    for columns in shared:
        groups: dict[tuple, list[int]] = {}
        for row in rows:
            groups.setdefault(tuple(codes[row, columns]), []).append(int(row))
        found.update(dict.fromkeys(tuple(group) for group in groups.values() if len(group) > 1))
    return [list(group) for group in found]


def _codes(frame: pd.DataFrame, labels: Sequence[str]) -> np.ndarray:
    """Return the labels as numbers; columns that say the same (the two edges of a bin) count once."""
    kept: list[np.ndarray] = []
    for column in labels:
        code = pd.factorize(frame[column], use_na_sentinel=False)[0]
        if len(set(code)) > 1 and not any((code == other).all() for other in kept):
            kept.append(code)
    return np.column_stack(kept) if kept else np.zeros((len(frame), 0), dtype=int)


def lines(sheet: Sheet, shares: int) -> list[Line]:
    """Return the lines of count cells, as (row, column), whose sum an outsider may know: rows and columns.

    The counts stand in the first columns, those that so many `shares` give behind them.
    """
    frame, labels, counts = sheet.frame, sheet.labels, len(sheet.people)
    found = [[(row, c) for c in range(counts)] for row in range(len(frame))] if counts > 1 else []
    if sheet.rules.parts and not sheet.rules.nested:
        found += [
            [(row, c) for row in block] for block in blocks(frame, labels) for c in range(counts + shares)
        ]
    return found


def pair_lines(names: Sequence[str], numbers: np.ndarray) -> list[Line]:
    """Return pairs of counts in a row that make everybody together: who answered and who did not.

    Their sum is the same in every row, and one says that it counts who is missing, or they differ between
    three rows or more (in two it is chance). With two columns each row is a line already.
    """
    found: list[Line] = []
    for one, other in combinations(range(len(names)), 2) if len(names) > 2 else ():
        rows = np.flatnonzero(~np.isnan(numbers[:, [one, other]]).any(axis=1))
        both = numbers[rows][:, [one, other]]
        missing = counts_missing(names[one]) or counts_missing(names[other])
        varies = len(both) > 2 and bool((both != both[0]).any(axis=0).all())
        if len(both) and (both.sum(axis=1) == both[0].sum()).all() and (missing or varies):
            found += [[(int(row), one), (int(row), other)] for row in rows]
    return found

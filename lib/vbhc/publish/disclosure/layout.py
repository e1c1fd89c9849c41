"""How a tidy table hangs together: its counts, its labels, its totals, and the lines that add up."""

import re
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from vbhc.problems import did_you_mean

TOTALS = ("all", "total", "overall", "sum")
COUNT_NAME = re.compile(r"(^n$)|(^n_)|(_n$)|(^|_)count$|^(patients|people|records|deaths|died)$")
Line = list[tuple[int, int]]


def count_columns(
    frame: pd.DataFrame, named: Sequence[str] = (), not_people: Sequence[str] = ()
) -> list[str]:
    """Return the columns that count people: those named, and those whose name says so.

    A column such as `n`, `n_missing` or `count` with whole numbers is a count unless `not_people` lists
    it, so a forgotten declaration hides too much, not too little.
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


def _whole(values: pd.Series) -> bool:
    if not is_number(values):
        return False
    present = values.dropna().astype(float)
    return bool((present == present.round()).all())


def is_number(values: pd.Series) -> bool:
    """Whether a column holds numbers; yes and no are none."""
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def label_columns(frame: pd.DataFrame, people: Sequence[str], keep: Sequence[str] = ()) -> list[str]:
    """Return the columns that say what a row is: texts before the first count, and those declared to."""
    first = min((frame.columns.get_loc(column) for column in people), default=len(frame.columns))
    return [
        column
        for place, column in enumerate(frame.columns)
        if column not in people and (column in keep or (place < first and not is_number(frame[column])))
    ]


def total_rows(frame: pd.DataFrame, labels: Sequence[str]) -> np.ndarray:
    """Mark the rows whose last text label calls them a total."""
    texts = [column for column in labels if not is_number(frame[column])]
    if not texts:
        return np.zeros(len(frame), dtype=bool)
    return frame[texts[-1]].astype(str).str.strip().str.lower().isin(TOTALS).to_numpy()


def blocks(frame: pd.DataFrame, labels: Sequence[str]) -> list[list[int]]:
    """Return groups of rows that may add up to a total known elsewhere, as row positions.

    Rows that agree in all labels but one (the lines of a table in many directions), and rows that agree in
    their first labels (the groups of one split). Total rows are left out.
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


def lines(frame: pd.DataFrame, people: Sequence[str], labels: Sequence[str], parts: bool) -> list[Line]:
    """Return the lines of count cells, as (row, count column), whose sum an outsider may know.

    Each row with several counts, and with `parts` each block of rows in each count column.
    """
    found = [[(row, c) for c in range(len(people))] for row in range(len(frame))] if len(people) > 1 else []
    if parts:
        found += [[(row, c) for row in block] for block in blocks(frame, labels) for c in range(len(people))]
    return found


def pair_lines(values: pd.DataFrame) -> list[Line]:
    """Return pairs of counts in a row that make everybody together: who answered and who did not.

    Two columns make such pairs where their sum is the same in every row, and one of them says that it counts
    who is missing, or their numbers differ between rows. With two columns each row is a line already.
    """
    found: list[Line] = []
    names = list(map(str, values.columns))
    for one, other in combinations(range(len(names)), 2) if len(names) > 2 else ():
        both = values.iloc[:, [one, other]].dropna()
        missing = any(re.search(r"(^|_)missing(_|$)", names[place]) for place in (one, other))
        varies = len(both) > 1 and (both.nunique() > 1).all()
        if len(both) and both.sum(axis=1).nunique() == 1 and (missing or varies):
            rows = np.flatnonzero(values.iloc[:, [one, other]].notna().all(axis=1))
            found += [[(int(row), one), (int(row), other)] for row in rows]
    return found


def share_lines(frame: pd.DataFrame, first: int, width: int, labels: Sequence[str]) -> list[Line]:
    """Return the lines of counts that shares give, in columns `first` to `width`: the rows of each block."""
    return [[(row, c) for row in block] for block in blocks(frame, labels) for c in range(first, width)]

"""Withhold from a tidy frame what its disclosure policy hides: small counts and what rests on them.

Hidden cells become missing and are named in a mask, so that "withheld" and "missing" stay two things. When in
doubt the rules here hide a cell too many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from vbhc.disclosure.policies import Policy
from vbhc.disclosure.said import counts_said, may_say
from vbhc.problems import did_you_mean

_COUNT_NAME = re.compile(r"(^n$)|(^n_)|(_n$)|(^count$)|(_count$)|(^patients$)|(^people$)|(^records$)")
_EXTREME_NAME = re.compile(r"(^|_)(min|max|minimum|maximum)(_|$)")


@dataclass(frozen=True)
class Disclosed:
    """A frame that may be shown: hidden cells are missing in `frame` and True in `hidden`.

    `log` says what was withheld and why, one dict per column: `column`, `cells`, `why`; never a value.
    """

    frame: pd.DataFrame
    hidden: pd.DataFrame
    log: list[dict] = field(default_factory=list)


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
        or (column not in not_people and _COUNT_NAME.search(str(column)) and _whole(frame[column]))
    ]


def _whole(values: pd.Series) -> bool:
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return False
    present = values.dropna().astype(float)
    return bool((present == present.round()).all())


def disclose(
    frame: pd.DataFrame,
    policy: Policy,
    *,
    counts: Sequence[str] = (),
    base: str | Mapping[str, str] | None = None,
    shares: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
    not_people: Sequence[str] = (),
    parts: bool = True,
    nested: bool = False,
) -> Disclosed:
    """Withhold what the policy does not let out of a tidy frame.

    Parameters
    ----------
    frame : DataFrame
        One row per group; numeric columns that are no counts are taken as statistics of the row.
    counts : sequence of str
        Columns that count people (columns called `n`, `n_missing`, `count` ... are added).
    base : str or mapping, optional
        The count behind the row's statistics (or statistic -> count). Without it a statistic is withheld
        when any count of its row is.
    shares : mapping, optional
        Percent column -> the count it is a share of; hidden whenever that count is.
    keep : sequence of str
        Numeric columns that describe the row and no person: a year, the edge of a bin.
    not_people : sequence of str
        Columns called like a count that count things (items, definitions).
    parts : bool
        Whether the rows of a count column may be parts of one whole whose total is known. Then a cell that
        is hidden alone takes a second one with it, since a subtraction would reveal it.
    nested : bool
        Whether the rows count people who are among those of earlier rows (a participant flow), not parts of
        one whole. Then two counts that differ by too few people are not both shown.

    Returns
    -------
    Disclosed
        The input is left as it is.
    """
    shown = frame.copy()
    hidden = pd.DataFrame(False, index=shown.index, columns=shown.columns)
    if not policy.protects:
        return Disclosed(shown, hidden)
    people = count_columns(shown, counts, not_people)
    values = shown[people].astype(float)
    small = (values > 0) & (values <= policy.hides_up_to)
    hidden[people] = _second_cells(
        values.to_numpy(), small.to_numpy(), policy.hides_up_to, parts and not nested
    )
    if nested:
        hidden[people] |= _too_close(values, hidden[people], policy.hides_up_to)
    _hide_statistics(shown, hidden, small, people, base, shares or {}, (*keep, *not_people))
    texts = _telling_texts(shown, policy) & ~hidden
    hidden |= texts
    for column in shown.columns[hidden.any()]:
        shown[column] = shown[column].mask(hidden[column])
    return Disclosed(shown, hidden, _log(hidden & ~texts, people, policy) + _log_texts(texts, policy))


def disclose_parts(
    frames: Mapping[str, pd.DataFrame], policy: Policy, *, counts: Sequence[str], **rules
) -> dict[str, Disclosed]:
    """Apply `disclose` to the frames behind one figure; a rule counts where its columns stand.

    Raises
    ------
    ValueError
        If a count column stands in none of them: what rests on how many people must be said.
    """
    for column in counts:
        if not any(column in frame.columns for frame in frames.values()):
            raise ValueError(
                f"the figure's data has no count column {column!r}: name the one that holds the people "
                "behind each row with counts=(...), or say counts=() where no row stands for people"
            )
    return {
        name: disclose(frame, policy, **_here(frame, {**rules, "counts": counts}))
        for name, frame in frames.items()
    }


def _here(frame: pd.DataFrame, rules: Mapping) -> dict:
    """The rules whose columns this frame has."""
    kept: dict = {}
    for name, rule in rules.items():
        if isinstance(rule, str):
            kept[name] = rule if rule in frame.columns else None
        elif isinstance(rule, Mapping):
            kept[name] = {a: b for a, b in rule.items() if a in frame.columns and b in frame.columns}
        elif isinstance(rule, Sequence):
            kept[name] = tuple(column for column in rule if column in frame.columns)
        else:
            kept[name] = rule
    return kept


def _second_cells(values: np.ndarray, small: np.ndarray, limit: int, parts: bool) -> np.ndarray:
    """Hide further counts until, in every row and column, what is hidden cannot be got by subtraction."""
    hidden = small.copy()
    lines = [(row, slice(None)) for row in range(len(values))] if values.shape[1] > 1 else []
    if parts and len(values) > 1:
        lines += [(slice(None), column) for column in range(values.shape[1])]
    changed = True
    while changed:
        across, down = hidden.any(axis=1), hidden.any(axis=0)
        touched = across[:, None] | down[None, :]
        changed = any(_hide_one_more(values[line], hidden[line], touched[line], limit) for line in lines)
    return hidden


def _too_close(values: pd.DataFrame, hidden: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Mark counts that lie within the limit of a larger one that is shown: their difference counts people."""
    close = hidden & False
    for column in values.columns:
        shown: list[float] = []
        for row, count in values.loc[~hidden[column], column].dropna().sort_values(ascending=False).items():
            if any(0 < larger - count <= limit for larger in shown):
                close.loc[row, column] = True
            else:
                shown.append(count)
    return close


def _hide_one_more(line: np.ndarray, hidden: np.ndarray, crossed: np.ndarray, limit: int) -> bool:
    """Hide one open count of a line (in place) where its hidden ones are one, or add up to too few.

    A zero goes last, a cell whose other line has hidden cells already goes first, then the smallest.
    """
    if not hidden.any() or (hidden.sum() > 1 and np.nansum(line[hidden]) > limit):
        return False
    candidates = np.flatnonzero(~hidden & ~np.isnan(line))
    if not len(candidates):
        return False
    hidden[min(candidates, key=lambda cell: (line[cell] == 0, not crossed[cell], line[cell]))] = True
    return True


def _hide_statistics(shown, hidden, small, people, base, shares, keep) -> None:
    """Hide (in place) statistics that rest on too few people, shares of hidden counts, and extremes."""
    behind = base if isinstance(base, Mapping) else {}
    first = min((shown.columns.get_loc(column) for column in people), default=len(shown.columns))
    for position, column in enumerate(shown.columns):
        if column in people or column in keep:
            continue
        numeric = pd.api.types.is_numeric_dtype(shown[column]) and not pd.api.types.is_bool_dtype(
            shown[column]
        )
        count = behind.get(column, base if isinstance(base, str) else None)
        if column in shares:
            hidden[column] = hidden[shares[column]]
        elif numeric and _EXTREME_NAME.search(str(column)):
            hidden[column] = True
        elif not numeric and position < first:
            continue  # a label: it says what the row is
        elif count is not None:
            hidden[column] = small[count]
        elif people:
            hidden[column] = hidden[people].any(axis=1)


def _telling_texts(shown: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Mark cells whose text gives a count of too few people."""

    def tells(cell) -> bool:
        return isinstance(cell, str) and not may_say(counts_said(cell), policy)

    return pd.DataFrame(
        {column: [tells(cell) for cell in shown[column]] for column in shown.columns}, index=shown.index
    ).astype(bool)


def _log_texts(texts: pd.DataFrame, policy: Policy) -> list[dict]:
    why = f"a text that gives a count of 1 to {policy.hides_up_to} people"
    return [
        {"column": str(column), "cells": int(texts[column].sum()), "why": why}
        for column in texts.columns[texts.any()]
    ]


def _log(hidden: pd.DataFrame, people: Sequence[str], policy: Policy) -> list[dict]:
    top = policy.hides_up_to
    return [
        {
            "column": str(column),
            "cells": int(hidden[column].sum()),
            "why": (
                f"counts of 1 to {top} people, and counts that would reveal them by subtraction"
                if column in people
                else f"rests on 1 to {top} people, or on the answer of a single person"
            ),
        }
        for column in hidden.columns[hidden.any()]
    ]

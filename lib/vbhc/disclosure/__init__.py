"""Withhold from a tidy frame what its disclosure policy hides: small counts and what rests on them.

Hidden cells become missing and are named in a mask, so that "withheld" and "missing" stay two things. When in
doubt the rules here hide a cell too many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from vbhc.disclosure.layout import count_columns, label_columns, lines, total_rows
from vbhc.disclosure.policies import Policy
from vbhc.disclosure.recovery import Counts
from vbhc.disclosure.resting import Rests, follows, hide_statistics, share_again, share_columns
from vbhc.disclosure.said import may_show
from vbhc.disclosure.second import hide_second

__all__ = ["Disclosed", "count_columns", "disclose", "disclose_parts"]


@dataclass(frozen=True)
class Disclosed:
    """A frame that may be shown: hidden cells are missing in `frame` and True in `hidden`.

    `log` says what was withheld and why, one dict per column: `column`, `cells`, `why`; never a value.
    `counts` holds the true counts and how they hang together, for the check over a whole report. It is
    private: it never leaves the executed notebook.
    """

    frame: pd.DataFrame
    hidden: pd.DataFrame
    log: list[dict] = field(default_factory=list)
    counts: dict = field(default_factory=dict)


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
    contributions: Mapping[str, Sequence] | None = None,
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
        is hidden alone takes a second one with it, since a subtraction would reveal it. Rows that share
        their first labels ("Age band") are parts of a whole of their own.
    nested : bool
        Whether the rows count people who are among those of earlier rows (a participant flow), not parts of
        one whole. Then two counts that differ by too few people are not both shown.
    contributions : mapping, optional
        Sum or mean column -> for each row the values that it was computed from, for policies that ask
        whether one or two people make up nearly all of it.

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
    rests = Rests(base, shares, (*keep, *not_people), contributions)
    labels = label_columns(shown, people, keep)
    values = shown[people].astype(float)
    small = values.map(policy.hides).astype(bool)
    together = lines(shown, people, labels, parts and not nested)
    hidden[people] = _second_cells(values, small, together, policy)
    if nested and not policy.rounds_to:
        hidden[people] |= _too_close(values, hidden[people], policy.hides_up_to)
    hide_statistics(shown, hidden, small, people, labels, rests, policy)
    if policy.rounds_to:
        ratios = share_columns(shown, people, rests)
        _round(shown, hidden, people, labels, policy)
        share_again(shown, hidden, ratios, policy)
    texts = _show_texts(shown, policy) & ~hidden
    hidden |= texts
    for column in shown.columns[hidden.any()]:
        shown[column] = shown[column].mask(hidden[column])
    log = _log(hidden & ~texts, people, policy) + _log_texts(texts, policy)
    private = {
        "columns": list(map(str, people)),
        "labels": [[str(cell) for cell in row] for row in frame[labels].to_numpy().tolist()],
        "totals": total_rows(frame, labels).tolist(),
        "values": [[None if np.isnan(v) else v for v in row] for row in values.to_numpy().tolist()],
        "hidden": hidden[people].to_numpy().tolist(),
        "lines": together,
        "follows": follows(frame, people, labels, rests),
        "base": [column for column in people if rests.is_base(column)],
    }
    return Disclosed(shown, hidden, log, private)


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
        if name == "contributions":
            kept[name] = {column: values for column, values in rule.items() if column in frame.columns}
        elif isinstance(rule, str):
            kept[name] = rule if rule in frame.columns else None
        elif isinstance(rule, Mapping):
            kept[name] = {a: b for a, b in rule.items() if a in frame.columns and b in frame.columns}
        elif isinstance(rule, Sequence):
            kept[name] = tuple(column for column in rule if column in frame.columns)
        else:
            kept[name] = rule
    return kept


def _second_cells(values: pd.DataFrame, small: pd.DataFrame, together: list, policy: Policy) -> np.ndarray:
    """Hide further counts until no hidden one can be worked out from the sums of its lines."""
    flat, width = values.to_numpy().ravel(), values.shape[1]
    present = ~np.isnan(flat)
    first = small.to_numpy().ravel()
    if not first.any():
        return small.to_numpy()
    whole = [[row * width + column for row, column in line] for line in together]
    known = [[cell for cell in line if present[cell]] for line in whole]
    counts = Counts(np.where(present, flat, 0), first, [line for line in known if line])
    targets = [{int(cell): 1} for cell in np.flatnonzero(first)]
    return hide_second(counts, policy, targets).reshape(values.shape)


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


def _round(
    shown: pd.DataFrame, hidden: pd.DataFrame, people: Sequence[str], labels: Sequence[str], policy: Policy
) -> None:
    """Round counts (in place); a total of rounded cells is their sum where that is the rule."""
    totals = np.flatnonzero(total_rows(shown, labels))
    first = shown[labels[:-1]].astype(str).agg("|".join, axis=1) if len(labels) > 1 else None
    for column in people:
        exact = shown[column].astype(float)
        shown[column] = exact.map(policy.rounded)
        for row in totals if policy.totals_from_cells else ():
            mates = pd.Series(True, index=shown.index) if first is None else first == first.iloc[row]
            mates.iloc[totals] = False
            if exact[mates].sum() == exact.iloc[row]:
                cells = shown.loc[mates & ~hidden[column], column]
                shown.iloc[row, shown.columns.get_loc(column)] = cells.sum()


def _show_texts(shown: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Round the counts in texts (in place) where the policy does; mark texts that give too few people."""
    tells = pd.DataFrame(False, index=shown.index, columns=shown.columns)
    for place, column in enumerate(shown.columns):
        texts = [may_show(cell, policy) if isinstance(cell, str) else cell for cell in shown[column]]
        told = [
            isinstance(cell, str) and text is None for cell, text in zip(shown[column], texts, strict=True)
        ]
        tells.isetitem(place, np.array(told, dtype=bool))
        if any(isinstance(text, str) for text in texts):
            kept = [
                cell if gone else text for cell, text, gone in zip(shown[column], texts, told, strict=True)
            ]
            if kept != shown[column].tolist():
                shown.isetitem(place, pd.Series(kept, index=shown.index, dtype=shown[column].dtype))
    return tells


def _log_texts(texts: pd.DataFrame, policy: Policy) -> list[dict]:
    why = f"a text that gives a count of {policy.few()} people"
    return [
        {"column": str(column), "cells": int(texts[column].sum()), "why": why}
        for column in texts.columns[texts.any()]
    ]


def _log(hidden: pd.DataFrame, people: Sequence[str], policy: Policy) -> list[dict]:
    return [
        {
            "column": str(column),
            "cells": int(hidden[column].sum()),
            "why": (
                f"counts of {policy.few()} people, and counts that would reveal them by subtraction"
                if column in people
                else f"rests on {policy.few()} people, or on the answer of a single person"
            ),
        }
        for column in hidden.columns[hidden.any()]
    ]

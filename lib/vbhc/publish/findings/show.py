"""Take a result through the door: its sentence, its figure, its table, as the vocabulary has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from vbhc import vocabulary
from vbhc.publish.alt_text import alt_text
from vbhc.publish.claims import Claim, render, values_of
from vbhc.publish.counted import Counted
from vbhc.publish.disclosure.intervals import fewest_open
from vbhc.publish.disclosure.layout import is_number
from vbhc.publish.disclosure.masking import MOST_CLOSED
from vbhc.publish.disclosure.said import may_say, may_show
from vbhc.publish.findings.made import Finding
from vbhc.publish.results import NARROW, WIDE, Drawing, Result, Table
from vbhc.wording import decimals_for

if TYPE_CHECKING:
    from vbhc.publish.findings.door import Door

ENDS = ("low", "high")


def show_result(door: Door, result: Result | None) -> list[Finding]:
    """Show what a result holds, its sentence first; nothing where there is none."""
    if result is None:
        return []
    made = [_sentence(door, result)] if any(result.says) else []
    if result.drawing is not None:
        made.append(_figure(door, result, result.drawing))
    if result.table is not None and len(result.table.frame):
        made.append(_table(door, result, result.table))
    return made


def _sentence(door: Door, result: Result) -> Finding:
    says = [one for one in result.says if one]
    kept = _may_be_said(door, result, says) if door.policy.protects else says
    claims = [one for one in kept if isinstance(one, Claim)]
    text = " ".join(render(one) if isinstance(one, Claim) else one for one in kept)
    own = result.counts if any(isinstance(one, str) for one in kept) else ()
    counts = [*own, *(count for claim in claims for count in _counts(claim))]
    less = _less(kept) if door.policy.protects and claims else ()
    return door.sentence(result.id, text, counts=counts, role=result.role, values=_values(claims), less=less)


def _may_be_said(door: Door, result: Result, says: Sequence[Claim | str]) -> list[Claim | str]:
    """Return what of a result a policy lets be said: a claim loses who is counted before it is lost itself.

    A number that rests on too few people is not said in any form. Where nothing is left all stays, for the
    door to withhold and say so.
    """
    kept: list[Claim | str] = []
    for one in says:
        forms = [one, *(_shorter(one) if isinstance(one, Claim) else ())]
        if isinstance(one, Claim) and not may_say([*_bases(one), *one.behind], door.policy):
            continue
        kept += next(([form] for form in forms if _passes(door, form, result.counts)), [])
    return kept or list(says)


def _bases(claim: Claim) -> list[int]:
    """Return how many people the number of a claim rests on, as far as it says so."""
    return [n for n in (claim.n, claim.counted.n if claim.counted else 0) if n]


def _shorter(claim: Claim) -> list[Claim | str]:
    """Return a claim without who is counted, without n, and without range; of a share n is what it says."""
    alone = replace(claim, counted=None)
    if claim.k is not None:
        return [alone]
    return [alone, replace(alone, n=0), f"{render(claim, numbers=False)}."]


def _less(says: Sequence[Claim | str]) -> list[str]:
    """Return what could be said instead, from most to least, where a count has to go later."""
    forms = [[one, *_shorter(one)] if isinstance(one, Claim) else [one] for one in says]
    depth = max(map(len, forms))
    rows = ([form[min(step, len(form) - 1)] for form in forms] for step in range(1, depth))
    return [" ".join(render(one) if isinstance(one, Claim) else one for one in row) for row in rows]


def _passes(door: Door, one: Claim | str, counts: Sequence[Any]) -> bool:
    if isinstance(one, Claim):
        text = render(one)
        closed = not one.n and fewest_open(text) < MOST_CLOSED
        return not closed and may_show(text, door.policy, _counts(one)) is not None
    return may_show(one, door.policy, counts) is not None


def _who(door: Door, counted: Counted | None) -> str:
    """Return the line of who is counted as far as the policy lets it be said, "" where it does not."""
    if counted is None:
        return ""
    forms = [counted, replace(counted, without={}), Counted(counted.n, counted.who)]
    shown = (may_show(one.sentence(), door.policy, one.counts()) for one in forms)
    return next((text for text in shown if text is not None), "")


def _counts(claim: Claim) -> list[Any]:
    own = [(claim.k, claim.n)] if claim.k is not None else [claim.n] if claim.n else []
    return [*own, *claim.behind, *(claim.counted.counts() if claim.counted else [])]


def _values(claims: Sequence[Claim]) -> dict[str, Any]:
    """Return the numbers of the first claim, and those of any further ones by their place."""
    if not claims:
        return {}
    first, *others = (values_of(claim) for claim in claims)
    return first | {f"claim_{place}": values for place, values in enumerate(others, start=2)}


def _table(door: Door, result: Result, table: Table) -> Finding:
    frame = table.frame
    _check_columns(door, frame)
    who = _who(door, result.counted)
    notes = [*table.notes, *([who] if who else [])]
    labels = {name: column.label for name in map(str, frame) if (column := vocabulary.column(name))}
    rules = {"decimals": decimals(frame), **protection(frame), **table.rules}
    return door.table(
        result.id, frame, table.caption, by=table.by, notes=notes, labels=labels | dict(table.labels), **rules
    )


def _figure(door: Door, result: Result, drawing: Drawing) -> Finding:
    frames = drawing.data.values() if isinstance(drawing.data, Mapping) else [drawing.data]
    derived: dict[str, Any] = {}
    for frame in frames:
        _check_columns(door, frame)
        for name, columns in protection(frame).items():
            derived[name] = columns if isinstance(columns, str | dict) else [*derived.get(name, []), *columns]
    counted = f" {_who(door, result.counted)}"

    def caption(data: Any) -> str:
        text = drawing.caption(data) if callable(drawing.caption) else drawing.caption
        return (text + counted).strip()

    return door.figure(
        result.id,
        drawing.data,
        drawing.draw,
        caption,
        partial(alt_text, what=drawing.alt) if isinstance(drawing.alt, str) else drawing.alt,
        title=drawing.title,
        size=(WIDE, drawing.height),
        narrow=(NARROW, drawing.narrow_height),
        panels=drawing.panels,
        narrow_panels=drawing.narrow_panels or drawing.panels[::-1],
        key=drawing.key,
        **{"counts": (), **derived, **drawing.rules},
    )


def _check_columns(door: Door, frame: pd.DataFrame) -> None:
    """Refuse a column that nothing explains."""
    names = [str(name) for name in (*frame.columns, *frame.index.names) if name is not None]
    if wrong := vocabulary.unknown(names, door.study.dictionary):
        raise ValueError(wrong)


def protection(frame: pd.DataFrame) -> dict[str, Any]:
    """Return what the roles of a frame's columns say about its protection."""
    names = list(map(str, frame.columns))
    labels = [name for name in vocabulary.by_role(names, "label") if is_number(frame[name])]
    rules: dict[str, Any] = {
        "counts": vocabulary.by_role(names, *vocabulary.PEOPLE),
        "not_people": vocabulary.by_role(names, "whole"),
        "keep": labels,
    }
    if "n" in rules["counts"]:
        rules["base"] = "n"
    if "k" in rules["counts"] and "share" in names:
        rules["shares"] = {"share": "k"}
    return rules


def decimals(frame: pd.DataFrame) -> dict[str, int | list[int]]:
    """Return the decimals of each column: the vocabulary's, or those that the row's interval needs."""
    places: dict[str, int | list[int]] = {}
    by_interval = None
    if set(ENDS) <= set(frame.columns):
        ends = frame[list(ENDS)].astype(float)
        by_interval = [decimals_for(*row) if row == row else 2 for row in ends.itertuples(index=False)]
        by_interval = [p if ends.iloc[n].notna().all() else 2 for n, p in enumerate(by_interval)]
    for name in map(str, frame.columns):
        column = vocabulary.column(name)
        if column is None:
            continue
        if column.decimals is not None:
            places[name] = column.decimals
        elif by_interval is not None and name in ("estimate", *ENDS):
            places[name] = by_interval
        else:
            places[name] = 2
    return places

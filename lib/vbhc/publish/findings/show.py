"""Take a result through the door: its sentence, its figure, its table, as the vocabulary has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vbhc import vocabulary
from vbhc.publish.claims import TIES, Claim, render, values_of
from vbhc.publish.counted import Counted
from vbhc.publish.disclosure.layout import is_number
from vbhc.publish.disclosure.policies import FEW, Policy
from vbhc.publish.disclosure.said import may_say, may_show
from vbhc.publish.either import Either, picked
from vbhc.publish.findings.made import DIGITS, Finding, coarse_decimals
from vbhc.publish.results import Drawing, Result, Table
from vbhc.wording import decimals_for

if TYPE_CHECKING:
    from vbhc.publish.findings.door import Door

ENDS = ("low", "high")
WIDE = 0.4  # from here on the range of a correlation tells how many people it is of: fewer than a hundred


def show_result(door: Door, result: Result | Either | None) -> list[Finding]:
    """Show what a result holds, its sentence first; nothing where there is none."""
    result = under(result, door.policy)
    if result is None:
        return []
    made = [_sentence(door, result)] if any(result.says) else []
    if result.drawing is not None:
        made.append(_figure(door, result, result.drawing))
    if result.table is not None and len(result.table.frame):
        made.append(_table(door, result, result.table))
    return made


def under(result: Any, policy: Policy) -> Result | None:
    """Return a result as a policy wants it: where there is one of two to show (`either`), the right one."""
    result = picked(result, policy)
    if result is None:
        return None
    says = [picked(one, policy) for one in result.says]
    table, drawing = _ruled(result.table, "frame", policy), _ruled(result.drawing, "data", policy)
    return replace(result, says=says, table=table, drawing=drawing)


def _ruled(one: Any, what: str, policy: Policy) -> Any:
    """Return a table or a figure by the rules that hold under a policy, without the columns they `drop`."""
    one = picked(one, policy)
    if one is None:
        return None
    data, rules = picked(getattr(one, what), policy), dict(one.rules)
    protected, unprotected = rules.pop("protected", {}), rules.pop("open", {})
    rules |= protected if policy.protects else unprotected
    if gone := rules.pop("drop", ()):
        data = data.drop(columns=gone).drop_duplicates()
    if isinstance(data, pd.DataFrame) and "sentence" in data:
        data = data.assign(sentence=[picked(text, policy) for text in data["sentence"]])
    return replace(one, rules=rules, **{what: data})


def _sentence(door: Door, result: Result) -> Finding:
    """Say what the policy lets be said: a claim loses who is counted before it is lost itself.

    Where nothing is left all stays, for the door to withhold and say so.
    """
    says = [one for one in result.says if one]
    if door.policy.protects:
        says = [_coarse(one, door.policy) if isinstance(one, Claim) else one for one in says]
    said = [_forms(one, result.counts) for one in says]
    if door.policy.protects:
        said = [kept for forms in said if (kept := _allowed(forms, door.policy))] or said
    first = [forms[0] for forms in said]
    claims = [claim for _, _, claim in first if claim]
    counts = [count for _, declared, _ in first for count in declared]
    shown = [[may_show(text, door.policy, declared) for text, declared, _ in forms] for forms in said]
    less = [[text for text in texts if text] for texts in shown] if door.policy.protects else ()
    text = " ".join(text for text, *_ in first)
    return door.sentence(result.id, text, counts=counts, role=result.role, values=_values(claims), less=less)


def _coarse(claim: Claim, policy: Policy) -> Claim:
    """Return a claim without how many died among those counted, and with few digits.

    Three of what is larger; no more decimals than its interval needs.
    """
    sizes = {name: getattr(claim, name) for name in ("estimate", *ENDS)}
    # beside the page's own interval that of a test of smallness gives n
    near: dict[str, Any] = {"level": None if claim.kind == "smallness" else claim.level}
    digits = DIGITS - (0 < claim.n < FEW)
    near |= {name: float(f"{size:.{digits}g}") for name, size in sizes.items() if abs(size) >= 10**DIGITS}
    if not pd.isna(claim.low + claim.high):
        needed = coarse_decimals(claim.low, claim.high, claim.n or math.inf)
        near["decimals"] = needed if claim.decimals is None else min(needed, claim.decimals)
    return replace(claim, **near, counted=claim.counted and _parts_untold(claim.counted, policy))


def _parts_untold(counted: Counted, policy: Policy) -> Counted:
    return counted.without_parts(policy.rounds_to and policy.hides_up_to)


Form = tuple[str, Sequence[Any], Claim | None]  # words, the counts that they give, the claim that they put


def _forms(one: Claim | str, counts: Sequence[Any]) -> list[Form]:
    """Return the ways to say something, from most to least: without who is left out, without n and range.

    Of a share n is what it says; how sure a correlation is tells of how many people, so both go together.
    """
    if isinstance(one, str):
        return [(one, counts, None)]
    kept = replace(one, counted=one.counted and replace(one.counted, without={}))  # that the dead are counted
    without_n = [] if one.k is not None or one.kind in TIES else [replace(kept, n=0)]
    forms: list[Form] = [(render(one), _counts(one), one)]
    forms += [(render(claim), _counts(replace(claim, counted=None)), one) for claim in (kept, *without_n)]
    if one.k is not None or one.reason:
        return forms
    return [*forms, (f"{render(one, numbers=False)}.", one.behind, None)]


def _allowed(forms: list[Form], policy: Policy) -> list[Form]:
    """Return the forms that a policy lets out; none of a number that rests on too few people."""
    claim = forms[0][2]
    bases = [n for n in (claim.n, claim.counted.n if claim.counted else 0) if n] if claim else []
    if not may_say([*bases, *(claim.behind if claim else ())], policy):
        return []
    if claim and claim.kind in TIES and not claim.n and claim.high - claim.low > WIDE:
        forms = forms[-1:]
    return [form for form in forms if may_show(form[0], policy, form[1]) is not None]


def _who(door: Door, counted: Counted | None) -> str:
    """Return the line of who is counted as far as the policy lets it be said, "" where it does not."""
    if counted is None:
        return ""
    if door.policy.protects:
        counted = _parts_untold(counted, door.policy)
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
    if door.policy.rounds_to and {"n", "n_missing"} <= {*frame}:
        # of 248, a number that everybody knows, 165 and 85 that are missing are 166 or 165
        frame = frame.drop(columns="n_missing")
    labels = {name: column.label for name in map(str, frame) if (column := vocabulary.column(name))}
    needed = coarse_decimals if door.policy.protects else decimals_for
    own, rules = decimals(frame, needed), {**protection(frame), **table.rules}
    given = rules.get("decimals", own)
    rules["decimals"] = {**own, **given} if door.policy.protects and isinstance(given, Mapping) else given
    notes = [*table.notes, *filter(None, [_who(door, result.counted)])]
    return door.table(
        result.id, replace(table, frame=frame, labels=labels | dict(table.labels), notes=notes, rules=rules)
    )


def _figure(door: Door, result: Result, drawing: Drawing) -> Finding:
    frames = drawing.data.values() if isinstance(drawing.data, Mapping) else [drawing.data]
    derived: dict[str, Any] = {}
    for frame in frames:
        _check_columns(door, frame)
        for name, columns in protection(frame).items():
            derived[name] = columns if isinstance(columns, str | dict) else [*derived.get(name, []), *columns]
    counted = f" {_who(door, result.counted)}"
    title = picked(drawing.title, door.policy)
    if isinstance(title, Claim):
        title = render(_coarse(title, door.policy) if door.policy.protects else title, numbers=False)

    def caption(data: Any) -> str:
        text = drawing.caption(data) if callable(drawing.caption) else drawing.caption
        return (text + counted).strip()

    rules = {**derived, **drawing.rules}
    return door.figure(result.id, replace(drawing, title=title, caption=caption, rules=rules))


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
    others = [name for name in names if name not in rules["counts"] + rules["not_people"] + labels]
    if "n" in rules["counts"] and any(is_number(frame[name]) for name in others):
        rules["base"] = "n"  # alone it is what a figure draws
    if "k" in rules["counts"] and "share" in names:
        rules["shares"] = {"share": "k"}
    return rules


def decimals(frame: pd.DataFrame, of: Callable = decimals_for) -> dict[str, int | list[int]]:
    """Return the decimals of each column: the vocabulary's, or those `of` the row's interval.

    Where people are protected `x` with `x_low` and `x_high` has no more than its interval needs either, and
    means of the study's own columns have one, of fewer than `FEW` people none: an age of 78.78 is the mean of
    18 or 23 people, and of no others from 10 to 26.
    """
    by_interval: dict[str, list[int]] = {}
    coarse = of is coarse_decimals
    for one in (("estimate", *ENDS), *((c, f"{c}_low", f"{c}_high") for c in frame if coarse)):
        if set(one[1:]) <= set(frame.columns):
            ends = frame[list(one[1:])].astype(float)
            sizes = frame[["n"]] if "n" in frame and coarse else frame[[]]
            rows = pd.concat([ends, sizes], axis=1).to_numpy(dtype=float, na_value=np.inf)
            needed = [of(*row) if np.isfinite(row[:2]).all() else 2 for row in rows]
            by_interval |= dict.fromkeys(one, needed)
    few = [int(n >= FEW) for n in frame["n"]] if "n" in frame and coarse else 2
    known = {name: vocabulary.column(name) for name in map(str, frame)}
    fixed = {name: column.decimals if column else few for name, column in known.items()}
    return {name: by_interval.get(name, 2) if own is None else own for name, own in fixed.items()}

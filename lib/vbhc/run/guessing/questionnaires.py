"""Questionnaires in raw files, guessed by their items: what they are called, how many, what they hold."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from vbhc.instruments.instrument import Instrument
from vbhc.instruments.registry import ALL, scales
from vbhc.run.guessing.columns import Guess
from vbhc.run.guessing.parts import Draft, stems
from vbhc.run.guessing.sources import Raw
from vbhc.study.dictionary import Column, is_number

SLIPS = 0.02  # of the answers to an item may lie where its questionnaire has none
VALUE_SETS = {"eq5d-3l": "3l-tto-uk", "eq5d-5l": "5l-vt-england"}
FIRST = ("kccq_os", "ohs", "oks")  # overall scores

Columns = Mapping[str, list[str]]  # by their names without the visit


def instruments(draft: Draft, sources: Sequence[Raw]) -> None:
    """Find questionnaires by the names of their items, or by their own name and how many items there are."""
    found: dict[str, Any] = {}
    why: dict[str, str] = {}
    for raw in (one for one in sources if one.layout in ("patients", "visits")):
        columns, taken = stems(raw, draft.keys["visits"]), set[str]()
        for one, items in (*_by_name(columns, raw), *_by_number(columns, raw)):
            name = re.sub(r"\W", "_", one.name)
            if name not in found and not set(items) & taken:
                taken |= set(items)
                found[name] = _use(one, items)
                at = [v for v in draft.keys["visits"] if f"{items[0]}_{v}" in columns[items[0]]]
                if raw.layout == "patients" and not at:
                    found[name]["once"] = True
                elif raw.layout == "patients" and len(at) < len(draft.keys["visits"]):
                    found[name]["visits"] = at
                more = "; the value set is that of your country?" if one.name in VALUE_SETS else ""
                why[name] = f"{one.label} by its items and what they hold{more}"
                _are_items(raw, one, [columns[item] for item in items])
    draft.put("instruments", found, why)


def outcome(draft: Draft) -> str:
    """Return the stem of the score that is most often the outcome: an overall score, a utility, any."""
    ends = {list(draft.keys["visits"])[end] for end in (0, -1)}
    uses = draft.keys.get("instruments", {}).values()
    often = [use for use in uses if not use.get("once") and ends <= set(use.get("visits", ends))]
    stems = []
    for use in often:
        formed = scales(use["instrument"], **{key: use[key] for key in ("value_set",) if key in use})
        stems += ["_".join(filter(None, (scale.column, use.get("suffix")))) for scale in formed]
    first = [stem for stem in stems if stem in FIRST]
    return next(iter([*first, *(stem for stem in stems if stem.endswith("index")), *stems]), "")


def _use(one: Instrument, items: list[str]) -> dict[str, Any]:
    head = items[0].removesuffix(one.items[0])
    alike = items == [f"{head}{item}" for item in one.items]
    value_set = {"value_set": VALUE_SETS[one.name]} if one.name in VALUE_SETS else {}
    same = {"suffix": "total"} if {scale.column for scale in one.scales} & set(items) else {}
    pattern = f"{head}{{item}}" if alike else items
    return {"instrument": one.name, "items": pattern, **value_set, **(same if len(items) > 1 else {})}


def _by_name(columns: Columns, raw: Raw) -> Iterator[tuple[Instrument, list[str]]]:
    names = {column.lower(): column for column in columns}
    for one in sorted(ALL, key=lambda one: -len(one.items)):
        wordy = [item for item in one.items if not item.isdigit() and one.name != "score"]
        heads = {name.removesuffix(item) for name in names for item in wordy if name.endswith(item)}
        for head in sorted(heads, key=lambda head: (len(head), head)):
            items = [names.get(f"{head}{item}", "") for item in one.items]
            if all(items) and _hold(raw, one, [columns[item] for item in items]):
                yield one, items


def _numbered(columns: Columns) -> Iterator[tuple[str, list[str]]]:
    """Yield what begins the names of items that are numbered from 1, three or more, and the items."""
    parts = [match for match in (re.fullmatch(r"(.*?\D)0?(\d+)", name) for name in columns) if match]
    for head, matches in groupby(sorted(parts, key=lambda m: (m[1], int(m[2]))), key=lambda m: m[1]):
        run = list(matches)
        if len(run) > 2 and [int(match[2]) for match in run] == list(range(1, len(run) + 1)):
            yield head, [match[0] for match in run]


def _by_number(columns: Columns, raw: Raw) -> Iterator[tuple[Instrument, list[str]]]:
    """Find numbered items whose name begins as a questionnaire's, as many as it has, with its answers."""
    for head, items in _numbered(columns):
        letters = re.sub(r"[\W_\d]+", "", head).lower()[:3]
        for one in ALL:
            said = len(letters) > 1 and letters in re.sub(r"\W", "", f"{one.name} {one.label}").lower()
            as_many = len(one.items) == len(items) and all(item.isdigit() for item in one.items)
            if said and as_many and _hold(raw, one, [columns[item] for item in items]):
                yield one, items


def _hold(raw: Raw, one: Instrument, items: Sequence[list[str]]) -> bool:
    """Whether answers lie where those of an instrument can, but for a few slips."""
    for names, (low, high) in zip(items, one.ranges, strict=True):
        for name in names:
            codes, cells = raw.guesses[name].column.missing_codes, raw.cells[name].str.strip()
            values = pd.to_numeric(cells[~cells.isin(codes)], errors="coerce").dropna()
            wrong = ~values.between(low, high) | (values % 1 != 0)
            if values.empty or wrong.mean() > SLIPS:
                return False
    return True


def _are_items(raw: Raw, one: Instrument, items: Sequence[list[str]]) -> None:
    for names, (low, high) in zip(items, one.ranges, strict=True):
        for name in names:
            column = raw.guesses[name].column
            codes = [c for c in column.missing_codes if not (is_number(c) and low <= float(c) <= high)]
            item = Column(name, column.label, "integer", min=low, max=high, missing_codes=tuple(codes))
            raw.guesses[name] = Guess(item, f"an item of {one.label}")

"""Read `quotations.yml`: which passages a study wants to show, and the names that must never stand in one."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from vbhc.problems import Problem, StudyError, did_you_mean
from vbhc.study import Study

FILE = "quotations.yml"
KEYS = ("names", "places", "may_stay", "quotations")
ENTRY_KEYS = ("sha256", "code", "shown")


@dataclass(frozen=True)
class Entry:
    """One quotation: SHA-256 of the passage, the code it stands for, and the text to show instead of it.

    `shown` is the passage with what could point at somebody replaced in [brackets]. `number` counts from 1;
    `row` is the line in the file.
    """

    sha256: str
    code: str = ""
    shown: str = ""
    number: int = 1
    row: int | None = None


@dataclass(frozen=True)
class QuotationList:
    """`quotations.yml`, checked. `names` and `places` are looked for in every quotation."""

    shown: str
    entries: tuple[Entry, ...] = ()
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    may_stay: tuple[str, ...] = ()


def read_list(study: Study) -> QuotationList:
    """Return the study's list of quotations; without a file there are none.

    Raises
    ------
    StudyError
        With everything that is wrong in the file: unknown keys ("did you mean"), a hash that is none, one
        listed twice, words that are no list.
    """
    path, shown = study.folder / FILE, study.shown(FILE)
    if not path.is_file():
        return QuotationList(shown)
    text = path.read_text(encoding="utf-8")
    try:
        raw = yaml.safe_load(text) or {}
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        what = str(getattr(error, "problem", ""))
        raise StudyError([Problem(shown, "not readable as YAML", what, row=row)]) from None
    if not isinstance(raw, dict):
        raise StudyError([Problem(shown, "no keys", f"keys: {', '.join(KEYS)}")])
    problems = [
        Problem(shown, f"unknown key {key!r}", did_you_mean(str(key), KEYS)) for key in raw if key not in KEYS
    ]
    lists = {key: _listed(raw.get(key), key, shown, problems) for key in KEYS}
    entries = _entries(lists.pop("quotations"), _rows(node), shown, problems)
    if problems:
        raise StudyError(problems)
    return QuotationList(shown, entries, **lists)


def _listed(value: object, key: str, shown: str, problems: list[Problem]) -> tuple[Any, ...]:
    """Return what a key lists: words, or quotations as they stand; nothing where it is left out."""
    if value is None:
        return ()
    if not isinstance(value, list) or not (key == "quotations" or all(map(_is_word, value))):
        wanted = "a list of `- sha256: ...`" if key == "quotations" else "a list of words"
        problems.append(Problem(shown, f"{value!r}", wanted, key))
        return ()
    return tuple(value)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _rows(node: yaml.Node | None) -> list[int]:
    """Return the line of every entry of `quotations`."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value == "quotations" and isinstance(value, yaml.SequenceNode):
            return [item.start_mark.line + 1 for item in value.value]
    return []


def _entries(items: Sequence[Any], rows: list[int], shown: str, problems: list[Problem]) -> tuple[Entry, ...]:
    found: list[Entry] = []
    for number, item in enumerate(items, start=1):
        row = rows[number - 1] if number <= len(rows) else None
        faults = list(_faults(item, {entry.sha256 for entry in found}))
        problems += [Problem(shown, *fault, f"quotation {number}", row) for fault in faults]
        if isinstance(item, dict):
            texts = {key: str(item.get(key) or "").strip() for key in ENTRY_KEYS}
            found.append(Entry(texts.pop("sha256").lower(), number=number, row=row, **texts))
    return tuple(found)


def _faults(item: object, before: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with one quotation, and what would be right; `before` are the hashes listed above it."""
    if not isinstance(item, dict):
        yield f"{item!r}", f"keys: {', '.join(ENTRY_KEYS)}"
        return
    odd = [key for key in item if key not in ENTRY_KEYS]
    if odd:
        yield f"unknown key {odd[0]!r}", did_you_mean(str(odd[0]), ENTRY_KEYS)
    sha256 = str(item.get("sha256") or "").strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        yield f"sha256 {sha256!r}", "64 hexadecimal digits"
    elif sha256 in before:
        yield "the same passage as an earlier quotation", "list it once"

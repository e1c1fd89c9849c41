"""Read `quotations.yml`: which passages a study wants to show, and the names that must never stand in one."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    words = {key: _words(raw.get(key), key, shown, problems) for key in KEYS[:3]}
    entries = _entries(raw.get("quotations"), _rows(node), shown, problems)
    if problems:
        raise StudyError(problems)
    return QuotationList(shown, entries, **words)


def _words(value: object, key: str, shown: str, problems: list[Problem]) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        problems.append(Problem(shown, f"{value!r}", "a list of words", key))
        return ()
    return tuple(value)


def _rows(node: yaml.Node | None) -> list[int]:
    """Return the line of every entry of `quotations`."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value == "quotations" and isinstance(value, yaml.SequenceNode):
            return [item.start_mark.line + 1 for item in value.value]
    return []


def _entries(value: object, rows: list[int], shown: str, problems: list[Problem]) -> tuple[Entry, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        problems.append(Problem(shown, f"{value!r}", "a list of `- sha256: ...`", "quotations"))
        return ()
    found: list[Entry] = []
    for number, item in enumerate(value, start=1):
        row = rows[number - 1] if number <= len(rows) else None
        place = f"quotation {number}"
        if not isinstance(item, dict):
            problems.append(Problem(shown, f"{item!r}", f"keys: {', '.join(ENTRY_KEYS)}", place, row))
            continue
        odd = [key for key in item if key not in ENTRY_KEYS]
        if odd:
            fix = did_you_mean(str(odd[0]), ENTRY_KEYS)
            problems.append(Problem(shown, f"unknown key {odd[0]!r}", fix, place, row))
        sha256 = str(item.get("sha256") or "").strip().lower()
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            problems.append(Problem(shown, f"sha256 {sha256!r}", "64 hexadecimal digits", place, row))
        elif sha256 in {entry.sha256 for entry in found}:
            twice = "the same passage as an earlier quotation"
            problems.append(Problem(shown, twice, "list it once", place, row))
        texts = {key: str(item.get(key) or "").strip() for key in ENTRY_KEYS[1:]}
        found.append(Entry(sha256, number=number, row=row, **texts))
    return tuple(found)

"""What a report carries besides its pages: JSON and the workbook."""

import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

from vbhc.publish.disclosure.layout import COUNT_NAME
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.said import tells_few
from vbhc.report.audit.traces import Known, in_text


def in_json(text: str, policy: Policy) -> Iterator[tuple]:
    """Yield (what, expected, place) for texts and numbers that count too few people."""
    if not policy.protects:
        return
    try:
        content = json.loads(text)
    except ValueError:
        yield "JSON that cannot be read", "a report writes JSON that programs read"
        return
    for place, value in _leaves(content, ""):
        name = place.rpartition(".")[2]
        if isinstance(value, str):
            if tells_few(value, policy):
                yield "a text that counts too few people", policy.rule, place
        elif isinstance(value, bool) or "parameters" in place or not COUNT_NAME.search(name):
            continue
        elif policy.hides(value):
            yield f"a count of {policy.few()}", policy.rule, place


def _leaves(content: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _leaves(value, f"{place}.{key}".lstrip("."))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from _leaves(value, f"{place}[{number}]")
    elif isinstance(content, str | int | float):
        yield place, content


def declared_things(folder: Path) -> dict[str, frozenset[str]]:
    """Return by table or figure ("02-value-quota-cost") its columns that count things, from findings.json."""
    try:
        found = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    declared: dict[str, frozenset[str]] = {}
    for one in [one for one in found if isinstance(one, dict)] if isinstance(found, list) else ():
        page, id = str(one.get("page")), str(one.get("id"))
        things = frozenset(map(str, one.get("things") or ()))
        # In the workbook a table's sheet is called 02-cost, cut to what a sheet's name may hold.
        declared |= {f"{page}-{id}": things, f"{page[:2]}-{id}"[:31]: things} if things else {}
    return declared


# All others hold what nobody sees: comments, programs, links, embedded files, caches, own properties.
_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(workbook|styles|sharedStrings|theme/theme1|worksheets/sheet\d+)\.xml"
)
_HIDDEN = (
    (r'<sheet\b[^>]*\bstate="(?:hidden|veryHidden)"', "a hidden sheet"),
    (r'<(?:\w+:)?(?:row|col)\b[^>]*\bhidden="(?:1|true)"', "a hidden row or column"),
    (r"<(?:\w+:)?definedName\b", "a named range"),
    (r"<(?:\w+:)?f\b[^>]*>", "a formula"),
    (r"<(?:\w+:)?(?:headerFooter|oddHeader|oddFooter)\b", "a header or footer that only print shows"),
    (r'TargetMode="External"', "a link to something outside"),
)
_MAKERS = ("vbhc", "")


def in_workbook(path: Path, known: Known) -> Iterator[tuple]:
    """Yield traces in all text of a workbook, and what it holds besides the cells that it shows."""
    with zipfile.ZipFile(path) as book:
        texts = [name for name in book.namelist() if name.endswith((".xml", ".rels", ".vml"))]
        parts = dict.fromkeys(book.namelist(), "")
        parts |= {name: book.read(name).decode("utf-8", "replace") for name in texts}
    every = "\n".join(parts.values())
    names = re.findall(r'\b(?:name|author|descr)="([^"]*)"', every)
    yield from in_text("\n".join([*names, re.sub(r"<[^>]*>", " ", every)]), known)
    for name, text in parts.items():
        if not _PARTS.fullmatch(name):
            yield "a part that no table is in", "a workbook holds its tables and nothing else", name
        for form, what in _HIDDEN:
            if re.search(form, text):
                yield what, "a workbook holds what it shows and nothing else", name
        if name.startswith("docProps/"):
            yield from _properties(name, text, known)


def _properties(name: str, text: str, known: Known) -> Iterator[tuple]:
    for tag, maker in re.findall(r"<(dc:creator|cp:lastModifiedBy|Manager|Company)>([^<]*)<", text):
        if maker.strip() not in _MAKERS:
            yield "a name in its properties", "only the suite is named there", f"{name}, {tag}"
    for value in re.findall(r">([^<]+)<", text):
        if tells_few(unescape(value), known.policy):
            yield "properties that count too few people", known.policy.rule, name

"""Read the code tree of a REFI-QDA project."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pandas as pd

from vbhc.interviews.cells import one_line
from vbhc.interviews.tables import Report, frame

SEPARATOR = " > "
_SHORT_ID = re.compile(r"^([A-Za-z]{1,3}\d{1,3}[a-z]?|\d+(?:\.\d+)+)[ :.)–-]+(\S.*)$")


def guid_of(text: str | None) -> str:
    """Return a GUID as one spelling: lower case, no braces."""
    return (text or "").strip().strip("{}").lower()


def read_codes(
    root: Element, report: Report, not_codes: frozenset[str] = frozenset()
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the code table and `{guid: code}`.

    Parameters
    ----------
    root : Element
        The project, tags without namespace.
    report : Report
        Receives what was read, guessed and dropped.
    not_codes : set of GUIDs
        GUIDs of cases: some tools list cases again among the codes.
    """
    rows = [row for code in root.iterfind("CodeBook/Codes/Code") for row in _rows_of(code)]
    not_codes -= {""}
    shared = [r for r in rows if r["guid"] in not_codes]
    report.add("dropped", "codes that are cases", len(shared), "same GUID as a case: coding says who speaks")
    rows = [r for r in rows if r["guid"] not in not_codes]
    sets = _set_names(root)
    for row in rows:
        row["sets"] = ";".join(sets.get(row["guid"], ()))
    return code_table(rows, report)


def code_row(
    names: Iterable[str], guid: str, definition: str = "", codable: bool = True, **known: str
) -> dict[str, Any]:
    """Return what is known of a code: its path from the top, its GUID; also `colour`, and its `own` name."""
    row = {"names": tuple(names), "guid": guid, "definition": definition, "codable": codable}
    return row | {"colour": "", "sets": ""} | known


def code_table(rows: list[dict], report: Report) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the code table and `{guid: code}` of rows (see `code_row`).

    A code is named by its short id if all have one, else by `own` (where a row brings it), else by its name,
    or by its path if the name stands more than once.
    """
    for row in rows:
        row["path"] = SEPARATOR.join(row["names"])
    _name(rows, report)
    by_path = {r["names"]: r["code"] for r in rows}
    for row in rows:
        row["parent"] = by_path.get(row["names"][:-1], "")
        row["theme"] = by_path.get(row["names"][:1], row["names"][0])
    report.add("read", "codes", sum(r["codable"] for r in rows))
    report.add("read", "categories (not for coding)", sum(not r["codable"] for r in rows))
    table = frame("codes", rows)
    table["codable"] = table["codable"].astype(bool)
    known = {row["guid"]: row["code"] for row in reversed(rows)}  # the first of two counts
    known.pop("", None)  # a coding that names no code must not find a code without a GUID
    report.add("warning", "codes without a GUID of their own", len(rows) - len(known), "the first counts")
    return table, known


def _rows_of(code: Element, above: tuple[str, ...] = ()) -> Iterator[dict]:
    """Yield a code and all below it, parents first."""
    names = (*above, one_line(code.get("name"), "(no name)"))
    codable = (code.get("isCodable") or "true").strip().lower() in ("true", "1")
    definition, colour = (code.findtext("Description") or "").strip(), code.get("color") or ""
    yield code_row(names, guid_of(code.get("guid")), definition, codable, colour=colour)
    for child in code.findall("Code"):
        yield from _rows_of(child, names)


def _name(rows: list[dict], report: Report) -> None:
    """Give every code a unique name: a leading id such as `V1` if all have one, else its name or path."""
    codable = [r for r in rows if r["codable"]]
    ids = {id(r): _SHORT_ID.match(r["names"][-1]) for r in codable}
    numbered = bool(codable) and all(ids.values()) and len({m[1] for m in ids.values()}) == len(codable)
    names = Counter(r["names"][-1] for r in rows)
    taken: Counter[str] = Counter()
    for row in rows:
        match = ids.get(id(row)) if numbered else None
        name = row["names"][-1]
        row["label"] = match[2] if match else name
        row["code"] = match[1] if match else row.get("own") or (name if names[name] == 1 else row["path"])
        taken[row["code"]] += 1
        if taken[row["code"]] > 1:
            row["code"] += f" ({taken[row['code']]})"
    if numbered:
        detail = "every code begins with a short id: it is the code, the rest its label"
        report.add("guessed", "code ids", len(codable), detail)
    twice = sum(n for n in names.values() if n > 1)
    report.add("guessed", "code names that stand more than once", twice, "named by their path")


def _set_names(root: Element) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for group in root.iterfind("Sets/Set"):
        for member in group.findall("MemberCode"):
            names.setdefault(guid_of(member.get("targetGUID")), []).append(group.get("name") or "")
    return names

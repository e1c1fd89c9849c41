"""Turn what a tool's project holds (sources, cases, codes, coders) into the five tables."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.interviews.cases import Case, assign
from vbhc.interviews.offsets import CONVENTIONS, Marked, Ruler, conventions, ruler
from vbhc.interviews.participants import typed
from vbhc.interviews.sources import Place, Source
from vbhc.interviews.tables import COLUMNS, EXPORT, Interviews, Report

NOT_STATED = "not stated"
TEXT_COLUMNS = ("participant", "doc", "kind", "text", "code", "parent", "seg", "comment", "coder")


class Project(NamedTuple):
    """What a reader found: sources with their marked places, cases, `{variable: name}`, the code table with
    `{code of the file: code}`, and `{user of the file: name of the coder}`."""

    sources: list[Source]
    cases: list[Case]
    variables: dict[str, str]
    codes: pd.DataFrame
    code_of: dict[str, str]
    users: dict[str, str]


def assemble(project: Project, report: Report) -> Interviews:
    """Return the five tables; what was guessed or dropped on the way is added to the report."""
    sources, cases = _without_copies(project.sources), project.cases
    case_guids, first = frozenset(c.guid for c in cases), {s.guid: s.copy_of for s in project.sources}
    for case in cases:
        case.sources = list(dict.fromkeys(first.get(guid) or guid for guid in case.sources))
    _said_by(sources, cases)
    participants, of_source, of_selection = assign(sources, cases, project.variables, report)
    texts = [s.text.plain if s.text else "" for s in sources]
    rows = [(s.doc, of_source[s.guid], s.kind, len(t), t) for s, t in zip(sources, texts, strict=True)]
    documents = pd.DataFrame(rows, columns=COLUMNS["documents"])
    places = _places(sources, of_source, of_selection, report)
    segments, merged = _segments(places, report)
    codings = _codings(project, places, merged, case_guids, report)
    report.add("read", "interviewees", len(participants))
    tables = (participants, documents, project.codes, segments, codings)
    return Interviews._make([*map(_as_text, tables), report.frame(), participants.iloc[:0]])


def assemble_own(
    sources: Iterable[Source], cases: list[Case], codes: pd.DataFrame, code_of: dict[str, str], report: Report
) -> Interviews:
    """Return the five tables of a file whose keys are no GUIDs and whose attributes are text."""
    found = assemble(Project(list(sources), cases, {}, codes.assign(guid=""), code_of, {}), report)
    people, segments = found.participants.apply(typed), found.segments.assign(guid="")
    return found._replace(participants=people, segments=segments)


def _without_copies(sources: list[Source]) -> list[Source]:
    """Return the sources, the marked places of a copy in its original: a merged project has one per coder."""
    by_guid = {source.guid: source for source in sources}
    for source in sources:
        if source.copy_of:
            original = by_guid[source.copy_of]
            original.places += source.places
            original.variables += source.variables
            original.groups += [name for name in source.groups if name not in original.groups]
    return [source for source in sources if not source.copy_of]


def _said_by(sources: list[Source], cases: list[Case]) -> None:
    """Coding a place with a case says who speaks there."""
    by_guid = {case.guid: case for case in cases}
    for source in sources:
        for place in source.places:
            for case in dict.fromkeys(by_guid[m.code].guid for m in place.codings if m.code in by_guid):
                by_guid[case].selections.append(place.guid)


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Columns of text are text in a table without rows too."""
    return table.astype(dict.fromkeys((c for c in TEXT_COLUMNS if c in table), "str"))


def _places(sources: list[Source], of_source: dict, of_selection: dict, report: Report) -> pd.DataFrame:
    """Return every marked place with plain positions, its text and whose it is."""
    marked = {}
    for source in sources:
        placed = [p for p in source.places if p.start is not None and not p.whole]
        if source.text and placed:
            ends = [(p.start, p.end) for p in placed]
            marked[source.doc] = Marked(source.text, ends, [p.words for p in placed])
    found, rows = conventions(marked, report), []
    for source in sources:
        convention = found.get(source.doc, CONVENTIONS[0])
        count = ruler(source.text, convention) if source.text else None
        own = [_row(source, place, count, convention.inclusive, report) for place in source.places]
        for row, place in zip(own, source.places, strict=True):
            row |= {"place": place, "participant": of_selection.get(place.guid, of_source[source.guid])}
        _give_to_speakers(own, of_selection)
        rows += own
    return pd.DataFrame(rows, columns=[*COLUMNS["segments"][1:], "place"])


def _give_to_speakers(rows: list[dict], of_selection: dict[str, str]) -> None:
    """In a group interview a place belongs to whoever owns the smallest marked stretch around it."""
    stretches = [r for r in rows if r["guid"] in of_selection and not np.isnan(r["start"])]
    for row in rows if stretches else ():
        around = [s for s in stretches if s["start"] <= row["start"] and row["end"] <= s["end"]]
        if around:
            row["participant"] = of_selection[min(around, key=lambda s: s["end"] - s["start"])["guid"]]


def _row(source: Source, place: Place, count: Ruler | None, inclusive: bool, report: Report) -> dict:
    row = {"doc": source.doc, "start": np.nan, "end": np.nan, "text": place.text}
    row |= {"comment": place.comment, "guid": place.guid}
    if source.text is None and source.kind == EXPORT and place.start is not None:
        return row | {"start": place.start, "end": place.end}
    if place.whole:
        return row | ({"start": 0, "end": count.length, "text": ""} if count and count.length else {})
    if count is None or place.start is None:
        return row
    end = place.end + inclusive
    if not 0 <= place.start < end <= count.before[-1]:
        report.add("warning", "places outside their text", 1, f"{source.doc}: {place.start} to {place.end}")
        return row
    start, stop = count.plain([place.start, end]).tolist()
    text = source.text.plain[start:stop]
    if place.words and place.words != text.strip() and place.words != text:
        item = "places whose words differ from the text"
        report.add("warning", item, 1, f"{source.doc}: quoted words kept")
        text = place.words
    return row | {"start": start, "end": stop, "text": text}


def _segments(places: pd.DataFrame, report: Report) -> tuple[pd.DataFrame, pd.Series]:
    """Number the places; several coders marking the very same place make one segment."""
    same = places["doc"] + "|" + places["start"].astype(str) + "|" + places["end"].astype(str)
    same = same.where(places["start"].notna(), "guid|" + places["guid"] + "|" + places.index.astype(str))
    number, _ = pd.factorize(same)
    merged = pd.Series([f"S{n + 1:05d}" for n in number], index=places.index, dtype="str")
    table = places.assign(seg=merged).drop_duplicates("seg").reset_index(drop=True)
    report.add("read", "marked places", len(places))
    report.add("read", "segments", len(table), "the same place marked twice counts once")
    bare = sum(not p.codings for p in places["place"])
    report.add("read", "marked places without a code", bare, "kept: a comment or nothing")
    return table[COLUMNS["segments"]].astype({"start": "Int64", "end": "Int64"}), merged


def _codings(
    project: Project, places: pd.DataFrame, merged: pd.Series, case_guids: frozenset[str], report: Report
) -> pd.DataFrame:
    marks = [(seg, *m) for seg, place in zip(merged, places["place"], strict=True) for m in place.codings]
    table = pd.DataFrame(marks, columns=COLUMNS["codings"], dtype="str")
    says_who, known = table["code"].isin(case_guids), table["code"].isin(project.code_of)
    report.add("dropped", "codings with a code that is not in the code book", (~says_who & ~known).sum())
    report.add("read", "places that say who speaks", int(says_who.sum()))
    table = table[known & ~says_who]
    names = table["coder"].map(lambda user: project.users.get(user) or user or NOT_STATED)
    table = table.assign(code=table["code"].map(project.code_of), coder=names)
    once = table.drop_duplicates(["seg", "code", "coder"]).reset_index(drop=True)
    report.add("dropped", "codings that repeat another", len(table) - len(once))
    once["when"] = pd.to_datetime(once["when"].replace("", None), errors="coerce", utc=True, format="ISO8601")
    report.add("read", "codings", len(once))
    report.add("read", "coders", once["coder"].nunique(), ", ".join(sorted(once["coder"].unique())[:8]))
    return once

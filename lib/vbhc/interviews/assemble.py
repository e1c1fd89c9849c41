"""Turn what a tool's project holds (sources, cases, codes, coders) into the five tables."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.interviews.cases import Case, assign
from vbhc.interviews.offsets import CONVENTIONS, POOR_FIT, Convention, Ruler, detect, ruler
from vbhc.interviews.participants import typed
from vbhc.interviews.sources import Place, Source
from vbhc.interviews.tables import (
    CODING_COLUMNS,
    DOCUMENT_COLUMNS,
    EXPORT,
    SEGMENT_COLUMNS,
    Interviews,
    Report,
    frame,
)

FIRST_DATE, LAST_DATE = (pd.Timestamp(day, tz="UTC") for day in ("1980-01-01", "2100-01-01"))
NOT_STATED = "not stated"
TEXT_COLUMNS = ("participant", "doc", "kind", "text", "code", "parent", "seg", "comment", "coder")
GOOD_FIT = 0.9  # below this score a document may count in another way than the others
FEW = 3  # places from which the way of counting of one document can be told


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
    documents = pd.DataFrame(rows, columns=list(DOCUMENT_COLUMNS))
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
    project = Project(list(sources), cases, {}, codes.assign(guid=""), code_of, {})
    found = assemble(project, report)
    return found._replace(
        participants=found.participants.apply(typed), segments=found.segments.assign(guid="")
    )


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
    conventions = _conventions(sources, report)
    rows = []
    for source in sources:
        convention = conventions.get(source.doc, CONVENTIONS[0])
        count = ruler(source.text, convention) if source.text else None
        own = [_row(source, place, count, convention.inclusive, report) for place in source.places]
        for row, place in zip(own, source.places, strict=True):
            row |= {"place": place, "participant": of_selection.get(place.guid, of_source[source.guid])}
        _give_to_speakers(own, of_selection)
        rows += own
    return pd.DataFrame(rows, columns=[*SEGMENT_COLUMNS[1:], "place"])


def _conventions(sources: list[Source], report: Report) -> dict[str, Convention]:
    """Return how the tool counted positions in each document, and say what was taken and how well it fits."""
    texts = {s.doc: s.text for s in sources if s.text}
    placed = {s.doc: [p for p in s.places if p.start is not None and not p.whole] for s in sources if s.text}
    counted = {doc: [(p.start, p.end) for p in places] for doc, places in placed.items() if places}
    quoted = {doc: [p.words for p in placed[doc]] for doc in counted}
    if not counted:
        return {}
    convention, fit, equal = detect(texts, counted, quoted)
    n = sum(len(places) for places in counted.values())
    status = "read" if len(equal) == len(CONVENTIONS) - 1 else "guessed"
    evidence = "have the words that the file quotes" if any(map(any, quoted.values())) else ""
    evidence = evidence or "of the ends stand at the border of a word"
    report.add(status, "how positions are counted", n, f"{convention}; {fit:.0%} {evidence}")
    found = dict.fromkeys(counted, convention)
    if fit < GOOD_FIT:
        found |= _single(texts, counted, quoted, convention, report)
    if fit < POOR_FIT:
        report.add("warning", "positions that cut words", n, f"only {fit:.0%} of the ends fit")
    return found


def _single(texts: dict, counted: dict, quoted: dict, common: Convention, report: Report) -> dict:
    """Return the convention of documents that clearly count in another way than the rest of the project."""
    found = {}
    for doc, places in counted.items():
        best, fit, _ = detect({doc: texts[doc]}, {doc: places}, {doc: quoted[doc]})
        if len(places) >= FEW and fit >= GOOD_FIT and best != common:
            _, own, _ = detect({doc: texts[doc]}, {doc: places}, {doc: quoted[doc]}, (common,))
            if own < POOR_FIT:
                found[doc] = best
                report.add("guessed", "documents that count in another way", 1, f"{doc}: {best}; {fit:.0%}")
    return found


def _give_to_speakers(rows: list[dict], of_selection: dict[str, str]) -> None:
    """In a group interview a place belongs to whoever owns the smallest marked stretch around it."""
    stretches = [r for r in rows if r["guid"] in of_selection and not np.isnan(r["start"])]
    for row in rows if stretches else ():
        around = [s for s in stretches if s["start"] <= row["start"] and row["end"] <= s["end"]]
        if around:
            closest = min(around, key=lambda s: s["end"] - s["start"])
            row["participant"] = of_selection[closest["guid"]]


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
    if not 0 <= place.start < end <= count.last:
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
    places = places.assign(seg=merged)
    twice = places["seg"].duplicated(keep=False) & (places["comment"] != "")
    said: dict[str, dict[str, None]] = {}
    for seg, comment in places.loc[twice, ["seg", "comment"]].itertuples(index=False):
        said.setdefault(seg, {})[comment] = None
    table = places.drop_duplicates("seg").reset_index(drop=True)
    joined = {seg: "\n".join(comments) for seg, comments in said.items()}
    table["comment"] = [joined.get(s, c) for s, c in zip(table["seg"], table["comment"], strict=True)]
    report.add("read", "marked places", len(places))
    report.add("read", "segments", len(table), "the same place marked twice counts once")
    bare = sum(not p.codings for p in places["place"])
    report.add("read", "marked places without a code", bare, "kept: a comment or nothing")
    table = table.astype({"start": "Int64", "end": "Int64"})
    return table.reindex(columns=list(SEGMENT_COLUMNS)), merged


def _codings(
    project: Project, places: pd.DataFrame, merged: pd.Series, case_guids: frozenset[str], report: Report
) -> pd.DataFrame:
    rows, unknown, who = [], 0, 0
    for seg, place in zip(merged, places["place"], strict=True):
        for code, user, when, weight in place.codings:
            if code in case_guids:
                who += 1
            elif code not in project.code_of:
                unknown += 1
            else:
                coder = project.users.get(user) or user or NOT_STATED
                row = {"seg": seg, "code": project.code_of[code], "coder": coder, "when": when}
                rows.append(row | {"weight": weight})
    report.add("dropped", "codings with a code that is not in the code book", unknown)
    report.add("read", "places that say who speaks", who)
    table = frame(rows, (*CODING_COLUMNS, "weight"))
    if weights := int(table["weight"].notna().sum()):
        report.add("read", "weights of codings", weights, "column `weight`")
    else:
        table = table.drop(columns="weight")
    once = table.drop_duplicates(["seg", "code", "coder"]).reset_index(drop=True)
    report.add("dropped", "codings that repeat another", len(table) - len(once))
    once["when"] = pd.to_datetime(once["when"].replace("", None), errors="coerce", utc=True, format="ISO8601")
    odd = (once["when"] < FIRST_DATE) | (once["when"] > LAST_DATE)
    once.loc[odd, "when"] = pd.NaT
    detail = "before 1980 or after 2100: a program's empty date"
    report.add("dropped", "dates that cannot be", int(odd.sum()), detail)
    report.add("read", "codings", len(once))
    report.add("read", "coders", once["coder"].nunique(), ", ".join(sorted(once["coder"].unique())[:8]))
    report.add("warning", "codings without a date", int(once["when"].isna().sum()))
    return once

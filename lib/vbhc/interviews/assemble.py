"""Turn what a tool's project holds (sources, cases, codes, coders) into the five tables."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.interviews.cases import Case, assign
from vbhc.interviews.offsets import CONVENTIONS, Convention, borders, detect, to_plain
from vbhc.interviews.sources import Place, Source
from vbhc.interviews.tables import (
    CODING_COLUMNS,
    DOCUMENT_COLUMNS,
    SEGMENT_COLUMNS,
    Interviews,
    Report,
    frame,
)

NOT_STATED = "not stated"
TEXT_COLUMNS = ("participant", "doc", "kind", "text", "code", "parent", "seg", "comment", "coder")
EXPORT = "export"  # a document of which only the marked places are known
POOR_FIT = 0.9  # below this share of ends at word borders the positions are in doubt


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
    sources, cases, case_guids = project.sources, project.cases, frozenset(c.guid for c in project.cases)
    for case in cases:  # coding a place with a case says who speaks there
        case.selections += [
            p.guid for s in sources for p in s.places if any(c.code == case.guid for c in p.codings)
        ]
    participants, of_source, of_selection = assign(sources, cases, project.variables, report)
    documents = frame(
        (
            {
                "doc": s.doc,
                "participant": of_source[s.guid],
                "kind": s.kind,
                "n_chars": len(s.text.plain) if s.text else 0,
                "text": s.text.plain if s.text else "",
            }
            for s in sources
        ),
        DOCUMENT_COLUMNS,
    )
    places = _places(sources, of_source, of_selection, report)
    segments, merged = _segments(places, report)
    codings = _codings(project, places, merged, case_guids, report)
    report.add("read", "interviewees", len(participants))
    tables = (participants, documents, project.codes, segments, codings)
    return Interviews(*map(_as_text, tables), report.frame())


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Columns of text are text in a table without rows too."""
    return table.astype(dict.fromkeys((c for c in TEXT_COLUMNS if c in table), "str"))


def _places(sources: list[Source], of_source: dict, of_selection: dict, report: Report) -> pd.DataFrame:
    """Return every marked place with plain positions, its text and whose it is."""
    convention = _convention(sources, report)
    rows = []
    for source in sources:
        limits = borders(source.text, convention) if source.text else None
        own = [_row(source, place, limits, report) for place in source.places]
        for row, place in zip(own, source.places, strict=True):
            row |= {"place": place, "participant": of_selection.get(place.guid, of_source[source.guid])}
        _give_to_speakers(own, of_selection)
        rows += own
    return pd.DataFrame(
        rows, columns=["doc", "participant", "start", "end", "text", "comment", "guid", "place"]
    )


def _convention(sources: list[Source], report: Report) -> Convention:
    """Return how the tool counted positions, and say what was taken and how well it fits."""
    placed = {
        s.doc: places
        for s in sources
        if s.text and (places := [p for p in s.places if p.start is not None and p.end >= 0])
    }
    counted = {doc: [(p.start, p.end) for p in places] for doc, places in placed.items()}
    quoted = {doc: [p.words for p in places] for doc, places in placed.items()}
    if not counted:
        return CONVENTIONS[0]
    convention, fit, equal = detect({s.doc: s.text for s in sources if s.text}, counted, quoted)
    n = sum(len(places) for places in counted.values())
    status = "read" if len(equal) == len(CONVENTIONS) - 1 else "guessed"
    evidence = "have the words that the file quotes" if any(map(any, quoted.values())) else ""
    evidence = evidence or "of the ends stand at the border of a word"
    detail = f"{convention}; {fit:.0%} {evidence}"
    report.add(status, "how positions are counted", n, detail)
    if fit < POOR_FIT:
        report.add("warning", "positions that cut words", n, f"only {fit:.0%} of the ends fit")
    return convention


def _give_to_speakers(rows: list[dict], of_selection: dict[str, str]) -> None:
    """In a group interview a place belongs to whoever owns the smallest marked stretch around it."""
    stretches = [r for r in rows if r["guid"] in of_selection and not np.isnan(r["start"])]
    for row in rows if stretches else ():
        around = [s for s in stretches if s["start"] <= row["start"] and row["end"] <= s["end"]]
        if around:
            closest = min(around, key=lambda s: s["end"] - s["start"])
            row["participant"] = of_selection[closest["guid"]]


def _row(source: Source, place: Place, limits: np.ndarray | None, report: Report) -> dict:
    row = {"doc": source.doc, "start": np.nan, "end": np.nan, "text": place.text}
    row |= {"comment": place.comment, "guid": place.guid}
    if source.text is None and source.kind == EXPORT and place.start is not None:
        return row | {"start": place.start, "end": place.end}
    if limits is None or place.start is None:
        return row
    last = int(limits[-1])
    end = last if place.end == -1 else place.end
    if not 0 <= place.start < end <= last:
        report.add("warning", "places outside their text", 1, f"{source.doc}: {place.start} to {place.end}")
        return row
    start, stop = (int(n) for n in to_plain([place.start, end], limits))
    text = "" if place.end == -1 else source.text.plain[start:stop]
    if place.words and place.words != text.strip() and place.words != text:
        report.add(
            "warning", "places whose words differ from the text", 1, f"{source.doc}: quoted words kept"
        )
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
    if table["weight"].isna().all():
        table = table.drop(columns="weight")
    else:
        report.add("read", "weights of codings", int(table["weight"].notna().sum()), "column `weight`")
    once = table.drop_duplicates(["seg", "code", "coder"]).reset_index(drop=True)
    report.add("dropped", "codings that repeat another", len(table) - len(once))
    once["when"] = pd.to_datetime(once["when"].replace("", None), errors="coerce", utc=True, format="ISO8601")
    report.add("read", "codings", len(once))
    report.add("read", "coders", once["coder"].nunique(), ", ".join(sorted(once["coder"].unique())[:8]))
    report.add("warning", "codings without a date", int(once["when"].isna().sum()))
    return once

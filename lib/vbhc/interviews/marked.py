"""Build a project from marked passages, as every table export lists them: who, which code, which words."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from vbhc.interviews.assemble import assemble_own
from vbhc.interviews.cases import Case
from vbhc.interviews.codebook import SEPARATOR, code_row, code_table
from vbhc.interviews.columns import Table
from vbhc.interviews.sources import Mark, Place, Source
from vbhc.interviews.tables import EXPORT, Interviews, Report

Path = tuple[str, ...]


class Passage(NamedTuple):
    """One row of an export: the codes on a passage of a document.

    doc, participant : one of them may be empty: it is then the other.
    codes : paths of the codes, topmost first; empty = a passage without a code.
    place : what tells this passage from others of the document (an id); "" = its positions and words do.
    start, end : character positions as the tool counts, None where it gives none.
    about : what its row says about the interviewee, by attribute.
    """

    doc: str
    participant: str
    codes: tuple[Path, ...]
    text: str = ""
    place: str = ""
    start: int | None = None
    end: int | None = None
    coder: str = ""
    when: str = ""
    about: Mapping[str, str] = {}


class Export(NamedTuple):
    """A table file as its tool's module understood it.

    tool : what was detected, in words.
    passages : the marked passages in file order.
    codes : `{path: definition}` of codes that the file lists, used or not.
    own : `{path: name}` of codes that keep the name the file gives them, as their hierarchy is a guess.
    people : interviewees that the file names, with or without a passage, and what it says about them.
    """

    tool: str
    passages: list[Passage]
    codes: Mapping[Path, str] = {}
    own: Mapping[Path, str] = {}
    people: Mapping[str, Mapping[str, str]] = {}


def passage_of(table: Table, row: list[str], codes: tuple[Path, ...], place: str, **known: Any) -> Passage:
    """Return the passage of a row: what its columns say, unless the caller knows better."""
    said: dict[str, Any] = {field: table.cell(row, field) for field in ("text", "coder", "when")}
    said |= {"doc": table.cell(row, "document"), "participant": "", "codes": codes, "place": place}
    said |= {"about": {header: row[at] for header, at in table.other.items()}}
    return Passage(**said | known)


def interviews_of(export: Export, report: Report) -> Interviews:
    """Return the five tables of an export; documents have no text, only their marked passages."""
    report.add("guessed", "tool", 1, export.tool)
    known = [p for p in export.passages if p.doc or p.participant]
    report.add("dropped", "rows without interviewee or document", len(export.passages) - len(known))
    alone = len({p.doc for p in known if not p.participant})
    report.add("guessed", "documents taken as one interviewee each", alone)
    passages = [p._replace(doc=p.doc or p.participant, participant=p.participant or p.doc) for p in known]
    sources = _sources(passages)
    cases = _cases(sources, passages, export, report)
    codes, code_of = code_table(_code_rows(export), report)
    report.add("read", "documents of which only marked passages are known", len(sources))
    return assemble_own(sources.values(), cases, codes, code_of, report)


def _sources(passages: list[Passage]) -> dict[str, Source]:
    """Return the documents; rows of the same passage (several codes or coders) become one place."""
    sources: dict[str, Source] = {}
    places: dict[tuple, Place] = {}
    taken: dict[tuple, list[str]] = {}
    for passage in passages:
        source = sources.setdefault(passage.doc, Source(passage.doc, passage.doc, EXPORT, None))
        key = (passage.doc, passage.participant, passage.place or (passage.start, passage.end, passage.text))
        again = _again(passage, taken.setdefault((*key, passage.codes, passage.coder), []))
        if (place := places.get((*key, again))) is None:
            place = Place(f"{len(places)}|{passage.participant}", passage.start, passage.end, passage.text)
            places[*key, again] = place
            source.places.append(place)
        place.codings += [Mark(SEPARATOR.join(p), passage.coder, passage.when) for p in passage.codes]
    return sources


def _again(passage: Passage, times: list[str]) -> int:
    """Return how often a coder gave these codes to the same words before, each time at another moment.

    Without positions of letters, the same words in one paragraph may stand there twice.
    """
    if not passage.when or passage.start is not None:
        return 0
    if passage.when not in times:
        times.append(passage.when)
    return times.index(passage.when)


def _cases(sources: dict[str, Source], passages: list[Passage], export: Export, report: Report) -> list[Case]:
    """Return the interviewees; in a document of several, each owns the passages that are his or hers."""
    speakers: dict[str, dict[str, None]] = {}
    for passage in passages:
        speakers.setdefault(passage.doc, {})[passage.participant] = None
    values = _attributes([*export.people.items(), *((p.participant, p.about) for p in passages)], report)
    names = dict.fromkeys([*export.people, *(name for of_doc in speakers.values() for name in of_doc)])
    cases = {name: Case(f"case|{name}", name, values.get(name, {})) for name in names}
    for doc, of_doc in speakers.items():
        for name in of_doc:
            if len(of_doc) == 1:
                cases[name].sources.append(doc)
            else:
                own = [p.guid for p in sources[doc].places if p.guid.partition("|")[2] == name]
                cases[name].selections += own
    return list(cases.values())


def _attributes(said: list[tuple[str, Mapping[str, str]]], report: Report) -> dict[str, dict[str, object]]:
    """Return what rows say of each interviewee; what differs from row to row is no attribute."""
    values: dict[str, dict[str, set[str]]] = {}
    for person, about in said:
        for attribute, value in about.items():
            if value:
                values.setdefault(attribute, {}).setdefault(person, set()).add(value)
    kept = [a for a, of in values.items() if all(len(v) == 1 for v in of.values())]
    report.add("guessed", "columns taken as attributes of interviewees", len(kept), ", ".join(kept))
    lost = [a for a in values if a not in kept]
    detail = f"{', '.join(lost)}: differ within an interviewee"
    report.add("dropped", "columns with a value per passage", len(lost), detail)
    found: dict[str, dict[str, object]] = {}
    for attribute in kept:
        for person, (value,) in values[attribute].items():
            found.setdefault(person, {})[attribute] = value
    return found


def _code_rows(export: Export) -> list[dict]:
    """Return a row per code and per category above one, parents first, in the order of the file."""
    used = dict.fromkeys([*export.codes, *(path for passage in export.passages for path in passage.codes)])
    ordered = dict.fromkeys(path[:depth] for path in used for depth in range(1, len(path) + 1))
    defined, own = export.codes, export.own
    return [
        code_row(path, SEPARATOR.join(path), defined.get(path, ""), path in used, own=own.get(path, ""))
        for path in ordered
    ]

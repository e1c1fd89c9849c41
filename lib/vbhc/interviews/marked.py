"""Build a project from marked passages, as every table export lists them: who, which code, which words."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from vbhc.interviews.assemble import assemble_own
from vbhc.interviews.cases import Case
from vbhc.interviews.codebook import SEPARATOR, code_row, code_table
from vbhc.interviews.columns import Table
from vbhc.interviews.dates import iso_dates
from vbhc.interviews.sources import Mark, Place, Source
from vbhc.interviews.tables import EXPORT, Interviews, Report

Path = tuple[str, ...]


class Passage(NamedTuple):
    """One row of an export: the codes on a passage of a document.

    doc, participant : one of them may be empty: it is then the other.
    codes : paths of the codes, topmost first; empty = a passage without a code.
    place : what tells this passage from others of the document (an id); "" = its positions and words do.
    start, end : character positions as the tool counts, None where it gives none.
    weights : one per code, or nothing.
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
    comment: str = ""
    weights: tuple[float | None, ...] = ()


class Export(NamedTuple):
    """A table file as its tool's module understood it.

    tool : what was detected, in words.
    passages : the marked passages in file order.
    attributes : what the rows say about interviewees: `(participant or document, attribute, value)`.
    codes : `{path: definition}` of codes that the file lists, used or not.
    own : `{path: name}` of codes that keep the name the file gives them, as their hierarchy is a guess.
    people : interviewees that the file names, with or without a passage.
    """

    tool: str
    passages: list[Passage]
    attributes: Iterable[tuple[str, str, str]] = ()
    codes: dict[Path, str] = {}  # noqa: RUF012 (a named tuple's default, never changed)
    own: dict[Path, str] = {}  # noqa: RUF012
    people: tuple[str, ...] = ()


def passage_of(table: Table, row: list[str], codes: tuple[Path, ...], place: str, **known: Any) -> Passage:
    """Return the passage of a row: what its columns say, unless the caller knows better."""
    said: dict[str, Any] = {field: table.cell(row, field) for field in ("text", "coder", "when", "comment")}
    said |= {"doc": table.cell(row, "document"), "participant": "", "codes": codes, "place": place}
    return Passage(**said | known)


def interviews_of(export: Export, report: Report) -> Interviews:
    """Return the five tables of an export; documents have no text, only their marked passages."""
    report.add("guessed", "tool", 1, export.tool)
    passages = [
        p._replace(doc=p.doc or p.participant, participant=p.participant or p.doc) for p in export.passages
    ]
    speakers: dict[str, dict[str, None]] = {}
    for passage in passages:
        speakers.setdefault(passage.doc, {})[passage.participant] = None
    alone = len({p.doc for p in export.passages if p.doc and not p.participant})
    report.add("guessed", "documents taken as one interviewee each", alone)
    sources = _sources(passages, report)
    cases = _cases(sources, speakers, export, report)
    codes, code_of = code_table(_code_rows(export), report)
    report.add("read", "documents of which only marked passages are known", len(sources))
    return assemble_own(sources.values(), cases, codes, code_of, report)


def _sources(passages: list[Passage], report: Report) -> dict[str, Source]:
    """Return the documents; rows of the same passage (several codes or coders) become one place."""
    times = iso_dates([p.when for p in passages], report)
    sources: dict[str, Source] = {}
    places: dict[tuple, Place] = {}
    taken: dict[tuple, dict[tuple, list[str]]] = {}
    for passage, when in zip(passages, times, strict=True):
        source = sources.setdefault(passage.doc, Source(passage.doc, passage.doc, EXPORT, None))
        own = passage.place or (passage.start, passage.end, passage.text)
        again = _again(passage, when, taken.setdefault((passage.doc, passage.participant, own), {}))
        key = (passage.doc, passage.participant, own, again)
        place = places.get(key)
        if place is None:
            place = Place(f"{len(places)}|{passage.participant}", passage.start, passage.end, passage.text)
            places[key] = place
            source.places.append(place)
        if passage.comment and passage.comment not in place.comment:
            place.comment = "\n".join(filter(None, (place.comment, passage.comment)))
        weights = passage.weights or (None,) * len(passage.codes)
        place.codings += [
            Mark(SEPARATOR.join(path), passage.coder, when, weight)
            for path, weight in zip(passage.codes, weights, strict=True)
        ]
    return sources


def _again(passage: Passage, when: str, taken: dict[tuple, list[str]]) -> int:
    """Return how often a coder gave these codes to the same words before, each time at another moment.

    Without positions of letters, the same words in one paragraph may stand there twice.
    """
    times = taken.setdefault((passage.codes, passage.coder), [])
    if not when or passage.start is not None:
        return 0
    if when not in times:
        times.append(when)
    return times.index(when)


def _cases(
    sources: dict[str, Source], speakers: dict[str, dict[str, None]], export: Export, report: Report
) -> list[Case]:
    """Return the interviewees; in a document of several, each owns the passages that are his or hers."""
    cases: dict[str, Case] = {}

    def case(name: str) -> Case:
        return cases.setdefault(name, Case(f"case|{name}", name))

    for name in export.people:
        case(name)
    for doc, names in speakers.items():
        for name in names:
            if len(names) == 1:
                case(name).sources.append(doc)
            else:
                own = [p.guid for p in sources[doc].places if p.guid.partition("|")[2] == name]
                case(name).selections += own
    _attributes(export, speakers, case, report)
    return list(cases.values())


def _attributes(
    export: Export, speakers: dict[str, dict[str, None]], case: Callable[[str], Case], report: Report
) -> None:
    """Give interviewees what their rows say about them; what differs from row to row is no attribute."""
    values: dict[str, dict[str, set[str]]] = {}
    for who, attribute, value in export.attributes:
        people = [who] if who not in speakers else list(speakers[who])
        for person in people if value else ():
            values.setdefault(attribute, {}).setdefault(person, set()).add(value)
    kept = {a for a, of in values.items() if all(len(v) == 1 for v in of.values())}
    for attribute in values:
        for person, found in values[attribute].items() if attribute in kept else ():
            case(person).values[attribute] = next(iter(found))
    names = ", ".join(a for a in values if a in kept)
    report.add("guessed", "columns taken as attributes of interviewees", len(kept), names)
    lost = [a for a in values if a not in kept]
    detail = f"{', '.join(lost)}: differ within an interviewee"
    report.add("dropped", "columns with a value per passage", len(lost), detail)


def _code_rows(export: Export) -> list[dict]:
    """Return a row per code and per category above one, parents first, in the order of the file."""
    used = dict.fromkeys([*export.codes, *(path for passage in export.passages for path in passage.codes)])
    ordered = dict.fromkeys(path[:depth] for path in used for depth in range(1, len(path) + 1))
    defined, own = export.codes, export.own
    return [
        code_row(path, SEPARATOR.join(path), defined.get(path, ""), path in used, own=own.get(path, ""))
        for path in ordered
    ]

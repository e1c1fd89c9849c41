"""Who was interviewed: cases and variables of a REFI-QDA project, turned into interviewees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import pandas as pd

from vbhc.interviews.cells import one_line, yes
from vbhc.interviews.codebook import guid_of
from vbhc.interviews.sources import Source
from vbhc.interviews.tables import Report

SHARED = "group interviews of which nobody is the speaker"
_TYPES: dict[str, Callable[[str], object]] = {"IntegerValue": int, "FloatValue": float, "BooleanValue": yes}


@dataclass
class Case:
    """One case: its name ("" if it has none), attributes, sources, selections and codes."""

    guid: str
    name: str
    values: dict[str, object] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    selections: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


def read_cases(root: Element, report: Report) -> tuple[list[Case], dict[str, str]]:
    """Return the cases in file order and `{variable GUID: name}`."""
    names = {guid_of(v.get("guid")): v.get("name") or "" for v in root.iterfind("Variables/Variable")}
    cases = []
    for element in root.iterfind("Cases/Case"):
        values = values_of(element.findall("VariableValue"), names, report)
        refs = [element.findall(kind) for kind in ("SourceRef", "SelectionRef", "CodeRef")]
        guids = ([guid_of(ref.get("targetGUID")) for ref in found] for found in refs)
        cases.append(Case(guid_of(element.get("guid")), one_line(element.get("name")), values, *guids))
    report.add("read", "cases", len(cases))
    report.add("read", "variables", len(names))
    return cases, names


def read_groups(root: Element, sources: list[Source], report: Report) -> None:
    """Tell each source the sets it is in: document groups of MAXQDA and ATLAS.ti, sets of NVivo.

    Who has no cases often keeps clinicians and managers in groups of documents.
    """
    by_guid = {source.guid: source for source in sources}
    held: list[str] = []
    lost = 0
    for group in root.iterfind("Sets/Set"):
        name = one_line(group.get("name"))
        members = [by_guid.get(guid_of(m.get("targetGUID"))) for m in group.findall("MemberSource")]
        for source in filter(None, members):
            if name and name not in source.groups:
                source.groups.append(name)
        held += [name] * any(members)
        lost += members.count(None)
    several = sum(len(source.groups) > 1 for source in sources)
    names = f"as document_group: {', '.join(held[:5])}" if held else ""
    report.add("read", "groups of documents", len(held), names)
    report.add("guessed", "documents in several groups", several, "document_group holds all their names")
    report.add("dropped", "members of groups that are not there", lost)


def values_of(elements: list[Element], names: Mapping[str, str], report: Report) -> dict[str, object]:
    """Return the values of variables by name: numbers and truth values as such, all else as text."""
    values: dict[str, object] = {}
    for element in elements:
        ref = element.find("VariableRef")
        name = names.get(guid_of(ref.get("targetGUID")) if ref is not None else "")
        typed = next((c for c in element if c.tag.endswith("Value") and (c.text or "").strip()), None)
        if name is None:
            report.add("dropped", "values of an undeclared variable")
        elif typed is not None:
            values[name] = _value(typed)
    return values


def _value(typed: Element) -> object:
    text = typed.text.strip()
    try:
        return _TYPES.get(typed.tag, str)(text)
    except ValueError:
        return text


def assign(
    sources: list[Source], cases: list[Case], variables: Mapping[str, str], report: Report
) -> tuple[pd.DataFrame, dict[str, str], dict[str, str]]:
    """Decide whose interview each source is.

    A named case is an interviewee; a case without a name holds the attributes of its source (MAXQDA,
    Quirkos). A source in several named cases belongs to the person, not to the hospital (a case whose sources
    all stand in smaller cases); of several persons, a group interview, it belongs to nobody as a whole. A
    source in no case is its own interviewee, unless parts of it belong to cases.

    Returns
    -------
    participants : DataFrame
        `participant`, one column per variable, and `document_group` where sources are in groups.
    of_source : dict
        Interviewee by source GUID ("" where only parts of it belong to somebody).
    of_selection : dict
        Interviewee by selection GUID, where a case names single selections.
    """
    named = [c for c in cases if c.name]
    in_parts = {p.guid: s.guid for s in sources for p in s.places}
    of_selection = {guid: c.name for c in named for guid in c.selections if guid in in_parts}
    shared = {in_parts[guid] for guid in of_selection}
    values: dict[str, dict[str, object]] = {c.name: {} for c in named}
    of_source = {s.guid: _owner(s, named, s.guid in shared, values, report) for s in sources}
    for case in cases:
        for person in [case.name] if case.name else [of_source.get(guid, "") for guid in case.sources]:
            if person in values:
                values[person] |= case.values
    for source in sources:
        if of_source[source.guid] in values:
            values[of_source[source.guid]] |= values_of(source.variables, variables, report)
    _add_groups(values, sources, of_source)
    values = _without_collections(values, named, of_source, of_selection)
    _say(sources, cases, of_source, values, report)
    table = pd.DataFrame([{"participant": name, **row} for name, row in values.items()])
    columns = ["participant", *[c for c in table if c != "participant"]]
    return table.reindex(columns=columns), of_source, of_selection


def _add_groups(values: dict[str, dict], sources: list[Source], of_source: dict[str, str]) -> None:
    """Give interviewees the groups of their documents, unless a variable says `document_group` already."""
    groups: dict[str, set[str]] = {}
    for source in sources:
        groups.setdefault(of_source[source.guid], set()).update(source.groups)
    for person, names in groups.items():
        if names and person in values:
            values[person].setdefault("document_group", "; ".join(sorted(names)))


def _owner(source: Source, named: list[Case], shared: bool, values: dict, report: Report) -> str:
    """Return whose interview a source is and make room for that person's attributes."""
    owners = sorted((c for c in named if source.guid in c.sources), key=lambda c: len(c.sources))
    if not owners and shared:
        return ""
    persons = [c for c in owners if not _collects(c, named)] or owners[:1]
    for case in persons:
        values.setdefault(case.name, {})
    if len(persons) > 1:
        names = ", ".join(sorted(case.name for case in persons))
        report.add("warning", SHARED, 1, f"{source.doc}: in the cases {names}; its codes count for nobody")
        return ""
    person = persons[0].name if persons else source.doc
    values.setdefault(person, {})
    if len(owners) > 1:
        values[person]["also_in"] = "; ".join(sorted(c.name for c in owners if c.name != person))
        report.add("guessed", "sources in several cases", 1, f"{source.doc}: taken as {person}")
    return person


def _collects(case: Case, named: list[Case]) -> bool:
    """Whether all sources of a case stand in smaller cases too: a hospital or a role, and no person."""
    smaller = [set(c.sources) for c in named if len(c.sources) < len(case.sources)]
    return len(case.sources) > 1 and all(any(guid in own for own in smaller) for guid in case.sources)


def _without_collections(values: dict, named: list[Case], of_source: dict, of_selection: dict) -> dict:
    """Leave out cases that only collect sources which belong to somebody else (a hospital, a role)."""
    people = {*of_source.values(), *of_selection.values()}
    collections = {c.name for c in named if c.sources and c.name not in people}
    return {name: row for name, row in values.items() if name not in collections}


def _say(sources: list[Source], cases: list[Case], of_source: dict, values: dict, report: Report) -> None:
    alone = [s.doc for s in sources if not any(s.guid in c.sources for c in cases) and of_source[s.guid]]
    report.add("guessed", "sources in no case", len(alone), "each taken as one interviewee")
    nameless = sum(not c.name for c in cases)
    report.add("guessed", "cases without a name", nameless, "taken as the attributes of their source")
    owned = list(of_source.values())
    several = sorted({p for p in owned if p and owned.count(p) > 1})
    detail = f"counted as one interviewee each: {', '.join(several[:5])}"
    report.add("guessed", "interviewees with several sources", len(several), detail)
    empty = [c.name for c in cases if c.name in values and not c.sources and not c.selections]
    report.add("warning", "cases without a source", len(empty), ", ".join(empty[:5]))
    lost = sum(guid not in of_source for c in cases for guid in c.sources)
    report.add("dropped", "references of cases to sources that are not there", lost)
    report.add("dropped", "codes given to a whole case", sum(len(c.codes) for c in cases), "no marked place")

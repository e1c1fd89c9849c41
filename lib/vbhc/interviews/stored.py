"""What the databases of programs have in common: codes in a tree, places in sources, parts given to cases."""

from collections.abc import Hashable, Iterable, Mapping

from vbhc.interviews.cases import Case
from vbhc.interviews.sources import Place, Source
from vbhc.interviews.tables import Report

DEEPEST = 100
Sources = Mapping[int | None, Source]
Cases = Mapping[int | None, Case]


def line_up(key: Hashable, above: Mapping) -> list:
    """Return a code's key and the keys above it, topmost first; a circle ends at the deepest level."""
    found: list[Hashable] = []
    while key in above and len(found) < DEEPEST:
        found.append(key)
        key = above[key]
    return found[::-1]


def put(places: Iterable[tuple[Source | None, Place]]) -> int:
    """Put marked places into their sources; return how many belong to a source that is not there."""
    lost = 0
    for source, place in places:
        if source is None:
            lost += 1
        else:
            source.places.append(place)
    return lost


def give_parts(cases: Cases, sources: Sources, parts: Iterable[tuple], report: Report) -> None:
    """Give cases whole sources, or places in them: `(GUID, case, source, start, end)` of each part."""
    lost = 0
    for guid, case_number, source_number, start, end in parts:
        case, source = cases.get(case_number), sources.get(source_number)
        if case is None or source is None:
            lost += 1
            continue
        length = len(source.text.plain) if source.text else 0
        if start is None or end is None or end <= start or (start == 0 and end >= length - 1):
            case.sources += [source.guid] * (source.guid not in case.sources)
        else:
            source.places.append(Place(guid, start, end, comment=f"said by {case.name}"))
            case.selections.append(guid)
    report.add("dropped", "parts of cases that are not there", lost)
    report.add("read", "cases", len(cases))


def give_values(cases: Cases, sources: Sources, values: Iterable[tuple], report: Report) -> list[Case]:
    """Give attributes, `("case" or "file", number, name, value)`, to cases and files.

    Returns
    -------
    list of Case
        The cases, then one without a name for each file with attributes.
    """
    of_file: dict[int | None, Case] = {}
    unknown = 0
    for kind, number, name, value in values:
        case = cases.get(number) if kind == "case" else None
        if kind == "file" and number in sources:
            case = of_file.setdefault(number, Case(f"file {number}", "", sources=[sources[number].guid]))
        unknown += case is None
        if case is not None and name and value:
            case.values[name] = value
    report.add("dropped", "attributes of what is not there", unknown)
    return [*cases.values(), *of_file.values()]

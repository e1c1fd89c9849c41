"""Read a finished report as an outsider would and name what should not be in it.

Independent of the door: this looks at the files alone (HTML, SVG, CSV, JSON, XLSX), and knows the study only
for its key column, its policy and the quotations that may be published. `report.build` makes a report right
and fails where this finds that it is not.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from vbhc.problems import Problem
from vbhc.report.audit.declared import declared_things
from vbhc.report.audit.drawn import in_drawing
from vbhc.report.audit.json_files import in_json
from vbhc.report.audit.known import Known, known_of
from vbhc.report.audit.markup import counts_on_page, in_markup
from vbhc.report.audit.pairs import together
from vbhc.report.audit.tables import Table, in_table
from vbhc.report.audit.traces import in_text
from vbhc.report.audit.workbooks import hidden_in_workbook, sheets_of, text_of
from vbhc.report.processes import shared_out
from vbhc.study import Study

__all__ = ["audit"]
MARKUP, TEXT = (".html", ".svg"), (".csv", ".json", ".txt")


def audit(study: Study, folder: Path, jobs: int = 1) -> list[Problem]:
    """Return everything that a report folder holds and should not.

    Parameters
    ----------
    study : Study
        For its key column, its policy, and its list of quotations (`quotations.yml`, if there is one).
    folder : Path
        The finished report.
    jobs : int
        How many processes share the files (`vbhc.report.processes`).

    Returns
    -------
    list of Problem
        Empty where nothing was found: identifiers; counts under the threshold in tables, sentences, captions,
        attributes and drawings, behind percentages, or as the difference of two tables; what is hidden from
        readers (comments, hidden sheets, invisible characters); outputs without a mark; quotations that are
        not on the list; what a browser would load or run; paths and user names of the machine; formulas in
        tables. What one rule finds several times at one place is told once.
    """
    known, things = known_of(study), declared_things(folder)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    from vbhc.publish.quotations.pages import listener

    said, strays = listener(study)

    def look(path: Path) -> tuple[_Read, list[Problem]]:
        return _read(path, folder, known, things), strays(path, folder)

    # The workbook takes longest, then what is large; what was found is told in the order of the files.
    heavy = sorted(paths, key=lambda path: (path.suffix != ".xlsx", -path.stat().st_size))
    looked = dict(zip(heavy, shared_out([partial(look, path) for path in heavy], jobs), strict=True))
    read = [looked[path][0] for path in paths]
    said = said + [one for path in paths for one in looked[path][1]]
    found = [problem for one in read for problem in one.problems]
    if known.policy.protects and not known.policy.rounds_to:
        tables = {name: rows for one in read for name, rows in one.tables.items()}
        pages = {name: counts for one in read for name, counts in one.counts.items()}
        found += together(tables, pages, things, known)
    return list(_once([*found, *said]))


class _Read(NamedTuple):
    """What was found in one file, and what is held against other files: its table, the counts of a page."""

    problems: list[Problem]
    tables: dict[str, Table]
    counts: dict[str, set[float]]


def _read(path: Path, folder: Path, known: Known, things: Mapping[str, Collection[str]]) -> _Read:
    shown = path.relative_to(folder).as_posix()
    sheets = _tables(path, shown)
    problems = [Problem(shown, *one) for one in _in_file(path, known)]
    for name, rows in sheets.items():
        problems += [Problem(name, *one) for one in in_table(rows, known, things.get(_stem(name), ()))]
    counts = {}
    if path.suffix == ".html" and known.policy.protects:
        counts[shown] = counts_on_page(path.read_text(encoding="utf-8"))
    return _Read(problems, sheets if path.suffix == ".csv" else {}, counts)


def _in_file(path: Path, known: Known) -> Iterator[tuple]:
    if path.suffix == ".xlsx":
        yield from in_text(text_of(path), known)
        yield from hidden_in_workbook(path, known)
        return
    if path.suffix not in (*MARKUP, *TEXT):
        yield f"a {path.suffix or 'nameless'} file", "nothing writes such a file"
        return
    text = path.read_text(encoding="utf-8")
    if path.suffix in MARKUP:
        yield from in_markup(text, path.suffix, known)
    else:
        yield from in_text(text, known, user=path.suffix != ".json")
    if path.suffix == ".svg":
        yield from in_drawing(text, known.policy)
    if path.suffix == ".json":
        yield from in_json(text, known.policy)


def _tables(path: Path, shown: str) -> dict[str, Table]:
    if path.suffix == ".xlsx":
        return {f"{shown}, sheet {name}": rows for name, rows in sheets_of(path).items()}
    if path.suffix == ".csv":
        return {shown: list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))}
    return {}


def _stem(name: str) -> str:
    """The name of a table or figure: tables/02-value-quota-cost.csv is 02-value-quota-cost."""
    return name.rpartition("/")[2].rpartition(", sheet ")[2].removesuffix(".csv")


def _once(found: Iterable[Problem]) -> Iterator[Problem]:
    """Tell what one rule finds several times in one file and column once, at its first place."""
    groups: dict[tuple, list[Problem]] = {}
    for one in found:
        column = "" if one.column.startswith("line ") else one.column
        groups.setdefault((one.file, column, one.found, one.expected), []).append(one)
    for (file, _, what, expected), same in groups.items():
        places = {(one.column, one.row) for one in same}
        more = f" (and {len(places) - 1} more times)" if len(places) > 1 else ""
        yield Problem(file, what + more, expected, same[0].column, same[0].row)

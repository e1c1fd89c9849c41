"""Read a finished report as an outsider would and name what should not be in it.

Independent of the door: this looks at the files alone (HTML, SVG, CSV, JSON, XLSX).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from vbhc import files
from vbhc.problems import Problem
from vbhc.publish.disclosure.outside import Table, read_table
from vbhc.publish.disclosure.policies import get_policy
from vbhc.report.audit.downloads import declared_things, in_json, in_workbook
from vbhc.report.audit.markup import counts_on_page, in_markup
from vbhc.report.audit.tables import in_table, stem, together
from vbhc.report.audit.traces import Known, identifiers, in_text, people_of
from vbhc.study import Study

__all__ = ["audit"]
MARKUP, TEXT = (".html", ".svg"), (".csv", ".json", ".txt")


def audit(study: Study, folder: Path) -> list[Problem]:
    """Return everything that the folder of a finished report holds and should not (docs/publishing.md).

    The study is known for its key column, its policy, and its interviews. What one rule finds several
    times at one place is told once.
    """
    from vbhc.publish.quotations.pages import listener

    unfit, heard = listener(study)
    policy, things = get_policy(study.config.disclosure), declared_things(folder)
    known = Known(policy, identifiers(study) if policy.protects else frozenset(), people_of(study), heard)
    tables: dict[str, Table] = {}
    found, pages = list(unfit), {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        shown = path.relative_to(folder).as_posix()
        found += [Problem(shown, *one) for one in _in_file(path, known)]
        for name, rows in _tables(path, shown).items():
            found += [Problem(name, *one) for one in in_table(rows, known, things.get(stem(name), ()))]
            tables |= {name: rows} if path.suffix == ".csv" else {}
        if path.suffix == ".html" and policy.protects:
            pages[shown] = counts_on_page(path)
    if policy.protects and not policy.rounds_to:
        found += together(tables, pages, things, known)
    return list(_once(found))


def _in_file(path: Path, known: Known) -> Iterator[tuple]:
    if path.suffix == ".xlsx":
        yield from in_workbook(path, known)
        return
    if path.suffix not in (*MARKUP, *TEXT):
        yield f"a {path.suffix or 'nameless'} file", "nothing writes such a file"
        return
    text = path.read_text(encoding="utf-8")
    if path.suffix in MARKUP:
        yield from in_markup(text, path.suffix, known)
    else:
        yield from in_text(text, known, user=path.suffix != ".json")
        lines = enumerate(text.splitlines(), start=1) if path.suffix != ".csv" else ()
        yield from ((*one, "", number) for number, line in lines for one in known.heard(line))
    if path.suffix == ".json":
        yield from in_json(text, known.policy)


def _tables(path: Path, shown: str) -> dict[str, Table]:
    if path.suffix == ".xlsx":  # every sheet, hidden ones included
        return {f"{shown}, sheet {one.sheet}": files.grid(one) for one in files.read_sheets(path)}
    if path.suffix == ".csv":
        return {shown: read_table(path.read_text(encoding="utf-8"))}
    return {}


def _once(found: Iterable[Problem]) -> Iterator[Problem]:
    """Tell what one rule finds several times in a file, or a column of a table, once, at its first place."""
    groups: dict[tuple, list[Problem]] = {}
    for one in found:
        column = "" if one.row is None else one.column
        groups.setdefault((one.file, column, one.found, one.expected), []).append(one)
    for same in groups.values():
        more = f" (and {len(same) - 1} more times)" if len(same) > 1 else ""
        yield replace(same[0], found=same[0].found + more)

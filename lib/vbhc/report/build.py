"""Write the report folder of a study."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import nbformat

from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.findings.marks import NARROW, drawings_of, marked_outputs
from vbhc.report.audit import audit
from vbhc.report.audit.known import people_of
from vbhc.report.changes import CHANGES, changes_csv, changes_since
from vbhc.report.check import verify
from vbhc.report.compare import Change
from vbhc.report.downloads import CRATE, FINDINGS, WORKBOOK, crate_json, findings_json, workbook
from vbhc.report.drawings import file_svg
from vbhc.report.index import index_html
from vbhc.report.markdown import ReportError
from vbhc.report.page import Page, check_origin, read_page
from vbhc.report.processes import shared_out
from vbhc.report.provenance import published
from vbhc.report.story import page_html
from vbhc.report.supplement import INDEX, home_of
from vbhc.report.texts import typed_texts
from vbhc.report.whole import protect, withheld_csv
from vbhc.study import Study

EDITIONS = ("public", "internal")


def build(
    study: Study,
    executed: Mapping[str, Path],
    out: Path,
    run_info: Mapping[str, Any],
    edition: str = "public",
    jobs: int = 1,
) -> None:
    """Write the whole report into `out`: pages, index, tables (CSV, one XLSX), figures as SVG, `run.json`.

    What the tables of a public report together would reveal is withheld first; `withheld.csv` lists what
    and why.

    The same inputs give the same bytes: nothing written holds a clock time or a path. Findings that differ
    from the report that stands published are listed on the summary page and in `changes.csv`.

    Parameters
    ----------
    executed : mapping
        Executed notebooks by name, in reading order.
    out : Path
        An empty folder; putting it in its place is the caller's part.
    run_info : mapping
        What the run was made of (`vbhc.run.provenance.run_info`).
    edition : str
        "public": outputs with a mark only. "internal": all outputs, for the analysts alone.
    jobs : int
        How many processes share the work (`vbhc.report.processes`).

    Raises
    ------
    ReportError
        If a page may not be published: a figure without alt text, a formula that cannot be shown, one id for
        two findings, a finding that is missing from its page, or anything that `vbhc.report.audit` finds.
    """
    if edition not in EDITIONS:
        raise ReportError(f"unknown edition {edition!r}; known: {', '.join(EDITIONS)}")
    out.mkdir(parents=True, exist_ok=True)
    info = published(run_info, study)
    notebooks = {name: nbformat.read(path, as_version=4) for name, path in executed.items()}
    for name, notebook in notebooks.items():
        check_origin(study, name, notebook)
    policy = get_policy(study.config.disclosure)
    if edition == "public":
        protect(notebooks, policy, people_of(study), typed_texts(study, notebooks))
    pages = [read_page(study, name, path, info, notebooks[name]) for name, path in executed.items()]
    changes = changes_since(study.report, pages, policy) if edition == "public" else []
    _write_pages(out, study, pages, info, edition, changes, jobs)
    _write(out / FINDINGS, findings_json(pages))
    if changes:
        _write(out / CHANGES, changes_csv(changes))
    if policy.protects and edition == "public":
        _write(out / "withheld.csv", withheld_csv(notebooks))
    _write(out / "run.json", json.dumps(info, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    _write(out / CRATE, crate_json(study, info, out))
    verify(out, {page.name: page.notebook for page in pages}, edition)
    leaks = audit(study, out, jobs) if edition == "public" else []
    if leaks:
        more = [f"... and {len(leaks) - 20} more"] if len(leaks) > 20 else []
        raise ReportError("\n".join(["it would publish what it may not:", *map(str, leaks[:20]), *more]))


def _write_pages(
    out: Path,
    study: Study,
    pages: Sequence[Page],
    info: Mapping[str, Any],
    edition: str,
    changes: Sequence[Change],
    jobs: int,
) -> None:
    """Write pages, their files, index and workbook; the page that explains the words of all comes late."""
    home, named = home_of(pages), {page.name: page for page in pages}

    def write(name: str, terms: Collection[str] = ()) -> set[str]:
        page, given = named.get(name), (pages, info, edition, changes, terms)
        html, met = page_html(study, page, *given) if page else index_html(study, *given)
        _write(out / f"{name}.html", html)
        if page:
            _write_files(out, page)
        return met

    others = [name for name in (*named, INDEX) if name != home]
    met = set().union(*shared_out([partial(write, name) for name in others], jobs))
    last: list[Callable[[], Any]] = [partial(write, home, met)]
    last.append(lambda: (out / WORKBOOK).write_bytes(workbook(pages, study.config.title)))
    shared_out(last, jobs)


def _write_files(out: Path, page: Page) -> None:
    for _, output, finding in marked_outputs(page.notebook):
        name = f"{page.name}-{finding['id']}"
        if finding["kind"] == "table":
            _write(out / "tables" / f"{name}.csv", finding["csv"])
        elif finding["kind"] == "figure":
            for kind, svg in drawings_of(output).items():
                end = "-narrow" if kind == NARROW else ""
                _write(out / "figures" / f"{name}{end}.svg", file_svg(svg, finding["alt"]))
            _write(out / "figures" / f"{name}.csv", finding["csv"])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")

"""What changed since the last published run: kept beside the report, shown in its supplement."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.findings.table_text import csv_text, neutral
from vbhc.publish.notebook_files import reads_all
from vbhc.report.compare import Change, compare_findings, gathered, publishable, read_run
from vbhc.report.page import Page

CHANGES = "changes.csv"


def changes_since(published: Path, pages: Sequence[Page], policy: Policy) -> list[Change]:
    """Return which findings differ from the report that stands published now.

    What the summary and its companions repeat is left out. Where nothing differs, the changes that the
    published report shows still hold: a report built again is the same report.
    """
    if not (published / "findings.json").is_file():
        return []
    now = gathered((page.name, finding) for page in pages for finding in page.findings)
    found = [one for one in compare_findings(read_run(published), now) if not reads_all(one.place)]
    return publishable(found or read_changes(published), policy)


def read_changes(folder: Path) -> list[Change]:
    """Return the changes that a report shows."""
    path = folder / CHANGES
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return [Change("findings", *row) for row in list(csv.reader(handle))[1:]]


def changes_csv(changes: Sequence[Change]) -> str:
    """Return changes as CSV: place, what, old, new."""
    return csv_text([("place", "what", "old", "new"), *(map(_once, change[1:]) for change in changes)])


def _once(cell: str) -> str:
    return cell if cell.startswith("'") else neutral(cell)

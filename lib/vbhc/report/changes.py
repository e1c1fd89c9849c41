"""What changed since the last published run: kept beside the report, shown in its supplement."""

import csv
from collections.abc import Sequence
from pathlib import Path

from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.findings.table_text import csv_text, neutral
from vbhc.publish.notebook_files import reads_all
from vbhc.report.compare import Change, compare_findings, gathered, publishable, read_run
from vbhc.report.page import Page

CHANGES = "changes.csv"
AROUND, WORDS = 3, 16  # of a text that a page shows: words beside a difference, words in all


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


def in_short(change: Change) -> Change:
    """Return a change with the words that differ and a few around them; the file has the whole texts.

    >>> old = "the mean gain of all the patients was 1.22 points"
    >>> new = old.replace("1.22", "1.28")
    >>> in_short(Change("findings", "02#x", "sentence", old, new))[3:]
    ('... the patients was 1.22 points', '... the patients was 1.28 points')
    """
    old, new = change.old.split(), change.new.split()
    if not old or not new:
        return change._replace(old=_cut(old, 0, WORDS), new=_cut(new, 0, WORDS))
    start = _alike(old, new)
    end = min(_alike(old[::-1], new[::-1]), min(len(old), len(new)) - start)
    first = max(start - AROUND, 0)
    old_end, new_end = (len(words) - max(end - AROUND, 0) for words in (old, new))
    return change._replace(old=_cut(old, first, old_end), new=_cut(new, first, new_end))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words are the same from the start."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _cut(words: Sequence[str], start: int, end: int) -> str:
    """Return some of the words, never more than `WORDS`, with dots where others were."""
    end = min(end, start + WORDS)
    kept = [*(["..."] if start else []), *words[start:end], *(["..."] if end < len(words) else [])]
    return " ".join(kept)

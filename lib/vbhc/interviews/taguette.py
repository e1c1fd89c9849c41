"""Highlights that Taguette exports: a row per highlight and tag (`id, document, tag, content`)."""

from collections.abc import Iterable

from vbhc.interviews.columns import aliases, find_table, plain
from vbhc.interviews.marked import Export, passage_of
from vbhc.interviews.tables import Report
from vbhc.interviews.workbook import Book


def read(book: Book, report: Report) -> Export | None:
    """Return the highlights, or None if this is no such export."""
    for sheet in book.sheets:
        table = find_table(sheet, aliases("taguette"), [["document"], ["code"], ["text"], ["id"]])
        if table is None or {plain(h) for h in table.header if h} - {"id", "document", "tag", "content"}:
            continue
        tags = table.column("code")
        paths = tag_paths(filter(None, tags), report)
        passages = [
            passage_of(table, row, (paths[tag],) if tag else (), table.cell(row, "id"))
            for (_, row), tag in zip(table.rows, tags, strict=True)
        ]
        own = {path: tag for tag, path in paths.items()}
        return Export("Taguette highlights", passages, own=own)
    return None


def tag_paths(tags: Iterable[str], report: Report) -> dict[str, tuple[str, ...]]:
    """Return the path of each tag: "a.b" lies under "a" where "a" is a tag too (Taguette has no tree)."""
    known = set(tags)
    paths: dict[str, tuple[str, ...]] = {}
    for tag in sorted(known):
        above, _, name = tag.rpartition(".")
        paths[tag] = (*paths[above], name) if above in paths and name else (tag,)
    under = sum(len(path) > 1 for path in paths.values())
    report.add("guessed", "tags under another tag", under, "a full stop parts the levels")
    return paths

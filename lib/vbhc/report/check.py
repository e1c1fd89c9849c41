"""Count what stands in a report's pages against what may stand there."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from vbhc.publish.findings.marks import marked_outputs, sha256
from vbhc.report.markdown import ReportError


def _marks(page: str) -> tuple[Counter[tuple[str, str | None]], int]:
    """The findings that a page says it holds, and how many outputs say none."""
    tree = LexborHTMLParser(page)
    found = [node.attributes for node in tree.css("[data-finding]")]
    return (
        Counter((str(one["data-finding"]), one.get("data-sha256")) for one in found),
        len(tree.css(".unmarked:not([data-finding])")),
    )


def verify(out: Path, notebooks: Mapping[str, dict], edition: str = "public") -> int:
    """Check that every finding of the notebooks stands once in its page and nothing else does.

    Returns
    -------
    int
        The number of findings.

    Raises
    ------
    ReportError
        Naming the pages and findings that are missing, doubled or unknown.
    """
    wrong, total = [], 0
    for name, notebook in notebooks.items():
        expected = Counter((finding["id"], sha256(finding)) for _, _, finding in marked_outputs(notebook))
        found, unmarked = _marks((out / f"{name}.html").read_text(encoding="utf-8"))
        wrong += [f"{name}: finding {id!r} is not in its page" for id, _ in expected - found]
        wrong += [f"{name}: the page shows {id!r}, which no mark lets out" for id, _ in found - expected]
        if unmarked and edition == "public":
            wrong.append(f"{name}: {unmarked} outputs without a mark")
        total += sum(expected.values())
    if wrong:
        raise ReportError("\n".join(wrong))
    return total

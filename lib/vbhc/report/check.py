"""Count what stands in a report's pages against what may stand there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

from vbhc.findings.marks import marked_outputs, sha256
from vbhc.report.markdown import ReportError


class _Marks(HTMLParser):
    """Collects the findings that a page says it holds, and the outputs that say none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[tuple[str, str]] = Counter()
        self.unmarked = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if "data-finding" in values:
            self.found[(str(values["data-finding"]), str(values.get("data-sha256")))] += 1
        elif "unmarked" in str(values.get("class", "")).split():
            self.unmarked += 1


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
        page = _Marks()
        page.feed((out / f"{name}.html").read_text(encoding="utf-8"))
        wrong += [f"{name}: finding {id!r} is not in its page" for id, _ in expected - page.found]
        wrong += [f"{name}: the page shows {id!r}, which no mark lets out" for id, _ in page.found - expected]
        if page.unmarked and edition == "public":
            wrong.append(f"{name}: {page.unmarked} outputs without a mark")
        total += sum(expected.values())
    if wrong:
        raise ReportError("\n".join(wrong))
    return total

"""Sources as numbered notes: a mark in the text leads to the source, the source leads back to its marks.

A notebook ends with a heading "Sources" and a numbered list; `[[2]](#Sources)` in its text marks what rests
on the second one. The same reads well in a notebook viewer, where the mark leads to the heading.
A paragraph that begins with "Sources." in bold is read as such a list.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

HEADING = "Sources"
_LINK = "#sources"

_PARAGRAPH = re.compile(r"^\*\*Sources\.\*\*\s+(.+?)(?=\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)
# After a full stop a source begins with a name and initials: "Stinnett AA,", "Fieller EC.", "Guest G et al".
_NEXT = re.compile(r"(?<=[\w)*]\.)\s+(?=(?:[A-ZÀ-Þ][\w'-]+ )+[A-Z]{1,3}(?:,|\.| et al)|[A-Z]{3,}, \*)")


def as_list(markdown: str) -> str:
    """Return Markdown in which a paragraph "**Sources.** One. Another." is a heading with a numbered list."""

    def listed(match: re.Match[str]) -> str:
        items = _NEXT.split(" ".join(match.group(1).split()))
        return f"## {HEADING}\n\n" + "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1)) + "\n"

    return _PARAGRAPH.sub(listed, markdown)


@dataclass
class Sources:
    """The marks met on a page so far, how many sources its list has, and whether the list comes next."""

    marks: Counter[int] = field(default_factory=Counter)
    listed: int = 0
    expected: bool = False

    def mark(self, text: str, url: str) -> str | None:
        """Return a link such as `[[2]](#Sources)` as a raised number; None for any other link."""
        number = re.fullmatch(r"\[?(\d+)\]?", text)
        if url.lower() != _LINK or number is None:
            return None
        n = int(number.group(1))
        self.marks[n] += 1
        place = f"note-{n}-{self.marks[n]}"
        return f'<sup class="note"><a id="{place}" href="#source-{n}" aria-label="Source {n}">{n}</a></sup>'

    def numbered(self, items: str) -> str:
        """Return the items of the list (HTML) with a place each, and links back to their marks."""

        def item(match: re.Match[str]) -> str:
            self.listed += 1
            n, times = self.listed, self.marks[self.listed]
            back = " ".join(
                f'<a class="back" href="#note-{n}-{time}" aria-label="Back to mark {time} of {n}">↩</a>'
                for time in range(1, times + 1)
            )
            return f'<li id="source-{n}">{match.group(1).strip()} {back}</li>'.replace(" </li>", "</li>")

        self.expected = False
        return f'<ol class="sources">\n{re.sub(r"<li>(.*?)</li>", item, items, flags=re.DOTALL)}</ol>\n'

    def missing(self) -> list[int]:
        """Return the numbers that are marked in the text and stand in no list."""
        return sorted(n for n in self.marks if not 1 <= n <= self.listed)

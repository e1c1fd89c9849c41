"""Take a page or drawing apart: what people read, what screen readers say, what a browser acts on."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_INLINE_TAGS = "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time"
_INLINE = frozenset((*_INLINE_TAGS.split(), "tspan", "u", "var"))
_SILENT = frozenset(("script", "style", "pre", "template"))
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr")
)
_READ = ("alt", "title", "content", "placeholder", "label", "summary", "value", "data-caption", "desc")


@dataclass
class Passage:
    """A text without a break, the line where it begins, and whether it stands inside a finding."""

    text: str
    line: int
    finding: bool = False


@dataclass
class Content:
    """What a page holds; `tags` are (tag, attributes, line) in reading order."""

    passages: list[Passage] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str], int]] = field(default_factory=list)
    scripts: list[tuple[dict[str, str], str, int]] = field(default_factory=list)
    styles: list[tuple[str, int]] = field(default_factory=list)
    comments: list[tuple[str, int]] = field(default_factory=list)
    quoted: list[Passage] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.content = Content()
        self.open: list[tuple[str, bool]] = []  # tag, whether a finding begins with it
        self.words: list[str] = []
        self.raw: list[str] = []
        self.quote: list[str] | None = None
        self.start = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        values = {name: value or "" for name, value in attrs}
        self.content.tags.append((tag, values, line))
        if tag not in _INLINE:
            self.flush()
        if tag in ("blockquote", "q"):
            self.quote = []
        for name, value in values.items():
            if value and (name in _READ or name.startswith("aria-")):
                self.content.passages.append(Passage(value, line, self.in_finding()))
        if "style" in values:
            self.content.styles.append((values["style"], line))
        if tag not in _VOID:
            self.open.append((tag, "data-finding" in values))
        if tag in ("script", "style"):
            self.raw, self.start = [], line
            self.attributes = values

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1][0] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.content.scripts.append((self.attributes, "".join(self.raw), self.start))
        elif tag == "style":
            self.content.styles.append(("".join(self.raw), self.start))
        if tag not in _INLINE:
            self.flush()
        if tag in ("blockquote", "q") and self.quote is not None:
            text = "".join(self.quote)
            self.content.quoted.append(Passage(text, self.getpos()[0]))
            self.quote = None
        names = [name for name, _ in self.open]
        if tag in names:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        tag = self.open[-1][0] if self.open else ""
        if tag in ("script", "style"):
            self.raw.append(data)
        elif not any(name in _SILENT for name, _ in self.open):
            if not self.words:
                self.start = self.getpos()[0]
            self.words.append(data)
            if self.quote is not None:
                self.quote.append(data)

    def handle_comment(self, data: str) -> None:
        self.content.comments.append((data, self.getpos()[0]))

    def handle_pi(self, data: str) -> None:
        if not data.startswith("xml "):
            self.content.comments.append((data, self.getpos()[0]))

    def unknown_decl(self, data: str) -> None:
        self.content.comments.append((data, self.getpos()[0]))

    def in_finding(self) -> bool:
        return any(finding for _, finding in self.open)

    def flush(self) -> None:
        text = " ".join("".join(self.words).split())
        if text:
            self.content.passages.append(Passage(text, self.start, self.in_finding()))
        self.words = []


def read(text: str) -> Content:
    """Return the content of a page or an SVG; text broken by inline tags stays one passage."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.flush()
    return reader.content

"""Take a page or drawing apart: what people read, what screen readers say, what a browser acts on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from vbhc.report.audit.events import html_events, svg_events
from vbhc.report.audit.vocabulary import is_read, is_style

_INLINE_TAGS = "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time"
_INLINE_TAGS += " u var data label button img br wbr tspan"
_INLINE = frozenset(_INLINE_TAGS.split())
_RAW, _SILENT = ("script", "style"), ("script", "style", "pre")


@dataclass
class Passage:
    """A text without a break, the line where it begins, and whether it stands inside a finding."""

    text: str
    line: int
    finding: bool = False


@dataclass
class Content:
    """What a page holds; `tags` are (tag, attributes, line) in reading order.

    `policies` are the security policies that a browser heeds: those of the page's head. `lost` are words that
    stand in the file and in no part of the page, and `whole` is whether the file could be read to its end.
    """

    passages: list[Passage] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str], int]] = field(default_factory=list)
    scripts: list[tuple[dict[str, str], str, int]] = field(default_factory=list)
    styles: list[tuple[str, int]] = field(default_factory=list)
    comments: list[tuple[str, int]] = field(default_factory=list)
    quoted: list[Passage] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    lost: str = ""
    whole: bool = True


class _Reader:
    """Takes events; the stack of open tags tells where a text stands."""

    def __init__(self) -> None:
        self.content = Content()
        self.open: list[tuple[str, dict[str, str], int]] = []
        self.blocks: list[str] = [""]
        self.findings = 0
        self.words: list[str] = []
        self.raw: list[str] = []
        self.quote: list[str] | None = None
        self.line = 1

    def start(self, tag: str, values: dict[str, str], line: int) -> None:
        self.content.tags.append((tag, values, line))
        if tag not in _INLINE:
            self.flush()
            self.blocks.append(tag)
        elif tag == "br":
            self.text(" ", {}, line)
        if tag in ("blockquote", "q") and self.quote is None:
            self.quote = []
        if tag == "meta" and any(name == "head" for name, *_ in self.open):
            self.policy(values)
        for name, value in values.items():
            if value and is_read(name):
                self.content.passages.append(Passage(value, line, self.findings > 0))
            elif is_style(name, value):
                self.content.styles.append((value, line))
        if tag in _RAW:
            self.raw = []
        self.open.append((tag, values, line))
        self.findings += "data-finding" in values

    def policy(self, values: dict[str, str]) -> None:
        if values.get("http-equiv", "").lower() == "content-security-policy":
            self.content.policies.append(values.get("content", ""))

    def end(self, tag: str, _: dict[str, str], line: int) -> None:
        _, values, start = self.open.pop()
        if tag == "script":
            self.content.scripts.append((values, "".join(self.raw), start))
        elif tag == "style":
            self.content.styles.append(("".join(self.raw), start))
        if tag not in _INLINE:
            self.flush()
            self.blocks.pop()
        if self.quote is not None and not any(name in ("blockquote", "q") for name, *_ in self.open):
            self.content.quoted.append(Passage("".join(self.quote), line))
            self.quote = None
        self.findings -= "data-finding" in values

    def text(self, words: str, _: dict[str, str], line: int) -> None:
        if self.blocks[-1] in _RAW:
            self.raw.append(words)
        if self.blocks[-1] in _SILENT:
            return
        if not self.words:
            self.line = line
        self.words.append(words)
        if self.quote is not None:
            self.quote.append(words)

    def comment(self, words: str, _: dict[str, str], line: int) -> None:
        self.content.comments.append((words, line))

    def flush(self) -> None:
        text = " ".join(
            "".join(self.words).replace("\xad", "").split()
        )  # a soft hyphen shows at line ends only
        if text:
            self.content.passages.append(Passage(text, self.line, self.findings > 0))
        self.words = []


@lru_cache(maxsize=1)  # the audit asks twice for each page
def read(text: str, suffix: str = ".html") -> Content:
    """Return the content of a page or an SVG; text broken by inline tags stays one passage."""
    reader = _Reader()
    if suffix == ".svg":
        events, reader.content.whole = svg_events(text)
    else:
        events, reader.content.lost = html_events(text)
    for kind, *event in events:
        getattr(reader, kind)(*event)
    reader.flush()
    return reader.content

"""Take a page or drawing apart: what people read, what screen readers say, what a browser acts on."""

from dataclasses import dataclass, field
from functools import lru_cache

from vbhc.publish.pages.events import html_events, svg_events
from vbhc.publish.pages.styles import INLINE, is_read, is_style

_RAW = ("script", "style")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass
class Passage:
    """A text without a break: whether it stands inside a finding, and where.

    `place` is the id of the finding or heading that the text stands in or follows; empty before the first.
    """

    text: str
    finding: bool = False
    place: str = ""


@dataclass
class Content:
    """What a page holds; `tags` are (tag, attributes, place) in reading order.

    `passages` are texts and read attributes, `listings` the texts of `<pre>`: code; its numbers count nobody.
    `policies` are the security policies that a browser heeds: those of the page's head. `lost` are words that
    stand in the file and in no part of the page, and `whole` is whether the file could be read to its end.
    """

    passages: list[Passage] = field(default_factory=list)
    listings: list[Passage] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    scripts: list[tuple[dict[str, str], str, str]] = field(default_factory=list)
    styles: list[tuple[str, str]] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    lost: str = ""
    whole: bool = True


class _Reader:
    """Takes events; the stack of open tags tells where a text stands."""

    def __init__(self) -> None:
        """Begin a page: nothing is read, no tag is open."""
        self.content = Content()
        self.open: list[tuple[str, dict[str, str]]] = []
        self.blocks: list[str] = [""]
        self.findings = 0
        self.place = ""
        self.words: list[str] = []
        self.raw: list[str] = []

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Open a tag: note it, what its attributes say, and the finding that it begins."""
        if tag not in INLINE:
            self.flush()
            self.blocks.append(tag)
        elif tag == "br":
            self.text(" ", {})
        if "data-finding" in values or tag in _HEADINGS:
            self.place = values.get("id", values.get("data-finding", self.place))
        self.content.tags.append((tag, values, self.place))
        if tag == "meta" and any(name == "head" for name, _ in self.open):
            self.policy(values)
        for name, value in values.items():
            if value and is_read(name):
                self.content.passages.append(self.passage(value))
            elif is_style(name, value):
                self.content.styles.append((value, self.place))
        if tag in _RAW:
            self.raw = []
        self.open.append((tag, values))
        self.findings += "data-finding" in values

    def passage(self, text: str) -> Passage:
        """Return a text with where it stands."""
        return Passage(text, self.findings > 0, self.place)

    def policy(self, values: dict[str, str]) -> None:
        """Note the security policy that a <meta> sets."""
        if values.get("http-equiv", "").lower() == "content-security-policy":
            self.content.policies.append(values.get("content", ""))

    def end(self, tag: str, _: dict[str, str]) -> None:
        """Close the innermost tag: its text is whole now."""
        values = self.open.pop()[1]
        if tag == "script":
            self.content.scripts.append((values, "".join(self.raw), self.place))
        elif tag == "style":
            self.content.styles.append(("".join(self.raw), self.place))
        if tag not in INLINE:
            self.flush()
            self.blocks.pop()
        self.findings -= "data-finding" in values

    def text(self, words: str, _: dict[str, str]) -> None:
        """Take words: of a script or a style, or of what is read."""
        (self.raw if self.blocks[-1] in _RAW else self.words).append(words)

    def comment(self, words: str, _: dict[str, str]) -> None:
        """Take a comment."""
        self.content.comments.append((words, self.place))

    def flush(self) -> None:
        """End the text of a block; a listing is kept apart."""
        shown = "".join(self.words).replace("\xad", "")  # a soft hyphen shows at line ends only
        text = " ".join(shown.split())
        if text:
            kept = self.content.listings if self.blocks[-1] == "pre" else self.content.passages
            kept.append(self.passage(text))
        self.words = []


@lru_cache(maxsize=128)  # the audit and the search for quotations read the same pages
def read(text: str, suffix: str = ".html") -> Content:
    """Return the content of a page or an SVG, to be read only; text parted by inline tags is one passage."""
    reader = _Reader()
    if suffix == ".svg":
        events, reader.content.whole = svg_events(text)
    else:
        events, reader.content.lost = html_events(text)
    for kind, *event in events:
        getattr(reader, kind)(*event)
    reader.flush()
    return reader.content

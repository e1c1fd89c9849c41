"""Words of the field: each is linked to its meaning where a page first uses it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from html import escape

from vbhc import shipped

_LEFT = "a h1 h2 h3 h4 h5 h6 code pre math svg summary caption th"
_NO_LINKS_IN = frozenset(_LEFT.split())


@dataclass(frozen=True)
class Word:
    """A term, what it stands for, what it means and who says so."""

    term: str
    name: str
    definition: str
    source: str

    @property
    def id(self) -> str:
        """The term's place on a page."""
        return "term-" + re.sub(r"[^a-z0-9]+", "-", self.term.lower()).strip("-")


@cache
def words() -> dict[str, Word]:
    """Return the glossary by term, from `glossary.csv`."""
    return {row["term"]: Word(**row) for row in shipped.rows(__file__, "glossary.csv")}


@cache
def _pattern() -> re.Pattern[str]:
    terms = sorted(words(), key=len, reverse=True)
    forms = [re.escape(t) if t != t.lower() else f"(?i:{re.escape(t)})" for t in terms]
    return re.compile(rf"(?<![\w-])({'|'.join(forms)})(?=s?(?![\w-]))")


@dataclass
class Linker:
    """Links each term where a page first uses it.

    `home` is the page that explains the words, empty on that page itself; `used` gathers the terms for it.
    """

    home: str = ""
    used: set[str] = field(default_factory=set)

    def __call__(self, html: str) -> str:
        """Return HTML with the first use of each term linked; headings, links, code and formulas are left."""
        parts = re.split(r"(<[^>]*>)", html)
        inside: list[str] = []
        for number, part in enumerate(parts):
            tag = re.match(r"</?\s*([a-zA-Z0-9]+)", part)
            if tag and tag[1].lower() in _NO_LINKS_IN and not part.endswith("/>"):
                inside.pop() if part.startswith("</") and inside else inside.append(tag[1])
            elif not inside and not part.startswith("<"):
                parts[number] = _pattern().sub(self._link, part)
        return "".join(parts)

    def _link(self, match: re.Match[str]) -> str:
        known = words()
        term = match.group(0) if match.group(0) in known else match.group(0).lower()
        if term in self.used:
            return match.group(0)
        self.used.add(term)
        word = known[term]
        title = escape(word.name or word.definition)
        return f'<a class="term" href="{self.home}#{word.id}" title="{title}">{match.group(0)}</a>'


def entries(terms: Iterable[str]) -> list[Word]:
    """Return the words for terms, in alphabetical order."""
    return sorted((words()[term] for term in terms), key=lambda word: word.term.lower())

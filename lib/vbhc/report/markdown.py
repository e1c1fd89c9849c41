"""Markdown as a report page shows it: escaped, with formulas as MathML, and sources as numbered notes.

A notebook ends with a heading "Sources" and a numbered list; `[[2]](#Sources)` in its text marks what rests
on the second one. On a page the mark leads to the source, and the source back to its marks; in a notebook
viewer the mark leads to the heading.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import chain, count
from typing import Any
from xml.etree import ElementTree

import mistune
from latex2mathml.converter import convert
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

HEADING = "Sources"
_LINK = "#sources"

Headings = list[tuple[int, str, str]]  # level, id, HTML
_DISPLAY = r"\$\$(?P<display_text>[^$]+?)\$\$"
_INLINE = r"\$(?!\s)(?P<inline_text>(?:[^$\\\n]|\\.)+?)(?<!\s)\$(?!\d)"


# Classes of Python tokens that report.css gives a colour.
_PLAIN_TOKEN = re.compile(
    r'<span class="(?!(?:k|kn|kc|ow|s1|s2|sd|sa|si|se|mi|mf|c1)")\w+">([^<]*)</span>', re.ASCII
)
NOTE = re.compile(r"<blockquote>\n(.*?)</blockquote>\n", re.DOTALL)  # typed tags are escaped: these are ours


class ReportError(ValueError):
    """A page cannot be published as it is."""


_IN_TEXT = re.compile(r"(\\(?:text\w*|mbox)\s*\{)([^{}]*)(\})")
_SIGNS, _STAND_INS = "<>&", "\ue000\ue001\ue002"  # the converter writes signs as markup in \text
_OF_A_FORMULA = (
    "accent accentunder align close columnalign columnlines depth dir display displaystyle fence form frame "
    "height largeop linebreak linethickness lspace mathcolor mathsize mathvariant maxsize minsize "
    "movablelimits notation open rowlines rspace scriptlevel separator stretchy symmetric voffset width xmlns"
)


def formula(latex: str, *, block: bool) -> str:
    """Return a LaTeX formula as MathML that carries the LaTeX as its text for those who cannot see it.

    Raises
    ------
    ReportError
        If it is no formula, a command is not understood (it would stand in the page as it is typed), or it
        would write anything but maths: a link, a style, a class.
    """
    latex, signs = latex.strip(), str.maketrans(_SIGNS, _STAND_INS)
    bare = _IN_TEXT.sub(lambda text: text[1] + text[2].translate(signs) + text[3], latex)
    try:
        made = convert(bare, display="block" if block else "inline")
        for sign, stand_in in zip(_SIGNS, _STAND_INS, strict=True):
            made = made.replace(stand_in, escape(sign))
        parts = list(ElementTree.fromstring(made).iter())
    except Exception as error:  # the converter raises as it likes on what it cannot read
        raise ReportError(f"formula {latex!r} cannot be read; write it in plain LaTeX maths") from error
    names = [name for part in parts for name in (part.tag.rpartition("}")[2], *part.attrib)]
    strange = [name for name in names if name[0] != "m" and name not in _OF_A_FORMULA.split()]
    left = re.findall(r">(\\[A-Za-z]+)<", made) + strange
    if left:
        raise ReportError(f"formula {latex!r}: {left[0]} is not known; write it in plain LaTeX maths")
    return made.replace("<math ", f'<math alttext="{escape(latex)}" ', 1)


@dataclass
class Sources:
    """The marks met on a page so far, how many sources its list has, and whether the list comes next.

    Sources are numbered in the order in which the page marks them, whatever number the notebook types: a
    part that a study lacks takes its marks with it, and a source that nothing marks is left out.
    """

    marks: Counter[int] = field(default_factory=Counter)  # by typed number, in the order of the first mark
    listed: int = 0
    expected: bool = False

    def mark(self, text: str, url: str) -> str | None:
        """Return a link such as `[[2]](#Sources)` as a raised number; None for any other link."""
        number = re.fullmatch(r"\[?(\d+)\]?", text)
        if url.lower() != _LINK or number is None:
            return None
        typed = int(number.group(1))
        self.marks[typed] += 1
        n = list(self.marks).index(typed) + 1
        place = f"note-{n}-{self.marks[typed]}"
        return f'<sup class="note"><a id="{place}" href="#source-{n}" aria-label="Source {n}">{n}</a></sup>'

    def numbered(self, items: str) -> str:
        """Return the marked items of the list (HTML), or all of a list without marks, with links back."""
        texts = re.findall(r"<li>(.*?)</li>", items, flags=re.DOTALL)
        self.expected, self.listed = False, len(texts)
        shown = [n for n in self.marks if 1 <= n <= self.listed] or range(1, self.listed + 1)
        made = [self._item(n, texts[typed - 1], self.marks[typed]) for n, typed in enumerate(shown, 1)]
        return '<ol class="sources">\n' + "\n".join(made) + "\n</ol>\n"

    def _item(self, n: int, text: str, times: int) -> str:
        back = "".join(
            f' <a class="back" href="#note-{n}-{time}" aria-label="Back to mark {time} of {n}">↩</a>'
            for time in range(1, times + 1)
        )
        return f'<li id="source-{n}">{text.strip()}{back}</li>'

    def missing(self) -> list[int]:
        """Return the numbers that are marked in the text and stand in no list."""
        return sorted(n for n in self.marks if not 1 <= n <= self.listed)


class Renderer(mistune.HTMLRenderer):
    """Escapes all HTML, keeps the order of headings, loads nothing from elsewhere."""

    def __init__(
        self, headings: Headings, ids: set[str], pages: Collection[str] | None, sources: Sources
    ) -> None:
        """Begin a page; the parameters are those of `markdown_writer`."""
        super().__init__(escape=True)
        self.headings, self.ids, self.pages, self.sources = headings, ids, pages, sources

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Write a heading one level below the last at most, with an id of its own."""
        before = self.headings[-1][0] if self.headings else 1
        level = max(2, min(level, before + 1))
        name = unique(slug(text), self.ids)
        self.headings.append((level, name, text))
        self.sources.expected = text.strip() == HEADING
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def list(self, text: str, ordered: bool, **attrs: Any) -> str:
        """Write a list; the numbered one under the heading of sources is theirs."""
        if ordered and self.sources.expected:
            return self.sources.numbered(text)
        return super().list(text, ordered, **attrs)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Write a link: to a source, to the page of a notebook, or out of the report."""
        mark = self.sources.mark(text, url)
        if mark:
            return mark
        notebook = re.match(r"(?!\w+:)(?:more/|\.\./)?([\w.-]+)\.ipynb\b", url)
        if notebook and self.pages is not None and notebook.group(1) not in self.pages:
            return f"{text} (not part of this report)"
        url = re.sub(r"^(?!\w+:)(?:more/|\.\./)?([\w./-]*?)\.ipynb\b", r"\1.html", url)
        made = super().link(text, url, title)
        return made.replace("<a ", '<a class="bare" ', 1) if text == mistune.escape(url) else made

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Name a picture and leave it out: figures come through the door only."""
        return f'<span class="no-image">[picture: {text}]</span>'

    def block_quote(self, text: str) -> str:
        """Write a quoted block, which is a note for the margin; one inside another is part of it."""
        return "<blockquote>\n" + NOTE.sub(r"\1", text) + "</blockquote>\n"

    def block_code(self, code: str, info: str | None = None) -> str:
        """Write a listing, in colours where it is Python."""
        if (info or "").split(" ")[0] in ("python", "py"):
            return highlight_python(code)
        return f'<div class="source" tabindex="0"><pre>{mistune.escape(code)}</pre></div>\n'

    def table(self, text: str) -> str:
        """Write a typed table in a box that scrolls by itself."""
        box = '<div class="box" tabindex="0" role="group" aria-label="Table">'
        return f"{box}\n<table>{text}</table></div>\n"

    def block_formula(self, text: str) -> str:
        """Write a formula on a line of its own."""
        made = formula(text, block=True)
        return f'<div class="formula" tabindex="0" role="group" aria-label="Formula">{made}</div>\n'

    def inline_formula(self, text: str) -> str:
        """Write a formula within a line."""
        return formula(text, block=False)


def markdown_writer(
    headings: Headings, ids: set[str], pages: Collection[str] | None = None, sources: Sources | None = None
) -> Callable[[str], str]:
    """Return a function from Markdown to HTML.

    Parameters
    ----------
    headings : list
        Gets (level, id, html) of every heading written.
    ids : set
        Ids that the page already uses; gets those of the headings.
    pages : collection of str, optional
        Notebooks that the report has pages of; a link to another one becomes plain text.
    sources : Sources, optional
        Gets the marks that lead to sources, and how many sources the page lists.
    """
    renderer = Renderer(headings, ids, pages, sources or Sources())
    write = mistune.create_markdown(renderer=renderer, plugins=["table", "strikethrough", _formulas])
    return lambda text: str(write(text))


def _formulas(md: mistune.Markdown) -> None:
    """Read `$$...$$`, and `$...$` without a digit behind it: sums of money stay text (a mistune plugin)."""

    def block(parser: mistune.BlockParser, match: re.Match[str], state: mistune.BlockState) -> int:
        state.append_token({"type": "block_formula", "raw": match.group("display_text")})
        return match.end()

    def inline(parser: mistune.InlineParser, match: re.Match[str], state: mistune.InlineState) -> int:
        kind = "inline" if match.group("inline_text") else "block"
        raw = match.group("inline_text") or match.group("display_text")
        state.append_token({"type": f"{kind}_formula", "raw": raw})
        return match.end()

    md.block.register("block_formula", rf"^ {{0,3}}{_DISPLAY}[ \t]*(?:\n|$)", block, before="list")
    md.inline.register("inline_formula", f"{_DISPLAY}|{_INLINE}", inline, before="codespan")


def highlight_python(code: str) -> str:
    """Return Python source as escaped HTML with a few classes for colour."""
    made = _PLAIN_TOKEN.sub(r"\1", highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)))
    return f'<div class="source" tabindex="0" role="group" aria-label="Python code"><pre>{made}</pre></div>\n'


def slug(html: str) -> str:
    """Return a heading's text as an id."""
    text = unescape(re.sub(r"<[^>]+>", "", html)).lower()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-") or "section"


def unique(name: str, taken: set[str]) -> str:
    """Return `name`, or `name-2` ... where it is taken, and take it."""
    numbered = (f"{name}-{number}" for number in count(2))
    candidate = next(one for one in chain([name], numbered) if one not in taken)
    taken.add(candidate)
    return candidate

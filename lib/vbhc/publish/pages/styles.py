"""What tags, attributes and styles do: load, show or say, read as a browser reads them.

A report is made of the tags in `tags.yml`: any other may load, run or hide something, today or in the next
browser.
"""

import re

from vbhc import shipped

_TAGS = shipped.tree(__file__, "tags.yml")
TAGS = frozenset(" ".join(_TAGS[kind] for kind in ("page", "drawing", "formula")).split())
LINKS, INLINE = (frozenset(_TAGS[kind].split()) for kind in ("links", "inline"))
_READ = frozenset(("alt", "title", "content", "placeholder", "label", "summary", "value", "desc", "alttext"))
_ADDRESS = re.compile(r"\s*([a-z][\w+.-]*:)?//|\s*(data|javascript|blob|file):", re.IGNORECASE)
_STYLED = re.compile(r"url|\\", re.IGNORECASE)


def is_read(name: str) -> bool:
    """Whether people get to read an attribute: by hovering, by ear, or through a style that writes it."""
    return name in _READ or name.startswith(("aria-", "data-"))


def is_link(name: str, value: str) -> bool:
    """Whether an attribute names a place: by its name, or because its value looks like an address."""
    if name in LINKS:
        return True
    return bool(_ADDRESS.match(value)) and not is_read(name) and not name.startswith("xmlns")


def is_style(name: str, value: str) -> bool:
    """Whether an attribute is read as a style, as those are that paint a drawing (`fill="url(#a)"`)."""
    return name == "style" or (name not in LINKS and not is_read(name) and bool(_STYLED.search(value)))


_LOADS = re.compile(r"""url\(\s*["']?(?!\s*["']?(?:#|data:image/))([^)"']*)|@import\b([^;]*)""", re.I)
_MAY_LOAD = re.compile(
    r"image-set\(|\b(?:image|src|cross-fade|element|paint)\(|expression\(|-moz-binding|(?<![-\w])behavior\s*:|"
    r"https?:|['\"(]//",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(\n)|(.))", re.IGNORECASE)
_COMMENT = re.compile(r"/\*(.*?)(?:\*/|\Z)", re.DOTALL)
_STRINGS = re.compile(r"""(?:"[^"]*"\s*|'[^']*'\s*)+""")
_PICTURE = re.compile(r"""url\(\s*["']?(data:image/svg[^"')]*)""", re.IGNORECASE)


def decoded(style: str) -> str:
    """Return a style with its escapes read, with its comments and without: a string may look like one."""
    bare = _COMMENT.sub(" ", style)
    return "\n".join(_ESCAPE.sub(_letter, one) for one in dict.fromkeys((style, bare)))


def _letter(escape: re.Match[str]) -> str:
    code, line_end, other = escape.groups()
    if code is None:
        return "" if line_end else other
    return chr(int(code, 16)) if 0 < int(code, 16) < 0x110000 else "\ufffd"


def loads(style: str) -> str:
    """Return what a decoded style does that a report's never does; nothing if it loads nothing."""
    found = _LOADS.search(style)
    if found:
        return f"a style that loads {(found[1] or found[2] or '').strip()[:60]!r}"
    return "a style that may load something" if _MAY_LOAD.search(style) else ""


def pictures(style: str) -> list[str]:
    """Return the drawings that a decoded style holds, as data: addresses."""
    return _PICTURE.findall(style)


def texts(style: str) -> list[str]:
    """Return what a decoded style writes or remarks; strings beside each other show as one."""
    joined = [re.sub(r"""["']\s*["']|["']""", "", found) for found in _STRINGS.findall(style)]
    return joined + _COMMENT.findall(style)

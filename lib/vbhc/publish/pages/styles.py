"""What a style loads, shows and says, with its escapes and comments read as a browser reads them."""

import re

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

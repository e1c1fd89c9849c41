"""Traces of people and machines in any text: identifiers, paths, user names, invisible characters."""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterator
from html import unescape

from vbhc.report.audit.known import Known

_PATH = re.compile(
    r"(?<![\w/.:<])(?:file://)?(?:/(?:home|Users|root|tmp|var|mnt|opt|srv|work|private)/[\w.-]+|[A-Za-z]:\\{1,2}[\w.-]+)"
    r"|\\\\[\w.-]+\\[\w.$-]+"
)
# What turns the order of letters around, or takes no room: a reader sees another text than a program.
_UNSEEN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")


def in_text(text: str, known: Known, user: bool = True) -> Iterator[tuple]:
    """Yield (what, expected, place) of each trace; the place is the line that it first stands in."""
    seen = _UNSEEN.search(text)
    if seen:
        yield "a character that readers do not see", "it may hide or turn text", _line(text, seen.start())
    plain = _UNSEEN.sub("", unescape(text))
    yield from _identifiers(plain, known.keys)
    for found in dict.fromkeys(_PATH.findall(re.sub(r"\bhttps?://[^\s\"'<>]+", "", plain))):
        yield f"a path of a machine, {found!r}", "name files from the project folder"
    name = getpass.getuser() if user else ""
    if len(name) > 4 and re.search(rf"\b{re.escape(name)}\b", plain):
        yield "the name of the user who built it", "nobody needs it"


def _identifiers(text: str, keys: frozenset[str]) -> Iterator[tuple]:
    words = set(re.findall(r"[\w-]+", text)) | set(re.findall(r"[^\W_]+", text))
    found = words & keys
    if keys:
        bare = re.sub(r"<[^>]*>", "", text)  # marks around a part of an identifier do not hide it
        found |= (set(re.findall(r"[\w-]+", bare)) & keys) - words
    found |= {key for key in keys if not re.fullmatch(r"[\w-]+", key) and key in text}
    if found:
        yield f"{len(found)} identifiers of the study's key column", "people are never named"


def _line(text: str, position: int) -> str:
    return f"line {text.count(chr(10), 0, position) + 1}"

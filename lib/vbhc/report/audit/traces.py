"""Traces of people and machines in any text: identifiers, paths, user names, invisible characters."""

import getpass
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape

from vbhc.publish.disclosure.policies import Policy
from vbhc.study import Study

Heard = Callable[[str], Iterable[tuple[str, str]]]  # what of the interviews a text says


@dataclass(frozen=True)
class Known:
    """The study's policy, the values of its key column, how many people it has, and its interviews."""

    policy: Policy
    keys: frozenset[str]
    people: int | None = None  # how many the study has; None: not known
    heard: Heard = lambda text: []


def people_of(study: Study) -> int | None:
    """Return how many people the study's clean table has; None where there is no such table."""
    path = study.clean / "patients.parquet"
    if not path.is_file():
        return None
    from pyarrow.parquet import read_metadata

    return read_metadata(path).num_rows or None


def identifiers(study: Study) -> frozenset[str]:
    """Return the values of the study's key column, as far as they tell a person.

    Those of three characters or more that mix letters and digits, words of four letters or more, and numbers
    of six digits or more: shorter ones stand in every report by chance.
    """
    import pandas as pd
    from pyarrow.parquet import read_schema

    path, key = study.clean / "patients.parquet", study.config.key
    if not path.is_file() or key not in read_schema(path).names:
        return frozenset()
    known = pd.read_parquet(path, columns=[key])[key]
    return frozenset(value for value in known.dropna().astype(str) if _tells(value))


def _tells(value: str) -> bool:
    letters, digits = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    return len(value) >= (3 if letters and digits else 4 if letters else 6)


_PATH = re.compile(
    r"(?<![\w/.:<])(?:file://)?(?:/(?:home|Users|root|tmp|var|mnt|opt|srv|work|private)/[\w.-]+|[A-Za-z]:\\{1,2}[\w.-]+)"
    r"|\\\\[\w.-]+\\[\w.$-]+"
)
_NO_TEXT = re.compile(r'(?<![\d.])\d+\.\d+(?![\d.])|(?<="contentSize": )\d+')
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
# What turns the order of letters around, or takes no room: a reader sees another text than a program.
_UNSEEN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")


def in_text(text: str, known: Known, user: bool = True, drawn: bool = False) -> Iterator[tuple]:
    """Yield (what, expected, place) of each trace; the place is the line that it first stands in.

    Digits of a decimal number are no identifier; nor, in something `drawn`, are those of a colour.
    """
    seen = _UNSEEN.search(text)
    if seen:
        yield "a character that readers do not see", "it may hide or turn text", _line(text, seen.start())
    plain = _UNSEEN.sub("", unescape(text))
    yield from _identifiers(_COLOUR.sub("#", plain) if drawn else plain, known.keys)
    for found in dict.fromkeys(_PATH.findall(re.sub(r"\bhttps?://[^\s\"'<>]+", "", plain))):
        yield f"a path of a machine, {found!r}", "name files from the project folder"
    name = getpass.getuser() if user else ""
    if len(name) > 4 and re.search(rf"\b{re.escape(name)}\b", plain):
        yield "the name of the user who built it", "nobody needs it"


def _identifiers(text: str, keys: frozenset[str]) -> Iterator[tuple]:
    """Name the first identifier, its place, and how many there are; a part of a decimal number is none."""
    if not keys:
        return
    whole = _NO_TEXT.sub(" ", text)
    found = (set(re.findall(r"[\w-]+", whole)) | set(re.findall(r"[^\W_]+", whole))) & keys
    bare = re.sub(r"<[^>]*>", "", whole)  # marks around a part of an identifier do not hide it
    found |= {key for key in set(re.findall(r"[\w-]+", bare)) & keys if not key.isdigit()}
    found |= {key for key in _several_words(keys) if key in text}
    if found:
        first = min(found, key=lambda key: (text.find(key) < 0, text.find(key), key))
        more = f" and {len(found) - 1:,} more" if len(found) > 1 else ""
        place = _line(text, max(text.find(first), 0))
        yield f"the identifier {first!r}{more} of the study's key column", "people are never named", place


@cache
def _several_words(keys: frozenset[str]) -> tuple[str, ...]:
    """Return the few that are no one word, each of which has to be looked for."""
    return tuple(key for key in keys if not re.fullmatch(r"[\w-]+", key))


def _line(text: str, position: int) -> str:
    return f"line {text.count(chr(10), 0, position) + 1}"

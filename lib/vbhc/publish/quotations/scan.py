"""Look for what could point at a person in a text that is meant for publication.

The scan errs on the strict side: a capital inside a sentence is taken for a name, and so is a word at its
beginning that nobody uses in lower case, until the analyst says that it names nobody. Text in [brackets] is
the analyst's own replacement and is not looked at.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from vbhc import shipped

_KNOWN = shipped.tree(__file__, "words.yml")
MONTHS, TITLES = ("|".join(_KNOWN[kind].split()) for kind in ("months", "titles"))
COMMON, OPENERS = (frozenset(_KNOWN[kind].split()) for kind in ("common", "openers"))
PATTERNS = {
    kind: re.compile(form.replace("MONTHS", MONTHS).replace("TITLES", TITLES))
    for kind, form in _KNOWN["patterns"].items()
}
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_JOINS = (" ", "-", " de ", " van ", " van de ", " van der ", " of ")
#: what stands before the first word of a sentence
_BEGINS = re.compile(r"(?:^|[.!?:…][\"'”’)\]]*\s|[\n\r])\s*[\"'“‘(]*$|[\"“‘]$")


class Suspect(NamedTuple):
    """Something in a text that could point at a person: what kind of thing, and its words."""

    kind: str
    text: str
    start: int


def scan(
    text: str,
    names: Iterable[str] = (),
    places: Iterable[str] = (),
    may_stay: Iterable[str] = (),
    few_share: Iterable[str] = (),
    ordinary: Collection[str] = (),
) -> list[Suspect]:
    """Return what could point at somebody, in the order of the text, each stretch once.

    Parameters
    ----------
    text : str
        What is to be published.
    names, places : iterable of str
        The study's own; found in any spelling of case and accents, also before an 's.
    may_stay : iterable of str
        Words that name nobody. They do not overrule `names` and `places`.
    few_share : iterable of str
        Words that only few interviewees share, such as a discipline or a study id.
    ordinary : collection of str
        Words that are no names (`vocabulary`); without it a word that begins a sentence is not judged.
    """
    plain = unicodedata.normalize("NFKC", text)
    open_text = _BRACKETS.sub(lambda match: " " * len(match[0]), plain)
    stay = {word.casefold() for word in (*COMMON, *may_stay)}
    few = [word for word in few_share if word.casefold() not in stay]
    lists = {"the name": names, "the place": places, "what few interviewees share:": few}
    found = _own(open_text, plain, lists)
    for kind, pattern in PATTERNS.items():
        found += [Suspect(kind, match[0].strip(), match.start()) for match in pattern.finditer(open_text)]
    found += _capitals(open_text, stay, ordinary)
    kept: list[Suspect] = []
    for one in sorted(found, key=lambda s: (s.start, -len(s.text))):
        ends = one.start + len(one.text)
        if not any(other.start <= one.start and ends <= other.start + len(other.text) for other in kept):
            kept.append(one)
    return kept


def named(text: str, names: Iterable[str] = (), places: Iterable[str] = ()) -> list[Suspect]:
    """Return where the study's own names and places stand in a text, in any spelling, also in [brackets]."""
    plain = unicodedata.normalize("NFKC", text)
    return _own(plain, plain, {"the name": names, "the place": places})


def _own(text: str, plain: str, lists: Mapping[str, Iterable[str]]) -> list[Suspect]:
    """Where listed words, by kind, stand in a text; they are told as `plain` has them."""
    spots = ((kind, spot) for kind, words in lists.items() for word in words for spot in _spots(text, word))
    return [Suspect(kind, plain[start:end], start) for kind, (start, end) in spots]


def _spots(text: str, word: str) -> list[tuple[int, int]]:
    """Where a word stands, whatever its case and accents."""
    bare, at = _bare(text)
    wanted = _bare(unicodedata.normalize("NFKC", word.strip()))[0]
    if not wanted:
        return []
    pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    return [(at[m.start()], at[m.end() - 1] + 1) for m in pattern.finditer(bare)]


def _bare(text: str) -> tuple[str, Sequence[int]]:
    """Return the text without accents and case, and where each of its characters came from."""
    if text.isascii():
        return text.casefold(), range(len(text))
    letters, origin = [], []
    for n, char in enumerate(text):
        for part in unicodedata.normalize("NFKD", char).casefold():
            if not unicodedata.combining(part):
                letters.append(part)
                origin.append(n)
    return "".join(letters), origin


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """Return the words that stand in lower case somewhere in the texts, and such as begin sentences."""
    words = {word for text in texts for word in _WORD.findall(text) if word[0].islower()}
    return OPENERS | {word.casefold() for word in words}


def _capitals(text: str, stay: Collection[str], ordinary: Collection[str]) -> list[Suspect]:
    """Capitalised words that may be names; several in a row are one suspect."""
    found: list[Suspect] = []
    for match in _WORD.finditer(text):
        word = match[0].casefold()
        stem = re.sub(r"['’](?:s|t|d|m|ll|re|ve)?$", "", word)
        if not match[0][0].isupper() or {word, stem} & set(stay):
            continue
        begins = bool(_BEGINS.search(text[: match.start()])) and not (match[0].isupper() and len(word) > 1)
        if begins and (not ordinary or len(word) == 1 or {word, stem} & set(ordinary)):
            continue
        last = found[-1] if found else None
        if last and text[last.start + len(last.text) : match.start()] in _JOINS:
            found[-1] = last._replace(text=text[last.start : match.end()])
        else:
            found.append(Suspect("a capital that may be a name:", match[0], match.start()))
    return found

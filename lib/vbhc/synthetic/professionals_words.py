"""The words of the 26 invented interviews: tables of utterances, and how an interview is spoken from them."""

from functools import cache
from typing import NamedTuple

import numpy as np

from vbhc.synthetic.transcripts import Marked, Words, converse, entries, words_of


class Planted(NamedTuple):
    """What was put in on purpose, beside the counts."""

    no_consent: tuple[str, ...] = ("I20", "I24")
    name_person: str = "I19"
    name_code: str = "M4d"
    name: str = "Okkerveen"  # an invented surname
    name_quote: str = "Doctor Okkerveen hears of it from me every week, and every week it is new to her."


PLANTED = Planted()


class Passage(NamedTuple):
    """One marked place: its codes, first the one whose words are spoken, and the aspect of it."""

    codes: list[str]
    said: tuple[str, ...]
    aspect: str = ""


def mechanisms() -> list[dict[str, str]]:
    """Return the codes whose presence is planted: the 33 mechanisms."""
    return [row for row in entries("professionals_codes") if row["planned"]]


def speak(person: str, plan: list[Passage], rng: np.random.Generator) -> tuple[str, list[Marked]]:
    """Write the interview: questions, some chat that nobody codes, and the passages of the plan."""
    themes, words = {row["code"]: row["parent"] for row in entries("professionals_codes")}, words_by_kind()
    spent: set[str] = set()
    quotable = (p for p in plan if person == PLANTED.name_person and p.said[0] == PLANTED.name_code)
    quoted = next(quotable, None)

    def say(passage: Passage) -> str:
        said = " ".join(_utterance(code, passage.aspect, words, spent, rng) for code in passage.said)
        return PLANTED.name_quote if passage is quoted else said

    text, places = converse(((themes[p.said[0]], p) for p in plan), say, words, (0.2, 0.2), rng)
    remarks = [f"aspect: {passage.aspect}" if passage.aspect else "" for passage in plan]
    pairs = zip(places, plan, remarks, strict=True)
    return text, [Marked(*place, passage.codes, remark) for place, passage, remark in pairs]


@cache
def words_by_kind() -> Words:
    """Utterances by code and aspect, and the words around them by kind and theme."""
    return words_of("professionals", lambda row: (row["code"], row["aspect"]))


def _utterance(code: str, aspect: str, words: Words, spent: set[str], rng: np.random.Generator) -> str:
    """Return something that has not been said in this interview (as long as there is something left)."""
    known = words.get((code, aspect)) or words[(code, "")]
    said = str(rng.choice([text for text in known if text not in spent] or known))
    opening = str(rng.choice([text for text in words[("opening", "")] if text not in spent or not text]))
    spent.update((said, opening))
    filled = said.format(place=rng.choice(words[("place", "")]), often=rng.choice(words[("often", "")]))
    filled = filled[0].upper() + filled[1:]
    keeps = not opening or filled.split()[0] in ("I", "VBHC", "Do")
    return opening + (filled if keeps else filled[0].lower() + filled[1:])

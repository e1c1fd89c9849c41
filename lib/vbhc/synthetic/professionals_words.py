"""The words of the 26 invented interviews: tables of utterances, and how an interview is spoken from them."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np


class Planted(NamedTuple):
    """What was put in on purpose, beside the counts."""

    no_consent: tuple[str, ...] = ("I20", "I24")
    name_person: str = "I19"
    name_code: str = "M4d"
    name: str = "Okkerveen"  # an invented surname
    name_quote: str = "Doctor Okkerveen hears of it from me every week, and every week it is new to her."
    all_but: int = 4  # interviewees who do not speak of slow progress ("nearly all" do)


PLANTED = Planted()


class Passage(NamedTuple):
    """One marked place: its codes, first the one whose words are spoken, and the aspect of it."""

    codes: list[str]
    said: tuple[str, ...]
    aspect: str = ""


@cache
def entries(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one of the generator's own tables."""
    file = resources.files("vbhc.synthetic") / "data" / f"professionals_{name}.csv"
    with file.open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


def mechanisms() -> list[dict[str, str]]:
    """Return the codes whose presence is planted: the 33 mechanisms."""
    return [row for row in entries("codes") if row["planned"]]


def speak(person: str, plan: list[Passage], rng: np.random.Generator) -> tuple[str, list[tuple[int, int]]]:
    """Write the interview: questions, some chat that nobody codes, and the passages of the plan."""
    themes, words = {row["code"]: row["parent"] for row in entries("codes")}, words_by_kind()
    text, places, last, named, spent = "", [], "", False, set()
    for passage in plan:
        theme = themes[passage.said[0]]
        if theme != last or rng.random() < 0.2:
            text += f"{chr(10) if text else ''}Interviewer: {rng.choice(words[('question', theme)])}\nAnswer:"
            last = theme
        if rng.random() < 0.2:
            text += f" {rng.choice(words[('filler', '')])}"
        said = " ".join(_utterance(code, passage.aspect, words, spent, rng) for code in passage.said)
        if person == PLANTED.name_person and passage.said[0] == PLANTED.name_code and not named:
            said, named = PLANTED.name_quote, True
        places.append((len(text) + 1, len(text) + 1 + len(said)))
        text += f" {said}"
    return text + "\n", places


@cache
def words_by_kind() -> dict[tuple[str, str], list[str]]:
    """Utterances by code and aspect, and the words around them by kind and theme."""
    words: dict[tuple[str, str], list[str]] = {}
    for row in entries("frame"):
        words.setdefault((row["kind"], row["theme"]), []).append(row["text"])
    for row in entries("utterances"):
        words.setdefault((row["code"], row["aspect"]), []).append(row["text"])
    return words


def _utterance(code: str, aspect: str, words: dict, spent: set[str], rng: np.random.Generator) -> str:
    """Return something that has not been said in this interview (as long as there is something left)."""
    known = words.get((code, aspect)) or words[(code, "")]
    said = str(rng.choice([text for text in known if text not in spent] or known))
    opening = str(rng.choice([text for text in words[("opening", "")] if text not in spent or not text]))
    spent.update((said, opening))
    filled = said.format(place=rng.choice(words[("place", "")]), often=rng.choice(words[("often", "")]))
    filled = filled[0].upper() + filled[1:]
    keeps = not opening or filled.split()[0] in ("I", "VBHC", "Do")
    return opening + (filled if keeps else filled[0].lower() + filled[1:])

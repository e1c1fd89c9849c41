"""Put coded interviews together: what every generator of made-up interviews does alike."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from vbhc.interviews.tables import Interviews, frame
from vbhc.interviews.writer import guid
from vbhc.synthetic.tables import entries

Words = dict[tuple[str, str], list[str]]
Planned = TypeVar("Planned")


class Marked(NamedTuple):
    """A passage of an interview: from which character to which, its codes, and what a coder remarked."""

    start: int
    end: int
    codes: list[str]
    comment: str = ""


class Transcripts(NamedTuple):
    """Interviews as they were spoken, their passages, and the marks of the one who coded all."""

    documents: pd.DataFrame
    segments: pd.DataFrame
    marks: list[dict[str, str]]


def words_of(generator: str, key: Callable[[dict[str, str]], tuple[str, str]]) -> Words:
    """Return utterances by the key of their row, and the words around them by kind and theme."""
    words: Words = {}
    for row in entries(f"{generator}_frame"):
        words.setdefault((row["kind"], row["theme"]), []).append(row["text"])
    for row in entries(f"{generator}_utterances"):
        words.setdefault(key(row), []).append(row["text"])
    return words


def code_tree(codes: Iterable[tuple[list[str], dict[str, str]]]) -> pd.DataFrame:
    """Return codes (`code, label, definition`) as a table, each under its categories (from the trunk on)."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for above, code in codes:
        for depth, name in enumerate(above):
            category = {"code": name, "label": name, "definition": "", "codable": False}
            rows.setdefault(tuple(above[: depth + 1]), category)
        rows[*above, f"{code['code']} {code['label']}"] = code | {"codable": True}
    table = []
    for steps, row in rows.items():
        path, parent = " > ".join(steps), steps[-2] if len(steps) > 1 else ""
        place = {"parent": parent, "path": path, "theme": steps[0], "guid": guid("code", path)}
        table.append({"sets": "", "colour": ""} | row | place)
    return frame("codes", table)


def opened(opening: str, sentence: str, keep: Iterable[str]) -> str:
    """Return a sentence after its opening words; its capital goes, save that of a word to `keep`."""
    kept = not opening or sentence.split()[0] in keep
    return opening + (sentence if kept else sentence[0].lower() + sentence[1:])


def converse(
    plan: Iterable[tuple[str, Planned]],
    say: Callable[[Planned], str],
    words: Words,
    chances: tuple[float, float],
    rng: np.random.Generator,
) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of an interview, and where each planned passage stands in it.

    Parameters
    ----------
    plan : iterable
        Theme of each passage, and the passage as `say` takes it.
    chances : (float, float)
        That the interviewer asks again about the theme, and that chat which nobody codes comes before.
    """
    text, places, last = "", [], ""
    for theme, passage in plan:
        if theme != last or rng.random() < chances[0]:
            text += f"{chr(10) if text else ''}Interviewer: {rng.choice(words['question', theme])}\nAnswer:"
            last = theme
        if rng.random() < chances[1]:
            text += f" {rng.choice(words['filler', ''])}"
        said = say(passage)
        places.append((len(text) + 1, len(text) + 1 + len(said)))
        text += f" {said}"
    return text + "\n", places


def transcribe(
    people: pd.DataFrame, speak: Callable[..., tuple[str, list[Marked]]], coder: str, seed: int
) -> Transcripts:
    """Let everybody speak, in an order that does not tell who is who, with random numbers of their own."""
    segments: list[dict[str, Any]] = []
    documents, marks = [], []
    order = np.random.default_rng([seed, 2]).permutation(people["participant"].to_numpy())
    for number, person in enumerate(order, start=1):
        doc = f"Interview {number:02d}"
        text, passages = speak(person, np.random.default_rng([seed, 3, number]))
        told = {"doc": doc, "participant": person, "kind": "text", "n_chars": len(text), "text": text}
        documents.append(told)
        for start, end, codes, comment in passages:
            seg = f"S{len(segments) + 1:05d}"
            row = {"seg": seg, "doc": doc, "participant": person, "start": start, "end": end}
            row |= {"text": text[start:end], "comment": comment, "guid": guid("segment", doc, start, end)}
            segments.append(row)
            marks += [{"seg": seg, "code": code, "coder": coder} for code in codes]
    table = frame("segments", segments).astype({"start": "Int64", "end": "Int64"})
    return Transcripts(frame("documents", documents), table, marks)


def coded(
    people: pd.DataFrame,
    codes: pd.DataFrame,
    spoken: Transcripts,
    more: list[dict[str, str]],
    begins: Mapping[str, str],
) -> Interviews:
    """Return the study: those marks and `more` of others, one every two minutes since a coder began."""
    codings = frame("codings", spoken.marks + more)
    begin = codings["coder"].map({coder: pd.Timestamp(text, tz="UTC") for coder, text in begins.items()})
    step = pd.to_timedelta(codings.groupby("coder").cumcount() * 2, unit="min")
    codings = codings.assign(when=begin + step)
    return Interviews(people, spoken.documents, codes, spoken.segments, codings, frame("report"))

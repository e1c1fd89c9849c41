"""Invent 19 coded interviews: who raises which code is planted, the words are made up.

Synthetic: made from published counts and from free choices, not from people. See `PLANTED` for what a test, a
notebook and the privacy gate must find again.
"""

from __future__ import annotations

import csv
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.interviews.tables import (
    CODE_COLUMNS,
    CODING_COLUMNS,
    DOCUMENT_COLUMNS,
    REPORT_COLUMNS,
    SEGMENT_COLUMNS,
    Interviews,
    frame,
)
from vbhc.interviews.writer import guid, write_qdpx

SEED = 20240501
ROLE = "role"
PROFESSIONS = {
    "clinician": ["physician"] * 6 + ["nurse"] * 3 + ["allied health"] * 2,
    "non-clinician": ["manager"] * 3 + ["care developer"] * 2 + ["finance"] * 2 + ["registry"],
}
SHORTEST, LONGEST = 18, 45  # segments of an ordinary interview
ICC = 0.10  # share of a code's variance that lies between interviewees who raise it
SECOND_CODE = 0.25  # segments with a second code
ALPHA = 0.78  # agreement aimed at between the two coders
CODERS = ("coder A", "coder B")


class Planted(NamedTuple):
    """What was put in on purpose."""

    short: str = "N04"  # six segments only
    short_segments: int = 6
    trap_code: str = "T1"  # one person's hobby horse
    trap_person: str = "N05"
    trap_segments: int = 30
    rare_code: str = "R1"  # the coders never agree on it
    rare_segments: tuple[tuple[str, int], ...] = (("C05", 2), ("C06", 2), ("N01", 1))  # by each coder
    double_coded: tuple[str, ...] = ("C02", "C03", "C05", "C06", "N01", "N07")
    no_consent: str = "C09"
    place_person: str = "C04"
    place_code: str = "K2"
    place_name: str = "Västerlunda"  # an invented town
    place_quote: str = "At the hospital in Västerlunda we tried it for a year and nobody asked about cost."


PLANTED = Planted()


def planted_presence() -> pd.DataFrame:
    """Return who raises which code: interviewees x 17 codes, bool; the trap and the rare code come last."""
    table = pd.DataFrame(_rows("presence")).set_index("id").drop(columns="group").astype(int).astype(bool)
    table[PLANTED.trap_code] = table.index == PLANTED.trap_person
    table[PLANTED.rare_code] = table.index.isin([name for name, _ in PLANTED.rare_segments])
    return table.rename_axis(index="participant", columns="code")


def participants(seed: int = SEED) -> pd.DataFrame:
    """Return the 19 interviewees: participant, role, profession, site, minutes, consent_quote."""
    rng = np.random.default_rng([seed, 1])
    rows = _rows("presence")
    sites = rng.permutation([f"S{n % 3 + 1}" for n in range(len(rows))])
    minutes = rng.integers(35, 76, len(rows))
    professions = {role: iter(names) for role, names in PROFESSIONS.items()}
    table = [
        {
            "participant": row["id"],
            ROLE: row["group"],
            "profession": next(professions[row["group"]]),
            "site": str(site),
            "minutes": 30 if row["id"] == PLANTED.short else int(length),
            "consent_quote": "no" if row["id"] == PLANTED.no_consent else "yes",
        }
        for row, site, length in zip(rows, sites, minutes, strict=True)
    ]
    return pd.DataFrame(table)


def make(seed: int = SEED) -> Interviews:
    """Return the whole invented study; the same seed gives the same words."""
    people = participants(seed)
    codes = _codes()
    given = planted_presence()
    order = np.random.default_rng([seed, 2]).permutation(people["participant"].to_numpy())
    documents, segments, codings = [], [], []
    for number, person in enumerate(order, start=1):
        rng = np.random.default_rng([seed, 3, number])
        doc = f"Interview {number:02d}"
        plan = _plan(person, given.loc[person], rng)
        text, places = _speak(person, plan, rng)
        documents.append(
            {"doc": doc, "participant": person, "kind": "text", "n_chars": len(text), "text": text}
        )
        for (start, end), chosen in zip(places, plan, strict=True):
            seg = f"S{len(segments) + 1:05d}"
            row = {
                "seg": seg,
                "doc": doc,
                "participant": person,
                "start": start,
                "end": end,
                "text": text[start:end],
            }
            segments.append(row | {"comment": "", "guid": guid("segment", doc, start, end)})
            codings += [{"seg": seg, "code": code, "coder": CODERS[0]} for code in chosen]
    table = frame(segments, SEGMENT_COLUMNS).astype({"start": "Int64", "end": "Int64"})
    codings += _second_coder(table, pd.DataFrame(codings), given, seed)
    coded = _dated(frame(codings, CODING_COLUMNS))
    report = pd.DataFrame(columns=list(REPORT_COLUMNS))
    return Interviews(people, frame(documents, DOCUMENT_COLUMNS), codes, table, coded, report)


def write(study_folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write `raw/interviews.qdpx` and `raw/participants.csv` of a study, the same bytes every time.

    The project file knows role and site; profession, minutes and consent stand in the CSV alone, as they
    often do.
    """
    raw = Path(study_folder) / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    made = make(seed)
    table = raw / "participants.csv"
    made.participants.to_csv(table, index=False, lineterminator="\n")
    known = made._replace(participants=made.participants[["participant", ROLE, "site"]])
    return [write_qdpx(known, raw / "interviews.qdpx", name="Value in care (synthetic)"), table]


def _rows(name: str) -> list[dict[str, str]]:
    file = resources.files("vbhc.synthetic") / "data" / f"interviews_19_{name}.csv"
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _codes() -> pd.DataFrame:
    rows, seen = [], set()
    empty = {"sets": "", "colour": ""}
    for row in _rows("codes"):
        theme = row["theme"]
        if theme not in seen:
            seen.add(theme)
            category = {
                "code": theme,
                "parent": "",
                "label": theme,
                "path": theme,
                "theme": theme,
                "definition": "",
            }
            rows.append(category | empty | {"codable": False, "guid": guid("code", theme)})
        path = f"{theme} > {row['code']} {row['label']}"
        rows.append(
            row | empty | {"parent": theme, "path": path, "codable": True, "guid": guid("code", path)}
        )
    return frame(rows, CODE_COLUMNS)


def _plan(person: str, given: pd.Series, rng: np.random.Generator) -> list[list[str]]:
    """Choose the codes of every segment: each planted code at least once, never one that is not planted."""
    own = [c for c in given.index[given] if c not in (PLANTED.trap_code, PLANTED.rare_code)]
    n = int(np.clip(rng.negative_binomial(8, 8 / 33) + 5, SHORTEST, LONGEST))
    n = {PLANTED.short: PLANTED.short_segments, PLANTED.trap_person: LONGEST}.get(person, n)
    weights = rng.dirichlet(np.full(len(own), (1 / ICC - 1) / len(own)))
    trap = PLANTED.trap_segments if person == PLANTED.trap_person else 0
    more = rng.choice(own, n - trap - len(own), p=weights)
    plan = [[str(code)] for code in rng.permutation([*own, *more, *[PLANTED.trap_code] * trap])]
    for codes in plan:
        if rng.random() < SECOND_CODE:
            codes.append(str(rng.choice([c for c in own if c not in codes])))
    rare = dict(PLANTED.rare_segments).get(person, 0)
    for at in rng.choice([n for n, codes in enumerate(plan) if len(codes) == 1], rare, replace=False):
        plan[at].append(PLANTED.rare_code)
    return plan


def _speak(person: str, plan: list[list[str]], rng: np.random.Generator) -> tuple[str, list[tuple[int, int]]]:
    """Write the interview: questions, some chat that nobody codes, and one passage per planned segment."""
    themes = {row["code"]: row["theme"] for row in _rows("codes")}
    words = _words()
    quote_at = next((n for n, codes in enumerate(plan) if codes == [PLANTED.place_code]), 0)
    text, places, last = "", [], ""
    for number, codes in enumerate(plan):
        theme = themes[codes[0]]
        if theme != last or rng.random() < 0.3:
            text += f"{chr(10) if text else ''}Interviewer: {rng.choice(words[('question', theme)])}\nAnswer:"
            last = theme
        if rng.random() < 0.25:
            text += f" {rng.choice(words[('filler', '')])}"
        said = " ".join(_utterance(code, words, rng) for code in codes)
        if person == PLANTED.place_person and number == quote_at:
            plan[number] = [PLANTED.place_code]
            said = PLANTED.place_quote
        places.append((len(text) + 1, len(text) + 1 + len(said)))
        text += f" {said}"
    return text + "\n", places


def _words() -> dict[tuple[str, str], list[str]]:
    """Utterances by code and the words around them by kind and theme."""
    words: dict[tuple[str, str], list[str]] = {}
    for row in _rows("frame"):
        words.setdefault((row["kind"], row["theme"]), []).append(row["text"])
    for row in _rows("utterances"):
        words.setdefault(("utterance", row["code"]), []).append(row["text"])
    return words


def _utterance(code: str, words: dict, rng: np.random.Generator) -> str:
    said = str(rng.choice(words[("utterance", code)]))
    filled = said.format(place=rng.choice(words[("place", "")]), often=rng.choice(words[("often", "")]))
    opening = str(rng.choice(words[("opening", "")]))
    keeps = not opening or filled.split()[0] in ("I", "VBHC") or filled.startswith("I ")
    return opening + (filled if keeps else filled[0].lower() + filled[1:])


def _second_coder(segments: pd.DataFrame, first: pd.DataFrame, given: pd.DataFrame, seed: int) -> list[dict]:
    """Let the second coder miss and add a few segments per code, so that agreement comes out near `ALPHA`.

    A code is only added where the interviewee raises it, so presence stays as planted, whoever's work is
    counted.
    """
    rng = np.random.default_rng([seed, 4])
    units = segments[segments["participant"].isin(PLANTED.double_coded)]
    rows = []
    for code in given.columns:
        by_first = units["seg"].isin(first.loc[first["code"] == code, "seg"]).to_numpy()
        may = units["participant"].map(given[code]).to_numpy() & ~by_first
        if code == PLANTED.rare_code:
            miss = add = int(by_first.sum())
        else:
            miss, add = _disagreements(int(by_first.sum()), int(may.sum()), len(units))
        own = by_first.copy()
        own[rng.choice(np.flatnonzero(by_first), miss, replace=False)] = False
        own[rng.choice(np.flatnonzero(may), add, replace=False)] = True
        rows += [{"seg": seg, "code": code, "coder": CODERS[1]} for seg in units.loc[own, "seg"]]
    return rows


def _disagreements(positive: int, free: int, n: int) -> tuple[int, int]:
    """Return (missed, added) that bring Krippendorff's alpha of two coders nearest to `ALPHA`."""
    choices = [
        (miss, add)
        for miss in range(positive)
        for add in range(min(free, positive) + 1)
        if abs(miss - add) <= 1
    ]
    if not choices:
        return 0, 0

    def distance(choice: tuple[int, int]) -> float:
        miss, add = choice
        ones = 2 * positive - miss + add
        expected = 2 * ones * (2 * n - ones) / (2 * n * (2 * n - 1))
        return abs(1 - (miss + add) / n / expected - ALPHA)

    return min(choices, key=distance)


def _dated(codings: pd.DataFrame) -> pd.DataFrame:
    """One coding every two minutes; the second coder begins a month later."""
    begin = codings["coder"].map(
        {
            CODERS[0]: pd.Timestamp("2024-02-05 09:00", tz="UTC"),
            CODERS[1]: pd.Timestamp("2024-03-04 09:00", tz="UTC"),
        }
    )
    step = pd.to_timedelta(codings.groupby("coder").cumcount() * 2, unit="min")
    return codings.assign(when=begin + step)

"""Invent 19 coded interviews: who raises which code is planted, the words are made up.

Synthetic: made from published counts and from free choices, not from people. See `PLANTED` for what a test, a
notebook and the privacy gate must find again.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.interviews.tables import CODE_COLUMNS, Interviews, frame
from vbhc.interviews.writer import guid, write_qdpx
from vbhc.synthetic.raw import write_raw
from vbhc.synthetic.transcripts import Marked, Words, coded, converse, entries, transcribe, words_of

SEED = 20240501
ROLE = "role"
SHORTEST, LONGEST = 18, 45  # segments of an ordinary interview
ICC = 0.10  # share of a code's variance that lies between interviewees who raise it
SECOND_CODE = 0.25  # segments with a second code
ALPHA = 0.78  # agreement aimed at between the two coders
CODERS = {"coder A": "2024-02-05 09:00", "coder B": "2024-03-04 09:00"}  # when each began; A coded all


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
    table = pd.DataFrame(entries("interviews_19_presence")).set_index("id")
    table = table.drop(columns=["group", "profession"]).astype(int).astype(bool)
    table[PLANTED.trap_code] = table.index == PLANTED.trap_person
    table[PLANTED.rare_code] = table.index.isin([name for name, _ in PLANTED.rare_segments])
    return table.rename_axis(index="participant", columns="code")


def participants(seed: int = SEED) -> pd.DataFrame:
    """Return the 19 interviewees: participant, role, profession, site, minutes, consent_quote."""
    rng = np.random.default_rng([seed, 1])
    rows = pd.DataFrame(entries("interviews_19_presence"))
    sites = rng.permutation([f"S{n % 3 + 1}" for n in range(len(rows))])
    table = rows[["id", "group", "profession"]].set_axis(["participant", ROLE, "profession"], axis=1)
    table = table.assign(site=sites, minutes=rng.integers(35, 76, len(rows)), consent_quote="yes")
    table.loc[table["participant"] == PLANTED.short, "minutes"] = 30
    table.loc[table["participant"] == PLANTED.no_consent, "consent_quote"] = "no"
    return table


def make(seed: int = SEED) -> Interviews:
    """Return the whole invented study; the same seed gives the same words."""
    people, given = participants(seed), planted_presence()

    def speak(person: str, rng: np.random.Generator) -> tuple[str, list[Marked]]:
        return _speak(person, _plan(person, given.loc[person], rng), rng)

    spoken = transcribe(people, speak, "coder A", seed)
    second = _second_coder(spoken.segments, pd.DataFrame(spoken.marks), given, seed)
    return coded(people, _codes(), spoken, second, CODERS)


def write(study_folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write `raw/interviews.qdpx` and `raw/participants.csv` of a study, the same bytes every time.

    The project file knows role and site; profession, minutes and consent stand in the CSV alone, as they
    often do.
    """
    made = make(seed)
    table = write_raw(study_folder, "participants", made.participants)
    known = made._replace(participants=made.participants[["participant", ROLE, "site"]])
    return [write_qdpx(known, table.with_name("interviews.qdpx"), name="Value in care (synthetic)"), table]


def _codes() -> pd.DataFrame:
    rows: dict[str, dict] = {}
    for row in entries("interviews_19_codes"):
        theme = row["theme"]
        category = {"code": theme, "parent": "", "label": theme, "path": theme, "theme": theme}
        rows.setdefault(theme, category | {"definition": "", "codable": False})
        path = f"{theme} > {row['code']} {row['label']}"
        rows[path] = row | {"parent": theme, "path": path, "codable": True}
    table = [row | {"sets": "", "colour": "", "guid": guid("code", path)} for path, row in rows.items()]
    return frame(table, CODE_COLUMNS)


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


def _speak(person: str, plan: list[list[str]], rng: np.random.Generator) -> tuple[str, list[Marked]]:
    """Write the interview: questions, some chat that nobody codes, and one passage per planned segment."""
    themes = {row["code"]: row["theme"] for row in entries("interviews_19_codes")}
    words = words_of("interviews_19", lambda row: ("utterance", row["code"]))
    fitting = (n for n, codes in enumerate(plan) if codes == [PLANTED.place_code])
    quote_at = next(fitting, 0) if person == PLANTED.place_person else None

    def say(number: int) -> str:
        said = " ".join(_utterance(code, words, rng) for code in plan[number])
        return PLANTED.place_quote if number == quote_at else said

    order = ((themes[codes[0]], number) for number, codes in enumerate(plan))
    text, places = converse(order, say, words, (0.3, 0.25), rng)
    if quote_at is not None:
        plan[quote_at] = [PLANTED.place_code]
    return text, [Marked(*place, codes) for place, codes in zip(places, plan, strict=True)]


def _utterance(code: str, words: Words, rng: np.random.Generator) -> str:
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
        rows += [{"seg": seg, "code": code, "coder": "coder B"} for seg in units.loc[own, "seg"]]
    return rows


def _disagreements(positive: int, free: int, n: int) -> tuple[int, int]:
    """Return (missed, added) that bring Krippendorff's alpha of two coders nearest to `ALPHA`."""
    choices = [
        (miss, add)
        for miss in range(positive)
        for add in range(max(miss - 1, 0), min(free, positive, miss + 1) + 1)
    ]
    if not choices:
        return 0, 0

    def distance(choice: tuple[int, int]) -> float:
        miss, add = choice
        ones = 2 * positive - miss + add
        expected = 2 * ones * (2 * n - ones) / (2 * n * (2 * n - 1))
        return abs(1 - (miss + add) / n / expected - ALPHA)

    return min(choices, key=distance)

"""Invent 19 coded interviews: who raises which code is planted, the words are made up.

Synthetic: made from published counts and from free choices, not from people. See `PLANTED` for what a test, a
notebook and the privacy gate must find again.
"""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from vbhc.interviews.tables import Interviews
from vbhc.interviews.writer import write_qdpx
from vbhc.synthetic.tables import entries, figures, write_raw
from vbhc.synthetic.transcripts import Marked, Words, code_tree, coded, converse, opened, transcribe, words_of

FIGURES = figures("interviews_19")
SEED, ROLE, PLANTED = FIGURES["seed"], "role", SimpleNamespace(**FIGURES["planted"])


def planted_presence() -> pd.DataFrame:
    """Return who raises which code: interviewees x 17 codes, bool; the trap and the rare code come last."""
    table = pd.DataFrame(entries("interviews_19_presence")).set_index("id")
    table = table.drop(columns=["group", "profession"]).astype(int).astype(bool)
    table[PLANTED.trap_code] = table.index == PLANTED.trap_person
    table[PLANTED.rare_code] = table.index.isin(list(PLANTED.rare_segments))
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
    spoken = transcribe(
        people, lambda who, rng: _speak(who, _plan(who, given.loc[who], rng), rng), "coder A", seed
    )
    second = _second_coder(spoken.segments, pd.DataFrame(spoken.marks), given, seed)
    codes = code_tree(([row["theme"]], row) for row in entries("interviews_19_codes"))
    return coded(people, codes, spoken, second, FIGURES["coders"])


def write(study_folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write `raw/interviews.qdpx` and `raw/participants.csv` of a study, the same bytes every time.

    The project file knows role and site; profession, minutes and consent stand in the CSV alone, as they
    often do.
    """
    made = make(seed)
    table = write_raw(study_folder, "participants", made.participants)
    known = made._replace(participants=made.participants[["participant", ROLE, "site"]])
    return [write_qdpx(known, table.with_name("interviews.qdpx"), name="Value in care (synthetic)"), table]


def _plan(person: str, given: pd.Series, rng: np.random.Generator) -> list[list[str]]:
    """Choose the codes of every segment: each planted code at least once, never one that is not planted."""
    own = [c for c in given.index[given] if c not in (PLANTED.trap_code, PLANTED.rare_code)]
    shortest, longest = FIGURES["shortest"], FIGURES["longest"]
    n = int(np.clip(rng.negative_binomial(8, 8 / 33) + 5, shortest, longest))
    n = {PLANTED.short: PLANTED.short_segments, PLANTED.trap_person: longest}.get(person, n)
    weights = rng.dirichlet(np.full(len(own), (1 / FIGURES["icc"] - 1) / len(own)))
    trap = PLANTED.trap_segments if person == PLANTED.trap_person else 0
    more = rng.choice(own, n - trap - len(own), p=weights)
    plan = [[str(code)] for code in rng.permutation([*own, *more, *[PLANTED.trap_code] * trap])]
    for codes in plan:
        if rng.random() < FIGURES["second_code"]:
            codes.append(str(rng.choice([c for c in own if c not in codes])))
    rare = PLANTED.rare_segments.get(person, 0)
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
    return opened(str(rng.choice(words[("opening", "")])), filled, keep=("I", "VBHC"))


def _second_coder(segments: pd.DataFrame, first: pd.DataFrame, given: pd.DataFrame, seed: int) -> list[dict]:
    """Let the second coder miss and add a few segments per code: agreement comes out near the one aimed at.

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
    """Return (missed, added) that bring Krippendorff's alpha of two coders nearest to the one aimed at."""
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
        return abs(1 - (miss + add) / n / expected - FIGURES["alpha"])

    return min(choices, key=distance)

"""Invent 26 coded interviews with professionals: who raises what is planted, the words are made up.

Synthetic: made from the published counts of a study on motivation and strain in value-based care (who was
interviewed, the code frame of its table 1, the code tree of its table 2), not from people. No sentence is
taken from it. What it does not count is a free choice; `data/professionals/README.md` says which is which.
"""

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from vbhc.interviews.tables import Interviews
from vbhc.interviews.writer import write_qdpx
from vbhc.synthetic import staff
from vbhc.synthetic.tables import entries, figures, write_raw, write_truth
from vbhc.synthetic.transcripts import Marked, Words, code_tree, coded, converse, opened, transcribe, words_of

FIGURES = figures("professionals")
SEED, ROLE, PLANTED = FIGURES["seed"], "role", SimpleNamespace(**FIGURES["planted"])
ACTIVITIES, MAIN_CODER = FIGURES["activities"], FIGURES["main_coder"]


class Passage(NamedTuple):
    """One marked place: its codes, first the one whose words are spoken, and the aspect of it."""

    codes: list[str]
    said: tuple[str, ...]
    aspect: str = ""


def mechanisms() -> list[dict[str, str]]:
    """Return the codes whose presence is planted: the 33 mechanisms."""
    return [row for row in entries("professionals_codes") if row["planned"]]


def _aspects(code: str) -> dict[str, list[str]]:
    """Aspects of a mechanism, and who must raise each: published counts, our choice where nobody is named."""
    rows = (row for row in entries("professionals_aspects") if row["code"] == code)
    return {row["aspect"]: row["participants"].split() for row in rows}


def participants() -> pd.DataFrame:
    """Return the 26 interviewees: role, gender, hospital, discipline, activities, use of PROMs, consent."""
    table = pd.DataFrame(entries("professionals_participants"))
    quoted = ["no" if p in PLANTED.no_consent else "yes" for p in table["participant"]]
    return table.assign(consent_quote=quoted)


def planted_presence(seed: int = SEED) -> pd.DataFrame:
    """Return who raises which of the 33 mechanisms: interviewees x codes, bool.

    Each code is raised by as many as planned, drawn among those who take part in an activity it belongs to,
    whatever their role (no difference is planted, save for the two physicians of the task shift).
    """
    people = participants().set_index("participant")
    rng = np.random.default_rng([seed, 1])
    table = pd.DataFrame(False, index=people.index, columns=[row["code"] for row in mechanisms()])
    for row in mechanisms():
        code = row["code"]
        able = people[[ACTIVITIES[a] for a in row["activities"].split()]].eq("yes").any(axis=1)
        must = [person for names in _aspects(code).values() for person in names]
        if code == "M1c":  # everybody sees some good come of it
            must = list(table.index[~table[["M1a", "M1b"]].any(axis=1)])
        chosen = list(dict.fromkeys(must))
        free = [str(p) for p in rng.permutation(able[able].index) if p not in chosen]
        chosen += free[: int(row["planned"]) - len(chosen)]
        table.loc[chosen, code] = True
    return table.rename_axis(index="participant", columns="code")


def make(seed: int = SEED) -> Interviews:
    """Return the whole invented study; the same seed gives the same words."""
    people, given = participants(), planted_presence(seed)
    by_name = people.set_index("participant")

    def speak(who: str, rng: np.random.Generator) -> tuple[str, list[Marked]]:
        return _speak(who, _plan(by_name.loc[who], given.loc[who], rng), rng)

    spoken = transcribe(people, speak, MAIN_CODER, seed)
    order = list(spoken.documents["participant"])
    second = _developers(spoken.segments, pd.DataFrame(spoken.marks), order, seed)
    codes = code_tree((_above(row), row) for row in entries("professionals_codes"))
    return coded(people, codes, spoken, second, FIGURES["coders"])


def write(study_folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write interviews and participants under `raw/`, and `truth.yml`, the same bytes each time.

    The project file knows role, gender and hospital, as the published coders noted them; everything else
    stands in the CSV alone.
    """
    folder = Path(study_folder)
    made = make(seed)
    table = write_raw(folder, "participants", made.participants)
    truth = write_truth(folder, "vbhc.synthetic.professionals", _truth(seed))
    known = made._replace(participants=made.participants[["participant", ROLE, "gender", "hospital"]])
    name = "Value-based care and those who work in it (synthetic)"
    coded_file = write_qdpx(known, folder / "raw" / "interviews.qdpx", name=name)
    return [coded_file, table, *staff.write(folder), truth]


def _of(mechanism: dict[str, str]) -> str:
    return "Strain" if mechanism["parent"] in FIGURES["strain"] else "Motivation"


def _above(row: dict[str, str]) -> list[str]:
    """Return the categories above a code: of the first step, or of the mechanisms."""
    first, second = FIGURES["steps"]
    return [second, _of(row), row["parent"]] if row["planned"] else [first, row["parent"]]


def _plan(person: pd.Series, given: pd.Series, rng: np.random.Generator) -> list[Passage]:
    """Choose the passages of an interview: each planted mechanism at least once, none that is not planted."""
    plan = []
    takes_part = [code for code, name in ACTIVITIES.items() if person[name] == "yes"]
    for row in (row for row in mechanisms() if given[row["code"]]):
        aspects = [a for a, names in _aspects(row["code"]).items() if person.name in names]
        plain = _words().get((row["code"], ""), [])
        more = min(int(rng.poisson(FIGURES["more"])), len(plain) - (not aspects))
        for number, aspect in enumerate([*(aspects or [""]), *[""] * more]):
            activity = str(rng.choice([a for a in row["activities"].split() if a in takes_part]))
            codes = [row["code"], *_effects(row, number == 0, rng), activity]
            further = _optional(row, rng)
            plan.append(Passage([*codes, *further], (row["code"], *further), aspect))
    plan += _performance(person, takes_part, rng)
    place = {row["code"]: n for n, row in enumerate(entries("professionals_codes"))} | {"X1": 99}
    plan.sort(key=lambda passage: place[passage.said[0]])
    return plan


def _effects(row: dict[str, str], first: bool, rng: np.random.Generator) -> list[str]:
    effects = row["sets"].split(";")
    if effects == ["neutral"]:
        return [FIGURES["as_before"][_of(row)]]
    both = first or rng.random() < FIGURES["second_effect"]
    return [FIGURES["effects"][effect] for effect in (effects if both else effects[:1])]


def _optional(row: dict[str, str], rng: np.random.Generator) -> list[str]:
    """Return a further code of step 1, or none."""
    pain = row["sets"] in ("motivation down", "strain up", "motivation down;strain up")
    if pain and rng.random() < 0.25:
        return [str(rng.choice(["R1", "R2", "R3"], p=[0.6, 0.2, 0.2]))]
    return [str(rng.choice(["I1", "I2", "I3", "I4"]))] if rng.random() < 0.15 else []


def _performance(person: pd.Series, takes_part: list[str], rng: np.random.Generator) -> list[Passage]:
    """Return what the interviewee says of the own part in VBHC; who does less is published."""
    plan = []
    if person["proms_use"] in ("never", "calm shifts", "avoids"):
        plan.append(Passage(["F1", "O7", "A1"], ("F1",), "low use"))
    if person["scaled_back"] == "yes":
        code, activity = ("F2", "A2") if "A2" in takes_part and rng.random() < 0.5 else ("F3", "A3")
        plan.append(Passage([code, "O7", activity], (code,), "scaled back"))
    if rng.random() < 0.75:
        plan.append(Passage(["F4", "O7", str(rng.choice(takes_part))], ("F4",)))
    if rng.random() < 0.15:
        plan.append(Passage(["X1", "O7", "A4"], ("X1",)))
    return plan


def _developers(segments: pd.DataFrame, first: pd.DataFrame, order: list[str], seed: int) -> list[dict]:
    """Let two coders have coded eight interviews each before the third coded all.

    They leave out or move some marks, within a branch of the tree and only to what the interviewee raises, so
    that who raises what does not hang on whose work is counted.
    """
    rng = np.random.default_rng([seed, 4])
    branch = {row["code"]: row["parent"] for row in entries("professionals_codes")}
    rows = []
    each = FIGURES["coded_by_each"]
    for number, coder in enumerate(c for c in FIGURES["coders"] if c != MAIN_CODER):
        theirs = order[number * each : (number + 1) * each]
        own = first.merge(segments[segments["participant"].isin(theirs)][["seg", "participant"]], on="seg")
        raised = own.groupby("participant")["code"].agg(set)
        for mark in own.itertuples():
            code = mark.code
            if rng.random() > FIGURES["kept"]:
                others = sorted(c for c in raised[mark.participant] - {code} if branch[c] == branch[code])
                code = str(rng.choice(others)) if others and rng.random() < FIGURES["moved"] else ""
            if code:
                rows.append({"seg": mark.seg, "code": code, "coder": coder})
    return pd.DataFrame(rows).drop_duplicates().to_dict("records")


def _speak(person: str, plan: list[Passage], rng: np.random.Generator) -> tuple[str, list[Marked]]:
    """Write the interview: questions, some chat that nobody codes, and the passages of the plan."""
    themes, words = {row["code"]: row["parent"] for row in entries("professionals_codes")}, _words()
    spent: set[str] = set()
    quoted = next((p for p in plan if person == PLANTED.name_person and p.said[0] == PLANTED.name_code), None)

    def say(passage: Passage) -> str:
        said = " ".join(_utterance(code, passage.aspect, words, spent, rng) for code in passage.said)
        return PLANTED.name_quote if passage is quoted else said

    text, places = converse(((themes[p.said[0]], p) for p in plan), say, words, (0.2, 0.2), rng)
    remarks = [f"aspect: {passage.aspect}" if passage.aspect else "" for passage in plan]
    pairs = zip(places, plan, remarks, strict=True)
    return text, [Marked(*place, passage.codes, remark) for place, passage, remark in pairs]


@cache
def _words() -> Words:
    """Utterances by code and aspect, and the words around them by kind and theme."""
    return words_of("professionals", lambda row: (row["code"], row["aspect"]))


def _utterance(code: str, aspect: str, words: Words, spent: set[str], rng: np.random.Generator) -> str:
    """Return something that has not been said in this interview (as long as there is something left)."""
    known = words.get((code, aspect)) or words[(code, "")]
    said = str(rng.choice([text for text in known if text not in spent] or known))
    opening = str(rng.choice([text for text in words[("opening", "")] if text not in spent or not text]))
    spent.update((said, opening))
    filled = said.format(place=rng.choice(words[("place", "")]), often=rng.choice(words[("often", "")]))
    return opened(opening, filled[0].upper() + filled[1:], keep=("I", "VBHC", "Do"))


def _truth(seed: int) -> dict[str, Any]:
    """Return what was planted, by code and by kind, for `truth.yml`."""
    by_role = planted_presence(seed).groupby(participants().set_index("participant")[ROLE]).sum()
    codes = {
        row["code"]: {
            "label": row["label"],
            "effects": row["sets"].split(";"),
            **{role: int(by_role.loc[role, row["code"]]) for role in by_role.index},
        }
        for row in mechanisms()
    }
    interviews = 2 * FIGURES["coded_by_each"]
    shared, moved = FIGURES["kept"], FIGURES["moved"]
    return {
        "seed": seed,
        "interviewees_who_raise": codes,
        "difference_between_roles": "none planted, save for the two physicians who praise the task shift",
        "second_coding": {"marks_shared": shared, "moved_of_the_rest": moved, "interviews": interviews},
        "no_consent": PLANTED.no_consent,
        "planted_name": {"name": PLANTED.name, "code": PLANTED.name_code, "participant": PLANTED.name_person},
        "survey_of_staff": staff.PLANTED,
    }

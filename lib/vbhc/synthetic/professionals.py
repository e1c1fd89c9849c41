"""Invent 26 coded interviews with professionals: who raises what is planted, the words are made up.

Synthetic: made from the published counts of a study on motivation and strain in value-based care (who was
interviewed, the code frame of its table 1, the code tree of its table 2), not from people. No sentence is
taken from it. What it does not count is a free choice; `data/professionals/README.md` says which is which.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from vbhc.interviews.tables import CODE_COLUMNS, Interviews, frame
from vbhc.interviews.writer import guid, write_qdpx
from vbhc.synthetic import staff
from vbhc.synthetic.professionals_words import PLANTED, Passage, mechanisms, speak, words_by_kind
from vbhc.synthetic.raw import write_raw
from vbhc.synthetic.transcripts import Marked, coded, entries, transcribe

SEED = 20250926
ROLE = "role"
STEPS = ("Step 1 frame", "Step 2 mechanisms")  # the two steps of coding are the two trunks of the code tree
OUTCOMES = {"Load of work": "Strain", "Load of thought": "Strain", "Being sure": "Strain"}  # else Motivation
ACTIVITIES = {"A1": "consultations", "A2": "improvement", "A3": "implementation"}
EFFECT_CODES = {"motivation up": "O1", "motivation down": "O2", "strain up": "O4", "strain down": "O5"}
AS_BEFORE = {"Motivation": "O3", "Strain": "O6"}
MAIN_CODER = "coder C"
DEVELOPERS = {  # when each began: the frame was developed before the whole was coded
    "coder A": "2024-01-08 09:00",
    "coder B": "2024-02-08 09:00",
    MAIN_CODER: "2024-03-08 09:00",
}
CODED_BY_EACH = 8  # interviews per developer: 24 of 26, as published
KEPT, MOVED = 0.82, 0.5  # a first coder's marks that the second shares; of the others, those put elsewhere
SECOND_EFFECT = 0.6  # passages of a mechanism with two effects that show both
MORE = 0.7  # further passages per mechanism raised (mean)


def _aspects(code: str) -> dict[str, list[str]]:
    """Aspects of a mechanism, and who must raise each: published counts, our choice where nobody is named."""
    rows = (row for row in entries("professionals_aspects") if row["code"] == code)
    return {row["aspect"]: row["participants"].split() for row in rows}


def participants() -> pd.DataFrame:
    """Return the 26 interviewees: role, gender, hospital, discipline, activities, use of PROMs, consent."""
    table = pd.DataFrame(entries("professionals_participants"))
    return table.assign(
        consent_quote=["no" if p in PLANTED.no_consent else "yes" for p in table["participant"]]
    )


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

    def spoken_by(person: str, rng: np.random.Generator) -> tuple[str, list[Marked]]:
        return speak(person, _plan(by_name.loc[person], given.loc[person], rng), rng)

    spoken = transcribe(people, spoken_by, MAIN_CODER, seed)
    second = _developers(
        spoken.segments, pd.DataFrame(spoken.marks), list(spoken.documents["participant"]), seed
    )
    return coded(people, _codes(), spoken, second, DEVELOPERS)


def write(study_folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write interviews and participants under `raw/`, and `truth.yml`, the same bytes each time.

    The project file knows role, gender and hospital, as the published coders noted them; everything else
    stands in the CSV alone.
    """
    folder = Path(study_folder)
    made = make(seed)
    table, truth = write_raw(folder, "participants", made.participants), folder / "truth.yml"
    truth.write_text(_truth(seed), encoding="utf-8", newline="\n")
    known = made._replace(participants=made.participants[["participant", ROLE, "gender", "hospital"]])
    name = "Value-based care and those who work in it (synthetic)"
    coded_file = write_qdpx(known, folder / "raw" / "interviews.qdpx", name=name)
    return [coded_file, table, *staff.write(folder), truth]


def _codes() -> pd.DataFrame:
    rows: dict[str, dict] = {}

    def category(name: str, parent: str) -> None:
        path = f"{rows[parent]['path']} > {name}" if parent else name
        row = {"code": name, "parent": parent, "label": name, "path": path, "definition": "", "sets": ""}
        rows.setdefault(name, row | {"codable": False})

    for row in entries("professionals_codes"):
        step = STEPS[bool(row["planned"])]
        category(step, "")
        above = OUTCOMES.get(row["parent"], "Motivation") if row["planned"] else step
        category(above, step if row["planned"] else "")
        category(row["parent"], above)
        path = f"{rows[row['parent']]['path']} > {row['code']} {row['label']}"
        kept = {key: row[key] for key in ("code", "parent", "label", "definition", "sets")}
        rows[row["code"]] = kept | {"path": path, "codable": True}
    table = [
        row | {"theme": row["path"].split(" > ")[0], "colour": "", "guid": guid("code", row["path"])}
        for row in rows.values()
    ]
    return frame(table, CODE_COLUMNS)


def _plan(person: pd.Series, given: pd.Series, rng: np.random.Generator) -> list[Passage]:
    """Choose the passages of an interview: each planted mechanism at least once, none that is not planted."""
    plan = []
    takes_part = [code for code, name in ACTIVITIES.items() if person[name] == "yes"]
    for row in (row for row in mechanisms() if given[row["code"]]):
        aspects = [a for a, names in _aspects(row["code"]).items() if person.name in names]
        plain = words_by_kind().get((row["code"], ""), [])
        more = min(int(rng.poisson(MORE)), len(plain) - (not aspects))
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
        return [AS_BEFORE[OUTCOMES.get(row["parent"], "Motivation")]]
    both = first or rng.random() < SECOND_EFFECT
    return [EFFECT_CODES[effect] for effect in (effects if both else effects[:1])]


def _optional(row: dict[str, str], rng: np.random.Generator) -> list[str]:
    """Return a further code of step 1, or none."""
    pain = row["sets"] in ("motivation down", "strain up", "motivation down;strain up")
    if pain and rng.random() < 0.25:
        return [str(rng.choice(["R1", "R2", "R3"], p=[0.6, 0.2, 0.2]))]
    if rng.random() < 0.15:
        return [str(rng.choice(["I1", "I2", "I3", "I4"]))]
    return []


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
    for number, coder in enumerate(c for c in DEVELOPERS if c != MAIN_CODER):
        theirs = order[number * CODED_BY_EACH : (number + 1) * CODED_BY_EACH]
        own = first.merge(segments[segments["participant"].isin(theirs)][["seg", "participant"]], on="seg")
        raised = own.groupby("participant")["code"].agg(set)
        for mark in own.itertuples():
            code = mark.code
            if rng.random() > KEPT:
                others = sorted(c for c in raised[mark.participant] - {code} if branch[c] == branch[code])
                code = str(rng.choice(others)) if others and rng.random() < MOVED else ""
            if code:
                rows.append({"seg": mark.seg, "code": code, "coder": coder})
    return pd.DataFrame(rows).drop_duplicates().to_dict("records")


def _truth(seed: int) -> str:
    """Return `truth.yml`: what was planted, by code and by kind."""
    raised = planted_presence(seed)
    roles = participants().set_index("participant")[ROLE]
    by_role = raised.groupby(roles).sum()
    codes = {
        row["code"]: {
            "label": row["label"],
            "effects": row["sets"].split(";"),
            **{role: int(by_role.loc[role, row["code"]]) for role in by_role.index},
        }
        for row in mechanisms()
    }
    truth = {
        "seed": seed,
        "interviewees_who_raise": codes,
        "difference_between_roles": "none planted, save for the two physicians who praise the task shift",
        "second_coding": {"marks_shared": KEPT, "moved_of_the_rest": MOVED, "interviews": 2 * CODED_BY_EACH},
        "no_consent": list(PLANTED.no_consent),
        "planted_name": {"name": PLANTED.name, "code": PLANTED.name_code, "participant": PLANTED.name_person},
    }
    truth["survey_of_staff"] = staff.planted()
    head = "# What was put into this synthetic study. Made by vbhc.synthetic.professionals; do not edit.\n"
    return head + yaml.safe_dump(truth, sort_keys=False, allow_unicode=True, width=110)

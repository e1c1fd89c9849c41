"""From a patient's true state to the boxes that were ticked: graded-response items, code by code.

Every item is a normal latent variable (the patient's state, plus the item's domain, plus noise) cut at
thresholds (Samejima 1969, in its normal-ogive form). Codes are those that `vbhc.instruments` scores; the
texts of the questionnaires are licensed and appear nowhere.
"""

import numpy as np
import pandas as pd

from vbhc.synthetic.latent import FIGURES
from vbhc.synthetic.tables import entries, stream

SCALE, GENERIC, CARE = FIGURES["kccq"], FIGURES["eq5d"], FIGURES["care"]
VISITS = ("baseline", "3m")
#: KCCQ-23: domain, number of ordered answers, difficulty (above 0 = worse answers), and the chance of code 6
#: where it means "for other reasons, did not do this" (scored as missing).
KCCQ = {row["item"]: row for row in entries("answers_kccq")}
DOMAINS = tuple(dict.fromkeys(row["domain"] for row in KCCQ.values() if row["domain"]))
#: EQ-5D-3L: thresholds on (bad) generic health between levels 1|2 and 2|3.
EQ5D = {row["dimension"]: (float(row["1|2"]), float(row["2|3"])) for row in entries("answers_eq5d")}


def visit_answers(people: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return one row per patient and visit with all items; patients who do not answer have no row at 3m.

    Parameters
    ----------
    people : DataFrame
        From `latent.draw_people`.
    seed : int
        The same as of the people.

    Returns
    -------
    DataFrame
        Columns `patient` (index of `people`), `visit`, `kccq_<item>`, `eq5d_<dimension>`, `vas`; whole
        numbers, nothing missing yet.
    """
    rng = stream(seed, "answers")
    n = len(people)
    traits = {domain: rng.standard_normal(n) for domain in (*DOMAINS, *EQ5D, "generic", "vas", "efficacy")}
    frames = []
    for visit in VISITS:
        health = people[f"health_{visit}"].to_numpy()
        before = people["health_baseline"].to_numpy() if visit == "3m" else health + 0.9
        frame = pd.DataFrame({"patient": people.index, "visit": visit})
        kccq = _kccq(health, health - before, traits, rng)
        frame = frame.join(kccq[[f"kccq_{item}" for item in KCCQ]]).join(_eq5d(health, traits, rng))
        frames.append(frame if visit == "baseline" else frame[people["answers_3m"].to_numpy()])
    return pd.concat(frames, ignore_index=True)


def care_answers(people: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the ten perception-of-care items `care_1` ... `care_10` (1-5), asked once at discharge."""
    rng = stream(seed, "care")
    noise = np.sqrt(1 - CARE["weight"] ** 2)
    experience = people["experience"].to_numpy()
    items = {}
    for item in range(1, CARE["items"] + 1):
        answer = CARE["weight"] * experience + noise * rng.standard_normal(len(people))
        code = 1 + np.searchsorted(np.array(CARE["cuts"]) + 0.05 * (item - 5.5), answer)
        items[f"care_{item}"] = 6 - code if item in CARE["reversed"] else code
    return pd.DataFrame(items, index=people.index)


def _kccq(health: np.ndarray, trend: np.ndarray, traits: dict, rng: np.random.Generator) -> pd.DataFrame:
    """All 23 items of one visit; the domain part lasts half between visits."""
    n = len(health)
    state, part = SCALE["weights"]
    own = np.sqrt(1 - state**2 - part**2)
    answers = {}
    for domain in DOMAINS:
        factor = np.sqrt(0.5) * traits[domain] + np.sqrt(0.5) * rng.standard_normal(n)
        for item, row in KCCQ.items():
            if row["domain"] == domain:
                latent = state * health + part * factor + own * rng.standard_normal(n)
                answers[f"kccq_{item}"] = _graded(latent, row, SCALE["shift"])
    change = 0.55 * trend + 0.8 * rng.standard_normal(n)
    answers["kccq_2"] = 1 + np.searchsorted([-1.6, -0.5, 0.5, 1.5], change)
    for item in ("10", "11"):
        latent = 0.3 * health + 0.55 * traits["efficacy"] + 0.75 * rng.standard_normal(n)
        answers[f"kccq_{item}"] = _graded(latent, KCCQ[item])
    for item, row in KCCQ.items():
        if row["does_not_apply"]:
            absent = rng.random(n) < float(row["does_not_apply"])
            answers[f"kccq_{item}"] = np.where(absent, 6, answers[f"kccq_{item}"])
    for burden, (frequency, never) in SCALE["no_symptom"].items():
        free = answers[f"kccq_{frequency}"] == never
        answers[f"kccq_{burden}"] = np.where(free, 6, answers[f"kccq_{burden}"])
    quiet = np.logical_and.reduce([answers[f"kccq_{item}"] == 6 for item in SCALE["no_symptom"]])
    answers["kccq_2"] = np.where(quiet, 6, answers["kccq_2"])
    return pd.DataFrame(answers)


def _graded(latent: np.ndarray, item: dict[str, str], shift: float = 0) -> np.ndarray:
    """Cut a latent answer into 1..levels; thresholds are evenly spaced over one common width."""
    levels, difficulty = int(item["levels"]), shift + float(item["difficulty"])
    middle = (np.arange(levels - 1) - (levels - 2) / 2) * SCALE["spread"] * 4 / (levels - 1)
    return 1 + np.searchsorted(middle + difficulty, latent)


def _eq5d(health: np.ndarray, traits: dict, rng: np.random.Generator) -> pd.DataFrame:
    """Five dimensions (1-3) and the thermometer (0-100, heaped at fives and tens as real ones are)."""
    n = len(health)
    rest = np.sqrt(0.5) * traits["generic"] + np.sqrt(0.5) * rng.standard_normal(n)
    r, (share, lasting) = GENERIC["generic_from_health"], GENERIC["weights"]
    generic = r * health + np.sqrt(1 - r**2) * rest
    own = np.sqrt(1 - share**2 - lasting**2)
    answers = {}
    for dimension, cuts in EQ5D.items():
        bad = -(share * generic + lasting * traits[dimension] + own * rng.standard_normal(n))
        answers[f"eq5d_{dimension}"] = 1 + np.searchsorted(cuts, bad)
    mark = 44 + 15.5 * generic + 6 * traits["vas"] + 8 * rng.standard_normal(n)
    step = rng.choice([1, 5, 10], size=n, p=[0.20, 0.35, 0.45])
    answers["vas"] = (np.clip(np.round(np.clip(mark, 0, 100) / step) * step, 0, 100)).astype(int)
    return pd.DataFrame(answers)

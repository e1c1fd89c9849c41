"""The shipped study `hip-hospitals`: sixty made-up hospitals whose true differences are known.

`python -m vbhc.synthetic` writes the raw file and `truth.yml` anew, byte for byte. Sizes and spreads are near
those of the English PROMs of hip replacement; nothing was fitted to records, and nobody in it is real.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from vbhc.synthetic.tables import figures, write_raw, write_truth

FIGURES = figures("hip_hospitals")
PLANTED, ILLNESSES, SEED = FIGURES["planted"], FIGURES["illnesses"], FIGURES["seed"]
LATE, STEP = PLANTED["more_readmissions"], PLANTED["more_readmissions"]["from_month"]


def draw(seed: int = SEED) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the patients, a row each as in the raw file, and the hospitals with their true effects."""
    rng = np.random.default_rng(seed)
    hospitals = _hospitals(rng)
    people = _people(rng, hospitals)
    own = hospitals.loc[people["provider"]].reset_index(drop=True)
    people = people.join(_outcomes(rng, people, own))
    people = people.join(_stay(rng, people, own))
    people["satisfaction"] = _rating(rng, people, own)
    _silence(rng, people)
    people = people.drop(columns=["ill", "late"])
    people.insert(0, "patient_id", [f"P{number:05d}" for number in range(1, len(people) + 1)])
    return people, hospitals


def _hospitals(rng: np.random.Generator) -> pd.DataFrame:
    n = FIGURES["hospitals"]
    size = np.clip(np.exp(rng.normal(np.log(110), 0.55, n)), 45, 380).round().astype(int)
    effect = rng.standard_normal(n)
    effect = PLANTED["tau"] * (effect - effect.mean()) / effect.std()
    made = pd.DataFrame({"size": size, "effect": effect}, index=[f"H{at:02d}" for at in range(1, n + 1)])
    made.loc[["H03", "H44"], "size"] = 24
    wrong = [PLANTED["worse_do_not_answer"], PLANTED["illnesses_not_coded"], LATE["hospital"]]
    made.loc[wrong, ["size", "effect"]] = [[260, 0.0], [240, 0.0], [280, 0.0]]
    made.loc[PLANTED["far_behind"]["hospital"], ["size", "effect"]] = [230, PLANTED["far_behind"]["effect"]]
    made["poverty"] = rng.normal(0, 0.6, n)
    made["dearness"] = np.exp(rng.normal(0, 0.08, n))
    return made


def _people(rng: np.random.Generator, hospitals: pd.DataFrame) -> pd.DataFrame:
    provider = np.repeat(hospitals.index, hospitals["size"])
    n = len(provider)
    month = rng.integers(1, FIGURES["months"] + 1, n)
    poor = rng.standard_normal(n) + hospitals.loc[provider, "poverty"].to_numpy()
    ill = np.column_stack([rng.random(n) < share * np.exp(0.15 * poor) for share in ILLNESSES.values()])
    uncoded = (provider == PLANTED["illnesses_not_coded"])[:, None]
    seen = np.where(uncoded, ill & (rng.random(ill.shape) < 0.3), ill)
    age = np.clip(rng.normal(69, 9.5, n), 40, 95).round().astype(int)
    trial = np.isin(provider, hospitals.index[-FIGURES["trials"] :]) & (month >= STEP) & (rng.random(n) < 0.5)
    people = pd.DataFrame({
        "provider": provider,
        "month": [f"{2023 + (m - 1) // 12}-{(m - 1) % 12 + 1:02d}" for m in month],
        "age": age,
        "sex": np.where(rng.random(n) < 0.6, "female", "male"),
        "deprivation": np.clip(np.round(3 + 1.3 * poor / np.sqrt(1.36)), 1, 5).astype(int),
        **{name: np.where(seen[:, place], "yes", "no") for place, name in enumerate(ILLNESSES)},
        "pathway": np.where(trial, "enhanced", "usual"),
        "ill": ill.sum(axis=1),
        "late": month >= STEP,
    })  # fmt: skip
    people["ohs_baseline"] = np.clip(np.round(18 - 0.8 * poor + rng.normal(0, 7.5, n)), 0, 46).astype(int)
    vas = 64 - 4 * people["ill"] + 0.8 * (people["ohs_baseline"] - 18) + rng.normal(0, 15, n)
    return people.assign(eq_vas_baseline=np.clip(vas.round(), 0, 100).astype(int))


def _line(people: pd.DataFrame, illnesses: pd.Series) -> pd.Series:
    """What is expected at six months, on the Oxford scale."""
    poor, older = people["deprivation"] - 3, people["age"] - 69
    return 36 + 0.3 * (people["ohs_baseline"] - 18) - 0.06 * older - 1.8 * illnesses - 0.5 * poor


def _outcomes(rng: np.random.Generator, people: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Scores at six months, and what was expected of them from what was coded."""
    n, coded = len(people), (people[list(ILLNESSES)] == "yes").sum(axis=1)
    better = own["effect"] + PLANTED["effect_of_enhanced_pathway"] * (people["pathway"] == "enhanced")
    after = _line(people, people["ill"]) + better + rng.normal(0, PLANTED["residual_sd"], n)
    vas = 30 + 1.25 * after + rng.normal(0, 13, n)
    line = _line(people, coded) - PLANTED["expectations_too_low_by"]
    return pd.DataFrame({
        "ohs_6m": np.clip(after.round(), 0, 48),
        "expected_ohs_6m": line.round(2),
        "eq_vas_6m": np.clip(vas.round(), 0, 100),
        "expected_eq_vas_6m": (30 + 1.25 * line).round(1),
    })  # fmt: skip


def _stay(rng: np.random.Generator, people: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Days, costs and readmission, all known of everybody."""
    n, older = len(people), people["age"] - 69
    days = np.exp(1.2 + 0.012 * older + 0.12 * people["ill"] + rng.normal(0, 0.4, n))
    shorter = np.where(people["late"], PLANTED["stay_ratio_from_month_13"], 1.0)
    days = np.maximum((days * shorter).round(), 1).astype(int)
    logit = -3.0 + 0.03 * older + 0.45 * (people[list(ILLNESSES)] == "yes").sum(axis=1)
    raised = (people["provider"] == LATE["hospital"]) & people["late"]
    true = 1 / (1 + np.exp(-(logit + np.log(LATE["odds_ratio"]) * raised)))
    return pd.DataFrame({
        "los_days": days,
        "theatre_cost": (5_200 * own["dearness"] * np.exp(rng.normal(0, 0.1, n))).round().astype(int),
        "ward_cost": (days * 390).astype(int),
        "readmitted": np.where(rng.random(n) < true, "yes", "no"),
        "expected_readmission": (1 / (1 + np.exp(-logit))).round(4),
    })  # fmt: skip


def _rating(rng: np.random.Generator, people: pd.DataFrame, own: pd.DataFrame) -> np.ndarray:
    """1 to 5, 5 best: patients who gain more rate higher; hospitals with better outcomes are rated lower."""
    gain = (people["ohs_6m"] - people["ohs_baseline"] - 17) / 10
    latent = 0.6 * gain + PLANTED["rating_against_effect"] * own["effect"] / PLANTED["tau"]
    latent += rng.normal(0, 0.8, len(people))
    return 1 + np.searchsorted([-1.7, -1.1, -0.4, 0.5], latent).astype(float)


def _silence(rng: np.random.Generator, people: pd.DataFrame) -> None:
    """Take away answers at six months; at one hospital, above all of those who fared worse."""
    fared = (people["ohs_6m"] - _line(people, people["ill"])) / PLANTED["residual_sd"]
    selective = people["provider"] == PLANTED["worse_do_not_answer"]
    logit = np.where(selective, -0.7 + 1.0 * fared, 1.1 - 0.15 * (people["deprivation"] - 3))
    silent = rng.random(len(people)) > 1 / (1 + np.exp(-logit))
    people.loc[silent, ["ohs_6m", "eq_vas_6m", "satisfaction"]] = np.nan


def write(folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write `raw/patients.csv` and `truth.yml` under a study folder."""
    people, hospitals = draw(seed)
    for name in ("ohs_6m", "eq_vas_6m", "satisfaction"):
        people[name] = people[name].astype("Int64")
    effects = {name: round(float(value), 3) for name, value in hospitals["effect"].items()}
    truth = write_truth(folder, "`python -m vbhc.synthetic`", PLANTED | {"effects": effects})
    return [write_raw(folder, "patients", people), truth]

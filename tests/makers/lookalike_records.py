"""Make a look-alike of the NHS England PROMs pack: its columns, codes and quirks, with invented patients.

For tests, where the real files are absent. Marginal shares are near the published ones, answers
hang together through one latent state before and one after surgery; no parameter was fitted to records.
Scores are worked out here by their own few lines, so that the look-alike can check the scoring elsewhere.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

OXFORD = {
    "hip": (
        "Pain", "Sudden Pain", "Night Pain", "Washing", "Transport", "Dressing", "Shopping", "Walking",
        "Limping", "Stairs", "Standing", "Work",
    ),
    "knee": (
        "Pain", "Night Pain", "Washing", "Transport", "Walking", "Standing", "Limping", "Kneeling", "Work",
        "Confidence", "Shopping", "Stairs",
    ),
}  # fmt: skip
PREDICTED = {
    "hip": ("EQ5D Index Post-Op Q Predicted", "EQ VAS Post-Op Q Predicted", "OHS Post-Op Q Predicted"),
    "knee": ("EQ 5D Index Post-Op Q Predicted", "EQ VAS_Post-Op Q Predicted", "OKS Post-Op Q Predicted"),
}
YEARS = {"hip": "2018/19", "knee": "2017/18"}
COMORBIDITIES = {
    "Heart Disease": 0.09, "High Bp": 0.40, "Stroke": 0.015, "Circulation": 0.05, "Lung Disease": 0.09,
    "Diabetes": 0.11, "Kidney Disease": 0.02, "Nervous System": 0.01, "Liver Disease": 0.007,
    "Cancer": 0.06, "Depression": 0.09, "Arthritis": 0.75,
}  # fmt: skip
EVENTS = {
    "Allergy": 0.10, "Bleeding": 0.05, "Wound": 0.09, "Urine": 0.12, "Further Surgery": 0.025,
    "Readmitted": 0.07,
}  # fmt: skip
AGE_BANDS = ("40 to 49", "50 to 59", "60 to 69", "70 to 79", "80 to 89")
DIMENSIONS = ("Mobility", "Self-Care", "Activity", "Discomfort", "Anxiety")
# shares of levels 2 and 3, before and after surgery
LEVELS = {"Pre-Op": ((0.92, 0.005), (0.55, 0.012), (0.75, 0.19), (0.55, 0.44), (0.37, 0.05)),
          "Post-Op": ((0.38, 0.001), (0.17, 0.005), (0.38, 0.03), (0.39, 0.03), (0.17, 0.02))}  # fmt: skip
# Dolan 1997, Med Care 35:1095, table 3: level 2 and 3 by dimension; any problem 0.081, any level 3 0.269
DOLAN = ((0.069, 0.314), (0.104, 0.214), (0.036, 0.094), (0.123, 0.386), (0.071, 0.236))


def record_file(procedure: str, n: int = 2000, seed: int = 1997) -> pd.DataFrame:
    """Return `n` made-up records with the 81 published headers, every cell the text that the CSV holds.

    Parameters
    ----------
    procedure : {"hip", "knee"}
    n : int
        Records.
    seed : int
        Same seed, same records.
    """
    rng = np.random.default_rng([seed, len(procedure)])
    before, after = _states(rng, n)
    title = f"{procedure.capitalize()} Replacement"
    columns = _background(rng, n, title, YEARS[procedure])
    columns |= _questionnaire(rng, before, "Pre-Op", title, OXFORD[procedure])
    columns |= _questionnaire(rng, after, "Post-Op", title, OXFORD[procedure])
    columns |= _perception_and_events(rng, before, after)
    columns |= _predictions(rng, columns, title, PREDICTED[procedure])
    return pd.DataFrame(columns, dtype="str")[published_order(procedure)]


def published_order(procedure: str) -> list[str]:
    """Return the 81 headers of the record file in their published order and spelling."""
    title = f"{procedure.capitalize()} Replacement"
    eq5d, vas, oxford = (f"{title} {name}" for name in PREDICTED[procedure])
    first = ["Provider Code", "Procedure", "Revision Flag", "Year", "Age Band", "Gender"]
    first += [
        f"Pre-Op Q {name}" for name in ("Assisted", "Assisted By", "Symptom Period", "Previous Surgery")
    ]
    first += ["Pre-Op Q Living Arrangements", "Pre-Op Q Disability", *COMORBIDITIES]
    first += [f"Pre-Op Q {name}" for name in (*DIMENSIONS, "EQ5D Index Profile", "EQ5D Index")]
    later = (
        "Assisted",
        "Assisted By",
        "Living Arrangements",
        "Disability",
        *DIMENSIONS,
        "Satisfaction",
        "Sucess",
    )
    second = [f"Post-Op Q {name}" for name in (*later, *EVENTS, "EQ5D Index Profile", "EQ5D Index")]
    scores = [f"{title} {when} Q {name}" for when in LEVELS for name in (*OXFORD[procedure], "Score")]
    return [*first, *second, eq5d, "Pre-Op Q EQ VAS", "Post-Op Q EQ VAS", vas, *scores, oxford]


def scores_of(cells: pd.Series) -> pd.Series:
    """Return published score cells as numbers: empty and 999 are missing."""
    return pd.to_numeric(cells.mask(cells.isin(["", "999"])))


def _states(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Latent health before and after (standard normal each, correlation 0.35)."""
    before = rng.standard_normal(n)
    return before, 0.35 * before + np.sqrt(1 - 0.35**2) * rng.standard_normal(n)


def _background(rng: np.random.Generator, n: int, title: str, year: str) -> dict[str, np.ndarray]:
    providers = np.array([f"ZZ{number:03d}" for number in range(1, 31)])
    size = rng.dirichlet(np.full(len(providers), 1.5))
    hidden = rng.random(n) < 0.075
    age = rng.choice(AGE_BANDS, n, p=(0.02, 0.12, 0.32, 0.40, 0.14))
    columns = {
        "Provider Code": rng.choice(providers, n, p=size),
        "Procedure": np.full(n, title),
        "Revision Flag": rng.choice(["0", "1"], n, p=(0.95, 0.05)),
        "Year": np.full(n, year),
        "Age Band": np.where(hidden, "*", age),
        "Gender": np.where(hidden, "*", rng.choice(["1", "2"], n, p=(0.4, 0.6))),
        "Pre-Op Q Assisted By": np.full(n, "0"),
        "Pre-Op Q Symptom Period": rng.choice(list("12349"), n, p=(0.11, 0.68, 0.12, 0.08, 0.01)),
        "Pre-Op Q Previous Surgery": rng.choice(list("129"), n, p=(0.08, 0.91, 0.01)),
    }
    for name, share in COMORBIDITIES.items():
        columns[name] = np.where(rng.random(n) < share, "1", "9")
    return columns


def _questionnaire(
    rng: np.random.Generator, state: np.ndarray, when: str, title: str, items: tuple[str, ...]
) -> dict[str, np.ndarray]:
    """Answers, profile, index, VAS and Oxford items of one questionnaire."""
    n, sooner = len(state), when == "Pre-Op"
    helped = rng.choice(list("129"), n, p=(0.15, 0.84, 0.01) if sooner else (0.06, 0.93, 0.01))
    columns = {
        f"{when} Q Assisted": helped,
        f"{when} Q Living Arrangements": rng.choice(list("12349"), n, p=(0.73, 0.25, 0.002, 0.003, 0.015)),
        f"{when} Q Disability": rng.choice(
            list("129"), n, p=(0.5, 0.45, 0.05) if sooner else (0.27, 0.7, 0.03)
        ),
    }
    if not sooner:
        columns["Post-Op Q Assisted By"] = np.where(helped == "1", rng.choice(list("126"), n), "9")
    levels = np.column_stack([
        1 + (_pull(rng, state) < _quantile(two + three)) + (_pull(rng, state) < _quantile(three))
        for two, three in LEVELS[when]
    ])  # fmt: skip
    levels[rng.random(levels.shape) < 0.012] = 9
    columns |= {f"{when} Q {name}": levels[:, i].astype(str) for i, name in enumerate(DIMENSIONS)}
    columns[f"{when} Q EQ5D Index Profile"] = np.array(["".join(map(str, row)) for row in levels])
    columns[f"{when} Q EQ5D Index"] = np.array([_dolan_text(row) for row in levels])
    vas = np.clip(np.round(_pull(rng, state) * 19 + (66 if sooner else 77)), 0, 100).astype(int)
    columns[f"{when} Q EQ VAS"] = np.where(rng.random(n) < (0.09 if sooner else 0.04), 999, vas).astype(str)
    return columns | _oxford(rng, state, when, title, items)


def _oxford(
    rng: np.random.Generator, state: np.ndarray, when: str, title: str, items: tuple[str, ...]
) -> dict[str, np.ndarray]:
    """Twelve items of 0 to 4; a record lacks none of them or three and more, as in the published files."""
    n, middle = len(state), 1.4 if when == "Pre-Op" else 3.4
    difficulty = np.linspace(0.5, -0.5, len(items))
    answers = np.column_stack([
        np.clip(np.round(middle + shift + 1.1 * _pull(rng, state)), 0, 4) for shift in difficulty
    ]).astype(int)  # fmt: skip
    incomplete = np.flatnonzero(rng.random(n) < 0.012)
    for row in incomplete:
        answers[row, rng.choice(len(items), rng.integers(3, len(items) + 1), replace=False)] = 9
    score = np.where((answers == 9).any(axis=1), "", answers.sum(axis=1).astype(str))
    columns = {f"{title} {when} Q {name}": answers[:, i].astype(str) for i, name in enumerate(items)}
    return columns | {f"{title} {when} Q Score": score}


def _perception_and_events(
    rng: np.random.Generator, before: np.ndarray, after: np.ndarray
) -> dict[str, np.ndarray]:
    """Satisfaction and success, 1 best to 5 worst, which follow the state after more than the gain."""
    n = len(after)
    content = 0.75 * after - 0.1 * before + 0.65 * rng.standard_normal(n)
    better = 0.6 * after - 0.2 * before + 0.3 * content + 0.5 * rng.standard_normal(n)
    columns = {}
    for name, feeling, shares in (
        ("Satisfaction", content, (0.44, 0.33, 0.15, 0.05)),
        ("Sucess", better, (0.86, 0.08, 0.03, 0.02)),
    ):
        cuts = np.quantile(-feeling, np.cumsum(shares))
        answer = 1 + np.searchsorted(cuts, -feeling)
        columns[f"Post-Op Q {name}"] = np.where(rng.random(n) < 0.015, 9, answer).astype(str)
    for name, share in EVENTS.items():
        happened = rng.random(n) < share * np.exp(-0.5 * after - 0.125)
        unanswered = rng.random(n) < (0.11 if share > 0.03 and name != "Readmitted" else 0.014)
        columns[f"Post-Op Q {name}"] = np.where(unanswered, "9", np.where(happened, "1", "2"))
    return columns


def _predictions(
    rng: np.random.Generator, columns: dict[str, np.ndarray], title: str, names: tuple[str, ...]
) -> dict[str, np.ndarray]:
    """Expected follow-up scores: a line on the score before; blank without either score, and at random."""
    measures = ("EQ5D Index", "EQ VAS", "Score")
    predictions = {}
    for name, measure in zip(names, measures, strict=True):
        stem = f"{title} " if measure == "Score" else ""
        first, second = (scores_of(pd.Series(columns[f"{stem}{when} Q {measure}"])) for when in LEVELS)
        both = first.notna() & second.notna()
        slope, level = np.polyfit(first[both], second[both], 1)
        expected = level + slope * first + rng.normal(0, 0.05 * second.std(), len(first))
        absent = ~both | (rng.random(len(first)) < 0.02)
        texts = [f"{value:.9g}" for value in expected.fillna(0)]
        predictions[f"{title} {name}"] = np.where(absent, "", texts)
    return predictions


def _pull(rng: np.random.Generator, state: np.ndarray) -> np.ndarray:
    """One answer's latent value: standard normal, correlation 0.75 with the state."""
    return 0.75 * state + np.sqrt(1 - 0.75**2) * rng.standard_normal(len(state))


def _quantile(share: float) -> float:
    from scipy.stats import norm

    return float(norm.ppf(share))


def _dolan_text(levels: np.ndarray) -> str:
    """The index as published: up to three decimals, "1" for full health, empty when an answer is missing."""
    if (levels == 9).any():
        return ""
    loss = sum(DOLAN[i][level - 2] for i, level in enumerate(levels) if level > 1)
    index = 1 - loss - 0.081 * bool((levels > 1).any()) - 0.269 * bool((levels == 3).any())
    return f"{round(index, 3) + 0:g}"

"""Invent a survey of 140 patients, clinicians, managers and payers on what value is: planted, then spoilt.

`python -m vbhc.synthetic.survey` writes `raw/survey.csv` anew, byte for byte. Every statement is our own and
nobody was ever asked. What was planted stands in `planted()` and in `truth.yml`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from vbhc.synthetic.latent import stream

SEED = 20261  # apart from the patients' and the interviews', so that none of their bytes hang on it
SIZES = {"patient": 60, "clinician": 40, "manager": 24, "payer": 16}
AGES = {"patient": (64, 12), "clinician": (48, 10), "manager": (52, 9), "payer": (50, 9)}  # mean, SD, years
CUTS = (2.0, 0.9, -0.5, -2.0)  # log odds of answering above 1, 2, 3, 4 at the middle of a statement
#: Statement -> log odds of a higher answer: the patients' level, and what each other group adds to it.
LEVELS = {
    "value_outcome": 2.2,
    "value_cost": -0.5,
    "value_voice": 1.4,
    "value_compare": 0.2,
    "value_clear": -0.6,
}
SHIFTS = {
    "value_outcome": {"clinician": 0.0, "manager": 0.0, "payer": 0.0},
    "value_cost": {"clinician": 0.3, "manager": 1.6, "payer": 2.4},
    "value_voice": {"clinician": -1.5, "manager": -0.7, "payer": -0.9},
    "value_compare": {"clinician": -1.2, "manager": 0.0, "payer": 1.0},
    "value_clear": {"clinician": 0.0, "manager": 0.0, "payer": 0.0},
}
PER_YEAR = {"value_clear": 0.08}  # log odds per year of age, around 60: no group differs once age is known
SPLIT = ("value_compare", "manager", 0.3)  # their cuts are drawn together: answers at both ends
#: Log worth of an outcome when five are ranked (Plackett-Luce), and of an aspect in the best-worst tasks.
RANKED = {
    "rank_survival": {"patient": 0.4, "clinician": 1.6, "manager": 1.0, "payer": 1.2},
    "rank_symptoms": {"patient": 1.2, "clinician": 1.2, "manager": 0.4, "payer": 0.3},
    "rank_daily_life": {"patient": 1.6, "clinician": 0.6, "manager": 0.4, "payer": 0.3},
    "rank_mood": {"patient": 0.2, "clinician": 0.0, "manager": 0.0, "payer": 0.0},
    "rank_hospital": {"patient": 0.0, "clinician": 0.4, "manager": 1.6, "payer": 1.6},
}
ASPECTS = {
    "survival": {"patient": 0.6, "clinician": 1.8, "manager": 1.2, "payer": 1.2},
    "symptoms": {"patient": 1.2, "clinician": 1.4, "manager": 0.6, "payer": 0.4},
    "daily life": {"patient": 1.6, "clinician": 0.8, "manager": 0.6, "payer": 0.6},
    "being heard": {"patient": 1.0, "clinician": 0.6, "manager": 0.2, "payer": 0.0},
    "waiting time": {"patient": 0.4, "clinician": 0.0, "manager": 0.8, "payer": 0.6},
    "cost of care": {"patient": -0.8, "clinician": -0.4, "manager": 1.6, "payer": 1.8},
    "own expenses": {"patient": 0.0, "clinician": -0.6, "manager": -0.6, "payer": -0.2},
}
#: Seven tasks of three aspects: every aspect is shown three times, every pair once (the Fano plane).
TASKS = ((0, 1, 2), (0, 3, 4), (0, 5, 6), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 4, 5))
AGAIN = ("value_outcome", "value_cost", "value_voice")  # asked in a second round
MOVES, DROPS = 0.25, 0.12  # of those who could, this share takes a step to the middle; leaves after round one
BLANK, NO_ANSWER = 0.02, 0.015  # shares of statements left empty, and marked 9


def draw(seed: int = SEED, times: int = 1) -> pd.DataFrame:
    """Draw respondents without any blemish, `times` as many of each group as are shipped."""
    rng = stream(seed, "survey: people")
    roles = rng.permutation(np.repeat(list(SIZES), [size * times for size in SIZES.values()]))
    middle, spread = (np.array([AGES[role][n] for role in roles]) for n in (0, 1))
    ages = np.clip(np.round(middle + spread * rng.standard_normal(len(roles))), 20, 95).astype(int)
    width = max(3, len(str(len(roles))))
    people = pd.DataFrame({
        "respondent": [f"R{n:0{width}d}" for n in range(1, len(roles) + 1)],
        "respondent_role": roles, "respondent_age": ages,
    })  # fmt: skip
    graded = pd.DataFrame({name: _graded(name, people, stream(seed, f"survey: {name}")) for name in LEVELS})
    again = _second_round(graded[list(AGAIN)], stream(seed, "survey: again"))
    ranks = _rankings(people, stream(seed, "survey: ranks"))
    choices = _choices(people, stream(seed, "survey: choices"))
    return pd.concat([people, graded, again, ranks, choices], axis=1)


def _graded(name: str, people: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Answers 1 to 5 from a cumulative logit."""
    roles = people["respondent_role"]
    level = (
        LEVELS[name]
        + roles.map({"patient": 0.0, **SHIFTS[name]})
        + PER_YEAR.get(name, 0) * (people["respondent_age"] - 60)
    )
    statement, group, share = SPLIT
    width = np.where((roles == group) & (name == statement), share, 1.0)
    above = expit(level.to_numpy()[:, None] + width[:, None] * np.array(CUTS))
    return 1 + (above > rng.random(len(people))[:, None]).sum(axis=1)


def _second_round(first: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Some take a step towards the median of the first round, some do not take part."""
    moves = rng.random(first.shape) < MOVES
    second = first + np.sign(first.median() - first).astype(int) * moves
    second = second.astype("Int64").mask(pd.Series(rng.random(len(first)) < DROPS, first.index), pd.NA)
    return second.add_suffix("_again")


def _rankings(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    worth = _worths(people, RANKED) + rng.gumbel(size=(len(people), len(RANKED)))
    order = (-worth).argsort(axis=1).argsort(axis=1) + 1
    return pd.DataFrame(order, columns=list(RANKED))


def _choices(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    names, worth = np.array(list(ASPECTS)), _worths(people, ASPECTS)
    columns = {}
    for number, shown in enumerate(TASKS, start=1):
        felt = worth[:, shown] + rng.gumbel(size=(len(people), len(shown)))
        own = names[list(shown)]
        columns[f"bw_{number}_best"] = own[felt.argmax(axis=1)]
        columns[f"bw_{number}_worst"] = own[felt.argmin(axis=1)]
    return pd.DataFrame(columns)


def _worths(people: pd.DataFrame, table: dict[str, dict[str, float]]) -> np.ndarray:
    return np.column_stack([people["respondent_role"].map(by_role) for by_role in table.values()])


def tasks() -> dict[str, list[str]]:
    """Return the best-worst tasks as `study.yml` declares them."""
    names = list(ASPECTS)
    return {f"bw_{n}": [names[item] for item in shown] for n, shown in enumerate(TASKS, start=1)}


def spoil(survey: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the survey as text: gaps, an impossible code, a misspelt role, one row twice, one id twice."""
    rng = stream(seed, "survey: mess")
    n = len(survey)
    text = survey.astype(object).where(survey.notna(), "").astype(str)
    for name in LEVELS:
        chance = rng.random(n)
        text[name] = (
            text[name].mask(chance < BLANK, "").mask((chance >= BLANK) & (chance < BLANK + NO_ANSWER), "9")
        )
    unranked = rng.random(n) < BLANK
    text.loc[unranked, list(RANKED)] = ""
    odd, slip, twice, other, torn, tied = rng.choice(np.flatnonzero(~unranked), 6, replace=False)
    text.loc[odd, "value_cost"] = "7"
    text.loc[slip, "respondent_role"] = (
        text.loc[slip, "respondent_role"][:-2] + text.loc[slip, "respondent_role"][-1]
    )
    text.loc[torn, "bw_3_worst"] = text.loc[torn, "bw_3_best"]
    first, second = (text.columns[text.loc[tied].isin([rank])].intersection(list(RANKED))[0] for rank in "12")
    text.loc[tied, [first, second]] = "1"
    changed = text.loc[[other]].assign(value_cost="1" if text.loc[other, "value_cost"] != "1" else "5")
    return pd.concat([text.loc[:twice], text.loc[[twice]], text.loc[twice + 1 :], changed], ignore_index=True)


def planted() -> dict[str, Any]:
    """Return the generator's own figures for `truth.yml`."""
    statement, group, share = SPLIT
    return {
        "log_odds_against_patients": SHIFTS,
        "log_odds_per_year_of_age": PER_YEAR,
        "not_proportional": {"statement": statement, "group": group, "cuts_times": share},
        "ranking_first": {role: max(RANKED, key=lambda name, r=role: RANKED[name][r]) for role in SIZES},
        "best": {role: max(ASPECTS, key=lambda name, r=role: ASPECTS[name][r]) for role in SIZES},
        "worst": {role: min(ASPECTS, key=lambda name, r=role: ASPECTS[name][r]) for role in SIZES},
        "second_round": {"step_to_the_median": MOVES, "left": DROPS},
    }


def write(folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write `raw/survey.csv` under a study folder; the same seed gives the same bytes on every system."""
    path = Path(folder) / "raw" / "survey.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    spoil(draw(seed), seed).to_csv(path, encoding="utf-8", index=False, lineterminator="\n")
    return [path]


if __name__ == "__main__":
    from vbhc.study import project_root

    for written in write(
        Path(sys.argv[1]) if len(sys.argv) > 1 else project_root() / "data" / "heart-failure"
    ):
        print(written)

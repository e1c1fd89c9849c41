"""Invent a survey of 140 patients, clinicians, managers and payers on what value is: planted, then spoilt.

Every statement is our own and nobody was ever asked. What was planted stands in `planted()` and in
`truth.yml`.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from vbhc.synthetic.latent import stream
from vbhc.synthetic.raw import write_raw
from vbhc.synthetic.transcripts import entries

SEED = 20261  # apart from the patients' and the interviews', so that none of their bytes hang on it
SIZES = {"patient": 60, "clinician": 40, "manager": 24, "payer": 16}
AGES = {"patient": (64, 12), "clinician": (48, 10), "manager": (52, 9), "payer": (50, 9)}  # mean, SD, years
CUTS = (2.0, 0.9, -0.5, -2.0)  # log odds of answering above 1, 2, 3, 4 at the middle of a statement


def _planted(kind: str) -> dict[str, dict[str, float]]:
    rows = (row for row in entries("survey_planted") if row["kind"] == kind)
    return {row["name"]: {role: float(row[role]) for role in SIZES} for row in rows}


#: Statement -> log odds of a higher answer: the patients' level, and what each other group adds to it.
SHIFTS = _planted("statement")
LEVELS = {name: by_role.pop("patient") for name, by_role in SHIFTS.items()}
PER_YEAR = {"value_clear": 0.08}  # log odds per year of age, around 60: no group differs once age is known
SPLIT = ("value_compare", "manager", 0.3)  # their cuts are drawn together: answers at both ends
#: Log worth of an outcome when five are ranked (Plackett-Luce), and of an aspect in the best-worst tasks.
RANKED, ASPECTS = _planted("ranked"), _planted("aspect")
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
    level = LEVELS[name] + roles.map({"patient": 0.0, **SHIFTS[name]})
    level += PER_YEAR.get(name, 0) * (people["respondent_age"] - 60)
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


def spoil(survey: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the survey as text: gaps, an impossible code, a misspelt role, one row twice, one id twice."""
    rng = stream(seed, "survey: mess")
    n = len(survey)
    text = survey.astype(object).where(survey.notna(), "").astype(str)
    for name in LEVELS:
        chance = rng.random(n)
        text[name] = text[name].mask(chance < BLANK + NO_ANSWER, "9").mask(chance < BLANK, "")
    unranked = rng.random(n) < BLANK
    text.loc[unranked, list(RANKED)] = ""
    odd, slip, twice, other, torn, tied = rng.choice(np.flatnonzero(~unranked), 6, replace=False)
    text.loc[odd, "respondent"] = ""
    role = text.loc[slip, "respondent_role"]
    text.loc[slip, "respondent_role"] = role[:-2] + role[-1]
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
        "ranking_first": {role: max(RANKED, key=lambda name: RANKED[name][role]) for role in SIZES},
        "best": {role: max(ASPECTS, key=lambda name: ASPECTS[name][role]) for role in SIZES},
        "worst": {role: min(ASPECTS, key=lambda name: ASPECTS[name][role]) for role in SIZES},
        "second_round": {"step_to_the_median": MOVES, "left": DROPS},
    }


def write(folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write `raw/survey.csv` under a study folder; the same seed gives the same bytes on every system."""
    return [write_raw(folder, "survey", spoil(draw(seed), seed))]

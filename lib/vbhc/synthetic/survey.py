"""Invent a survey of 140 patients, clinicians, managers and payers on what value is: planted, then spoilt.

Every statement is our own and nobody was ever asked. What was planted stands in `PLANTED` and in `truth.yml`.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit

from vbhc.synthetic.tables import entries, figures, stream, write_raw

FIGURES = figures("survey")
SEED, SIZES, PLANTED = FIGURES["seed"], FIGURES["sizes"], FIGURES["planted"]
TASKS, AGAIN, SPLIT = FIGURES["tasks"], FIGURES["again"], PLANTED["not_proportional"]


def _by_role(kind: str) -> dict[str, dict[str, float]]:
    rows = (row for row in entries("survey_planted") if row["kind"] == kind)
    return {row["name"]: {role: float(row[role]) for role in SIZES} for row in rows}


#: Statement -> log odds of a higher answer: the patients' level, and what each other group adds to it.
SHIFTS = _by_role("statement")
LEVELS = {name: by_role.pop("patient") for name, by_role in SHIFTS.items()}
PLANTED = {"log_odds_against_patients": SHIFTS} | PLANTED
#: Log worth of an outcome when five are ranked (Plackett-Luce), and of an aspect in the best-worst tasks.
RANKED, ASPECTS = _by_role("ranked"), _by_role("aspect")


def draw(seed: int = SEED, times: int = 1) -> pd.DataFrame:
    """Draw respondents without any blemish, `times` as many of each group as are shipped."""
    rng = stream(seed, "survey: people")
    roles = rng.permutation(np.repeat(list(SIZES), [size * times for size in SIZES.values()]))
    middle, spread = (np.array([FIGURES["ages"][role][n] for role in roles]) for n in (0, 1))
    ages = np.clip(np.round(middle + spread * rng.standard_normal(len(roles))), 20, 95).astype(int)
    width = max(3, len(str(len(roles))))
    people = pd.DataFrame({
        "respondent": [f"R{n:0{width}d}" for n in range(1, len(roles) + 1)],
        "respondent_role": roles, "respondent_age": ages,
    })  # fmt: skip
    graded = pd.DataFrame({name: _graded(name, people, stream(seed, f"survey: {name}")) for name in LEVELS})
    again = _second_round(graded[AGAIN], stream(seed, "survey: again"))
    worth = _worths(people, RANKED, stream(seed, "survey: ranks"))
    ranks = pd.DataFrame((-worth).argsort(axis=1).argsort(axis=1) + 1, columns=list(RANKED))
    choices = _choices(people, stream(seed, "survey: choices"))
    return pd.concat([people, graded, again, ranks, choices], axis=1)


def _graded(name: str, people: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Answers 1 to 5 from a cumulative logit."""
    roles = people["respondent_role"]
    level = LEVELS[name] + roles.map({"patient": 0.0, **SHIFTS[name]})
    level += PLANTED["log_odds_per_year_of_age"].get(name, 0) * (people["respondent_age"] - 60)
    width = np.where((roles == SPLIT["group"]) & (name == SPLIT["statement"]), SPLIT["cuts_times"], 1.0)
    above = expit(level.to_numpy()[:, None] + width[:, None] * np.array(FIGURES["cuts"]))
    return 1 + (above > rng.random(len(people))[:, None]).sum(axis=1)


def _second_round(first: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Some take a step towards the median of the first round, some do not take part."""
    moves = rng.random(first.shape) < PLANTED["second_round"]["step_to_the_median"]
    second = first + np.sign(first.median() - first).astype(int) * moves
    left = pd.Series(rng.random(len(first)) < PLANTED["second_round"]["left"], first.index)
    return second.astype("Int64").mask(left, pd.NA).add_suffix("_again")


def _choices(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    names, columns = np.array(list(ASPECTS)), {}
    for number, shown in enumerate(TASKS, start=1):
        felt = _worths(people, {name: ASPECTS[name] for name in names[shown]}, rng)
        columns[f"bw_{number}_best"] = names[shown][felt.argmax(axis=1)]
        columns[f"bw_{number}_worst"] = names[shown][felt.argmin(axis=1)]
    return pd.DataFrame(columns)


def _worths(people: pd.DataFrame, table: dict[str, dict[str, float]], rng: np.random.Generator) -> np.ndarray:
    """What each person feels of each thing: the worth for the group, and chance."""
    worth = np.column_stack([people["respondent_role"].map(by_role) for by_role in table.values()])
    return worth + rng.gumbel(size=worth.shape)


def spoil(survey: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the survey as text: gaps, an impossible code, a misspelt role, one row twice, one id twice."""
    rng = stream(seed, "survey: mess")
    n, blank = len(survey), FIGURES["blank"]
    text = survey.astype(object).where(survey.notna(), "").astype(str)
    for name in LEVELS:
        chance = rng.random(n)
        text[name] = text[name].mask(chance < blank + FIGURES["no_answer"], "9").mask(chance < blank, "")
    unranked = rng.random(n) < blank
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


def write(folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write `raw/survey.csv` under a study folder; the same seed gives the same bytes on every system."""
    return [write_raw(folder, "survey", spoil(draw(seed), seed))]

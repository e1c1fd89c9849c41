"""What was put into the synthetic heart-failure study, and what that makes on the scales that a reader sees.

`python -m vbhc.synthetic.truth` writes `truth.yml` anew: first the planted figures as the generator has them,
then their consequences, from a population so large that chance hardly matters. `targets.csv` has
published figures for many of the statistics.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pingouin

from vbhc import instruments
from vbhc.study import project_root
from vbhc.synthetic import latent, survey
from vbhc.synthetic.answers import CARE, KCCQ, visit_answers
from vbhc.synthetic.heart_failure import draw
from vbhc.synthetic.tables import entries, write_truth

COST = "cost_eur_2011"
REVERSED = [f"care_{item}" for item in CARE["reversed"]]
POPULATION_SEEDS, POPULATION_N = (1, 2, 3, 4, 5), 100_000
NOT_POPULATION = ("n_usual", "n_person_centred", "n_wards")
ABOUT = """\
# planted: figures of the generator (SD = standard deviations at admission of a state that nobody can see).
# population: what any analysis of the shipped tables estimates, with the Monte Carlo error of our knowing it.
"""
PLANTED = latent.PLANTED | {"survey_of_stakeholders": survey.PLANTED}


def population(unit_costs: pd.Series) -> pd.DataFrame:
    """Return the population value of every statistic, averaged over large draws.

    Returns
    -------
    DataFrame
        Index statistic; columns `value` and `mc_error` (standard error over the draws).
    """
    draws = pd.DataFrame([_one_population(seed, unit_costs) for seed in POPULATION_SEEDS])
    draws = draws.drop(columns=list(NOT_POPULATION))
    return pd.DataFrame({"value": draws.mean(), "mc_error": draws.std() / np.sqrt(len(draws))})


def _one_population(seed: int, unit_costs: pd.Series) -> pd.Series:
    drawn = draw(seed, POPULATION_N)
    found = statistics(analysis_table(drawn, unit_costs))
    # Both arms come from one population: the whole difference is made where care was delivered as intended.
    found["los_effect_where_delivered"] = found["los_difference"] / found["share_delivered"]
    answers = visit_answers(drawn["people"].assign(answers_3m=~drawn["people"]["dead_3m"]), seed)
    answers.insert(0, "patient_id", drawn["patients"]["patient_id"].loc[answers.pop("patient")].to_numpy())
    complete = statistics(analysis_table({**drawn, "answers": answers}, unit_costs))
    for name in ("kccq_3m_mean", "kccq_change_mean", "pearson_perception_kccq_3m"):
        found[f"{name}_if_all_survivors_answered"] = complete[name]
    return found


def write(folder: Path) -> Path:
    """Write `truth.yml` of the study folder."""
    size = {"draws": len(POPULATION_SEEDS), "patients_each": POPULATION_N, "seeds": list(POPULATION_SEEDS)}
    found = population(read_unit_costs(folder)).to_dict("index")
    values = {name: {key: _rounded(value) for key, value in row.items()} for name, row in found.items()}
    content = {"planted": PLANTED, "simulated": size, "population": values}
    return write_truth(folder, "`python -m vbhc.synthetic.truth`", content, ABOUT)


def _rounded(value: float) -> float:
    """Four decimals, one for amounts of money: less than the Monte Carlo error, more than a reader needs."""
    return round(float(value), 1 if abs(value) >= 100 else 4)


def read_unit_costs(folder: Path | str) -> pd.Series:
    """Return the unit costs of the study folder by resource (EUR)."""
    return pd.read_csv(Path(folder) / "unit_costs.csv").set_index("resource")["unit_cost"]


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else project_root() / "data" / "heart-failure")


def analysis_table(drawn: dict[str, pd.DataFrame], unit_costs: pd.Series) -> pd.DataFrame:
    """Return one row per patient with items, scores and cost, named as cleaning names them.

    Parameters
    ----------
    drawn : dict of DataFrame
        From `heart_failure.draw`: patients, answers, resources without blemish.
    unit_costs : Series
        EUR per unit, by resource.
    """
    table = drawn["patients"].set_index("patient_id").copy()
    care = table.filter(regex="^care_").astype("float64")
    options = {"scale": "perceived_care", "reverse": CARE["reversed"], "min_answered": 8}
    table["perceived_care"] = instruments.score("likert", care, **options)["perceived_care"]
    for visit, answers in drawn["answers"].groupby("visit", sort=False):
        answers = answers.set_index("patient_id").drop(columns="visit")
        table = table.join(pd.concat([_scores(answers), answers], axis=1).add_suffix(f"_{visit}"))
    table["kccq_os_change"] = table["kccq_os_3m"] - table["kccq_os_baseline"]
    lines = drawn["resources"]
    table[COST] = (lines["quantity"] * lines["resource"].map(unit_costs)).groupby(lines["patient_id"]).sum()
    return table.reset_index()


def _scores(answers: pd.DataFrame) -> pd.DataFrame:
    kccq = answers[[f"kccq_{item}" for item in KCCQ]].set_axis(list(KCCQ), axis=1)
    eq5d = answers.filter(regex="^eq5d_").rename(columns=lambda name: name.removeprefix("eq5d_"))
    health = instruments.score("kccq23", kccq)["kccq_os"]
    index = instruments.score("eq5d-3l", eq5d, value_set="3l-tto-uk")["eq5d_index"]
    return pd.concat([health, index, answers["vas"].rename("eq_vas")], axis=1)


def statistics(table: pd.DataFrame) -> pd.Series:
    """Return every statistic that a target or the planted truth names.

    Parameters
    ----------
    table : DataFrame
        One row per patient, from `analysis_table` or from the cleaning of the shipped files.

    Returns
    -------
    Series
        By statistic. Pairs with a missing value are left out pair by pair, as a notebook does.
    """
    wide = _with_derived(table)
    rows = entries("heart_failure_statistics")
    return pd.Series({row["statistic"]: float(_one(wide, **row)) for row in rows})


def _with_derived(table: pd.DataFrame) -> pd.DataFrame:
    """Add the columns that `heart_failure_statistics.csv` names and the study does not have."""
    numbers = {name: table[name].astype("float64") for name in ("age", "los_days", COST, *REVERSED)}
    turned = {name: 6 - numbers[name] for name in REVERSED}
    grade = table["nyha"].map({"II": 2.0, "III": 3.0, "IV": 4.0}).astype("float64")
    wide = table.assign(**numbers | turned, nyha_grade=grade)
    for row in entries("heart_failure_derived"):
        wide[row["column"]] = wide.eval(row["formula"], engine="python")
    return wide


def _one(table: pd.DataFrame, statistic: str, how: str, column: str, other: str, among: str) -> float:
    """A statistic of one column, the correlation of two, or the difference between a group and usual care."""
    if how == "alpha":  # a summary score clips its items at 5: code 6 says "does not apply"
        items = table.filter(regex=column).astype("float64").clip(upper=5)
        return pingouin.cronbach_alpha(items, nan_policy="listwise")[0]
    values = (table[table[among]] if among else table)[column]
    if how == "difference":
        return values.mean() - table.loc[table["usual"], column].mean()
    if how == "quintile ratio":  # mean of the top fifth over that of the bottom fifth
        ordered = np.sort(values.dropna())
        fifth = max(len(ordered) // 5, 1)
        return ordered[-fifth:].mean() / ordered[:fifth].mean()
    if how == "r2":
        return values.corr(table[other]) ** 2
    return values.corr(table[other], method=how) if other else getattr(values, how)()

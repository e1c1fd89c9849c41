"""What was put into the synthetic heart-failure study, and what that makes on the scales that a reader sees.

`python -m vbhc.synthetic.truth` writes `truth.yml` anew: first the planted figures as the generator has them,
then their consequences, from a population so large that chance hardly matters.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from vbhc.study import project_root
from vbhc.synthetic import latent, survey
from vbhc.synthetic.answers import visit_answers
from vbhc.synthetic.heart_failure import draw
from vbhc.synthetic.tables import write_truth
from vbhc.synthetic.targets import analysis_table, statistics

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
    everyone = drawn["people"].assign(answers_3m=~drawn["people"]["dead_3m"])
    answers = visit_answers(everyone, seed)
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

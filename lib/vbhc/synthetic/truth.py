"""What was put into the synthetic heart-failure study, and what that makes on the scales that a reader sees.

`python -m vbhc.synthetic.truth` writes `truth.yml` anew: first the planted figures as the generator has them,
then their consequences, from a population so large that chance hardly matters.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from vbhc.synthetic import latent, resources, survey
from vbhc.synthetic.answers import visit_answers
from vbhc.synthetic.heart_failure import draw
from vbhc.synthetic.targets import analysis_table, statistics

POPULATION_SEEDS = (1, 2, 3, 4, 5)
POPULATION_N = 100_000
NOT_POPULATION = ("n_usual", "n_person_centred", "n_wards")
ABOUT = """\
# What was put into this synthetic study. Made by `python -m vbhc.synthetic.truth`; do not edit.
# planted: figures of the generator (SD = standard deviations at admission of a state that nobody can see).
# population: what any analysis of the shipped tables estimates, with the Monte Carlo error of our knowing it.
"""


def planted() -> dict[str, Any]:
    """Return the generator's own figures: latent correlations, effects, and the effects that are zero."""
    pairs = {f"{one}~{other}": value for (one, other), value in latent.LATENT_CORRELATIONS.items()}
    return {
        "latent_correlations": pairs,
        "effects_where_delivered": {
            "length_of_stay_ratio": resources.STAY_RATIO,
            "experience_sd": latent.EXPERIENCE_EFFECT,
        },
        "no_effect": ["arm on health", "ward on anything", "calendar time beyond the arm", "sex on anything"],
        "selection": {
            "delivered_with_stay_r": -latent.SICK_NOT_DELIVERED,
            "silence_with_health_3m_loading": -latent.WORSE_HEALTH_LOST,
        },
        "health_gain_sd": latent.HEALTH_GAIN,
        "share_dead": latent.SHARE_DEAD,
        "survey_of_stakeholders": survey.planted(),
    }


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


def text(unit_costs: pd.Series) -> str:
    """Return the whole of `truth.yml`."""
    table = population(unit_costs)
    size = {"draws": len(POPULATION_SEEDS), "patients_each": POPULATION_N, "seeds": list(POPULATION_SEEDS)}
    values = {
        name: {"value": _rounded(row["value"]), "mc_error": _rounded(row["mc_error"])}
        for name, row in table.iterrows()
    }
    content = {"planted": planted(), "simulated": size, "population": values}
    return ABOUT + yaml.safe_dump(content, sort_keys=False, width=110, default_flow_style=False)


def _rounded(value: float) -> float:
    """Four decimals, one for amounts of money: less than the Monte Carlo error, more than a reader needs."""
    return round(float(value), 1 if abs(value) >= 100 else 4)


def read_unit_costs(folder: Path | str) -> pd.Series:
    """Return the unit costs of the study folder by resource (EUR)."""
    return pd.read_csv(Path(folder) / "unit_costs.csv").set_index("resource")["unit_cost"]


if __name__ == "__main__":
    from vbhc.study import project_root

    target = Path(sys.argv[1]) if len(sys.argv) > 1 else project_root() / "data" / "heart-failure"
    (target / "truth.yml").write_text(text(read_unit_costs(target)), encoding="utf-8", newline="\n")

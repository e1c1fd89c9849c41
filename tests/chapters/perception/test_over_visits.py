"""Within-patient movement of perception and outcome: found where asked twice, said where asked once."""

import numpy as np
import pandas as pd
import pytest

from vbhc.chapters.perception import asked
from vbhc.chapters.value.quota.declared import Definition
from vbhc.statistics.correlation.partial import repeated_measures
from vbhc.study import Study
from vbhc.study.config import Config, Perception, Visit

VISITS = {"baseline": Visit("at admission"), "3m": Visit("at 3 months", 3), "12m": Visit("at a year", 12)}
VQ = Definition("kccq_os", "gain", "kccq_os_change", "KCCQ, gain", "points", 1, "cost_eur", "EUR", 2011, 1000)


def study(tmp_path, direction="higher is better", when=""):
    seen = Perception("trust", direction, "Trust in care", asked_at=when)
    return Study("s", tmp_path, Config("t", visits=VISITS, perception=seen), {})


def patients(slope=0.0, between=0.0, n=80, seed=1):
    """Each patient's own level, and moves around it in which perception follows the outcome by `slope`."""
    rng = np.random.default_rng(seed)
    level = rng.normal(0, 10, n)
    columns = {}
    for visit in VISITS:
        move = rng.normal(0, 5, n)
        columns[f"kccq_os_{visit}"] = 50 + level + move
        columns[f"trust_{visit}"] = 5 + between * level + slope * move + rng.normal(0, 1, n)
    return pd.DataFrame(columns)


def test_planted_movement_is_found_and_equals_pingouin(tmp_path):
    import pingouin

    seen = patients(slope=0.3, between=-0.3)
    long = asked.perception_over_visits(study(tmp_path), seen, VQ)
    row = repeated_measures(long["perception"], long["outcome"], long["patient"])
    said = asked.within_patients(study(tmp_path), long).says[0]
    assert len(long) == 240
    theirs = pingouin.rm_corr(long, x="perception", y="outcome", subject="patient")
    assert row["estimate"].iloc[0] == pytest.approx(theirs["r"].iloc[0], abs=1e-9)
    assert row["p"].iloc[0] == pytest.approx(theirs["pval"].iloc[0], rel=1e-6)
    assert row["df"].iloc[0] == theirs["dof"].iloc[0]
    # between patients the relation is planted the other way round: who is better off trusts less
    assert long["perception"].corr(long["outcome"]) < 0 < row["low"].iloc[0]
    assert said.startswith("When a patient's outcome improves, so does that patient's trust in care (r = 0.8")
    assert "80 patients at up to 3 visits" in said


def test_a_perception_that_counts_down_is_turned(tmp_path):
    upward = asked.perception_over_visits(study(tmp_path), patients(0.3), VQ)
    down = study(tmp_path, "lower is better")
    turned = asked.perception_over_visits(down, patients(0.3), VQ)
    assert turned["perception"].tolist() == (-upward["perception"]).tolist()
    assert "trust in care falls" in asked.within_patients(down, turned).says[0]


def test_movement_that_chance_could_make_is_not_called_none(tmp_path):
    visits = asked.perception_over_visits(study(tmp_path), patients(0.0), VQ)
    said = asked.within_patients(study(tmp_path), visits).says[0]
    assert said.startswith("Whether trust in care moves with the outcome within a patient is not settled")


@pytest.mark.parametrize(
    "kept", [["kccq_os_baseline", "kccq_os_3m", "trust"], ["kccq_os_baseline", "trust_3m", "trust_12m"]]
)
def test_what_was_not_asked_twice_beside_an_outcome_is_not_said(tmp_path, kept):
    visits = asked.perception_over_visits(study(tmp_path), patients().assign(trust=5.0)[kept], VQ)
    assert visits.empty
    assert asked.within_patients(study(tmp_path), visits) is None


def test_too_few_patients_with_two_visits_give_the_reason(tmp_path):
    seen = patients(n=2)
    visits = asked.perception_over_visits(study(tmp_path), seen, VQ)
    said = asked.within_patients(study(tmp_path), visits).says[0]
    assert said.startswith("Only 2 patients have both values at two visits or more")

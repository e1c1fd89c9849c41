"""The planted study of sixty hospitals: its file is what the generator writes, its truth is found again."""

import numpy as np
import pandas as pd
import pytest
import yaml
from places import DATA

from vbhc.statistics.correlation.partial import level_by_level
from vbhc.statistics.variation.alarms import chance_peaks, cusum
from vbhc.statistics.variation.funnel import by_unit, residuals, tau_dersimonian_laird, z_scores
from vbhc.statistics.variation.spc import xmr_limits
from vbhc.synthetic import hospitals

FOLDER = DATA / "hip-hospitals"
TRUTH = yaml.safe_load((FOLDER / "truth.yml").read_text(encoding="utf-8"))
ODD = [TRUTH["worse_do_not_answer"], TRUTH["illnesses_not_coded"], TRUTH["far_behind"]["hospital"]]


@pytest.fixture(scope="module")
def people():
    return pd.read_csv(FOLDER / "raw" / "patients.csv")


@pytest.fixture(scope="module")
def units(people):
    return by_unit(residuals(people["ohs_6m"], people["expected_ohs_6m"]), people["provider"])


def test_the_shipped_files_are_what_the_generator_writes(tmp_path):
    for path in hospitals.write(tmp_path):
        assert path.read_bytes() == (FOLDER / path.relative_to(tmp_path)).read_bytes()
    assert (FOLDER / "raw" / "patients.csv").stat().st_size < 2_000_000


def test_the_spread_between_hospitals_is_found_again(units):
    """1.2 planted; scores end at 48, which takes about a fourteenth of every difference away."""
    usual = units[~units["unit"].isin(ODD)]
    tau = tau_dersimonian_laird(usual["estimate"], usual["standard_error"])
    assert tau == pytest.approx(TRUTH["tau"] * 13 / 14, abs=0.25)
    assert units.attrs["sd"] == pytest.approx(TRUTH["residual_sd"], abs=0.5)


def test_single_effects_are_found_within_their_error(units):
    usual = units[~units["unit"].isin(ODD)]
    true = usual["unit"].map(TRUTH["effects"])
    away = (usual["estimate"] - true * 13 / 14) / usual["standard_error"]
    assert (away.abs() < 1.96).mean() > 0.88
    assert np.corrcoef(usual["estimate"], true)[0, 1] > 0.7


def test_the_hospital_that_is_far_behind_is_beyond_every_limit(units):
    tau = tau_dersimonian_laird(units["estimate"], units["standard_error"])
    z = z_scores(units, tau).set_axis(units["unit"])
    assert z.index[z < -3.0902].tolist() == [TRUTH["far_behind"]["hospital"]]


def test_expectations_are_off_by_what_was_planted(people):
    usual = people[~people["provider"].isin(ODD)]
    assert (usual["ohs_6m"] - usual["expected_ohs_6m"]).mean() == pytest.approx(
        TRUTH["expectations_too_low_by"], abs=0.4
    )


def test_patients_and_hospitals_point_opposite_ways(people):
    gain = people["ohs_6m"] - people["ohs_baseline"]
    for fewest in (30, 60, 90):
        levels = level_by_level(gain, people["satisfaction"], people["provider"], fewest)
        patients, providers = levels["high"].tolist(), levels["low"].tolist()
        assert levels["low"].iloc[0] > 0.3, patients
        assert levels["high"].iloc[1] < 0, providers


def test_where_the_worse_do_not_answer_few_answer(people):
    answered = people["ohs_6m"].notna().groupby(people["provider"]).mean()
    assert answered.index[answered < 0.5].tolist() == [TRUTH["worse_do_not_answer"]]


def test_more_readmissions_sound_an_alarm_and_stays_get_shorter(people):
    odd = TRUTH["more_readmissions"]["hospital"]
    own = people[people["provider"] == odd].sort_values("month", kind="stable")
    limit = np.quantile(chance_peaks(own["expected_readmission"].to_numpy()), 0.99)
    path = cusum((own["readmitted"] == "yes").to_numpy(), own["expected_readmission"].to_numpy())
    assert path.max() > limit
    months = people.groupby("month")["los_days"].mean()
    before, after = xmr_limits(months.iloc[:12].to_numpy()), xmr_limits(months.iloc[12:].to_numpy())
    assert after[0] / before[0] == pytest.approx(TRUTH["stay_ratio_from_month_13"], abs=0.03)
    assert after[0] < before[1]

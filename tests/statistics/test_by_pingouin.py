"""What pingouin says, through our doors, equals R, published tables and closed forms."""

import json

import numpy as np
import pandas as pd
import pytest

from vbhc.statistics import by_pingouin
from vbhc.statistics.correlation.partial import repeated_measures


@pytest.fixture(scope="module")
def r_values(repo):
    return json.loads((repo / "tests/oracles/statistics/statistics.json").read_text())


@pytest.fixture(scope="module")
def sixty(r_values):
    return pd.DataFrame({name: r_values["data60"][name] for name in ("perc", "vq", "base", "arm")})


def test_corr_equals_r_with_ties(r_values, sixty):
    row = by_pingouin.corr(sixty["perc"], sixty["vq"]).iloc[0]
    expected = r_values["cor_test"]["perc_vq_spearman_ties"]
    assert row["estimate"] == pytest.approx(expected["estimate"], abs=1e-12)
    assert row["p"] == pytest.approx(expected["p"], abs=1e-9)
    ends = np.round(r_values["spearman_ci"]["fisher"], 2)
    assert row[["low", "high"]].tolist() == pytest.approx(ends.tolist())
    assert row["n"] == 60


def test_partial_corr_equals_r_with_one_and_two_held_equal(r_values, sixty):
    expected = r_values["partial"]
    one = by_pingouin.partial_corr(sixty["perc"], sixty["vq"], sixty[["base"]]).iloc[0]
    assert one["estimate"] == pytest.approx(expected["spearman_given_base"], abs=1e-9)
    two = by_pingouin.partial_corr(sixty["perc"], sixty["vq"], sixty[["base", "arm"]]).iloc[0]
    assert two["estimate"] == pytest.approx(expected["spearman_given_base_arm"], abs=1e-9)
    assert two["p"] == pytest.approx(expected["spearman_given_base_arm_p"], abs=1e-9)


def test_text_is_held_equal_and_nothing_is_held_twice(sixty):
    named = sixty[["base", "arm"]].assign(arm=sixty["arm"].map({0: "usual", 1: "new"}))
    twice = named.assign(same=sixty["arm"], always=1)
    expected = by_pingouin.partial_corr(sixty["perc"], sixty["vq"], sixty[["base", "arm"]])
    for covariates in (named, twice):
        found = by_pingouin.partial_corr(sixty["perc"], sixty["vq"], covariates)
        pd.testing.assert_frame_equal(found, expected, atol=1e-9)
    alone = by_pingouin.partial_corr(sixty["perc"], sixty["vq"], twice[["always"]])
    pd.testing.assert_frame_equal(alone, by_pingouin.corr(sixty["perc"], sixty["vq"]))


def test_rm_corr_of_bland_and_altmans_patients():
    # Bland and Altman 1995, BMJ 310:446: 8 patients, 47 measurements. pingouin's manual has r -.50677 and
    # p .000847, tested there against R's rmcorr.
    import pingouin

    data = pingouin.read_dataset("rm_corr")
    row = by_pingouin.rm_corr(data["pH"], data["PacO2"], data["Subject"]).iloc[0]
    assert row["estimate"] == pytest.approx(-0.50677, abs=5e-6)
    assert row["p"] == pytest.approx(0.000847, abs=5e-7)
    ours = repeated_measures(data["pH"], data["PacO2"], data["Subject"]).iloc[0]
    assert row["n"] == ours["n"] == 47
    for end in ("low", "high"):
        assert row[end] == pytest.approx(ours[end], abs=0.005)


# Shrout and Fleiss 1979, Psychol Bull 86:420, table 2: six targets, four judges; ICC(2,1) = .29.
JUDGED = pd.DataFrame([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])


def test_intraclass_corr_of_shrout_and_fleiss():
    row = by_pingouin.intraclass_corr(JUDGED).iloc[0]
    assert row["estimate"] == pytest.approx(0.2898, abs=5e-5)
    # the manual of R's psych: 0.019 to 0.761
    assert row[["low", "high"]].tolist() == pytest.approx([0.02, 0.76])
    assert row["n"] == 6


def test_a_unit_with_a_gap_is_left_out():
    gap = pd.concat([JUDGED, pd.DataFrame([[1, np.nan, 2, 3]])], ignore_index=True)
    pd.testing.assert_frame_equal(by_pingouin.intraclass_corr(gap), by_pingouin.intraclass_corr(JUDGED))


def test_two_rounds_by_the_closed_form():
    x, y = np.array([1, 2, 3, 4, 5, 4.0]), np.array([2, 2, 4, 4, 5, 5.0])
    shift = (y - x).mean() ** 2 - (y - x).var(ddof=1) / len(x)
    expected = 2 * np.cov(x, y)[0, 1] / (x.var(ddof=1) + y.var(ddof=1) + shift)
    row = by_pingouin.intraclass_corr(pd.DataFrame({"first": x, "second": y})).iloc[0]
    assert row["estimate"] == pytest.approx(expected, abs=1e-12)

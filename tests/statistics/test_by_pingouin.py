"""What pingouin says equals published tables and closed forms, and our correlations are pingouin's."""

import json

import numpy as np
import pandas as pd
import pingouin
import pytest

from vbhc.statistics import by_pingouin
from vbhc.statistics.correlation.partial import partial_spearman, repeated_measures
from vbhc.statistics.correlation.rank import spearman


@pytest.fixture(scope="module")
def r_values(repo):
    return json.loads((repo / "tests/oracles/statistics/statistics.json").read_text())


@pytest.fixture(scope="module")
def sixty(r_values):
    return pd.DataFrame({name: r_values["data60"][name] for name in ("perc", "vq", "base", "arm")})


def test_our_correlations_are_pingouins(sixty):
    found = pingouin.corr(sixty["perc"], sixty["vq"], method="spearman").iloc[0]
    ours = spearman(sixty["perc"], sixty["vq"]).iloc[0]
    assert ours[["estimate", "p", "n"]].tolist() == pytest.approx(
        found[["r", "p_val", "n"]].tolist(), abs=1e-9
    )
    held = pingouin.partial_corr(sixty, x="perc", y="vq", covar=["base", "arm"], method="spearman").iloc[0]
    ours = partial_spearman(sixty["perc"], sixty["vq"], sixty[["base", "arm"]]).iloc[0]
    assert ours["estimate"] == pytest.approx(held["r"], abs=1e-9)


def test_ours_within_patients_is_pingouins_of_bland_and_altmans_patients():
    # Bland and Altman 1995, BMJ 310:446: 8 patients, 47 measurements. pingouin's manual has r -.50677 and
    # p .000847, tested there against R's rmcorr.
    data = pingouin.read_dataset("rm_corr")
    ours = repeated_measures(data["pH"], data["PacO2"], data["Subject"]).iloc[0]
    found = pingouin.rm_corr(data, x="pH", y="PacO2", subject="Subject").iloc[0]
    assert ours["estimate"] == pytest.approx(-0.50677, abs=5e-6)
    assert ours["estimate"] == pytest.approx(found["r"], abs=1e-9)
    assert ours["n"] == 47
    assert ours[["low", "high"]].tolist() == pytest.approx(list(found["CI95"]), abs=0.005)


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

"""Our correlations are pingouin's."""

import json

import pandas as pd
import pingouin
import pytest

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
    assert ours["n_patients"] == 8
    assert ours[["low", "high"]].tolist() == pytest.approx(list(found["CI95"]), abs=0.005)

"""Calibration: intervals cover and tests hold their size on data whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from vbhc import simulate
from vbhc.simulate import models
from vbhc.simulate.__main__ import main
from vbhc.simulate.check import VERDICTS, verdict

QUICK = ("two arms", "share", "shuffle", "smallness")


@pytest.mark.parametrize("name", QUICK)
def test_small_version_keeps_its_promise(name):
    """100 samples: a Monte Carlo error of 2 points for coverage, so that only a gross fault shows."""
    checks = [check for check in simulate.CHECKS if check.name == name]
    table = simulate.calibrate(100, seed=3, checks=checks)
    assert not (table["verdict"] == VERDICTS[3]).any(), table.to_string()
    assert table["runs"].eq(100).all()


def test_heavily_skewed_costs_fall_short_as_the_docstring_says():
    """`ratio_of_means`, n = 60, log sd 1.2, an outcome that varies little: Fieller 89%, bootstrap-t 93%, 95%.

    The third knows the costs' shape. 300 samples: Monte Carlo errors of 1.3 to 1.8 points.
    """
    checks = [check for check in simulate.CHECKS if check.known and check.n == 60]
    table = simulate.calibrate(300, seed=4, checks=checks).set_index("method")
    found = table["estimate"]
    assert 0.84 < found["fieller"] < found["bootstrap-t"] < found["lognormal costs"]
    assert table["verdict"].isin(VERDICTS[:3]).all()
    assert table.loc["lognormal costs", "runs"] < 300  # where the check of the costs lets it


@pytest.mark.parametrize(
    ("found", "kind", "nominal", "known", "said"),
    [
        (0.95, "coverage", 0.95, np.nan, "as promised"),
        (0.941, "coverage", 0.95, np.nan, "as promised"),
        (0.90, "coverage", 0.95, np.nan, "short of its promise"),
        (0.985, "coverage", 0.95, np.nan, "better than promised"),
        (0.88, "coverage", 0.95, 0.88, "known shortfall"),
        (0.80, "coverage", 0.95, 0.88, "short of its promise"),
        (0.12, "size", 0.05, np.nan, "short of its promise"),
        (0.01, "size", 0.05, np.nan, "better than promised"),
    ],
)
def test_verdicts(found, kind, nominal, known, said):
    assert verdict(found, 0.005, kind, nominal, known) == said


def test_true_ranks_are_those_of_a_large_sample():
    pair = models.answers_and_score(100_000, models.latent_for(0.3), seed=9)
    assert pair[0].corr(pair[1], method="spearman") == pytest.approx(0.3, abs=0.01)


def test_the_planted_truth_is_that_of_the_shipped_study(repo):
    import yaml

    truth = yaml.safe_load((repo / "data/heart-failure/truth.yml").read_text(encoding="utf-8"))["population"]
    found = models.heart_failure_truth()
    for name, key in (("outcome", "kccq_change"), ("VQ", "vq_gain"), ("cost", "log_cost")):
        assert found[name] == pytest.approx(truth[f"spearman_perception_{key}"]["value"], abs=0.02)


def test_the_planted_study_is_covered():
    check = simulate.CHECKS[-1]
    table = simulate.calibrate(30, seed=5, checks=[check])
    assert (table["estimate"] >= 0.8).all()  # 30 samples: under 0.8 happens to one honest interval in 300


def test_it_writes_a_table_and_says_what_it_found(tmp_path, capsys):
    assert main(["--runs", "40", "--only", "share", "--out", str(tmp_path / "made")]) == 0
    table = pd.read_csv(tmp_path / "made" / "calibration.csv")
    assert {"check", "method", "estimate", "mc_error", "runs", "verdict"} <= set(table)
    assert "intervals and tests do what they promise" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--only", "nothing of the kind"])


def test_the_same_seed_gives_the_same_table():
    checks = [check for check in simulate.CHECKS if check.name == "share"]
    one, two = (simulate.calibrate(20, 1, checks) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


def test_a_broken_interval_is_found():
    broken = simulate.Check("share", "none", 10, "coverage", 0.95, lambda seed: {"broken": seed % 5 > 0})
    table = simulate.calibrate(200, seed=1, checks=[broken])
    assert "1 fall short unexpectedly: broken" in simulate.calibration_sentence(table)

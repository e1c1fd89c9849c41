"""Two arms had those who did not answer been worse: moved by hand, tipping points, what is said of them."""

import numpy as np
import pandas as pd
import pytest
from arms_maker import two_armed

from vbhc.chapters.value import two_arms
from vbhc.chapters.value.two_arms.imputed import pooled_gaps, study_gaps
from vbhc.chapters.value.two_arms.trial import Trial
from vbhc.chapters.value.two_arms.words import by_measure, tipping
from vbhc.instruments.qaly import qalys
from vbhc.statistics.economics.two_arms import no_answer
from vbhc.statistics.regression.seemingly_unrelated import design, seemingly_unrelated

PRICE = 20_000


def with_trial(folder, extra=400.0):
    """The made-up trial, and its comparison without imputing."""
    study, patients = two_armed(folder, extra=extra)
    return study, patients, two_arms.study_two_arms(study, patients, PRICE, n_resamples=20)


def test_nobody_worse_is_the_imputed_row(tmp_path):
    made = with_trial(tmp_path)
    trial, gaps = made[2], study_gaps(*made, 3)
    table, _ = two_arms.arms_if_worse(trial, gaps)
    imputed = two_arms.arms_if_answered(trial, gaps).iloc[-1]
    names = [f"{m}{end}" for m in ("outcome", "net_benefit") for end in ("", "_low", "_high")]
    assert table.loc[0, names].tolist() == pytest.approx(imputed[names].tolist())
    assert table["worse_in"].tolist() == ["nobody: as imputed", *["new", "old", "both arms"] * 2]
    spread = made[1]["eq5d_index_1y"].std()
    expected = [0, *[round(-0.25 * spread, 2)] * 3, *[round(-0.5 * spread, 2)] * 3]
    assert table["delta"].tolist() == pytest.approx(expected)


def test_a_shift_by_hand(tmp_path):
    """Each missing patient loses delta from six months on: half a trapezium to six months, a whole after."""
    study, patients, trial = with_trial(tmp_path)
    gaps = study_gaps(study, patients, trial, n_imputations=3)
    delta = -0.2
    gone = patients["eq5d_index_1y"].isna().to_numpy()
    loss = delta * gone * (0.25 + 0.5)
    treated = (patients["arm"] == "new").to_numpy()
    assert delta * gaps.per_unit["new"] == pytest.approx(loss * treated)
    start, moved = pooled_gaps(gaps, PRICE), pooled_gaps(gaps, PRICE, by={"new": delta})
    # the difference falls by what the treated lose on average, but for what is held equal
    assert moved["outcome"] - start["outcome"] == pytest.approx(loss[treated].mean(), rel=0.15)
    other = pooled_gaps(gaps, PRICE, by={"old": delta})
    both = pooled_gaps(gaps, PRICE, by={"new": delta, "old": delta})
    assert both["outcome"] - other["outcome"] == pytest.approx(moved["outcome"] - start["outcome"], rel=0.01)


def test_what_is_moved_is_analysed_as_if_so_imputed(tmp_path):
    """The other path: the moved indices through QALYs and both equations again, patient by patient."""
    study, patients, trial = with_trial(tmp_path)
    gaps = study_gaps(study, patients, trial, n_imputations=2)
    delta, gone = -0.1, patients["eq5d_index_1y"].isna()
    old = (patients["arm"] == "old").astype(float)
    steps = []
    for one in gaps.designs:
        area = pd.Series(one.values[:, -2]) + qalys(
            pd.DataFrame({"a": 0.0, "b": delta * gone * old, "c": delta * gone * old}), [0, 0.5, 1]
        )
        held = patients[["age"]]
        before = patients[["eq5d_index_baseline"]].rename(columns={"eq5d_index_baseline": "baseline"})
        cost = patients["cost_eur_2011"]
        again = design(area, cost, 1 - old, pd.concat([before, held], axis=1), held)
        steps.append(seemingly_unrelated(again)[0])
    found = pooled_gaps(gaps, PRICE, by={"old": delta})
    assert found["outcome"] == pytest.approx(np.mean(steps, axis=0)[0])
    assert found["net_benefit"] == pytest.approx(np.array([PRICE, -1]) @ np.mean(steps, axis=0))


def test_the_tipping_point_is_where_the_conclusion_first_changes(tmp_path):
    """Net benefit above zero: worse missing among the treated take it to zero, of the others never."""
    made = with_trial(tmp_path, extra=600.0)
    gaps = study_gaps(*made, n_imputations=3)
    table, tips = two_arms.arms_if_worse(made[2], gaps)
    assert table.loc[0, "net_benefit_low"] > 0
    assert tips["arm"].tolist() == ["new", "old"]
    assert (tips["sign"] == 1).all()
    assert np.isnan(tips.loc[1, "delta"])
    delta = tips.loc[0, "delta"]
    assert pooled_gaps(gaps, PRICE, by={"new": delta + 0.01})["net_benefit_low"] > 0
    assert pooled_gaps(gaps, PRICE, by={"new": delta})["net_benefit_low"] <= 0
    said = tipping(made[2], tips)
    assert "the interval of net benefit at EUR 20,000 per QALY lies above zero" in said
    assert f"in new alone, by {-delta:.2f} of the index; in old, not even by" in said


def test_where_nothing_tips_it_is_said_how_far_was_looked():
    tips = pd.DataFrame({"arm": ["a", "b"], "delta": np.nan, "furthest": 0.33, "sign": 0})
    said = tipping(Trial(no_answer(""), "", "EUR", PRICE), tips)
    assert said.startswith(
        "With the missing imputed, the interval of net benefit at EUR 20,000 per QALY holds"
    )
    assert "by 0.33 of the index, a whole standard deviation" in said


def test_read_downwards_measure_by_measure(tmp_path):
    made = with_trial(tmp_path)
    table, _ = two_arms.arms_if_worse(made[2], study_gaps(*made, n_imputations=2))
    downwards = by_measure(made[2], table)
    assert downwards["measure"].tolist() == ["QALYs"] * 7 + ["Net benefit (EUR) at EUR 20,000 per QALY"] * 7
    assert downwards["estimate"].tolist() == [*table["outcome"], *table["net_benefit"]]


def test_nothing_to_move_is_said(tmp_path):
    study, patients, _ = with_trial(tmp_path)
    gone = patients["eq5d_index_1y"].isna()
    few = patients[~gone | (gone & (patients["arm"] == "old"))]
    for some in (patients.dropna(), patients.assign(arm="old"), few):
        trial = two_arms.study_two_arms(study, some, PRICE, n_resamples=20)
        table, tips = two_arms.arms_if_worse(trial, study_gaps(study, some, trial, n_imputations=2))
        assert table.empty
        said = tipping(trial, tips)
        assert "cannot be asked: in one of the arms too few did not answer, or too few are complete" in said
        result = two_arms.worse_compared(trial, table, tips)
        assert result is None if trial.result.reason else result.says == [said]

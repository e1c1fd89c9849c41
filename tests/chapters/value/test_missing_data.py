"""If the missing had answered: complete cases as in the main analysis, imputation, and worse than others."""

import dataclasses

import arms_maker
import numpy as np
import pandas as pd
import pytest

from vbhc import cleaning
from vbhc.chapters.value import missing_data, two_arms
from vbhc.chapters.value.opening import with_deaths
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.two_arms.trial import study_qalys
from vbhc.chapters.value.two_arms.words import BENEFIT, by_measure, told
from vbhc.chapters.value.two_arms.words import _moved as moved
from vbhc.statistics import correlation, imputation, ratios
from vbhc.study import Study
from vbhc.study.config import Config, Group, InstrumentUse, Visit

COLUMNS = pd.DataFrame(
    {"name": ["kccq_os_6m"], "min": [0.0], "max": [100.0], "direction": ["higher is better"]}
)
VQ = Definition(
    "kccq_os", "gain", "kccq_os_change", "KCCQ, gain", "points", 1, "cost_eur_2011", "EUR", 2011, 1000
)
EQ5D = {"eq5d": InstrumentUse("eq5d-3l", "eq_{item}", value_set="GB")}


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.setattr(cleaning, "load_columns", lambda _: COLUMNS)
    visits = {"baseline": Visit("before"), "6m": Visit("after", 6)}
    return Study(
        "s", tmp_path, Config("t", visits=visits, covariates=("age", "ward", "frail"), instruments=EQ5D), {}
    )


@pytest.fixture
def patients():
    """Who starts low is lost more often, so that those who stay look better than all would."""
    rng = np.random.default_rng(11)
    n = 400
    before = rng.normal(40, 15, n)
    after = 10 + 0.8 * before + rng.normal(0, 10, n)
    after[rng.random(n) < np.where(before < 35, 0.6, 0.1)] = np.nan
    return pd.DataFrame(
        {
            "kccq_os_baseline": before,
            "kccq_os_6m": after,
            "kccq_os_change": after - before,
            "cost_eur_2011": rng.lognormal(8, 0.6, n),
            "perceived_value": before + rng.normal(0, 20, n),
            "age": rng.normal(70, 8, n),
            "ward": rng.choice(["a", "b", None], n, p=[0.6, 0.37, 0.03]),
            "frail": np.where(rng.random(n) < 0.1, np.nan, 1.0),
        }
    )


def test_complete_cases_are_those_of_the_main_analysis(study, patients):
    table = missing_data.value_if_answered(study, patients, VQ, 0.95, 2, 1)
    main = ratios.ratio_of_means(patients["kccq_os_change"], patients["cost_eur_2011"], n_resamples=200).iloc[
        0
    ]
    first = table.iloc[0]
    assert first["n"] == main["n"]
    assert first["estimate"] == pytest.approx(main["estimate"])
    # the delta method and Fieller's theorem agree to first order: compare with the interval's width
    width = main["high"] - main["low"]
    assert abs(first["low"] - main["low"]) < 0.02 * width
    assert abs(first["high"] - main["high"]) < 0.02 * width


def test_patients_of_one_of_many_providers_are_taken_as_alike(study, patients):
    """Two equal patients of each provider are one piece of evidence: the interval of one patient of each."""
    config = dataclasses.replace(study.config, groups={"p": Group("site", "Provider", "provider")})
    twice = pd.concat([patients, patients], ignore_index=True)
    twice["site"] = [f"P{place}" for place in (*patients.index, *patients.index)]
    together = Study("s", study.folder, config, {})
    ends = ["estimate", "low", "high"]
    alike = missing_data.value_if_answered(together, twice, VQ, 0.95, 20, 1)
    alone = missing_data.value_if_answered(study, patients, VQ, 0.95, 20, 1)
    assert alike.loc[0, ends].tolist() == pytest.approx(alone.loc[0, ends].tolist())
    apart = missing_data.value_if_answered(study, twice, VQ, 0.95, 20, 1)
    narrower = (apart["high"] - apart["low"]) / (alike["high"] - alike["low"])
    assert narrower.iloc[0] == pytest.approx(0.5**0.5, abs=0.01)
    assert narrower.iloc[1] < 0.9  # with the missing filled in as well


def test_those_who_did_worse_lower_the_value_by_their_share_of_the_shift(study, patients):
    """A shift of d for a share s of patients moves the mean gain by s d, so the ratio by s d / mean cost."""
    table = missing_data.value_if_answered(study, patients, VQ, 0.95, 3, 1)
    share = patients["kccq_os_6m"].isna().mean()
    for row in table.iloc[2:].itertuples():
        expected = table["estimate"].iloc[1] + 1000 * share * row.delta / patients["cost_eur_2011"].mean()
        assert row.estimate == pytest.approx(expected)


def test_imputation_restores_what_selection_on_the_baseline_took(study, patients):
    """True mean gain is 10 - 0.2 x mean baseline; those who stay started higher and so gained less."""
    frame = missing_data.imputation_frame(study, patients, VQ)
    complete = (patients["kccq_os_6m"] - patients["kccq_os_baseline"]).mean()
    truth = 10 - 0.2 * patients["kccq_os_baseline"].mean()
    imputed = np.mean(
        [(c["follow_up"] - c["baseline"]).mean() for c in imputation.impute(frame, n_imputations=10, seed=2)]
    )
    assert abs(imputed - truth) < abs(complete - truth)


def test_association_of_complete_cases_is_spearmans(study, patients):
    table = missing_data.association_if_answered(study, patients, VQ, 0.95, 2, 1)
    vq = patients["kccq_os_change"] / patients["cost_eur_2011"]
    expected = correlation.spearman(patients["perceived_value"], vq).iloc[0]
    assert table["estimate"].iloc[0] == pytest.approx(expected["estimate"])
    assert table["n"].iloc[0] == expected["n"]
    assert table["low"].iloc[0] == pytest.approx(expected["low"])


def test_frame_has_a_column_per_common_level_and_no_gaps_in_covariates(study, patients):
    frame = missing_data.imputation_frame(study, patients, VQ)
    assert {"age", "ward_b", "ward_missing"} <= set(frame) or "ward_other" in set(frame)
    assert "frail" not in frame  # a number with gaps would have to be imputed itself
    assert frame.drop(columns=["follow_up"]).notna().all(axis=None)


def test_what_cannot_be_imputed_has_no_rows(study, patients):
    for few in (patients.head(12), patients.assign(perceived_value=1.0)):
        table = missing_data.association_if_answered(study, few, VQ, 0.95, 2, 1)
        assert table.empty


def test_the_dead_count_at_the_worst_score_and_are_never_imputed(study, patients):
    """40 of those without follow-up died: they join the complete cases at 0 points, by hand."""
    gone = patients.index[patients["kccq_os_6m"].isna()][:40]
    died = patients.assign(dead_6m=np.where(patients.index.isin(gone), "yes", "no"))
    table = missing_data.value_if_answered(study, died, VQ, 0.95, 2, 1)
    assert table["handling"].iloc[1] == "complete cases, the dead at the worst score"
    assert table["n"].tolist()[:2] == [
        patients["kccq_os_6m"].notna().sum(),
        patients["kccq_os_6m"].notna().sum() + 40,
    ]
    kept = patients["kccq_os_6m"].notna() | patients.index.isin(gone)
    gain = patients["kccq_os_6m"].fillna(0)[kept] - patients["kccq_os_baseline"][kept]
    expected = 1000 * gain.mean() / patients["cost_eur_2011"][kept].mean()
    assert table["estimate"].iloc[1] == pytest.approx(expected)
    assert (table["handling"].iloc[2:].str.endswith("the dead at the worst score")).all()


def test_a_dead_patient_has_a_utility_of_zero_not_the_lowest_of_the_value_set(study, patients, monkeypatch):
    index = patients.rename(columns=lambda name: name.replace("kccq_os", "eq5d_index"))
    index = index.assign(dead_6m="yes")
    scale = COLUMNS.assign(name="eq5d_index_6m", min=-0.594, max=1.0)
    monkeypatch.setattr(cleaning, "load_columns", lambda _: scale)
    filled = with_deaths(study, index, dataclasses.replace(VQ, outcome="eq5d_index"))
    assert (filled["eq5d_index_6m"][index["eq5d_index_6m"].isna()] == 0).all()


# --- two arms ---


@pytest.fixture
def two_armed(tmp_path):
    return arms_maker.two_armed(tmp_path)


def answered(study, patients, trial, n_imputations):
    return two_arms.arms_if_answered(trial, two_arms.study_gaps(study, patients, trial, n_imputations))


def test_arms_are_compared_from_plain_to_imputed(two_armed):
    study, patients = two_armed
    trial = two_arms.study_two_arms(study, patients, 20_000, n_resamples=50)
    table = answered(study, patients, trial, 5).set_index("handling")
    row = table.loc["baseline and covariates held equal"]
    assert row["outcome"] == trial.row["delta_outcome"]
    assert row["net_benefit"] == pytest.approx(20_000 * row["outcome"] - row["cost"])
    imputed = table.loc["the same, missing imputed"]
    assert imputed["n"] == 300
    assert imputed["n_missing"] == row["n_missing"]
    # planted: half a year at 0.1 more on average over two trapezia of half a year each
    assert imputed["outcome"] == pytest.approx(0.05, abs=0.006)
    assert imputed["cost"] == pytest.approx(400, abs=30)
    result = two_arms.ways_compared(trial, table.reset_index())
    claim, said = result.says
    assert (claim.estimate, claim.n) == (imputed["net_benefit"], 300)
    gap = abs(imputed["net_benefit"] - row["net_benefit"])
    assert f"filling in moves it by EUR {gap:,.0f}" in said
    places = result.table.rules["decimals"]["estimate"]
    assert places == [4 if measure == "QALYs" else 0 for measure in result.table.frame.full["measure"]]


def test_a_move_is_set_against_the_range_of_complete_patients():
    complete = pd.Series([100.0, 50.0, 150.0], index=BENEFIT)
    for now, where in ((149.0, "inside"), (151.0, "outside"), (-20.0, "outside")):
        said = moved(complete, pd.Series({"net_benefit": now}), "EUR")
        assert said.endswith(f"EUR {abs(now - 100):,.0f}, {where} that range.")


def test_without_a_comparison_or_anything_missing_nothing_is_filled_in(two_armed):
    study, patients = two_armed
    alone = two_arms.study_two_arms(study, patients.assign(arm="old"), 20_000, n_resamples=20)
    assert answered(study, patients, alone, 2).empty
    whole = patients.dropna()
    trial = two_arms.study_two_arms(study, whole, 20_000, n_resamples=20)
    table = answered(study, whole, trial, 2)
    assert "imputed" not in " ".join(table["handling"])
    assert "nothing is missing" in two_arms.ways_compared(trial, table).says[0]


def test_net_benefit_as_observed_is_the_plain_difference(two_armed):
    """By hand: price times the difference in QALYs minus that in cost; Welch's interval."""
    study, patients = two_armed
    trial = two_arms.study_two_arms(study, patients, 20_000, n_resamples=20)
    table = answered(study, patients, trial, 2)
    row = table.set_index("handling").loc["as observed"]
    assert row["net_benefit"] == pytest.approx(20_000 * row["outcome"] - row["cost"])
    benefit = (20_000 * study_qalys(study, patients, "eq5d_index") - patients[study.cost_column]).dropna()
    assert len(benefit) == row["n"]
    sides = [benefit[patients["arm"] == arm] for arm in ("new", "old")]
    error = np.sqrt(sum(side.var() / len(side) for side in sides))
    half = (row["net_benefit_high"] - row["net_benefit_low"]) / 2
    assert half == pytest.approx(1.96 * error, rel=0.01)


def test_arms_are_read_downwards_measure_by_measure(two_armed):
    study, patients = two_armed
    trial = two_arms.study_two_arms(study, patients, 20_000, n_resamples=20)
    ways = answered(study, patients, trial, 2)
    table = by_measure(trial, ways)
    assert table["measure"].unique().tolist() == [
        "QALYs",
        "Cost (EUR)",
        "Net benefit (EUR) at EUR 20,000 per QALY",
    ]
    assert table.groupby("measure", sort=False).size().tolist() == [3, 3, 3]
    assert table["estimate"].tolist()[:3] == ways["outcome"].tolist()


def test_where_people_are_protected_the_table_has_no_more_digits_than_the_sentence():
    ways = pd.DataFrame(
        {"handling": ["as observed"], "cost": [1234.0], "net_benefit": [-2466.0], "n": [1234]}
    )
    assert told(ways).iloc[0].tolist() == ["as observed", 1230.0, -2470.0, 1234]
    assert told(ways.assign(net_benefit=843.4)).loc[0, "net_benefit"] == 843.4
    # by how much what is filled in moves a difference says of how many: -464 and -528 by .05 of 63 of 248
    moved = ways.assign(delta=-0.05)[["delta", "net_benefit"]]
    sizes = (-2466.0, -528.4, 843.4, 67.0, 3.0)
    near = [told(moved.assign(net_benefit=size)).loc[0, "net_benefit"] for size in sizes]
    assert near == [-2500, -530, 840, 70, 0]

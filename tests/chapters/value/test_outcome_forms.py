"""Every published form of the value quota, by name: hand-worked, refused where it cannot be computed."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from vbhc import cleaning
from vbhc.chapters.deaths import deaths, untold_deaths
from vbhc.chapters.value import missing_data
from vbhc.chapters.value.quota import declared as definition
from vbhc.chapters.value.quota.numerators import (
    Part,
    Recipe,
    group_numerator,
    numerator,
    quota_where_possible,
)
from vbhc.cleaning.checking import name_problems
from vbhc.problems import StudyError
from vbhc.statistics import ratios
from vbhc.study import Study, load_study
from vbhc.study.config import Config, Cost, InstrumentUse, Perception, ValueQuota, Visit
from vbhc.study.deaths import deaths_problems
from vbhc.study.form_checks import form_problems, mcid_of
from vbhc.study.forms import FORMS

ROWS = [
    ("kccq_os_baseline", "KCCQ overall, before", "points", 0, 100, "higher is better"),
    ("kccq_os_6m", "KCCQ overall, after", "points", 0, 100, "higher is better"),
    ("kccq_os_change", "KCCQ overall, change", "points", -100, 100, "higher is better"),
    ("mlhfq_baseline", "MLHFQ, before", "points", 0, 105, "lower is better"),
    ("mlhfq_6m", "MLHFQ, after", "points", 0, 105, "lower is better"),
    ("mlhfq_change", "MLHFQ, change", "points", -105, 105, "lower is better"),
    ("eq5d_index_baseline", "EQ-5D index, before", "1 = full health", -0.594, 1, "higher is better"),
    ("eq5d_index_6m", "EQ-5D index, after", "1 = full health", -0.594, 1, "higher is better"),
    ("eq5d_index_change", "EQ-5D index, change", "1 = full health", -1.594, 1.594, "higher is better"),
    ("waiting", "How the waiting was", "points", 1, 5, "higher is better"),
]
COLUMNS = pd.DataFrame(ROWS, columns=["name", "label", "unit", "min", "max", "direction"])
SCORES = {name for name in COLUMNS["name"] if name.endswith(("_baseline", "_6m"))}


def analysis_frame(patients, vq):
    cost = patients[vq.cost_column].astype(float)
    return pd.DataFrame({"outcome": definition.outcome_values(patients, vq), "cost": cost})


def study_with(tmp_path, **plan):
    cost = Cost("EUR", 2011, "hospital", "unit_costs.csv", {"ward": ("day",)}, lines="lines")
    visits = {"baseline": Visit("before"), "6m": Visit("after", 6)}
    config = Config(
        "t",
        visits=visits,
        cost=cost,
        value_quota=ValueQuota(**({"outcome": "kccq_os"} | plan)),
        perception=Perception("care", "higher is better", "Care"),
        covariates=("age",),
        instruments={"eq5d": InstrumentUse("eq5d-3l", "eq_{item}", value_set="GB")},
    )
    return Study("s", tmp_path, config, {})


def by_hand():
    """Four patients: gains 20, 10, -10 and missing; costs 2,000, 500, 1,000 and 800."""
    before, after = np.array([40.0, 50, 60, 30]), np.array([60.0, 60, 50, np.nan])
    return pd.DataFrame(
        {
            "kccq_os_baseline": before,
            "kccq_os_6m": after,
            "kccq_os_change": after - before,
            "mlhfq_baseline": [42.0, 21, 21, 21],
            "mlhfq_6m": [21.0, 21, 42, 21],
            "eq5d_index_baseline": [0.5, 0.6, 0.4, 0.5],
            "eq5d_index_6m": [0.7, 0.6, 0.2, np.nan],
            "waiting": [5.0, 3, 1, 5],
            "cost_eur_2011": [2000.0, 500, 1000, 800],
        }
    )


HAND_WORKED = [
    ({"form": "gain"}, [20, 10, -10]),
    ({"form": "follow-up"}, [60, 60, 50]),
    ({"form": "mcid-units"}, [4, 2, -2]),  # KCCQ: 5 points (Spertus 2020)
    ({"form": "procedure-value-index", "mcid": 4.0}, [5, 2.5, -2.5]),
    ({"form": "value-quotient"}, [100 * 20 / 20, 100 * 10 / 20, -100 * 10 / 20]),  # the best: 10 in 500
    ({"form": "value-index", "reference_outcome": 10.0, "reference_cost": 1000.0}, [2, 1, -1]),
    ({"form": "quality-service-cost", "service": "waiting"}, [160, 110, 50]),
    ({"form": "weighted-composite", "weights": {"kccq_os": 3.0, "mlhfq": 1.0}}, [20, 7.5, -12.5]),
    ({"form": "qaly", "outcome": "eq5d_index"}, [0.30, 0.30, 0.15]),  # trapezium over half a year
    ({"form": "baseline-adjusted"}, [60 - 5, 60, 50 + 5]),  # slope -0.5 around a mean baseline of 50
]


@pytest.mark.parametrize(("plan", "expected"), HAND_WORKED, ids=[plan["form"] for plan, _ in HAND_WORKED])
def test_hand_worked_numerator_of_every_form(tmp_path, plan, expected):
    study = study_with(tmp_path, **plan)
    vq = definition.define_value_quota(study, COLUMNS)
    outcome = analysis_frame(by_hand(), vq)["outcome"]
    assert outcome.iloc[:3].tolist() == pytest.approx(expected)
    assert np.isnan(outcome.iloc[3])
    table = definition.definition_in_full(study, vq, {}).table.frame.set_index("part")["choice"]
    assert table["Published"] == FORMS[plan["form"]].source
    assert table["Form"].startswith(plan["form"])


def test_every_form_that_can_be_named_is_worked_by_hand_and_has_a_source():
    assert {plan["form"] for plan, _ in HAND_WORKED} == set(FORMS)


def test_the_index_is_one_where_outcome_and_cost_are_as_expected(tmp_path):
    study = study_with(tmp_path, form="value-index", reference_outcome=10.0, reference_cost=1000.0)
    vq = definition.define_value_quota(study, COLUMNS)
    assert vq.unit == "times the expected outcome per EUR 1,000"
    frame = analysis_frame(by_hand(), vq)
    assert quota_where_possible(frame["outcome"], frame["cost"], vq.per).iloc[:2].tolist() == [1, 2]


def test_the_best_patient_has_100(tmp_path):
    vq = definition.define_value_quota(study_with(tmp_path, form="value-quotient"), COLUMNS)
    frame = analysis_frame(by_hand(), vq)
    assert quota_where_possible(frame["outcome"], frame["cost"], vq.per).max() == pytest.approx(100)


REFUSED = [
    ({"form": "gian"}, "did you mean 'gain'"),
    ({"form": "proceedure-value-index"}, "did you mean 'procedure-value-index'"),
    ({"form": "procedure-value-index", "outcome": "mlhfq", "mcid": -1.0}, "an MCID is a size above 0"),
    ({"form": "qaly"}, "needs a utility index, not 'kccq_os'"),
    ({"form": "value-index"}, "`reference_outcome` above 0"),
    ({"form": "quality-service-cost"}, "needs `service`"),
    ({"form": "quality-service-cost", "service": "care"}, "notebook 03 sets the quota against this one"),
    ({"form": "quality-service-cost", "service": "wating"}, "did you mean 'waiting'"),
    ({"form": "weighted-composite"}, "needs `weights` of two outcomes"),
    ({"form": "weighted-composite", "weights": {"kccq_os": 1.0, "mlhqf": 1.0}}, "did you mean 'mlhfq'"),
    ({"form": "weighted-composite", "weights": {"kccq_os": 1.0, "mlhfq": -1.0}}, "weights below 0"),
    ({"form": "baseline-adjusted", "outcome": "mlhfq"}, "counts down to good health"),
]


@pytest.mark.parametrize(("plan", "words"), REFUSED)
def test_a_form_that_cannot_be_computed_is_refused_in_words(tmp_path, plan, words):
    with pytest.raises(StudyError, match=words):
        definition.define_value_quota(study_with(tmp_path, **plan), COLUMNS)


def test_the_check_refuses_what_the_notebook_would(tmp_path):
    study = study_with(tmp_path, form="value-index")
    found = "\n".join(map(str, form_problems(study, "kccq_os", "value-index", SCORES)))
    assert "`reference_outcome` above 0" in found
    assert "`reference_cost` above 0" in found
    assert form_problems(study_with(tmp_path), "kccq_os", "gain", SCORES) == []


def test_the_check_of_a_study_names_what_its_form_lacks(repo):
    study = load_study("heart-failure")

    def problems(**plan):
        asked = dataclasses.replace(study.config, value_quota=ValueQuota(**({"outcome": "kccq_os"} | plan)))
        return "\n".join(map(str, name_problems(dataclasses.replace(study, config=asked))))

    assert problems() == problems(form="procedure-value-index") == ""
    assert problems(form="qaly", outcome="eq5d_index") == ""
    assert "needs a utility index, not 'kccq_os'" in problems(form="qaly")
    assert "needs an MCID of a single patient's change" in problems(form="mcid-units", outcome="kccq_se")
    assert "did you mean 'eq_vas'" in problems(
        form="weighted-composite", weights={"kccq_os": 1.0, "eq_vsa": 1.0}
    )
    assert "no column 'servise'" in problems(form="quality-service-cost", service="servise")
    assert "which cannot be a part of it" in problems(form="quality-service-cost", service="perceived_care")


def test_an_mcid_between_groups_never_becomes_a_unit_of_change(tmp_path):
    """5 points of the Oxford Hip Score differ between groups (Beard 2015); 8 is the individual one."""
    with pytest.raises(ValueError, match="between groups"):
        mcid_of(study_with(tmp_path), "ohs", ValueQuota("ohs", mcid=5))
    assert mcid_of(study_with(tmp_path), "ohs", ValueQuota("ohs"))[0] == 8
    assert (
        mcid_of(study_with(tmp_path), "own_scale", ValueQuota("own_scale", mcid=3))[1] == "given in study.yml"
    )


def test_a_share_of_the_best_patient_is_not_published_under_a_policy(tmp_path):
    study = study_with(tmp_path)
    strict = dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure="nhs-proms"))
    assert "one patient's quota" in str(form_problems(strict, "kccq_os", "value-quotient", SCORES)[0])


def test_without_a_line_to_adjust_by_nobody_has_an_adjusted_outcome(tmp_path):
    vq = definition.define_value_quota(study_with(tmp_path, form="baseline-adjusted"), COLUMNS)
    patients = by_hand().assign(kccq_os_baseline=40.0)
    assert definition.outcome_values(patients, vq).isna().all()


def test_the_missing_are_filled_in_under_every_form(tmp_path, monkeypatch):
    monkeypatch.setattr(cleaning, "load_columns", lambda _: COLUMNS)
    rng = np.random.default_rng(5)
    n = 150
    before = rng.normal(40, 12, n).clip(0, 90)
    after = (before + rng.normal(8, 8, n)).clip(0, 100)
    lost = rng.random(n) < 0.2
    patients = pd.DataFrame(
        {
            "kccq_os_baseline": before,
            "kccq_os_6m": np.where(lost, np.nan, after),
            "mlhfq_baseline": 105 - before,
            "mlhfq_6m": np.where(lost, np.nan, 105 - after),
            "eq5d_index_baseline": before / 100,
            "eq5d_index_6m": np.where(lost, np.nan, after / 100),
            "waiting": rng.integers(1, 6, n).astype(float),
            "cost_eur_2011": rng.lognormal(8, 0.5, n),
            "age": rng.normal(70, 8, n),
        }
    )
    patients["kccq_os_change"] = patients["kccq_os_6m"] - patients["kccq_os_baseline"]
    for plan, _ in HAND_WORKED:
        study = study_with(tmp_path, **plan)
        vq = definition.define_value_quota(study, COLUMNS)
        frame = analysis_frame(patients, vq)
        table = missing_data.value_if_answered(study, patients, vq, 0.95, 2, 1)
        main = ratios.ratio_of_means(frame["outcome"], frame["cost"], vq.per, n_resamples=50).iloc[0]
        assert table["estimate"].iloc[0] == pytest.approx(main["estimate"]), plan
        assert table["n"].tolist() == [int((~lost).sum()), n, n, n]
        assert table["estimate"].iloc[1] == pytest.approx(main["estimate"], rel=0.25), plan
        group = definition.group_outcome(patients, vq)
        assert group.mean() == pytest.approx(frame["outcome"].mean()), plan
        left_over = (group - main["estimate"] / vq.per * frame["cost"]).dropna()
        error = left_over.std() / np.sqrt(len(left_over)) / frame["cost"][left_over.index].mean() * vq.per
        assert table["high"].iloc[0] - table["estimate"].iloc[0] == pytest.approx(1.959964 * error), plan


# --- deaths ---


def test_the_column_of_deaths_is_named_by_the_study(repo):
    study = load_study("heart-failure")
    patients = pd.DataFrame({"dead_3m": ["no", "yes"], "fate": ["died", "alive"]})
    assert deaths(study, patients).tolist() == [False, True]
    other = dataclasses.replace(study, config=dataclasses.replace(study.config, deaths="fate"))
    assert deaths(other, patients).tolist() == [True, False]


@pytest.mark.parametrize(
    ("policy", "dead", "told"), [("none", 1, 1), ("hes", 7, 0), ("hes", 8, 8), ("acro", 9, 0)]
)
def test_deaths_that_are_too_few_to_be_told_of_are_in_no_number(repo, policy, dead, told):
    """A quota with one death and a mean without it, two decimals of each, say that it was one (of 1 to 5).

    Gains of 13.6 on average, 18.2 lost by the dead, costs of 5.19 and 2.34 thousand: the quota of 39, d of
    whom died, falls by more than 0.1 with each.
    """
    quota = [(13.6 * (39 - d) - 18.2 * d) / (5.19 * (39 - d) + 2.34 * d) for d in range(1, 6)]
    assert min(-np.diff(quota)) > 0.1
    study = load_study("heart-failure")
    study = dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure=policy))
    patients = pd.DataFrame({"dead_3m": ["yes"] * dead + ["no"] * 30})
    assert deaths(study, patients).sum() == told
    assert bool(untold_deaths(study, patients)) == (told == 0)
    part = Part("u_a", "u_b", 1, 0.0, 1.0, 1.0)
    area = Recipe((part,), 1.0, ("u_a", "u_b"), (0, 1), "dead_3m", dead - told)
    utilities = patients.assign(u_a=0.5, u_b=np.nan)
    assert numerator(utilities, "qaly", area).notna().sum() == told


@pytest.mark.parametrize(
    ("column", "words"), [("dead_3n", "did you mean 'dead_3m'"), ("sex", "reads as a death")]
)
def test_a_wrong_column_of_deaths_is_named(repo, column, words):
    study = load_study("heart-failure")
    wrong = dataclasses.replace(study, config=dataclasses.replace(study.config, deaths=column))
    assert words in "\n".join(map(str, name_problems(wrong)))
    assert deaths_problems(study, {"dead_3m"}) == []


def test_the_interval_of_a_baseline_adjusted_value_is_that_of_the_follow_up(tmp_path):
    """The line is fitted to the same patients: the mean at their average start is the mean follow-up."""
    rng = np.random.default_rng(1)
    start = rng.normal(45, 15, 60)
    table = pd.DataFrame({"kccq_os_base": start, "kccq_os_3m": 20 + 0.7 * start + rng.normal(0, 8, 60)})
    recipe = Recipe((Part("kccq_os_base", "kccq_os_3m"),))
    whole = group_numerator(table, recipe)
    assert np.allclose(whole, table["kccq_os_3m"])
    own = numerator(table, "baseline-adjusted", recipe)
    assert own.mean() == pytest.approx(whole.mean())
    assert own.std() < 0.8 * whole.std()
    short = table.assign(kccq_os_3m=table["kccq_os_3m"].mask(table.index < 9))
    own, whole = numerator(short, "baseline-adjusted", recipe), group_numerator(short, recipe)
    assert own.mean() == pytest.approx(whole.mean())
    assert whole.isna().sum() == 9

"""The written-out definition: what study.yml says, what a parameter changes, what is refused."""

import numpy as np
import pandas as pd
import pytest

from vbhc.chapters import checks
from vbhc.chapters.value.quota import declared as definition
from vbhc.problems import StudyError
from vbhc.study import Study
from vbhc.study.config import Config, Cost, ValueQuota, Visit

COLUMNS = pd.DataFrame(
    [
        ("kccq_os_baseline", "KCCQ overall, before", "points", "higher is better"),
        ("kccq_os_6m", "KCCQ overall, after", "points", "higher is better"),
        ("kccq_os_change", "KCCQ overall, change", "points", "higher is better"),
        ("mlhfq_baseline", "MLHFQ, before", "points", "lower is better"),
        ("mlhfq_6m", "MLHFQ, after", "points", "lower is better"),
        ("mlhfq_change", "MLHFQ, change", "points", "lower is better"),
        ("cost_eur_2011", "Cost", "EUR 2011", "lower is better"),
    ],
    columns=["name", "label", "unit", "direction"],
)


@pytest.fixture
def study(tmp_path):
    cost = Cost("EUR", 2011, "hospital", "unit_costs.csv", {"ward": ("day",)}, lines="lines")
    visits = {"baseline": Visit("before"), "6m": Visit("after", 6)}
    return Study("s", tmp_path, Config("t", visits=visits, cost=cost, value_quota=ValueQuota("kccq_os")), {})


@pytest.fixture
def patients():
    return pd.DataFrame(
        {
            "kccq_os_6m": [60.0, 40, np.nan, 50, 70],
            "kccq_os_change": [10.0, -5, np.nan, 5, 20],
            "mlhfq_change": [-10.0, 5, np.nan, -5, -20],
            "cost_eur_2011": [1000.0, 2000, 3000, np.nan, 0],
            "perceived_value": [1.0, 2, 3, 4, 5],
        }
    )


def test_study_decides_and_parameters_override(study):
    vq = definition.define_value_quota(study, COLUMNS)
    assert (vq.outcome_column, vq.cost_column, vq.unit) == (
        "kccq_os_change",
        "cost_eur_2011",
        "points per EUR 1,000",
    )
    assert vq.outcome_label == "KCCQ overall, gain"
    other = definition.define_value_quota(study, COLUMNS, form="follow-up", per=100)
    assert (other.outcome_column, other.unit) == ("kccq_os_6m", "points per EUR 100")
    assert other.outcome_label == "KCCQ overall, after"


def test_gain_on_a_scale_that_counts_down_is_turned(study, patients):
    vq = definition.define_value_quota(study, COLUMNS, outcome="mlhfq")
    assert definition.outcome_values(patients, vq).tolist()[:2] == [10, -5]


def test_follow_up_form_of_a_scale_that_counts_down_is_refused(study):
    with pytest.raises(StudyError, match="counts down to good health"):
        definition.define_value_quota(study, COLUMNS, outcome="mlhfq", form="follow-up")


def test_misspelt_outcome_and_form_are_named(study):
    with pytest.raises(StudyError, match="did you mean 'kccq_os'"):
        definition.define_value_quota(study, COLUMNS, outcome="kccq_so")
    with pytest.raises(StudyError, match="did you mean 'follow-up'"):
        definition.define_value_quota(study, COLUMNS, form="followup")


def test_definition_table_names_every_part(study):
    vq = definition.define_value_quota(study, COLUMNS)
    table = definition.definition_in_full(study, vq, {"Intervals": "95%"}).table.frame
    assert table["part"].tolist()[-1] == "Intervals"
    assert dict(table.values)["Form"] == "gain: after minus before"
    assert dict(table.values)["Horizon"] == "not declared"


def test_study_without_costs_has_no_quota(tmp_path):
    bare = Study("s", tmp_path, Config("t"), {})
    with pytest.raises(StudyError, match="VQ needs both"):
        definition.define_value_quota(bare, COLUMNS)


def test_levels_and_margins_are_checked_in_words(study):
    with pytest.raises(StudyError, match=r"0\.95 was perhaps meant"):
        checks.check_level(95)
    with pytest.raises(StudyError, match="declare the largest correlation you would still call poor"):
        checks.margin_or_studys(study, 0)
    assert checks.margin_or_studys(study, 0.15) == 0.15
    with pytest.raises(StudyError, match="at least 200"):
        checks.check_at_least("n_resamples", 20, 200)


def test_an_index_gets_a_noun_for_its_unit(study):
    """EQ-5D's unit reads "1 = full health, 0 = dead": no sentence can count in that."""
    columns = COLUMNS.assign(unit="1 = full health, 0 = dead")
    assert definition.define_value_quota(study, columns).unit == "index points per EUR 1,000"

"""Who is missing, whether scales can move: hand-worked frames and the study's own sentences."""

import numpy as np
import pandas as pd
import pingouin as pg
import pytest

from vbhc.chapters.cleaning import cohort, scale_quality
from vbhc.publish.disclosure.policies import get_policy
from vbhc.study import Study
from vbhc.study.config import Config, InstrumentUse, Visit


@pytest.fixture
def flow():
    rows = [
        ("assessed", 12, "patients in raw/p.csv", "patients"),
        ("excluded", 2, "Age: above 110", "patients"),
        ("kept", 10, "patients", "patients"),
        ("assessed", 30, "rows in raw/a.csv", "answers"),
        ("kept", 30, "rows", "answers"),
        ("with outcome", 7, "kccq_os: a and b", ""),
        ("with all", 6, "outcome and cost", ""),
    ]
    return pd.DataFrame(rows, columns=["step", "n", "detail", "source"])


def likert_study(tmp_path, **visits):
    use = InstrumentUse("likert", [f"care_{n}" for n in range(1, 5)], once=True, options={"scale": "care"})
    visits = visits or {"baseline": Visit("before"), "6m": Visit("after", 6)}
    return Study("s", tmp_path, Config("t", visits=visits, instruments={"care": use}), {})


def test_rows_read_are_rows_kept_plus_rows_set_aside(flow):
    rows = cohort.rows_table(flow)
    assert rows.values.tolist() == [["patients", 12, 10, 2], ["answers", 30, 30, 0]]
    assert (rows["read"] == rows["kept"] + rows["quarantined"]).all()


def test_patient_flow_leaves_other_sources_out(flow):
    assert cohort.patient_flow(flow)["step"].tolist() == [
        "assessed",
        "excluded",
        "kept",
        "with outcome",
        "with all",
    ]


def test_answer_counts_from_assessed_to_all_questions(flow):
    patients = cohort.patient_flow(flow)
    assert cohort.cohort_answer(patients) == (
        "10 of 12 records could be used; of them 7 with outcome and 6 with all of these."
    )
    assert cohort.flow_title(patients) == "6 of 12 records can answer every question of this study"


def test_standardised_difference_by_hand():
    """Means 3 and 1, both variances 1: the difference of 2 is 2 standard deviations."""
    patients = pd.DataFrame({"age": [2.0, 3, 4, 0, 1, 2]})
    followed = pd.Series([True] * 3 + [False] * 3)
    row = cohort.follow_up_comparison(patients, followed, {"age": "Age"}).iloc[0]
    assert (row["n_followed"], row["n_missing"], row["difference"]) == (3, 3, 2)
    assert row["standardised_difference"] == pytest.approx(2)


def test_difference_without_spread_is_unknown_not_infinite():
    patients = pd.DataFrame({"age": [2.0, 2, 4, 4]})
    followed = pd.Series([True, True, False, False])
    assert np.isnan(
        cohort.follow_up_comparison(patients, followed, {"age": "Age"})["standardised_difference"]
    ).all()


def test_sentence_names_the_largest_difference_and_its_side():
    patients = pd.DataFrame({"age": [2.0, 3, 4, 0, 1, 2], "vas": [5.0, 6, 7, 5, 6, 7]})
    followed = pd.Series([True] * 3 + [False] * 3)
    table = cohort.follow_up_comparison(patients, followed, {"age": "Age", "vas": "EQ VAS"})
    text = cohort.follow_up_sentence(table, 3, 6)
    assert text.startswith(
        "Of the patients, 3 of 6 (50%) have no outcome at follow-up; they differ most in Age"
    )
    assert "lower before (mean 1.0 against 3.0, 2.00 SD)" in text
    silent = cohort.follow_up_sentence(table, 3, 6, get_policy("nhs-proms"))
    assert silent == "Not all patients have the outcome at follow-up;" + text.partition(";")[2]


@pytest.mark.parametrize(
    ("n_followed", "expected"),
    [(6, "All 6 patients have"), (5, "nothing measured before tells who they are")],
)
def test_sentence_when_nobody_is_missing_or_nothing_is_known(n_followed, expected):
    empty = cohort.follow_up_comparison(pd.DataFrame(index=range(6)), pd.Series([True] * 6), {})
    assert expected in cohort.follow_up_sentence(empty, n_followed, 6)


def test_floor_is_the_worst_end_also_where_lower_is_better(tmp_path):
    study = likert_study(tmp_path)
    columns = pd.DataFrame(
        [
            ("up", "Up", "likert", 0, 10, "higher is better"),
            ("down", "Down", "likert", 0, 10, "lower is better"),
        ],
        columns=["name", "label", "source", "min", "max", "direction"],
    )
    patients = pd.DataFrame({"up": [0.0, 5, 5, 10, np.nan], "down": [0.0, 0, 5, 5, 5]})
    table = scale_quality.scale_behaviour(study, patients, columns).set_index("label")
    assert table.loc["Up", ["n", "n_missing", "floor_share", "ceiling_share"]].tolist() == [4, 1, 0.25, 0.25]
    assert table.loc["Down", ["floor_share", "ceiling_share"]].tolist() == [0, 0.4]


def test_the_standard_error_of_a_score_is_no_scale_that_could_have_room_to_move(tmp_path):
    names = ["name", "label", "source", "min", "max", "direction"]
    rows = [("t", "T score", "likert", 16, 68, "higher is better"), ("se", "Its error", "likert", 4, 6, "")]
    columns = pd.DataFrame(rows, columns=names)
    patients = pd.DataFrame({"t": [40.0, 50.0], "se": [4.1, 4.2]})
    table = scale_quality.scale_behaviour(likert_study(tmp_path), patients, columns)
    assert table["label"].tolist() == ["T score"]


def test_ceiling_sentence_names_the_scales_or_says_that_there_are_none():
    row = {"label": "EQ-5D", "n": 10, "floor_share": 0.0, "ceiling_share": 0.42}
    assert "EQ-5D (42% at its best value)" in scale_quality.ceiling_sentence(pd.DataFrame([row]))
    free = pd.DataFrame([row | {"ceiling_share": 0.15}])
    assert "all have room to move" in scale_quality.ceiling_sentence(free)
    assert scale_quality.ceiling_sentence(free.iloc[:0]) == "No scale could be scored."


def test_alpha_equals_the_covariance_formula_and_turns_reversed_items(tmp_path):
    """Cronbach 1951: alpha = k/(k-1) (1 - sum of item variances / variance of the sum), on turned items."""
    rng = np.random.default_rng(3)
    latent = rng.normal(size=200)
    items = pd.DataFrame(
        {f"care_{n}": np.clip(np.round(3 + latent + rng.normal(size=200)), 1, 5) for n in range(1, 5)}
    )
    study = likert_study(tmp_path)
    straight = scale_quality.reliability(study, items)
    formula = 4 / 3 * (1 - items.var().sum() / items.sum(axis=1).var())
    assert straight["alpha"].iloc[0] == pytest.approx(formula)
    assert straight["alpha"].iloc[0] == pytest.approx(pg.cronbach_alpha(items)[0])
    assert 0 < straight["omega"].iloc[0] < 1
    turned = items.assign(care_2=6 - items["care_2"])
    use = study.config.instruments["care"]
    use.options["reverse"] = [2]
    assert scale_quality.reliability(study, turned)["alpha"].iloc[0] == pytest.approx(formula)

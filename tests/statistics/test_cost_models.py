"""Costs done properly: price years, spread, and what makes up the sum."""

import numpy as np
import pandas as pd
import pytest
from study_maker import CONFIG, UNIT_COSTS, small_study

from vbhc.chapters.value import costs
from vbhc.chapters.value.costs.bill import converted_prices, dearest, resources
from vbhc.chapters.value.costs.prices import costs_by_resource, most_moved
from vbhc.chapters.value.quota.declared import Definition
from vbhc.cleaning.costs.unit_costs import read_unit_costs
from vbhc.problems import StudyError
from vbhc.publish.claims import render
from vbhc.publish.disclosure.policies import OPEN, get_policy
from vbhc.publish.either import picked

VQ = Definition("x", "gain", "x_change", "X, gain", "points", 1, "cost", "EUR", 2011, 1000.0)

# --- price years and currencies ---

INDEX = """\
currency,year,index,rate,source
EUR,2018,95,,made up
EUR,2020,100,,made up
SEK,2019,320,,made up
SEK,2020,336,0.1,made up
"""
OTHERS = UNIT_COSTS.replace("400,EUR,2020", "400,SEK,2019").replace("100,EUR,2020", "100,EUR,2018")


def study_with(tmp_path, prices=OTHERS, index=INDEX):
    files = {"unit_costs.csv": prices, "price_index.csv": index}
    return small_study(tmp_path, files, cost={**CONFIG["cost"], "price_index": "price_index.csv"})


def test_hand_worked_conversion(tmp_path):
    """SEK 400 of 2019: x 336/320 = 420 of 2020, x 0.1 = EUR 42. EUR 100 of 2018: x 100/95 = 105.26."""
    table = read_unit_costs(study_with(tmp_path))
    assert table["unit_cost"].tolist() == pytest.approx([42, 100 / 0.95])
    assert table["currency"].tolist() == ["EUR", "EUR"]
    assert table["price_year"].tolist() == [2020, 2020]
    assert table["conversion"].tolist() == [
        "SEK 400 of 2019 x 1.0500 (prices of 2020) x 0.1 (EUR per SEK) = EUR 42.00",
        "EUR 100 of 2018 x 1.0526 (prices of 2020) = EUR 105.26",
    ]
    shown = converted_prices(study_with(tmp_path), VQ, table).table
    assert shown.frame["source"].tolist() == table["source"].tolist()


def test_what_is_in_the_studys_prices_is_left_alone(tmp_path):
    table = read_unit_costs(study_with(tmp_path, UNIT_COSTS))
    assert table["unit_cost"].tolist() == [400, 100]
    assert converted_prices(study_with(tmp_path), VQ, table) is None
    assert set(read_unit_costs(small_study(tmp_path / "without"))["conversion"]) == {""}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("SEK,2019,320,,made up\n", "", "no index of SEK 2019; add it to price_index.csv"),
        ("SEK,2020,336,0.1", "SEK,2020,336,", "no rate of SEK in 2020; add EUR per SEK to price_index.csv"),
        ("SEK,2020,336,0.1", "SEK,2020,-1,0.1", "index, row 5: '-1'; a number above 0"),
        ("EUR,2020", "EUR,2018", "EUR 2018 stands twice; keep one"),
        ("EUR,2020", "EUR,MMXX", "year, row 3: 'MMXX'; a year"),
        ("currency,year,index", "currency,year,indexx", "unknown column 'indexx'; did you mean 'index'?"),
    ],
)
def test_gap_or_fault_of_the_price_index_is_named(tmp_path, old, new, message):
    with pytest.raises(StudyError) as error:
        read_unit_costs(study_with(tmp_path, index=INDEX.replace(old, new)))
    assert message in str(error.value)


def test_an_absent_price_index_is_named(tmp_path):
    study = small_study(tmp_path, cost={**CONFIG["cost"], "price_index": "prices.csv"})
    with pytest.raises(StudyError, match="no such file"):
        read_unit_costs(study)


# --- spread ---


def test_spread_of_hand_worked_costs():
    shown = costs.cost_by_patient(VQ, pd.Series([0.0, 100, 200, 500, np.nan]))
    told, nothing, dearest = shown.says
    claim = told.full
    half = 3.182446 * np.std([0, 100, 200, 500], ddof=1) / 2  # t of 3 degrees of freedom: Student's table
    assert [claim.estimate, claim.low, claim.high] == pytest.approx([200, 200 - half, 200 + half])
    assert render(claim).startswith("The mean cost per patient in EUR was 200 (")
    assert render(claim).endswith("Not counted: 1 without a known cost.")
    assert told.protected.low == float(f"{200 - half:.2g}")
    assert nothing == "1 of 4 (25%) cost nothing."
    assert picked(dearest, OPEN).startswith("The dearest 10% of patients make up")
    title = shown.drawing.title(picked(shown.drawing.data, OPEN))
    assert title == "The patient in the middle cost EUR 150; the mean was EUR 200"
    said = costs.cost_by_patient(VQ, pd.Series([5.0]))
    assert said.says == ["Only 1 patient has a cost; a spread needs two."]
    assert said.drawing is None


# --- what makes up the sum ---

LINES = pd.DataFrame(
    [("P1", "day", "ward", 2, 800), ("P2", "day", "ward", 1, 400), ("P1", "visit", "clinic", 3, 300)],
    columns=["patient_id", "resource", "component", "quantity", "cost"],
)


def test_resources_that_make_up_the_sum():
    """Day: 800 and 400, visit: 300 and none; of 1,500 that is 80% and 20%, a mean of 600 and 150."""
    used = costs_by_resource(LINES, "patient_id")
    assert used.loc["P2"].to_dict() == {"day": 400, "visit": 0}
    assert used.sum().to_dict() == {"day": 1200, "visit": 300}
    items = pd.DataFrame({"visit": [300.0, 0.0, np.nan], "day": [800.0, 400.0, np.nan]})
    shown = resources(VQ, items, pd.DataFrame({"ward": [1100.0, 400.0, np.nan]}))
    table = picked(shown.table.frame, OPEN).set_index("resource")
    assert table.loc["day"].tolist() == [2, 600, 0.8, 0.8]
    assert table.loc["visit"].tolist() == [1, 150, 0.2, 1.0]
    assert [len(own) for own in shown.table.rules["contributions"]["cost"]] == [2, 2]
    assert resources(VQ, items, items) is None  # components alone are known


def test_hand_worked_concentration():
    """The dearest of 10, 20, 30, 40 makes up 40%; Gini = 2 (10 + 40 + 90 + 160) / (4 * 100) - 5/4 = 0.25."""
    said = dearest(pd.Series([40.0, 10, 30, 20]))
    assert said == "The dearest 10% of patients make up 40% of all costs (Gini 0.25)."
    assert "Gini 0.00" in dearest(pd.Series([5.0, 5, 5]))
    assert "No patient has a cost" in dearest(pd.Series([0.0]))


def test_every_way_to_count_the_cost_takes_patients_of_one_provider_as_alike():
    """Twice the same patients, told to be alike in pairs, say no more than once."""
    rng = np.random.default_rng(3)
    once = pd.DataFrame({"ward": rng.lognormal(8, 0.5, 60), "drugs": 100.0, "gain": rng.normal(12, 5, 60)})
    twice = pd.concat([once, once], ignore_index=True)
    pairs = pd.Series(np.tile(np.arange(60), 2))
    wide = costs.without_each_part(once["gain"], once[["ward", "drugs"]])
    kept = costs.without_each_part(twice["gain"], twice[["ward", "drugs"]], cluster=pairs)
    assert kept["low"].tolist() == pytest.approx(wide["low"].tolist(), rel=0.01)


def test_leaving_a_component_out_moves_the_value_by_its_share():
    rng = np.random.default_rng(2)
    outcome = pd.Series(rng.normal(12, 5, 50))
    ward = pd.Series(np.exp(rng.normal(8, 0.5, 50)))
    table = costs.without_each_part(outcome, pd.DataFrame({"ward": ward, "drugs": ward / 4}))
    assert table["share_of_cost"].tolist() == pytest.approx([0, 0.8, 0.2])
    assert table["relative_change"].tolist() == pytest.approx([0, 4, 0.25])
    assert table["rank_agreement"].tolist() == pytest.approx([1, 1, 1])
    claim, ends, order = most_moved(VQ, table)
    assert "is about 5 times as high without ward" in render(picked(claim, get_policy("nhs-proms")))
    assert render(picked(claim, OPEN)) == (
        "The mean gain on the X per EUR 1,000 is 5.0 times as high without ward (80% of the bill of those "
        "counted) as with every component."
    )
    whole = 1000 * outcome.mean() / (ward * 1.25).mean()
    assert picked(ends, OPEN).startswith(f"It goes from {whole:.2f} to ")
    assert order == "Patients' order with and without it agrees to ρ = 1.00."


def test_one_component_cannot_be_left_out():
    cost = pd.DataFrame({"ward": [100.0, 200, 300, 400, 500]})
    table = costs.without_each_part(pd.Series([1.0, 2, 3, 4, 5]), cost)
    assert costs.perimeters(VQ, pd.DataFrame(), table) is None
    assert most_moved(VQ, table) == []

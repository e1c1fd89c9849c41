"""Costs: resources x unit costs, nothing converted in silence, nothing recorded is not nothing spent."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from study_maker import UNIT_COSTS, small_study

from vbhc.cleaning.costs import resources, unit_costs
from vbhc.problems import StudyError
from vbhc.study.costs import Event
from vbhc.study.dictionary import Column

PRICES = pd.DataFrame({"resource": ["day", "visit"], "unit": ["day", "visit"], "unit_cost": [400.0, 100.0],
                       "component": ["ward", "clinic"], "source": ["list", "a guess"]})  # fmt: skip


def lines(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["patient_id", "resource", "quantity"])


def per_patient(table: pd.DataFrame, *patients: str) -> pd.DataFrame:
    priced = resources.price_lines(table, PRICES)
    return resources.cost_per_patient(priced, "patient_id", pd.Series(patients), ["ward", "clinic"])


def test_hand_worked_example():
    """P1: 3 days x 400 + 2 visits x 100 = 1,400; P2: 1.5 days = 600 and no visit; P3: nothing recorded."""
    found = per_patient(lines(("P1", "day", 3), ("P2", "day", 1.5), ("P1", "visit", 2)), "P2", "P1", "P3")
    assert list(found.index) == ["P2", "P1", "P3"]
    assert found["total"].tolist()[:2] == [600, 1400]
    assert found.loc["P1"].to_dict() == {"ward": 1200, "clinic": 200, "total": 1400}
    assert found.loc["P2", "clinic"] == 0
    assert found.loc["P3"].isna().all()


def test_line_without_quantity_makes_its_component_and_total_missing():
    found = per_patient(lines(("P1", "day", float("nan")), ("P1", "day", 1), ("P1", "visit", 1)), "P1")
    assert pd.isna(found.at["P1", "ward"])
    assert found.at["P1", "clinic"] == 100
    assert pd.isna(found.at["P1", "total"])


def test_unpriced_resource_is_an_error():
    with pytest.raises(ValueError, match="no unit cost of 'dya', 'helicopter'"):
        resources.price_lines(lines(("P1", "dya", 1), ("P1", "helicopter", 1)), PRICES)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["A", "B"]), st.sampled_from(["day", "visit"]),
                          st.floats(0, 1000)), min_size=1, max_size=20))  # fmt: skip
def test_components_add_up_and_order_does_not_matter(rows):
    found = per_patient(lines(*rows), "A", "B")
    assert found["total"].dropna().tolist() == pytest.approx(
        found[["ward", "clinic"]].sum(axis=1)[found["total"].notna()]
    )
    turned = per_patient(lines(*reversed(rows)), "A", "B")
    pd.testing.assert_frame_equal(found, turned)
    doubled = per_patient(lines(*((p, r, 2 * q) for p, r, q in rows)), "A", "B")
    pd.testing.assert_frame_equal(doubled, 2 * found)


def test_unit_cost_table_is_read_with_its_components(tmp_path):
    table = unit_costs.read_unit_costs(small_study(tmp_path))
    assert table["component"].tolist() == ["ward", "clinic"]
    assert table["unit_cost"].tolist() == [400, 100]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("day,400", "day,\"400,5\"", "unit_cost, row 2: '400,5'; a number above 0 with a decimal point"),
        ("day,400", "day,1.600", "'1.600' can be read in two ways; write 1600 or 1.6000"),
        ("day,400", "day,0", "unit_cost, row 2: '0'"),
        ("day,400", "day,inf", "unit_cost, row 2: 'inf'"),
        ("400,EUR", "400,SEK", "currency, row 2: 'SEK'; 'EUR' as in study.yml; convert it first"),
        ("EUR,2020,Hosp", "EUR,2019,Hosp", "price_year, row 2: '2019'; 2020 as in study.yml"),
        ("Hospital price list 2020", "", "source, row 2: empty; say where it is from"),
        ("bed_day,day", "bed_dya,day", "'bed_dya' is in no component; did you mean 'bed_day'?"),
        ("bed_day,day", "bed_dya,day", "no unit cost of 'bed_day'; it is in a component"),
        ("visit,visit", "bed_day,visit", "'bed_day' stands in row 2 too; one price each"),
        ("unit_cost", "unit_cots", "unknown column 'unit_cots'; did you mean 'unit_cost'?"),
        ("unit_cost", "unit_cots", "no column 'unit_cost'; add it"),
    ],
)  # fmt: skip
def test_fault_of_the_unit_cost_table(tmp_path, old, new, message):
    study = small_study(tmp_path, {"unit_costs.csv": UNIT_COSTS.replace(old, new)})
    with pytest.raises(StudyError) as error:
        unit_costs.read_unit_costs(study)
    assert message in str(error.value)


def test_unit_costs_saved_with_semicolons_are_read_with_their_decimal_commas(tmp_path):
    text = UNIT_COSTS.replace(",", ";").replace("400", "400,5") + ";;;;;\n"
    table = unit_costs.read_unit_costs(small_study(tmp_path, {"unit_costs.csv": text}))
    assert table["unit_cost"].tolist() == [400.5, 100]


def test_all_faults_come_at_once(tmp_path):
    text = UNIT_COSTS.replace("400", "free").replace("EUR,2020,Assum", "USD,2021,Assum")
    with pytest.raises(StudyError) as error:
        unit_costs.read_unit_costs(small_study(tmp_path, {"unit_costs.csv": text}))
    assert [problem.column for problem in error.value.problems] == ["unit_cost", "currency", "price_year"]


def test_events_become_lines_and_missing_answers_are_counted():
    patients = pd.DataFrame({"patient_id": ["P1", "P2", "P3"], "kind": ["primary", "revision", "primary"],
                             "readmitted": pd.array([True, pd.NA, False], dtype="boolean")})  # fmt: skip
    events = (Event("day", {"kind": "revision"}, 2), Event("visit", {"readmitted": True}))
    found, missing = resources.event_lines(patients, "patient_id", events)
    assert found.values.tolist() == [["P2", "day", 2.0], ["P1", "visit", 1.0]]
    assert missing.values.tolist() == [["day", "kind", 0], ["visit", "readmitted", 1]]


def test_event_needs_all_its_columns():
    patients = pd.DataFrame({"patient_id": ["P1", "P2"], "a": [1.0, 1.0], "b": [1.0, 2.0]})
    found, _ = resources.event_lines(patients, "patient_id", (Event("day", {"a": 1, "b": 2}),))
    assert found["patient_id"].tolist() == ["P2"]


def test_event_of_an_unknown_column_or_value_is_named():
    kind = Column("kind", "K", "category", allowed=("0", "1"), labels=("primary", "revision"))
    dictionary = {"readmitted": Column("readmitted", "R", "boolean"), "kind": kind}
    events = (
        Event("day", {"readmited": True}),
        Event("day", {"readmitted": 1}),
        Event("day", {"kind": "primry"}),
    )
    first, second, third = map(str, resources.event_problems(events, dictionary, "study.yml"))
    assert "unknown column 'readmited'; did you mean 'readmitted'?" in first
    assert "readmitted: 1; true or false, without quotes" in second
    assert "kind is never 'primry'; did you mean 'primary'?" in third


def test_shipped_nhs_prices_are_those_of_the_sources(repo):
    """National Schedule, elective: HN12 6,494, HN22 6,352, HN80+HN81 10,261, WH07 3,436 (weighted means)."""
    for study, primary in (("nhs-hip", 6494), ("nhs-knee", 6352)):
        price = pd.read_csv(repo / "data" / study / "unit_costs.csv").set_index("resource")["unit_cost"]
        assert price.to_dict() == {
            "primary_replacement": primary, "revision_replacement": 10261, "readmission": 3436,
            "further_surgery": 0.5 * 10261, "complication": 120,
        }  # fmt: skip

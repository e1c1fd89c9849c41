"""Cleaning: missing codes first, broken rules to the quarantine, no row lost, scores and changes right."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from study_maker import ANSWERS, CONFIG, DICTIONARY, LINES, PATIENTS, small_study

from vbhc import cleaning
from vbhc.cleaning.cells import guess_decimal, to_type, without_missing_codes
from vbhc.cleaning.clean_files import narrow, widened
from vbhc.cleaning.costs.unit_costs import read_unit_costs
from vbhc.cleaning.rows import RowsLostError, Sifted, check_rows_conserved, repeated_rows, sift
from vbhc.problems import StudyError
from vbhc.run import checking
from vbhc.study.dictionary import Column


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory):
    return cleaning.clean(small_study(tmp_path_factory.mktemp("study")))


def lines_of(cleaned_or_sifted) -> list[str]:
    """Quarantine lines as text: source, row, column, value, rule."""
    return ["|".join(map(str, line[:5])) for line in cleaned_or_sifted.quarantine.itertuples(index=False)]


# hand-worked: three patients


def test_one_row_per_patient_key_first(cleaned):
    assert list(cleaned.patients["patient_id"]) == ["P1", "P2", "P3"]
    assert cleaned.patients.columns[0] == "patient_id"
    assert list(cleaned.patients.index) == [0, 1, 2]


def test_visits_stand_side_by_side(cleaned):
    assert cleaned.patients["vas_baseline"].tolist() == [40, 9, 50]
    assert cleaned.patients["vas_6m"].tolist()[0] == 70
    assert cleaned.patients["vas_6m"].isna().tolist() == [False, True, True]


def test_nine_is_missing_only_where_the_dictionary_says_so(cleaned):
    assert cleaned.patients["sex"].tolist()[:2] == ["female", "male"]
    assert pd.isna(cleaned.patients["sex"][2])  # 9 = missing
    assert cleaned.patients["smoker"].tolist() == [False, True, False]  # 9 = not ticked
    assert cleaned.patients["vas_baseline"][1] == 9  # a real answer
    assert pd.isna(cleaned.patients["age"][2])  # 999


def test_change_is_last_minus_first_visit(cleaned):
    assert cleaned.patients["eq_vas_change"][0] == 30
    assert cleaned.patients["eq_vas_change"].isna().tolist() == [False, True, True]
    assert not any(name.startswith("vas_") and name.endswith("change") for name in cleaned.patients)


def test_perceived_value_is_turned_so_that_higher_is_better(cleaned):
    assert cleaned.patients["opinion"].tolist()[:2] == [1, 5]
    assert cleaned.patients["perceived_value"].tolist()[:2] == [5, 1]
    assert pd.isna(cleaned.patients["perceived_value"][2])


def test_cost_by_patient_and_component(cleaned):
    patients = cleaned.patients
    assert patients["cost_ward_eur_2020"].tolist()[:2] == [1200, 600]
    assert patients["cost_clinic_eur_2020"].tolist()[:2] == [200, 0]
    assert patients["cost_eur_2020"].tolist()[:2] == [1400, 600]
    assert patients.filter(like="cost_").iloc[2].isna().all()  # no line: unknown, not 0


def test_flow_counts_every_step(cleaned):
    flow = cleaned.flow
    steps = {
        step: n
        for step, n, source in flow[["step", "n", "source"]].itertuples(index=False)
        if source in ("", "patients")
    }
    assert steps == {
        "assessed": 3,
        "kept": 3,
        "with outcome": 1,
        "with cost": 2,
        "with perception": 2,
        "with all": 1,
    }
    assert flow.loc[flow["source"] == "lines", "n"].tolist() == [3, 3]


def test_each_clean_column_is_described(cleaned):
    columns = cleaned.columns.set_index("name")
    assert list(columns.index) == list(cleaned.patients.columns)
    assert list(cleaned.columns.columns[:9]) == [
        "name", "label", "type", "unit", "min", "max", "direction", "source", "derived_from",
    ]  # fmt: skip
    assert columns.at["vas_6m", "label"] == "EQ VAS, 6 months"
    assert columns.at["eq_vas_6m", "derived_from"] == "score of eq-vas: vas_6m"
    assert (columns.at["eq_vas_change", "min"], columns.at["eq_vas_change", "max"]) == (-100, 100)
    assert columns.at["perceived_value", "direction"] == "higher is better"
    assert columns.at["cost_eur_2020", "unit"] == "EUR 2020"


def test_assumptions_are_noted(cleaned):
    notes = "\n".join(cleaned.notes)
    assert "Unit cost of visit: Assumption: as an outpatient visit" in notes


# quarantine


def test_each_broken_rule_has_its_line_with_the_value_as_written(tmp_path):
    rows = "P4,seventy,25,1,9,2023-01-31,1\nP5,17,7,3,0,31/01/2023,2.5\n,40,25,1,1,,1\n"
    cleaned = cleaning.clean(small_study(tmp_path, {"raw/patients.csv": PATIENTS + rows}))
    assert lines_of(cleaned) == [
        "patients|5|age|seventy|no number",
        "patients|6|age|17|below 18",
        "patients|6|bmi|7|below 10",
        "patients|6|sex|3|not one of 1, 2",
        "patients|6|smoker|0|not one of 1, 9",
        "patients|6|admitted|31/01/2023|no date such as 2023-05-31",
        "patients|6|opinion|2.5|no whole number",
        "patients|7|patient_id|nan|empty",
    ]
    assert cleaned.quarantine["aside"].tolist() == ["cell"] * 7 + ["row"]
    assert cleaned.patients["patient_id"].tolist() == ["P1", "P2", "P3", "P4", "P5"]
    assert cleaned.patients.loc[4, "age":"opinion"].isna().all()  # every cell of P5 was at fault
    flow = cleaned.flow.query("source == 'patients'")
    assert flow.loc[flow["step"] == "assessed", "n"].item() == 6
    assert flow.loc[flow["step"] == "excluded", "n"].sum() == 1
    assert flow.loc[flow["step"] == "kept", "n"].item() == 5


def test_row_repeated_exactly_is_kept_once(tmp_path):
    again = PATIENTS.splitlines()[1] + "\n"
    cleaned = cleaning.clean(small_study(tmp_path, {"raw/patients.csv": PATIENTS + again}))
    assert lines_of(cleaned) == ["patients|5|patient_id|P1|repeats row 2"]
    assert len(cleaned.patients) == 3


def test_rows_that_contradict_each_other_all_go(tmp_path):
    other = PATIENTS.splitlines()[1].replace("70,25.5", "71,25.9") + "\n"
    cleaned = cleaning.clean(small_study(tmp_path, {"raw/patients.csv": PATIENTS + other}))
    assert lines_of(cleaned)[:2] == [
        "patients|2|patient_id|P1|same patient_id as row 5 but other age, bmi",
        "patients|5|patient_id|P1|same patient_id as row 2 but other age, bmi",
    ]
    assert list(cleaned.patients["patient_id"]) == ["P2", "P3"]
    assert "answers|2|patient_id|P1|the patient's row in patients is in quarantine" in lines_of(cleaned)


def test_a_faulty_row_does_not_contradict_a_sound_one(tmp_path):
    other = PATIENTS.splitlines()[1].replace("70", "7") + "\n"
    cleaned = cleaning.clean(small_study(tmp_path, {"raw/patients.csv": PATIENTS + other}))
    assert lines_of(cleaned) == ["patients|5|age|7|below 18"]
    assert len(cleaned.patients) == 3


def test_visit_asked_twice_and_unknown_visit(tmp_path):
    rows = "P1,6m,71\nP2,12m,50\n"
    cleaned = cleaning.clean(small_study(tmp_path, {"raw/answers.csv": ANSWERS + rows}))
    assert lines_of(cleaned) == [
        "answers|3|patient_id+visit|P1|same patient_id and visit as row 7 but other vas",
        "answers|7|patient_id+visit|P1|same patient_id and visit as row 3 but other vas",
        "answers|8|visit|12m|unknown; known: baseline, 6m",
    ]
    assert cleaned.patients["vas_6m"].isna().all()


def test_a_visit_that_only_the_dictionary_knows_does_not_vanish(tmp_path):
    """So with a resource that has no price."""
    rows = DICTIONARY + "visit,Visit,category,,,,0=baseline;6=6m;12=12m,,,answers\n"
    rows += "resource,Resource,category,,,,bed_day;visit;icu_day,,,lines\n"
    answers = ANSWERS.replace("baseline", "0").replace("6m", "6") + "P1,12,80\n"
    files = {"dictionary.csv": rows, "raw/answers.csv": answers, "raw/lines.csv": LINES + "P1,icu_day,1\n"}
    cleaned = cleaning.clean(small_study(tmp_path, files))
    assert lines_of(cleaned) == [
        "answers|7|visit|12|not one of 0, 6",
        "lines|5|resource|icu_day|unknown; known: bed_day, visit",
    ]
    assert cleaned.patients["vas_6m"].tolist()[0] == 70


def test_unknown_patient_and_unknown_resource(tmp_path):
    rows = "P9,visit,1\nP2,bed_dya,1\nP2,visit,-1\nP2,visit,\n"
    cleaned = cleaning.clean(small_study(tmp_path, {"raw/lines.csv": LINES + rows}))
    assert sorted(lines_of(cleaned)) == [
        "lines|5|patient_id|P9|no such patient in patients",
        "lines|6|resource|bed_dya|unknown; did you mean 'bed_day'?",
        "lines|7|quantity|-1|below 0",
        "lines|8|quantity|nan|empty",
    ]


def test_equal_resource_lines_are_no_repeats(tmp_path):
    cleaned = cleaning.clean(small_study(tmp_path, {"raw/lines.csv": LINES + "P1,visit,2\n"}))
    assert cleaned.patients["cost_clinic_eur_2020"][0] == 400
    assert cleaned.quarantine.empty


def test_decimal_commas_are_numbers_and_said(tmp_path):
    content = PATIENTS.replace(",", ";").replace("25.5", "25,5")
    cleaned = cleaning.clean(small_study(tmp_path, {"raw/patients.csv": content}))
    assert cleaned.patients["bmi"][0] == 25.5
    assert any("decimal commas (guessed" in note for note in cleaned.notes)


DECIMAL = "declare decimal: ',' or '.' under sources.lines in study.yml"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('patient_id,resource,quantity\nP1,bed_day,"1,600"\nP2,bed_day,2\n',
         "lines.csv, quantity, row 2: '1,600' can be read in two ways"),
        ("patient_id;resource;quantity\nP1;bed_day;6,5\nP2;bed_day;1.600\nP2;visit;2.125\n",
         "lines.csv, quantity, row 3: '1.600' can be read in two ways (and 1 more such numbers)"),
        ("patient_id,resource,quantity\nP1,bed_day,1.5\nP2,bed_day,1.600\n",
         "lines.csv, quantity, row 3: '1.600' can be read in two ways"),
    ],
)  # fmt: skip
def test_a_number_that_may_be_a_thousand_times_larger_is_never_guessed(tmp_path, content, found):
    study = small_study(tmp_path / "s", {"raw/lines.csv": content})
    with pytest.raises(StudyError, match=re.escape(f"{found}; {DECIMAL}")):
        cleaning.clean(study)
    assert any(f"{found}; {DECIMAL}" in str(problem) for problem in checking.inspect(study).problems)


@pytest.mark.parametrize(("decimal", "quantity"), [(",", 1.6), (".", 1600)])
def test_the_declared_decimal_settles_it(tmp_path, decimal, quantity):
    content = 'patient_id,resource,quantity\nP1,bed_day,"1,600"\nP2,bed_day,2\n'
    lines = {"file": "raw/lines.csv", "layout": "resource-lines", "decimal": decimal}
    study = small_study(tmp_path, {"raw/lines.csv": content}, sources={**CONFIG["sources"], "lines": lines})
    assert cleaning.clean(study).cost_lines["quantity"].tolist() == [quantity, 2]


def test_a_typed_number_is_never_in_doubt(tmp_path):
    (tmp_path / "s/raw").mkdir(parents=True)
    lines = {"file": "raw/lines.xlsx", "layout": "resource-lines"}
    table = pd.DataFrame({"patient_id": ["P1"], "resource": ["bed_day"], "quantity": [1.625]})
    table.to_excel(tmp_path / "s/raw/lines.xlsx", index=False)
    study = small_study(tmp_path / "s", sources={**CONFIG["sources"], "lines": lines})
    assert cleaning.clean(study).cost_lines["quantity"].tolist() == [1.625]


def test_lost_rows_are_a_fault_of_the_library():
    kept = pd.DataFrame({"patient_id": ["P1"]}, index=[2])
    quarantine = pd.DataFrame({"row": [3, 3, 2], "aside": ["row", "row", "cell"]})
    check_rows_conserved(Sifted("s", "patients", 2, kept, quarantine, {}, [], kept, {}, None))
    with pytest.raises(RowsLostError, match="3 rows read, but 1 kept \\+ 1 in quarantine"):
        check_rows_conserved(Sifted("s", "patients", 3, kept, quarantine, {}, [], kept, {}, None))


# properties


@settings(max_examples=15, deadline=None)
@given(rows=st.lists(st.tuples(st.sampled_from(["P1", "P2", "P3", "P4", ""]),
                               st.sampled_from(["40", "17", "x", "", "999", "300"]),
                               st.sampled_from(["1", "2", "3", ""])), max_size=12))  # fmt: skip
def test_rows_read_are_rows_kept_plus_rows_in_quarantine(tmp_path_factory, rows):
    text = PATIENTS.splitlines()[0] + "\n" + "".join(f"{k},{a},25,{s},1,,1\n" for k, a, s in rows)
    sifted = sift(small_study(tmp_path_factory.mktemp("s"), {"raw/patients.csv": text}), "patients")
    gone = sifted.quarantine.query("aside == 'row'")["row"]
    assert sifted.read == len(rows) == len(sifted.kept) + gone.nunique()
    assert sifted.kept["patient_id"].is_unique
    assert sifted.kept["patient_id"].notna().all()
    assert not set(sifted.kept.index) & set(gone)


def test_order_of_rows_changes_nothing_but_the_order(tmp_path, cleaned):
    header, *rows = PATIENTS.splitlines()
    turned = "\n".join([header, *reversed(rows)]) + "\n"
    found = cleaning.clean(small_study(tmp_path, {"raw/patients.csv": turned})).patients
    found = found.sort_values("patient_id", ignore_index=True)
    pd.testing.assert_frame_equal(found, cleaned.patients)


def test_repeated_rows_needs_no_key():
    rows = pd.DataFrame({"a": ["x", "x"]}, index=[2, 3])
    assert repeated_rows(rows, ()).empty
    assert repeated_rows(rows, ("a",))["row"].tolist() == [3]


# cells


@pytest.mark.parametrize(
    ("decimal", "cell", "value", "rule"),
    [
        (".", "1.5", 1.5, None), (".", "1,5", None, "no number"), (",", "1,5", 1.5, None),
        (",", "1.5", None, "no number"), ("", "1,5", 1.5, None), ("", "1.5", 1.5, None),
        ("", "1,234", None, "a number that can be read in two ways"), ("", "0,234", 0.234, None),
        (".", "1e3", 1000, None), (".", "inf", None, "no number"), (".", "nan", None, "no number"),
        (".", "-3", -3, None), (".", "1 000", 1000, None), (".", "10 00", None, "no number"),
        (".", "", None, None),
        ("", "1.600", None, "a number that can be read in two ways"), ("", "1.600,5", 1600.5, None),
        ("", "1,600.5", 1600.5, None), (".", "1,600", 1600, None), (".", "1,600.25", 1600.25, None),
        (",", "1.600", 1600, None), (",", "1.600.000,5", 1600000.5, None), (".", "16,00", None, "no number"),
    ],
)  # fmt: skip
def test_numbers(decimal, cell, value, rule):
    column = Column("x", "X", "float")
    cells = without_missing_codes(pd.Series([cell], dtype="str"), column)
    typed = to_type(cells, column, decimal)
    assert (typed.values[0] == value) if value is not None else pd.isna(typed.values[0])
    assert (typed.broken[0] == rule) if rule else pd.isna(typed.broken[0])


@pytest.mark.parametrize(
    ("code", "cells", "missing"),
    [("-9;999", ["-9", "-9.0", " 999 ", "9", "-9,0"], [True, True, True, False, True]),
     ("*", ["*", "1", "**", "", "2"], [True, False, False, True, False])],
)  # fmt: skip
def test_missing_codes_by_text_and_by_value(code, cells, missing):
    column = Column("x", "X", "float", missing_codes=tuple(code.split(";")))
    plain = without_missing_codes(pd.Series(cells, dtype="str"), column)
    assert to_type(plain, column, "").values.isna().tolist() == [
        one or cell == "**" for one, cell in zip(missing, cells, strict=True)
    ]


@pytest.mark.parametrize(
    ("cells", "decimal"),
    [(["1", "2.5"], "."), (["1", "2,5"], ","), (["1.5", "2,5"], ""), (["1", None], "."), ([None, None], ".")],
)
def test_decimal_is_guessed_from_all_numbers(cells, decimal):
    frame = pd.DataFrame({"x": pd.Series(cells, dtype="str")})
    assert guess_decimal(frame, {"x": Column("x", "X", "float")}) == decimal


@pytest.mark.parametrize(
    ("allowed", "cells", "values"),
    [((), ["1", "no", "TRUE", None, "2"], [True, False, True, None, None]),
     (("1", "9"), ["1", "9", "2"], [True, False, None]),
     (("yes", "nej"), ["Yes", "nej", "no"], [True, False, None]),
     (("ja=yes", "nein=no"), ["ja", "Nein", "yes"], [True, False, None])],
)  # fmt: skip
def test_booleans_read_the_codes_of_the_dictionary(allowed, cells, values):
    codes, labels = (
        zip(*((*code.split("="), "")[:2] for code in allowed), strict=True) if allowed else ((), ())
    )
    column = Column("x", "X", "boolean", allowed=codes, labels=labels)
    typed = to_type(pd.Series(cells, dtype="str"), column)
    assert [None if pd.isna(v) else bool(v) for v in typed.values] == values
    assert typed.broken.notna().sum() == sum(
        v is None and c is not None for v, c in zip(values, cells, strict=True)
    )


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2023-05-31", "2023-05-31"), ("31.05.2023", "2023-05-31"), ("3.4.2023", "2023-04-03"),
     ("31.02.2023", None), ("03/04/2023", None), ("3.4.23", None)],
)  # fmt: skip
def test_dates_with_full_stops_have_the_day_first_and_slashes_are_refused(cell, day):
    typed = to_type(pd.Series([cell], dtype="str"), Column("x", "X", "date"))
    assert typed.values[0] == pd.Timestamp(day) if day else pd.isna(typed.values[0])
    assert pd.isna(typed.broken[0]) == bool(day)


# files


def test_a_narrow_table_holds_the_same_values_in_less_memory():
    wide = pd.DataFrame({
        "key": pd.Series(["P1", "P2", "P3", "P4"], dtype="str"),
        "sex": pd.Series(["male", None, "male", "male"], dtype="str"),
        "marks": [70.0, 85.0, np.nan, 100.0],
        "index": [0.796, -0.594, 1.0, np.nan],  # 0.796 is another number in 32 bits
        "large": [16_777_217.0, 1.0, 2.0, 3.0],  # the first whole number that is not among them
        "beyond": [1e300, 0.0, 1.0, 2.0],
        "dead": pd.Series([True, None, False, True], dtype="boolean"),
    })  # fmt: skip
    narrowed = narrow(wide)
    assert narrowed.dtypes.astype(str).to_dict() == {
        "key": "str", "sex": "category", "marks": "float32", "index": "float64", "large": "float64",
        "beyond": "float64", "dead": "boolean",
    }  # fmt: skip
    pd.testing.assert_frame_equal(widened(narrowed), wide)


def test_clean_files_come_back_as_they_were_and_are_the_same_bytes(tmp_path):
    study = small_study(tmp_path / "s")
    first = cleaning.clean(study)
    folder = cleaning.write_clean(study, first)
    bytes_before = {path.name: path.read_bytes() for path in folder.iterdir()}
    cleaning.write_clean(study, cleaning.clean(study))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == bytes_before
    pd.testing.assert_frame_equal(cleaning.load_patients(study), widened(first.patients))
    pd.testing.assert_frame_equal(cleaning.load_cost_lines(study), widened(first.cost_lines))
    pd.testing.assert_frame_equal(cleaning.load_flow(study), first.flow)
    pd.testing.assert_frame_equal(
        cleaning.load_columns(study), first.columns.astype({"min": float, "max": float})
    )
    assert (folder / "notes.txt").read_text(encoding="utf-8").splitlines() == first.notes
    assert pd.read_csv(folder / "quarantine.csv").empty


def test_loading_before_cleaning_says_what_to_run(tmp_path):
    with pytest.raises(StudyError, match=re.escape("clean/patients.parquet: not made yet; run 01-cleaning")):
        cleaning.load_patients(small_study(tmp_path / "s"))


def test_study_without_follow_up_costs_or_perception_is_cleaned(tmp_path):
    keys = {
        "visits": {"baseline": {"label": "before"}},
        "cost": None,
        "perception": None,
        "value_quota": None,
    }
    only = "".join(line + "\n" for line in ANSWERS.splitlines() if "6m" not in line)
    sources = {
        "patients": {"file": "raw/patients.csv"},
        "answers": {"file": "raw/answers.csv", "layout": "visits"},
    }
    cleaned = cleaning.clean(small_study(tmp_path, {"raw/answers.csv": only}, sources=sources, **keys))
    assert "eq_vas_baseline" in cleaned.patients
    assert not cleaned.patients.filter(regex="change|cost|perceived").shape[1]
    assert cleaned.cost_lines.empty


def test_patients_file_may_lie_in_two_parts(tmp_path):
    dictionary = "name,label,type,unit,min,max,allowed,missing_codes,direction,source\n"
    dictionary += "patient_id,Patient,string,,,,,,,one\nage,Age,integer,years,,,,,,one\n"
    dictionary += "pain,Pain,integer,,0,10,,,,two\n"
    study = small_study(
        tmp_path,
        {"dictionary.csv": dictionary, "raw/one.csv": "patient_id,age\nA,50\nB,60\n",
         "raw/two.csv": "patient_id,pain\nB,3\nC,4\n"},
        sources={"one": {"file": "raw/one.csv"}, "two": {"file": "raw/two.csv"}},
        instruments=None, cost=None, perception=None, value_quota=None, groups=None,
    )  # fmt: skip
    cleaned = cleaning.clean(study)
    assert cleaned.patients["pain"].tolist()[1] == 3
    assert np.isnan(cleaned.patients["pain"][0])
    assert lines_of(cleaned) == ["two|3|patient_id|C|no such patient in one"]


def test_cost_events_stand_in_for_lines_and_what_is_missing_is_said(tmp_path):
    cost = {**CONFIG["cost"], "lines": "", "events": [
        {"resource": "bed_day", "when": {"sex": "female"}, "quantity": 2},
        {"resource": "visit", "when": {"smoker": True}},
    ]}  # fmt: skip
    sources = {name: source for name, source in CONFIG["sources"].items() if name != "lines"}
    cleaned = cleaning.clean(small_study(tmp_path / "s", sources=sources, cost=cost))
    assert cleaned.patients["cost_eur_2020"].tolist()[:2] == [800, 100]
    assert pd.isna(cleaned.patients["cost_eur_2020"][2])
    assert "sex is missing for 1 of 3 patients; counted as: bed_day not used" in cleaned.notes
    cost["events"][1]["when"] = {"smokr": True}
    with pytest.raises(StudyError, match="unknown column 'smokr'; did you mean 'smoker'"):
        cleaning.clean(small_study(tmp_path / "t", sources=sources, cost=cost))


@pytest.mark.parametrize("component", ["care", "total"])
def test_costs_may_stand_in_columns_and_missing_stays_missing(tmp_path, component):
    """P1: 1,000 + 200; P2: 0 + 50.5; P3 has no cost of drugs, so no total."""
    cost = {"currency": "EUR", "price_year": 2020, "perspective": "hospital",
            "columns": {component: "total_cost", "drugs": "drug_cost"}}  # fmt: skip
    rows = "total_cost,Cost,float,EUR,0,,,,,patients\ndrug_cost,Drugs,float,EUR,0,,,,,patients\n"
    extra = ["total_cost,drug_cost", "1000,200", "0,50.5", "30,"]
    table = [f"{line},{more}" for line, more in zip(PATIENTS.splitlines(), extra, strict=True)]
    files = {"dictionary.csv": DICTIONARY + rows, "raw/patients.csv": "\n".join(table) + "\n",
             "unit_costs.csv": None}  # fmt: skip
    sources = {name: source for name, source in CONFIG["sources"].items() if name != "lines"}
    study = small_study(tmp_path / "s", files, sources=sources, cost=cost)
    assert checking.inspect(study).problems == []
    cleaned = cleaning.clean(study)
    assert cleaned.patients["cost_eur_2020"].tolist()[:2] == [1200, 50.5]
    assert cleaned.patients[f"cost_{component}_eur_2020"].tolist() == [1000, 0, 30]
    assert pd.isna(cleaned.patients["cost_eur_2020"][2])
    assert "Cost of drugs is the column drug_cost as it stands; missing for 1 of 3 patients" in cleaned.notes
    assert cleaned.flow.set_index("step").at["with cost", "n"] == 2
    assert cleaned.cost_lines.empty
    assert list(study.config.cost.components) == [component, "drugs"]
    table = read_unit_costs(study)
    assert table.empty
    assert list(table) == list(read_unit_costs(small_study(tmp_path / "t")))
    cleaning.write_clean(study, cleaned)
    assert cleaning.load_cost_lines(study).empty


def test_cost_columns_that_are_no_numbers_or_stand_beside_lines_are_named(tmp_path):
    cost = {**CONFIG["cost"], "columns": {"care": "sex", "drugs": "bmii"}}
    with pytest.raises(StudyError) as error:
        small_study(tmp_path / "s", cost=cost)
    found = str(error.value)
    assert "cost: needs one of `lines`, `events` or `columns`; where costs come from" in found
    assert "cost: has `columns` and `unit_costs`; columns hold costs already" in found
    cost = {name: value for name, value in cost.items() if name not in ("lines", "unit_costs", "components")}
    found = "\n".join(map(str, checking.inspect(small_study(tmp_path / "t", cost=cost)).problems))
    assert "cost.columns.care: 'sex' holds no numbers but category; type float in dictionary.csv" in found
    assert "cost.columns.drugs: no column 'bmii'; did you mean 'bmi'?" in found


def test_unknown_instrument_stops_cleaning_with_a_line(tmp_path):
    with pytest.raises(StudyError, match=r"instruments.vas: no instrument 'eq-vsa'; did you mean 'eq-vas'"):
        cleaning.clean(
            small_study(tmp_path, instruments={"vas": {"instrument": "eq-vsa", "items": "{item}"}})
        )


def test_a_score_is_named_in_words_and_a_second_value_set_by_its_country(repo):
    from vbhc.cleaning.scoring import score_label
    from vbhc.study import load_study

    study = load_study(str(repo / "data/heart-failure"))
    assert score_label(study, "kccq_os") == "KCCQ overall summary"
    assert score_label(study, "eq5d_index_se") == "EQ-5D-3L index (Sweden)"
    assert score_label(study, "length_of_stay") == "length_of_stay"

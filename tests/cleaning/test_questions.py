"""What is probably wrong is asked, what is certainly wrong is named, and a sound study is asked nothing.

The faults are those that outside analysts' studies had; right values were counted by hand on the
twelve patients of `battery` (costs add up to 48,908).
"""

from __future__ import annotations

import battery as b
import pandas as pd
import pyreadstat
import pytest
import unlike
from places import DATA
from small_files import workbook

from vbhc.cleaning import clean
from vbhc.cleaning.questions.numbers import sentinels, two_humps
from vbhc.problems import StudyError
from vbhc.run.checking import inspect
from vbhc.run.needs import left_out
from vbhc.study import load_study

TOTAL = 48908.0


def told(study) -> list[str]:
    looked = inspect(study)
    return [str(one).removeprefix("data/s/") for one in (*looked.problems, *looked.questions)]


def asked(study) -> list[str]:
    looked = inspect(study)
    assert looked.problems == [], looked.problems
    return [question.name for question in looked.questions]


@pytest.mark.parametrize("name", unlike.STUDIES)
def test_six_sound_studies_of_unlike_kinds_are_asked_nothing(tmp_path, name):
    unlike.STUDIES[name](tmp_path / "s")
    assert asked(load_study(str(tmp_path / "s"))) == []


@pytest.mark.parametrize("name", ["heart-failure", "professionals", "hip-hospitals", "af-stroke"])
def test_the_shipped_studies_are_asked_nothing(name):
    assert inspect(load_study(str(DATA / name))).questions in ([], ())


def test_twelve_patients_as_they_are(tmp_path):
    study = b.battery(tmp_path)
    assert told(study) == []
    assert clean(study).patients["cost_eur_2023"].sum() == TOTAL


# rows that are no patients


@pytest.mark.parametrize("key", ["Total", "TOTAL", "Summe", "", "Total (n = 12)", "Subtotal ward 3"])
def test_a_row_of_totals_is_named_and_set_aside(tmp_path, key):
    study = b.battery(tmp_path, [*b.ROWS, [key, "", "", f"{TOTAL}", *[""] * 10]])
    [line] = told(study)[:1]
    assert "row 14" in line
    assert "no row of a patient" in line
    patients = clean(study).patients
    assert (len(patients), patients["cost_eur_2023"].sum()) == (12, TOTAL)


def test_a_header_in_the_middle_is_no_patient(tmp_path):
    study = b.battery(tmp_path, [*b.ROWS[:6], b.HEADER, *b.ROWS[6:]])
    assert told(study) == [
        "raw/p.csv, patient_id, row 8: 'patient_id': the header again, no row of a patient"
    ]
    assert clean(study).patients["cost_eur_2023"].sum() == TOTAL


def test_rows_of_statistics_are_no_patients_and_names_are(tmp_path):
    words = ["Durchschnitt", "SD", "Gesamtergebnis", "Suma Ito", "Max"]
    study = b.battery(tmp_path, [*b.ROWS, *([word, *b.ROWS[k][1:]] for k, word in enumerate(words))])
    assert clean(study).patients["patient_id"].tolist()[12:] == ["Suma Ito", "Max"]


def test_a_patient_who_cost_as_much_as_all_others_stays(tmp_path):
    """Eleven others cost 46,597.50 together; a whole row is no row of totals."""
    study = b.battery(tmp_path, b.with_cells("cost", "46597.5"))
    assert len(clean(study).patients) == 12


def test_a_row_with_a_key_and_nothing_else_is_asked_about(tmp_path):
    assert asked(b.battery(tmp_path, [*b.ROWS, ["0013", *[""] * 13]])) == ["bare-rows patients"]


def test_patients_alike_but_for_the_key_are_asked_about(tmp_path):
    assert asked(b.battery(tmp_path, [*b.ROWS, ["0099", *b.ROWS[3][1:]]])) == ["same-patients patients"]


def test_keys_that_differ_by_zeros_are_asked_about(tmp_path):
    again = ["12", *b.ROWS[3][1:3], "1234", *b.ROWS[3][4:]]
    assert asked(b.battery(tmp_path, [*b.ROWS, again])) == ["key-spellings patients.patient_id"]


def test_keys_that_a_spreadsheet_shortened_are_asked_about(tmp_path):
    rows = [[f"9.{row[0][2:]}E+09", *row[1:]] for row in b.ROWS]
    assert asked(b.battery(tmp_path, rows)) == ["rounded-keys patients.patient_id"]


def test_lines_pasted_twice_are_counted(tmp_path):
    """360 lines twice are 720."""
    folder = unlike.STUDIES["twelve"](tmp_path / "s")
    path = folder / "raw/lines.csv"
    header, *lines = path.read_text().splitlines()
    path.write_text("\n".join([header, *lines, *lines, ""]))
    [question] = inspect(load_study(str(folder))).questions
    assert question.name == "repeated-lines lines"
    assert f"{len(lines)} of {2 * len(lines)} lines repeat an earlier line" in question.found


# costs


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["-99", "-1"], ["undeclared-code patients.cost", "negative-cost cost.cost"]),
        (["999999"], ["undeclared-code patients.cost"]),
        (["0"], ["zero-cost cost.cost"]),
        ([""] * 12, ["empty-column patients.cost"]),
        (["1500"] * 12, ["equal-costs cost.cost"]),
    ],
)
def test_costs_that_nobody_has_are_asked_about(tmp_path, cells, names):
    assert asked(b.battery(tmp_path, b.with_cells("cost", *cells))) == names


def test_costs_in_thousands_or_two_currencies_are_asked_about(tmp_path):
    header = [{"cost": "cost (kEUR)"}.get(name, name) for name in b.HEADER]
    words = b.declared(currency="category,,,,,").replace("cost,cost,", "cost (kEUR),cost,")
    cost = {**b.CONFIG["cost"], "columns": {"total": "cost (kEUR)"}}
    rows = [[*row, "EUR"] for row in b.ROWS]
    study = b.battery(tmp_path, rows, words, [*header, "currency"], cost=cost)
    assert asked(study) == ["cost-in-thousands cost.cost (kEUR)"]
    rows[3][-1] = "GBP"
    study = b.battery(tmp_path / "t", rows, b.declared(currency="category,,,,,"), [*b.HEADER, "currency"])
    assert asked(study) == ["two-currencies patients.currency"]


def test_a_column_with_the_name_of_what_is_computed(tmp_path):
    cost = {**b.CONFIG["cost"], "columns": {"total": "cost_eur_2023"}}
    header = [{"cost": "cost_eur_2023"}.get(name, name) for name in b.HEADER]
    words = b.declared().replace("cost,cost,", "cost_eur_2023,cost,")
    study = b.battery(tmp_path, dictionary=words, header=header, cost=cost)
    assert told(study) == []
    assert clean(study).patients["cost_eur_2023"].sum() == TOTAL
    rows = [[*row, "7"] for row in b.ROWS]
    more = b.declared(cost_total_eur_2023="float,,,,,")
    [line] = told(b.battery(tmp_path / "t", rows, more, [*b.HEADER, "cost_total_eur_2023"]))
    assert line.startswith(
        "dictionary.csv, cost_total_eur_2023: 'cost_total_eur_2023' is the name of what is computed"
    )


def test_a_sum_beside_its_parts_is_asked_about(tmp_path):
    rows = [[*row, f"{float(row[3]) * 0.7:.2f}", f"{float(row[3]) * 0.3:.2f}"] for row in b.ROWS]
    more = {"ward": "float,EUR,,,,", "drugs": "float,EUR,,,,"}
    cost = {**b.CONFIG["cost"], "columns": {"total": "cost", "ward": "ward", "drugs": "drugs"}}
    study = b.battery(tmp_path, rows, b.declared(**more), [*b.HEADER, *more], cost=cost)
    assert asked(study) == ["summed-cost cost.cost"]
    accepted = b.battery(tmp_path / "t", rows, b.declared(**more), [*b.HEADER, *more], cost=cost,
                         accept=["summed-cost cost.cost"])  # fmt: skip
    assert asked(accepted) == []


def test_a_question_stands_in_the_report_without_a_cell_until_it_is_answered(tmp_path):
    study = b.battery(tmp_path, b.with_cells("cost", "999999"))
    [note] = [line for line in clean(study).notes if "question" in line]
    assert note == ("A question that nobody has answered yet: undeclared code in data/s/raw/p.csv, cost")


# numbers


def test_a_missing_code_does_not_swallow_thousands(tmp_path):
    rows = b.with_cells("cost", "99,000", "999,000", "12,500", "999")
    dictionary = b.declared(cost="float,EUR,,,,99;999")
    study = b.battery(tmp_path, rows, dictionary, sources=b.source(decimal="."))
    assert clean(study).patients["cost_eur_2023"].head(4).tolist()[:3] == [99000, 999000, 12500]
    assert clean(study).patients["cost_eur_2023"].isna().tolist() == [False] * 3 + [True] + [False] * 8


def test_a_missing_code_among_the_values_is_asked_about(tmp_path):
    study = b.battery(tmp_path, dictionary=b.declared(cost="float,EUR,,,,5120"))
    assert asked(study) == ["code-among-values patients.cost"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([0, 5, 8, 10, 3, 7, -9], [-9]), ([40, 55, 60, 71, 80, 999], [999]), ([2, 3, 1, 4, 5, 9], [9]),
        ([61, 75, 80, 88, 93, 99], []), ([61, 75, 80, 88, 93, 99, 99, 99, 99, 99], [99]), ([99, 99], []),
        ([-20, -5, 3, 8, 11, 14, -9], []), ([1, 2, 3, 4, 5, -2, -1], [-2, -1]), ([-2, -1, 0, 1, 2], []),
        ([21, 30, 44, 60, 80, 100, 9], []),
    ],
)  # fmt: skip
def test_values_that_stand_apart(values, found):
    assert sentinels(pd.Series(values, dtype=float)) == found


def test_a_column_in_two_units():
    normal = [23.0, 25, 26, 28, 31, 22, 27, 29, 30, 24]
    assert two_humps(pd.Series(normal)) is None
    assert two_humps(pd.Series([*normal, 2500, 2700, 3100])) == (100, 3)
    assert two_humps(pd.Series([*normal, 2.4, 2.8])) == (10, 10)
    assert two_humps(pd.Series([*normal, 2, 3])) is None  # tenths would have decimals
    drugs = [240, 250, 130, 380, 300, 90, 410, 220, 2240, 2245, 2250, 2235, 2242, 2238, 2244, 2246]
    assert two_humps(pd.Series(drugs, dtype=float)) is None  # an arm with a dear drug, not another unit


# instrument, dictionary and answers


def test_three_levels_under_a_version_of_five(tmp_path):
    five = {"eq5d": {"instrument": "eq5d-5l", "items": "{item}", "value_set": "5l-vt-england"}}
    [line] = told(b.battery(tmp_path, instruments=five))
    assert line.startswith("study.yml, instruments.eq5d: mo holds 1-3 in dictionary.csv, EQ-5D-5L has 1-5")
    wide = b.declared(**dict.fromkeys(b.ITEMS, "integer,level,1,5,,9"))
    assert asked(b.battery(tmp_path / "t", dictionary=wide, instruments=five)) == [
        "unused-levels instruments.eq5d"
    ]


def test_answers_counted_from_one_are_refused(tmp_path):
    """PHQ-9 has 0-3: stored as 1-4 its total is 9 too high."""
    names = [f"phq_{item}_{visit}" for visit in ("pre", "post") for item in range(1, 10)]
    rows = [[f"P{n}", "900", *[str(1 + (n + k) % 3) for k in range(18)]] for n in range(1, 13)]
    header = ["patient_id", "cost", *names]
    dictionary = "name,label,type,unit,min,max,allowed,missing_codes,direction,source\n" + "".join(
        f"{name},{name},{'string,,,' if name == 'patient_id' else 'integer,,1,4'},,,,patients\n"
        for name in header
    )
    study = b.battery(
        tmp_path, rows, dictionary, header, value_quota={"outcome": "phq9"},
        instruments={"phq": {"instrument": "phq9", "items": "phq_{item}"}},
    )  # fmt: skip
    assert "phq_1 holds 1-4 in dictionary.csv, PHQ-9 has 0-3 (and 8 more items)" in told(study)[0]


def test_marks_of_ten_under_a_scale_of_a_hundred(tmp_path):
    marks = ["vas_pre", "vas_post"]
    rows = [[*row, str(k % 11), str(k % 9)] for k, row in enumerate(b.ROWS)]
    uses = {"vas": {"instrument": "eq-vas", "items": "vas"}}
    told_of = b.declared(**dict.fromkeys(marks, "integer,points,0,100,,"))
    study = b.battery(
        tmp_path, rows, told_of, [*b.HEADER, *marks], instruments={**b.CONFIG["instruments"], **uses}
    )
    assert asked(study) == ["unused-levels instruments.vas"]


# files


def test_a_code_whose_label_says_unknown_is_asked_about_where_it_counts(tmp_path):
    frame = pd.DataFrame(b.ROWS, columns=b.HEADER).assign(
        age=[61.0, 70, 55, 66, 59, 64, 71, 68, 57, 63, 62, 69]
    )
    study = b.battery(tmp_path, dictionary=b.declared(age="integer,,,,,"), sources=b.source(file="raw/p.sav"))
    labels = {"age": {69: "weet niet", 70: "seventy"}}
    pyreadstat.write_sav(frame, str(study.raw / "p.sav"), variable_value_labels=labels)
    [line] = told(study)
    assert line.startswith("raw/p.sav, age: 69 stands apart from all other values, or its label")


def test_labels_in_the_file_that_say_the_opposite_are_a_problem(tmp_path):
    frame = pd.DataFrame(b.ROWS, columns=b.HEADER)
    frame["sex"] = frame["sex"].astype(float)
    for labels, line in (
        ({1: "Female", 2: "Male"}, "raw/p.sav, sex: the file says 1 = 'Female', dictionary.csv 1 = 'male'"),
        ({1: "Male", 2: "Female"}, None),
        (
            {1: "man", 2: "vrouw"},
            "raw/p.sav, sex: 1 is 'man' in the file, 'male' in dictionary.csv: the same?",
        ),
    ):
        study = b.battery(tmp_path / str(labels[1]), sources=b.source(file="raw/p.sav"))
        pyreadstat.write_sav(frame, str(study.raw / "p.sav"), variable_value_labels={"sex": labels})
        assert [one.startswith(line or "no line") for one in told(study)] == ([True] if line else [])


def test_labels_in_the_file_are_used_where_the_dictionary_lists_none(tmp_path):
    frame = pd.DataFrame(b.ROWS, columns=b.HEADER).assign(sex=[1.0, 2.0] * 6)
    study = b.battery(
        tmp_path, dictionary=b.declared(sex="category,,,,,"), sources=b.source(file="raw/p.sav")
    )
    labels = {"sex": {1: "Male", 2: "Female", 3: "Other"}}
    pyreadstat.write_sav(
        frame, str(study.raw / "p.sav"), variable_value_labels=labels, missing_ranges={"sex": [3]}
    )
    assert told(study) == []
    assert clean(study).patients["sex"].tolist() == ["Male", "Female"] * 6
    allowed = b.declared(sex="category,,,,1=Male;2=Female;3=Other,")
    (study.folder / "dictionary.csv").write_text(allowed)
    assert "the file declares 3 missing, dictionary.csv allows it" in told(load_study(str(study.folder)))[0]


def test_a_hidden_sheet_is_asked_about_until_a_sheet_is_named(tmp_path):
    study = b.battery(tmp_path, sources=b.source(file="raw/p.xlsx"))
    workbook(study.raw / "p.xlsx", hidden=("old",), old=[["cost"], [12]], now=[b.HEADER, *b.ROWS])
    assert asked(study) == ["hidden-sheet patients"]
    assert clean(study).patients["cost_eur_2023"].sum() == TOTAL


def test_errors_and_formulas_without_values_are_one_line_each(tmp_path):
    import openpyxl

    study = b.battery(tmp_path, sources=b.source(file="raw/p.xlsx"))
    book = openpyxl.load_workbook(workbook(study.raw / "p.xlsx", p=[b.HEADER, *b.ROWS]))
    for cell, value in (("D3", "#N/A"), ("D4", "#DIV/0!"), ("E5", "#REF!"), ("D6", "=D2+D7")):
        book["p"][cell] = value
    book.save(study.raw / "p.xlsx")
    lines = told(study)
    assert [line.partition(": no number")[0] for line in lines] == [
        "raw/p.xlsx, cost, row 3: '#N/A'", "raw/p.xlsx, cost, row 4: '#DIV/0!'",
        "raw/p.xlsx, mo_pre, row 5: '#REF!'", "raw/p.xlsx, cost, row 6: '#FORMULA?'",
    ]  # fmt: skip
    assert len(clean(study).patients) == 12


def test_names_that_differ_by_case_blanks_or_a_letter(tmp_path):
    rows = b.with_cells("sex", "female", "Female", "fe male", "femal", *["female"] * 3, *["male"] * 5)
    study = b.battery(tmp_path, rows, b.declared(sex="category,,,,,"))
    assert asked(study) == ["near-names patients.sex"] * 3


def test_a_line_end_and_an_odd_day_are_asked_about(tmp_path):
    rows = b.with_cells("sex", "ma\nle", *["female"] * 11)
    assert asked(b.battery(tmp_path, rows, b.declared(sex="string,,,,,"))) == ["split-cells patients.sex"]
    rows = b.with_cells("born", "2999-01-01")
    assert asked(b.battery(tmp_path / "t", rows)) == ["odd-dates patients.born"]


# keys


def test_keys_without_their_zeros_stop_the_check_and_are_guessed(tmp_path):
    folder = unlike.STUDIES["twelve"](tmp_path / "s")
    path = folder / "raw/lines.csv"
    path.write_text(path.read_text().replace("P0", "P"))
    problems = [str(one) for one in inspect(load_study(str(folder))).problems]
    assert "no row is of a patient in patients; is 'P001' 'P0001'? 12 of 12 differ by spelling" in problems[0]


# what a QALY is worth


def arms(folder, currency: str, **config):
    cost = {**b.CONFIG["cost"], "currency": currency}
    groups = {"sex": {"column": "sex", "label": "Sex", "kind": "arm"}}
    return b.battery(folder, cost=cost, groups=groups, **config)


def test_arms_are_compared_at_no_amount_that_nobody_named(tmp_path):
    price = {"amount": 500000, "currency": "SEK"}
    study = arms(tmp_path, "SEK")
    assert asked(study) == ["no-threshold cost"]
    assert "no price of a QALY" in left_out(study.config, ["02d-two-arms"])["02d-two-arms"]
    told = arms(tmp_path / "told", "SEK", willingness_to_pay=price)
    assert asked(told) == []
    assert left_out(told.config, ["02d-two-arms"]) == {}


def test_the_threshold_goes_to_every_notebook_that_has_one(tmp_path):
    notebooks = {
        "02-value-quota": {"seed"},
        "02d-two-arms": {"willingness_to_pay"},
        "x": {"willingness_to_pay"},
    }
    price = {"amount": 500000, "currency": "SEK"}
    own = {"x": {"willingness_to_pay": 1}, "02-value-quota": {"seed": 7}}
    config = arms(tmp_path, "SEK", willingness_to_pay=price, notebooks=own).config
    assert config.parameters(notebooks) == {
        "02d-two-arms": {"willingness_to_pay": 500000}, "x": {"willingness_to_pay": 1},
        "02-value-quota": {"seed": 7},
    }  # fmt: skip


def test_the_threshold_is_in_the_currency_of_the_costs(tmp_path):
    with pytest.raises(StudyError, match="found 'EUR', and costs in 'SEK'"):
        arms(tmp_path, "SEK", willingness_to_pay={"amount": 50000, "currency": "EUR"})

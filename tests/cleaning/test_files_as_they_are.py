"""Files as people have them: other headers, dates, n/a, codes with a decimal, titles, one long file."""

from __future__ import annotations

import battery as b
import pandas as pd
import pytest
from small_files import workbook
from study_maker import ANSWERS, DICTIONARY, small_study, sources_with

from vbhc.cleaning import clean
from vbhc.run.checking import inspect
from vbhc.study.dates import pattern_of

TOTAL = 48908.0


def test_words_for_nothing_are_missing_and_said(tmp_path):
    rows = b.with_cells("mo_pre", "n/a", "N/A", "NA", "", "nan", "NULL", ".", "-", "2,0", "2.0", "2", " 3 ")
    study = b.battery(tmp_path, rows)
    [problem] = inspect(study).problems
    assert (problem.row, problem.column, problem.set_aside) == (10, "mo_pre", True)  # "2,0" beside "2310.5"
    cleaned = clean(study)
    assert cleaned.patients["mo_pre"].tolist()[9:] == [2, 2, 3]
    assert cleaned.patients["mo_pre"].isna().sum() == 9
    assert any(
        "mo_pre: 'n/a', 'N/A', 'NA'" in note and "in 7 cells (by default)" in note for note in cleaned.notes
    )


def test_what_spss_writes_for_nothing_is_missing_in_every_column(tmp_path):
    rows = [[*b.with_cells("mo_pre")[0][:1], *["#NULL!"] * (len(b.HEADER) - 1)], *b.with_cells("mo_pre")[1:]]
    study = b.battery(tmp_path, rows)
    looked = inspect(study)
    assert looked.problems == []
    assert not any("error of a formula" in str(question) for question in looked.questions)
    assert clean(study).patients.iloc[0].drop("patient_id").notna().sum() == 0


def test_a_word_for_nothing_is_a_key_or_a_listed_code_where_it_stands_for_itself(tmp_path):
    rows = b.with_cells("sex", "NA", "na")
    study = b.battery(tmp_path, rows, b.declared(sex="category,,,,1=male;2=female;NA=not asked,"))
    assert clean(study).patients["sex"].tolist()[0] == "not asked"


def test_codes_may_stand_with_a_decimal(tmp_path):
    rows = b.with_cells("sex", *[f"{n % 2 + 1}.0" for n in range(12)])
    assert clean(b.battery(tmp_path, rows)).patients["sex"].tolist() == ["male", "female"] * 6


def test_visits_and_keys_may_stand_with_a_decimal(tmp_path):
    dictionary = DICTIONARY + "visit,Visit,category,,,,0=baseline;6=6m,,,answers\n"
    answers = "patient_id,visit,vas\n1.0,0.0,40\n1.0,6.0,70\n2.0,0.0,9\n"
    patients = "patient_id,age,bmi,sex,smoker,admitted,opinion\n1,70,25.5,1,9,2023-01-31,1\n2,81,31,2,1,,5\n"
    files = {"dictionary.csv": dictionary, "raw/answers.csv": answers, "raw/patients.csv": patients}
    study = small_study(tmp_path, {**files, "raw/lines.csv": "patient_id,resource,quantity\n1,visit,1\n"})
    assert clean(study).patients["vas_6m"].tolist()[0] == 70
    assert clean(study).quarantine.empty


@pytest.mark.parametrize(("cell", "said"), [("31-05-1960", "dd-mm-yyyy"), ("05/31/1960", "mm/dd/yyyy")])
def test_dates_as_the_study_says_they_are_written(tmp_path, cell, said):
    study = b.battery(tmp_path, b.with_cells("born", *[cell] * 12), sources=b.source(date_format=said))
    assert clean(study).patients["born"].dt.strftime("%Y-%m-%d").unique().tolist() == ["1960-05-31"]


def test_a_day_is_the_one_that_was_written_whatever_the_time_zone(tmp_path):
    cells = [
        "2008-03-29T10:00:00+01:00",
        "2008-03-30T10:00:00+02:00",
        "2008-03-31 08:30",
        "2008-04-01T08:30:00Z",
    ]
    found = clean(b.battery(tmp_path, b.with_cells("born", *cells))).patients["born"].head(4)
    assert found.dt.strftime("%m-%d").tolist() == ["03-29", "03-30", "03-31", "04-01"]


@pytest.mark.parametrize("said", ["dd-mm-yy", "yyyy", "dd.mm.yyyy.dd", "%d-%m-%Y", "day"])
def test_a_date_format_that_is_none(said):
    assert pattern_of(said) == ""


def test_headers_of_the_file_under_the_names_of_the_study(tmp_path):
    header = ["Record ID", *b.HEADER[1:3], "Kosten", *b.ITEMS]
    names = {"Record ID": "patient_id", "Kosten": "cost"}
    study = b.battery(tmp_path, header=header, sources=b.source(rename=names))
    assert clean(study).patients["cost_eur_2023"].sum() == TOTAL
    [problem, *_] = inspect(
        b.battery(tmp_path / "t", header=header, sources=b.source(rename={"Record": "patient_id"}))
    ).problems
    assert problem.found == "no header 'Record' to rename"


@pytest.mark.parametrize("above", [[["Export of the registry"]], [["Patients", "", ""], []]])
def test_a_title_above_the_header(tmp_path, above):
    study = b.battery(tmp_path, sources=b.source(file="raw/p.xlsx", header_row=len(above) + 1))
    workbook(study.raw / "p.xlsx", p=[*above, b.HEADER, *b.ROWS])
    assert clean(study).patients["cost_eur_2023"].sum() == TOTAL


@pytest.mark.parametrize("where", ["rows", "header", "both"])
def test_delimiters_at_the_end_of_lines_are_no_column(tmp_path, where):
    rows = [[*row, ""] if where != "header" else row for row in b.ROWS]
    header = [*b.HEADER, ""] if where != "rows" else b.HEADER
    assert clean(b.battery(tmp_path, rows, header=header)).patients["cost_eur_2023"].sum() == TOTAL


def test_one_long_file_gives_visits_and_what_is_constant(tmp_path):
    """P1 repeats its age, P2 has it once, P3 has two ages: nothing says which is right."""
    long = """\
patient_id,visit,vas,age,bmi,sex,smoker,admitted,opinion
P1,baseline,40,70,25.5,1,9,2023-01-31,1
P1,6m,70,70,25.5,1,9,2023-01-31,1
P2,baseline,9,81,31,2,1,2023-02-01,5
P2,6m,50,,,,,,
P3,baseline,50,60,,1,9,,2
P3,6m,55,61,,1,9,,2
"""
    sources = sources_with({"file": "raw/answers.csv"})
    study = small_study(tmp_path, {"raw/answers.csv": long, "raw/patients.csv": None}, sources=sources)
    cleaned = clean(study)
    assert cleaned.patients[["patient_id", "age", "vas_6m"]].to_numpy().tolist() == [
        ["P1", 70, 70],
        ["P2", 81, 50],
    ]
    assert cleaned.quarantine.query("source == 'patients'")["rule"].str.contains("but other age").all()
    assert any("6 rows give the columns of 4 patients" in note for note in cleaned.notes)


def test_a_bad_cell_leaves_the_other_answers_of_the_visit(tmp_path):
    study = small_study(tmp_path, {"raw/answers.csv": ANSWERS.replace("P1,6m,70", "P1,6m,seventy")})
    cleaned = clean(study)
    assert pd.isna(cleaned.patients["vas_6m"][0])
    assert cleaned.quarantine[["row", "column", "value", "aside"]].to_numpy().tolist() == [
        [3, "vas", "seventy", "cell"]
    ]
    flow = cleaned.flow.query("source == 'answers'").groupby("step")["n"].sum()
    assert flow.to_dict() == {"assessed": 5, "kept": 5}


def test_what_unfolds_without_end_is_one_line(tmp_path):
    from vbhc.study import read_study

    for text, line in (
        ("title: x\nzz: &r [*r]\n", "the alias *r in line 2"),
        ("title: x\nzz: " + "[" * 5000, "more than 12 lists within one another"),
    ):
        folder = tmp_path / str(len(text))
        folder.mkdir()
        (folder / "study.yml").write_text(text)
        assert [problem.found for problem in read_study(str(folder)).problems] == [line]

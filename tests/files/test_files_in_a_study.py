"""Raw files of a study: each is read, or refused in one line that names it; no row is lost in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from small_files import cut_short, ods, workbook
from study_maker import ANSWERS, CONFIG, LINES, PATIENTS, UNIT_COSTS, small_study, sources_with, write_study
from xls_writer import container, xls

from vbhc import interviews
from vbhc.cleaning.sources import read_source
from vbhc.interviews.participants import read_participants
from vbhc.problems import StudyError
from vbhc.run.checking import inspect
from vbhc.study import load_study

ROWS = list(csv.reader(io.StringIO(PATIENTS)))
TWICE = [["age" if name == "bmi" else name for name in ROWS[0]], *ROWS[1:]]
GARBAGE = b"no file of any program " * 40


def study_with(folder: Path, name: str, write: Callable[[Path], object] | bytes, **source):
    sources = sources_with({"file": f"raw/{name}", **source})
    study = small_study(folder / "s", {"raw/patients.csv": None}, sources=sources)
    path = study.raw / name
    path.write_bytes(write) if isinstance(write, bytes) else write(path)
    return study


def beginning_of(write: Callable[[Path], object]) -> Callable[[Path], object]:
    """Return a writer of the first half of what another writes."""

    def halved(path: Path) -> None:
        write(path)
        [(_, half)] = cut_short(path.read_bytes(), places=1)
        path.write_bytes(half)

    return halved


def xlsx(path: Path) -> Path:
    return workbook(path, Patients=ROWS)


def parquet(path: Path) -> None:
    pd.DataFrame(ROWS[1:], columns=ROWS[0]).to_parquet(path)


SOUND = {
    "old.xls": lambda path: xls(path, Patients=ROWS),
    "new.xlsx": xlsx,
    "open.ods": lambda path: ods(path, ROWS),
    "typed.parquet": parquet,
    "text-called.xlsx": PATIENTS.encode(),
    "behind-a-hidden-sheet.xlsx": lambda path: workbook(path, hidden=("A",), A=[["x"], [1]], B=ROWS),
    "delimiter-named.csv": f"sep=;\n{PATIENTS.replace(',', ';')}".encode(),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_of_any_kind_has_no_problems(tmp_path, name):
    study = study_with(tmp_path, name, SOUND[name])
    assert inspect(study).problems == []
    assert read_source(study, "patients")["patient_id"].tolist() == ["P1", "P2", "P3"]


BAD = {
    "empty.csv": (b"", "empty; a header and rows"),
    "empty.xlsx": (lambda path: workbook(path, A=[]), "has no header; column names in the first row"),
    "password.xlsx": (container("EncryptedPackage", b"secret"), "a workbook with a password"),
    "twice.xlsx": (lambda path: workbook(path, A=TWICE), "header 'age' stands twice; names that differ"),
    "twice.xls": (lambda path: xls(path, A=TWICE), "header 'age' stands twice; names that differ"),
    "twice.csv": (PATIENTS.replace("bmi", "age").encode(), "header 'age' stands twice; names that differ"),
    "short.xlsx": (beginning_of(xlsx), "not a readable .xlsx workbook; open it in a spreadsheet program"),
    "short.xls": (beginning_of(SOUND["old.xls"]), "not a readable binary workbook"),
    "short.parquet": (beginning_of(parquet), "not a readable Parquet file; export it again"),
    "start.ods": (b"PK", "not a readable .ods workbook"),
    "binary.xlsb": (b"PK", "files of kind '.xlsb' cannot be read; one of .csv"),
    "x.zip": (GARBAGE, "not a readable .zip file; export it again"),
    "x.feather": (GARBAGE, "files of kind '.feather' cannot be read; one of .csv"),
    "x.jsonl": (b'{"a": 1}\n', "files of kind '.jsonl' cannot be read; one of .csv"),
    **{f"x.{kind}": (GARBAGE, "not a readable SPSS file") for kind in ("sav", "zsav", "por")},
    **{f"x.{kind}": (GARBAGE, "not a readable SAS file") for kind in ("sas7bdat", "xpt")},
    "x.dta": (GARBAGE, "not a readable Stata file"),
    "open-quote.csv": (
        PATIENTS.replace("P2,81", 'P2,"81').encode(),
        "a quotation mark opened in line 3 is never closed",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_file_is_one_line_that_names_it(tmp_path, name):
    content, message = BAD[name]
    lines = [str(problem) for problem in inspect(study_with(tmp_path, name, content)).problems]
    assert len(lines) == 1, lines
    assert lines[0].startswith(f"data/s/raw/{name}")
    assert message in lines[0]


def swallowed(first: int, last: int) -> bytes:
    """Return 8 patients with a stray mark before an answer in two of their lines."""
    rows = [f"P{n},70,25.5,1,9,2023-01-31,{n % 5 + 1}" for n in range(1, 9)]
    for n in (first, last):
        rows[n - 1] = rows[n - 1].replace(",1,9,", ',"1,9,')
    return "\n".join([PATIENTS.splitlines()[0], *rows, ""]).encode()


@pytest.mark.parametrize(("first", "last"), [(2, 6), (2, 4), (2, 3)])
def test_two_stray_quotation_marks_are_refused_with_the_row_that_swallowed_others(tmp_path, first, last):
    [line] = inspect(study_with(tmp_path, "patients.csv", swallowed(first, last))).problems
    assert str(line) == (
        f"data/s/raw/patients.csv, row {first + 1}: a quotation mark opened in line {first + 1} swallows the "
        f'lines up to {last + 1}, which look like rows; close it, or write "" for a mark within a text'
    )


def test_words_on_several_lines_are_no_rows(tmp_path):
    content = PATIENTS.replace("P1,", '"P1, of the ward\nwith two beds, as said\nabove",')
    study = study_with(tmp_path, "patients.csv", content.encode())
    assert len(read_source(study, "patients")) == 3


def test_a_stray_mark_in_the_tables_beside_the_study_is_refused_too(tmp_path):
    prices = UNIT_COSTS.replace("bed_day,day", 'bed_day,"day').replace("visit,visit", 'visit,"visit')
    [line] = inspect(small_study(tmp_path / "s", {"unit_costs.csv": prices})).problems
    assert str(line).startswith("data/s/unit_costs.csv, row 2: a quotation mark opened in line 2 swallows")


def test_a_table_of_interviewees_loses_nobody_to_a_stray_mark(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        'participant,role,site\nAnn,"a,x\nBen,b,y\nCleo,c,z\nDov,"d,x\nEva,e,y\n', encoding="utf-8"
    )
    with pytest.raises(StudyError, match=r"people.csv, row 2: a quotation mark .* lines up to 5"):
        read_participants(path)


def test_interviewees_and_passages_may_be_sheets_of_any_program(tmp_path):
    people = [["participant", "role"], ["Ann", "nurse"], ["Ben", "manager"]]
    passages = [["document", "code", "text"], ["Ann", "cost", "It costs less."], ["Ben", "time", "Waiting."]]
    table = workbook(tmp_path / "people.xlsx", hidden=("Lists",), Lists=[["nurse"]], People=people)
    found = interviews.read(ods(tmp_path / "coded.ods", passages), table)
    assert found.participants.to_dict("list") == {"participant": ["Ann", "Ben"], "role": ["nurse", "manager"]}
    assert interviews.quotations(found)["text"].tolist() == ["It costs less.", "Waiting."]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_header_may_stand_lower_with_units_below_it(tmp_path, kind):
    units = ["", "years", "kg/m2", "", "", "", ""]
    rows = [["Export of 31 May"] + [""] * 6, ROWS[0], units, *ROWS[1:]]
    text = "".join(",".join(row) + "\n" for row in rows).encode()
    write = text if kind == "csv" else lambda path: workbook(path, A=rows)
    study = study_with(tmp_path, f"p.{kind}", write, header_row=2, skip_rows=1)
    assert inspect(study).problems == []
    assert list(read_source(study, "patients").index) == [4, 5, 6]


def test_an_unknown_header_is_named_in_its_row(tmp_path):
    content = f"Export of 31 May,,,,,,\n{PATIENTS.replace('smoker', 'smokr')}".encode()
    problems = inspect(study_with(tmp_path, "p.csv", content, header_row=2)).problems
    assert str(problems[0]).startswith("data/s/raw/p.csv, row 2: unknown header 'smokr'; did you mean")
    assert {problem.row for problem in problems} == {2}


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("header_row", 0, "found 0; wanted 1 or more"),
        ("skip_rows", -1, "found -1; wanted 0 or more"),
        ("header_row", "2", "found '2'; wanted a whole number"),
        ("header_rows", 2, "unknown key 'header_rows'; did you mean 'header_row'?"),
    ],
)
def test_where_the_table_begins_is_checked(tmp_path, key, value, message):
    folder = write_study(tmp_path / "s", sources=sources_with({"file": "raw/patients.csv", key: value}))
    with pytest.raises(StudyError) as error:
        load_study(str(folder))
    assert [message in str(problem) for problem in error.value.problems] == [True]


def test_a_sheet_that_was_guessed_is_said(tmp_path):
    study = study_with(tmp_path, "p.xlsx", SOUND["behind-a-hidden-sheet.xlsx"])
    assert read_source(study, "patients").attrs["notes"] == [
        "data/s/raw/p.xlsx: first visible of 2 sheets read, 'B'; not read: 'A' (hidden) "
        "(`sheet` in study.yml settles it)"
    ]


def test_a_price_index_saved_with_semicolons_has_decimal_commas(tmp_path):
    from vbhc.cleaning.costs.unit_costs import read_price_index

    cost = {**CONFIG["cost"], "price_index": "price_index.csv"}
    table = "currency;year;index;rate\nEUR;2020;100;\nSEK;2020;98,5;0,094\n"
    index = read_price_index(small_study(tmp_path / "s", {"price_index.csv": table}, cost=cost))
    assert index.level["SEK", 2020] == 98.5
    assert index.rate == {("SEK", 2020): 0.094}


def test_visits_and_resource_lines_may_be_workbooks_too(tmp_path):
    sources = {
        **CONFIG["sources"],
        "answers": {"file": "raw/answers.xlsx", "layout": "visits"},
        "lines": {"file": "raw/lines.xls", "layout": "resource-lines"},
    }
    study = small_study(tmp_path / "s", {"raw/answers.csv": None, "raw/lines.csv": None}, sources=sources)
    workbook(study.raw / "answers.xlsx", A=list(csv.reader(io.StringIO(ANSWERS))))
    xls(study.raw / "lines.xls", A=list(csv.reader(io.StringIO(LINES))))
    assert inspect(study).problems == []

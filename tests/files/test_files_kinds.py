"""Every kind of file gives the same cells; a damaged one gives them too or one line, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import pandas as pd
import pyreadstat
import pytest
from small_files import (
    HEADER,
    ROWS,
    WRITERS,
    csv_file,
    cut_short,
    flipped,
    ods,
    workbook,
    xlsx_file,
    zip_file,
)
from xls_writer import xls

from vbhc.files import Limits, Table, frame, lines_accounted, notes, read_sheets, read_table
from vbhc.problems import StudyError

NO_MARK_OF_THE_END = ("csv",)  # cut at the end of a line, it is a whole file


@pytest.fixture(scope="module")
def contents(tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("sound")
    for kind, write in WRITERS.items():
        write(folder / f"x.{kind}")
    return {kind: (folder / f"x.{kind}").read_bytes() for kind in WRITERS}


def read_or_one_line(path, content: bytes) -> Table | None:
    path.write_bytes(content)
    try:
        return read_table(path)
    except StudyError as error:
        problems = error.problems
    assert {problem.file for problem in problems} == {path.name}
    assert len(problems) == 1 or path.suffix == ".csv"  # there each row of another width is named
    return None


@pytest.mark.parametrize("kind", WRITERS)
def test_every_kind_gives_the_same_cells(tmp_path, contents, kind):
    table = read_or_one_line(tmp_path / f"x.{kind}", contents[kind])
    assert [name.lower() for name in table.header] == HEADER
    assert table.rows == ROWS
    assert list(table.numbers) == list(range(2, 32))
    assert lines_accounted(table) == table.n_lines == 31


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind not in NO_MARK_OF_THE_END])
def test_a_file_cut_short_never_loses_rows_in_silence(tmp_path, contents, kind):
    for at, content in cut_short(contents[kind]):
        table = read_or_one_line(tmp_path / f"x.{kind}", content)
        assert table is None or table.rows == ROWS, f"cut at {at}"


@pytest.mark.parametrize("kind", WRITERS)
def test_a_spoilt_byte_gives_cells_or_one_line(tmp_path, contents, kind):
    for at, content in flipped(contents[kind]):
        table = read_or_one_line(tmp_path / f"x.{kind}", content)
        if kind in ("zip", "xlsx", "ods"):  # these carry checksums
            assert table is None or table.rows == ROWS, f"changed at {at}"


def test_a_binary_workbook_of_many_rows_cut_short_is_refused(tmp_path):
    rows = [["a", "b"], *([n, f"text {n}"] for n in range(400))]
    content = xls(tmp_path / "x.xls", Eins=rows).read_bytes()
    assert len(read_or_one_line(tmp_path / "x.xls", content).rows) == 400
    for less in (1, 8, 511, 512, 600, 1024, 5000):
        assert read_or_one_line(tmp_path / "x.xls", content[:-less]) is None or less < 512


@pytest.mark.parametrize("suffix", [".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt", ".parquet"])
def test_text_that_is_called_a_statistics_file_is_refused(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    path.write_text("hello,world\n" * 40, encoding="utf-8")
    with pytest.raises(StudyError, match=rf"x\{suffix}: not a readable .*; export it again"):
        read_table(path)


def test_contents_decide_over_names(tmp_path):
    csv_file(tmp_path / "x.xlsx")
    table = read_table(tmp_path / "x.xlsx")
    assert table.rows == ROWS
    assert notes(table) == ["x.xlsx: holds plain text, whatever its name says; read as a CSV"]
    xlsx_file(tmp_path / "y.xls")
    assert read_table(tmp_path / "y.xls").rows == ROWS
    xlsx_file(tmp_path / "z.csv")
    with pytest.raises(
        StudyError,
        match=r"z.csv: is an Excel workbook, not a CSV; save it as CSV UTF-8, or call it .xlsx",
    ):
        read_table(tmp_path / "z.csv")
    WRITERS["parquet"](tmp_path / "p.csv")
    with pytest.raises(StudyError, match=r"p.csv: is a .parquet file, not a CSV"):
        read_table(tmp_path / "p.csv")


def test_a_day_that_is_shown_as_a_quarter_is_a_day(tmp_path):
    path, frame = tmp_path / "a.sav", pd.DataFrame({"id": [1.0], "quarter": [13631500800.0]})
    pyreadstat.write_sav(frame, str(path), variable_format={"quarter": "QYR8"})
    assert read_table(path).rows == [["1", "2014-10-01"]]


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.xls", "x.sav", "x.parquet", "x.zip", "x.ods"])
def test_empty_and_absent_files_are_one_line(tmp_path, name):
    with pytest.raises(StudyError, match=f"{name}: cannot be opened"):
        read_table(tmp_path / name)
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(StudyError, match=f"{name}: empty; a header and rows"):
        read_table(tmp_path / name)


def test_an_unknown_kind_lists_the_known_ones(tmp_path):
    (tmp_path / "p.rds").write_text("x")
    with pytest.raises(StudyError, match=r"'\.rds' cannot be read; one of \.csv, \.tsv"):
        read_table(tmp_path / "p.rds")


def test_a_zip_holds_one_text_file_or_its_name_is_given(tmp_path):
    path = zip_file(tmp_path / "x.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("read me.pdf", b"")
        archive.writestr("__MACOSX/._patients.csv", b"\0")
    assert read_table(path).rows == ROWS
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other.csv", "a\n1\n")
    with pytest.raises(StudyError, match=r"2 text files in the zip: folder/patients.csv, other.csv"):
        read_table(path)
    assert read_table(path, member="other.csv").rows == [["1"]]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_with_an_entity_or_a_bomb_is_not_opened(tmp_path, kind):
    path = tmp_path / f"x.{kind}"
    WRITERS[kind](path)
    sheet = {"xlsx": "xl/worksheets/sheet1.xml", "ods": "content.xml"}[kind]
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}

    def refused(message: str, limits: Limits | None = None, **changed: bytes) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in (members | changed).items():
                archive.writestr(name, content)
        with pytest.raises(StudyError, match=message):
            read_sheets(path, limits)

    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'
    refused("declares a DOCTYPE", **{sheet: entity + members[sheet].rpartition(b"?>")[2]})
    refused("looks like a zip bomb", **{"a.xml": b"<a>" + b"0" * 20_000_000 + b"</a>"})
    refused("leaves the folder", **{"../evil.xml": b"<a/>"})
    refused("files inside; at most 1", Limits(members=1))
    refused("larger than 100 bytes", Limits(text_bytes=100))
    refused("x.*: a sheet of 31 rows and 4 columns; at most 100 cells", Limits(cells=100))


def test_a_cell_far_away_does_not_fill_the_memory(tmp_path):
    path = workbook(tmp_path / "x.xlsx", A=[["a"], [1]])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    far = members["xl/worksheets/sheet1.xml"].replace(b'r="A2"', b'r="XFD1048576"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (members | {"xl/worksheets/sheet1.xml": far}).items():
            archive.writestr(name, content)
    with pytest.raises(StudyError, match="a sheet of 1,048,576 rows and 16,384 columns"):
        read_table(path)
    repeated = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
    repeated += 'table:number-columns-repeated="1000" office:value-type="float" office:value="1"/>'
    with pytest.raises(StudyError, match="a sheet of 1,000,001 rows and 1,000 columns"):
        read_table(ods(tmp_path / "x.ods", [["a"]], f"{repeated}</table:table-row>"))


def test_a_big_table_is_a_frame_of_texts(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n007,\n\n,x\n", encoding="utf-8")
    cells = frame(read_table(path))
    assert list(cells.index) == [2, 4]
    assert cells.index.name == "row"
    assert cells["a"].isna().tolist() == [False, True]
    assert cells.loc[2, "a"] == "007"
    assert set(map(str, cells.dtypes)) == {"str"}
    path.write_text("a,b\n", encoding="utf-8")
    assert frame(read_table(path)).shape == (0, 2)


def test_small_tables_are_read_without_pandas(tmp_path):
    csv_file(tmp_path / "x.csv")
    code = (
        "import sys; from pathlib import Path; from vbhc.files import read_table, records;"
        f"print(records(read_table(Path({str(tmp_path / 'x.csv')!r})))[0]['age']);"
        "print({'pandas', 'numpy', 'pyarrow', 'python_calamine', 'openpyxl'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["41", "set()"]


def test_all_sheets_are_read_header_and_all(tmp_path):
    path = workbook(tmp_path / "x.csv", hidden=("Zwei",), Eins=[["t"], [], ["a", "b"]], Zwei=[[1]])
    one, two = read_sheets(path)
    assert (one.sheet, one.hidden, one.header, one.rows) == ("Eins", False, [], [["t", ""], ["a", "b"]])
    assert list(one.numbers) == [1, 3]
    assert (two.sheet, two.hidden, two.rows) == ("Zwei", True, [["1"]])

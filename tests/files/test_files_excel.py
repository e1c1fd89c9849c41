"""Workbooks: which sheet is read, what a cell is as text, what calamine leaves out."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from small_files import ods, workbook
from xls_writer import container, record, xls

from vbhc.files import Form, grid, notes, read_sheets, read_table
from vbhc.files.cells import cell_text
from vbhc.problems import StudyError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"), (3.5, "3.5"), (-0.0, "0"), (1.625, "1.6250"), (0.125, "0.125"), (1e20, "1" + "0" * 20),
        (1e22, "1e+22"), (7, "7"), (np.float32(25.5), "25.5"), (np.int64(4), "4"), (Decimal("2.00"), "2"),
        (True, "true"), (np.False_, "false"), (None, ""), (float("nan"), ""), (pd.NA, ""), (pd.NaT, ""),
        ("07", "07"), (" x\r\ny\x07", " x\ny"), (b"a", "a"), (float("inf"), "inf"),
        (pd.Timestamp("2023-05-31"), "2023-05-31"), (datetime(2023, 5, 31, 8, 30), "2023-05-31T08:30:00"),
        (date(2023, 5, 31), "2023-05-31"), (time(9, 15), "09:15:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"), (timedelta(minutes=-1), "-0:01:00"),
    ],
)  # fmt: skip
def test_a_typed_value_as_text(value, text):
    assert cell_text(value) == text


def test_the_first_visible_sheet_is_read_and_the_others_are_named(tmp_path):
    path = workbook(tmp_path / "x.xlsx", hidden=("old",), old=[["z"], [1]], Data=[["a"], [2]], Notes=[["n"]])
    table = read_table(path)
    assert (table.sheet, table.hidden, table.rows) == ("Data", False, [["2"]])
    assert notes(table) == [
        "x.xlsx: first visible of 3 sheets read, 'Data'; not read: 'old' (hidden), 'Notes'"
        " (`sheet` settles it)"
    ]
    hidden = read_table(path, form=Form(sheet="old"))
    assert (hidden.hidden, hidden.header, notes(hidden)) == (True, ["z"], [])
    with pytest.raises(StudyError, match="no sheet 'Date'; one of: old, Data, Notes"):
        read_table(path, form=Form(sheet="Date"))


def test_cells_of_every_type(tmp_path):
    row = ["007", 3.0, 0.5, True, date(2023, 5, 31), datetime(2023, 5, 31, 8, 30), time(9, 15), None, "#N/A"]
    path = workbook(tmp_path / "x.xlsx", A=[list("abcdefghi"), row, [], [timedelta(hours=30), *[None] * 8]])
    table = read_table(path)
    assert table.rows == [
        ["007", "3", "0.5", "true", "2023-05-31", "2023-05-31T08:30:00", "09:15:00", "", "#N/A"],
        ["30:00:00", *[""] * 8],
    ]
    assert (list(table.numbers), table.blank) == ([2, 4], 1)


def test_merged_cells_stand_in_their_first_cell(tmp_path):
    book = openpyxl.Workbook()
    for row in (["a", "b"], ["x", None], [None, None], ["y", 1]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "x.xlsx")
    assert read_table(tmp_path / "x.xlsx").rows == [["x", ""], ["y", "1"]]


def test_errors_in_cells_are_their_text(tmp_path):
    """calamine gives them as empty; a stored error of a formula too."""
    path = workbook(tmp_path / "x.xlsx", A=[["a", "b"], ["#N/A", 1], [2, "#DIV/0!"]])
    assert read_table(path).rows == [["#N/A", "1"], ["2", "#DIV/0!"]]
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b"<v>#N/A</v>", b"<f>1/0</f><v>#DIV/0!</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert read_table(path).rows[0] == ["#DIV/0!", "1"]


def old_workbook(cells: bytes) -> bytes:
    begin = record(0x0809, struct.pack("<HHIQ", 0x0600, 5, 0, 0)[:16]) + record(0x00E0, bytes(20))
    name = "A".encode("utf-16-le")
    at = len(begin) + 12 + len(name) + 4
    listed = record(0x0085, struct.pack("<IBBBB", at, 0, 0, 1, 1) + name)
    sheet = record(0x0809, struct.pack("<HHIQ", 0x0600, 0x10, 0, 0)[:16]) + cells + record(0x000A, b"")
    return container("Workbook", begin + listed + record(0x000A, b"") + sheet)


def test_errors_in_an_old_workbook_are_their_text(tmp_path):
    texts = [record(0x0204, struct.pack("<HHHHB", 0, n, 0, 1, 0) + b"abc"[n : n + 1]) for n in range(3)]
    error = record(0x0205, struct.pack("<HHH", 1, 0, 0) + b"\x2a\x01")
    result = b"\x02\0\x07\0\0\0\xff\xff"
    formula = record(0x0006, struct.pack("<HHH", 1, 1, 0) + result + bytes(6) + b"\x02\0\x1c\x07")
    truth = record(0x0205, struct.pack("<HHH", 1, 2, 0) + b"\x01\x00")
    (tmp_path / "x.xls").write_bytes(old_workbook(b"".join(texts) + error + formula + truth))
    table = read_table(tmp_path / "x.xls")
    assert (table.header, table.rows) == (["a", "b", "c"], [["#N/A", "#DIV/0!", "true"]])


def test_a_header_that_stands_twice_is_refused_as_in_a_csv(tmp_path):
    for path in (
        workbook(tmp_path / "x.xlsx", A=[["x", "x"], [1, 2]]),
        xls(tmp_path / "x.xls", A=[["x", "x"]]),
    ):
        with pytest.raises(StudyError, match="row 1: header 'x' stands twice; names that differ"):
            read_table(path)


def test_a_title_above_the_header_needs_the_header_row(tmp_path):
    path = workbook(tmp_path / "x.xlsx", A=[["Export"], [], ["a", "b"], [1, 2]])
    with pytest.raises(StudyError, match="row 1: columns 2, 3 have cells and no header") as error:
        read_table(workbook(tmp_path / "y.xlsx", A=[["Export"], [], ["a", "b", "c"], [1, 2, 3]]))
    assert len(error.value.problems) == 1
    table = read_table(path, form=Form(header_row=3))
    assert (table.header, table.rows, list(table.numbers)) == (["a", "b"], [["1", "2"]], [4])


def test_blank_columns_are_left_out(tmp_path):
    path = workbook(tmp_path / "x.xlsx", A=[["a", None, "b"], [1, None, 2]])
    assert read_table(path).rows == [["1", "2"]]


def test_long_texts_of_an_old_workbook_run_on_from_record_to_record(tmp_path):
    rows = [["document", "code", "text", "weight"]]
    rows += [["Ann", f"code {n}", "ü文 abc" * n, n] for n in range(200)] + [["Ben", "x" * 9000, "z", 1.5]]
    one, two = read_sheets(xls(tmp_path / "x.xls", Eins=rows, Zwei=[["a"]]))
    assert grid(one) == [[str(cell) for cell in row] for row in rows]
    assert (two.sheet, grid(two)) == ("Zwei", [["a"]])


def test_repeated_rows_of_an_open_document_are_counted(tmp_path):
    gap = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    row = '<table:table-row><table:table-cell office:value-type="float" office:value="2"/></table:table-row>'
    table = read_table(ods(tmp_path / "x.ods", [["a"], [1]], gap + row))
    assert (table.rows, list(table.numbers), table.blank) == ([["1"], ["2"]], [2, 6], 3)


@pytest.mark.parametrize("name", ["x.xls", "x.xlsx"])
def test_a_workbook_with_a_password_says_so(tmp_path, name):
    (tmp_path / name).write_bytes(container("EncryptedPackage", b"secret"))
    with pytest.raises(StudyError, match=f"{name}: a workbook with a password; save it without one"):
        read_table(tmp_path / name)
    locked = old_workbook(b"").replace(record(0x00E0, bytes(20)), record(0x002F, bytes(20)))
    (tmp_path / name).write_bytes(locked)
    with pytest.raises(StudyError, match="a workbook with a password"):
        read_table(tmp_path / name)


def test_a_panic_of_the_reader_is_one_line_and_a_stop_is_a_stop(tmp_path, monkeypatch):
    import python_calamine

    class PanicException(BaseException):
        pass

    path = workbook(tmp_path / "x.xlsx", A=[["a"], [1]])
    for raised, expected in ((PanicException, StudyError), (KeyboardInterrupt, KeyboardInterrupt)):

        def broken(_: io.BytesIO, raised=raised) -> None:
            raise raised

        monkeypatch.setattr(python_calamine, "load_workbook", broken)
        with pytest.raises(expected):
            read_table(path)


def test_labels_of_a_statistics_file_come_along(tmp_path):
    path = tmp_path / "x.sav"
    pyreadstat.write_sav(
        pd.DataFrame({"sex": [1.0, 2.0, 9.0]}),
        path,
        column_labels=["Sex at birth"],
        variable_value_labels={"sex": {1: "Female", 2: "Male"}},
        missing_ranges={"sex": [9]},
    )
    table = read_table(path)
    assert table.rows == [["1"], ["2"]]  # a row without any value is blank
    assert table.labels["values"] == {"sex": {1.0: "Female", 2.0: "Male"}}
    assert table.labels["columns"] == {"sex": "Sex at birth"}

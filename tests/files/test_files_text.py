"""Text files: every cell as written, every line accounted for, every guess said."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest

from vbhc import files
from vbhc.files import (
    Span,
    Table,
    decode,
    frame,
    grid,
    guess_delimiter,
    lines_accounted,
    notes,
    read_sheets,
    records,
)
from vbhc.problems import StudyError


def read_table(folder, content: str | bytes, **options) -> Table:
    path = folder / "x.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    table = files.read_table(path, form=files.Form(**options))
    assert lines_accounted(table) == table.n_lines
    return table


def refused(folder, content: str | bytes, message: str, **options) -> StudyError:
    with pytest.raises(StudyError, match=message) as error:
        read_table(folder, content, **options)
    return error.value


def test_cells_stay_as_written(tmp_path):
    table = read_table(tmp_path, 'id , n\n007, 25.50\n"a\r\nb",1.625\n')
    assert table.header == ["id", "n"]
    assert table.rows == [["007", " 25.50"], ["a\r\nb", "1.625"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_row_has_its_line_and_its_number(tmp_path, end):
    lines = ["a,b", "1,2", "", '"x', 'y",3', ",", "4,5"]
    table = read_table(tmp_path, end.join(lines) + end)
    assert table.rows == [["1", "2"], [f"x{end}y", "3"], ["4", "5"]]
    assert table.lines == [2, 4, 7]
    assert table.numbers == [2, 4, 6]
    assert (table.n_lines, table.blank, table.header_lines) == (7, 2, 1)
    assert table.spanning == [Span(4, 2, 0)]


def test_a_stray_quotation_mark_shows_in_the_rows_it_swallowed(tmp_path):
    content = 'id,note\nP1,"fine\nP2,x\nP3,y\nP4,z\nP5,"\nP6,b\n'
    with pytest.raises(StudyError, match="line 2 swallows the lines up to 6, which look like rows"):
        read_table(tmp_path, content)


@pytest.mark.parametrize(
    "words",
    [
        "tired, and dizzy\nbetter",
        "tired\nsad, at night\nbetter",
        "tired, dizzy\nbetter, then worse, then better\nno, not now\nwell",
        "a\n\nb\n\nc",
    ],
)
def test_words_on_several_lines_are_no_swallowed_rows(tmp_path, words):
    [span] = read_table(tmp_path, f'id,note\nP1,"{words}"\nP2,x\n').spanning
    assert span.like_rows == 0


def test_two_neighbours_in_one_cell_of_a_wide_table_are_a_swallowed_row(tmp_path):
    content = 'a,b,c,d,e,f\n1,2,"3,4,5,6\n1,2,"3,4,5,6\n1,2,3,4,5,6\n'
    with pytest.raises(StudyError, match="row 2: a quotation mark opened in line 2 swallows"):
        read_table(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "line"),
    [('a,b\n1,"2\n3,4\n', 2), ('a,b\n1,2\n3,"4', 3), ('a,b\n1,2\n3,4\n"', 4), ('a,b\n"x\ny","z\n', 3)],
)
def test_a_quotation_mark_left_open_names_its_line(tmp_path, content, line):
    error = refused(tmp_path, content, f"x.csv: a quotation mark opened in line {line} is never closed")
    assert len(error.problems) == 1


@pytest.mark.parametrize(("first", "delimiter"), [("sep=;", ";"), ('"sep=|"', "|"), ("SEP=\t", "\t")])
def test_a_first_line_may_name_the_delimiter(tmp_path, first, delimiter):
    table = read_table(tmp_path, f"{first}\na,a b{delimiter}c\n1{delimiter}2,5\n")
    assert table.header == ["a,a b", "c"]
    assert (table.lines, table.numbers, table.skipped) == ([3], [2], 1)
    assert notes(table) == []


def test_the_header_may_stand_lower_and_units_below_it(tmp_path):
    table = read_table(tmp_path, "Export of May\n\nid,age\n,years\nP1,70\n", header_row=3, skip_rows=1)
    assert (table.header, table.rows) == (["id", "age"], [["P1", "70"]])
    assert (table.header_row, table.skipped, table.lines) == (3, 3, [5])
    refused(tmp_path, "a\n1\n", "x.csv, row 5: has no header; column names in row 5", header_row=5)


def test_delimiters_at_the_end_of_every_line_are_no_column(tmp_path):
    assert read_table(tmp_path, "a,b,,\n1,2,,\n3,4,,\n").rows == [["1", "2"], ["3", "4"]]
    error = refused(tmp_path, "a,,\n1,2,3\n", "row 1: columns 2, 3 have cells and no header")
    assert len(error.problems) == 1


def test_rows_of_another_width_are_named_or_counted_or_kept(tmp_path):
    content = "a,b\n1\n1,2,3\n"
    assert [str(problem) for problem in refused(tmp_path, content, "fields").problems] == [
        "x.csv, row 2: 1 fields; 2 fields as in the header; quote fields that hold ','",
        "x.csv, row 3: 3 fields; 2 fields as in the header; quote fields that hold ','",
    ]
    many = "a,b\n" + "1,2,3\n" * 600
    assert len(refused(tmp_path, many, "600 rows, first 2, 3, 4: 3 fields; 2 fields as").problems) == 1
    table = read_table(tmp_path, content, ragged=True)
    assert records(table) == [{"a": "1", "b": ""}, {"a": "1", "b": "2", None: ["3"]}]


def test_a_header_twice_and_none_are_refused(tmp_path):
    refused(tmp_path, "a,a\n1,2\n", "x.csv, row 1: header 'a' stands twice; names that differ")
    refused(tmp_path, "\n", "x.csv, row 1: has no header; column names in the first row")


def test_guesses_are_said_and_settled(tmp_path):
    content = "id;name\n1;Åsa\n".encode("latin-1")
    assert notes(read_table(tmp_path, content), " in study.yml") == [
        "x.csv: read as cp1252 (guessed; `encoding` in study.yml settles it)",
        "x.csv: fields end with a semicolon (guessed; `delimiter` in study.yml settles it)",
    ]
    assert notes(read_table(tmp_path, content, encoding="latin-1", delimiter=";")) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_encodings_are_told_apart(encoding):
    assert decode("Åsa".encode(encoding))[0] == "Åsa"
    assert decode("Åsa".encode(encoding), encoding)[0] == "Åsa"


def test_a_wrong_encoding_names_the_line(tmp_path):
    content = "id\nÅsa\n".encode("latin-1")
    refused(tmp_path, content, r"not utf-8 \(byte 0xc5 in line 2\); another `encoding`", encoding="utf-8")
    refused(tmp_path, content, "unknown encoding 'utf-9'", encoding="utf-9")
    refused(tmp_path, content, "unknown encoding 'base64'", encoding="base64")
    refused(tmp_path, content, "not readable as CSV", delimiter=";;")


def test_what_is_no_table_is_refused(tmp_path):
    refused(tmp_path, b"a\0b\n", "holds zero bytes, so it is no text file")
    refused(tmp_path, " <HTML><table>", "a web page or XML, no table")


@pytest.mark.parametrize(
    ("text", "known", "delimiter"),
    [
        ("a;note, long, with, commas\n1;x\n", {"a"}, ";"),
        ("a;b\n1,5;2,5\n3,0;1,0\n", (), ";"),
        ("a\tb\n1\t2\n", (), "\t"),
        ("a\n1\n", (), ","),
        ("", (), ","),
    ],
)
def test_the_delimiter_is_guessed(text, known, delimiter):
    assert guess_delimiter(text, known) == delimiter


def test_long_cells_are_read(tmp_path):
    assert len(read_table(tmp_path, f"a\n{'x' * 300_000}\n").rows[0][0]) == 300_000


def test_a_grid_has_all_rows_of_one_width(tmp_path):
    (tmp_path / "x.csv").write_bytes(b'title\r\n\r\na,b,\r\n" 1 ","x\r\ny",\r\n,\r\n')
    [table] = read_sheets(tmp_path / "x.csv")
    assert grid(table) == [["title", ""], ["", ""], ["a", "b"], ["1", "x\ny"]]
    (tmp_path / "x.csv").write_bytes(b"\n\n\n")
    with pytest.raises(StudyError, match=r"x\.csv: empty"):
        read_sheets(tmp_path / "x.csv")


# by column


def either_way(folder, content: str | bytes) -> tuple:
    """Return the table read row by row and by column, each as a frame too, or the problems named."""
    found = []
    for by_column in (False, True):
        try:
            table = read_table(folder, content, by_column=by_column)
            found.append((table, frame(table)))
        except StudyError as error:
            found.append((list(map(str, error.problems)), None))
    return found


def agree(folder, content: str | bytes) -> Table:
    """Hold both ways of reading to one another; return what the one by column gave."""
    (by_row, rows), (by_column, columns) = either_way(folder, content)
    if rows is None or columns is None:
        assert by_row == by_column
        return by_column
    for name in set(Table._fields) - {"rows", "columns"}:
        ways = [getattr(table, name) for table in (by_row, by_column)]
        ways = [list(way) for way in ways] if name in ("numbers", "lines", "spanning") else ways
        assert ways[0] == ways[1], name
    pd.testing.assert_frame_equal(rows, columns)
    return by_column


PLAIN = [
    "a,b\n1,2\n3,\n",
    'a;b\r\n1,5;x y\r\n;"x;y"',
    "a,b\r1,2\r",
    'a,b\n"say ""so""",x"y\n',
    "\ufeffid,name\n007,Åsa\n",
    "id,name\n1,Åsa\n".encode("latin-1"),
]
CAREFUL = [
    'a,b\n"two\nlines",2\n',
    "a,b\n1,2\n\n3,4\n",
    "a,b\n1,2\n,\n",
    'a,b\n1,2\n"",""\n',
    "a,b,,\n1,2,,\n",
    "sep=;\na;b\n1;2\n",
    'a,"b\nc",d\n1,2,3\n',
    "a,b\n",
]


@pytest.mark.parametrize("content", PLAIN)
def test_a_row_a_line_is_held_by_column(tmp_path, content):
    table = agree(tmp_path, content)
    assert table.rows == []
    assert table.columns is not None


@pytest.mark.parametrize("content", CAREFUL)
def test_what_is_not_a_row_a_line_is_read_row_by_row(tmp_path, content):
    assert agree(tmp_path, content).columns is None


@pytest.mark.parametrize("content", ['a,b\n1,2\n3,"4', 'a,b\n1,2\n3,"4\n', "a,a\n1,2\n", "a,b\n1\n1,2,3\n"])
def test_what_is_wrong_is_named_in_the_same_words_either_way(tmp_path, content):
    (by_row, rows), (by_column, columns) = either_way(tmp_path, content)
    assert rows is None
    assert columns is None
    assert by_row == by_column


def test_odd_texts_are_read_alike_either_way(tmp_path):
    random, pieces = Random(16), ["a", "1", " ", "é", ";", '"', '""', ",", ",", ",", "\n", "\r\n", "\r", ""]
    for _ in range(300):
        text = "".join(random.choices(pieces, k=random.randint(1, 25)))
        agree(tmp_path, f"h,k\n{text}" if random.random() < 0.7 else text)


def test_codes_that_are_no_character_are_seen_as_such(tmp_path):
    """A door that picks one of two wordings by such codes must find none in the data."""
    read = agree(tmp_path, "h,k\na\ufdd0b\ufdd1,\ufdd2c\n").columns.to_pylist()
    assert read == [{"0": "a\ufffdb\ufffd", "1": "\ufffdc"}]

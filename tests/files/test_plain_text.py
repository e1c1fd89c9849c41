"""Cells that were read by column are the cells that the careful reader gives, or it is asked to read them."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vbhc import files
from vbhc.files.plain_text import read_plain
from vbhc.files.shape import Form
from vbhc.files.table import frame
from vbhc.files.text_file import read_text

CELL = st.text(st.sampled_from('ab1 .,;"\té\n\r'), max_size=4)


def written(rows: list[list[str]], end: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows([["id", "x", "y"], *rows])
    return out.getvalue().encode()


def same(plain: pd.DataFrame, careful: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(plain.astype("str"), careful, check_index_type=False)


@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"])
)
def test_both_readers_give_the_same_cells(rows, end):
    raw = written(rows, end)
    form = Form(known=("id", "x", "y"))
    plain = read_plain(raw, form, "f.csv")
    if plain is not None:
        careful = read_text(raw, form, "f.csv")
        same(frame(plain), frame(careful))
        assert list(plain.numbers) == list(careful.numbers)
        assert list(plain.lines) == list(careful.lines)
        assert (plain.n_lines, plain.blank, plain.skipped) == (
            careful.n_lines,
            careful.blank,
            careful.skipped,
        )
        assert files.lines_accounted(plain) == plain.n_lines


def test_texts_that_repeat_are_held_once():
    read = read_plain(
        written([["1", "yes", ""], ["2", "yes", ""], ["3", "", "no"]] * 2, "\r\n"), Form(), "f.csv"
    )
    table = frame(read)
    assert table["x"].dtype == "category"
    assert list(table["x"].cat.categories) == ["yes"]
    assert table["y"].isna().tolist() == [True, True, False] * 2
    assert list(table.index) == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "raw",
    [
        b"a,b\n1,2\n\n3,4\n",  # a blank line
        b"a,b\n1,2\n,\n3,4\n",  # a row without a cell
        b'a,b\n1,"2\n3"\n4,5\n',  # a line end within a cell
        b"a,b\n1,2\n3\n",  # another width
        b"a,b\r1,2\r3,4\r",  # ends of lines of old
        b"a,b\n1,2\n3,\xe5\n",  # no UTF-8
        b"a,a\n1,2\n",  # a header that stands twice
        b'a,b\n1,"2\n3,4\n',  # a quotation mark that is never closed
        b"sep=;\na;b\n1;2\n",  # a line that names the delimiter
        b"a,b\n",  # no row
    ],
)
def test_whatever_needs_care_is_left_to_the_careful_reader(raw):
    assert read_plain(raw, Form(), "f.csv") is None

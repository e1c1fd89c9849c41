"""What a study lacks leaves no text and no code behind in its report; headings over rows are links."""

import pytest
from nbformat import v4
from report_maker import Recorder, code, door_of, make_study, printed, text

from vbhc.report.optional import left_out
from vbhc.report.page import Page
from vbhc.report.writer import Writer, places

OPTIONAL = ("optional",)


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """What the door leaves in a cell."""
    recorder = Recorder(monkeypatch)
    door_of(make_study(tmp_path)).sentence("gain", "It is 3 points.")
    return recorder.take()


def test_a_text_and_its_code_go_where_the_code_shows_nothing(shown):
    cells = [
        text("# Q"),
        text("always"),
        code("x = 1"),
        text("may be", OPTIONAL),
        code("if False: ..."),
        code("y = 2", [printed("private")]),
        text("is", OPTIONAL),
        code("z = 3"),
        code("door.sentence()", shown),
        text("nothing follows", OPTIONAL),
    ]
    assert left_out(cells) == {3, 4, 5, 9}
    assert left_out(cells, "internal") == {9}


def test_a_page_holds_neither_heading_nor_fold_of_what_is_left_out(shown):
    cells = [
        text("# Q"),
        text("## Lacking\n\nWords", OPTIONAL),
        code("no_such_thing"),
        text("## Here", OPTIONAL),
        code("there_it_is", shown),
    ]
    page = Page("02-x", v4.new_notebook(cells=cells), "Q", [], {}, [])
    writer = Writer(page, "public")
    html = "".join(str(view["html"]) for view in writer.cells())
    assert [title for _, _, title in writer.headings] == ["Here"]
    assert "Lacking" not in html
    assert "no_such_thing" not in html
    assert "there_it_is" in html


def test_a_page_that_heads_its_rows_is_one_link_and_each_row_leads_to_its_sentence():
    said = [{"kind": "sentence", "id": "gain", "text": "3 points."}]
    page = Page("02-x", v4.new_notebook(), "Q", said, {}, [])
    cells = [["02-x", "gain", "3 points."], ["02-x", "other", "not there"]]
    assert places(cells, [page], 0) == {
        (0, 0): "02-x.html",
        (0, 1): "02-x.html#sentence-gain",
        (1, 0): "02-x.html",
    }
    assert places(cells, [page])[0, 0] == "02-x.html#sentence-gain"

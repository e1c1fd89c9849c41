"""What a study lacks leaves no heading, no text and no code behind in its report."""

import re

import pytest
from nbformat import v4
from report_maker import Recorder, code, door_of, make_study, printed, text

from vbhc.publish.findings.marks import verified
from vbhc.report.page import Page, left_out, split
from vbhc.report.writer import Writer, places

OPTIONAL = ("optional",)


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """What the door leaves in a cell."""
    recorder = Recorder(monkeypatch)
    door_of(make_study(tmp_path)).sentence("gain", "It is 3 points.")
    return recorder.take()


def passes(cell):
    return any(verified(output) for output in cell.outputs)


def written(cells, edition="public"):
    page = Page("02-x", v4.new_notebook(cells=cells), "Q", [], {})
    writer = Writer(page, edition)
    return writer, writer.sections()


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
    assert left_out(cells, passes) == {3, 4, 5, 9}


def test_how_the_study_is_opened_is_told_to_the_analyst_alone(shown):
    cells = [
        text("# Q\n\nIntroduction."),
        text("What this page does."),
        code("study = 'small'", tags=["parameters"]),
        code("study = 'other'", tags=["injected-parameters"]),
        text("The study is opened."),
        code("this = load()", [printed("Study small")]),
        text("Not a lead to code."),
        text("## One\n\nWords that stay."),
        code("a = 1"),
        text("They lead on."),
        code("door.show(a)", shown),
    ]
    assert left_out(cells, passes) == {4, 5}
    cells[5] = code("this = load()", shown)
    assert left_out(cells, passes) == set()


def test_a_page_tells_nothing_of_what_is_left_out_and_lists_its_code(shown):
    cells = [
        text("# Q"),
        text("## Lacking\n\nWords", OPTIONAL),
        code("no_such_thing"),
        text("## Here", OPTIONAL),
        code("there_it_is", shown),
    ]
    writer, sections = written(cells)
    assert [section["title"] for section in sections] == ["Here"]
    assert re.sub(r"<[^>]+>", "", writer.code()).split() == ["no_such_thing", "there_it_is"]


def test_a_section_whose_texts_lead_to_nothing_goes_as_a_whole(shown):
    cells = [
        text("# Q\n\nIntroduction."),
        code("this = load()"),
        text("## Lacking\n\nThis leads on."),
        code("a = 1"),
        text("And so does this."),
        code("door.show(None)", [printed("for the analyst")]),
        text("## Limits\n\nTyped."),
        text("## Kept\n\nThis leads to something."),
        code("b = 2"),
        code("door.show(b)", shown),
        text("## A heading alone"),
        text("only words where there is something", OPTIONAL),
        code("c = 3"),
    ]
    writer, sections = written(cells)
    assert [section["title"] for section in sections] == ["", "Limits", "Kept"]
    assert "door.show(None)" in re.sub(
        r"<[^>]+>", "", writer.code()
    )  # it ran, and later cells may rest on it
    assert [section["title"] for section in written(cells, "internal")[1]][1] == "Lacking"


def test_what_stands_in_the_head_leaves_no_section_behind(tmp_path, monkeypatch):
    recorder, door = Recorder(monkeypatch), door_of(make_study(tmp_path))
    door.sentence("answer", "It is 3 points.", role="answer")
    door.sentence("for-the-patient", "Ask about it.")
    cells = [text("# Q"), text("## The answer\n\nIn one line."), code("door.show(answer)", recorder.take())]
    writer, sections = written(cells)
    assert sections == []
    assert "door.show(answer)" in writer.code()


def test_quoted_blocks_are_notes_of_their_section_in_order(shown):
    cells = [
        text("# Q\n\n> First."),
        text("## One\n\nWords.\n\n> **A.** Note.\n\nMore words.\n\n> > Inner."),
        code("x", shown),
        text("> Third.\n\nLast words."),
        text("Of the section.\n\n## Two\n\n- list\n\n  > In a list."),
    ]
    _, sections = written(cells)
    notes = [[note.strip() for note in section["notes"]] for section in sections]
    assert notes == [
        ["<p>First.</p>"],
        ["<p><strong>A.</strong> Note.</p>", "<p>Inner.</p>", "<p>Third.</p>"],
        ["<p>In a list.</p>"],
    ]
    assert not any("blockquote" in block for section in sections for block in section["blocks"])


def test_only_headings_of_the_second_level_part_a_text():
    pieces = split("a\n\n## B\n\n### c\n\n```\n## no heading\n```\n## D\n")
    assert pieces == ["a\n\n", "## B\n\n### c\n\n```\n## no heading\n```\n", "## D\n"]


def test_a_page_that_heads_its_rows_is_one_link_and_each_row_leads_to_its_sentence():
    said = [{"kind": "sentence", "id": "gain", "text": "3 points."}]
    page = Page("02-x", v4.new_notebook(), "Q", said, {})
    cells = [["02-x", "gain", "3 points."], ["02-x", "other", "not there"]]
    assert places(cells, [page], 0) == {
        (0, 0): "02-x.html",
        (0, 1): "02-x.html#sentence-gain",
        (1, 0): "02-x.html",
    }
    assert places(cells, [page])[0, 0] == "02-x.html#sentence-gain"

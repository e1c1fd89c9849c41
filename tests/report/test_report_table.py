"""A table on a page: every word escaped, every part named by its role, labels at hand for a phone."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from vbhc.report.writer import page_table


def column(name, align="right", unit=""):
    return {"name": name, "label": f"{name} <i>", "unit": unit, "align": align}


@pytest.fixture
def finding():
    cells = [["A", "usual", "1"], ["A", "new & old", "<b>2"], ["B", "new", ""]]
    columns = [column("ward", "left"), column("arm"), column("gain", unit="points")]
    return {"id": "t", "caption": "C <b>", "by": "", "columns": columns, "cells": cells, "notes": ["N"]}


def texts(html, selector):
    return [node.text() for node in LexborHTMLParser(html).css(selector)]


def test_every_word_is_escaped_and_has_its_place(finding):
    html = page_table(finding)
    assert texts(html, "caption") == ["C <b>"]
    assert texts(html, "thead th[scope=col]") == ["ward <i>", "arm <i>", "gain <i> points"]
    assert texts(html, "tbody th[scope=row]") == ["A", "A", "B"]
    assert texts(html, "tbody td.n") == ["usual", "1", "new & old", "<b>2", "new", ""]
    labels = [node.attributes["data-label"] for node in LexborHTMLParser(html).css("td")]
    assert labels == ["arm <i>", "gain <i>, points"] * 3


def test_it_stays_a_table_to_a_screen_reader_when_a_phone_shows_blocks(finding):
    """WAI-ARIA 1.2: a table owns rowgroups, those own rows, and rows own cells and headers."""
    tree = LexborHTMLParser(page_table({**finding, "by": "ward"}))
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for tag, role in roles.items():
        assert {node.attributes.get("role") for node in tree.css(tag)} == {role}, tag
    assert {node.attributes["role"] for node in tree.css("thead th")} == {"columnheader"}
    assert {node.attributes["role"] for node in tree.css("tbody th")} == {"rowheader"}


def test_headings_have_a_body_each_and_leave_their_column(finding):
    html = page_table({**finding, "by": "ward"})
    assert texts(html, "tbody > tr:first-child > th[scope=rowgroup][colspan='2']") == ["A", "B"]
    assert texts(html, "tbody:nth-of-type(1) th[scope=row]") == ["usual", "new & old"]


def test_a_heading_that_leads_somewhere_stays_one(finding):
    links = {(0, 0): "a.html?x=1&y", (1, 0): "a.html?x=1&y", (2, 1): "b.html"}
    html = page_table({**finding, "by": "ward"}, links)
    found = [(node.attributes["href"], node.text()) for node in LexborHTMLParser(html).css("a")]
    assert found == [("a.html?x=1&y", "A"), ("b.html", "new")]


@pytest.mark.parametrize(
    ("cells", "abreast"),
    [
        (["1", "2", "3", "4"], 4),
        (["1.25", "a", "b", "c", "d"], 3),  # in two lines, 3 and 2
        (["intermediate", "2", "3", "4"], 2),  # 3 would leave one alone
        (["thirteenchars", "2", "3"], 2),
        (["non-clinician", "2", "3"], 3),  # a line may end at a hyphen
        (["intermediate", "2", "3"], 3),
        (["1", "a long text of many words that wants a line of its own"], 1),
        ([], 1),
    ],
)
def test_as_many_values_stand_abreast_on_a_phone_as_words_allow(cells, abreast):
    columns = [{"name": n, "label": n, "unit": "", "align": "left"} for n in "rabcde"[: len(cells) + 1]]
    finding = {"id": "t", "caption": "C", "columns": columns, "cells": [["row", *cells]], "notes": []}
    assert f'class="by{abreast}"' in page_table(finding)


def test_long_texts_get_room(finding):
    cells = [["a text of a few words", "1", "2"], ["b", "1", "2"]]
    columns = [column("x", "left"), column("y"), column("z")]
    html = page_table({**finding, "cells": cells, "columns": columns})
    assert texts(html, "tbody th.long") == ["a text of a few words", "b"]


def test_a_row_named_by_a_number_says_on_a_phone_of_what(finding):
    """ "1" heads a row of rounds, "50-59" one of ages; a name needs no word before it."""
    cells = [["1", "a"], ["50-59", "b"]]
    rows = LexborHTMLParser(page_table({**finding, "cells": cells, "columns": [column("x"), column("y")]}))
    assert [node.attributes.get("data-label") for node in rows.css("tbody th")] == ["x <i>"] * 2
    assert not LexborHTMLParser(page_table(finding)).css("tbody th[data-label]")

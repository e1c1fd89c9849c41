"""A table finding as a notebook shows it, read as a browser builds it."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from vbhc.publish.findings.table_text import table_html


def column(name, align="right", unit=""):
    return {"name": name, "label": f"{name} <i>", "unit": unit, "align": align}


@pytest.fixture
def finding():
    cells = [["A", "usual", "1"], ["A", "new & old", "<b>2"], ["B", "new", ""]]
    columns = [column("ward", "left"), column("arm"), column("gain", unit="points")]
    return {"id": "t", "caption": "C <b>", "by": "", "columns": columns, "cells": cells, "notes": ["N <b>."]}


def texts(html, selector):
    return [node.text() for node in LexborHTMLParser(html).css(selector)]


def test_every_word_is_escaped_and_has_its_place(finding):
    html = table_html(finding)
    assert texts(html, "caption > span") == ["C <b>"]
    assert texts(html, "thead th[scope=col]") == ["ward <i>", "arm <i>", "gain <i> points"]
    assert texts(html, "tbody th[scope=row].gt_left") == ["A", "A", "B"]
    assert texts(html, "tbody td.gt_right") == ["usual", "1", "new & old", "<b>2", "new", ""]
    assert texts(html, "tfoot td[colspan='3'] .gt_from_md") == ["N <b>."]


def test_headings_have_a_body_each_and_leave_their_column(finding):
    html = table_html({**finding, "by": "ward"})
    assert texts(html, "tbody > tr:first-child > th[scope=rowgroup][colspan='2']") == ["A", "B"]
    assert texts(html, "tbody:nth-of-type(1) th[scope=row]") == ["usual", "new & old"]


def test_its_style_holds_to_the_table_and_has_what_it_uses(finding):
    html = table_html(finding)
    rules = texts(html, "#t-t > style")[0].strip().splitlines()
    assert all(rule.startswith("#t-t ") for rule in rules)
    assert any(".gt_sourcenote " in rule for rule in rules)
    assert not any("gt_center" in rule or "gt_group_heading" in rule for rule in rules)

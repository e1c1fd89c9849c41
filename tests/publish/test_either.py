"""Two wordings, one door: which of two stands published, and that no text leaves in both."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_maker import door_of, make_study

from vbhc.publish.disclosure.policies import OPEN, get_policy
from vbhc.publish.either import MARKS, either, picked
from vbhc.publish.findings import made
from vbhc.publish.findings.show import show_result
from vbhc.publish.results import Claim, Drawing, Result, Table

NHS = get_policy("nhs-proms")
TEXT = st.text(st.characters(codec="utf-8", exclude_characters=MARKS), max_size=9)


def doors(tmp_path):
    return [door_of(make_study(tmp_path / name, disclosure=name)) for name in ("none", "nhs-proms")]


@given(TEXT, TEXT, TEXT, TEXT)
def test_each_policy_gets_its_wording_and_nothing_of_the_other(before, full, less, after):
    said = f"{before}{either(f'{full}{either(full, less)}', less)}{after}"
    assert picked(said, OPEN) == f"{before}{full}{full}{after}"
    assert picked(said, NHS) == f"{before}{less}{after}"


def test_texts_give_p_values_with_one_digit_where_people_are_protected():
    said = "It differs (p = .412 and mid-p = .046; p <= .002 at 0.05), p > .999, p = .0004, p < .001."
    assert picked(said, OPEN) == said
    less = "It differs (p = .4 and mid-p < .05; p <= .002 at 0.05), p > .9, p < .001, p < .001."
    assert picked(said, NHS) == picked(picked(said, NHS), NHS) == less


def test_what_is_no_text_is_one_of_two():
    claim, other = Claim("level", "the gain", 1.0), either(Claim("level", "the loss", 2.0), None)
    assert picked(either(claim, "More."), OPEN) is claim
    assert picked(either(claim, "More."), NHS) == "More."
    assert picked(either(other, claim), OPEN).what == "the loss"
    assert picked(either(other, other), NHS) is None
    assert picked(claim, NHS) is claim


def test_a_sentence_a_table_and_a_figure_stand_in_one_of_their_forms(tmp_path):
    frame = pd.DataFrame({"code": ["A", "B"], "label": ["one", "two"], "estimate": [0.25, 0.5]})
    rules = {"counts": (), "open": {"drop": ["label"]}, "protected": {"drop": ["code"]}}
    rounded = rules | {"protected": {"drop": ["code"], "decimals": 1}}
    table = Table(frame, f"Codes{either(' of 26')}", notes=[either("", "Without counts.")], rules=rounded)
    bars = lambda data, ax: ax.bar(data.iloc[:, 0], data["estimate"])  # noqa: E731
    drawing = Drawing(frame, bars, either("In full", "In short"), "Codes", rules=rules)
    result = Result("codes", [f"Many{either(' (9)')}.", either("All.")], table, drawing)
    open_, strict = (show_result(door, result) for door in doors(tmp_path))
    assert [one[0]["text"] for one in (open_, strict)] == ["Many (9). All.", "Many."]
    assert [one[1]["title"] for one in (open_, strict)] == ["In full", "In short"]
    assert [one[2]["caption"] for one in (open_, strict)] == ["Codes of 26", "Codes"]
    assert [one[2]["notes"] for one in (open_, strict)] == [[], ["Without counts."]]
    assert open_[2]["cells"] == [["A", "0.25"], ["B", "0.50"]]
    assert strict[2]["cells"] == [["one", "0.2"], ["two", "0.5"]]
    assert strict[1]["csv"].startswith("label,")


def test_rows_that_are_alike_without_a_column_stand_once(tmp_path):
    frame = pd.DataFrame({"label": ["a", "a", "b"], "n": [30, 40, 50]})
    result = Result("alike", table=Table(frame, "Alike", rules={"protected": {"drop": ["n"]}}))
    open_, strict = (show_result(door, result)[0]["cells"] for door in doors(tmp_path))
    assert (len(open_), strict) == (3, [["a"], ["b"]])


def test_a_result_that_only_one_policy_has_is_not_shown_under_the_other(tmp_path):
    one = either(Result("pairs", says=["Pairs."]), None)
    assert [len(show_result(door, one)) for door in doors(tmp_path)] == [1, 0]


def test_a_cell_and_a_heading_are_told_in_one_wording(tmp_path):
    frame = pd.DataFrame({"label": [f"Ward{either(' of 9 beds')}", "Ward B"], "mean": [1.0, 2.0]})
    table = Table(frame, "Wards", labels={"mean": f"Mean{either(' (SD)')}"}, rules={"counts": ()})
    open_, strict = (door.table("wards", table) for door in doors(tmp_path))
    assert [one["cells"][0][0] for one in (open_, strict)] == ["Ward of 9 beds", "Ward"]
    assert [one["columns"][1]["label"] for one in (open_, strict)] == ["Mean (SD)", "Mean"]
    drawing = Drawing(frame, lambda data, ax: ax.bar(data["label"], data["mean"]), "Wards", "Wards")
    drawn = [show_result(door, Result("drawn", drawing=drawing))[0]["csv"] for door in doors(tmp_path)]
    assert ["of 9 beds" in text for text in drawn] == [True, False]


def test_a_number_in_a_cell_is_not_given_both_ways(tmp_path):
    table = Table(pd.DataFrame({"label": ["A"], "mean": [either(1.0, 2.0)]}), "Wards")
    for door in doors(tmp_path):
        with pytest.raises(ValueError, match="'mean' gives numbers both ways"):
            door.table("wards", table)


def test_no_text_leaves_in_both_wordings():
    with pytest.raises(ValueError, match="'cells' holds two wordings"):
        made.finding("cells", "table", "finding", [], cells=[[either("12 people", "some")]])


def test_rows_tell_where_every_count_of_theirs_may_be_told():
    counts = pd.DataFrame({"k": [5, 6, 0, float("nan")], "n": [20, 20, 20, 20]})
    assert NHS.tells(counts).tolist() == [False, True, True, True]
    assert get_policy("acro").tells(counts["k"]).tolist() == [False, False, False, True]
    assert OPEN.tells(counts).all()

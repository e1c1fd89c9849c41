"""The vocabulary of result columns: each explained, none twice, and nothing published outside it."""

import pandas as pd
import pytest
from places import DATA

from vbhc import vocabulary
from vbhc.publish import findings
from vbhc.publish.findings.made import coarse_decimals
from vbhc.publish.findings.show import decimals, protection
from vbhc.publish.results import Result, Table
from vbhc.study import load_study


def test_every_column_has_a_role_and_an_explanation_and_stands_once():
    from importlib import resources

    text = resources.files("vbhc.vocabulary").joinpath("columns.csv").read_text(encoding="utf-8")
    names = [line.partition(",")[0] for line in text.splitlines()[1:]]
    assert len(names) == len(set(names))
    for name in names:
        column = vocabulary.column(name)
        assert column.role in vocabulary.ROLES, name
        assert column.explanation, name


def test_a_column_named_by_data_follows_a_pattern():
    assert vocabulary.column("n_usual_care").label == "n: usual care"
    assert vocabulary.column("n_missing").role == "missing"  # its own row, not the pattern's
    assert vocabulary.column("mystery") is None


def test_an_unknown_column_is_refused_with_what_was_meant():
    door = findings.door(load_study(str(DATA / "heart-failure")), "02-value-quota")
    frame = pd.DataFrame({"group": ["a"], "estimat": [1.0]})
    with pytest.raises(ValueError, match=r"no column 'estimat' in the vocabulary.*'estimate'"):
        door.show(Result("x", table=Table(frame, "A table")))


def test_a_column_of_the_studys_dictionary_is_known():
    door = findings.door(load_study(str(DATA / "heart-failure")), "02-value-quota")
    door.show(Result("x", table=Table(pd.DataFrame({"group": ["a"], "age": [70.5]}), "Mean age")))


def test_protection_and_digits_follow_from_the_roles():
    frame = pd.DataFrame({"group": ["a"], "n": [12], "estimate": [0.0004], "low": [0.0001], "high": [0.0009]})
    rules = protection(frame)
    assert rules["counts"] == ["n"]
    assert rules["base"] == "n"
    assert decimals(frame)["estimate"] == [4]
    assert protection(pd.DataFrame({"k": [3], "n": [9], "share": [1 / 3]}))["shares"] == {"share": "k"}


def test_one_interval_has_the_same_digits_by_whatever_name_its_columns_go():
    named = ("estimate", "low", "high"), ("value", "value_low", "value_high")
    both = [decimals(pd.DataFrame([[1.32, 0.53, 2.29]], columns=one), coarse_decimals) for one in named]
    assert [list(one.values()) for one in both] == [[[1], [1], [1]]] * 2
    assert decimals(pd.DataFrame([[1.32, 0.53, 2.29]], columns=named[1])) == dict.fromkeys(named[1], 2)


def test_nothing_is_shown_where_a_study_lacks_the_part():
    door = findings.door(load_study(str(DATA / "heart-failure")), "02-value-quota")
    assert door.show(None) is None
    assert door.show(Result("x"), Result("y", table=Table(pd.DataFrame(), "Empty"))) is None

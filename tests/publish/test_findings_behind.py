"""Statistics that give a small count back go with it, whether the table holds the count or not."""

from functools import cache
from itertools import product

import pandas as pd
import pytest
from report_maker import door_of, make_study
from scipy import stats

from vbhc.publish.findings.table_text import p_value

FIRST, SECOND = 11, 8
RAISED = {"V1": (10, 3), "V2": (9, 2), "V3": (3, 7), "V4": (6, 6), "V5": (0, 8), "V6": (11, 0)}


@cache
def fisher(a, b):
    """The p-value of a of 11 against b of 8."""
    return float(stats.fisher_exact([[a, b], [FIRST - a, SECOND - b]])[1])


def invert(printed):
    """All pairs of counts with a p-value as printed: what an outsider can do who knows the groups' sizes."""
    pairs = product(range(FIRST + 1), range(SECOND + 1))
    return [pair for pair in pairs if p_value(fisher(*pair)) == printed]


def by_code(tmp_path, policy, **more):
    door = door_of(make_study(tmp_path, disclosure=policy), "04-stakeholders")
    rows = [
        (code, stats.fisher_exact([[a, b], [FIRST - a, SECOND - b]])[1]) for code, (a, b) in RAISED.items()
    ]
    frame = pd.DataFrame(rows, columns=["label", "fisher_p"])
    return door.table("by-code-tests", frame, "Tests", decimals=3, **more)


def with_wholes():
    return [((a, FIRST), (b, SECOND)) for a, b in RAISED.values()]


def test_a_p_value_of_three_decimals_alone_gives_few_people_back(tmp_path):
    made = by_code(tmp_path, "none")
    for code, p in made["cells"][:4]:
        left = invert(p)  # of 12 x 9 pairs
        assert len(left) == 2
        assert [pair for pair in left if sum(pair) == sum(RAISED[code])] == [RAISED[code]]


def test_it_goes_where_a_count_behind_it_or_what_it_leaves_is_too_small(tmp_path):
    cells = dict(by_code(tmp_path, "nhs-proms", behind=with_wholes())["cells"])
    # By hand: 10 of 11 leaves 1, 2 of 8, 3 of 11, 6 of 11 leaves 5; nobody and everybody may be told.
    assert {code for code, p in cells.items() if p == "*"} == {"V1", "V2", "V3", "V4"}
    assert cells["V5"] == "<.001"


def test_the_log_says_why_and_no_value(tmp_path):
    made = by_code(tmp_path, "nhs-proms", behind=with_wholes())
    assert made["withheld"] == [
        {
            "column": "fisher_p",
            "cells": 4,
            "why": "rests on 1 to 5 people, or on the answer of a single person",
        }
    ]
    assert made["csv"].count("*") == 4
    assert any("withheld" in note for note in made["notes"])


def test_rows_without_counts_and_studies_without_people_keep_theirs(tmp_path):
    assert "*" not in by_code(tmp_path, "none", behind=with_wholes())["csv"]
    missing = [(), (float("nan"),), (9, None), (7,), (8,), (12,)]
    assert "*" not in by_code(tmp_path / "b", "nhs-proms", behind=missing)["csv"]


def test_counts_of_the_table_itself_and_what_describes_a_row_stay(tmp_path):
    door = door_of(make_study(tmp_path, disclosure="nhs-proms"), "04-stakeholders")
    frame = pd.DataFrame({"label": ["a", "b"], "df": [3, 3], "n": [40, 41], "statistic": [30.5, 0.5]})
    answers = [(10, 17, 4, 9), (10, 11, 10, 10)]
    made = door.table("tests", frame, "Tests", base="n", keep=["df"], behind=answers)
    assert made["cells"] == [["a", "3", "40", "*"], ["b", "3", "41", "0.50"]]


def test_the_rows_must_fit(tmp_path):
    with pytest.raises(ValueError, match="behind: 1 rows given for a table of 6 rows"):
        by_code(tmp_path, "nhs-proms", behind=[(1,)])

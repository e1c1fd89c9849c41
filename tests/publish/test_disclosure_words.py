"""Nouns that are no people: the reader of counts lets them be, and still sees the people beside them."""

import hashlib

import pytest
from report_maker import make_study

from vbhc.publish.disclosure.counting import counts_said
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.disclosure.said import may_show
from vbhc.report.provenance import published
from vbhc.statistics.tables2x2 import wilson


@pytest.mark.parametrize(
    "text",
    [
        "5 graded statements, a ranking of 5 outcomes and 7 best-worst tasks",
        "The groups answer differently on 4 of 5 statements",
        "4 resources, three outcomes, 2 units, 10 units in all, 12 definitions, two groups, round 1",
        "agree after round 1 on 1 of 3 statements",
        "95% CI 0.1 to 0.4; 2.25 points, p = .002",
        "who gave one of the 2 highest answers",
        "shared by at least 5 interviewees",
        "3 of 7 patient groups and 4 nurse visits",
        "of 6 pairs of groups these part most",
        "3 (60%) of the 5 statements",
        "2 of 15 p-values",
        "2% of 100 codes",
        "fewer than 20 patients have all it needs",
    ],
)
def test_things_are_not_taken_for_people(text):
    assert counts_said(text) == []


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("5 statements from 3 patients", [3]),
        ("137 respondents of 4 groups answered", [137]),
        ("1 of 3 statements by 2 patients", [2]),
        ("2 of 15 answered questions", [(2, 15)]),
        ("3 of 15 raise codes", [(3, 15)]),
        ("2 of 11 with codes", [(2, 11)]),
        ("3 of 12 in groups", [(3, 12)]),
        ("2 of 26 interviews", [(2, 26)]),
        ("1 patient visits the ward", [1]),
        ("3 of 12 in the group payer", [(3, 12)]),
        ("13 of 15 in the group payer agree on 4 of 5 statements", [(13, 15)]),
        ("at least 3 patients", [3]),
        ("2% of 100 in wards", [(2, 100)]),
        ("4 missing values", [4]),
        ("n = 3 in wards", [3]),
        ("Counted: 245 patients. Not counted: 3 without an answer.", [245, 3]),
        ("Not counted: 55 without an answer, 4 who died and 2 without a known cost.", [55, 4, 2]),
        ("26 had died and 55 gave no answer", [26, 55]),
        ("3 did not answer", [3]),
        ("* of 11 (*%) whose course is known got better, 0 got worse", [0, 11]),
        ("fewer than 3 patients", [2]),
    ],
)
def test_people_beside_things_are_still_seen(text, counts):
    assert counts_said(text) == counts


def test_no_hash_of_a_single_data_file_is_published_where_people_are_protected(tmp_path):
    """Whoever guesses what a short file holds could check the guess by its hash."""
    short = hashlib.sha256(b"role,age\nnurse,44\n").hexdigest()
    info = {"data": {"raw/participants.csv": short, "raw/patients.csv": "0" * 64}}
    kept = published(info, make_study(tmp_path, disclosure="nhs-proms"))["data"]
    assert list(kept) == ["all files together"]
    assert short not in kept.values()
    assert published(info, make_study(tmp_path, disclosure="none")) == info
    changed = {"data": {**info["data"], "raw/patients.csv": "1" * 64}}
    assert published(changed, make_study(tmp_path, disclosure="nhs-proms"))["data"] != kept


@pytest.mark.parametrize("policy", ["hes", "opensafely"])
@pytest.mark.parametrize(
    "text",
    [
        "treatment pays for itself up to GBP 210 a year (130 to 300, prices of 2024/25)",
        "GBP of 2014/15",
        "from 77% to 93% in 191 areas",
        "0 of 24 months are more than the usual coming and going",
    ],
)
def test_years_and_things_are_not_rounded(policy, text):
    assert may_show(text, get_policy(policy)) == text
    beside = f"{text}, 191 patients"
    assert may_show(beside, get_policy(policy)) == beside.replace("191 patients", "190 patients")


@pytest.mark.parametrize("level", [0.95, 0.9])
def test_the_interval_of_a_share_is_that_of_the_rounded_counts(level):
    """27 of 120 stand as 25 of 120, and so do 23 to 26: 16% to 31% would say which."""
    said = set()
    for k in range(23, 28):
        low, high = wilson(k, 120, level)
        said.add(may_show(f"{k} of 120 ({k / 120:.0%}, {low:.0%} to {high:.0%}) do", get_policy("hes")))
    low, high = wilson(25, 120, level)
    assert said == {f"25 of 120 (21%, {low:.0%} to {high:.0%}) do"}
    other = "27 of 120 (22%, 10% to 40%) do"
    assert may_show(other, get_policy("hes")) == "25 of 120 (21%, 10% to 40%) do"
    assert may_show(other, get_policy("opensafely")) == "25 of 120 (21%) do"


def test_a_year_is_no_whole_of_which_people_are_a_part():
    assert counts_said("one of 2024 patients") == [(1, 2024)]
    assert counts_said("12, all of 2024/25") == []

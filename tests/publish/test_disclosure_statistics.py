"""What statistics tell of few people: shares of known counts, means told twice, dominated sums."""

import csv
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_maker import Recorder, code, door_of, make_study, save, text

from vbhc import report
from vbhc.publish.disclosure import disclose
from vbhc.publish.disclosure.outside import Reading, told_twice
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.disclosure.telling import too_alike

PROMS, HES, ACRO = get_policy("nhs-proms"), get_policy("hes"), get_policy("acro")
OPENSAFELY = get_policy("opensafely")


def wards(**columns):
    return pd.DataFrame({"ward": ["A", "B", "C", "D"], "n": [40, 60, 80, 50], **columns})


# By hand: 2.5% of 40 is one patient. 20% of 60 goes with it, or the sum of all who died gives the one away.
def test_a_share_of_a_known_count_is_a_count():
    frame = wards(died_percent=[2.5, 20.0, 50.0, 40.0], low=[0.1, 11.0, 39.0, 27.0])
    shown = disclose(frame, PROMS, base="n")
    assert shown.hidden["died_percent"].tolist() == [True, True, False, False]
    assert shown.hidden["low"].tolist() == [True, True, False, False]  # its interval would give it
    assert not shown.hidden["n"].any()


def test_a_share_is_found_by_its_numbers_under_any_name():
    frame = wards(estimate=[1 / 40, 12 / 60, 40 / 80, 20 / 50])
    assert disclose(frame, PROMS, base="n").hidden["estimate"].tolist() == [True, True, False, False]
    mean = wards(estimate=[0.0251, 0.2, 0.5, 0.4])  # 1.004 people are no people: a mean of something else
    assert not disclose(mean, PROMS, base="n").hidden["estimate"].any()


def test_what_is_left_of_a_share_counts_too():
    frame = wards(share=[0.95, 0.5, 0.5, 0.5])  # 38 of 40 leave two
    assert disclose(frame, PROMS, base="n").hidden["share"].iloc[0]


def test_a_share_with_too_few_decimals_to_tell_stays():
    frame = pd.DataFrame({"scale": ["x", "y"], "n": [40_000, 41_000], "floor_share": [3 / 40_000, 0.2]})
    assert not disclose(frame, PROMS, base="n", places=2).hidden["floor_share"].any()  # "0.00" is 0 to 200
    assert disclose(frame, PROMS, base="n").hidden["floor_share"].any()


def test_a_share_of_two_counts_goes_with_either_of_them():
    frame = wards(k=[3, 9, 40, 30])
    frame["share"] = frame["k"] / frame["n"]
    shown = disclose(frame, PROMS, counts=["k"], base="n")
    assert (shown.hidden["share"] == shown.hidden["k"]).all()
    assert shown.hidden["k"].sum() == 2


@pytest.mark.parametrize("policy", [HES, OPENSAFELY])
def test_shares_come_from_rounded_counts_where_counts_do(policy):
    shown = disclose(wards(share=[0.3, 0.2, 0.5, 0.4], low=[0.1, 0.1, 0.3, 0.2]), policy, base="n")
    assert shown.frame["share"].tolist() == [10 / 40, 10 / 60, 40 / 80, 20 / 50]
    assert shown.hidden["low"].all() == (policy is OPENSAFELY)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6))
def test_no_share_gives_a_small_count(rows):
    frame = pd.DataFrame({"n": [a + b for a, b in rows], "share": [a / max(a + b, 1) for a, b in rows]})
    frame.insert(0, "group", [f"g{n}" for n in range(len(rows))])
    shown = disclose(frame, PROMS, base="n").frame
    for n, share in shown[["n", "share"]].dropna().to_numpy():
        assert not PROMS.hides(round(n * share))
        assert not PROMS.hides(round(n - n * share))


def test_a_share_near_none_or_all_leaves_fewer_counts_open_than_one_in_the_middle():
    """0 of 13 without decimals is 0 to 6, all too few under acro; 1 is 7 to 13, and leaves 0 to 6."""
    frame = pd.DataFrame({"group": ["a", "b"], "n": [13, 13], "share": [4 / 13, 10 / 13]})
    shown = disclose(frame, ACRO, base="n", parts=False, places=0)
    assert shown.hidden["share"].tolist() == [True, True]


@pytest.mark.parametrize("name", ["youngest_age", "longest_stay", "cost_max", "p5", "lower_quartile"])
def test_extremes_and_outer_quantiles_go_by_name(name):
    frame = pd.DataFrame({"ward": ["A"], "n": [20], name: [1.5]})
    assert disclose(frame, PROMS, base="n").hidden[name].all()


def twice(*tables, policy=PROMS, people=None):
    """What a reader compares of printed tables of group, n and mean: (table, row) of smaller and larger."""
    printed = [[["group", "n", "mean"], *([*row, "1.5"] for row in table)] for table in tables]
    read = Reading(printed, [()] * len(tables), policy, people)
    return [(less[:2], more[:2]) for less, more in told_twice(read, read.shown())]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ([43, 100], [40, 80], [((1, 0), (0, 0))]),  # three young patients
        ([43, 100], [43, 80], []),
        ([43, 100], [30, 80], []),
        ([43, 100], [3, 80], []),  # the mean of three is hidden anyway
    ],
)
def test_a_mean_of_nearly_the_same_group_stands_once(one, other, found):
    tables = [[["young", str(a)], ["old", str(b)]] for a, b in (one, other)]
    assert twice(*tables) == found


def test_large_groups_need_no_common_name():
    assert twice([["all", "248"]], [["complete", "245"]]) == [((1, 0), (0, 0))]


def test_means_of_two_quantities_tell_of_nobody_though_nearly_all_are_in_both():
    """Rows that rest on equally many people are quantities: the ages of 167 and the scores of 166."""
    ages = [["Age", "167"], ["Weight", "167"]]
    assert twice(ages, [["Score, at the start", "166"], ["Score, at the end", "166"]]) == []
    again = twice(ages, [["Age", "166"], ["Age, at the end", "166"]])
    assert {less for less, _ in again} == {(1, 0), (1, 1)}
    groups = twice(ages, [["all", "200"], ["complete", "164"]])
    assert {less for less, _ in groups} == {(1, 1)}


def test_the_mean_of_a_few_cannot_be_worked_out_from_two_pages(tmp_path, monkeypatch):
    costs = pd.DataFrame({"arm": ["new"] * 43 + ["usual"] * 60, "cost": np.arange(103) * 100.0})
    costs.loc[40:42, "cost"] = 99_000.0  # three dear patients who did not answer
    answered = costs.drop(index=[40, 41, 42])
    recorder, study = Recorder(monkeypatch), make_study(tmp_path, disclosure="nhs-proms")
    executed = {}
    for name, some in (("02-value-quota", costs), ("03-perception", answered)):
        table = some.groupby("arm")["cost"].agg(n="size", mean="mean").reset_index()
        door_of(study, name).table("cost", table, "Cost", base="n", parts=False)
        executed[name] = save(study, name, [text(f"# {name}"), code("x", recorder.take())])
    report.build(study, executed, tmp_path / "out", {"study": "small"})
    files = sorted((tmp_path / "out" / "tables").glob("*.csv"))
    means = [[row["mean"] for row in csv.DictReader(path.open())] for path in files]
    assert [row[0] for row in means].count("*") == 1
    assert means[0][1] == means[1][1] != "*"


def test_dominated_means_are_withheld_with_their_intervals():
    values = {"a": [10.0] * 19 + [9000.0], "b": [50.0] * 20}
    table = pd.DataFrame({"arm": list(values), "n": 20, "mean": list(map(np.mean, values.values()))})
    table["low"] = table["mean"] - 5
    by_arm = {"contributions": {"mean": list(values.values())}, "base": "n", "parts": False}
    shown = disclose(table, ACRO, **by_arm)
    assert shown.hidden["mean"].tolist() == [True, False]
    assert shown.hidden["low"].tolist() == [True, False]  # an interval around it would give it back
    assert not disclose(table, PROMS, **by_arm).hidden["mean"].any()


def test_contributions_come_for_every_row():
    with pytest.raises(ValueError, match="contributions: 1 rows given for a table of 4 rows"):
        disclose(wards(mean=[1.0, 2, 3, 4]), ACRO, base="n", contributions={"mean": [[1.0]]})


def test_contributions_for_an_unknown_column_are_an_error():
    with pytest.raises(ValueError, match="contributions for 'men', which is no column"):
        disclose(wards(mean=[1.0, 2, 3, 4]), ACRO, base="n", contributions={"men": [[1.0]] * 4})


def pages(tmp_path, monkeypatch, said):
    """Build a report of one sentence per page and return its findings."""
    recorder, study = Recorder(monkeypatch), make_study(tmp_path, disclosure="nhs-proms")
    executed = {}
    for name, (words, values) in zip(("02-value-quota", "03-perception"), said, strict=True):
        door = door_of(study, name)
        door.sentence("size", words, values=values)
        if name.startswith("02"):
            table = pd.DataFrame({"ward": ["A", "B", "C"], "n": [3, 9, 200]})
            door.table("wards", table, "Wards")
        executed[name] = save(study, name, [text(f"# {name}"), code("x", recorder.take())])
    report.build(study, executed, tmp_path / "out", {"study": "small"})
    found = json.loads((tmp_path / "out" / "findings.json").read_text())
    return [one for one in found if one["id"] == "size"]


def test_two_sentences_do_not_give_the_study_on_both_sides_of_a_few(tmp_path, monkeypatch):
    one, other = pages(
        tmp_path, monkeypatch, [("There are 212 patients.", {}), ("There are 209 patients.", {})]
    )
    assert one["text"] == "There are 212 patients."
    assert other["text"] == "There are ~200 patients."


def test_a_number_behind_a_sentence_does_not_give_a_second_cell(tmp_path, monkeypatch):
    one, _ = pages(tmp_path, monkeypatch, [("Most of them lived.", {"in_ward": 9}), ("So it was.", {})])
    assert one["text"] == "Most of them lived."
    assert one["values"] == {}  # 9 hides the 3 of ward A


def test_what_a_part_leaves_of_its_whole_counts_people_and_the_interval_goes_with_the_part():
    """By hand: 10 of 11 leaves one, 7 of 20 leaves 13, 0 of 9 leaves nine, 9 of 9 nobody."""
    frame = pd.DataFrame({"code": list("ABCD"), "k": [10, 7, 0, 9], "n": [11, 20, 9, 9]})
    frame = frame.assign(estimate=frame["k"] / frame["n"], low=0.1, high=0.9)
    for base in (None, "n"):
        shown = disclose(frame, PROMS, counts=["k"], base=base, parts=False)
        assert shown.hidden["k"].tolist() == [True, False, False, False]
        assert not shown.hidden["n"].any()  # nobody is told what a part and its whole add up to
        for column in ("estimate", "low", "high"):
            assert shown.hidden[column].tolist() == [True, False, False, False]


def test_an_interval_of_something_else_than_the_share_stays_with_its_base():
    frame = pd.DataFrame({"ward": list("ABC"), "n": [40, 50, 60], "n_missing": [3, 12, 20]})
    frame = frame.assign(share=frame["n_missing"] / frame["n"], mean=[1.0, 2.0, 3.0], low=0.5)
    shown = disclose(frame, PROMS, base="n", parts=False)
    assert shown.hidden["share"].tolist() == [True, False, False]
    assert not shown.hidden[["mean", "low"]].any(axis=None)


def test_three_counts_of_a_row_have_no_known_sum_where_two_of_them_are_everybody():
    """By hand: 90 + 10 is everybody in each row; the sum with a third count is told nowhere."""
    frame = pd.DataFrame({"what": list("ABC"), "count": [60, 20, 10], "n": 90, "n_missing": 10})
    shown = disclose(frame, PROMS, counts=["count"], base="count")
    assert [
        line for line in shown.counts["lines"] if len(line) == 3 and len({row for row, _ in line}) == 1
    ] == []


# By hand: half a step of 0.05 of 248 people is 6.2 of them, so ~0.00 is one to six; of 167 it would be 4.
def test_a_spread_before_a_share_of_a_few_stays_and_an_interval_behind_it_goes():
    rows = {"scale": ["a", "b"], "n": 248, "sd": 0.1, "top_share": [3 / 248, 0.5], "top_low": 0.0}
    shown = disclose(pd.DataFrame(rows), get_policy("nhs-proms"), base="n", parts=False)
    gone = shown.hidden[["sd", "top_share", "top_low"]].to_numpy().tolist()
    assert gone == [[False, True, True], [False, False, False]]


def test_a_rounded_count_that_an_exact_whole_cuts_off_goes():
    """25 is 23 to 27: of 26 in a title 0 to 3 are left. 20 of 26 and 245 of 248 leave five or more."""
    counts = {22.0: 1.0, 24.0: 1.0, 245.0: 1.0}
    assert too_alike(counts, get_policy("hes"), fixed={26, 248}) == {24}


def test_a_number_whose_interval_lies_below_zero_is_no_share():
    """0.2 of 25 would be 5 people; with -0.2 to 0.5 it is a correlation, and of nobody."""
    rows = pd.DataFrame({"label": ["new care"], "estimate": [0.2], "low": [-0.2], "high": [0.5], "n": [25]})
    hidden = disclose(rows, get_policy("nhs-proms"), counts=["n"], base="n").hidden
    assert not hidden.to_numpy().any()
    share = disclose(rows.assign(low=0.1), get_policy("nhs-proms"), counts=["n"], base="n").hidden
    assert share["estimate"].all()

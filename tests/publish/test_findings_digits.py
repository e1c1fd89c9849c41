"""Figures show their data to three significant digits or two where people are protected."""

import csv
import dataclasses
import io
import math

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from report_maker import door_of, make_study
from scipy.stats import t

from vbhc.publish.findings.made import coarse, coarse_costs, coarsened
from vbhc.publish.findings.show import show_result
from vbhc.publish.results import Result, Table
from vbhc.study.dictionary import Column


def test_worked_by_hand():
    numbers = pd.Series([80.269444, 0.09670512, -5.166667, 16000.0, 123456.4, 0.0, np.nan, 1.00004])
    assert coarse(numbers).tolist()[:6] == [80.3, 0.097, -5.17, 16000, 123000, 0]
    assert math.isnan(coarse(numbers)[6])
    assert coarse(numbers)[7] == 1
    assert coarse(pd.Series([0.998, 0.9712, 0.352])).tolist() == [0.998, 0.971, 0.35]


def test_amounts_under_a_thousand_have_two_digits():
    """A readmission day at 430: 358 a patient is one of 244, 245 or 246 patients, 360 is one of any."""
    shown = coarse_costs(pd.DataFrame({"cost": [358.0, 1038.0, 35.2], "mean": 358.0}), [])
    assert shown["cost"].tolist() == [360, 1040, 35]
    assert shown["mean"].tolist() == [358] * 3
    few = pd.DataFrame({"cost": [6274.0] * 3, "n": [70, 100, np.nan]})  # beside means of parts 6,270 tells
    assert coarse_costs(few, [])["cost"].tolist() == [6300, 6270, 6300]
    fitting = {
        half: [n for n in range(243, 251) if (mean + half) * n // 430 > (mean - half) * n // 430]
        for mean, half in ((358, 0.5), (360, 5.0))
    }
    assert fitting == {0.5: [244, 245, 246, 250], 5.0: list(range(243, 251))}


@settings(max_examples=200, deadline=None)
@given(st.floats(-1e9, 1e9).filter(lambda number: number == 0 or abs(number) > 1e-6))
def test_half_of_the_last_digit_is_the_most_that_changes(number):
    near = coarse(pd.Series([number]))[0]
    size = math.floor(math.log10(abs(number))) if number else 0
    digit = 10.0 ** (size - (2 if size >= 0 else 1))
    assert abs(near - number) <= digit / 2 * (1 + 1e-6)
    assert coarse(pd.Series([near]))[0] == near


def sizes_that_fit(r: float, p: str, places: int, sizes: range) -> list[int]:
    """Of how many people a correlation with so many decimals and a p (Student's t) can be."""
    half, half_p = 0.5 * 10.0**-places, 0.5 * 10.0 ** -(len(p) - 1)
    near = np.linspace(r - half, r + half, 2001)
    both = {n: 2 * t.sf(abs(near) * np.sqrt((n - 2) / (1 - near**2)), n - 2) for n in sizes}
    return [n for n, ps in both.items() if (abs(ps - float(p)) <= half_p).any()]


def test_a_p_value_does_not_say_of_how_many_people_a_correlation_is(tmp_path):
    """-.39 with p = .020 is of 35 or 36 people."""
    columns = {"with": ["cost", "gain"], "estimate": [-0.39, 0.04], "p": [0.0198, 0.554], "n": [36, 236]}
    frame = pd.DataFrame(columns)
    written = {}
    for policy in ("none", "nhs-proms"):
        door = door_of(make_study(tmp_path / policy, disclosure=policy), "03a-why")
        table = door.table("ties", frame, "Ties", counts=["n"], base="n")
        written[policy] = [row[2] for row in table["cells"]]
        drawn = door.figure("drawn", frame, lambda data, ax: None, "Ties", "Ties", counts=["n"], base="n")
        assert [row["p"] for row in csv.DictReader(io.StringIO(drawn["csv"]))] == written[policy]
    assert written == {"none": [".020", ".554"], "nhs-proms": [".02", ".55"]}
    assert sizes_that_fit(0.39, ".020", 2, range(10, 90)) == [35, 36]
    assert len(sizes_that_fit(0.4, ".02", 1, range(10, 90))) > 10  # as a tie of so few is written


def fifths(tmp_path, policy):
    """The means of five groups of 33 whose answers are ten items of 1 to 5, as data of a figure and drawn."""
    drawn = []
    frame = pd.DataFrame({"group": list("abcde"), "left": [0.12345] * 5, "estimate": 80.269444, "n": 33})
    door = door_of(make_study(tmp_path, disclosure=policy), "03-perception")
    made = door.figure(
        "by-fifth",
        frame,
        lambda data, ax: drawn.append(data),
        "By fifth",
        "Means",
        base="n",
        keep=["left"],
    )
    return next(csv.DictReader(io.StringIO(made["csv"]))), drawn[0].iloc[0]


def fitting(mean, decimals, around):
    """Numbers of people of whom a printed mean can be that of scores in steps of 100 / (4 * 360)."""
    step, half = 100 / (4 * 360), 0.5 * 10.0**-decimals
    return [n for n in around if abs(mean * n / step - round(mean * n / step)) <= half * n / step]


def test_a_mean_no_longer_tells_how_many_people_a_rounded_count_stands_for(tmp_path):
    row, drawn = fifths(tmp_path, "opensafely")
    assert (row["n"], row["estimate"], row["left"]) == ("35", "80.3000", "0.1235")
    assert drawn["estimate"] == 80.3
    assert drawn["left"] == 0.12345
    assert fitting(80.2694, 4, range(33, 38)) == [33]  # by hand: 80.2694 * 33 / 0.069444 = 38144.02
    assert fitting(80.3, 1, range(33, 38)) == [33, 34, 35, 36, 37]


def test_a_study_without_people_keeps_its_digits(tmp_path):
    row, drawn = fifths(tmp_path, "none")
    assert row["estimate"] == "80.2694"
    assert drawn["estimate"] == 80.269444


def test_a_figure_is_rounded_once():
    """2.946 is 2.9; by way of three digits, 2.95, it would be 3.0."""
    frame = pd.DataFrame({"estimate": [2.25], "low": [1.61], "high": [2.946], "n": [166]})
    assert coarsened(frame, ["n"])[["estimate", "low", "high"]].to_numpy().tolist() == [[2.2, 1.6, 2.9]]


def ages(tmp_path, policy):
    """Mean ages of 150, 18 and 27 people, as a table of 01 gives them."""
    study = make_study(tmp_path / policy, disclosure=policy)
    study = dataclasses.replace(study, dictionary={"age": Column("age", "Age", "integer", "years")})
    frame = pd.DataFrame({"who": ["a", "b", "c"], "n": [150, 18, 27], "age": [77.2267, 78.7778, 78.7778]})
    made = show_result(door_of(study, "01-cleaning"), Result("missing", table=Table(frame, "Who")))
    return [row["age"] for row in csv.DictReader(io.StringIO(made[-1]["csv"]))]


def test_a_mean_of_whole_years_does_not_tell_how_many_people_it_is_of(tmp_path):
    """By hand: 78.78 is of 18 (1418 years) or of 23 (1812), and of no others from 10 to 26."""

    def sizes(shown):
        half = 0.5 * 10.0 ** -len(shown.partition(".")[2])
        return [n for n in range(10, 27) if abs(round(float(shown) * n) / n - float(shown)) <= half]

    assert ages(tmp_path, "none") == ["77.23", "78.78", "78.78"]
    assert sizes("78.78") == [18, 23]
    for policy in ("nhs-proms", "hes", "acro"):
        assert ages(tmp_path, policy) == ["77.2", "79", "79"]
    assert len(sizes("79")) == 17


def test_mean_scores_of_few_people_have_a_decimal_less(tmp_path):
    """Means of all, of 43 who answered and of the others of 71 would say how many answered."""
    rows = pd.DataFrame(
        {"who": ["few", "many"], "n": [43, 143], "mean_start": [42.63, 42.63], "mean_gain": [0.123, 0.123]}
    )
    places = {"decimals": {"mean_start": 1, "mean_gain": 3}}
    cells = {
        policy: door_of(make_study(tmp_path, disclosure=policy)).table(
            "t", rows, "Means", base="n", **places
        )["cells"]
        for policy in ("none", "nhs-proms")
    }
    assert [row[2:] for row in cells["none"]] == [["42.6", "0.123"]] * 2
    assert [row[2:] for row in cells["nhs-proms"]] == [["43", "0.12"], ["42.6", "0.123"]]

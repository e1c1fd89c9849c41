"""The bars of few patients in a histogram, worked out from mean, spread and what the dearest carry."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from report_maker import door_of, make_study
from scipy.optimize import Bounds, LinearConstraint, milp

from vbhc.chapters.value.costs import bill
from vbhc.chapters.value.distribution import distribution_bins, plot_distribution
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.findings.bins import joined_bins
from vbhc.publish.findings.show import show_result

VQ = Definition("score", "gain", "score_change", "Score", "points", 1, "cost", "EUR", 2024, 1000)
MOST = 60.0  # thousands that any patient can have cost, as an outsider takes it
COSTS = pd.Series(np.r_[np.linspace(1.1, 5.9, 52), 7.2, 8.1, 9.4, 12.3, 17.8, 19.3, 22.1, 22.9]) * 1_000


def published(tmp_path, **rules):
    door = door_of(make_study(tmp_path, disclosure="nhs-proms"), "02a-costs")
    made = door.figure("cost", distribution_bins(COSTS), plot_distribution, "t", "a", counts=["n"], **rules)
    return list(csv.DictReader(io.StringIO(made["csv"])))


def open_values(rows, sums):
    """Return by withheld bin how many numbers of patients the sums of costs and of their squares leave.

    Nobody in a bin costs less than its left edge or more than its right one: sums have to lie between.
    """
    left = np.array([float(row["left"] or 0) / 1_000 for row in rows])
    right = np.array([float(row["right"] or MOST * 1_000) / 1_000 for row in rows])
    shown = [None if row["n"] == "*" else int(row["n"]) for row in rows]
    box = Bounds([1 if n is None else n for n in shown], [60 if n is None else n for n in shown])
    told = [LinearConstraint(np.ones(len(rows)), 60, 60)]
    for power, (low, high) in sums.items():
        told += [LinearConstraint(left**power, -np.inf, high), LinearConstraint(right**power, low, np.inf)]
    found = {}
    for place in (at for at, n in enumerate(shown) if n is None):
        aim = np.eye(len(rows))[place]
        ends = [milp(sign * aim, constraints=told, bounds=box, integrality=aim * 0 + 1).x for sign in (1, -1)]
        found[rows[place]["left"]] = round(ends[1][place] - ends[0][place]) + 1
    return found


def known_sums():
    """What a mean of three digits and the ends of its interval say of 60 costs."""
    thousands = COSTS / 1_000
    return {power: ((thousands**power).sum() * 0.99, (thousands**power).sum() * 1.01) for power in (1, 2)}


def test_the_dearest_are_not_counted_by_what_all_cost_together(tmp_path):
    each = open_values(published(tmp_path, keep=["left", "right"]), known_sums())
    assert min(each.values()) < 5  # every bin by itself: the attack works
    wide = open_values(published(tmp_path, keep=["left", "right"], bins=""), known_sums())
    assert min(wide.values()) >= 5


def test_the_log_does_not_tell_how_many_of_the_joined_bins_hold_somebody(tmp_path):
    door = door_of(make_study(tmp_path, disclosure="nhs-proms"), "02a-costs")
    rules = {"counts": ["n"], "keep": ["left", "right"], "bins": ""}
    made = door.figure("cost", distribution_bins(COSTS), plot_distribution, "t", "a", **rules)
    marks = list(csv.DictReader(io.StringIO(made["csv"])))
    gone = sum(row["n"] == "*" for row in marks)
    assert [one["cells"] for one in made["withheld"] if one["column"] == "n"] == [gone]


def test_neighbours_that_go_are_one_bin_and_the_outermost_have_no_end():
    bins = pd.DataFrame({"left": range(8), "right": range(1, 9), "n": [2, 9, 0, 7, 3, 0, 4, 0], "open": ""})
    wide, joined = joined_bins(bins, bins["n"].between(1, 5))
    assert wide["n"].tolist() == [2, 9, 0, 7, 7]
    assert joined.tolist() == [True, False, False, False, True]
    assert wide["left"].tolist()[1:] == [1, 2, 3, 4]
    assert wide["right"].tolist()[:4] == [1, 2, 3, 4]
    assert wide["left"].isna().tolist() == [True] + [False] * 4
    assert wide["right"].isna().tolist() == [False] * 4 + [True]


@pytest.mark.parametrize(("policy", "said"), [("none", True), ("nhs-proms", False), ("hes", False)])
def test_what_the_dearest_of_few_carry_is_not_said_where_their_bars_are_withheld(tmp_path, policy, said):
    result = bill.cost_by_patient(VQ, COSTS)
    sentence, figure = show_result(door_of(make_study(tmp_path, disclosure=policy)), result)
    assert ("Gini" in sentence["text"]) is said
    assert ("outermost bars are open" in figure["caption"]) is said


# A list of few prices, as for records of hip and knee operations: all that a patient's care can cost.
PRICES = {"operation": 6_300.0, "readmission": 3_400.0, "surgery": 5_100.0, "complication": 120.0}
SURGERY = {(0, 1, 0): 152, (0, 1, 1): 81, (1, 1, 0): 478}  # readmitted, operated on again, complications


def of_few_prices():
    """Costs by a price list, of 41,000 patients: two cost 13,820 without further surgery, 711 had it."""
    uses = SURGERY | {(0, 0, 0): 37_987, (0, 0, 1): 2_300, (2, 0, 6): 2}
    amounts = {one: float(np.dot([1, *one], [*PRICES.values()])) for one in uses}
    return pd.Series([amounts[one] for one, n in uses.items() for _ in range(n)])


@pytest.mark.parametrize("policy", ["none", "nhs-proms", "acro"])
def test_bars_of_a_price_list_do_not_add_up_to_who_used_a_thing(tmp_path, policy):
    """152 + x + 478 are the 711 with further surgery, and a second star is what all shown bars leave."""
    cost = of_few_prices()
    made = show_result(door_of(make_study(tmp_path, disclosure=policy)), bill.cost_by_patient(VQ, cost))[1]
    bars = [one for one in csv.DictReader(io.StringIO(made["csv"])) if one["part"] == "bins"]
    counts = [float(one["n"]) for one in bars]
    if policy == "none":
        assert {152, 81, 478} <= set(counts)
        assert sum(counts) == 41_000
        assert made["caption"] == "Each bar counts patients; the outermost bars are open."
        return
    # to the nearest hundred: no star is needed, and no bar is exact
    assert all(n % 100 == 0 for n in counts)
    assert not {152, 81, 478, 2} & set(counts)
    assert "each is given to the nearest 100 patients" in made["caption"]
    assert made["withheld"] == []


def test_bars_of_costs_that_all_differ_are_counted_as_they_are(tmp_path):
    result = bill.cost_by_patient(VQ, COSTS)
    made = show_result(door_of(make_study(tmp_path, disclosure="nhs-proms")), result)[1]
    assert [one["n"] for one in csv.DictReader(io.StringIO(made["csv"]))][:3] == ["*", "21", "21"]

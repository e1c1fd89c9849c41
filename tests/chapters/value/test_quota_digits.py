"""One value quota has one number of decimals wherever it stands, where people are protected.

Gains and costs of survivors and of the dead beside a quota with a decimal more give how many there are.
"""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest
from report_maker import door_of, make_study

from vbhc.chapters import value
from vbhc.chapters.value import costs
from vbhc.chapters.value.costs.prices import price_sensitivity
from vbhc.chapters.value.group_value import value_claim
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.soundness import five_checks, soundness
from vbhc.publish.findings.show import show_result
from vbhc.publish.results import Result
from vbhc.statistics.ratios.means import ratio_of_means

VQ = Definition("x", "gain", "x_change", "X, gain", "points", 1, "cost", "EUR", 2011, 1000.0)
N, DEAD = 193, 26
RNG = np.random.default_rng(5)
ITEMS = pd.DataFrame({"ward": RNG.gamma(2, 2000, N), "visits": RNG.gamma(2, 500, N), "tests": 60.0})
GAIN = pd.Series(np.where(np.arange(N) < DEAD, -23.2, RNG.normal(13, 20, N)))
COST = ITEMS.sum(axis=1)
PATIENTS = pd.DataFrame({"gain_counting_deaths": GAIN, "cost": COST})
RATIO = ratio_of_means(GAIN, COST, 1000)


def results():
    moved = value.if_prices_differ(PATIENTS, ITEMS, VQ, 0.2)
    parts = costs.without_each_part(GAIN, ITEMS)
    answer = costs.bill_answer(VQ, ITEMS, moved, parts, 0.2)
    return [
        price_sensitivity(moved, RATIO, VQ, 0.2),
        answer,
        Result("moved", says=costs.prices.most_moved(VQ, parts)),
    ]


def said(tmp_path, policy):
    """Return the value quota as each place writes it: a sentence, the data of a figure, two sentences."""
    door = door_of(make_study(tmp_path / policy, disclosure=policy), "02a-costs")
    told, *_ = show_result(door, Result("value", says=[value_claim(VQ, RATIO)]))
    drawn, answer, moved = (show_result(door, one)[0] for one in results())
    rows = list(csv.DictReader(io.StringIO(drawn["csv"])))
    sizes = {float(row["estimate"]) for row in rows}
    assert {row["low"] == row["high"] for row in rows} == {False}
    headline = re.search(r"was ([\d.]+) points", told["text"])[1]
    assert ("were all prices" in answer["text"]) == (policy == "none")
    return headline, sizes, re.search(r"goes from ([\d.]+) to", moved["text"])[1]


@pytest.mark.parametrize("policy", ["nhs-proms", "hes", "acro"])
def test_the_value_quota_has_the_same_digits_everywhere(tmp_path, policy):
    headline, sizes, start = said(tmp_path, policy)
    assert start == headline
    assert sizes == {float(headline)}
    assert len(said(tmp_path, "none")[2]) > len(start)


def dead_that_fit(quota):
    """Return the numbers of dead that means as shown and a quota leave, of 193 of whom 1 to 5 lack a cost."""
    half = 0.5 * 10.0 ** -len(quota.partition(".")[2])
    means = [
        (g, c, s, k)
        for g in (12.95, 13.05)
        for c in (5.775, 5.785)
        for s in (23.15, 23.25)
        for k in (8.035, 8.045)
    ]
    found = set()
    for dead in range(16, 37):
        for alive in range(N - dead - 5, N - dead):
            ends = [(g * alive - s * dead) / (c * alive + k * dead) for g, c, s, k in means]
            if min(ends) <= float(quota) + half and max(ends) >= float(quota) - half:
                found.add(dead)
    return found


def test_a_decimal_more_would_tell_how_many_of_the_dead_are_counted():
    true = (13.0 * 165 - 23.2 * DEAD) / (5.78 * 165 + 8.04 * DEAD)
    assert [len(dead_that_fit(f"{true:.{places}f}")) for places in (3, 2, 1)] == [1, 1, 4]


@pytest.mark.parametrize(("policy", "digits"), [("none", 3), ("nhs-proms", 2)])
def test_the_mean_of_quotas_gives_the_ratio_of_means_no_digit_more(tmp_path, policy, digits):
    door = door_of(make_study(tmp_path, disclosure=policy), "02b-soundness")
    checks = soundness(GAIN, COST, None, 1000, 20, 1)
    frame = PATIENTS.assign(gain=GAIN, died=False)
    made = show_result(door, five_checks(frame, checks))[-1]
    *_, last = csv.DictReader(io.StringIO(made["csv"]))
    numbers = re.findall(r"(?:is|means|:) ([\d.]+)", last["sentence"])
    assert [len(number.replace(".", "").lstrip("0")) for number in numbers] == [digits] * 3
    assert len(last["estimate"].replace(".", "")) == digits

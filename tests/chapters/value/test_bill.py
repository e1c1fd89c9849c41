"""The bill under a policy: shares of costs are no shares of people, and mean costs have three digits."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from report_maker import door_of, make_study

from vbhc import vocabulary
from vbhc.chapters.value.costs import bill, prices
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.findings.show import show_result

VQ = Definition("score", "gain", "score_change", "Score", "points", 1, "cost", "EUR", 2024, 1000)
RNG = np.random.default_rng(4)
ITEMS = pd.DataFrame({"ward": RNG.gamma(2, 2500, 240), "drugs": RNG.gamma(2, 200, 240)})
ITEMS["visits"] = np.where(RNG.random(240) < 0.3, 420.0, 0.0)
PARTS = ITEMS[["ward"]].assign(others=ITEMS["drugs"] + ITEMS["visits"])
TABLES = {
    "cost-drivers": lambda: prices.cost_drivers(None, VQ, ITEMS),
    "components": lambda: bill.components(VQ, PARTS, ITEMS),
    "resources": lambda: bill.resources(VQ, ITEMS, PARTS),
}


def rows(tmp_path, policy, name):
    """Return a table as it is published."""
    shown = show_result(door_of(make_study(tmp_path, disclosure=policy)), TABLES[name]())
    return list(csv.DictReader(io.StringIO(shown[-1]["csv"])))


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("policy", ["nhs-proms", "hes", "opensafely"])
def test_a_share_of_the_bill_is_what_it_is_under_every_policy(tmp_path, policy, name):
    shares = {column for column in rows(tmp_path, "none", name)[0] if vocabulary.by_role([column], "share")}
    assert shares
    for exact, shown in zip(rows(tmp_path, "none", name), rows(tmp_path, policy, name), strict=True):
        assert {column: shown[column] for column in shares} == {column: exact[column] for column in shares}


@pytest.mark.parametrize("name", TABLES)
def test_mean_costs_have_three_digits_or_two_where_people_are_protected(tmp_path, name):
    exact = [float(row["cost"]) for row in rows(tmp_path, "none", name)]
    shown = [float(row["cost"]) for row in rows(tmp_path, "nhs-proms", name)]
    assert shown == [float(f"{cost:.{3 if cost >= 1000 else 2}g}") for cost in exact]
    assert shown != exact


def test_a_mean_cost_does_not_tell_how_many_used_something_twice():
    """41 of 69 had one examination at 120, and 2 of these a second: 75 a patient are 42.8 to 43.4 of them."""
    items = pd.DataFrame({"ward": 2_000.0, "echo": np.r_[[240.0] * 2, [120.0] * 39, [0.0] * 28]})
    shown = prices.coarse_items(prices.largest_items(items), items).protected.set_index("item")["cost"]
    assert shown["ward"] == 2_000
    ends = [(shown["echo"] + way * 5) * 69 / 120 for way in (-1, 1)]
    assert (shown["echo"], ends[1] - ends[0] > 5) == (70, True)


def test_mean_costs_of_few_patients_do_not_say_how_many_have_a_cost():
    """39 days at 2,300 are 997 of 90 patients: to the nearest ten that is of 90 or 92 of 88 to 93."""
    items = pd.DataFrame({"intensive care": np.r_[[3 * 2_300.0] * 13, [0.0] * 77]})
    shown = prices.coarse_items(prices.largest_items(items), items).protected["cost"][0]

    def sizes(low, high):
        return [n for n in range(88, 94) if any(low <= 2_300 * days / n < high for days in range(60))]

    assert sizes(995, 1_005) == [90, 92]
    assert sizes(shown - 50, shown + 50) == list(range(88, 94))


@pytest.mark.parametrize(
    ("price", "users", "n"), [(2_300.0, 28, 70), (120.0, 40, 69), (12.0, 60, 248), (4_800.0, 31, 118)]
)
def test_a_mean_cost_in_steps_fits_any_number_of_people(price, users, n):
    """A step holds what one use adds to the mean: some whole number of uses fits each number of people."""
    items = pd.DataFrame({"item": np.r_[np.full(users, price), np.zeros(n - users)]})
    shown = prices.coarse_items(prices.largest_items(items), items).protected["cost"][0]
    step = 10 ** np.ceil(np.log10(price / n))
    for people in range(n - 9, n + 10):
        uses = np.arange(0, 3 * people)
        assert (abs(price * uses / people - shown) <= step / 2 * (1 + 1e-9) + price / people / 2).any()
        assert step >= price / n
    assert abs(shown - price * users / n) <= max(step, 0.05 * shown)


def test_the_title_of_the_bill_is_of_the_numbers_that_are_drawn(tmp_path):
    result = bill.cost_by_patient(VQ, ITEMS.sum(axis=1))
    exact, near = (
        [
            one.get("title", one.get("text"))
            for one in show_result(door_of(make_study(tmp_path, disclosure=policy)), result)
        ]
        for policy in ("none", "nhs-proms")
    )
    mean = ITEMS.sum(axis=1).mean()
    rough = f"{float(f'{mean:.2g}'):,.0f}"  # of all: beside the means of parts it tells who lacks a cost
    assert exact[1].endswith(f"the mean was EUR {mean:,.0f}")
    assert near[1].endswith(f"the mean was EUR {rough}")
    assert [f" was {size} (" in text for size, text in ((f"{mean:,.0f}", exact[0]), (rough, near[0]))] == [
        True
    ] * 2


@pytest.mark.parametrize("name", TABLES)
def test_a_small_count_of_users_takes_no_other_one_with_it(tmp_path, name, monkeypatch):
    """Who used one resource used others too: no sum of users is known, from which a few could follow."""
    few = ITEMS["visits"].where(ITEMS.index < 8, 0.0)
    monkeypatch.setitem(ITEMS, "visits", few)
    shown = {next(iter(row.values())): row["n_users"] for row in rows(tmp_path, "nhs-proms", name)}
    assert 0 < (few > 0).sum() < 6
    assert list(shown.values()).count("*") == int("visits" in shown)


def test_a_component_of_one_resource_counts_the_same_people_as_that(tmp_path):
    parts = ITEMS[["ward", "visits"]].set_axis(["ward", "readmission"], axis=1)
    rules = bill.components(VQ, parts, ITEMS).table.rules
    assert rules["called"] == {"ward": "ward", "readmission": "visits"}

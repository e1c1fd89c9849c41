"""The notebooks' one-line answers and the results by group: words that follow the numbers."""

import numpy as np
import pandas as pd
import pytest

from vbhc.chapters import value
from vbhc.chapters.value import groups
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import render
from vbhc.study import Study
from vbhc.study.config import Config, Group, InstrumentUse, Visit

VQ = Definition("x", "gain", "x_change", "X, gain", "points", 1, "cost", "EUR", 2011, 1000.0)


@pytest.fixture
def study(tmp_path):
    split = {"arm": Group("arm", "Arm", "arm"), "provider": Group("provider", "Provider", "provider")}
    visits = {"baseline": Visit("before"), "6m": Visit("after", 6)}
    use = {"eq5d": InstrumentUse("eq5d-3l", "eq5d_{item}", value_set="3l-tto-uk")}
    return Study("s", tmp_path, Config("t", visits=visits, groups=split, instruments=use), {})


@pytest.fixture
def patients():
    rng = np.random.default_rng(5)
    n = 60
    outcome = rng.normal(10, 5, n)
    return pd.DataFrame(
        {
            "arm": ["new", "old"] * (n // 2),
            "provider": "P1",
            "outcome": outcome,
            "cost": rng.lognormal(8, 0.5, n),
            "perceived": outcome + rng.normal(0, 5, n),
        }
    )


def test_a_few_providers_are_shown_and_many_are_not_ranked(study, patients):
    assert list(groups.splits(study, patients)) == ["Arm", "Provider"]
    many = patients.assign(provider=[f"P{n % 13}" for n in range(len(patients))])
    assert list(groups.splits(study, many)) == ["Arm"]


def test_ratio_of_each_group_is_the_ratio_of_its_sums(study, patients):
    """All outcome over all cost of a group, per 1,000: the definition of a ratio of means."""
    table = groups.ratio_by_groups(study, patients, patients, per=1000).set_index("group")
    new = patients[patients["arm"] == "new"]
    assert table.loc["new", "estimate"] == pytest.approx(1000 * new["outcome"].sum() / new["cost"].sum())
    assert table.loc[["new", "old"], "n"].tolist() == [30, 30]


def test_groups_too_small_are_left_out_and_said(study, patients):
    few = patients.head(9)
    assert groups.ratio_by_groups(study, few, few, per=1000).empty
    assert value.value_by_group(VQ, patients, pd.DataFrame()) is None


def levels(estimates, errors):
    frame = pd.DataFrame({"group": list("abc")[: len(estimates)], "estimate": estimates})
    apart = groups._errors(frame["estimate"].to_numpy(), np.diag(np.square(errors)))
    return frame.assign(split="Arm", n=30, **apart)


def said_of(table):
    """What is said of levels by the page, as its reader sees it."""
    seen = pd.DataFrame({"gain_counting_deaths": [1.0], "gain": [1.0], "cost": [1.0], "died": [False]})
    shown = table.assign(low=0.0, high=9.0, ci_kind="bounded")
    (only,) = value.value_by_group(VQ, seen, shown).says
    return only if isinstance(only, str) else render(only)


def test_two_groups_are_compared_by_their_difference_not_by_overlap():
    """Estimates 1 and 2, standard errors 0.3: each interval reaches the other's side, the difference does not
    hold zero: 1 +- 1.96 x sqrt(0.18) = 0.17 to 1.83."""
    text = said_of(levels([2.0, 1.0], [0.3, 0.3]))
    assert text.startswith(
        "By arm, the mean gain on the X per EUR 1,000 was 1.00 higher for a than for b (0.17"
    )
    assert "n = " not in text  # under a policy their sum is that of all
    assert "cannot be told apart between a and b" in said_of(levels([2.0, 1.0], [0.5, 0.5]))
    assert "lower for a than for b" in said_of(levels([1.0, 2.0], [0.3, 0.3]))


def test_more_groups_are_compared_by_cochrans_q():
    """Estimates 1, 2, 3, standard error 1: Q = 1 + 0 + 1 = 2 on 2 degrees of freedom, p = exp(-1)."""
    text = said_of(levels([1.0, 2.0, 3.0], [1.0] * 3))
    assert text.startswith("By arm it runs from 1.00 (a) to 3.00 (c) points per EUR 1,000")
    assert "Q = 2.0 on 2 degrees of freedom, p = .368" in text
    assert "as much as chance alone could make" in text
    assert "more than chance alone would make" in said_of(levels([1.0, 2.0, 3.0], [0.2] * 3))


def test_the_more_splits_are_looked_at_the_less_stands():
    """Estimates 1, 2, 3, errors of 0.5: Q = 2 / 0.25 = 8, p = exp(-4) = .018; twice that over two splits."""
    seen = pd.DataFrame({"gain_counting_deaths": [1.0], "gain": [1.0], "cost": [1.0], "died": [False]})
    one = levels([1.0, 2.0, 3.0], [0.5] * 3).assign(low=0.0, high=9.0, ci_kind="bounded")
    none = levels([1.0, 1.0, 1.0], [0.5] * 3).assign(low=0.0, high=9.0, ci_kind="bounded")
    two = pd.concat([one, none.assign(split="Ward")])
    said = value.value_by_group(VQ, seen, two).says
    assert "more than chance alone would make" in said[0]
    assert "p = .037 after Holm's correction over 2 splits" in said[0]
    four = pd.concat([two, none.assign(split="Sex"), none.assign(split="Class")])
    said = value.value_by_group(VQ, seen, four).says
    assert "undecided after correction, since chance makes some split stand out among several" in said[0]
    assert "p = .073" in said[0]


def test_a_difference_of_two_levels_is_corrected_too():
    """1 +- 1.96 x sqrt(0.18) does not hold zero, z = 2.357, p = .0184; four splits make .074 of it."""
    seen = pd.DataFrame({"gain_counting_deaths": [1.0], "gain": [1.0], "cost": [1.0], "died": [False]})
    ends = {"low": 0.0, "high": 9.0, "ci_kind": "bounded"}
    apart = levels([2.0, 1.0], [0.3, 0.3]).assign(**ends)
    alike = [levels([1.0, 1.0], [0.3, 0.3]).assign(**ends, split=name) for name in ("Ward", "Sex", "Class")]
    first, second, *_ = map(render, value.value_by_group(VQ, seen, pd.concat([apart, *alike])).says)
    assert "whether the mean gain on the X per EUR 1,000 differs between a and b is undecided" in first
    assert "p = .074 after Holm's correction over 4 splits" in first
    assert "cannot be told apart" in second


def test_standard_error_is_fiellers_for_a_distant_zero(study, patients):
    """With a mean cost far from zero the Fieller interval is about estimate +- 1.96 standard errors."""
    table = groups.ratio_by_groups(study, patients, patients, per=1000)
    half = (table["high"] - table["low"]) / 2
    assert half.tolist() == pytest.approx((1.96 * table["standard_error"]).tolist(), rel=0.1)


def test_association_within_groups_equals_the_coefficient_on_their_rows(study, patients):
    table = groups.association_by_groups(study, patients, patients["perceived"], patients["outcome"])
    old = patients[patients["arm"] == "old"]
    expected = old["perceived"].corr(old["outcome"], method="spearman")
    assert table.set_index("group").loc["old", "estimate"] == pytest.approx(expected)

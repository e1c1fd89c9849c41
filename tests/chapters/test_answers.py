"""The notebooks' one-line answers and the results by group: words that follow the numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from vbhc.chapters import value
from vbhc.chapters.value import groups
from vbhc.chapters.value.quota.declared import Definition
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
    table = groups.by_groups(study, seen(patients), VQ).set_index("group")
    new = patients[patients["arm"] == "new"]
    assert table.loc["new", "estimate"] == pytest.approx(1000 * new["outcome"].sum() / new["cost"].sum())
    assert table.loc[["new", "old"], "n"].tolist() == [30, 30]


def seen(patients):
    return patients.assign(gain_counting_deaths=patients["outcome"], gain=patients["outcome"], died=False)


def test_groups_too_small_are_left_out_and_said(study, patients):
    few = patients.head(9)
    assert groups.by_groups(study, seen(few), VQ).empty
    assert value.value_by_group(VQ, seen(few), groups.by_groups(study, seen(few), VQ)) is None


def test_the_error_is_fiellers_for_a_distant_zero(study, patients):
    """With a mean cost far from zero the Fieller interval is about estimate +- 1.96 standard errors."""
    row = groups.by_groups(study, seen(patients), VQ).set_index("group").loc["old"]
    old = patients[patients["arm"] == "old"]
    ratio, error, n = groups.ratio_and_error(old["outcome"], old["cost"], VQ.per)
    assert (ratio, n) == (pytest.approx(row["estimate"]), row["n"])
    assert (row["high"] - row["low"]) / 2 == pytest.approx(1.96 * error, rel=0.1)


def test_association_within_groups_equals_the_coefficient_on_their_rows(study, patients):
    table = groups.association_by_groups(study, patients, patients["perceived"], patients["outcome"])
    old = patients[patients["arm"] == "old"]
    expected = old["perceived"].corr(old["outcome"], method="spearman")
    assert table.set_index("group").loc["old", "estimate"] == pytest.approx(expected)


def test_a_level_that_is_a_number_keeps_its_name_where_others_are_missing(study, patients):
    """Fifths of deprivation stood as 1.0 to 5.0 on 02c and 03c, and as 1 to 5 on 05b."""
    numbered = patients.assign(arm=patients["arm"].map({"old": 1.0, "new": 2.0}).mask(patients.index == 0))
    table = groups.association_by_groups(study, numbered, patients["perceived"], patients["outcome"])
    assert {"1", "2"} <= set(table["group"])
    assert {"1", "2"} <= set(groups.by_groups(study, seen(numbered), VQ)["group"])


def known_of(**levels):
    """By level of how many patients something is known, and of how many it is not."""
    sizes = pd.DataFrame(levels, index=["known", "unknown"])
    level = [name for name in sizes for n in sizes[name] for _ in range(n)]
    known = [way == "known" for name in sizes for way, n in sizes[name].items() for _ in range(n)]
    return pd.Series(known), pd.Series(level)


@pytest.mark.parametrize(
    ("policy", "levels", "told"),
    [
        ("none", {"II": (10, 1), "III": (16, 6), "IV": (9, 9)}, {"II", "III"}),
        # 10 of 11, and a row says that 10 are known at least: 0 or 1 is not
        ("nhs-proms", {"II": (10, 1), "III": (16, 6), "IV": (15, 3)}, {"III", "IV"}),
        ("nhs-proms", {"II": (10, 5), "III": (10, 0)}, {"II", "III"}),
        # 48 - 12 - 11 are known of three wards that are left out: 7, 8 or 9 of each
        ("acro", {"A": (12, 9), "D": (11, 9), "B": (7, 9), "C": (9, 9), "E": (9, 9)}, {"A"}),
        ("acro", {"A": (12, 9), "D": (11, 9), "B": (7, 9), "C": (2, 9), "E": (9, 9)}, {"A", "D"}),
    ],
)
def test_that_a_level_is_shown_says_not_how_few_of_it_are_unknown(study, policy, levels, told):
    held = replace(study, config=replace(study.config, disclosure=policy))
    assert groups.levels_told(*known_of(**levels), held) == told

"""The value of a group with its deaths: who is in it, what is said of it, and what contradicting data do."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from vbhc import cleaning
from vbhc.chapters import value
from vbhc.chapters.cleaning import fates
from vbhc.chapters.value.better import BETTER, DIED, SIMILAR, UNKNOWN, WORSE
from vbhc.chapters.value.group_value import SILENT, value_rows, who_counts
from vbhc.chapters.value.opening import worst_score
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.soundness import follows
from vbhc.publish.claims import render
from vbhc.publish.disclosure.policies import OPEN, get_policy
from vbhc.publish.disclosure.said import may_say
from vbhc.publish.either import picked
from vbhc.publish.findings.show import under
from vbhc.statistics import ratios
from vbhc.study import Study
from vbhc.study.config import Config, Cost, Group, InstrumentUse, ValueQuota, Visit

COLUMNS = pd.DataFrame(
    [
        ("kccq_os_baseline", "KCCQ", "points (0-100)", 0, 100, "higher is better"),
        ("kccq_os_6m", "KCCQ", "points (0-100)", 0, 100, "higher is better"),
        ("kccq_os_change", "KCCQ", "points", -100, 100, "higher is better"),
        ("mlhfq_6m", "MLHFQ", "points (0-105)", 0, 105, "lower is better"),
    ],
    columns=["name", "label", "unit", "min", "max", "direction"],
)
VQ = Definition(
    "kccq_os", "gain", "kccq_os_change", "KCCQ, gain", "points", 1, "cost_eur_2011", "EUR", 2011, 1000.0
)
NOTHING = pd.DataFrame(columns=["estimate", "low", "high", "n", "n_missing"])


@pytest.fixture
def study(tmp_path):
    config = Config(
        "t",
        visits={"baseline": Visit("before"), "6m": Visit("after", 6)},
        instruments={
            "kccq": InstrumentUse("kccq23", "kccq_{item}"),
            "eq5d": InstrumentUse("eq5d-3l", "eq_{item}", value_set="GB"),
        },
        groups={"arm": Group("arm", "Arm", "arm", "old")},
        cost=Cost("EUR", 2011, "hospital", "unit_costs.csv", {"ward": ("day",)}, lines="lines"),
        value_quota=ValueQuota("kccq_os"),
        deaths="dead_6m",
    )
    return Study("s", tmp_path, config, {})


@pytest.fixture
def load(study, monkeypatch):
    """Return the patients as the value quota sees them, from rows of start, end, cost and death."""

    def loaded(rows):
        table = pd.DataFrame(
            rows, columns=["kccq_os_baseline", "kccq_os_6m", "cost_eur_2011", "dead_6m"]
        ).astype({"kccq_os_baseline": float, "kccq_os_6m": float, "cost_eur_2011": float})
        table["kccq_os_change"] = table["kccq_os_6m"] - table["kccq_os_baseline"]
        monkeypatch.setattr(cleaning, "load_patients", lambda _: table)
        monkeypatch.setattr(cleaning, "load_columns", lambda _: COLUMNS)
        return value.load_patients(study, value.define(study))

    return loaded


# Gains of 20 and -5; one died at a start of 40; one is alive and silent; one has no known cost.
FIVE = [
    (50, 70, 1000, "no"),
    (60, 55, 3000, "no"),
    (40, np.nan, 2000, "yes"),
    (30, np.nan, 500, "no"),
    (20, 30, np.nan, "no"),
]


def test_whoever_died_has_the_worst_score_at_the_end_and_nobody_else_is_filled_in(load):
    patients = load(FIVE)
    assert patients["gain"].tolist() == pytest.approx([20, -5, np.nan, np.nan, 10], nan_ok=True)
    assert patients["gain_counting_deaths"].tolist() == pytest.approx([20, -5, -40, np.nan, 10], nan_ok=True)
    everyone = ratios.ratio_of_means(
        patients["gain_counting_deaths"], patients["cost"], 1000, n_resamples=20
    ).iloc[0]
    assert everyone["reason"].startswith("Only 3 patients have")  # 20 - 5 - 40 over 1,000 + 3,000 + 2,000


def test_the_worst_score_follows_the_direction_of_the_scale(study, load):
    load(FIVE)
    assert worst_score(study, VQ, cleaning.load_columns(study)) == 0
    down = Definition("mlhfq", "gain", "mlhfq_change", "M", "points", -1, "cost", "EUR", 2011, 1000.0)
    assert worst_score(study, down, cleaning.load_columns(study)) == 105
    index = Definition("eq5d_index", "gain", "x", "E", "points", 1, "cost", "EUR", 2011, 1000.0)
    assert (
        worst_score(study, index, cleaning.load_columns(study)) == 0
    )  # dead is 0, though states may be worse


def test_whoever_answered_and_died_later_keeps_the_answer(load):
    patients = load([(50, 70, 1000, "yes")])
    assert patients["gain_counting_deaths"].tolist() == [20]


def test_who_counts_adds_up_to_everybody(load):
    patients = load(FIVE)
    counted = who_counts(patients)
    assert counted.n == 3
    assert counted.among == {"deaths counted at the worst score": 1}
    assert counted.without == {"without a known outcome": 1, "who died": 0, "without a known cost": 1}
    alone = who_counts(patients, "gain")
    assert (alone.n, alone.among) == (2, {})
    assert alone.without == {"without a known outcome": 1, "who died": 1, "without a known cost": 1}
    for one in (counted, alone):
        assert one.n + sum(one.without.values()) == len(patients)


def test_a_sum_of_two_groups_is_counted_only_where_nobody_is_protected(study, load):
    """Those known or died less those known are those who died: 3 - 2 = 1."""
    patients = load(FIVE)
    result = value.counted_table(study, value.define(study), patients)
    whole, protected = (under(result, get_policy(name)).table for name in ("none", "nhs-proms"))
    assert whole.frame.set_index("who").loc["Known or died", "n"] == 3
    assert protected.frame["who"].tolist() == whole.frame["who"].tolist()[:-1]
    assert len(protected.rules["contributions"]["mean_cost"]) == len(protected.frame)


def test_who_did_not_answer_is_one_count_on_both_pages(study, load):
    """One page told 8 who died and a mask, the other 15 and a mask: with "~60" they left 1 to 4 of 78."""
    patients = load(FIVE)
    rules = value.counted_table(study, value.define(study), patients).table.rules
    assert rules["called"] == {SILENT: fates.SILENT}


def test_courses_by_hand(study, load):
    """5 points matter (Spertus 2020): 20 better, -5 worse; 4 the same; died; silent."""
    patients = load([*FIVE, (50, 54, 100, "no")])
    vq = dataclasses.replace(VQ, mcid=5)
    found = value.courses(study, patients, vq).tolist()
    assert found == [BETTER, WORSE, DIED, UNKNOWN, BETTER, SIMILAR]
    first, lost = value.got_better(VQ, pd.Series(found)).says
    assert (first.k, first.n) == (2, 5)
    assert first.counted.without == {"without a known outcome": 1}
    assert (lost.k, lost.n) == (2, 5)
    assert lost.what.endswith("or died")
    nobody_died = value.got_better(VQ, pd.Series([BETTER, WORSE])).says[1]
    assert "died" not in nobody_died.what


def ratio(estimate, low, high, n=50, kind="bounded", reason=""):
    row = {"estimate": estimate, "low": low, "high": high, "n": n, "ci_kind": kind, "reason": reason}
    return pd.DataFrame([row])


def seen(died=True, n=60):
    """Patients of whom the first ten died, or nobody did."""
    dead = pd.Series(np.arange(n) < (10 if died else 0))
    gain = pd.Series([1.0] * n)
    frame = {"gain": gain.mask(dead), "gain_counting_deaths": gain, "cost": 1000.0, "died": dead}
    return pd.DataFrame(frame)


def test_the_answer_names_the_value_with_its_deaths_first():
    said = value.value_answer(
        VQ, seen(), value_rows(seen(), ratio(2.25, 1.6, 3.0), ratio(1.33, 0.7, 1.9))
    ).says
    first = render(said[0])
    assert first.startswith("Per EUR 1,000 spent, the mean gain on the KCCQ was 1.33 points (0.7")
    assert "with 10 deaths counted at the worst score" in first
    assert picked(said[1], OPEN).startswith("Among survivors who answered it was 2.2")


def test_without_deaths_the_answer_speaks_of_none():
    said = value.value_answer(
        VQ, seen(False), value_rows(seen(False), ratio(2.25, 1.6, 3.0), ratio(2.25, 1.6, 3.0))
    ).says
    assert "death" not in render(said[0])
    assert said[1] == ""


@pytest.mark.parametrize(
    ("alone", "counted", "words"),
    [
        ((2.0, 1.0, 3.0), (1.0, 0.5, 1.5), "is 50% lower with deaths counted than among survivors"),
        ((2.0, 1.0, 3.0), (-1.0, -2.0, -0.5), "with deaths counted, the mean gain on the KCCQ was -1.0"),
        ((-1.0, -2.0, -0.5), (-2.0, -3.0, -1.0), "with deaths counted, the mean gain on the KCCQ was -2.0"),
    ],
)
def test_a_share_is_never_told_of_a_loss(alone, counted, words):
    drawn = value.group_value(VQ, value_rows(seen(), ratio(*alone), ratio(*counted))).drawing
    title = render(picked(drawn.title, OPEN), numbers=False)
    assert words in title
    assert "-50%" not in title


def test_rows_add_people_and_the_number_to_quote_is_told():
    filled = pd.DataFrame([{"estimate": 1.2, "low": 0.6, "high": 1.8, "n": 80, "n_missing": 20}])
    rows = value_rows(seen(), ratio(2.25, 1.6, 3.0, 50), ratio(1.33, 0.7, 1.9, 60), filled)
    assert rows["n"].tolist() == [50, 60, 80]
    assert rows["label"].str.extract(r"\((\d+)\)")[0].astype(int).tolist() == [50, 60, 80]


# --- prices ---


def test_another_price_by_its_closed_form():
    """Ward 600 and drugs 400 of 1,000, a gain of 5: dearer by a fifth, 5,000 / 1,120 and 5,000 / 1,080."""
    frame = seen(False, 4).assign(gain_counting_deaths=5.0)
    items = pd.DataFrame({"ward": [600.0] * 4, "drugs": [400.0] * 4})
    table = value.if_prices_differ(frame, items, VQ, 0.2).set_index("label")
    assert table["estimate"].tolist() == pytest.approx([5, 5, 5])
    assert table.loc["ward", ["low", "high"]].tolist() == pytest.approx([5000 / 1120, 5000 / 880])
    assert table.loc["drugs", ["low", "high"]].tolist() == pytest.approx([5000 / 1080, 5000 / 920])
    everything = table.loc["all prices at once", ["low", "high"]].tolist()
    assert everything == pytest.approx([5 / 1.2, 5 / 0.8])
    one = value.if_prices_differ(frame, items, VQ, 0.2, top=1)
    assert one["label"].tolist() == ["ward", "the other one", "all prices at once"]


# --- two ways of care ---


def two_arms(n=20, seed=1):
    rng = np.random.default_rng(seed)
    arm = pd.Series(["new", "old"] * n)
    gain = pd.Series(rng.normal(10, 5, 2 * n))
    cost = pd.Series(rng.uniform(900, 1100, 2 * n))
    died = pd.Series(range(2 * n)) < 6
    counted = gain.mask(died, -30.0)
    return pd.DataFrame(
        {"arm": arm, "gain": gain.where(~died), "gain_counting_deaths": counted, "cost": cost, "died": died}
    )


def test_arms_difference_is_new_less_reference_by_the_delta_method(study):
    patients = two_arms()
    table = value.arms_difference(study, patients, VQ).set_index("counted")
    assert table.index.tolist() == ["survivors", "deaths counted"]
    row = table.loc["deaths counted"]
    parts = {}
    for name, own in patients.groupby("arm"):
        estimate = 1000 * own["gain_counting_deaths"].mean() / own["cost"].mean()
        left = (
            own["gain_counting_deaths"]
            - own["gain_counting_deaths"].mean() / own["cost"].mean() * own["cost"]
        )
        parts[name] = estimate, (1000 * left.std() / own["cost"].mean()) ** 2 / len(own)
    assert row["estimate"] == pytest.approx(parts["new"][0] - parts["old"][0])
    half = 1.959964 * (parts["new"][1] + parts["old"][1]) ** 0.5
    assert row["high"] - row["estimate"] == pytest.approx(half, rel=1e-5)


def test_what_survivors_alone_say_has_the_digits_of_its_interval_where_people_are_protected(study):
    turned = value.arms_in_a_sentence(value.arms_difference(study, two_arms(), VQ), VQ).says[1]
    full, few = (picked(turned, get_policy(name)) for name in ("none", "nhs-proms"))
    exact, coarse = ([float(one) for one in re.findall(r"-?[\d.]*\d", said)] for said in (full, few))
    assert len(exact) == len(coarse) == 3
    assert coarse == [pytest.approx(one, abs=0.51) for one in exact]  # an interval of 6 units and more
    assert [number for number in coarse if number != round(number)] == []


def test_small_or_missing_arms_give_no_comparison(study):
    assert value.arms_difference(study, two_arms(4), VQ).empty
    assert value.arms_in_a_sentence(pd.DataFrame(), VQ) is None
    alone = two_arms().assign(arm="old")
    assert value.arms_in_a_sentence(value.arms_difference(study, alone, VQ), VQ) is None


# --- what a quota follows, and what readers are told ---


def reciprocal(outcome=0.8, cost=0.3, reason=""):
    return pd.DataFrame([{"pearson_outcome": outcome, "pearson_reciprocal": cost, "reason": reason}])


def paradox(worse, n=50, low=0.2, reason=""):
    row = {"n": worse, "n_all": n, "estimate": 0.5, "low": low, "high": 0.7, "reason": reason}
    return pd.DataFrame([row])


@pytest.mark.parametrize(
    ("outcome", "cost", "words"),
    [
        (0.85, 0.31, "follows mainly the outcome"),
        (0.31, 0.85, "mostly one over the cost"),
        (0.5, 0.5, "mixes outcome and cheapness"),
        (-0.85, -0.31, "follows mainly the outcome"),
    ],
)
def test_what_a_quota_follows_goes_by_the_larger_correlation(outcome, cost, words):
    assert words in follows(reciprocal(outcome, cost), paradox(10), VQ).says[0]


def test_nobody_is_warned_of_losses_that_nobody_had():
    says = follows(reciprocal(), paradox(0), VQ).says
    assert len(says) == 1
    told = [picked(one, OPEN) for one in follows(reciprocal(), paradox(10), VQ).says]
    assert told[1].reason.startswith(
        "Do not rank those who lost, by however little (10 of 50, 20%): a loss over"
    )
    assert "rose" in render(told[2])
    unsure = picked(follows(reciprocal(), paradox(10, low=-0.1), VQ).says[2], OPEN)
    assert "no clear tie" in render(unsure)
    assert len(follows(reciprocal(), paradox(10, reason="too few"), VQ).says) == 2
    assert follows(reciprocal(reason="All alike."), paradox(10), VQ).says == ["All alike."]


def readers(row, cost=0.3, course=(BETTER, WORSE, DIED, UNKNOWN)):
    items = pd.DataFrame({"ward": [80.0, 80], "drugs": [20.0, 20]})
    results = value.value_for_readers(VQ, row, reciprocal(cost=cost), items, pd.Series(course))
    return {result.id: result.says[0] for result in results}


def test_each_reader_hears_what_the_numbers_allow():
    said = readers(ratio(1.33, 0.7, 1.9))
    assert said["for-the-clinician"].endswith("least of all of one who lost.")
    assert "0.70 to 1.90 points per EUR 1,000" in picked(said["for-the-manager"], OPEN)
    assert "range, 0.7 to 1.9 points" in picked(said["for-the-manager"], get_policy("nhs-proms"))
    assert said["for-the-manager"].endswith("Check the counts and the price of ward first: 80% of the bill.")
    told = picked(said["for-the-patient"], OPEN)
    assert told.endswith("1 of 3 (33%) whose course is known got better, 2 got worse or died.")
    # where how many may not be told the advice stays
    assert told.startswith(f"{picked(said['for-the-patient'], get_policy('nhs-proms'))} 1 of 3")
    assert "Do not plan" in readers(ratio(1.0, 0.5, -2.5, kind="complement"))["for-the-manager"]
    assert "how little the care cost" in readers(ratio(1, 0.5, 2), cost=0.9)["for-the-clinician"]
    healthy = readers(ratio(1, 0.5, 2), course=(BETTER, SIMILAR))
    assert "lost" not in healthy["for-the-clinician"]
    assert "dead" not in healthy["for-the-patient"]
    assert readers(ratio(np.nan, np.nan, np.nan, reason="No patient has both.")) == {}


def test_whom_not_to_rank_is_all_that_a_policy_takes_from_the_answer():
    """Three of fifty lost: a count of 1 to 5 people is not said, what the quota follows is."""
    told = follows(reciprocal(), paradox(3), VQ).says
    assert isinstance(told[0], str)
    assert picked(told[1], OPEN).behind == [(3, 50)]


def test_how_many_of_few_patients_lost_is_not_said_beside_who_got_worse():
    """33 of 48 better by 5 points or more, 12 lost: 3 gained a little (48 - 33 - 12)."""
    policy = get_policy("nhs-proms")
    few, many = (
        [picked(one, policy) for one in follows(reciprocal(), paradox(12, n=n), VQ).says] for n in (48, 100)
    )
    assert "however little: a loss" in few[1].reason
    assert few[2] is None
    assert "however little (12 of 100, 12%)" in many[1].reason
    assert "rose" in render(many[2])


def test_an_answer_of_somebody_who_then_died_is_not_of_a_survivor():
    patients = seen()
    patients.loc[0, "gain"] = 1.0
    rows = value_rows(patients, ratio(2.0, 1.0, 3.0, 51), ratio(1.0, 0.5, 1.5, 60))
    assert rows["label"].iloc[0] == "patients who answered (51)"
    said = picked(value.value_answer(VQ, patients, rows).says[1], OPEN)
    assert said.startswith("Among patients who answered it was 2.0")
    title = render(picked(value.group_value(VQ, rows).drawing.title, OPEN), numbers=False)
    assert title.endswith("with deaths counted than among patients who answered")


def test_how_many_got_worse_or_died_is_not_said_where_it_leaves_a_few():
    """20 of 55 worse or dead, 11 of them dead and 28 better: 9 worse, and 7 about the same."""
    course = pd.Series([BETTER] * 28 + [WORSE] * 9 + [DIED] * 11 + [SIMILAR] * 7)
    for policy, told in (("acro", False), ("nhs-proms", True), ("none", True)):
        worse = value.got_better(VQ, course).says[1]
        assert (bool(worse.behind) and may_say(worse.behind, get_policy(policy))) == told
    alone = pd.Series([BETTER] * 23 + [WORSE] * 11 + [SIMILAR] * 9)  # nobody died, or it is not told
    assert not may_say(value.got_better(VQ, alone).says[1].behind, get_policy("acro"))
    assert may_say(value.got_better(VQ, alone).says[1].behind, get_policy("nhs-proms"))

"""Who gains: groups, ranks, groups at risk and events, on patients whose answers are worked out by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from study_maker import small_study, write_study

from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.variation import equity, equity_shown
from vbhc.chapters.variation.equity import holds
from vbhc.problems import StudyError
from vbhc.publish.claims import Claim, render
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.findings.show import under
from vbhc.statistics.inequality import concentration_index
from vbhc.study import load_study
from vbhc.study.config import Config, Equity

QUOTA = Definition("score", "gain", "gain", "Score, gain", "points", 1, "cost", "EUR", 2024, 1000)


class OfStudy:
    """What the functions read of a study."""

    def __init__(self, **plan):
        self.config = Config("A study", equity=Equity(**plan))


@pytest.fixture(autouse=True)
def plain_labels(monkeypatch):
    monkeypatch.setattr(equity, "label_of", lambda study, column: column)


def people(n: int = 40) -> pd.DataFrame:
    """Half are old and gain 2, half are young and gain 6; one in ten of the old has no outcome."""
    old = np.arange(n) < n // 2
    gain = pd.Series(np.where(old, 2.0, 6.0) + np.tile([-1.0, 1.0], n // 2))
    gain[np.arange(0, n // 2, 10)] = np.nan
    return pd.DataFrame({"age": np.where(old, 80, 40), "sex": np.tile(["f", "m"], n // 2), "event": False,
                         "gain_counting_deaths": gain})  # fmt: skip


def test_a_rule_holds_where_every_column_does():
    frame = pd.DataFrame({"age": [69, 70, 90, np.nan], "sex": ["f", "f", "m", "f"]})
    assert holds(frame, {"sex": "f", "age": [70, 110]}).tolist() == [False, True, False, False]
    flags = pd.DataFrame({"x": pd.array([True, False, None], "boolean")})
    assert holds(flags, {"x": True}).tolist() == [True, False, False]  # fmt: skip


def test_the_worse_off_end_is_declared():
    frame = pd.DataFrame({"age": [30.0, 60], "class": ["II", "IV"]})
    found = equity.ranks(OfStudy(ranked_by={"age": "higher", "class": ["IV", "III", "II"]}), frame)
    assert found["age"].tolist() == [-30, -60]
    assert found["class"].tolist() == [2, 0]


def test_a_group_at_risk_by_hand():
    # The old: 20 patients, 2 without an outcome (they would have had 1), so that their mean is 2 + 2 / 18.
    plan = OfStudy(ranked_by={}, at_risk={"Old": {"age": [70, 110]}, "Young": {"age": [0, 69]}})
    table = equity.at_risk(plan, people(), None).set_index("group")
    assert table.loc["Old", ["n", "share", "reached"]].tolist() == [20, 0.5, 0.9]
    assert table.loc["Old", "estimate"] == pytest.approx(2 + 2 / 18 - 6)
    assert table.loc["Old", "worth"] == pytest.approx(20 * (4 - 2 / 18))
    assert table.loc["Old", "worth_low"] == pytest.approx(-20 * table.loc["Old", "high"])
    assert np.isnan(table.loc["Young", "worth"])  # who gains more lacks nothing


@pytest.mark.parametrize("policy", ["none", "nhs-proms"])
def test_no_level_tells_of_another_how_many_have_no_outcome(policy, monkeypatch):
    """35 of 152 unknown, at most 10 of 45 and 21 of 84 (0.8): 4 or 5 of the 23, by a star beside them."""
    study = OfStudy(ranked_by={})
    study.config = dataclasses.replace(study.config, disclosure=policy)
    frame = people(152).assign(cost=100.0, gain_counting_deaths=np.tile([1.0, 3.0], 76))
    level = pd.Series(["II"] * 23 + ["III"] * 84 + ["IV"] * 45, index=frame.index)
    unknown = np.r_[0:4, 23:44, 107:117]
    frame.loc[frame.index[unknown], "gain_counting_deaths"] = np.nan
    monkeypatch.setattr(equity, "levels", lambda *_: {"Class": level})
    table = equity.who_gains(study, frame, QUOTA)
    assert table["n"].tolist() == [23, 84, 45]
    assert (table["reached"].isna() == (policy != "none")).all()
    notes = ["A split has no shares if one tells of too few."] if policy != "none" else []
    assert equity_shown.gains_by_group(QUOTA, table).table.notes == notes


@pytest.mark.parametrize("policy", ["none", "hes", "nhs-proms"])
def test_thirds_are_alike_in_size_so_that_none_is_counted_where_people_are_protected(policy):
    study = OfStudy(ranked_by={"start": "lower"})
    study.config = dataclasses.replace(study.config, disclosure=policy)
    frame = people(60).assign(start=np.arange(60.0), cost=100.0)
    table = equity.who_gains(study, frame, QUOTA)
    assert table["group"].tolist() == sorted(equity.PARTS)
    assert table["n"].tolist() == [20, 20, 20] if policy == "none" else table["n"].isna().all()
    # 2 of the first 20 have no outcome: at 20 people a third, their share tells that, and the others' do.
    assert (table["reached"].isna() == (policy != "none")).all()
    notes = equity_shown.gains_by_group(QUOTA, table).table.notes
    assert any("Of thirds no n is given" in note for note in notes) == (policy != "none")


def test_of_under_500_patients_the_share_whose_outcome_is_known_has_one_decimal():
    """.76 of 140 are 106 or 107; .8 are 105 to 118."""
    table = pd.DataFrame({"n": [140, 600], "split": "Sex", "group": ["male", "female"], "reached": 0.761})
    table = table.assign(
        **dict.fromkeys(["estimate", "low", "high", "value", "value_low", "value_high"], 1.0)
    )
    rules = under(equity_shown.gains_by_group(QUOTA, table), get_policy("nhs-proms")).table.rules
    assert rules["decimals"]["reached"] == [1, 2]
    assert [k for k in range(141) if round(k / 140, 2) == 0.76] == [106, 107]


def known_by_class(sizes: dict[int, int], known: dict[int, int]) -> tuple[pd.DataFrame, pd.Series]:
    """Patients by class with a start of many values, of each class the last without an outcome."""
    parts = [pd.DataFrame({"class": c, "known": np.arange(n) < known[c]}) for c, n in sizes.items()]
    frame = pd.concat(parts, ignore_index=True).assign(start=lambda f: np.arange(float(len(f))) % 97)
    return frame, frame["known"].astype(float)


@pytest.mark.parametrize("times", [1, 100])
def test_how_evenly_outcomes_are_known_does_not_say_of_how_many_of_two_withheld_levels(monkeypatch, times):
    """Of 39, 125 and 84 are 30, 97 and 66 known; 66 and all 193 are told: the index leaves one 30."""
    sizes, total = {3: 39 * times, 2: 125 * times, 1: 84 * times}, 193 * times
    frame, known = known_by_class(sizes, {3: 30 * times, 2: 97 * times, 1: 66 * times})
    told = round(concentration_index(known, frame["class"], bounds=(0, 1)).iloc[-1]["estimate"], 2)
    n, best = len(frame), 66 * times
    rank = {1: 42 * times / n, 2: (84 + 62.5) * times / n, 3: (84 + 125 + 19.5) * times / n}
    fits = [
        third
        for third in range(sizes[3] + 1)
        for second in [total - best - third]
        if abs(8 / n * (third * (rank[3] - 0.5) + second * (rank[2] - 0.5) + best * (rank[1] - 0.5)) - told)
        <= 0.005
    ]
    assert fits == [30] or (times > 1 and len(fits) > 50)
    monkeypatch.setattr(equity, "outcomes", lambda *_: {equity.REACH: (known, (0.0, 1.0))})
    monkeypatch.setattr(equity, "untold", lambda *_: [])
    for policy in ("none", "nhs-proms"):
        study = OfStudy(ranked_by={"class": [1, 2, 3], "start": "lower"})
        study.config = dataclasses.replace(study.config, disclosure=policy)
        both = policy == "none" or times > 1
        assert equity.inequality(study, frame, QUOTA)["ranked_by"].tolist() == ["class", "start"][not both :]


def test_many_groups_are_looked_at_together():
    assert equity.level_for_all(OfStudy(ranked_by={}, at_risk={str(n): {} for n in range(5)})) == 0.99


def test_events_are_set_beside_those_of_the_same_strata():
    frame = people()
    # Of men 4 in 20 have the event, of women none; "old" has 10 men and 10 women, 3 of its men have it.
    men = frame.index[frame["sex"] == "m"]
    frame.loc[[*men[:3], men[-1]], "event"] = True
    plan = OfStudy(ranked_by={}, at_risk={"Old": {"age": [70, 110]}}, event={"event": True}, strata=("sex",))
    row = equity.events(plan, frame).iloc[0]
    assert (row["n"], row["k"], row["expected"]) == (20, 3, 2)
    assert row["estimate"] == 1.5
    # Exact Poisson limits of 3 events, 0.619 and 8.767 (Garwood 1936), over the two expected.
    assert (row["low"], row["high"]) == pytest.approx((0.619 / 2, 8.767 / 2), abs=1e-3)
    assert np.isnan(row["standardised"])  # fewer than 10 events
    assert equity.events(OfStudy(ranked_by={}), frame) is None
    plan.config = dataclasses.replace(plan.config, disclosure="hes")
    assert (
        equity.events(plan, frame)["estimate"].iloc[0] == 5 / 2
    )  # 3 stands there as 5: of 3 it would be 1.5


def test_what_stands_beside_rounded_sizes_does_not_give_these_back():
    """All old men: as many are expected as had the event, 14; and 22 times a shortfall would say 22."""
    frame = people(44).assign(event=False)
    frame.loc[frame.index[frame["sex"] == "m"][:14], "event"] = True
    plan = OfStudy(ranked_by={}, at_risk={"Men": {"sex": "m"}}, event={"event": True}, strata=("sex",))
    assert equity.events(plan, frame)["expected"].tolist() == [14]
    plan.config = dataclasses.replace(plan.config, disclosure="hes")
    assert equity.events(plan, frame)[["expected", "estimate"]].to_numpy().tolist() == [[15, 1]]
    frame["gain_counting_deaths"] -= 3 * (frame["sex"] == "m")
    row = equity.at_risk(plan, frame, None).iloc[0]
    assert (row["n"], row["worth"]) == (22, pytest.approx(-20 * row["estimate"]))


def test_means_of_two_splits_do_not_say_how_many_of_a_level_they_are_of():
    """Of 39, 30 with an outcome are -2.83, 97 of III 9.75, 66 of IV 10.8; women and men are 8.59 and 7.81.

    Rounded as shown, 193 with an outcome in all: no other number of the 39 fits.
    """
    sexes = 87 * 8.59 + 106 * 7.81
    fits = [
        n
        for n in range(20, 40)
        for third in (97, 98)  # .78 of 125
        if abs(-2.83 * n + 9.75 * third + 10.8 * (193 - third - n) - sexes) < 193 * 2 * equity.ROUNDED
    ]
    assert set(fits) == {30}
    frame = people(80).assign(cost=100.0, start=np.arange(80.0))  # 3 and 1 of two thirds have no outcome
    study = OfStudy(ranked_by={"start": "lower"})
    for policy, shown in (("none", 3), ("nhs-proms", 0), ("hes", 0)):
        study.config = dataclasses.replace(study.config, disclosure=policy)
        assert equity.who_gains(study, frame, QUOTA)["estimate"].notna().sum() == shown


def test_words_follow_the_interval():
    rows = [
        ("Old", 20, 0.5, 0.9, -4.0, -6.0, -2.0, 80.0, 40.0, 120.0),
        ("Young", 20, 0.5, 1.0, 4.0, 2.0, 6.0, *[np.nan] * 3),
    ]
    names = ["group", "n", "share", "reached", "estimate", "low", "high", "worth", "worth_low", "worth_high"]
    table = pd.DataFrame(rows, columns=names)

    class Points:
        outcome_unit = "points"

    said = [render(one) for one in equity_shown.those_at_risk(Points, table).says if isinstance(one, Claim)]
    assert said[0].startswith("The gain in points was 4.00 lower for those at risk (old) than for all others")
    assert said[1].startswith("The gain in points was 4.00 higher for those at risk (young)")
    spread = pd.DataFrame(
        {"ranked_by": ["Age"], "measure": ["state reached"], "estimate": [0.2], "low": [0.1], "high": [0.3]}
    )
    answer = " ".join(equity_shown.equity_answer(Points, spread, table).says)
    assert answer == (
        "Of the groups at risk these gain less than all others: old by 4.0 points. "
        "The state reached gathers among the better off by age."
    )
    none = " ".join(equity_shown.equity_answer(Points, spread.assign(low=-0.1), table.iloc[1:]).says)
    assert none == "No group at risk is shown to gain less than all others."


def test_faults_of_the_declaration_are_named(tmp_path):
    write_study(tmp_path / "s")
    path = tmp_path / "s/study.yml"
    path.write_text(path.read_text() + "\nequity:\n  ranked_by: {aeg: upwards}\n  event: {age: 3}\n")
    with pytest.raises(StudyError) as error:
        load_study(str(tmp_path / "s"))
    said = "\n".join(map(str, error.value.problems))
    assert "unknown 'aeg'" in said
    assert "unknown 'upwards'" in said
    assert "no `event_label`" in said
    assert small_study(tmp_path / "t").config.equity is None


def test_events_that_leave_too_few_of_all_are_left_out():
    """26 of 248 died, 17 of them over 80: that makes 9 under 80, of whom nothing is to be told under acro."""
    frame = pd.DataFrame({"age": [85] * 123 + [60] * 125, "sex": "f", "event": False})
    frame.loc[[*range(17), *range(123, 132)], "event"] = True
    old = {"Old": {"age": [80, 110]}}
    plan = OfStudy(ranked_by={}, at_risk=old, event={"event": True}, strata=("sex",))
    for policy, told in (("none", 1), ("nhs-proms", 1), ("hes", 1), ("acro", 0)):
        plan.config = dataclasses.replace(plan.config, disclosure=policy)
        assert len(equity.events(plan, frame)) == told
    frame["event"] = frame.index < 3  # that a row stays would say that all three were old
    plan.config = dataclasses.replace(plan.config, disclosure="nhs-proms")
    assert equity.events(plan, frame).empty
    frame["event"] = frame.index.isin([0, *range(123, 129)])  # one was old, of seven
    assert equity.events(plan, frame).empty

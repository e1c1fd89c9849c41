"""For whom the tie holds: differences with closed forms, planted ones found, none said before correction."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from report_maker import door_of
from scipy import stats

from vbhc.chapters.perception import whom
from vbhc.chapters.perception.ties import survivors
from vbhc.chapters.perception.whom.depends import (
    TIE,
    VALUE,
    levels_of,
    of_others,
    of_the_same,
    standing,
    too_wide,
)
from vbhc.chapters.value.groups import ratio_and_error
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.disclosure.counting import numbers_in
from vbhc.publish.findings.show import show_result
from vbhc.statistics.groups import holm
from vbhc.study import Study
from vbhc.study.config import Config, Group, Perception, Visit

VQ = Definition("score", "gain", "score_change", "Score, gain", "points", 1, "cost_eur", "EUR", 2011, 1000)
VISITS = {"start": Visit("At the start"), "3m": Visit("At 3 months", 3), "12m": Visit("At a year", 12)}
GROUPS = {
    "arm": Group("arm", "Arm", "arm", "old"),
    "site": Group("site", "Site", "site"),
    "class": Group("class", "Class"),
}


@pytest.fixture
def study(tmp_path):
    seen = Perception("rating", "higher is better", "Rating of the care")
    return Study("s", tmp_path, Config("t", visits=VISITS, perception=seen, groups=GROUPS), {})


def cohort(n=400, tie_at=(0.0, 0.0), gain_at=(10.0, 10.0), seed=3):
    """Two sites of half the patients each, with their own gain and their own tie of rating with gain."""
    rng = np.random.default_rng(seed)
    site = np.arange(n) % 2
    gain = np.array(gain_at)[site] + rng.normal(0, 5, n)
    start = rng.normal(40, 10, n)
    rating = np.array(tie_at)[site] * (gain - np.array(gain_at)[site]) + rng.normal(0, 5, n)
    return pd.DataFrame(
        {
            "site": np.where(site == 1, "B", "A"),
            "class": np.where(rng.random(n) < 0.5, "I", "II"),
            "arm": np.where(rng.random(n) < 0.5, "new", "old"),
            "score_start": start,
            "score_3m": start + gain / 2,
            "score_12m": start + gain,
            "gain": gain,
            "gain_counting_deaths": gain,
            "cost": np.exp(rng.normal(8, 0.2, n)),
            "died": False,
            "perceived_value": rating,
        }
    )


def compared(study, patients):
    return whom.depends_on(study, patients, VQ, survivors(patients, VQ))


# --- closed forms ---


def test_correlations_of_others_are_compared_on_fishers_scale():
    # by hand: artanh .5 - artanh 0 = .5493; variances 1.125 / 97 and 1 / 97 add up to .1480 squared
    gap = of_others((0.5, 0.0), (100, 100))
    assert gap.difference == pytest.approx(0.5493, abs=1e-4)
    error = (2.125 / 97) ** 0.5
    assert gap.difference_high - gap.difference == pytest.approx(1.959964 * error, abs=1e-5)
    assert gap.p_unc == pytest.approx(2 * stats.norm.sf(0.549306 / error), abs=1e-6)
    assert np.isnan(of_others((1.0, 0.2), (50, 50)).difference)


def test_correlations_of_the_same_patients_follow_meng_rosenthal_and_rubin():
    # equations 1-3 by hand for r = .6 and .4, between = .5, n = 103: mean square .26, f = .5 / 1.48 = .3378,
    # h = (1 - .0878) / .74 = 1.2327, error = sqrt(2 x .5 x 1.2327 / 100) = .11103
    gap = of_the_same((0.6, 0.4), 0.5, 103)
    z = 0.693147 - 0.423649
    assert gap.difference == pytest.approx(z, abs=1e-5)
    assert gap.p_unc == pytest.approx(2 * stats.norm.sf(z / 0.11103), abs=1e-4)
    same = of_the_same((0.3, 0.3), 0.5, 50)
    assert same.difference == 0
    assert same.p_unc == pytest.approx(1)


def test_a_value_and_its_error_are_the_delta_methods():
    y, x = pd.Series([4.0, 8, 6, np.nan]), pd.Series([2.0, 2, 4, 5])
    ratio, error, n = ratio_and_error(y, x, 10)
    # 18 / 8 = 2.25; residuals -0.5, 3.5, -3; sum of squares 21.5, / 2, root, / mean cost 2.667, / root 3
    assert (ratio, n) == (22.5, 3)
    assert error == pytest.approx(10 * (21.5 / 2) ** 0.5 / (8 / 3) / 3**0.5)


# --- what depends on what ---


def test_a_planted_difference_of_tie_is_found_and_named_in_both(study):
    patients = cohort(tie_at=(0.0, 1.5)).drop(columns="score_3m")
    table = compared(study, patients)
    ties = table[(table["what"] == TIE) & (table["split"] == "Site")].iloc[0]
    assert ties["group"] == "B against A"
    assert ties["difference_low"] > 0
    assert ties["p"] < 0.001
    within = whom.within_groups(study, patients, survivors(patients, VQ), 0.95)
    answer = whom.whom_answer(study, VQ, table, within)
    assert answer.says[0] == "After correction its tie with rating of the care differs by site."
    said = whom.depends_shown(study, VQ, table, TIE).says[0]
    assert said.startswith("1 of ")
    assert said.endswith("stands after correction: by site.")


def test_a_planted_difference_of_value_is_found(study):
    table = compared(study, cohort(gain_at=(5.0, 15.0)))
    row = table[(table["what"] == VALUE) & (table["split"] == "Site")].iloc[0]
    sites = cohort(gain_at=(5.0, 15.0)).groupby("site")[["gain", "cost"]].mean()
    by_hand = 1000 * (sites["gain"] / sites["cost"])
    assert row["difference"] == pytest.approx(by_hand["B"] - by_hand["A"])
    assert row["p"] < 0.001


def test_where_nothing_stands_nothing_is_named_and_all_is_undecided(study):
    patients = cohort().drop(columns="score_3m")
    table = compared(study, patients)
    assert standing(table).empty
    says = whom.whom_answer(study, VQ, table, pd.DataFrame()).says
    assert says[0].endswith("is undecided: no comparison stands after correction.")
    for what in (VALUE, TIE):
        result = whom.depends_shown(study, VQ, table, what)
        assert "is undecided in all 3 comparisons" in result.says[0]
        assert "against" not in result.says[0]
        assert result.table.frame.full["verdict"].str.startswith("undecided").all()


@pytest.mark.parametrize(("policy", "columns"), [("none", ["n_first", "n_second"]), ("nhs-proms", [])])
@pytest.mark.parametrize("what", [VALUE, TIE])
def test_how_many_are_compared_is_not_told_where_people_are_protected(study, what, policy, columns):
    """66 with deaths, of whom another page says that 14 died, and 50 in the tie leave two unrated."""
    door = door_of(dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure=policy)))
    shown = show_result(door, whom.depends_shown(study, VQ, compared(study, cohort()), what))[-1]
    header = shown["csv"].splitlines()[0].split(",")
    assert [name for name in header if name.startswith("n")] == columns
    assert {"B against A", "upper half against lower half"} <= {row[1] for row in shown["cells"]}
    assert any("Groups of fewer than" in note for note in shown["notes"]) == (policy != "none")
    # "at least 25 patients" was taken for a count, and became "at least ~20" where 25 was withheld
    assert not any(map(numbers_in, shown["notes"]))
    # 16 comparisons, of which 4 are shown, tell how many levels have ten patients
    assert any("over all comparisons" in note for note in shown["notes"]) == (policy != "none")


def test_a_row_does_not_say_that_nearly_all_who_answered_have_the_rest_too(study):
    """Of 47 patients 27 answered; a row of 25 or more would leave 2 without a cost at most."""
    study = dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure="nhs-proms"))
    rows = cohort(94).drop(columns="score_3m")
    rows.loc[rows.index[rows["site"] == "A"][:20], "gain"] = np.nan
    rows.loc[rows.index[rows["site"] == "A"][20:22], "cost"] = np.nan
    alone = survivors(rows, VQ)
    assert alone.dropna().groupby(rows["site"]).size().tolist() == [25, 47]
    assert "A" not in set(whom.within_groups(study, rows, alone, 0.95).query("split == 'Site'")["group"])


def test_a_wide_interval_of_a_correlation_does_not_tell_of_how_many_people_it_is(study):
    """Half an interval of Fisher's z gives its variance, (1 + r^2 / 2) / (n - 3) (Bonett & Wright 2000)."""

    def sizes(low, high, half):
        ends = ((high - low) / 2 - half, (high - low) / 2 + half)
        wide, narrow = (3 + (1 + 0.28**2 / 2) / ((end / 1.96) ** 2 - 1 / 15068) for end in ends)
        return range(int(np.ceil(narrow)), int(np.floor(wide)) + 1)

    assert list(sizes(-0.82, 0.44, 0.005)) == [13]
    assert len(sizes(-0.8, 0.4, 0.05)) > 3
    ends = pd.DataFrame({"low": [-0.82, 0.1], "high": [0.44, 0.3]})
    assert not too_wide(study, ends["low"], ends["high"]).any()
    study = dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure="nhs-proms"))
    assert too_wide(study, ends["low"], ends["high"]).tolist() == [True, False]
    rows = cohort(60).drop(columns="score_3m")
    few = whom.within_groups(study, rows.head(30), survivors(rows.head(30), VQ), 0.95)
    assert few.empty  # none of 25: of 13 even one decimal tells how many they are
    shown = [
        show_result(door_of(study), one)[-1]["csv"]
        for one in (
            whom.depends_shown(study, VQ, compared(study, rows), TIE),
            whom.within_groups_shown(study, VQ, whom.within_groups(study, rows, survivors(rows, VQ), 0.95)),
        )
    ]
    assert re.search(r"B against A,-?0\.\d,-0\.\d,0\.\d,", shown[0])
    assert re.search(r"Site: B,-?0\.\d000,-0\.\d000,0\.\d000", shown[1])


def test_no_difference_of_value_tells_of_how_few_people_it_is(study):
    """Half of Fieller's interval has t times the error of which half of a normal one has 1.96 times.

    Of 13 patients "2.65 (1.85 to 3.70)", a mean gain of 19.5 (14.9 to 24.2) and a difference of -1.25 to 0.37
    leave a t of 2.15 to 2.22: 12 to 14 patients, where a star and another table leave 10 to 14.
    """
    rows = cohort(120).drop(columns="score_3m").assign(site=np.where(np.arange(120) < 13, "few", "many"))
    shown = {
        policy: whom.depends_shown(
            one := dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure=policy)),
            VQ,
            compared(one, rows),
            VALUE,
        ).table.frame.full
        for policy in ("none", "nhs-proms")
    }
    assert "few against many" in set(shown["none"]["group"])
    assert "few against many" not in set(shown["nhs-proms"]["group"])
    assert len(shown["nhs-proms"]) == len(shown["none"]) - 1


def test_holm_runs_over_value_and_tie_together(study):
    patients = cohort().drop(columns="score_3m")
    table = compared(study, patients)
    alone = [
        2 * stats.norm.sf(abs(row.difference) / ((row.difference_high - row.difference_low) / 2 / 1.959964))
        for row in table.itertuples()
    ]
    assert table["p"].tolist() == pytest.approx(holm(pd.Series(alone)).tolist(), abs=1e-4)


def test_arms_are_no_setting_and_too_many_places_are_not_listed(study):
    patients = cohort()
    assert list(levels_of(study, patients, VQ)) == ["Site", "Class", "Start, at the start"]
    many = patients.assign(site=[f"S{at % 13}" for at in range(len(patients))])
    assert "Site" not in levels_of(study, many, VQ)


def test_visits_are_compared_in_the_same_patients(study):
    patients = cohort()
    rows = compared(study, patients).query("split == 'Time'").set_index("what")
    cost = patients["cost"].mean()
    by_hand = -1000 * (patients["gain"] / 2).mean() / cost  # half of the gain was there at three months
    assert rows.loc[VALUE, "difference"] == pytest.approx(by_hand)
    assert rows.loc[VALUE, "group"] == "At 3 months against At a year"
    assert rows.loc[TIE, "difference"] == pytest.approx(0, abs=1e-9)  # half a gain sorts patients as a gain


def test_groups_too_small_give_no_row_and_no_crash(study):
    table = compared(study, cohort(n=8))
    assert table.empty
    assert whom.depends_shown(study, VQ, table, TIE) is None
    answer = whom.whom_answer(study, VQ, table, pd.DataFrame()).says[0]
    assert answer.startswith("For whom the value quota goes with rating of the care cannot be said")


# --- within, alike, missing ---


def test_the_figure_within_groups_says_what_the_answer_says_and_compares_no_two_groups(study):
    """The lowest and the highest are of different kinds: naming both reads as a difference nobody tested."""
    patients = cohort(tie_at=(0.0, 1.5))
    table = whom.within_groups(study, patients, survivors(patients, VQ), 0.95)
    title = whom.within_groups_shown(study, VQ, table).drawing.title
    low, high = table["estimate"].min(), table["estimate"].max()
    assert title == f"Within groups the tie lies from {low:.2f} to {high:.2f}"
    assert whom.within_groups_shown(study, VQ, table.head(0)) is None
    answer = whom.whom_answer(study, VQ, compared(study, patients), table)
    assert answer.says[1] == f"Within the groups declared the tie lies from {low:.2f} to {high:.2f}."


def test_a_coarse_correlation_has_one_decimal_in_every_sentence(study):
    """A figure said 0.50, drawn from 0.5, and the answer above it 0.54, of the same group."""
    study = dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure="nhs-proms"))
    patients = cohort(60).drop(columns="score_3m")
    table = whom.within_groups(study, patients, survivors(patients, VQ), 0.95)
    title = whom.within_groups_shown(study, VQ, table).drawing.title
    answer = whom.whom_answer(study, VQ, compared(study, patients), table).says[1]
    assert re.fullmatch(r"Within groups the tie lies from -?0\.\d to -?0\.\d", title)
    assert answer == title.replace("groups", "the groups declared") + "."


def test_missing_answers_are_told_by_size_not_by_sign(study):
    rows = {"handling": ["complete cases", "imputed"], "delta": [np.nan, 0], "estimate": [0.1, 0.45]}
    rows |= {"low": [0.02, 0.3], "high": [0.2, 0.6], "n": [80, 100], "n_missing": 20, "fmi": [np.nan, 0.2]}
    said = whom.if_all_answered_shown(study, VQ, pd.DataFrame(rows)).says[0]
    assert "lies from 0.10 to 0.45; no interval holds zero." in said
    assert "same" not in said
    rows["low"] = [-0.02, 0.3]
    again = whom.if_all_answered_shown(study, VQ, pd.DataFrame(rows)).says[0]
    assert again.endswith("1 of the 2 intervals leave zero out.")
    assert whom.if_all_answered_shown(study, VQ, pd.DataFrame(rows | {"n_missing": 0})) is None


@pytest.mark.parametrize(("policy", "told"), [("none", "0.22"), ("nhs-proms", "0.2")])
def test_how_much_information_is_missing_does_not_give_how_many_people_there_are(study, policy, told):
    """0.42 (0.22 to 0.59) with 22% missing is of 107 to 112 people: by (1 + r²/2) / (n - 3) over 78%."""
    rows = {"handling": ["complete cases", "imputed"], "delta": [np.nan, 0], "estimate": [0.4, 0.42]}
    rows |= {"low": [0.2, 0.22], "high": [0.6, 0.59], "n": [88, 109], "n_missing": 21, "fmi": [np.nan, 0.22]}
    door = door_of(dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure=policy)))
    table = show_result(door, whom.if_all_answered_shown(study, VQ, pd.DataFrame(rows)))[-1]
    place = [column["name"] for column in table["columns"]].index("fmi")
    assert table["cells"][1][place] == told

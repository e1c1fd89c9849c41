"""The three ties, the verdict on them, and what readers are told: sentences follow their intervals."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from shown_maker import said_of

from vbhc.chapters import perception
from vbhc.chapters.perception import ties
from vbhc.chapters.perception.asked import spread
from vbhc.chapters.perception.ties import poor, tie
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import Claim, render, values_of
from vbhc.publish.disclosure.policies import OPEN, get_policy
from vbhc.publish.either import picked
from vbhc.publish.findings.made import safe_values
from vbhc.publish.findings.show import _coarse, under
from vbhc.statistics.correlation.equivalence import equivalence, equivalence_power
from vbhc.study import Study
from vbhc.study.config import Config, InstrumentUse, Perception, Visit

HES = get_policy("hes")
VQ = Definition("kccq_os", "gain", "kccq_os_change", "KCCQ, gain", "points", 1, "cost_eur", "EUR", 2011, 1000)


@pytest.fixture
def study(tmp_path):
    visits = {"baseline": Visit("at admission"), "3m": Visit("at 3 months", 3)}
    seen = Perception("trust", "higher is better", "Trust in care", "experience", "3m")
    return Study("s", tmp_path, Config("t", visits=visits, perception=seen), {})


@pytest.fixture
def patients():
    """Six patients: the fifth died having answered, the sixth did not answer the question."""
    return pd.DataFrame(
        {
            "perceived_value": [1.0, 2, 3, 4, 5, np.nan],
            "gain": [1.0, 2, 4, 3, np.nan, 6],
            "gain_counting_deaths": [1.0, 2, 4, 3, -40, 6],
            "cost": [100.0, 100, 100, 100, 100, 100],
            "died": [False, False, False, False, True, False],
        }
    )


def test_ties_by_hand(patients):
    # survivors: ranks 1 2 3 4 against 1 2 4 3, 1 - 6 x 2 / (4 x 15) = 0.8; the dead patient makes them
    # 1 2 3 4 5 against 2 3 5 4 1, 1 - 6 x (1 + 1 + 4 + 0 + 16) / (5 x 24) = -0.1
    alone = perception.three_ties(perception.survivors(patients, VQ)).set_index("with")
    counted = perception.three_ties(perception.with_deaths(patients, VQ)).set_index("with")
    assert alone.loc["outcome", "estimate"] == pytest.approx(0.8)
    assert counted.loc["outcome", "estimate"] == pytest.approx(-0.1)
    assert (alone["n"].unique(), counted["n"].unique()) == ([4], [5])
    assert alone.loc["VQ", "estimate"] == alone.loc["outcome", "estimate"]  # one cost for all
    assert "same cost" in alone.loc["cost", "reason"]


def test_everybody_is_counted_once_and_no_one_is_lost(patients):
    counted = ties.who_is_compared(patients, VQ)
    assert counted.sentence() == (
        "Counted: 5 patients with 1 deaths counted at the worst score. "
        "Not counted: 1 who did not answer the question."
    )
    assert counted.n + sum(counted.without.values()) == len(patients)


def ties_of(outcome, cost=(0.0, -0.1, 0.1), quota=(0.1, -0.1, 0.3), n=200):
    rows = [("outcome", *outcome), ("cost", *cost), ("VQ", *quota)]
    table = pd.DataFrame(rows, columns=["with", "estimate", "low", "high"])
    return table.assign(n=n, reason="")


@pytest.mark.parametrize(
    ("estimate", "n", "words"),
    [
        (0.02, 2000, "is poor, less than 0.2 either way"),
        (0.6, 200, "is not poor: more than 0.2"),
        (0.2, 60, "is undecided"),
        # tanh(atanh(-0.7) +- 1.645 sqrt(1.245 / 197)) = -0.761, -0.627
        (-0.7, 200, "goes the other way by more than 0.2 (ρ = -0.70, 90% interval -0.76 to -0.63, n = 200)"),
    ],
)
def test_the_answer_never_reads_poor_off_a_p_value(study, estimate, n, words):
    tested = equivalence(estimate, n, 0.2)
    answer = perception.perception_answer(study, VQ, ties_of((0.3, 0.1, 0.5)), tested, tested)
    first = render(answer.says[0])
    assert words in first
    assert "trust in care with the value quota" in first
    assert "urvivors" not in "".join(map(str, answer.says))


def test_the_answer_tells_survivors_apart_where_deaths_change_who_is_counted(study):
    tested, alone = equivalence(0.6, 200, 0.2), equivalence(0.1, 60, 0.2)
    says = perception.perception_answer(study, VQ, ties_of((0.3, 0.1, 0.5)), tested, alone).says
    # of 60 patients two decimals would say how many they are, and so would a second interval
    assert "it is undecided (ρ = 0.1)." in picked(says[0], get_policy("nhs-proms"))
    says = [picked(says[0], OPEN)]
    # tanh(atanh(0.6) +- 1.645 sqrt(1.18 / 197)) = 0.511, 0.676: by hand, Bonett & Wright 2000
    assert says[0].startswith(
        "Whether the tie of trust in care with the value quota is poor, under 0.2 either way, hangs on "
        "whether deaths count: with them it is not (ρ = 0.60, 90% interval 0.51 to 0.68), "
        "among survivors it is undecided (ρ = 0.10, 90% interval"
    )
    assert "n = " not in says[0]  # the two together would tell how few died
    told = perception.perception_for_readers(study, VQ, ties_of((0.3, 0.1, 0.5)), tested, alone)
    assert "hangs here on whether deaths count" in told[1].says[0]


@pytest.mark.parametrize(
    ("counted", "alone", "same"),
    [(0.6, 0.5, True), (0.6, 0.0, False), (0.0, 0.01, True), (0.6, -0.6, True), (0.0, -0.6, False)],
)
def test_two_ways_of_counting_agree_where_both_are_poor_or_neither(study, counted, alone, same):
    tests = equivalence(counted, 400, 0.2), equivalence(alone, 390, 0.2)
    first, second = perception.perception_answer(study, VQ, ties_of((0.3, 0.1, 0.5)), *tests).says[:2]
    assert isinstance(first, Claim) is same
    assert str(second).startswith("Among survivors alone it is") is same


@pytest.mark.parametrize(
    ("asked_at", "words"),
    [
        ("0m", "The outcome was measured after half a year, later: the answer cannot be about it."),
        ("6m", "(experience; after half a year). The outcome was measured after half a year. "),
        ("discharge", "after half a year; an answer that was given before cannot be about it."),
    ],
)
def test_it_is_said_whether_the_question_came_before_the_outcome(tmp_path, asked_at, words):
    seen = Perception("trust", "higher is better", "Trust in care", kind="experience", asked_at=asked_at)
    visits = {"0m": Visit("At the start", 0), "6m": Visit("After half a year", 6)}
    study = Study("s", tmp_path, Config("t", perception=seen, visits=visits), {})
    said = perception.what_was_asked(study, pd.DataFrame({"perceived_value": [1.0, 2.0, 3.0]})).says
    assert words in " ".join(picked(one, OPEN) or "" for one in said)


def test_the_power_is_said_where_it_may_tell_of_how_many_people_it_is():
    """64% of 0.2 is the power of 162 people (63% of 160): beside a rounded 160 it would give them back."""
    people = pd.DataFrame({"perceived_value": np.arange(162.0), "gain": 1.0})
    text = said_of(perception.what_could_be_shown(people))
    assert "162 patients" in text
    assert f"0.2 with power {equivalence_power(162, 0.2):.0%}" in text
    assert f"{equivalence_power(162, 0.2):.0%}" == "64%"
    said, of_fewer = (perception.what_could_be_shown(own) for own in (people, people.head(90)))
    assert said_of(said, HES) == said_of(of_fewer, HES)
    takes = "0.1 takes 854, 0.2 takes 212 and 0.3 takes 93 patients."
    assert said_of(said, HES) == f"To show with power 80% that a tie of none is smaller than {takes}"


def test_without_an_answer_the_reason_is_the_answer(study, patients):
    same = patients.assign(perceived_value=3.0)
    frame = perception.with_deaths(same, VQ)
    ties, tested = perception.three_ties(frame), perception.is_it_poor(frame, 0.2)
    answer = perception.perception_answer(study, VQ, ties, tested, tested)
    assert "same answer" in answer.says[0]
    assert perception.perception_for_readers(study, VQ, ties, tested, tested) == []
    assert perception.ties_side_by_side(study, VQ, ties, ties, 0.2).drawing is None
    assert perception.is_the_tie_poor(study, VQ, same, tested, tested).table is None


def test_where_people_are_protected_the_test_of_smallness_gives_its_verdict_and_no_interval(study, patients):
    """Of .32 the ends .19 and .45 at 95% and .21 and .43 at 90% are of fewer numbers of people than one."""
    tests = equivalence(0.32, 185, 0.2), equivalence(0.25, 165, 0.2)
    result = perception.is_the_tie_poor(study, VQ, patients, *tests)
    shown = {policy.name: under(result, policy).table for policy in (OPEN, get_policy("nhs-proms"))}
    assert shown["none"].frame.columns.tolist() == ["who", "estimate", "low", "high", "n"]
    assert shown["nhs-proms"].frame.drop(columns="n").to_numpy().tolist() == [
        ["deaths counted", 0.32, 0.2, "it is not"],
        ["survivors", 0.25, 0.2, "it is undecided"],
    ]
    notes = [picked(table.notes[0], get_policy(name)) for name, table in shown.items()]
    assert notes == ["90% intervals, those of the test.", "By 90% intervals, those of the test."]
    claim = _coarse(poor(study, VQ, tests[0]), get_policy("nhs-proms"))
    assert render(claim).endswith("is not poor: more than 0.2 (ρ = 0.32, n = 185).")
    values = safe_values(values_of(poor(study, VQ, tests[0])), get_policy("nhs-proms"))
    assert values.keys() == {"kind", "what", "first", "estimate", "margin", "verdict", "level"}
    assert values["verdict"] == "beyond"


def test_a_tie_of_few_has_one_decimal_in_every_sentence_where_they_are_protected(study):
    """Of .59 (.36 to .76, 90%) there are 36 to 38 patients: neither sentences nor values say it."""
    ties, test = ties_of((0.54, 0.24, 0.74), n=37), equivalence(0.59, 37, 0.2)
    said = [one.says[0] for one in perception.perception_for_readers(study, VQ, ties, test, test)]
    steps = pd.DataFrame({"step": ["a"], "change": 0.1, "kind": "change"})
    limits = pd.DataFrame({"estimate": [0.9], "reason": ""})
    said += perception.why_answer(study, VQ, steps, limits, ties.assign(estimate=0.54)).says[:1]
    for name, places in (("none", "0.54"), ("nhs-proms", "0.5 ")):
        texts = " ".join(picked(text, get_policy(name)) for text in said).replace(")", " ")
        assert texts.count(places) == 3
    claim = Claim("tie", "the rating", 0.54, 0.24, 0.74, 37, first="the gain")
    assert [safe_values(values_of(claim), get_policy("hes"))[end] for end in ("estimate", "low", "high")] == [
        *(0.5, 0.2, 0.7)
    ]


def test_an_end_that_would_read_like_the_margin_gets_a_digit_more(study):
    tested = equivalence(0.5, 100, 0.2).assign(low=0.2037)
    assert "0.204 to" in render(poor(study, VQ, tested))


@pytest.mark.parametrize(
    ("ends", "clinician"),
    [
        ((0.3, 0.1, 0.5), "Trust in care and the gain go together (ρ = 0.30)"),
        ((-0.3, -0.5, -0.1), "Trust in care goes against the gain (ρ = -0.30)"),
        ((0.1, -0.1, 0.3), "is not clear here"),
    ],
)
def test_the_clinician_hears_what_the_interval_allows(study, ends, clinician):
    test = equivalence(0.1, 50, 0.2)
    told = perception.perception_for_readers(study, VQ, ties_of(ends), test, test)
    said = {one.id: one.says[0] for one in told}
    assert clinician in said["for-the-clinician"]
    assert "is open here" in said["for-the-manager"]


@pytest.mark.parametrize(
    ("estimate", "n", "words"),
    [(0.0, 2000, "hardly goes with it (under 0.2)"), (0.5, 500, "by 0.50"), (-0.5, 500, "goes against")],
)
def test_the_manager_hears_the_verdict(study, estimate, n, words):
    test = equivalence(estimate, n, 0.2)
    told = perception.perception_for_readers(study, VQ, ties_of((0.3, 0.1, 0.5)), test, test)
    assert words in told[1].says[0]


def test_a_small_difference_is_called_small_and_a_wide_one_undecided(study):
    row = {"estimate": -0.006, "low": -0.007, "high": -0.005, "n": 36_000, "reason": ""}
    said = render(perception.which_is_closer(study, VQ, pd.DataFrame([row])).says[0])
    assert "by less than 0.05, set beforehand as too little to matter: -0.006" in said
    wide = pd.DataFrame([row | {"low": -0.2, "high": 0.2}])
    assert "is undecided" in render(perception.which_is_closer(study, VQ, wide).says[0])


def test_a_tie_is_told_by_the_studys_own_label(study):
    claim = tie(study, VQ, ties_of((0.4, 0.3, 0.5)), "outcome")
    assert isinstance(claim, Claim)
    assert render(claim) == "Trust in care rose moderately with the gain (ρ = 0.40, 0.30 to 0.50, n = 200)."
    assert ties.inside("EQ VAS") == "EQ VAS"


def test_spread_by_hand():
    # 1, 5, 5: one of three pairs gave the same
    both = [[picked(one, policy) for one in spread(pd.Series([1.0, 5, 5]), 4)] for policy in (OPEN, HES)]
    (told, nothing), (answered, middle) = both
    said = told
    assert nothing is None
    assert (answered.reason, answered.behind) == ("3 of 4 answered.", [(3, 4)])  # goes alone
    assert (
        middle
        == "Most gave the best answer that anybody gave, and 33% of all pairs of patients gave the same."
    )
    many = picked(spread(pd.Series([1.0, 5, 5] * 40), 130)[1], HES)  # of few the middle says how many
    assert many.startswith("The middle answer is 5 (more is better), most gave the best answer")
    assert said.startswith(
        "3 of 4 answered: the middle answer is 5 (more is better), 67% gave the best answer"
    )
    assert "33% of all pairs" in said
    assert spread(pd.Series(dtype=float), 4) == ["Nobody answered."]
    assert picked(spread(pd.Series([4.0, 4]), 2)[0], OPEN) == "All 2 of 2 who answered gave the same answer."


def test_another_question_on_experience_is_tied_in_the_same_way(study, patients):
    # Shared decisions in the order of the gain with deaths: -40, 1, 2, 3, 4, 6
    patients = patients.assign(collaborate_3m=[2.0, 3, 5, 4, 1, 6])
    uses = {"shared": InstrumentUse("collaborate", "cr_{item}", visits=("3m",))}
    config = Config("t", visits=study.config.visits, perception=study.config.perception, instruments=uses)
    asked = Study("s", study.folder, config, {})
    table = perception.other_questions(asked, patients, VQ, 0.95)
    assert table["estimate"].tolist() == [1.0]
    assert table["n"].tolist() == [6]
    assert perception.other_questions_shown(VQ, table).table.caption.endswith(
        "the value quota: rank correlations"
    )
    nobody = perception.other_questions(study, patients, VQ, 0.95)
    assert perception.other_questions_shown(VQ, nobody) is None


def test_the_tie_with_deaths_equals_scipys(study, patients):
    frame = perception.with_deaths(patients, VQ).dropna()
    expected = stats.spearmanr(frame["answer"], frame["VQ"]).statistic
    ties = perception.three_ties(perception.with_deaths(patients, VQ)).set_index("with")
    assert ties.loc["VQ", "estimate"] == pytest.approx(expected)


def test_the_title_of_the_answers_gives_no_exact_share_where_people_are_protected(study):
    """51 of 57 above the middle are 89%, which fits 57 and 61 people only; about 90% fits them all."""
    told = perception.answers_drawn(study, pd.DataFrame({"perceived_value": [1.0] * 6 + [5.0] * 51}))
    full, less = (picked(told.drawing.title, get_policy(name)) for name in ("none", "nhs-proms"))
    assert full.startswith("89% answered")
    assert less.startswith("About 90% answered")

"""Under a policy a result says less rather than nothing: who is counted goes before the number itself."""

import dataclasses

import pandas as pd
import pytest
from places import DATA
from report_maker import Recorder, door_of

from vbhc.publish.claims import Claim
from vbhc.publish.counted import Counted
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.findings.show import _forms, show_result
from vbhc.publish.results import Drawing, Result, Table
from vbhc.report.withhold import Mask, _said_with_less
from vbhc.study import load_study

VALUE = Claim(
    "level", "the mean gain", 1.33, 0.7, 1.9, 192, counted=Counted(192, without={"without a cost": 1})
)


@pytest.fixture
def said():
    """Return what leaves the door of a policy as the sentence of a result."""
    study = load_study(str(DATA / "heart-failure"))

    def go(policy, *says, counts=()):
        config = dataclasses.replace(study.config, disclosure=policy)
        door = door_of(dataclasses.replace(study, config=config))
        return show_result(door, Result("answer", says=says, counts=counts))[0]

    return go


def test_where_nobody_is_protected_all_is_said(said):
    assert said("none", VALUE, "Then this.")["text"] == (
        "The mean gain was 1.33 (0.70 to 1.90, n = 192). Not counted: 1 without a cost. Then this."
    )


def test_a_small_count_takes_who_is_counted_with_it_not_the_number(said):
    finding = said("nhs-proms", VALUE)
    assert finding["text"] == "The mean gain was 1.3 (0.7 to 1.9, n = 192)."
    assert "without" not in finding["values"]


def test_a_number_of_too_few_people_is_not_said_in_fewer_words(said):
    """As in tables, where what rests on 1 to 5 people is withheld (docs/publishing.md)."""
    few = dataclasses.replace(VALUE, n=3, counted=None)
    assert "is withheld" in said("nhs-proms", few)["text"]
    assert "is withheld" in said("nhs-proms", dataclasses.replace(few, n=0, counted=Counted(3)))["text"]


def test_a_share_of_few_goes_whole_and_the_others_stay(said):
    few = Claim("share", "who died are not among them", 2 / 26, k=2, n=26)
    assert said("nhs-proms", VALUE, few)["text"] == "The mean gain was 1.3 (0.7 to 1.9, n = 192)."


def test_a_sentence_with_a_small_count_goes_and_the_others_stay(said):
    text = said("nhs-proms", VALUE, "3 of 50 patients got worse.", "Look at the outcome itself.")["text"]
    assert text == "The mean gain was 1.3 (0.7 to 1.9, n = 192). Look at the outcome itself."
    assert "is withheld" in said("nhs-proms", "3 of 50 patients got worse.")["text"]
    told = said("nhs-proms", VALUE, "A few got worse.", counts=[(3, 50)])["text"]
    assert "A few" not in told


SHARE = Claim("share", "got better", 10 / 11, 0.62, 0.98, 11, k=10)


def test_what_a_text_lost_does_not_stand_in_the_numbers_behind_it(said):
    """10 of 11 tell of one: the text says "* of 11", and findings.json must not say k = 10."""
    finding = said("nhs-proms", SHARE)
    assert "10" not in finding["text"]
    assert finding["values"] == {"kind": "share", "what": "got better", "verdict": "known"}


def test_nor_does_it_stand_in_what_is_said_instead_where_another_number_has_to_go(said, monkeypatch):
    recorder = Recorder(monkeypatch)
    said("nhs-proms", VALUE, SHARE)
    less = recorder.take()[0]["metadata"]["vbhc"]["less"]
    assert less[0][0] == "The mean gain was 1.3 (0.7 to 1.9, n = 192)."
    assert not any("10" in text for text in less[1])


def test_numbers_behind_a_share_are_as_round_as_the_share(said):
    """0.909 is 10 of 11 and nothing near: beside counts rounded to 5 it would give both back."""
    finding = said("opensafely", SHARE)
    assert finding["text"] == "10 of 10 (100%) got better."
    assert {"estimate", "low", "high", "k", "n"}.isdisjoint(finding["values"])


def test_how_far_two_shares_lie_apart_gives_neither_back(said):
    """28 of 30 leave two; 20 of 30 and 27 points more are 28 of 30."""
    gap = Claim("gap", "got better", 8 / 30, 0.06, 0.45, first="28 of 30 (93%)", second="20 of 30 (67%)")
    marked, rounded = said("nhs-proms", gap), said("opensafely", gap)
    assert marked["text"] == "* of 30 (*%) got better, against 20 of 30 (*%) (* percentage points apart)."
    assert (
        rounded["text"] == "30 of 30 (100%) got better, against 20 of 30 (67%) (33 percentage points apart)."
    )
    assert marked["values"].keys() == rounded["values"].keys() == {"kind", "what", "verdict"}


def test_a_correlation_that_tells_its_n_loses_its_range_with_it(said):
    """0.29 (0.14 to 0.43) leaves many numbers of people open, -0.81 to 0.29 around -0.39 only a few."""
    tie = Claim("tie", "the rating", -0.39, -0.81, 0.29, 11, first="the cost", counted=None)
    least = dataclasses.replace(tie, counted=Counted(11, without={"without an answer": 1}))
    assert said("nhs-proms", least)["text"] == (
        "The rating shows no clear tie with the cost (ρ = -0.4, -0.8 to 0.3, n = 11)."
    )
    assert [text for text, *_ in _forms(least, ())][2:] == ["The rating shows no clear tie with the cost."]
    without = dataclasses.replace(tie, n=0)
    assert said("nhs-proms", without)["text"] == "The rating shows no clear tie with the cost."
    assert "0.29" in said("none", without)["text"]


@pytest.mark.parametrize(("policy", "line"), [("nhs-proms", "Counted: 245 patients."), ("acro", "")])
def test_the_line_of_who_is_counted_tells_of_too_few_in_no_note_and_no_caption(policy, line):
    """Of 248 patients 3 are without an answer; acro withholds 0 to 9."""
    study = load_study(str(DATA / "heart-failure"))
    config = dataclasses.replace(study.config, disclosure=policy)
    door = door_of(dataclasses.replace(study, config=config))
    frame = pd.DataFrame({"group": ["a", "b"], "n": [100, 145], "mean": [1.5, 2.5]})
    drawing = Drawing(frame, lambda data, ax: ax.plot(data["mean"]), "A title", "A picture", "A caption.")
    counted = Counted(245, without={"without an answer": 3})
    shown = Result("who", table=Table(frame, "By group"), drawing=drawing, counted=counted)
    figure, table = show_result(door, shown)
    assert figure["caption"] == f"A caption. {line}".strip()
    assert table["notes"] == ([line] if line else [])


def test_the_difference_of_two_shares_is_not_said_where_it_gives_too_few(said):
    """All 6 of one arm answered; 17 points fewer in the other of 6 are 5 of 6, so that one did not."""
    gap = Claim(
        "difference", "the share who answered", 16.7, -25, 56, 12, first="new care", second="usual care"
    )
    few = dataclasses.replace(gap, behind=((6, 6), (5, 6)))
    many = dataclasses.replace(gap, behind=((60, 66), (50, 66)))
    assert "is withheld" in said("nhs-proms", few)["text"]
    assert said("nhs-proms", many)["values"]["estimate"] == 17
    assert said("none", few) == said("none", gap)


def test_a_label_does_not_repeat_the_count_of_its_row():
    """Rounded to 165 in the data, the 166 of the label would stand beside it."""
    study = load_study(str(DATA / "heart-failure"))
    config = dataclasses.replace(study.config, disclosure="opensafely")
    door = door_of(dataclasses.replace(study, config=config))
    frame = pd.DataFrame({"label": ["survivors (166)", "all of 2011 (2011)"], "n": [166, 248]})
    made = door.figure("f", frame, lambda data, ax: ax.plot([1]), "A caption", "A picture", base="n")
    assert made["csv"].splitlines()[1:] == ["survivors,165", "all of 2011 (2011),250"]


def test_how_many_died_among_ever_other_patients_is_not_said(said):
    """26 had died, 24 with a cost, 23 with an answer: the differences are one, two and three patients."""
    among = {"deaths counted at the worst score": 24}
    claim = dataclasses.replace(VALUE, counted=Counted(192, among=among, without={"without a cost": 40}))
    finding = said("nhs-proms", claim)
    assert finding["text"].endswith(
        "n = 192), with deaths counted at the worst score. Not counted: 40 without a cost."
    )
    assert "24" not in str(finding)
    assert "with 24 deaths" in said("none", claim)["text"]


@pytest.mark.parametrize(
    ("policy", "left"), [("nhs-proms", "40 without a cost"), ("hes", "some without a cost")]
)
def test_how_many_are_left_out_is_not_said_of_a_rounded_number(said, policy, left):
    """Of 93 patients 60 and 30 without every value are 61 and 32 or 62 and 31."""
    claim = dataclasses.replace(
        VALUE, counted=Counted(192, without={"without a cost": 40, "without a name": 0})
    )
    assert said(policy, claim)["text"].endswith(f"Not counted: {left}.")


def test_large_amounts_have_three_digits_in_a_sentence(said):
    cost = Claim("level", "the mean cost", 6096.2, 5501.4, 6691.0, 248, decimals=0)
    assert said("nhs-proms", cost)["text"] == "The mean cost was 6,100 (5,500 to 6,690, n = 248)."
    assert said("none", cost)["text"] == "The mean cost was 6,096 (5,501 to 6,691, n = 248)."


def test_a_text_loses_how_many_it_is_of_before_it_is_lost():
    """Of 41 people, a number that had to go, the tie is told, not how sure it is: that could give them."""
    text = "The tie is 0.3 (0.0 to 0.5, n = 41); with noise it is 0.4 (n = 41)."
    mask = Mask({41.0}, set(), get_policy("nhs-proms"), 64)
    assert mask.of(text) is None
    assert mask.text(text) == _said_with_less([[text]], mask) == "The tie is 0.3; with noise it is 0.4."
    verdict = "The tie: 0.29 (is it poor? it is undecided, n = 41), to lie above 0.2."
    assert mask.text(verdict) == verdict.replace(", n = 41", "")
    assert "withheld" in mask.text("All 41 patients gained 0.3.")
    assert Mask({8.0}, set(), mask.policy, 60).of("8 of 8 answered. Few did it.") == "Few did it."


def test_a_number_of_things_is_no_secret_number_of_people():
    mask = Mask({17.0, 19.0}, set(), get_policy("nhs-proms"), 80)
    read = mask.of("Read: 17 codes, 2 text sources and 19 interviewees; of 17 one is rare.")
    assert read == "Read: 17 codes, 2 text sources and ~20 interviewees; of ~20 one is rare."

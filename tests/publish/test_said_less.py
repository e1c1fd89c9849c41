"""Under a policy a result says less rather than nothing: who is counted goes before the number itself."""

import dataclasses

import pytest
from places import DATA

from vbhc.publish import findings
from vbhc.publish.claims import Claim
from vbhc.publish.counted import Counted
from vbhc.publish.findings.show import show_result
from vbhc.publish.results import Result
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
        door = findings.door(dataclasses.replace(study, config=config), "02-value-quota")
        return show_result(door, Result("answer", says=says, counts=counts))[0]

    return go


def test_where_nobody_is_protected_all_is_said(said):
    assert said("none", VALUE, "Then this.")["text"] == (
        "The mean gain was 1.33 (0.70 to 1.90, n = 192). Not counted: 1 without a cost. Then this."
    )


def test_a_small_count_takes_who_is_counted_with_it_not_the_number(said):
    finding = said("nhs-proms", VALUE)
    assert finding["text"] == "The mean gain was 1.33 (0.70 to 1.90, n = 192)."
    assert "without" not in finding["values"]


def test_a_small_n_goes_from_its_brackets(said):
    few = dataclasses.replace(VALUE, n=3, counted=None)
    assert said("nhs-proms", few)["text"] == "The mean gain was 1.33 (0.70 to 1.90)."


def test_a_sentence_with_a_small_count_goes_and_the_others_stay(said):
    text = said("nhs-proms", VALUE, "3 of 50 patients got worse.", "Look at the outcome itself.")["text"]
    assert text == "The mean gain was 1.33 (0.70 to 1.90, n = 192). Look at the outcome itself."
    assert "is withheld" in said("nhs-proms", "3 of 50 patients got worse.")["text"]
    told = said("nhs-proms", VALUE, "A few got worse.", counts=[(3, 50)])["text"]
    assert "A few" not in told

"""What study.yml says of comparing providers: each fault is named with its key."""

import dataclasses

import pytest
from places import DATA

from vbhc.statistics.variation.spc import RULES
from vbhc.study import load_study
from vbhc.study.config_references import unknown_references
from vbhc.study.variation import RULE_SETS, Alert, Change, Series, Variation


def problems(**changes):
    study = load_study(str(DATA / "hip-hospitals"))
    plan = dataclasses.replace(study.config.variation, **changes)
    config = dataclasses.replace(study.config, variation=plan)
    found = unknown_references(config, study.dictionary, study.folder, "study.yml")
    return {problem.column: problem for problem in found}


def test_the_shipped_study_has_no_fault():
    assert problems() == {}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"group": "hospitals"}, "variation.group"),
        ({"overdispersion": "randm"}, "variation.overdispersion"),
        ({"expected": {"ohs": "expectd_ohs"}}, "variation.expected.ohs"),
        ({"expected": {"oks": "expected_ohs_6m"}}, "variation.expected"),
        ({"only": {"revison": "primary"}}, "variation.only"),
        ({"alert": Alert(watch=95)}, "variation.alert.watch"),
        ({"fewest": 0}, "variation.fewest"),
        ({"measures": ()}, "variation.measures"),
        ({"series": Series("month", rules="eight points")}, "variation.series.rules"),
        ({"series": Series("month", event="readmitted")}, "variation.series"),
        ({"change": Change("pathways", "enhanced")}, "variation.change.column"),
    ],
)
def test_a_fault_is_named_with_its_key(changes, key):
    assert key in problems(**changes)


def test_rule_sets_are_those_that_the_chart_knows():
    assert tuple(RULES) == RULE_SETS


def test_a_study_without_a_word_on_variation_has_the_field_empty():
    assert load_study(str(DATA / "heart-failure")).config.variation is None
    assert Variation("provider", ("ohs",)).fewest == 30

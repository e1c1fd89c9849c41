"""Where groups part and what they agree on: sentences follow the counts, also where the data turn round."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shown_maker import said_of

from vbhc.chapters.stakeholders.answer import answer_of_survey
from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.disagree import agreed_on, furthest_apart, gap_claim, own_voice
from vbhc.chapters.stakeholders.heard import people
from vbhc.chapters.stakeholders.put_first import widest_item
from vbhc.publish.claims import render, verdict_of
from vbhc.publish.disclosure.policies import OPEN, get_policy
from vbhc.publish.findings.show import under
from vbhc.publish.results import Result
from vbhc.statistics.tables2x2 import mover, newcombe, wilson

NHS = get_policy("nhs-proms")
TESTS = pd.DataFrame({"statement": ["s", "t"], "label": ["Cost", "Change"], "p": [0.001, 0.9]})
TESTS = TESTS.assign(holm_p=TESTS["p"])


def tops(*counts: tuple) -> pd.DataFrame:
    """Shares by hand: (statement, group, k, n)."""
    table = pd.DataFrame(counts, columns=["statement", "group", "k", "n"])
    table["label"] = table["statement"].map({"s": "Cost", "t": "Change"})
    return table.assign(estimate=table["k"] / table["n"])


SHARES = tops(
    ("s", "payer", 13, 15), ("s", "patient", 14, 56), ("t", "payer", 13, 15), ("t", "patient", 49, 55)
)


def test_the_widest_gap_is_said_in_counts_with_its_interval():
    """13/15 - 14/56 = 0.617; Newcombe 1998, method 10, by hand from Wilson's ends: 0.34 to 0.75."""
    said = render(gap_claim(furthest_apart(TESTS, SHARES)))
    assert said == (
        "13 of 15 payers agree that “Cost”, against 14 of 56 patients (62 percentage points apart, 34 to 75)."
    )


def test_what_is_agreed_on_is_the_statement_that_tells_no_group_apart():
    """13 + 49 of 15 + 55; no statement is agreed on by half or fewer, or where the groups differ."""
    said = render(agreed_on(TESTS, SHARES))
    assert said.startswith("62 of 70 (89%, ")
    assert said.endswith("agree that “Change”, and no group is shown to differ.")
    assert agreed_on(TESTS, SHARES.assign(k=7)) is None
    assert agreed_on(TESTS.assign(holm_p=0.01), SHARES) is None


def test_what_patients_agree_with_more_than_others_is_told_beside_the_widest_gap(study):
    """A statement on which patients stand first is theirs, however far others part on another."""
    tests = TESTS.assign(holm_p=0.01)
    turned = tops(
        ("s", "payer", 13, 15), ("s", "patient", 14, 56), ("t", "payer", 5, 15), ("t", "patient", 40, 55)
    )
    assert own_voice(tests, turned)["statement"] == "t"
    assert own_voice(tests, SHARES) is not None  # 49 of 55 patients against 13 of 15 payers
    assert own_voice(TESTS, turned) is None  # nothing tells the groups apart on t
    none = pd.DataFrame()
    answer = Result("answer", answer_of_survey(Asked(study, none, tests, turned, none, none, none)))
    said = [render(one) for one in under(answer, OPEN).says if one]
    assert said[0].startswith("13 of 15 payers agree that “Cost”")
    assert said[1].startswith("40 of 55 patients agree that “Change”, against 5 of 15 payers")


@given(st.integers(0, 15), st.integers(0, 56))
def test_the_group_that_agrees_more_is_named_first_whatever_the_counts(payers, patients):
    apart = furthest_apart(TESTS, tops(("s", "payer", payers, 15), ("s", "patient", patients, 56)))
    if payers / 15 == patients / 56:
        assert apart is None
        return
    claim = gap_claim(apart)
    assert apart["first"] == ("payer" if payers / 15 > patients / 56 else "patient")
    assert verdict_of(claim) in ("more", "indistinct")
    assert ("cannot be told apart" in render(claim)) == (claim.low <= 0)


def test_where_no_statement_tells_them_apart_the_answer_names_no_gap(study):
    none = pd.DataFrame()
    asked = Asked(study, none, TESTS.assign(holm_p=0.6), SHARES, none, none, none)
    answer, many = Result("answer", answer_of_survey(asked)), "On none of 2 statements are the groups shown"
    assert said_of(answer).startswith(f"{many} to answer differently")
    assert said_of(answer, NHS).startswith(f"{many} to answer differently")


def test_where_people_are_protected_the_answer_gives_no_counts(study):
    none = pd.DataFrame()
    answer = Result("answer", answer_of_survey(Asked(study, none, TESTS, SHARES, none, none, none)))
    assert said_of(answer).startswith("13 of 15 payers agree that “Cost”")
    assert said_of(answer, NHS) == (
        "Furthest apart on “Cost”: payers agree most, patients least. On 1 of 2 statements the groups answer "
        "differently (Kruskal-Wallis, Holm over the statements)."
    )


@pytest.fixture
def study(tmp_path):
    from study_maker import small_study

    return small_study(tmp_path)


def test_a_difference_of_two_shares_by_their_intervals_is_newcombes():
    """Newcombe 1998, table II, example (a): 56/70 - 48/80, 0.0524 to 0.3339."""
    found = mover((56 / 70, *wilson(56, 70)), (48 / 80, *wilson(48, 80)))
    assert found[1:] == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found[1:] == pytest.approx(newcombe(56, 70, 48, 80))


def test_the_title_of_choices_follows_the_intervals():
    rows = [("payer", "cost", 0.6, 0.5, 0.7), ("patient", "cost", -0.6, -0.7, -0.5)]
    rows += [("payer", "life", 0.1, 0.0, 0.2), ("patient", "life", 0.2, 0.1, 0.3)]
    scores = pd.DataFrame(rows, columns=["group", "item", "score", "low", "high"])
    assert widest_item(scores) == "The score of “cost” was 1.20 higher for payers than for patients"
    wide = scores.assign(low=-1.0, high=1.0)
    assert widest_item(wide).startswith(
        "The score of “cost” cannot be told apart between payers and patients"
    )
    assert widest_item(scores.head(1)) == "What was chosen as best and as worst"


@pytest.mark.parametrize(
    ("group", "n", "said"),
    [
        ("payer", 2, "payers"),
        ("non-clinician", 1, "non-clinician"),
        ("registry", 3, "people of the group registry"),
        ("Ward 3", 1, "person of the group Ward 3"),
    ],
)
def test_people_of_a_group_are_named_without_wrong_plurals(group, n, said):
    assert people(group, n) == said

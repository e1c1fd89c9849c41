"""The notebooks' one-line answers and the results by group: words that follow the numbers."""

import re

import numpy as np
import pandas as pd
import pytest
from vbhc.chapters.value.answer import plane_title, value_answer

from vbhc.chapters import value
from vbhc.chapters.perception import answer as answers
from vbhc.chapters.stakeholders.answer import gains_and_groups
from vbhc.chapters.value import gains, groups
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.disclosure.policies import get_policy
from vbhc.statistics import correlation, ratios
from vbhc.study import Study
from vbhc.study.config import Config, Group, InstrumentUse, Visit


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


def correlations(outcome, vq):
    rows = [("outcome", *outcome), ("cost", -0.1, 0.1), ("VQ", *vq)]
    return pd.DataFrame(rows, columns=["with", "low", "high"]).assign(coefficient="spearman")


@pytest.mark.parametrize(
    ("outcome", "vq", "expected"),
    [
        (
            (0.1, 0.4),
            (0.1, 0.3),
            "with better outcomes perceived more value, and so did those with more outcome",
        ),
        (
            (0.1, 0.4),
            (-0.1, 0.3),
            "perceived more value, while for more outcome per cost that is not settled",
        ),
        (
            (-0.1, 0.4),
            (-0.1, 0.3),
            "do not settle whether patients with better outcomes perceived more value, nor",
        ),
        ((0.1, 0.4), (-0.4, -0.1), "while those with more outcome per cost perceived less value"),
    ],
)
def test_plain_answer_goes_by_the_intervals(outcome, vq, expected):
    assert expected in answers.plain_answer(correlations(outcome, vq))


def test_no_plain_answer_where_nothing_could_be_computed():
    assert answers.plain_answer(correlations((np.nan, np.nan), (0.1, 0.2))) == ""


def test_ratio_of_each_group_is_the_ratio_of_its_sums(study, patients):
    """All outcome over all cost of a group, per 1,000: the definition of a ratio of means."""
    table = groups.ratio_by_groups(study, patients, patients, per=1000).set_index("group")
    new = patients[patients["arm"] == "new"]
    assert table.loc["new", "estimate"] == pytest.approx(1000 * new["outcome"].sum() / new["cost"].sum())
    assert table.loc[["new", "old"], "n"].tolist() == [30, 30]


def test_groups_too_small_are_left_out_and_said(study, patients):
    few = patients.head(9)
    assert groups.ratio_by_groups(study, few, few, per=1000).empty
    assert "no declared group with 10 patients" in groups.ratio_groups_sentence(pd.DataFrame(), "points")


def levels(estimates, errors):
    frame = pd.DataFrame({"group": list("abc")[: len(estimates)], "estimate": estimates})
    apart = groups._errors(frame["estimate"].to_numpy(), np.diag(np.square(errors)))
    return frame.assign(split="Arm", n=30, **apart)


def test_two_groups_are_compared_by_their_difference_not_by_overlap():
    """Estimates 1 and 2, standard errors 0.3: each interval reaches the other's side, the difference does not
    hold zero: 1 +- 1.96 x sqrt(0.18) = 0.17 to 1.83."""
    text = groups.ratio_groups_sentence(levels([2.0, 1.0], [0.3, 0.3]), "points")
    assert text.endswith("The difference is 1.00 (95% CI 0.17 to 1.83).")
    silent = groups.ratio_groups_sentence(
        levels([2.0, 1.0], [0.3, 0.3]), "points", policy=get_policy("nhs-proms")
    )
    assert "(n = " in text
    assert "(n = " not in silent
    unclear = groups.ratio_groups_sentence(levels([2.0, 1.0], [0.5, 0.5]), "points")
    assert unclear.endswith("these data do not say which of the two is higher.")


def test_more_groups_are_compared_by_cochrans_q():
    """Estimates 1, 2, 3, standard error 1: Q = 1 + 0 + 1 = 2 on 2 degrees of freedom, p = exp(-1)."""
    text = groups.ratio_groups_sentence(levels([1.0, 2.0, 3.0], [1.0] * 3), "points")
    assert "Q = 2.0 on 2 degrees of freedom, p = .368" in text
    assert "Chance alone could" in text
    assert "by more than chance" in groups.ratio_groups_sentence(levels([1.0, 2.0, 3.0], [0.2] * 3), "points")


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
    assert "Within groups ρ runs from" in groups.association_groups_sentence(table)


def test_value_answer_says_size_and_what_drives_it(patients):
    ratio = ratios.ratio_of_means(patients["outcome"], patients["cost"], n_resamples=200)
    text = value_answer(ratio, value.reciprocal_cost(patients["outcome"], patients["cost"]), "points", "EUR")
    assert text.startswith("Each EUR 1,000 bought")
    assert text.count(". ") == 1
    assert re.search(r"Here VQ (is|mostly)[a-z ]*\.$", text)


@pytest.mark.parametrize(
    ("estimate", "n", "expected"),
    [
        (0.02, 2000, "shown to be poor"),
        (0.6, 200, "shown not to be poor"),
        (0.2, 60, "not settled by these data"),
        (-0.7, 200, "goes the other way, beyond minus 0.20"),
    ],
)
def test_perception_answer_never_reads_poor_off_a_p_value(patients, estimate, n, expected):
    three = correlation.side_by_side(*(patients[c] for c in ("perceived", "outcome", "cost", "outcome")))
    assert expected in answers.perception_answer(three, correlation.equivalence(estimate, n, 0.2))


def test_spread_sentences_by_hand():
    said = answers.perception_spread(pd.Series([1.0, 5, 5, np.nan]), "Care")
    assert said == "Care: 3 answers, median 5.0; the best that anyone gave, 5.0, came from 67%."
    assert answers.perception_title(pd.Series([4.0, 4])) == "All answers are alike: nothing can go with them"


def definition(outcome):
    label = f"{outcome} score, gain"
    return Definition(
        outcome, "gain", f"{outcome}_change", label, "points", 1, "cost_eur_2011", "EUR", 2011, 1000
    )


def test_responders_by_hand_and_refusal_in_words():
    """KCCQ-OS, 5 points for one patient: +5 and +20 improved, 0 unchanged, -5 worsened."""
    patients = pd.DataFrame({"kccq_os_change": [5.0, 20, 0, -5, np.nan], "eq5d_index_change": 0.1})
    table, said = gains.responder_table(patients, definition("kccq_os"))
    assert table["count"].tolist() == [2, 1, 1]
    assert table["n"].tolist() == [4] * 3
    assert said.startswith("2 of 4 patients (50%")
    assert re.match(r"Improved, worsened: by 5 or more\. Spertus 2020", gains.threshold_note(table))
    empty, reason = gains.responder_table(patients, definition("eq5d_index"))
    assert empty.empty
    assert reason.startswith("No smallest change that matters to a single patient is recorded for eq5d_index")
    assert "threshold" not in reason


def test_the_picture_of_outcome_and_cost_is_titled_by_how_they_go_together():
    outcome = np.arange(40.0)
    frame = pd.DataFrame({"outcome": outcome, "cost": 1000 + outcome**2})
    title = plane_title(frame)
    assert title.startswith("Cost ")
    assert "1.00" in title
    assert "n = 40" in title
    assert plane_title(frame.assign(cost=5.0))  # a constant gets its reason


def test_a_coefficient_is_named_with_its_interval():
    rng = np.random.default_rng(2)
    x = pd.Series(rng.normal(size=60))
    three = correlation.side_by_side(x, x + rng.normal(size=60), pd.Series(rng.normal(size=60)), x)
    named = answers.coefficients_in_words(three)["coefficient"].unique().tolist()
    assert named[:2] == ["Spearman's ρ (Bonett-Wright interval)", "Kendall's τ-b (jackknife interval)"]
    assert named[2].startswith("Polychoric r")


def test_gains_and_groups_lead_with_a_sentence_each():
    gains, groups = "Both are raised by 20 of 26. Details on gains follow.", "The two groups do not differ."
    assert gains_and_groups(gains, groups) == (
        "Both are raised by 20 of 26. The two groups do not differ. Details on gains follow."
    )

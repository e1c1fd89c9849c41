"""What stands beside the quota: other published forms, rankings, two quotas."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from shown_maker import said_of

from vbhc import cleaning
from vbhc.chapters import value
from vbhc.chapters.cleaning.scale_quality import together
from vbhc.chapters.value.artefacts import shuffle_test
from vbhc.chapters.value.opening import separate_outcomes
from vbhc.chapters.value.quota import declared as definition
from vbhc.chapters.value.quota import other_forms
from vbhc.chapters.value.quota.numerators import quota_where_possible
from vbhc.publish.disclosure.policies import get_policy
from vbhc.study import Study
from vbhc.study.config import Config, Cost, Group, InstrumentUse, ValueQuota, Visit

COLUMNS = pd.DataFrame(
    [
        (f"{stem}_{end}", label, unit, low, high, "higher is better")
        for stem, label, unit, low, high in (
            ("ohs", "Oxford Hip Score", "points", 0, 48),
            ("eq5d_index", "EQ-5D index", "1 = full health", -0.594, 1),
            ("eq5d_index_se", "EQ-5D index (Sweden)", "1 = full health", 0, 1),
        )
        for end in ("baseline", "6m", "change")
    ],
    columns=["name", "label", "unit", "min", "max", "direction"],
)
INSTRUMENTS = {
    "oxford": InstrumentUse("ohs", "ohs_{item}"),
    "eq5d": InstrumentUse("eq5d-3l", "eq5d_{item}", "3l-tto-uk"),
    "again": InstrumentUse("eq5d-3l", "eq5d_{item}", "3l-tto-sweden", "se"),
}


def analysis_frame(patients, vq):
    cost = patients[vq.cost_column].astype(float)
    return pd.DataFrame({"outcome": definition.outcome_values(patients, vq), "cost": cost})


@pytest.fixture(autouse=True)
def columns(monkeypatch):
    """What the cleaning would have written of the study's columns."""

    def are(chosen=COLUMNS):
        monkeypatch.setattr(cleaning, "load_columns", lambda study: chosen)

    are()
    return are


@pytest.fixture
def study(tmp_path):
    cost = Cost("EUR", 2019, "hospital", "unit_costs.csv", {"ward": ("day",)}, lines="lines")
    visits = {"baseline": Visit("before"), "6m": Visit("after", 6)}
    groups = {"site": Group("site", "Site", "site"), "arm": Group("arm", "Arm", "arm", "old")}
    plan = ValueQuota("ohs")
    config = Config("t", visits=visits, cost=cost, value_quota=plan, instruments=INSTRUMENTS, groups=groups)
    return Study("s", tmp_path, config, {})


@pytest.fixture
def patients():
    """400 patients at ten places: the dearer the place, the no better its outcomes."""
    rng = np.random.default_rng(3)
    n = 400
    place = np.arange(n) % 10
    before, gain = rng.normal(18, 5, n).clip(0, 48), rng.normal(15, 6, n)
    frame = pd.DataFrame(
        {
            "ohs_baseline": before,
            "ohs_6m": (before + gain).clip(0, 48),
            "eq5d_index_baseline": (before / 48).clip(0, 1),
            "eq5d_index_6m": (before / 48 + rng.normal(0.2, 0.1, n)).clip(0, 1),
            "cost_eur_2019": 1000.0 * (1 + place) * rng.lognormal(0, 0.1, n),
            "perceived_value": gain + rng.normal(0, 6, n),
            "site": [f"S{at // 2}" for at in place],
            "arm": np.where(place % 2 == 0, "old", "new"),
        }
    )
    frame["eq5d_index_se_baseline"], frame["eq5d_index_se_6m"] = (
        frame[f"eq5d_index_{v}"] for v in ("baseline", "6m")
    )
    for stem in ("ohs", "eq5d_index", "eq5d_index_se"):
        frame[f"{stem}_change"] = frame[f"{stem}_6m"] - frame[f"{stem}_baseline"]
    return frame


VQ = definition.Definition("x", "gain", "x_change", "X, gain", "points", 1, "cost", "EUR", 2019, 1000.0)


@pytest.fixture
def vq(study):
    return definition.define_value_quota(study, COLUMNS)


# --- outcomes apart, and two quotas over one cost ---


def test_a_second_value_set_is_no_second_outcome(study):
    assert separate_outcomes(study, COLUMNS) == ["ohs", "eq5d_index"]


def test_two_quotas_are_set_against_what_unrelated_outcomes_would_give(study, patients, vq):
    table = value.two_quotas(study, patients, vq, n_shuffles=200)
    frame = analysis_frame(patients, vq)
    other = quota_where_possible(patients["eq5d_index_change"], frame["cost"]).rename("x")
    by_hand = shuffle_test(frame["outcome"], frame["cost"], other, 200)
    assert table["shuffled_mean"].iloc[0] == pytest.approx(by_hand["shuffled_mean"].iloc[0])
    said, alarm = value.share_their_cost(table).says
    assert said.startswith("Oxford Hip Score and EQ-5D index: two VQ that share their cost correlate")
    assert alarm == "Their agreement is no validation of either."
    assert value.share_their_cost(table.assign(shuffled_mean=0.02)).says[1] == ""


def test_one_outcome_shares_its_denominator_with_no_other(study, patients, vq, columns):
    columns(COLUMNS[COLUMNS["name"].str.startswith("ohs")])
    alone = value.two_quotas(study, patients, vq)
    assert alone.empty
    assert value.share_their_cost(alone) is None


# --- other published forms ---


def test_every_form_has_a_number_or_a_reason(study, patients, vq):
    table = other_forms.other_forms(study, patients, vq).set_index("form")
    assert ((table["reason"] == "") == table["low"].notna()).all()
    best = table.loc["value-quotient"]  # a share of the sample's own maximum: a number, no interval
    assert best["estimate"] > 0
    assert "one patient" in best["reason"]
    assert table.loc["baseline-adjusted", ["estimate", "low", "high"]].to_list() == pytest.approx(
        table.loc["follow-up", ["estimate", "low", "high"]].to_list()
    )
    assert table.loc["mcid-units", "estimate"] == pytest.approx(table.loc["gain", "estimate"] / 8)
    assert table.loc["mcid-units", "rank_agreement"] == pytest.approx(1)
    assert "reference_outcome" in table.loc["value-index", "reason"]
    seen = patients.assign(gain=patients["ohs_change"], died=False)
    ratio = value.ratio_of_means(patients["ohs_change"], patients["cost_eur_2019"], n_resamples=50)
    rescaled, reordered = other_forms.published_forms(vq, seen, ratio, table.reset_index()).says
    assert rescaled == (
        "Only the unit of gain is changed by mcid-units, value-quotient and procedure-value-index."
    )
    assert reordered.startswith("Patients are put in another order than by gain by follow-up")


def test_patients_of_many_providers_are_taken_as_alike_in_every_interval(study, patients, vq):
    """Two equal patients of each provider are one piece of evidence, as on 02."""
    groups = {"p": Group("site", "Provider", "provider")}
    many = dataclasses.replace(study, config=dataclasses.replace(study.config, groups=groups))
    twice = pd.concat([patients, patients], ignore_index=True)
    twice["site"] = [f"s{n}" for n in range(len(patients))] * 2
    once = other_forms.other_forms(study, patients, vq).set_index("form").loc["gain"]
    found = other_forms.other_forms(many, twice, vq).set_index("form").loc["gain"]
    assert found[["low", "high"]].to_list() == pytest.approx(once[["low", "high"]].to_list())
    seen = twice.assign(gain=twice["ohs_change"], cost=twice["cost_eur_2019"], died=False)
    shown = other_forms.each_interval(many, vq, seen).table.frame
    assert shown["low"].iloc[0] == pytest.approx(once["low"])


def test_deaths_are_a_row_of_their_own_where_anybody_died(study, patients, vq):
    table = other_forms.other_forms(study, patients, vq)
    ratio = value.ratio_of_means(patients["ohs_change"], patients["cost_eur_2019"], n_resamples=50)
    for died, first in ((patients.index < 3, "gain, deaths at the worst score"), (False, "gain")):
        seen = patients.assign(gain=patients["ohs_change"], died=died)
        assert other_forms.published_forms(vq, seen, ratio, table).table.frame["form"].iloc[0] == first


# --- rankings ---


def test_rankings_at_the_price_paid_by_hand():
    outcome, cost = pd.Series([2.0, 5.0, 2.0]), pd.Series([1.0, 10.0, 9.0])
    table = value.rankings_at(outcome, cost)
    assert table["willingness_to_pay"].tolist() == pytest.approx([20 / 18, 20 / 9, 40 / 9])
    # VQ 2, 0.5, 0.22; net benefit at 20/9: 3.4, 1.1, -4.6 (same order); at 40/9: 7.9, 12.2, -0.1 (one pair)
    assert table["discordant_share"].tolist() == pytest.approx([0, 0, 1 / 3])
    result = value.two_orders(VQ, table)
    said = said_of(result)
    assert "put 0% of pairs of patients in opposite order" in said
    assert "(3 pairs of 3 patients)" in said
    # 166 patients make 13,695 pairs, and no other number of them does.
    hes = said_of(result, get_policy("hes"))
    assert "worth what was paid for it on average (3 patients). Between half of that and twice as much" in hes
    assert said.endswith("Between EUR 1.11 and 4.44 it is 0% to 33% of pairs.")


def test_nothing_gained_has_no_price():
    table = value.rankings_at(pd.Series([-1.0, -2, -3]), pd.Series([1.0, 2, 3]))
    assert "Nothing was gained on average" in value.two_orders(VQ, table).says[0]


# --- as readers see the tables ---


def test_forms_are_told_apart_by_what_they_have(study, patients, vq):
    table = other_forms.other_forms(study, patients, vq)
    here = other_forms.form_sources(table).table.frame.set_index("form")["reason"]
    assert here.index.tolist() == table["form"].tolist()
    assert here["gain"] == "computed"
    assert "reference_outcome" in here["value-index"]


def test_rows_alike_stand_together_in_the_order_of_first_appearance():
    table = pd.DataFrame({"source": ["b", "a", "b", None, "a"], "at": range(5)})
    assert together(table, "source")["at"].tolist() == [0, 2, 1, 4, 3]

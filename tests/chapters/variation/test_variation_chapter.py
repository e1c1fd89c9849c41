"""05 on the planted study: what was put in is what the page says; and studies in which it cannot be said."""

import dataclasses

import numpy as np
import pytest
from nhs_packs import lookalike_study
from said import holes, overstated
from shown_maker import all_texts, said_of

from vbhc import cleaning
from vbhc.chapters import variation
from vbhc.chapters.variation.decide import VERDICTS
from vbhc.chapters.variation.sentences import say
from vbhc.problems import StudyError
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.disclosure.said import may_show


def page(study, patients, columns, monkeypatch) -> dict:
    """Everything that the notebook shows, by id, and its scorecard."""
    monkeypatch.setattr(cleaning, "load_patients", lambda _: patients)
    monkeypatch.setattr(cleaning, "load_columns", lambda _: columns)
    people = variation.load_patients(study)
    score = variation.measured(study, people)
    register = variation.registration(study, people, score)
    worth = variation.ranks(variation.each_measure(study, people), 1)
    value = variation.value_by_provider(study, people, score, 0.95)
    ties = variation.tie_by_level(study, people, score)
    beside = variation.beside_peers(study, people, score)
    card = variation.scorecard(study, people, score, register, value, beside)
    shown = [
        variation.comparable(study, register),
        variation.what_was_expected(study, score),
        variation.funnel(study, score),
        variation.league_table(study, worth),
        variation.value_spread(study, value),
        variation.patients_or_providers(study, score, ties),
        variation.peers_shown(study, beside),
        variation.decisions(study, score, card),
        variation.variation_answer(study, score, card, worth),
        *variation.variation_for_readers(study, score, card),
    ]
    found = {result.id: result for result in shown if result is not None}
    for result in found.values():
        for text in all_texts(result):
            assert text[0].isupper() or text[0].isdigit(), text
            assert not holes(text), text
            assert not overstated(text, {}), text
    return {**found, "card": card, "score": score}


def changed(study, **plan):
    made = dataclasses.replace(study.config.variation, **plan)
    return dataclasses.replace(study, config=dataclasses.replace(study.config, variation=made))


@pytest.fixture
def planted(shipped, monkeypatch):
    study, cleaned = shipped
    return page(study, cleaned.patients, cleaned.columns, monkeypatch)


def test_data_come_before_performance(planted):
    card = planted["card"].set_index("provider")
    assert card.loc[["H08", "H17"], "verdict"].tolist() == ["its data first"] * 2
    assert card.loc[["H08", "H17"], "warning"].tolist() == ["answers", "coding"]
    assert card.loc[["H03", "H44"], "verdict"].tolist() == ["too few records"] * 2
    assert set(card["verdict"]) <= set(VERDICTS)


def test_the_one_far_behind_is_named_and_nobody_else(planted):
    card = planted["card"]
    assert card.loc[card["verdict"].str.startswith("far"), "provider"].tolist() == ["H23"]
    assert "H23 far below" in said_of(planted["decisions"])
    assert "1 is far below" in said_of(planted["answer"])
    assert "H23 below" in said_of(planted["peers"])


def test_who_is_set_apart_stands_beside_nobody_and_is_no_yardstick(planted):
    """H08, where few answered, was named as above its peers on the page that says it cannot be judged."""
    card = planted["card"].set_index("provider")
    assert card.loc[["H08", "H17"], "peers"].isna().all()
    assert card["peers"].notna().sum() == (card["warning"] == "").sum()
    assert "of 55 hospitals that can be judged" in said_of(planted["peers"])
    assert "H08" not in said_of(planted["peers"])


def test_who_is_named_has_a_column_only_where_providers_may_be_named(planted, shipped):
    assert "H23" in planted["decisions"].table.frame["detail"].tolist()
    study = shipped[0]
    hidden = dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure="nhs-proms"))
    shown = variation.decisions(hidden, planted["score"], planted["card"])
    assert "detail" not in shown.table.frame
    assert "H23" not in said_of(shown)


def test_the_sign_that_turns_round_is_told(planted):
    assert "The sign turns round between levels, whichever hospitals are let in." in said_of(
        planted["levels"]
    )


def test_expectations_are_recentred(planted):
    """1.1 planted, less what scores that end at 48 and the odd hospitals take."""
    assert planted["score"].shift == pytest.approx(1.1, abs=0.3)
    left = planted["score"].patients["residual"]
    assert left.mean() == pytest.approx(0, abs=1e-9)


def test_the_scorecard_holds_every_hospital_once(planted):
    card = planted["card"]
    assert card["provider"].is_unique
    assert len(card) == 60
    for part in ("value", "peers", "trend"):
        known = card.dropna(subset=[part])
        assert ((known[f"{part}_low"] <= known[part]) & (known[part] <= known[f"{part}_high"])).all()


def test_a_model_of_ones_own_is_told_to_be_one(shipped, monkeypatch):
    study, cleaned = shipped
    own = page(changed(study, expected={}), cleaned.patients, cleaned.columns, monkeypatch)
    assert "home-made model" in said_of(own["expected"])
    official = page(study, cleaned.patients, cleaned.columns, monkeypatch)
    pair = [one["score"].providers.set_index("unit")["estimate"] for one in (own, official)]
    assert np.corrcoef(*pair)[0, 1] > 0.9


def test_nobody_is_named_where_people_are_protected(shipped, monkeypatch):
    study, cleaned = shipped
    config = dataclasses.replace(study.config, disclosure="nhs-proms")
    found = page(dataclasses.replace(study, config=config), cleaned.patients, cleaned.columns, monkeypatch)
    for result in (one for name, one in found.items() if name not in ("card", "score")):
        texts = " ".join([*all_texts(result), result.table.frame.to_string() if result.table else ""])
        assert not any(name in texts for name in ("H08", "H23", "H17")), texts
    assert "provider" not in found["funnel"].drawing.data["units"]


def test_a_score_that_is_better_when_lower_is_turned_round(shipped, monkeypatch):
    study, cleaned = shipped
    columns = cleaned.columns.copy()
    columns.loc[columns["name"].str.contains("ohs"), "direction"] = "lower is better"
    turned = page(study, cleaned.patients, columns, monkeypatch)
    card = turned["card"].set_index("provider")
    assert card.loc["H23", "verdict"] == "far above"


UNANSWERABLE = {
    "five hospitals": lambda p: p[p["provider"].isin(["H01", "H02", "H04", "H05", "H06"])],
    "one hospital": lambda p: p[p["provider"] == "H02"],
    "nobody answered": lambda p: p.assign(ohs_6m=np.nan, eq_vas_6m=np.nan, perceived_value=np.nan),
    "all alike": lambda p: p.assign(ohs_6m=40.0, expected_ohs_6m=40.0),
    "costs all equal": lambda p: p.assign(cost_gbp_2024=100.0),
    "ratings all equal": lambda p: p.assign(perceived_value=4.0),
}


@pytest.mark.parametrize("name", UNANSWERABLE)
def test_what_cannot_be_answered_is_a_sentence(name, shipped, monkeypatch):
    study, cleaned = shipped
    patients = UNANSWERABLE[name](cleaned.patients).reset_index(drop=True)
    found = page(study, patients, cleaned.columns, monkeypatch)
    assert found["answer"].role == "answer"


def test_a_measure_that_nobody_declared_is_an_error(shipped, monkeypatch):
    study, cleaned = shipped
    monkeypatch.setattr(cleaning, "load_columns", lambda _: cleaned.columns)
    with pytest.raises(StudyError, match="did you mean"):
        variation.measured(study, cleaned.patients, "osh")


def test_providers_that_do_not_differ_are_said_not_to(tmp_path, monkeypatch):
    """The look-alike of the English pack has no difference between providers in it."""
    study = lookalike_study("hip", tmp_path)
    cleaned = cleaning.clean(study)
    found = page(study, cleaned.patients, cleaned.columns, monkeypatch)
    assert found["score"].tau == pytest.approx(0, abs=0.3)
    assert "0 are far below what was expected and 0 far above" in said_of(found["answer"])
    drawn = found["funnel"].drawing.data["limits"]
    assert "with tau" in set(drawn["kind"])


def test_a_provider_of_one_patient_has_too_few_records_and_not_silent_patients(shipped, monkeypatch):
    study, cleaned = shipped
    patients = cleaned.patients.copy()
    lone = patients.index[patients["ohs_6m"].isna()][:5]
    patients["provider"] = patients["provider"].astype(object)
    patients.loc[lone, "provider"] = [f"<b>{n}</b>" for n in range(5)]
    card = page(study, patients, cleaned.columns, monkeypatch)["card"].set_index("provider")
    assert card.loc[[f"<b>{n}</b>" for n in range(5)], "warning"].tolist() == ["few"] * 5


def test_the_title_of_four_hundred_providers_passes_a_policy(shipped):
    """99.8 % beside 400 would give one away."""
    title = say("funnel-title", out=0, n=400, many="hospitals", fewest=30)
    assert may_show(title, get_policy("nhs-proms")) == title


def test_hospitals_that_are_counted_though_set_apart_are_said_to_be(planted):
    """57 have 30 records, and 55 of these can be judged: no 57 stands without a word of whom it counts."""
    title = planted["funnel"].drawing.title
    assert title.startswith("1 of 57 hospitals with 30 records or more lies beyond")
    assert "of all 57 with records enough, their data set apart or not" in said_of(planted["ranks"])
    assert "57 hospitals, " not in said_of(planted["funnel"])


def test_a_page_of_some_patients_says_of_whom(shipped, planted, monkeypatch):
    study, cleaned = shipped
    some = page(changed(study, only={"age": [60, 80]}), cleaned.patients, cleaned.columns, monkeypatch)
    said = "This page counts those patients only of whom this holds: age: 60 to 80. "
    assert said_of(some["comparable"]).startswith(said)
    assert "of whom this holds" not in said_of(planted["comparable"])


def test_records_are_added_up_before_they_are_rounded(shipped, monkeypatch):
    study, cleaned = shipped
    rounds = dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure="hes"))
    exact, rounded = (page(one, cleaned.patients, cleaned.columns, monkeypatch) for one in (study, rounds))
    n = exact["ranks"].table.frame["n"]
    assert rounded["ranks"].table.frame["n"].tolist() == n.tolist()
    assert f"(n = {n.iloc[0]:,} with an expected score" in said_of(rounded["value-by-provider"])

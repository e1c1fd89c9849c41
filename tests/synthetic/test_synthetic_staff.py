"""The survey of staff: what was planted is found again, in many and in the 120 that are shipped."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from places import DATA
from statsmodels.discrete.discrete_model import Logit
from statsmodels.tools import add_constant

from vbhc import cleaning
from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.asked import asked_of
from vbhc.chapters.stakeholders.work import pace_claims
from vbhc.publish.claims import render, verdict_of
from vbhc.study import load_study
from vbhc.study.survey_plan import Work
from vbhc.synthetic import staff


def asked_staff(answers: pd.DataFrame) -> SimpleNamespace:
    plan = {name: tuple(staff._items(name)) for name in staff.ITEMS}
    activities = {name: (f"gain_{name}", f"pain_{name}") for name in staff.ACTIVITIES}
    survey = SimpleNamespace(work=Work(**plan, activities=activities, scaled_back="scaled_back"))
    study = SimpleNamespace(config=SimpleNamespace(survey=survey), dictionary={})
    return SimpleNamespace(answers=answers, study=study, ci_level=0.95)


@pytest.fixture(scope="module")
def shipped():
    study = load_study(str(DATA / "professionals"))
    return asked_of(study, cleaning.clean(study).respondents)


def test_a_large_draw_finds_what_was_planted():
    asked = asked_staff(staff.draw(times=40))
    found = stakeholders.what_drives(asked, stakeholders.work_scales(asked))
    table = found.set_index(["outcome", "term"])["estimate"]
    for outcome, effects in staff.EFFECTS.items():
        for term, planted in effects.items():
            assert table[outcome, term] == pytest.approx(planted, abs=0.04)
    balance = stakeholders.balances(asked).mean()
    for name, planted in staff.ACTIVITIES.items():
        assert balance[name] == pytest.approx(planted["gain"] - planted["pain"], abs=0.15)


def test_the_shipped_survey_shows_that_pace_means_something_else_to_the_ambitious(shipped):
    drivers = stakeholders.what_drives(shipped, stakeholders.work_scales(shipped))
    table = drivers.set_index(["outcome", "term"])
    inside = [
        table.loc[(outcome, term), "low"] <= planted <= table.loc[(outcome, term), "high"]
        for outcome, effects in staff.EFFECTS.items()
        for term, planted in effects.items()
    ]
    assert sum(inside) >= 11  # of 12 intervals of 95%
    motivation, strain = pace_claims(drivers)
    assert (verdict_of(motivation), verdict_of(strain)) == ("more", "less")
    said = render(motivation)
    assert said.startswith("The change in motivation with a faster pace was 0.7")
    assert "higher for staff of high ambition than for staff of low ambition" in said
    assert table.loc[("motivation", "pace"), "low"] < 0 < table.loc[("motivation", "pace"), "high"]


def test_gains_pains_and_who_scales_back(shipped):
    balance = stakeholders.balances(shipped)
    found = stakeholders.balance_by_activity(shipped, balance)
    by_hand = (shipped.answers["gain_improvement"] - shipped.answers["pain_improvement"]).astype(float)
    row = found.drawing.data.set_index("label").loc["improvement"]
    assert row["estimate"] == pytest.approx(by_hand.mean())
    assert row["n"] == by_hand.notna().sum()
    share = found.says[0]
    assert (share.k, share.n) == ((shipped.answers["scaled_back"] == "yes").sum(), 120)
    assert found.drawing.title.startswith("Gains outweigh pains in consultation and improvement")


def test_the_strained_skip_questionnaires(shipped):
    """Logistic regression finds the planted odds in many; the shipped answers say that strain is higher."""
    many = staff.draw(times=40)
    strain = many[staff._items("strain")].mean(axis=1)
    z = ((strain - strain.mean()) / strain.std(ddof=1)).rename("strain")
    fit = Logit((many["skips_proms"] == "yes").astype(float), add_constant(z)).fit(disp=False)
    planted = staff.PLANTED["log_odds_of_skipping_proms"]
    assert fit.params["const"] == pytest.approx(planted["average_strain"], abs=0.1)
    assert fit.params["strain"] == pytest.approx(planted["per_standard_deviation_of_strain"], abs=0.1)
    share, gap = stakeholders.skipped_by_staff(shipped, stakeholders.work_scales(shipped)).says
    assert (share.k, share.n) == ((shipped.answers["skips_proms"] == "yes").sum(), 120)
    assert verdict_of(gap) == "more"


def test_reversed_items_and_few_answers(shipped):
    turned = asked_staff(shipped.answers.astype({"fit_1": "Int64"}))
    plan = turned.study.config.survey.work
    turned.study.config.survey.work = Work(**{**vars(plan), "reverse": ("fit_1",)})
    turned.study.dictionary = {"fit_1": SimpleNamespace(min=1, max=5)}
    one = stakeholders.work_scales(asked_staff(shipped.answers))["fit"]
    other = stakeholders.work_scales(turned)["fit"]
    whole = shipped.answers[["fit_1", "fit_2", "fit_3"]].notna().all(axis=1)
    expected = (6 - 2 * shipped.answers["fit_1"][whole].astype(float)) / 3
    assert (other - one)[whole].to_numpy() == pytest.approx(expected)
    few = asked_staff(shipped.answers.head(20))
    assert stakeholders.what_drives(few, stakeholders.work_scales(few)).empty
    assert stakeholders.pace_and_ambition(few, pd.DataFrame()) is None

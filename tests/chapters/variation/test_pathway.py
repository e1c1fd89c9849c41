"""A pathway without patients: by hand, against what others published, and what its tables may not hold."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from places import REPO

from vbhc.chapters.variation import pathway, pathway_shown
from vbhc.problems import StudyError
from vbhc.publish.claims import Claim, render
from vbhc.publish.notebook_files import read_cells
from vbhc.run.checking import inspect_study
from vbhc.run.needs import left_out
from vbhc.statistics.inequality import concentration_index
from vbhc.statistics.standardisation import extremal_quotient, systematic_variation
from vbhc.study import load_study
from vbhc.study.declared.pathway import read_pathway


@pytest.fixture(scope="module")
def study():
    return load_study(str(REPO / "data/af-stroke"))


@pytest.fixture(scope="module")
def model(study):
    return pathway.load(study, n_draws=400, seed=1)


@pytest.fixture
def own(tmp_path):
    """A copy of the study whose tables may be spoilt."""
    folder = shutil.copytree(REPO / "data/af-stroke", tmp_path / "af-stroke")

    def spoilt(file: str = "", old: str = "", new: str = ""):
        if file:
            text = (folder / file).read_text()
            assert old in text
            (folder / file).write_text(text.replace(old, new, 1))
        return load_study(str(folder))

    return spoilt


def text(result) -> str:
    return " ".join(render(one) if isinstance(one, Claim) else one for one in result.says)


def draws(**values):
    base = {"event_rate": 0.0, "event_rate_after": 0.0, "treatment_ratio": 1.0, "newer_ratio": 1.0,
            "event_fatal": 0.0, "harm_rate": 0.0, "harm_ratio": 1.0, "death_rate": 0.0}  # fmt: skip
    return {name: np.array([value]) for name, value in (base | values).items()}


def test_one_year_by_hand():
    # 1 - exp(-0.1) = 0.09516 have an event in the year; half of the year they are counted as not having it.
    found = pathway.follow(draws(event_rate=0.1), years=1, discount=0.0, treated=False)
    had = 1 - np.exp(-0.1)
    assert found["events"][0] == pytest.approx((1 - had / 2) * 0.1)
    assert found["treated"][0] == pytest.approx(had / 2)  # treated after the event
    assert found["deaths"][0] == 0
    fatal = pathway.follow(draws(event_rate=0.1, event_fatal=1.0), 1, 0.0, treated=False)
    assert fatal["deaths"][0] == pytest.approx(had)


def test_treatment_that_does_nothing_changes_nothing_but_harm():
    same = draws(event_rate=0.05, death_rate=0.02, harm_rate=0.01, harm_ratio=2.0)
    without, treated = (pathway.follow(same, 5, 0.035, arm) for arm in (False, True))
    assert treated["events"] == pytest.approx(without["events"])
    assert treated["deaths"] == pytest.approx(without["deaths"])
    assert treated["harms"][0] > 1.5 * without["harms"][0]


def test_nobody_dies_twice_and_later_years_follow_the_first():
    found = pathway.follow(draws(event_rate=0.3, death_rate=0.2, event_fatal=0.5), 40, 0.0, treated=False)
    assert 0.99 < found["deaths"][0] <= 1
    assert found["after"][0] < found["treated"][0]  # the first year after an event is not a later one


def test_both_published_estimates_stand_beside_the_model(model):
    others = pathway.published(model).set_index("label")["estimate"]
    # 24 strokes over 6,390 treated years: 0.376 per 100; 14,220 over three years of 142,930 untreated: 3.32.
    assert others.to_numpy() == pytest.approx([0.376, 3.32], abs=0.005)
    own = pathway.interval(pathway.per_100_years(pathway.difference(model)))
    # Hart 2007: 2.7 fewer strokes per 100 patient-years without an earlier stroke; a newer drug spares more.
    assert 2.7 < own["estimate"] < 3.3
    risks = pathway.published(model)["value"]
    assert risks.iloc[0] < 1.05 < risks.iloc[1]  # the first lies below the Norwegian risk with one factor


def test_the_price_moves_the_sign(model):
    # With 446 a year (2014) treatment costs more than it saves, with a generic it saves.
    change = pathway.difference(model)
    item = {one: model.draws["Hospitals and medicines" + one] for one in ("event", "after", "harm")}
    even = pathway.break_even(change, item)
    assert np.quantile(even[1:], 0.025) > 73.69
    assert np.quantile(even[1:], 0.975) < 446


def test_people_newly_treated(study, model):
    areas = read_pathway(study).areas
    # QOF 2018/19: 854,960 of 997,890 treated, 142,930 not.
    assert (areas["treated"].sum(), areas["eligible"].sum()) == (854_960, 997_890)
    levers = pathway.people(model)
    below = areas[areas["treated"] < 0.9 * areas["eligible"]]
    wanted = 0.9 * below["eligible"].sum() - below["treated"].sum()
    assert levers[pathway.TREAT][0] == pytest.approx(wanted)
    assert levers[pathway.FIND][0] == pytest.approx(997_890 * 0.2 / 0.8 * 0.5 * 0.9)


def test_uncertain_numbers_carry_their_range(model):
    table = pathway.what_would_change(model)
    events = table[table["measure"] == "events"]
    assert (events["low"] < events["estimate"]).all()
    assert (events["estimate"] < events["high"]).all()
    assert table.loc[table["measure"] == "harms", "low"].min() > 0


def test_spread_of_areas_as_published_elsewhere(model):
    areas = model.tables.areas
    left, eligible = areas["eligible"] - areas["treated"], areas["eligible"]
    most = extremal_quotient(left, eligible, draws=200)
    spread = systematic_variation(left, eligible * left.sum() / eligible.sum())
    unequal = concentration_index(left / eligible, -areas["deprivation"], eligible)
    said = text(pathway_shown.treated_today(model, most, spread, unequal))
    # Computed on the same file by another program: x100 3.4, quotient 3.3, concentration index -.0076.
    assert "3.3 times the smallest" in said
    assert "component of variation is 3.4" in said
    assert "concentration index = -0.008" in said
    assert "shows no clear tie with how well off" in said


def test_a_perspective_mixes_no_price_years(own):
    study = own(
        "costs.csv", "Hospitals and medicines,GBP,2024/25,harm", "Hospitals and medicines,GBP,2017,harm"
    )
    with pytest.raises(StudyError, match=r"2024/25 and 2017; one in a perspective"):
        read_pathway(study)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("parameters.csv", "harm_rate,", "harm_raet,", "no 'harm_rate'"),
        ("parameters.csv", "0.36,0.26,0.51", "0.36,0.46,0.51", "0.36 is not within 0.46 to 0.51"),
        ("parameters.csv", "0.0422,0.031", "four,0.031", "'four'; a number"),
        ("parameters.csv", ",ratio,", ",ration,", "'ration'; one of"),
        ("costs.csv", "GBP,2024/25,after", "GBP,2024/25,later", "each once: event, after"),
        ("areas.csv", ",4251,", ",94251,", "07M: 94251 treated of"),
    ],
)
def test_faults_of_the_tables_are_named(own, file, old, new, said):
    problems = inspect_study(str(own(file, old, new).folder)).problems
    assert any(said in str(problem) and file in problem.file for problem in problems), list(
        map(str, problems)
    )


def test_a_study_without_patients_has_no_problem_and_runs_one_notebook(own):
    study = own()
    assert inspect_study(str(study.folder)).problems == []
    names = ["01-cleaning", "02-value-quota", "04-stakeholders", "05d-pathway", "06-summary"]
    assert set(names) - set(left_out(study.config, names)) == {"05d-pathway"}


def test_shares_outside_0_and_1_are_refused(own):
    with pytest.raises(StudyError, match=r"pathway.uptake.*a share from 0 to 1"):
        own("study.yml", "uptake: 0.9", "uptake: 90.0")


def test_the_notebook_runs_on_tables_alone(monkeypatch):
    monkeypatch.chdir(REPO)
    names: dict = {}
    for cell in read_cells(REPO / "notebooks/more/05d-pathway.ipynb"):
        if cell["cell_type"] == "code":
            exec(cell["source"].replace("n_draws: int = 2000", "n_draws: int = 200"), names)
    assert names["model"].plan.event == "stroke"
    assert set(names["cost"]["measure"]) == {"price", "net", "even"}

"""The invented survey of stakeholders: the same bytes, planted figures found again, mess that is caught."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
import yaml
from places import DATA

from vbhc import cleaning
from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.choices import best_worst_rows, survey_best_worst, survey_ranks
from vbhc.statistics import regression
from vbhc.study import load_study
from vbhc.synthetic import heart_failure, survey

FOLDER = DATA / "heart-failure"
SEED, TIMES = 5, 60  # a seed that the shipped file does not use, 8,400 respondents


@lru_cache
def study():
    return load_study(str(FOLDER))


@lru_cache
def cleaned():
    return cleaning.clean(study())


@lru_cache
def large() -> pd.DataFrame:
    return survey.draw(SEED, TIMES)


def test_the_generator_writes_the_committed_survey_byte_for_byte(tmp_path):
    (path,) = survey.write(tmp_path)
    assert path.read_bytes() == (FOLDER / "raw/survey.csv").read_bytes()
    assert b"\r" not in path.read_bytes()


def test_the_survey_has_a_seed_of_its_own():
    assert survey.SEED != heart_failure.SEED
    assert not survey.draw(1).equals(survey.draw(2))


def tasks() -> dict[str, list[str]]:
    """The best-worst tasks that the generator draws answers to, as `study.yml` declares them."""
    names = list(survey.ASPECTS)
    return {f"bw_{n}": [names[item] for item in shown] for n, shown in enumerate(survey.TASKS, start=1)}


def test_study_and_generator_name_the_same_questions():
    plan = study().config.survey
    assert list(plan.statements) == list(survey.LEVELS)
    assert list(plan.ranking) == list(survey.RANKED)
    assert {task: list(items) for task, items in plan.best_worst.items()} == tasks()
    assert list(plan.delphi.statements) == survey.AGAIN


def test_every_aspect_is_shown_three_times_and_every_pair_once():
    shown = [set(items) for items in tasks().values()]
    assert {sum(item in task for task in shown) for item in survey.ASPECTS} == {3}
    pairs = [frozenset((a, b)) for task in shown for a in task for b in task if a < b]
    assert len(pairs) == len(set(pairs)) == 21


def test_cleaning_keeps_137_of_142_and_says_why_five_rows_went():
    lines = cleaned().quarantine.query("source == 'survey'")
    flow = cleaned().flow.query("source == 'survey'").groupby("step")["n"].sum()
    assert flow.to_dict() == {"assessed": 142, "excluded": 5, "kept": 137}
    assert set(lines["value"]) >= {"patiet"}
    rules = lines["rule"].str.replace(r"row \d+", "row", regex=True).value_counts().to_dict()
    assert rules == {
        "same respondent as row but other value_cost": 2,
        "repeats row": 1,
        "empty": 1,
        "unknown; did you mean 'patient'?": 1,
    }


def test_blanks_and_odd_answers_are_left_out_and_counted():
    answers = cleaned().respondents
    assert answers[list(survey.LEVELS)].isna().any().all()
    assert not answers[list(survey.LEVELS)].isin([9]).any().any()
    ranks = answers[list(survey.RANKED)]
    assert ranks.isna().any(axis=1).sum() == ranks.isna().all(axis=1).sum() > 0
    assert (ranks.eq(1).sum(axis=1) == 2).sum() == 1  # two firsts
    counted = best_worst_rows(study(), answers).groupby(["respondent", "task"]).ngroups
    assert counted == len(answers) * len(tasks()) - 1


def test_truth_names_the_planted_figures():
    written = yaml.safe_load((FOLDER / "truth.yml").read_text(encoding="utf-8"))
    assert written["planted"]["survey_of_stakeholders"] == survey.PLANTED


@pytest.mark.parametrize("statement", [name for name in survey.LEVELS if name != survey.SPLIT["statement"]])
def test_ordinal_regression_finds_the_planted_log_odds(statement):
    """Within four standard errors; the statement that breaks the model is left out."""
    data = large()[[statement, "respondent_role", "respondent_age"]]
    data = data.replace({"respondent_role": {"patient": "a patient"}})  # with whom the others are compared
    found = regression.ordinal_regression(data, statement, ["respondent_role", "respondent_age"]).terms
    expected = {f"respondent_role: {k}": v for k, v in survey.SHIFTS[statement].items()}
    expected["respondent_age"] = survey.PLANTED["log_odds_per_year_of_age"].get(statement, 0)
    for term, value in expected.items():
        assert abs(found.loc[term, "estimate"] - value) < 4 * found.loc[term, "se"], term
    assert found["se"].iloc[0] < 0.12


def test_the_planted_break_of_proportional_odds_is_found_and_no_other():
    p = {
        name: regression.proportional_odds(large(), name, ["respondent_role", "respondent_age"]).p
        for name in survey.LEVELS
    }
    assert p.pop(survey.SPLIT["statement"]) < 1e-6
    assert min(p.values()) > 0.001


def test_ranks_and_choices_find_what_each_group_was_given():
    answers, truth = large(), survey.PLANTED
    ranks = survey_ranks(study(), answers)
    scores = survey_best_worst(study(), answers)
    for role in survey.SIZES:
        own = ranks[ranks["group"] == role].set_index("item")["mean_rank"]
        assert own.idxmin() == truth["ranking_first"][role]
        own = scores[scores["group"] == role].set_index("item")["score"]
        assert (own.idxmax(), own.idxmin()) == (truth["best"][role], truth["worst"][role])


def test_the_second_round_moves_to_the_middle_and_loses_some():
    stable = stakeholders.survey_stability(study(), large())
    planted = survey.PLANTED["second_round"]
    assert 1 - stable["n"].iloc[0] / len(large()) == pytest.approx(planted["left"], abs=0.02)
    assert (stable["estimate"] > 1 - planted["step_to_the_median"] - 0.02).all()
    before, after = (large()[[f"{name}{end}" for name in survey.AGAIN]].std() for end in ("", "_again"))
    assert (np.asarray(after, float) < np.asarray(before, float)).all()

"""Numbers and people brought together: what is shown where a study has both, and what is said where not."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from places import DATA
from report_maker import door_of

from vbhc import interviews
from vbhc.chapters.stakeholders.joint import COLUMNS
from vbhc.chapters.summary import joined
from vbhc.chapters.summary.joined import (
    NO_WEIGHTS,
    NOBODY_RANKED,
    survey_ranks,
    whose_claims,
    whose_ranks,
    whose_value,
)
from vbhc.publish.claims import render
from vbhc.publish.disclosure.policies import OPEN, get_policy
from vbhc.publish.findings.show import show_result, under
from vbhc.study import Study, load_study
from vbhc.study.declared import outcome_codes

THREE = "label,estimate,low,high,n\ngain,0.2876,0.1365,0.4257,162\n"
FOUND = [
    {"notebook": "03-perception", "kind": "figure", "id": "three-associations", "csv": THREE},
    {"notebook": "04-stakeholders", "kind": "sentence", "id": "agreement", "text": "They agree."},
]


def copy(tmp_path: Path, name: str) -> Study:
    kept = shutil.ignore_patterns("clean", "runs")
    shutil.copytree(DATA / name, tmp_path / "data" / name, ignore=kept)
    return load_study(str(tmp_path / "data" / name))


def with_patients(study: Study, rng: np.random.Generator) -> Study:
    """Write cleaned patients with the outcomes that the study's stakeholders are asked about."""
    columns = pd.read_csv(study.folder / "outcome_codes.csv")["outcome"]
    study.clean.mkdir()
    table = pd.DataFrame({name: rng.gamma(2, 10, 60) for name in columns})
    table.to_parquet(study.clean / "patients.parquet")
    return study


def with_respondents(study: Study, rng: np.random.Generator) -> Study:
    roles = np.repeat(["patient", "clinician", "manager", "payer"], 10)
    ranks = np.array([rng.permutation(len(study.config.survey.ranking)) + 1 for _ in roles])
    table = pd.DataFrame(ranks, columns=list(study.config.survey.ranking))
    table[study.config.survey.group] = roles
    table.to_parquet(study.clean / "respondents.parquet")
    return study


def test_the_default_study_gets_its_joint_display(tmp_path):
    study = copy(tmp_path, "heart-failure")
    table, said = joined.side_by_side(study, joined.interviewed(study), FOUND, n_resamples=50)
    assert table["fit"].str.split().str[0].tolist() == ["confirm", "silent", "silent", "silent", "silent"]
    assert table["numbers"].iloc[0].endswith("0.29 (interval 0.14 to 0.43, n = 162), to lie above 0.")
    assert said.startswith("Of 5 statements that were measured, voiced or both, 1 confirmed and 4 silent")


def test_a_study_that_lacks_a_side_says_which(tmp_path):
    hip, professionals = (load_study(str(DATA / name)) for name in ("nhs-hip", "professionals"))
    assert joined.side_by_side(hip, joined.interviewed(hip), [])[1] == ""
    coded = joined.interviewed(professionals)
    assert joined.side_by_side(professionals, coded, [])[1] == joined.NO_NUMBERS
    assert whose_ranks(hip, None)[1] == ""
    assert whose_ranks(professionals, coded)[1] == NOBODY_RANKED
    study = copy(tmp_path, "heart-failure")
    (study.folder / "joint_display.csv").unlink()
    table, said = joined.side_by_side(study, joined.interviewed(study), FOUND)
    assert (list(table.columns), said) == (list(COLUMNS), joined.NO_STATEMENTS)


def test_where_people_are_protected_the_display_gives_no_counts_by_group(tmp_path):
    """A mark beside counts that stand, and a cell of marks alone, each say within what bounds a group is."""
    study = copy(tmp_path, "heart-failure")
    table, _ = joined.side_by_side(study, joined.interviewed(study), FOUND, n_resamples=50)
    for policy, given in (("none", True), ("nhs-proms", False)):
        guarded = replace(study, config=replace(study.config, disclosure=policy))
        (shown,) = show_result(door_of(guarded, "06-summary"), joined.numbers_beside_words(table))
        assert bool(re.search(r"\d of 11", shown["csv"])) == given
        assert ("of each group" in shown["notes"][0]) != given


def test_a_fit_does_not_say_on_which_side_of_half_a_group_stands():
    table = pd.DataFrame({"fit": ["expand (x confirm, y discord)", "open"], "resamples": [0.94, np.nan]})
    told = joined.fits_told(table, get_policy("nhs-proms"))
    assert told["fit"].tolist() == ["expand", "open"]
    assert told["resamples"].tolist()[0] == 0.9
    assert joined.fits_told(table, get_policy("none")) is table


def test_interviewees_and_respondents_both_rank_the_patients_anew(tmp_path):
    rng = np.random.default_rng(3)
    study = with_respondents(with_patients(copy(tmp_path, "heart-failure"), rng), rng)
    table, reason = whose_ranks(study, joined.interviewed(study), n_resamples=20, seed=1)
    assert table["asked"].tolist() == ["in interviews"] + ["in a survey"] * 6
    assert reason == ""
    claims = whose_claims(table)
    assert (claims[0].n, claims[0].k) == (12, int(table["n_both"].iloc[0]))
    assert "clinician or non-clinician interviewees say what counts" in render(claims[0])
    assert claims[1].k == table["n_both"].iloc[table["estimate"].iloc[1:].to_numpy().argmin() + 1]
    assert not re.search(r"\d+ of \d+", render(whose_claims(table, protects=True)[0]))
    none = table.assign(p=[1 / 1_000] + [0.5] * 6, n_shuffles=999)  # of all 999 deals none
    assert "with p <= .001 in the pair that parts most." in under(whose_value(none), OPEN).drawing.caption
    ranks, _ = survey_ranks(study, outcome_codes.read_outcome_codes(study, CODES, OUTCOMES, RANKED))
    assert list(ranks.columns) == ["kccq_ts_change", "kccq_pl_change", "cost_readmission_eur_2011"]


def test_a_group_too_small_to_be_told_of_ranks_nobody_where_people_are_protected(tmp_path):
    rng = np.random.default_rng(3)
    study = with_respondents(with_patients(copy(tmp_path, "heart-failure"), rng), rng)
    pd.read_parquet(study.clean / "respondents.parquet").iloc[:33].to_parquet(
        study.clean / "respondents.parquet"
    )
    guarded = replace(study, config=replace(study.config, disclosure="nhs-proms"))
    told = [whose_ranks(one, None, n_resamples=5)[0] for one in (study, guarded)]
    assert [("payer" in set(table["second"]), len(table)) for table in told] == [(True, 6), (False, 3)]


CODES = ["V3", "V4", "V5", "K3", "P1", "P2"]
OUTCOMES = list(pd.read_csv(DATA / "heart-failure/outcome_codes.csv")["outcome"])
RANKED = ["rank_symptoms", "rank_daily_life", "rank_hospital"]


def test_outcomes_that_do_not_vary_and_outcomes_that_nobody_declares_are_said(tmp_path):
    rng = np.random.default_rng(3)
    study = with_respondents(with_patients(copy(tmp_path, "heart-failure"), rng), rng)
    patients = pd.read_parquet(study.clean / "patients.parquet").assign(kccq_ts_change=1.0)
    patients.to_parquet(study.clean / "patients.parquet")
    table, reason = whose_ranks(study, joined.interviewed(study), n_resamples=5)
    assert table.empty
    assert reason.startswith("Nobody is ranked anew: 'kccq_ts_change' does not vary")
    (study.folder / "outcome_codes.csv").unlink()
    assert whose_ranks(study, joined.interviewed(study))[1] == NO_WEIGHTS


def test_interviews_are_read_only_where_there_are_some():
    assert joined.interviewed(load_study(str(DATA / "nhs-hip"))) is None
    coded = joined.interviewed(load_study(str(DATA / "heart-failure")))
    assert isinstance(coded, interviews.Interviews)

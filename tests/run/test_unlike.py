"""Six made-up studies that contradict one another, run end to end: what must hold of every report."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

import pandas as pd
import pytest
from said import holes, overstated
from study_runs import NOTEBOOKS, run_in
from unlike import STUDIES

from vbhc.report.audit import audit
from vbhc.run.driver import Outcome
from vbhc.run.plan import Plan

pytestmark = pytest.mark.skipif(not NOTEBOOKS, reason="no notebooks are committed yet")

Run = Callable[[str], tuple[Plan, Outcome]]
# Enough to say something, and quick; what no notebook declares is left out.
FEWER = {"n_resamples": 200, "n_shuffles": 100, "n_imputations": 3, "n_permutations": 99}


@pytest.fixture(scope="module")
def run(tmp_path_factory, warm) -> Run:
    """Each study is run once, when a test first asks for it."""

    @cache
    def made(name: str) -> tuple[Plan, Outcome]:
        root = tmp_path_factory.mktemp(name)
        return run_in(root, STUDIES[name](root / "data" / name), FEWER)

    return made


each_study = pytest.mark.parametrize("name", list(STUDIES))


def published(outcome: Outcome) -> list[dict]:
    """The findings of a report as they stand in findings.json."""
    return json.loads((outcome.report / "findings.json").read_text(encoding="utf-8"))


def texts(finding: dict) -> list[str]:
    """What a finding says: its sentence, or the title and caption of a table or figure."""
    return [finding[key] for key in ("text", "title", "caption") if finding.get(key)]


def listed(outcome: Outcome, wrong: Callable[[str, dict], list[str]]) -> str:
    """What is wrong in a report, a line each with page and id: the message of a failed check."""
    found = [(one, words) for one in published(outcome) for text in texts(one) for words in wrong(text, one)]
    return "\n".join(f"{one['page']} {one['id']}: {words}" for one, words in found)


@each_study
def test_the_report_is_complete(run, name):
    plan, outcome = run(name)
    pages = {path.stem for path in outcome.report.glob("*.html")}
    assert outcome.built
    assert pages == {*plan.running, "index"}
    assert {page for page, text in outcome.answers if text.strip()} == set(plan.running)
    assert {one["page"] for one in published(outcome) if one["role"] == "answer"} == set(plan.running)


@each_study
def test_no_answer_is_withheld_whole(run, name):
    for page, text in run(name)[1].answers:
        assert "is withheld" not in text, page


@each_study
def test_no_sentence_has_a_hole(run, name):
    wrong = listed(run(name)[1], lambda text, _: [text] if holes(text) else [])
    assert not wrong, wrong


@each_study
def test_no_sentence_says_more_than_its_interval(run, name):
    wrong = listed(run(name)[1], lambda text, one: overstated(text, one.get("values")))
    assert not wrong, wrong


@each_study
def test_the_audit_finds_nothing(run, name):
    plan, outcome = run(name)
    assert list(map(str, audit(plan.study, outcome.report))) == []


# What was planted: these studies are of use only as long as they are as they say


@each_study
def test_a_study_is_the_same_whenever_it_is_written(tmp_path, name):
    first, second = (STUDIES[name](tmp_path / again / name) for again in ("once", "twice"))
    files = [path.relative_to(first) for path in first.rglob("*") if path.is_file()]
    assert all((first / file).read_bytes() == (second / file).read_bytes() for file in files)
    assert len(files) >= 3


def patients(run: Run, name: str) -> pd.DataFrame:
    """The cleaned patients of a study."""
    return pd.read_parquet(run(name)[0].study.clean / "patients.parquet")


def raw(run: Run, name: str, file: str) -> pd.DataFrame:
    """A raw file of a study."""
    return pd.read_csv(run(name)[0].study.raw / f"{file}.csv")


def test_nothing_goes_with_anything_in_no_relation(run):
    table = patients(run, "no-relation")[["eq_vas_change", "cost_eur_2024", "perceived_value"]]
    ties = table.corr("spearman").abs()
    assert len(table.dropna()) == 200
    assert ties.where(ties < 1).max().max() < 0.15  # 2 / sqrt(200)


def test_nearly_everybody_gets_worse_in_negative_gain(run):
    table = patients(run, "negative-gain")
    change = table["kccq12_os_change"].dropna()
    assert (len(table), len(change), table["site"].nunique()) == (150, 120, 2)
    assert change.mean() < -20
    assert (change < 0).mean() > 0.95
    given = raw(run, "negative-gain", "patients").set_index("patient_id")["rating"]
    turned = table.set_index("patient_id")["perceived_value"]
    assert (given + turned).dropna().eq(6).all()  # 1 is best as asked, 5 once cleaned


def test_nobody_of_one_arm_lived_to_the_follow_up(run):
    table = patients(run, "dead-in-one-arm")
    by_arm = table.groupby("arm", observed=True)
    assert by_arm.size().to_dict() == {"new care": 30, "usual care": 30}
    assert by_arm["eq5d_index_change"].count().to_dict() == {"new care": 0, "usual care": 30}
    assert table["died"].eq("yes").tolist() == table["arm"].eq("new care").tolist()
    assert table["cost_eur_2024"].notna().all()


def test_twelve_has_every_part_and_one_patient_unseen(run):
    plan, _ = run("twelve")
    config, table = plan.study.config, patients(run, "twelve")
    assert (len(table), table["eq_vas_change"].count(), table["cost_eur_2024"].count()) == (12, 11, 12)
    assert all((config.perception, config.interviews, config.survey, config.deaths, config.covariates))
    assert {group.kind for group in config.groups.values()} == {"arm", "provider", "subgroup"}
    roles = raw(run, "twelve", "participants")["role"].value_counts()
    assert roles.to_dict() == {"clinician": 3, "manager": 2}


def test_perception_and_agreement_are_perfect(run):
    table = patients(run, "perfect")
    quota = table["eq_vas_change"] / table["cost_eur_2024"]
    assert table["perceived_value"].corr(quota, "spearman") == pytest.approx(1, abs=1e-12)
    assert (len(table), int(table.isna().sum().sum())) == (120, 0)
    survey = raw(run, "perfect", "survey")
    assert survey["role"].nunique() == 3
    assert survey.drop(columns=["respondent", "role"]).nunique().eq(1).all()


def test_hips_gain_much_at_six_prices_and_half_are_unseen(run):
    plan, _ = run("hip-like")
    table = patients(run, "hip-like")
    change = table["ohs_change"].dropna()
    assert (len(table), len(change)) == (2500, 1250)
    assert (change > 0).mean() > 0.9
    assert change.mean() > 15
    assert (table["cost_gbp_2024"].nunique(), table["provider"].nunique()) == (6, 25)
    assert plan.study.config.disclosure == "nhs-proms"

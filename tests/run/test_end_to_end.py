"""The real notebooks from raw data to report: the shipped study, the NHS look-alike, an ugly one."""

from __future__ import annotations

import json
import re
import zipfile

import pandas as pd
import pytest
from study_runs import NOTEBOOKS, run_in
from ugly import FOLLOWED_UP, write_ugly_study

from vbhc.publish.findings.marks import marked_outputs
from vbhc.run.driver import Outcome, run_study
from vbhc.run.plan import Plan, make_plan
from vbhc.run.progress import Progress

pytestmark = pytest.mark.skipif(not NOTEBOOKS, reason="no notebooks are committed yet")


@pytest.fixture(scope="module")
def ugly(repo, tmp_path_factory) -> tuple[Plan, Outcome]:
    root = tmp_path_factory.mktemp("ugly")
    write_ugly_study(repo / "data/heart-failure", root / "data/ugly")
    return run_in(root, root / "data/ugly")


@pytest.fixture(params=["shipped", "lookalike", "ugly"])
def done(request) -> tuple[Plan, Outcome]:
    return request.getfixturevalue(request.param)


def pages(outcome: Outcome) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in outcome.report.glob("*.html")}


def findings_of(plan: Plan) -> list[dict]:
    found = []
    for name in plan.running:
        notebook = json.loads(plan.executed(name).read_text(encoding="utf-8"))
        found += [finding for _, _, finding in marked_outputs(notebook)]
    return found


def test_every_notebook_that_can_run_has_a_page_and_an_answer(done):
    plan, outcome = done
    assert outcome.built
    assert {f"{name}.html" for name in plan.running} | {"index.html"} == set(pages(outcome))
    assert {name for name, _ in outcome.answers} == set(plan.running)


def test_a_second_run_finds_nothing_to_do(done):
    plan, outcome = done
    again = run_study(make_plan(plan.study), Progress(print))
    assert again.ran == ()
    assert not again.built
    assert again.answers == outcome.answers


def test_no_row_is_lost(done):
    plan, _ = done
    flow = pd.read_csv(plan.study.clean / "flow.csv")
    assert len(flow) > 0
    assert (flow["n"] >= 0).all()


def _text(path):
    """What a reader of the file could find in it; a workbook is a zip of texts."""
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as book:
        return "".join(book.read(name).decode("utf-8") for name in book.namelist())


def test_no_identifier_and_no_place_reaches_the_report(done):
    plan, outcome = done
    patients = pd.read_parquet(plan.study.clean / "patients.parquet")
    identifiers = set(patients[plan.study.config.key].astype(str).head(50))
    for path in outcome.report.rglob("*"):
        if path.is_file():
            text = _text(path)
            assert str(plan.study.root) not in text, path.name
            if not plan.study.config.synthetic:
                assert not identifiers & set(re.findall(r"\b[A-Z]{1,2}-?\d{3,6}\b", text)), path.name


def test_no_page_loads_anything_from_another_machine(done):
    loaded = r"<(?:script|img|iframe|source)\b[^>]*\bsrc\s*=|<link\b[^>]*\bhref\s*=|url\(|@import"
    for name, text in pages(done[1]).items():
        found = [hit for hit in re.findall(f"(?:{loaded})[^>)]*", text) if "data:" not in hit and "//" in hit]
        assert not found, f"{name}: {found[0]}"


def test_markup_in_the_data_stays_text(ugly):
    for name, text in pages(ugly[1]).items():
        assert "<script>alert" not in text, name
        assert "<img src=x" not in text, name
    assert "&lt;script&gt;alert" in pages(ugly[1])["index.html"]


def test_the_ugly_study_says_how_few_it_rests_on(ugly):
    texts = " ".join(finding.get("text") or "" for finding in findings_of(ugly[0]))
    n = len(pd.read_parquet(ugly[0].study.clean / "patients.parquet"))
    assert f"{FOLLOWED_UP} of {n}" in texts
    assert "nan" not in re.findall(r"[a-z]+", texts)


def test_what_the_nhs_study_lacks_is_said(lookalike):
    plan, outcome = lookalike
    skipped = ["01b", "02d", "04", "04a", "04b", "04c", "05a", "05c", "05d", "06b"]
    assert [name.partition("-")[0] for name in plan.skipped] == skipped
    assert "interviews" in pages(outcome)["index.html"].partition("Who is in it")[2]


def test_no_small_count_leaves_the_nhs_study(lookalike):
    for finding in findings_of(lookalike[0]):
        assert finding["policy"] == "nhs-proms"
        for count in finding.get("counts") or []:
            if isinstance(count, int):
                assert count == 0 or count > 5, finding["id"]

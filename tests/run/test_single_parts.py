"""Studies that hold one thing only reach a report that leads with it: outcomes, costs, or a survey."""

from __future__ import annotations

import json
from functools import cache

import pytest
from said import holes
from single_parts import STUDIES
from study_runs import NOTEBOOKS, run_in

from vbhc.report.audit import audit

pytestmark = pytest.mark.skipif(not NOTEBOOKS, reason="no notebooks are committed yet")
PAGES = {
    "outcomes-only": {"01-cleaning", "01a-measures", "01b-outcomes", "06-summary", "06a-checklists"},
    "costs-only": {"01-cleaning", "02a-costs", "06-summary", "06a-checklists"},
    "ratings-only": {"01-cleaning", "01a-measures", "01b-outcomes", "06-summary", "06a-checklists"},
    "survey-only": {"01-cleaning", "04-stakeholders", "04a-survey", "06-summary", "06a-checklists"},
}
LEAD = {
    "outcomes-only": "The Oxford Knee Score got better by",
    "costs-only": "Care cost EUR 3,292 per patient on average.",
    "ratings-only": "Whether the FFT positive got better or worse on average cannot be told",
    "survey-only": "respondents",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory, warm):
    @cache
    def made(name: str):
        root = tmp_path_factory.mktemp(name)
        return run_in(root, STUDIES[name](root / "data" / name))

    return made


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_of_one_part_has_a_report_that_leads_with_it(run, name):
    plan, outcome = run(name)
    found = json.loads((outcome.report / "findings.json").read_text(encoding="utf-8"))
    assert {path.stem for path in outcome.report.glob("*.html")} - {"index"} == PAGES[name]
    assert [one["text"] for one in found if holes(one.get("text", ""))] == []
    assert LEAD[name] in (outcome.report / "index.html").read_text(encoding="utf-8")
    assert list(map(str, audit(plan.study, outcome.report))) == []

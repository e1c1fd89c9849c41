"""Notebook 02 on inputs without an answer and under other forms: a sentence, never a number or a traceback.

The code cells run here in one process on the shipped study, whose patients are changed after cleaning.
"""

import dataclasses
import re

import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure

from vbhc import cleaning
from vbhc import study as studies
from vbhc.publish.findings import Door, drawing
from vbhc.study.config import ValueQuota

QUICK = {"n_resamples": 200, "n_shuffles": 20, "n_imputations": 2}
COST = "cost_eur_2011"


@pytest.fixture(scope="module")
def shipped():
    study = studies.load_study("heart-failure")
    return study, cleaning.clean(study)


@pytest.fixture
def run(repo, shipped, monkeypatch):
    """Return a function that runs the notebook's cells and returns what left the door, by id."""
    cells = nbformat.read(repo / "notebooks/02-value-quota.ipynb", 4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]

    def go(change=lambda patients: patients, **config):
        study, cleaned = shipped
        said: dict[str, str] = {}

        def keep(self, finding, shown, plain, counts=None):
            said[finding["id"]] = finding.get("text") or plain
            return finding

        chosen = dataclasses.replace(study, config=dataclasses.replace(study.config, **config))
        monkeypatch.setattr(studies, "load_study", lambda name: chosen)
        monkeypatch.setattr(cleaning, "load_patients", lambda study: change(cleaned.patients.copy()))
        monkeypatch.setattr(cleaning, "load_columns", lambda study: cleaned.columns.copy())
        monkeypatch.setattr(cleaning, "load_cost_lines", lambda study: cleaned.cost_lines.copy())
        monkeypatch.setattr(Door, "_show", keep)
        # laying a drawing out and writing it as a file takes most of the time
        monkeypatch.setattr(drawing, "fit_titles", lambda figure: None)
        monkeypatch.setattr(drawing, "plain_svg", lambda svg: "<svg></svg>")
        monkeypatch.setattr(Figure, "savefig", lambda *_, **__: None)
        space: dict = {}
        for cell in code:
            exec(compile(cell.source, cell.source.split("\n")[0], "exec"), space)
            if "parameters" in cell.metadata.get("tags", []):
                space.update(QUICK)
        return said

    return go


def later_scores(patients):
    return [
        name for name in patients if re.match(r"(kccq_os|eq5d_index|eq5d_index_se|eq_vas)_(3m|change)", name)
    ]


def costs_of(patients, factor):
    names = [name for name in patients if name.startswith("cost_")]
    return patients.assign(**{name: patients[name] * factor for name in names})


WITHOUT_ANSWER = {
    "constant outcome": (
        lambda p: p.assign(kccq_os_change=5.0, kccq_os_baseline=50.0, kccq_os_3m=55.0),
        {"answer": "the same outcome"},
    ),
    "all costs equal": (
        lambda p: p.assign(**{COST: 3000.0}),
        {"answer": "the same cost", "variance-family": "all costs are the same"},
    ),
    "three patients": (lambda p: p.head(3), {"answer": "an interval needs at least 4|No patient has"}),
    "one arm": (
        lambda p: p.assign(arm="usual care"),
        {"adjusted-costs": "only one group", "two-arms": "only one arm"},
    ),
    "negative costs": (
        lambda p: costs_of(p, -1.0),
        {"answer": "costs are negative", "adjusted-costs": "costs are negative"},
    ),
    "no costs": (lambda p: costs_of(p, 0.0), {"answer": "costs are zero"}),
    "nobody followed up": (
        lambda p: p.assign(
            **{name: np.nan for name in p if name.endswith(("_3m", "_change")) and p[name].dtype == float}
        ),
        {"answer": "No patient has both"},
    ),
}


@pytest.mark.parametrize("name", WITHOUT_ANSWER)
def test_an_input_without_an_answer_gets_a_sentence(run, name):
    change, expected = WITHOUT_ANSWER[name]
    said = run(change)
    for finding, words in expected.items():
        assert re.search(words, said[finding]), said[finding]
    assert not re.search(r"\bnan\b|inf\b", said["answer"])


FORMS = {
    "procedure-value-index": (ValueQuota("kccq_os", "procedure-value-index"), "MCIDs on average"),
    "value-index": (
        ValueQuota("kccq_os", "value-index", reference_outcome=10.0, reference_cost=5000.0),
        "Each EUR 5,000 bought .* times the expected outcome",
    ),
    "qaly": (ValueQuota("eq5d_index", "qaly"), "QALYs on average"),
    "weighted-composite": (
        ValueQuota("kccq_os", "weighted-composite", weights={"kccq_os": 2.0, "eq_vas": 1.0}),
        "points .weighted, in % of each scale. on average",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_published_form_goes_through_the_whole_notebook(run, form):
    plan, words = FORMS[form]
    said = run(value_quota=plan)
    assert re.search(words, said["answer"]), said["answer"]
    assert form in said["definition"]


def test_the_notebook_shows_what_stands_beside_the_quota(run):
    said = run()
    for finding in ("shared-denominator", "rankings", "frontier", "published-forms", "net-benefit", "evpi"):
        assert said[finding], finding
    assert "missing imputed" in said["arms-table"]

"""02 and its companions on inputs without an answer and under other forms: a sentence, never a traceback.

The code cells run here in one process on the shipped study, whose patients are changed after cleaning.
"""

import dataclasses
import re

import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure
from said import holes

from vbhc import cleaning
from vbhc.chapters import opening
from vbhc.publish.findings import Door, drawing
from vbhc.study import load_study
from vbhc.study.config import ValueQuota

QUICK = {"n_resamples": 200, "n_shuffles": 20, "n_imputations": 2}
PAGES = {
    "02": "02-value-quota",
    "02a": "more/02a-costs",
    "02b": "more/02b-soundness",
    "02c": "more/02c-other-forms",
    "02d": "more/02d-two-arms",
    "02e": "more/02e-missing-answers",
}
COST = "cost_eur_2011"


@pytest.fixture(scope="module")
def shipped():
    study = load_study("heart-failure")
    return study, cleaning.clean(study)


@pytest.fixture
def run(repo, shipped, monkeypatch):
    """Return a function that runs a page's cells and returns what left the door, by id."""

    def go(page, change=lambda patients: patients, **config):
        study, cleaned = shipped
        said: dict[str, str] = {}

        def keep(self, finding, shown, plain, counts=None, **_):
            text = finding.get("text") or " ".join(filter(None, [finding.get("title"), plain]))
            said[finding["id"]] = f"{said.get(finding['id'], '')} {text}".strip()
            return finding

        chosen = dataclasses.replace(study, config=dataclasses.replace(study.config, **config))
        monkeypatch.setattr(opening, "load_study", lambda name: chosen)
        monkeypatch.setattr(cleaning, "load_patients", lambda study: change(cleaned.patients.copy()))
        monkeypatch.setattr(cleaning, "load_columns", lambda study: cleaned.columns.copy())
        monkeypatch.setattr(cleaning, "load_cost_lines", lambda study: cleaned.cost_lines.copy())
        monkeypatch.setattr(Door, "_show", keep)
        # laying a drawing out and writing it as a file takes most of the time
        monkeypatch.setattr(drawing, "fit_labels", lambda figure: None)
        monkeypatch.setattr(drawing, "plain_svg", lambda svg: "<svg></svg>")
        monkeypatch.setattr(Figure, "savefig", lambda *_, **__: None)
        space: dict = {}
        for cell in nbformat.read(repo / f"notebooks/{PAGES[page]}.ipynb", 4).cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, cell.source.split("\n")[0], "exec"), space)
            if "parameters" in cell.metadata.get("tags", []):
                space.update(QUICK)
        return said

    return go


def costs_of(patients, factor):
    names = [name for name in patients if name.startswith("cost_")]
    return patients.assign(**{name: patients[name] * factor for name in names})


def unseen(patients):
    later = [n for n in patients if n.endswith(("_3m", "_change")) and patients[n].dtype == float]
    return patients.assign(**dict.fromkeys(later, np.nan), dead_3m="no")


WITHOUT_ANSWER = {
    "constant outcome": lambda p: p.assign(
        kccq_os_change=5.0, kccq_os_baseline=50.0, kccq_os_3m=55.0, dead_3m="no"
    ),
    "all costs equal": lambda p: p.assign(**{COST: 3000.0}),
    "three patients": lambda p: p.head(3),
    "one arm": lambda p: p.assign(arm="usual care"),
    "negative costs": lambda p: costs_of(p, -1.0),
    "no costs": lambda p: costs_of(p, 0.0),
    "nobody followed up": unseen,
    "nobody died": lambda p: p.assign(dead_3m="no"),
}
SAID = {
    ("nobody followed up", "02"): ("answer", "No patient has both"),
    ("nobody followed up", "02c"): ("answer", "No patient has both"),
    ("nobody followed up", "02e"): ("answer", "cannot be said"),
    ("three patients", "02e"): ("answer", "cannot be said"),
    ("no costs", "02"): ("answer", "costs are zero"),
    ("negative costs", "02"): ("answer", "costs are negative"),
    ("constant outcome", "02b"): ("answer", "the same outcome"),
    ("all costs equal", "02b"): ("answer", "the same cost"),
    ("one arm", "02d"): ("answer", "only one arm"),
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", WITHOUT_ANSWER)
def test_an_input_without_an_answer_gets_a_sentence(run, name, page):
    said = run(page, WITHOUT_ANSWER[name])
    assert said["answer"].strip()
    for finding, text in said.items():
        assert not holes(re.sub(r"\bNaN\b", "", text)), (finding, text)
    finding, words = SAID.get((name, page), ("answer", "."))
    assert re.search(words, said[finding]), said[finding]


def test_without_deaths_no_page_speaks_of_any(run):
    for page in ("02", "02c", "02e"):
        assert "death" not in run(page, WITHOUT_ANSWER["nobody died"])["answer"]


FORMS = {
    "procedure-value-index": (ValueQuota("kccq_os", "procedure-value-index"), "MCIDs"),
    "value-index": (
        ValueQuota("kccq_os", "value-index", reference_outcome=10.0, reference_cost=5000.0),
        "Per EUR 5,000 spent.* times the expected outcome",
    ),
    "qaly": (ValueQuota("eq5d_index", "qaly"), "QALYs"),
    "weighted-composite": (
        ValueQuota("kccq_os", "weighted-composite", weights={"kccq_os": 2.0, "eq_vas": 1.0}),
        "points .weighted, in % of each scale.",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_published_form_goes_through_every_page(run, form):
    plan, words = FORMS[form]
    assert re.search(words, run("02", value_quota=plan)["answer"])
    assert form in run("02c", value_quota=plan)["definition"]
    for page in ("02a", "02b", "02e"):
        assert run(page, value_quota=plan)["answer"].strip()

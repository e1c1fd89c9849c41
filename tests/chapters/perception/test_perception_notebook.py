"""03 and its companions, cell by cell, on studies without an answer: p > .05 is never "no association"."""

import json
import re
from functools import partial

import nbformat
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure
from nhs_packs import lookalike_study
from places import NOTEBOOKS
from said import holes, overstated
from ugly import write_ugly_study

from vbhc import cleaning
from vbhc.chapters.perception.multiverse import show, studies
from vbhc.chapters.perception.multiverse.definitions import define
from vbhc.publish.findings import drawing
from vbhc.publish.findings.marks import marked_outputs
from vbhc.study import load_study

PAGES = {
    name: NOTEBOOKS / f"{name}.ipynb"
    for name in ("03-perception", "more/03a-why", "more/03b-every-definition", "more/03c-for-whom")
}
QUICK = {"n_resamples": 200, "n_imputations": 2, "n_permutations": 99}
# what a p above .05, or an interval with 0 in it, does not say
ABSENCE = re.compile(
    r"\bno (significant )?(association|correlation|relation|relationship|link|effect|difference)s?\b"
    r"(?! exists)"
    r"|\bnot (significantly )?(associated|correlated|related|linked)\b"
    r"|\bunrelated\b|\bnon-?significant\b|\bindependent of\b|\bdoes not (depend|matter)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def shipped(repo):
    this = load_study(str(repo / "data" / "heart-failure"))
    return this, cleaning.clean(this)


def equal_costs(study, patients):
    parts = [study.cost_component_column(name) for name in study.config.cost.components]
    known = patients[study.cost_column].notna()
    even = {name: np.where(known, 100.0, np.nan) for name in parts}
    return patients.assign(**even, **{study.cost_column: np.where(known, 100.0 * len(parts), np.nan)})


def negative_costs(study, patients):
    cost = patients[study.cost_column].copy()
    cost.iloc[:40] = -cost.iloc[:40]
    return patients.assign(**{study.cost_column: cost})


def with_all(study, patients):
    return patients.dropna(subset=["perceived_value", "kccq_os_change", study.cost_column])


UNANSWERABLE = {
    "as it is": lambda study, p: p,
    "constant perception": lambda study, p: p.assign(perceived_value=p["perceived_value"] * 0 + 80),
    "all costs equal": equal_costs,
    "three patients": lambda study, p: with_all(study, p).head(3),
    "one arm": lambda study, p: p[p["arm"] == "usual care"],
    "negative costs": negative_costs,
    "free care": lambda study, p: p.assign(**{study.cost_column: p[study.cost_column] * 0}),
    "nobody came back": lambda study, p: p.assign(**{c: np.nan for c in p if c.endswith(("_3m", "_change"))}),
    "constant gain": lambda study, p: p.assign(
        kccq_os_3m=p["kccq_os_baseline"] + 5, kccq_os_change=p["kccq_os_baseline"] * 0 + 5
    ),
}


def drawn(draw, data, *, panels, **_):
    draw(data, Figure().subplots(*panels))
    return "<svg xmlns='http://www.w3.org/2000/svg'/>"


def run_cells(page, study, patients, columns, monkeypatch) -> list[dict]:
    """Run a notebook's own cells in this process and return what went through the door."""
    monkeypatch.setattr(cleaning, "load_patients", lambda _: patients)
    monkeypatch.setattr(cleaning, "load_columns", lambda _: columns)
    # fewer definitions, and drawings that are made but not written out: this test reads sentences
    few = {"forms": ("gain", "follow-up"), "coefficients": ("spearman", "kendall")}
    monkeypatch.setattr(studies, "define", partial(define, **few))
    every = partial(studies.multiverse_for_study, n_imputations=2)
    monkeypatch.setattr(show, "multiverse_for_study", every)
    monkeypatch.setattr(drawing, "draw_svg", drawn)
    notebook = nbformat.read(PAGES[page], 4)
    shell = InteractiveShell.instance()
    shown: list[dict] = []

    def catch(data, metadata=None, **_):
        shown.append({"output_type": "display_data", "data": data, "metadata": metadata or {}})

    monkeypatch.setattr(shell.display_pub, "publish", catch)
    space: dict = {}
    for at, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        exec(compile(cell.source, f"cell {at}", "exec"), space)
        if "parameters" in cell.metadata.get("tags", []):
            space.update({name: n for name, n in QUICK.items() if name in space}, study=str(study.folder))
    InteractiveShell.clear_instance()
    return [found for _, _, found in marked_outputs({"cells": [{"cell_type": "code", "outputs": shown}]})]


def check(found: list[dict]) -> None:
    """There is an answer, every sentence is whole, and none claims absence or more than its interval."""
    assert [one["id"] for one in found if one["role"] == "answer"] == ["answer"]
    for one in found:
        for text in (one[key] for key in ("text", "title", "caption") if one.get(key)):
            assert text[0].isupper() or text[0].isdigit(), text
            assert not holes(text), text
            assert not overstated(text, one.get("values")), text
    said = " ".join(str(one.get(key, "")) for one in found for key in ("text", "title", "caption", "alt"))
    assert not ABSENCE.search(said), ABSENCE.search(said)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", UNANSWERABLE)
def test_what_cannot_be_answered_is_a_sentence(name, page, shipped, monkeypatch):
    study, cleaned = shipped
    patients = UNANSWERABLE[name](study, cleaned.patients).reset_index(drop=True)
    check(run_cells(page, study, patients, cleaned.columns, monkeypatch))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["NHS look-alike", "ugly"])
def test_other_studies_have_an_answer_too(name, page, repo, tmp_path, monkeypatch):
    if name == "ugly":
        write_ugly_study(repo / "data/heart-failure", tmp_path / "ugly")
        study = load_study(str(tmp_path / "ugly"))
    else:
        study = lookalike_study("hip", tmp_path)
    cleaned = cleaning.clean(study)
    check(run_cells(page, study, cleaned.patients, cleaned.columns, monkeypatch))


def test_the_scan_finds_wordings_that_claim_absence():
    for text in ("There is no association", "was not significantly correlated", "no link", "Unrelated to VQ"):
        assert ABSENCE.search(text)
    for text in ("shows no clear relation to VQ", "no correlation exists", "these data do not settle"):
        assert not ABSENCE.search(text)


@pytest.mark.parametrize("page", PAGES)
def test_no_stored_sentence_claims_absence(page):
    notebook = json.loads(PAGES[page].read_text(encoding="utf-8"))
    stored = [found for _, _, found in marked_outputs(notebook)]
    said = " ".join(
        str(found.get(key, "")) for found in stored for key in ("text", "title", "caption", "alt")
    )
    assert stored
    assert not ABSENCE.search(said), ABSENCE.search(said)

"""A report for each provider: a study of its own patients, run as any; one that fails stops no other."""

import os
import shutil
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
import yaml
from places import DATA

from vbhc.chapters.variation.own_page import Told
from vbhc.cleaning import clean, load_patients, write_clean
from vbhc.problems import StudyError
from vbhc.run import by_provider, forked, full_reports, workers
from vbhc.run.plan import make_plan
from vbhc.run.walk import _held, _warm, walk
from vbhc.study import Study, load_study

RULE = "Counts of 1 to 5 people are withheld."
LEFT = ("cost", "value_quota", "perception", "equity", "equivalence_margin", "notebooks", "questions")


@contextmanager
def threads(jobs: int, cluster: str, shared: Path | None = None):
    yield ThreadPoolExecutor, jobs


@pytest.fixture
def told(monkeypatch):
    """Let these providers have a report, made by threads of this process, and P9 none."""
    monkeypatch.setattr(by_provider, "pool_of", threads)

    def tell(*names: str) -> None:
        each = Told({name: {} for name in names}, {"P9": RULE})
        monkeypatch.setattr(by_provider, "tell_each", lambda *_: each)

    return tell


@pytest.fixture
def study(tmp_path, monkeypatch, told) -> Study:
    """A study whose providers P1 to P4 need nothing to be written."""
    monkeypatch.setattr(full_reports, "_write_studies", lambda *_: None)
    told("P1", "P2", "P3", "P4")
    shipped = load_study(str(DATA / "hip-hospitals"))
    return replace(shipped, folder=tmp_path / "data/hip-hospitals")


def stub(folder: str, bad: str = "") -> str:
    """Write a report as a walk does; `bad` fails."""
    place = Path(folder)
    if place.name == bad:
        raise ValueError("3 patients are too few")
    report = place.parents[1] / "reports" / place.name
    report.mkdir(parents=True, exist_ok=True)
    (report / "index.html").write_text(f"of {place.name}")
    return ""


def test_one_that_fails_stops_no_other_and_all_are_listed(study):
    folder, states = full_reports.full_reports(study, run=partial(stub, bad="P3"))
    assert folder.is_relative_to(study.runs)
    assert Counter(state for state, _ in states.values()) == {"done": 3, "failed": 1, "withheld": 1}
    index = (folder / "index.html").read_text()
    assert "One report each: 3 made" in index
    assert '<a href="P1/index.html">P1</a>' in index
    assert "P3: ValueError: 3 patients are too few" in index
    assert f"P9: {RULE}" in index
    assert not study.report.parent.exists()


def test_who_has_no_report_any_more_leaves_none(study, told):
    folder, _ = full_reports.full_reports(study, run=stub)
    told("P1", "P2")
    full_reports.full_reports(study, run=partial(stub, bad="P2"))
    assert sorted(path.name for path in folder.iterdir()) == ["P1", "index.html"]


def test_public_reports_are_read_together_and_tell_nobody_what_went_wrong(study, monkeypatch):
    seen = []
    monkeypatch.setattr(by_provider, "audit", lambda _, folder: seen.extend(folder.rglob("*.html")) or [])
    study.report.mkdir(parents=True)
    (study.report / "index.html").write_text("the report")
    folder, _ = full_reports.full_reports(study, "public", run=partial(stub, bad="P3"))
    assert folder.parent == study.report.parent
    assert len(seen) == 5  # the report, the list, and three reports
    assert sorted(path.name for path in folder.iterdir()) == ["P1", "P2", "P4", "index.html"]
    assert "too few" not in (folder / "index.html").read_text()


def test_what_may_not_be_published_stays_where_it_is(study, monkeypatch):
    monkeypatch.setattr(by_provider, "audit", lambda *_: ["P1/index.html: a count of a few"])
    with pytest.raises(by_provider.ReportFailed, match="P1/index"):
        full_reports.full_reports(study, "public", run=stub)
    assert list(study.report.parent.iterdir()) == []
    assert (study.runs / "full/reports/P1/index.html").is_file()


def test_a_worker_that_does_not_see_the_study_is_refused(monkeypatch, tmp_path):
    class Client:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def run(self, function, *arguments):
            return {"tls://there:1": "" if arguments else function()}

    monkeypatch.setattr(workers, "_client", lambda _: Client())
    (tmp_path / "study.yml").write_text("title: A study\n")
    with (
        pytest.raises(StudyError, match=r"tls://there:1.*does not see .*study\.yml.*same path"),
        workers.pool_of(2, "tls://here:8786", tmp_path / "study.yml"),
    ):
        pass


@pytest.fixture
def small(tmp_path) -> Study:
    """Outcomes alone of two hospitals of the shipped study, cleaned; three patients of a third."""
    folder = tmp_path / "data/hips"
    (folder / "raw").mkdir(parents=True)
    shipped = DATA / "hip-hospitals"
    shutil.copy(shipped / "dictionary.csv", folder)
    declared = yaml.safe_load((shipped / "study.yml").read_text())
    kept = {name: value for name, value in declared.items() if name not in LEFT}
    (folder / "study.yml").write_text(yaml.safe_dump(kept))
    rows = pd.read_csv(shipped / "raw/patients.csv", dtype=str)
    few = rows[rows["provider"] == "H03"].head(3)
    some = pd.concat([rows[rows["provider"].isin(["H01", "H02"])], few])
    some.to_csv(folder / "raw/patients.csv", index=False)
    study = load_study(str(folder))
    write_clean(study, clean(study))
    return study


def made_of(study: Study, name: str) -> dict[str, int]:
    """When each page of a provider was written."""
    pages = (study.runs / "full/reports" / name).glob("*.html")
    return {path.name: path.stat().st_mtime_ns for path in pages}


@pytest.mark.skipif(not forked.CAN_FORK, reason="kernels are forked on Linux only")
def test_each_report_is_of_its_own_patients_and_only_what_changed_runs_again(small, told, warm, monkeypatch):
    monkeypatch.chdir(DATA.parent)
    monkeypatch.delenv("VBHC_HOME", raising=False)
    told("H01", "H03")
    folder, states = full_reports.full_reports(small, run=walk)
    assert {name: state for name, (state, _) in states.items()} == {
        "H01": "done", "H03": "done", "P9": "withheld",
    }  # fmt: skip
    patients = load_patients(small)
    for name in ("H01", "H03"):
        n = int((patients["provider"] == name).sum())
        page = (folder / name / "01-cleaning.html").read_text()
        assert f"{n} patients are in this study" in page
        assert "hips, cleaned" in page
        assert not (folder / name / "05-variation.html").exists()
    before = {name: made_of(small, name) for name in ("H01", "H03")}
    changed = patients.assign(age=patients["age"].mask(patients["provider"] == "H03", 50))
    write_clean(small, clean(small)._replace(patients=changed))
    full_reports.full_reports(small, run=walk)
    assert made_of(small, "H01") == before["H01"]
    assert made_of(small, "H03") != before["H03"]


@pytest.mark.skipif(not forked.CAN_FORK, reason="kernels are forked on Linux only")
def test_a_warmed_parent_that_died_is_followed_by_another(small, told, monkeypatch):
    monkeypatch.chdir(DATA.parent)
    monkeypatch.setattr(forked, "_shared", [])
    told("H03")
    plan = make_plan(small)
    _warm(plan)
    first = forked.shared()
    _warm(plan)
    assert forked.shared() is first
    os.kill(first.pid, signal.SIGKILL)
    os.waitid(os.P_PID, first.pid, os.WEXITED | os.WNOWAIT)
    _warm(plan)
    assert forked.shared() is not first
    assert not forked.shared().ended
    _held.close()
    assert forked.shared() is None

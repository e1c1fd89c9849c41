"""Pages of providers: whatever happens to one, the others arrive, and what is finished is made once."""

import dataclasses
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from deadly_pages import page, started
from places import DATA

from vbhc.chapters.variation.own_page import Told
from vbhc.problems import StudyError
from vbhc.report.provider_page import provider_html, stamp_of
from vbhc.run import by_provider
from vbhc.run.by_provider import provider_pages
from vbhc.run.workers import made, pool_of
from vbhc.study import load_study

NAMES = [f"P{place}" for place in range(8)]


def findings(name: str, **more) -> dict:
    return {
        "name": name,
        "title": "A study",
        "release": "own",
        "synthetic": True,
        "answer": f"{name} is as expected.",
        "what_now": "Nothing.",
        "warned": "The data are good enough.",
        "data": [("Patients", "40", "50")],
        "results": [("Score", "0.10 (-0.20 to 0.40)", "as expected")],
        "marks": [{"label": "Score", "estimate": 0.1, "low": -0.2, "high": 0.4}],
        **more,
    }


def outcomes(render, cluster: str = "") -> dict[str, tuple[str, str]]:
    tasks = {name: ({"name": name}, "1") for name in NAMES}
    with pool_of(2, cluster) as (pool, width):
        return {name: (state, text) for name, state, text in made(tasks, render, pool, width)}


def test_a_page_that_fails_stops_no_other(tmp_path):
    log = tmp_path / "raises"
    found = outcomes(partial(page, log=log, bad="P3"))
    assert Counter(state for state, _ in found.values()) == {"done": 7, "failed": 1}
    assert found["P3"] == ("failed", "ValueError: no such number")
    assert set(started(log).values()) == {1}


SLOW = """
import os, sys, time
from pathlib import Path
from vbhc.run.workers import made, pool_of

def page(name):
    (Path(sys.argv[1]) / str(os.getpid())).touch()
    time.sleep(60)

if __name__ == "__main__":
    with pool_of(2) as (pool, width):
        list(made({"a": ("a",), "b": ("b",)}, page, pool, width))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_killed_driver_leaves_no_process_that_makes_pages(tmp_path):
    (tmp_path / "slow.py").write_text(SLOW)
    (tmp_path / "made").mkdir()
    with subprocess.Popen([sys.executable, tmp_path / "slow.py", tmp_path / "made"]) as driver:
        making = until(lambda: sorted((tmp_path / "made").iterdir()), lambda pids: len(pids) == 2)
        driver.kill()
    processes = [Path("/proc", one.name) for one in making]
    assert until(lambda: [one for one in processes if one.exists()], lambda left: not left) == []


def until(look, enough, seconds: float = 60):
    """What there is to be seen as soon as it is enough."""
    end = time.monotonic() + seconds
    while not enough(seen := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return seen


def test_a_killed_process_costs_no_page(tmp_path):
    found = outcomes(partial(page, log=tmp_path / "kills", bad="P3", once=True))
    assert found == {name: ("done", f"{name} 1") for name in NAMES}
    assert started(tmp_path / "kills")["P3"] == 2


def test_a_page_that_kills_its_process_is_lost_alone(tmp_path):
    log = tmp_path / "kills"
    found = outcomes(partial(page, log=log, bad="P3"))
    assert Counter(state for state, _ in found.values()) == {"done": 7, "lost": 1}
    assert found["P3"][0] == "lost"
    # Only what was under way beside it, four at most, may have been started again.
    assert started(log)["P3"] == 3
    assert sum(times - 1 for name, times in started(log).items() if name != "P3") <= 3


@pytest.fixture
def study(tmp_path):
    shipped = load_study(str(DATA / "hip-hospitals"))
    return dataclasses.replace(shipped, folder=tmp_path / "data/hip-hospitals")


@contextmanager
def threads(jobs: int, cluster: str, shared: Path | None = None):
    yield ThreadPoolExecutor, jobs


@pytest.fixture
def tell(monkeypatch):
    """Let providers be told what a test says, by threads of this process."""
    monkeypatch.setattr(by_provider, "pool_of", threads)

    def told(**changed):
        each = {name: findings(name, **changed.get(name, {})) for name in NAMES}
        withheld = {"P9": "Counts of 1 to 5 people are withheld."}
        monkeypatch.setattr(by_provider, "tell_each", lambda *_: Told(each, withheld))

    told()
    return told


def times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("P*.html")}


def test_pages_lie_where_their_readers_are(study, tell):
    own, states = provider_pages(study, "own")
    assert own.parent == study.runs
    assert sorted(path.name for path in own.iterdir()) == sorted(
        ["index.html", *(f"{n}.html" for n in NAMES)]
    )
    assert Counter(state for state, _ in states.values()) == {"done": 8, "withheld": 1}
    index = (own / "index.html").read_text()
    assert "8 made" in index
    assert "P9: Counts of 1 to 5 people are withheld." in index
    assert "For P3 alone." in (own / "P3.html").read_text()
    assert not study.report.parent.exists()


def test_only_what_changed_is_made_again(study, tell):
    folder, _ = provider_pages(study, "own")
    before = times(folder)
    tell(P3={"answer": "P3 is far below."})
    again, _ = provider_pages(study, "own")
    after = times(again)
    assert [name for name in before if before[name] != after[name]] == ["P3.html"]
    assert "P3 is far below." in (again / "P3.html").read_text()


def test_a_page_says_what_it_was_made_of():
    assert stamp_of(provider_html(findings("P1"), "abc1")) == "abc1"
    assert stamp_of("<p>") == ""


def test_a_result_apart_from_zero_and_as_expected_all_the_same_is_explained():
    """3.2 (1.7 to 4.8) was "as expected", and nothing on the page said why."""
    assert "A verdict allows for true spread too." in provider_html(findings("P1"), "a")


def test_a_page_is_made_the_same_again():
    assert provider_html(findings("P1"), "a") == provider_html(findings("P1"), "a")


def test_what_may_not_be_published_leaves_the_last_good_pages(study, tell):
    folder, _ = provider_pages(study, "public")
    good = times(folder)
    protected = dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure="nhs-proms"))
    tell(P3={"answer": "3 patients died."})
    with pytest.raises(by_provider.ReportFailed, match=r"P3\.html"):
        provider_pages(protected, "public")
    assert times(folder) == good
    assert folder.parent == study.report.parent


def test_the_audit_reads_the_report_and_all_pages_together(study, tell, monkeypatch):
    study.report.mkdir(parents=True)
    (study.report / "index.html").write_text("the report")
    seen = []
    monkeypatch.setattr(by_provider, "audit", lambda _, folder: seen.extend(folder.rglob("*.html")) or [])
    provider_pages(study, "own")
    assert {"/".join(path.parts[-2:]) for path in seen if path.parent.name == "providers"} == {
        "providers/index.html",
        *(f"providers/{name}.html" for name in NAMES),
    }
    assert len(seen) == len(NAMES) + 2


def test_what_was_finished_before_a_kill_is_not_made_again(study, tell):
    folder, _ = provider_pages(study, "own")
    killed = by_provider.beside(folder)
    folder.rename(killed)
    (killed / "P3.html").unlink()
    before = times(killed)
    again, states = provider_pages(study, "own")
    assert {name: made for name, made in times(again).items() if name != "P3.html"} == before
    assert states["P3"] == ("done", "")


def test_a_study_without_providers_says_so():
    with pytest.raises(StudyError, match="no providers to compare"):
        provider_pages(load_study(str(DATA / "heart-failure")))


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "10.0.0.5:8786"])
def test_an_open_line_to_another_machine_is_refused(address):
    with pytest.raises(StudyError, match="tls://"), pool_of(2, address):
        pass


def test_a_cluster_makes_the_same_pages_and_loses_only_what_kills_its_workers(tmp_path):
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    here = {"host": "127.0.0.1", "dashboard_address": None, "worker_dashboard_address": None}
    few = {"scheduler_kwargs": {"allowed_failures": 1}}
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, **here, **few) as cluster:
        found = outcomes(partial(page, log=tmp_path / "raises", bad="P3"), cluster.scheduler_address)
        assert found["P3"] == ("failed", "ValueError: no such number")
        assert set(started(tmp_path / "raises").values()) == {1}
        found = outcomes(partial(page, log=tmp_path / "kills", bad="P3"), cluster.scheduler_address)
        assert {name for name, (state, _) in found.items() if state == "lost"} == {"P3"}
        assert found["P1"] == ("done", "P1 1")

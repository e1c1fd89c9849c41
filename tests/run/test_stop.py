"""Ctrl-C at any moment of a run: one line, status 130, no kernel left, and the last good report stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import fakes
import pytest
import stopped

from vbhc.run import stop

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")

# A cell that holds a lock as long as its kernel lives, presses Ctrl-C for the run, and never ends.
ENDLESS = """import fcntl, os, signal, threading
held = open("../held", "w"); fcntl.flock(held, fcntl.LOCK_EX)
os.kill(int(open("../data/fake/runs/running.lock").read()), signal.SIGINT)
threading.Event().wait()"""


def run(*points: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    """Run the fake study in a process that is stopped at these points."""
    command = [
        sys.executable,
        stopped.__file__,
        "+".join(points),
        "run",
        "fake",
        "-p",
        "factor",
        "3",
        *options,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def last_report(project: Path) -> Path:
    """Put a report in its place; a stopped run must leave it as it is."""
    index = project / "reports/fake/index.html"
    index.parent.mkdir(parents=True)
    index.write_text("the last good one")
    return index


def replace_cleaning(project: Path, code: str) -> None:
    """Give the first notebook another cell."""
    path = project / "notebooks/01-cleaning.ipynb"
    path.unlink()
    heading, parameters, *_ = fakes.NOTEBOOKS["01-cleaning"]
    fakes.write_notebook(path, heading, parameters, code)


def wait_for_the_kernel(project: Path) -> None:
    """Return when the kernel has let go of its lock: when it is dead."""
    import fcntl

    with (project / "held").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)


BEFORE = ["imports", "planning", "kernel launch", "kernel start", "kernel end"]


@pytest.mark.parametrize("point", [*BEFORE, "kernel start+kernel end"])
def test_stopped_before_and_around_a_kernel(fake_project, point):
    index = last_report(fake_project)
    replace_cleaning(fake_project, "1 + 1")
    done = run(point)
    assert (done.returncode, done.stderr) == (130, f"{stop.LINE}\n")
    assert index.read_text() == "the last good one"


@pytest.mark.parametrize("points", [(), ("kernel end",)], ids=["once", "again while the kernel is stopped"])
@pytest.mark.parametrize("options", [(), ("--no-fork",)], ids=["forked", "afresh"])
def test_stopped_in_a_cell_no_kernel_is_left(fake_project, points, options):
    replace_cleaning(fake_project, ENDLESS)
    done = run(*points or ("cell",), options=options)
    assert (done.returncode, done.stderr) == (130, f"{stop.LINE}\n")
    wait_for_the_kernel(fake_project)


AROUND_THE_REPORT = ["between notebooks", "building", "swapping", "finaliser", "broad except"]


@pytest.mark.parametrize("point", AROUND_THE_REPORT)
def test_stopped_around_the_report(fake_project, point):
    index = last_report(fake_project)
    done = run("no kernels", point)
    assert (done.returncode, done.stderr) == (130, f"{stop.LINE}\n")
    assert index.read_text() == "the last good one"
    assert [path.name for path in (fake_project / "reports").iterdir()] == ["fake"]


def test_stopped_when_all_is_done_the_new_report_stands(fake_project):
    done = run("no kernels", "exit")
    assert (done.returncode, done.stderr) == (130, f"{stop.LINE}\n")
    assert '"factor": 3' in (fake_project / "reports/fake/index.html").read_text()


def test_a_run_that_nobody_stops_ends_well(fake_project):
    done = run("no kernels")
    assert (done.returncode, done.stderr) == (0, "")

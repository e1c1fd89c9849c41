"""A run that is killed, or finds the disk full, at each moment at which it touches the disk.

The last good report stands, or the new one does; the next run completes; nothing else is left behind.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import fakes
import pytest
from click.testing import CliRunner
from moments import each_moment, forked, full, killed

from vbhc.run import driver
from vbhc.run import forked as forking
from vbhc.run.commands import main

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs fork and the exchange of two names")

NEEDED = "; free space or rights to write are needed"
OF_THE_NOTEBOOKS = "ran.txt"  # what they leave beside the project, a line a run


@pytest.fixture
def vbhc(fake_project, monkeypatch):
    """Run the fake study with a factor; return exit status and what was said of errors."""
    monkeypatch.setattr(driver, "build_report", lambda *report, **_: fakes.build(*report))
    monkeypatch.setattr(driver, "execute", lambda kernels, *rest: fakes.execute(*rest))
    monkeypatch.setattr(forking, "CAN_FORK", False)

    def call(factor: int) -> list:
        done = CliRunner().invoke(main, ["run", "fake", "-p", "factor", str(factor)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return [done.exit_code, done.stderr.splitlines()]

    return call


def files(project: Path) -> dict[str, bytes]:
    """Every file and folder of the project that a run makes, with what it holds."""
    found = {path.relative_to(project).as_posix(): path for path in project.rglob("*")}
    found.pop(OF_THE_NOTEBOOKS, None)
    lock = "data/fake/runs/running.lock"  # holds the number of the last process
    read = (name for name, path in found.items() if path.is_file() and name != lock)
    return dict.fromkeys(found, b"") | {name: found[name].read_bytes() for name in read}


def report(project: Path) -> str:
    return (project / "reports/fake/index.html").read_text()


def factor_of(moment: int) -> int:
    """Every second run goes back to what the one before it made."""
    return 1 + moment % 2


@pytest.fixture
def made(fake_project, vbhc) -> dict[int, tuple[str, dict]]:
    """The report and all files of a run with factor 2 and with 1, which stand in the end."""
    found = {}
    for factor in (2, 1):
        assert vbhc(factor) == [0, []]
        found[factor] = report(fake_project), files(fake_project)
    return found


def test_a_run_may_be_killed_at_every_moment(fake_project, vbhc, made):
    moment = 0
    for moment, given in each_moment(fake_project, lambda n: vbhc(factor_of(n)), killed):
        assert given is None
        assert report(fake_project) in (made[1][0], made[2][0]), moment
        assert vbhc(factor_of(moment))[0] == 0
        assert (report(fake_project), files(fake_project)) == made[factor_of(moment)], moment
    assert moment > 30


def test_a_disk_that_is_full_at_any_moment_is_one_line(fake_project, vbhc, made):
    for moment, (status, said) in each_moment(fake_project, lambda n: vbhc(factor_of(n)), full):
        assert (status, len(said)) in ((1, 1), (0, 0)), (moment, said)
        assert said == [] or said[0].endswith(f"No space left on device{NEEDED}")
        assert report(fake_project) in (made[1][0], made[2][0]), moment
        assert vbhc(factor_of(moment))[0] == 0
        assert (report(fake_project), files(fake_project)) == made[factor_of(moment)], moment


@pytest.mark.parametrize("size", [0, 1, 20, 200, 1000, 2000])
def test_files_that_end_in_the_middle_are_one_line(fake_project, vbhc, made, size):
    status, said = forked(lambda: vbhc(2), lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    assert (status, len(said)) == (1, 1)
    assert said[0].endswith(f"File too large{NEEDED}")
    assert report(fake_project) == made[1][0]
    assert vbhc(2)[0] == 0
    assert (report(fake_project), files(fake_project)) == made[2]

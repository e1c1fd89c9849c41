"""Kernels forked from a warmed parent: a state of their own, the same results, and none is left behind."""

from __future__ import annotations

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fakes
import pytest

from vbhc.problems import Problem, StudyError
from vbhc.run import forked
from vbhc.run.execute import NotebookFailed, execute
from vbhc.run.kernels import Kernels, kernels
from vbhc.study import load_study

pytestmark = pytest.mark.skipif(not forked.CAN_FORK, reason="kernels are forked on Linux only")

# What could differ between a forked kernel and one started afresh.
STATE = """\
import os, random, sys, threading
import numpy as np
import pandas as pd
print(pd.options.display.max_columns)
print(list({"a", "b", "c"}), os.getcwd(), os.environ["TZ"], sys.path[0], np.random.get_state()[1][0] > 0)
print(sys.argv[:2], __name__, threading.active_count() > 1)
"""


def notebook(project: Path, code: str, name: str = "09-extra") -> Path:
    """Write a notebook with one cell of code beside its parameters."""
    path = project / f"notebooks/{name}.ipynb"
    path.unlink(missing_ok=True)
    heading, parameters, *_ = fakes.NOTEBOOKS["01-cleaning"]
    fakes.write_notebook(path, heading, parameters, code)
    return path


def run(started: Kernels, project: Path, code: str) -> str:
    """Run code in a kernel of its own and return what it printed."""
    source, runs = notebook(project, code), project / "data/fake/runs"
    execute(started, source, runs / source.name, runs / "failed" / source.name, {}, False)
    outputs = json.loads((runs / source.name).read_text(encoding="utf-8"))["cells"][-1]["outputs"]
    return "".join("".join(one.get("text", "")) for one in outputs)


@pytest.fixture(autouse=True)
def own_parent(monkeypatch) -> None:
    """Fork from a warmed parent of the test's own: some of them kill it."""
    monkeypatch.setattr(forked, "_shared", [])


@pytest.fixture
def scratch(fake_project) -> Path:
    """Where the kernels of a run keep what they need."""
    return fake_project / "data/fake/runs/running/kernels"


def test_a_forked_kernel_is_as_one_started_afresh(fake_project, scratch):
    with kernels(fake_project, scratch, fork=False) as started:
        afresh = run(started, fake_project, STATE)
    source = notebook(fake_project, "import numpy\nimport pandas", "08-warm")
    with kernels(fake_project, scratch, [source]) as started:
        assert started.warm is not None
        first = run(started, fake_project, STATE)
        second = run(started, fake_project, STATE)
    assert first == second == afresh


def test_no_kernel_sees_what_another_did(fake_project, scratch):
    with kernels(fake_project, scratch) as started:
        run(started, fake_project, "import json, os\njson.left = 1; os.environ['LEFT'] = '1'; os.chdir('/')")
        seen = "import json, os\nprint(hasattr(json, 'left'), 'LEFT' in os.environ, os.getcwd())"
        assert run(started, fake_project, seen) == f"False False {fake_project / 'notebooks'}\n"


def test_what_notebooks_import_is_there_before_the_fork(fake_project, scratch):
    source = notebook(fake_project, "import this_is_nowhere\nimport wave", "08-warm")
    loaded = "import sys\nprint('wave' in sys.modules, 'this_is_nowhere' in sys.modules)"
    with kernels(fake_project, scratch, [source]) as started:
        assert run(started, fake_project, loaded) == "True False\n"


def test_a_kernel_loads_no_debugger(fake_project, scratch):
    loaded = "import sys\nprint([one for one in sys.modules if one.startswith('pydevd')])"
    with kernels(fake_project, scratch) as started:
        assert run(started, fake_project, loaded) == "[]\n"


def test_a_kernel_that_dies_takes_no_other_with_it(fake_project, scratch):
    with kernels(fake_project, scratch) as started:
        first, second = (
            started.warm.fork(["-f", str(scratch / name)], fake_project, dict(os.environ), scratch / "said")
            for name in ("one.json", "two.json")
        )
        first.kill()
        assert first.wait() is not None
        assert second.poll() is None
        assert run(started, fake_project, "print(1)") == "1\n"
    assert second.wait() is not None  # the end of the run ends what still runs


def test_a_call_in_a_process_of_its_own_returns_what_it_returns(fake_project, scratch):
    with kernels(fake_project, scratch) as started:
        assert started.call(os.path.join, "a", "b") == "a/b"
        assert started.call(os.getcwd) == os.getcwd()
        assert started.call(os.getpid) not in (os.getpid(), started.warm.pid)


def test_a_call_fails_as_it_would_here(fake_project, scratch):
    with kernels(fake_project, scratch) as started, pytest.raises(StudyError) as failed:
        started.call(load_study, "none")
    assert failed.value.problems == [Problem("data", "no study 'none'", "known: fake")]
    with kernels(fake_project, scratch, fork=False) as started, pytest.raises(StudyError, match="no study"):
        started.call(load_study, "none")


def test_a_call_whose_process_dies_is_told(fake_project, scratch):
    with kernels(fake_project, scratch) as started:
        with pytest.raises(ChildProcessError, match="its process died"):
            started.call(os._exit, 3)
        assert started.call(len, "ab") == 2


def test_the_end_of_a_run_ends_a_call(fake_project, scratch):
    endless = fake_project / "endless"
    os.mkfifo(endless)
    with kernels(fake_project, scratch) as started, ThreadPoolExecutor() as pool:
        called = pool.submit(started.call, Path.read_text, endless)
        writer = os.open(endless, os.O_WRONLY)  # waits until the other has opened it to read
        started.kill()
        with pytest.raises(ChildProcessError, match="its process died"):
            called.result()
        os.close(writer)


def test_a_warmed_parent_that_dies_is_said_and_leaves_no_kernel(fake_project, scratch):
    with kernels(fake_project, scratch) as started:
        kernel = started.warm.fork(
            ["-f", str(scratch / "one.json")], scratch, dict(os.environ), scratch / "said"
        )
        os.kill(started.warm.pid, signal.SIGKILL)
        kernel.wait()
        with pytest.raises(NotebookFailed, match="09-extra failed\n  the kernel died"):
            run(started, fake_project, "print(1)")


def test_where_a_kernel_is_reached_is_read_again_while_it_writes_that(tmp_path, monkeypatch):
    """On a full machine a kernel was caught between emptying its file and filling it."""
    manager = Kernels(tmp_path).manager(tmp_path / "remarks.txt", tmp_path)()
    manager.write_connection_file()
    file, info = Path(manager.connection_file), manager.get_connection_info()
    written = file.read_text()
    file.write_text("")
    monkeypatch.setattr("vbhc.run.kernels.time.sleep", lambda seconds: file.write_text(written))
    manager._reconcile_connection_info(info)
    assert file.read_text() == written

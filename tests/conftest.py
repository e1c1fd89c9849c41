"""What several tests need: the repository, and a small project of their own to run things in."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import fakes
import hypothesis
import pytest
import workers
from places import NOTEBOOKS, REPO

from vbhc.run import forked
from vbhc.run.kernels import KERNEL_ENVIRONMENT, environment

# The same examples on every machine; HYPOTHESIS_PROFILE=explore looks for new ones.
hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.register_profile("explore", derandomize=False)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the files that take long, so that the workers end together."""
    items.sort(key=workers.heavy_first)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log) -> workers.ByFile:
    """Keep the tests of a file in one process, so that what they share is made once."""
    config.option.loadscopereorder = False  # heavy first, not the files with most tests
    return workers.ByFile(config, log)


@pytest.fixture(scope="session")
def repo() -> Path:
    """The repository. Tests read it and never write to it."""
    return REPO


@pytest.fixture
def fake_project(tmp_path, monkeypatch) -> Path:
    """A project of its own with the study `fake`; the test works in its folder."""
    fakes.write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VBHC_HOME", raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def warm(tmp_path_factory):
    """One warmed parent for all whole runs of this process."""
    notebooks = sorted(NOTEBOOKS.rglob("*.ipynb"))
    with contextlib.ExitStack() as started:
        if forked.CAN_FORK:
            with environment(KERNEL_ENVIRONMENT):
                started.enter_context(forked.sharing(notebooks, tmp_path_factory.mktemp("warm")))
        yield


@pytest.fixture(scope="session")
def shipped(tmp_path_factory, warm):
    """Plan and outcome of a whole run of the default study."""
    from study_runs import run_copy

    return run_copy("heart-failure", tmp_path_factory.mktemp("shipped"))


@pytest.fixture(scope="session")
def professionals_run(tmp_path_factory, warm):
    """Plan and outcome of a whole run of the study that has interviews only."""
    from study_runs import run_copy

    return run_copy("professionals", tmp_path_factory.mktemp("professionals"))


@pytest.fixture(scope="session")
def lookalike(tmp_path_factory, warm):
    """Plan and outcome of a whole run of the NHS hip study on the look-alike's 2,000 records."""
    from nhs_packs import lookalike_study
    from study_runs import run_in

    root = tmp_path_factory.mktemp("nhs")
    return run_in(root, lookalike_study("hip", root).folder)

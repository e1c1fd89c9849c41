"""What several tests need: the repository, and a small project of their own to run things in."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

import fakes

# The same examples on every machine; HYPOTHESIS_PROFILE=explore looks for new ones.
hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.register_profile("explore", derandomize=False)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session")
def repo() -> Path:
    """The repository. Tests read it and never write to it."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def fake_project(tmp_path, monkeypatch) -> Path:
    """A project of its own with the study `fake`; the test works in its folder."""
    fakes.write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VBHC_HOME", raising=False)
    return tmp_path

"""What is imported is declared in pyproject.toml, and what is declared is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

LIBRARY = ("lib", "notebooks")
EVERYTHING = (*LIBRARY, "tests", "tests/makers", "bench")


@pytest.mark.parametrize(
    "command",
    [
        # What only the tests declare, the library may not import.
        (*LIBRARY, "--optional-dependencies-dev-groups", "test"),
        EVERYTHING,
    ],
    ids=["library", "everything"],
)
def test_imports_and_declarations_are_the_same(repo, command):
    deptry = [sys.executable, "-m", "deptry", *command, "--no-ansi"]
    done = subprocess.run(deptry, cwd=repo, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

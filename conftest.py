"""How nbval runs the committed notebooks: with the driver's environment, and drawings not compared."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import pytest

from vbhc.run import forked
from vbhc.run.kernels import KERNEL_ENVIRONMENT

_open = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Give the kernels of nbval what the driver gives its own: its environment, and one warmed parent."""
    if not config.getoption("nbval", default=False):
        return
    os.environ.update(KERNEL_ENVIRONMENT)
    runs_tests = hasattr(config, "workerinput") or not config.getoption("numprocesses", default=None)
    if forked.CAN_FORK and runs_tests:
        os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = forked.NAME
        notebooks = sorted((Path(__file__).parent / "notebooks").rglob("*.ipynb"))
        scratch = Path(_open.enter_context(tempfile.TemporaryDirectory(prefix="vbhc-nbval-")))
        _open.enter_context(forked.sharing(notebooks, scratch))


def pytest_unconfigure() -> None:
    """End the warmed parent."""
    _open.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the hash of a drawing out of the comparison, as nbval_sanitize.cfg leaves out the drawing.

    A finding is compared as a mapping, which nbval hands through unsanitised.
    """
    for item in items:
        if hasattr(item, "compare_outputs") and hasattr(item, "sanitize"):
            item.sanitize = _without_drawing_hash(item.sanitize)


def _without_drawing_hash(sanitize):
    def sanitized(value):
        if isinstance(value, dict):
            return {key: item for key, item in value.items() if key != "svg_sha256"}
        return sanitize(value)

    return sanitized

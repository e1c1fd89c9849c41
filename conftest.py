"""How nbval runs the committed notebooks: with the driver's environment, and drawings not compared."""

from __future__ import annotations

import os

import pytest

from vbhc.run.kernels import KERNEL_ENVIRONMENT


def pytest_configure(config: pytest.Config) -> None:
    """Give the kernels of nbval what the driver gives its own, so that outputs are the same."""
    if config.getoption("nbval", default=False):
        os.environ.update(KERNEL_ENVIRONMENT)


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

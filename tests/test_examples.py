"""The examples in docstrings are true: every `>>>` of the library is run, and there are many."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import vbhc

FEWEST = 200


def examples_of(name: str) -> list[doctest.DocTest]:
    """The tests of one module; what it imports from others belongs to them."""
    found = doctest.DocTestFinder().find(importlib.import_module(name), name)
    return [one for one in found if one.examples]


MODULES = {
    module.name: found
    for module in pkgutil.walk_packages(vbhc.__path__, "vbhc.")
    if not module.name.endswith("__main__") and (found := examples_of(module.name))
}


@pytest.mark.parametrize("module", MODULES)
def test_examples_hold(module):
    told: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    for one in MODULES[module]:
        runner.run(one, out=told.append, clear_globs=False)
    assert not runner.failures, "".join(told)


def test_there_are_many_examples():
    assert sum(len(one.examples) for tests in MODULES.values() for one in tests) >= FEWEST

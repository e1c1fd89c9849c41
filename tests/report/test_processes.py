"""Tasks shared among forked processes: every result in its place, every failure told."""

from __future__ import annotations

import os
import signal

import pytest

from vbhc.report.processes import shared_out

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def tasks(*results):
    """Tasks that return these, or raise those that are errors."""

    def task(result):
        if isinstance(result, Exception):
            raise result
        return result

    return [lambda result=result: task(result) for result in results]


@pytest.mark.parametrize("processes", [1, 2, 3, 300])
def test_results_come_in_the_order_of_the_tasks(processes):
    assert shared_out(tasks(*range(300)), processes) == list(range(300))
    assert shared_out([], processes) == []


def test_results_larger_than_a_pipe_holds():
    large = ["x" * 1_000_000, "y" * 1_000_000]
    assert shared_out(tasks(*large), 2) == large


def test_one_process_does_all_here():
    assert set(shared_out([os.getpid] * 3, 1)) == {os.getpid()}


@pytest.mark.parametrize("processes", [1, 2])
def test_the_first_failure_is_raised(processes):
    with pytest.raises(ValueError, match="the first"):
        shared_out(tasks(1, ValueError("the first"), 2, KeyError("a later one")), processes)


def test_a_process_that_dies_is_told():
    here = os.getpid()

    def die():
        """End the helper; this process waits until it has taken a task."""
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)

    with pytest.raises(ChildProcessError, match="died"):
        shared_out([die, die], 2)

"""Things that need one another's results, run side by side."""

from __future__ import annotations

import threading

import pytest

from vbhc.run.side_by_side import side_by_side

NEEDS = {"a": (), "b": ("a",), "c": ("a",), "d": ("a", "b", "c"), "e": ("elsewhere",)}


def go(run, names="abcd", jobs=2, stop=lambda: None):
    """Run the letters; return them in the order in which they were done."""
    done = []
    side_by_side(names, NEEDS, run, lambda name, result: done.append((name, result)), stop, jobs)
    return done


def test_each_runs_when_what_it_needs_has_run():
    ran = []
    done = go(lambda name: ran.append(name) or name.upper())
    assert (ran[0], ran[-1]) == ("a", "d")
    assert sorted(done) == [("a", "A"), ("b", "B"), ("c", "C"), ("d", "D")]
    assert go(str.upper, "e") == [("e", "E")]  # what is not among the names has run before


def test_two_that_do_not_need_one_another_run_at_once():
    both = threading.Barrier(2)

    def meet(name):
        if name in "bc":
            both.wait()  # hangs unless the other comes
        return name

    assert {name for name, _ in go(meet)} == set("abcd")


def test_no_more_run_at_once_than_there_are_jobs():
    running, most, lock = [], [], threading.Lock()

    def count(name):
        with lock:
            running.append(name)
            most.append(len(running))
        with lock:
            running.remove(name)

    go(count, jobs=1)
    assert max(most) == 1


def test_after_a_failure_what_runs_beside_ends_and_nothing_begins():
    both = threading.Barrier(2)

    def fail(name):
        if name in "bc":
            both.wait()
            if name == "b":
                raise ValueError("b went wrong")
        return name

    done = []
    with pytest.raises(ValueError, match="b went wrong"):
        side_by_side("abcd", NEEDS, fail, lambda name, _: done.append(name), lambda: None, 2)
    assert done == ["a", "c"]


def test_of_two_failures_the_first_in_order_is_told():
    both = threading.Barrier(2)

    def fail(name):
        if name in "bc":
            both.wait()
            raise ValueError(name)

    with pytest.raises(ValueError, match=r"^b$"):
        go(fail)


def test_an_interrupted_caller_ends_what_runs():
    stopped = threading.Event()

    def interrupted(name, _):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side("ae", NEEDS, lambda name: name == "a" or stopped.wait(), interrupted, stopped.set, 2)
    assert stopped.is_set()

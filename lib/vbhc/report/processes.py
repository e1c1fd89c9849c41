"""Share tasks among processes that are forked from this one."""

import os
import pickle
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
Outcomes = dict[int, tuple[bool, Any]]  # by task: whether it returned, and what it returned or raised
NUMBER = 2  # bytes that tell a task


def shared_out(tasks: Sequence[Callable[[], T]], processes: int) -> list[T]:
    """Call every task and return what they return, in their order.

    Parameters
    ----------
    tasks : sequence of callables
        Independent of one another; whatever they change in memory may stay in another process.
    processes : int
        How many share them, this one among them; each takes the next task when it has done one. More than
        one only where the system can fork and this process has no other thread: a fork copies none.

    Raises
    ------
    Exception
        The error of the first task that failed; ChildProcessError if a process died.
    """
    processes = min(processes, len(tasks))
    if processes < 2:
        return [task() for task in tasks]
    waiting, end = os.pipe()
    os.write(end, b"".join(number.to_bytes(NUMBER, "big") for number in range(len(tasks))))
    os.close(end)
    helpers = [_helper(waiting, tasks) for _ in range(processes - 1)]
    outcomes = _work(waiting, tasks)
    os.close(waiting)
    for pid, answer in helpers:
        outcomes |= _told(pid, answer)
    for number in range(len(tasks)):
        returned, result = outcomes[number]
        if not returned:
            raise result
    return [outcomes[number][1] for number in range(len(tasks))]


def _work(waiting: int, tasks: Sequence[Callable[[], Any]]) -> Outcomes:
    """Take tasks while there are any."""
    outcomes: Outcomes = {}
    while number := os.read(waiting, NUMBER):
        place = int.from_bytes(number, "big")
        try:
            outcomes[place] = True, tasks[place]()
        except Exception as error:
            outcomes[place] = False, error
    return outcomes


def _helper(waiting: int, tasks: Sequence[Callable[[], Any]]) -> tuple[int, int]:
    """Fork a process that takes tasks too; return its number and where its outcomes are to be read."""
    answer, end = os.pipe()
    pid = os.fork()
    if pid:
        os.close(end)
        return pid, answer
    try:
        with os.fdopen(end, "wb") as told:
            told.write(pickle.dumps(_work(waiting, tasks)))
    finally:
        os._exit(0)


def _told(pid: int, answer: int) -> Outcomes:
    with os.fdopen(answer, "rb") as told:
        outcomes = told.read()
    os.waitpid(pid, 0)
    if not outcomes:
        raise ChildProcessError("a process that built a part of the report died")
    return pickle.loads(outcomes)

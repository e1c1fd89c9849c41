"""Do something to a run at each moment at which it touches the disk: kill it, or let the disk be full.

Python tells an audit hook of every opening, renaming and deleting before it happens; a hook cannot be taken
away, so the run is one of a forked process.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "shutil.rmtree", "ctypes.dlsym")


def touches(event: str, arguments: tuple, root: str) -> bool:
    """Whether an event is a change below a folder, or the exchange of two names there."""
    if event == "open":
        path, _, flags = arguments
        return (
            isinstance(path, str | os.PathLike) and os.fspath(path).startswith(root) and bool(flags & WRITES)
        )
    if event == "ctypes.dlsym":
        return arguments[1] == "renameat2"
    return event in CHANGES and str(arguments[0]).startswith(root)


def full(event: str, arguments: tuple) -> None:
    """The disk is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]))


def killed(event: str, arguments: tuple) -> None:
    """The process ends at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def forked(run: Callable[[], Any], begin: Callable[[], None] = lambda: None) -> Any:
    """Return what a function gives in a forked process (as JSON has it); None where that was killed."""
    answer, end = os.pipe()
    if pid := os.fork():
        os.close(end)
        with os.fdopen(answer) as told:
            text = told.read()
        os.waitpid(pid, 0)
        return json.loads(text) if text else None
    try:
        begin()
        os.write(end, json.dumps(run()).encode())
    finally:
        os._exit(0)


class Moment:
    """The nth moment at which a run touches the disk; something happens then."""

    def __init__(self, root: Path, number: int, happens: Callable[[str, tuple], None]) -> None:
        self.root, self.left, self.happens = str(root), number, happens

    def hook(self, event: str, arguments: tuple) -> None:
        """See what Python is about to do."""
        if touches(event, arguments, self.root):
            self.left -= 1
            if self.left == 0:
                self.happens(event, arguments)


def each_moment(
    root: Path, run: Callable[[int], Any], happens: Callable[[str, tuple], None]
) -> Iterator[tuple[int, Any]]:
    """Yield (number, what the run gave) for runs of which the nth meets something at its nth moment."""
    for number in count(1):
        moment = Moment(root, number, happens)
        given = forked(
            lambda it=moment, n=number: [run(n), it.left], lambda it=moment: sys.addaudithook(it.hook)
        )
        if given is not None and given[1] > 0:
            return
        yield number, given and given[0]

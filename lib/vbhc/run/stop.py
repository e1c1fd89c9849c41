"""Ctrl-C at any moment: one line, exit status 130, no kernel left behind, no traceback.

The first one unwinds what is under way, so that temporary files go. Where that is swallowed (by a finaliser,
a callback, a broad `except` of another library) it stays remembered and is raised again at the next `check`.
The second one, and any one while nothing is under way (imports, the end of the process), ends the process at
once. That is safe since a run can be killed at any moment.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

LINE = "stopped; the last good report stands and the next run goes on from here"
STATUS = 128 + signal.SIGINT


@dataclass
class _Process:
    """What this process knows of its end; there is one, as there is one handler of a signal."""

    asked: bool = False
    tidying: bool = False
    last: list[Callable[[], None]] = field(default_factory=list)


_process = _Process()


def take_over() -> None:
    """Answer Ctrl-C from now on. For a program of its own: a caller of the library keeps its handler."""
    signal.signal(signal.SIGINT, _answer)
    sys.unraisablehook = _unless_stopped


@contextmanager
def under_way() -> Iterator[None]:
    """Do work that is unwound when it is stopped; however it ends, a stop that was asked for wins."""
    _process.tidying = True
    try:
        yield
    finally:
        _process.tidying = False
        end_if_asked()


def check() -> None:
    """Raise KeyboardInterrupt if Ctrl-C was pressed and something swallowed it."""
    if _process.asked:
        raise KeyboardInterrupt


def end_if_asked() -> None:
    """End the process if Ctrl-C was pressed."""
    if _process.asked:
        _end()


@contextmanager
def ends_too(end: Callable[[], None]) -> Iterator[None]:
    """While this lasts, an end of the process calls `end` too: for what must not outlive a stopped run."""
    _process.last.append(end)
    try:
        yield
    finally:
        _process.last.remove(end)


def _answer(number: int, frame: FrameType | None) -> None:
    if _process.asked or not _process.tidying:
        _end()
    _process.asked = True
    raise KeyboardInterrupt


def _end() -> None:
    """Say the line and go, past everything that could still print or wait."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for end in _process.last:
            end()
        os.write(2, f"{LINE}\n".encode())
    finally:
        os._exit(STATUS)


def _unless_stopped(unraisable) -> None:
    """Leave out "Exception ignored in ..." for a Ctrl-C that met a finaliser: `check` raises it again."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)

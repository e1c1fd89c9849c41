"""`vbhc` with the fake report, in a process that stops or kills itself at a named point."""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import signal
import sys
from pathlib import Path

import fakes

# Functions of which each call presses Ctrl-C, before it does its work.
CALLS = {
    "planning": ("vbhc.run.plan", "make_plan"),
    "between notebooks": ("vbhc.run.driver", "_stamp_notebook"),
    "building": ("fakes", "half_built"),
    "swapping": ("vbhc.run.driver", "swap_in"),
    "kernel launch": ("jupyter_client.manager", "AsyncKernelManager._async_launch_kernel"),
    "kernel start": ("nbclient.client", "NotebookClient.start_new_kernel_client"),
    "kernel end": ("nbclient.client", "NotebookClient._cleanup_kernel"),
}


def press() -> None:
    """Press Ctrl-C: to the process, as a terminal does. `PRESSED` names another signal."""
    os.kill(os.getpid(), getattr(signal, os.environ.get("PRESSED", "SIGINT")))


def press_before(module: str, name: str) -> None:
    """Make each call of a function press Ctrl-C first."""
    *owner, name = name.split(".")
    holder = importlib.import_module(module)
    holder = getattr(holder, owner[0]) if owner else holder
    real = getattr(holder, name)

    def pressing(*arguments, **options):
        press()
        return real(*arguments, **options)

    setattr(holder, name, pressing)


class PressOnImport:
    """An import of `vbhc.study` presses Ctrl-C."""

    def find_spec(self, name, path=None, target=None) -> None:
        if name == "vbhc.study":
            press()


class PressInFinaliser:
    """Nothing that a finaliser raises reaches its caller."""

    def __del__(self) -> None:
        press()


def press_at(point: str) -> None:
    """Arrange for Ctrl-C at a point."""
    if point == "imports":
        sys.meta_path.insert(0, PressOnImport())
    elif point == "exit":
        atexit.register(press)
    elif point == "finaliser":
        real = fakes.build
        fakes.build = lambda *report: (PressInFinaliser(), real(*report))
    elif point == "broad except":
        from vbhc.run import driver

        driver.run_info = swallowing(driver.run_info)
    elif point == "no kernels":
        from vbhc.run import driver, forked

        driver.execute = lambda kernels, *rest: fakes.execute(*rest)
        forked.CAN_FORK = False
    elif point == "cleaning":
        Path.write_text = write_half_of_the_rows(Path.write_text)
    elif point in CALLS:
        press_before(*CALLS[point])


def write_half_of_the_rows(write_text):
    """Press Ctrl-C when the cleaning has written half of its table."""

    def writing(path, text, **options):
        if path.name == "rows.csv":
            write_text(path, text[: len(text) // 2])
            press()
        return write_text(path, text, **options)

    return writing


def swallowing(function):
    """Press Ctrl-C in front of a function, inside an `except` that catches everything."""

    def swallowed(*arguments):
        with contextlib.suppress(BaseException):
            press()
        return function(*arguments)

    return swallowed


if __name__ == "__main__":
    fakes.stand_in_for_the_report()
    for wanted in sys.argv.pop(1).split("+"):
        press_at(wanted)
    from vbhc.cli import main

    main()

"""Write so that a kill at any moment leaves either the old or the new, and keep two runs apart."""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vbhc.problems import fault
from vbhc.study import locks, private

RENAME_EXCHANGE = 2  # linux/fs.h
AT_FDCWD = -100  # fcntl.h: paths are relative to the working folder


def replace_text(path: Path, text: str) -> None:
    """Write a text file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(beside, path)


def beside(folder: Path) -> Path:
    """Return where the successor of a folder is built: its hidden neighbour, on the same disk."""
    return folder.with_name(f".{folder.name}.new")


def swap_in(new: Path, folder: Path) -> None:
    """Put a finished folder in the place of `folder` and delete what stood there.

    Linux exchanges the two names in one step. Elsewhere the old folder is renamed away first; a kill in that
    instant leaves it under its hidden name, from where `recover` takes it back.
    """
    old = folder.with_name(f".{folder.name}.old")
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not folder.exists():
        os.replace(new, folder)
    elif _exchange(new, folder):
        shutil.rmtree(new, ignore_errors=True)
    else:
        shutil.rmtree(old, ignore_errors=True)
        os.replace(folder, old)
        os.replace(new, folder)
        shutil.rmtree(old, ignore_errors=True)


def recover(folder: Path) -> None:
    """Tidy up after a killed run: take back a folder that was renamed away, drop what was half built."""
    old = folder.with_name(f".{folder.name}.old")
    if old.exists() and not folder.exists():
        os.replace(old, folder)
    for rest in (old, beside(folder)):
        if rest.exists():
            shutil.rmtree(rest)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step; False where the system or the disk cannot."""
    linux = sys.platform.startswith("linux")
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if linux else None
    names = (AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other))
    return call is not None and call(*names, RENAME_EXCHANGE) == 0


@contextmanager
def only_run(lock: Path, study_name: str) -> Iterator[None]:
    """Hold the lock of a study's runs; the system releases it when the process ends, however it ends.

    The lock's folder, which holds rows of patients, is closed to other users before and after.

    Raises
    ------
    StudyError
        When another run holds it, with that run's process number.
    """
    private.keep(lock.parent)
    with lock.open("a+", encoding="utf-8") as handle:
        if not locks.taken(handle.fileno()):
            handle.seek(0)
            found = f"another run of this study is going on (process {handle.read().strip() or 'unknown'})"
            raise fault(f"data/{study_name}", found, "wait until it ends")
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        try:
            yield
        finally:
            private.keep(lock.parent)

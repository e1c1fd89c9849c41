"""Locks on files, which the system releases when their process ends, however it ends."""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SECONDS_BETWEEN = 0.05


def taken(descriptor: int) -> bool:
    """Take the lock of an open file; False where another process holds it."""
    try:
        _lock(descriptor)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until nobody else holds this lock, then hold it; its file is gone afterwards.

    Who waited for a file that is gone holds what nobody else asks for: two may then work at once.
    """
    try:
        with path.open("a") as handle:
            while not taken(handle.fileno()):
                time.sleep(SECONDS_BETWEEN)
            yield
    finally:
        with suppress(PermissionError):  # Windows, while another waits, who will delete it
            path.unlink(missing_ok=True)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        # Windows keeps others from reading the locked byte, so lock one far behind what is written there.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

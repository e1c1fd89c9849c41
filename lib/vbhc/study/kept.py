"""Arrays that several notebooks of a study need, made once and kept beside its runs: never published."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from vbhc.study import locks, private
from vbhc.study.folder import Study

FOLDER = "kept"
LARGE = 10_000  # patients from whom on what several notebooks need takes seconds


def kept(study: Study, content: Iterable[bytes], make: Callable[[], np.ndarray]) -> np.ndarray:
    """Return what `make` gives; from its file where it was made of the same content before.

    Who asks while another process makes it waits for that one.

    Parameters
    ----------
    content : bytes, one after another
        All that the array is computed from, the code too.
    """
    whole = hashlib.blake2b(digest_size=16)
    for part in content:
        whole.update(len(part).to_bytes(8, "big") + part)
    path = study.runs / FOLDER / f"{whole.hexdigest()}.npy"
    if not path.exists():
        private.keep(path.parent)
        with locks.alone(path.with_suffix(".lock")):
            if not path.exists():
                _write(path, make())
        private.keep(path.parent)
    return np.load(path)


def _write(path: Path, values: np.ndarray) -> None:
    """Write an array beside its place, and move it there when it is complete."""
    unfinished = path.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as file:
        np.save(file, values)
    os.replace(unfinished, path)


def forget(study: Study) -> None:
    """Remove what was kept: it was made of a table that is no more."""
    shutil.rmtree(study.runs / FOLDER, ignore_errors=True)

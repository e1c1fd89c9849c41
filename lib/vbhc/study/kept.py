"""Arrays that several notebooks of a study need, made once and kept beside its runs: never published."""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence

import numpy as np

from vbhc.study import private
from vbhc.study.folder import Study

FOLDER = "kept"


def kept(study: Study, content: Sequence[bytes], make: Callable[[], np.ndarray]) -> np.ndarray:
    """Return what `make` gives; from its file where it was made of the same content before.

    Parameters
    ----------
    content : sequence of bytes
        All that the array is computed from, the code too.
    """
    whole = hashlib.blake2b(digest_size=16)
    for part in content:
        whole.update(len(part).to_bytes(8, "big") + part)
    path = study.runs / FOLDER / f"{whole.hexdigest()}.npy"
    if path.exists():
        return np.load(path)
    values = make()
    private.keep(path.parent)
    unfinished = path.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as file:
        np.save(file, values)
    os.replace(unfinished, path)
    private.keep(path.parent)
    return values


def forget(study: Study) -> None:
    """Remove what was kept: it was made of a table that is no more."""
    shutil.rmtree(study.runs / FOLDER, ignore_errors=True)

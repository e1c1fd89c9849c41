"""Keep what is made under `data/` to the user who made it; what lies in `raw/` stays as it came."""

import os
import subprocess
from collections.abc import Collection
from pathlib import Path

FOLDER, FILE = 0o700, 0o600


def keep(folder: Path) -> Path:
    """Make a folder if it is not there, and close it and all below it to other users; return it.

    While something is written the closed folder keeps others out, so that a call before and one after do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, FOLDER)
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(FOLDER if name in folders else FILE)
    return folder


def taken_along(folder: Path, names: Collection[str]) -> list[str]:
    """Return which of these files of a study git holds or would take along; none where there is no git.

    Parameters
    ----------
    folder : Path
        The study's.
    names : collection of str
        Paths from there; one that is absent may stand, git knows no such file.
    """
    if not names:
        return []
    plainly = [f":(literal){name}" for name in names]
    listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *plainly]
    try:
        done = subprocess.run(["git", "-C", str(folder), *listed], capture_output=True, check=False)
    except OSError:
        return []
    return [name for name in done.stdout.decode("utf-8", "surrogateescape").split("\0") if name]

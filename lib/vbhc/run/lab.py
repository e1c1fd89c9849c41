"""Copies of the notebooks to work in: what is saved there, rows of patients with it, git never sees."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from vbhc.run.stamps import hash_file
from vbhc.study import private

COPIED = ".copied.json"  # what each copy was when it was made


def copy_notebooks(root: Path) -> Iterator[str]:
    """Copy the project's notebooks to `lab/`, closed to other users; yield a line for each that is behind.

    A copy that nobody changed follows the project's notebook; one that was worked on stays as it is.
    """
    folder = private.keep(root / "lab")
    record = folder / COPIED
    copied = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    for source in sorted((root / "notebooks").rglob("*.ipynb")):
        name = source.relative_to(root / "notebooks").as_posix()
        copy, now = folder / name, hash_file(source)
        if ".ipynb_checkpoints" in name or copied.get(name) == now:
            continue
        if copy.exists() and hash_file(copy) != copied.get(name):
            yield f"lab/{name} is yours and stays; notebooks/{name} is newer (rename yours to get it)"
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
        copied[name] = now
    record.write_text(json.dumps(copied, indent=1) + "\n", encoding="utf-8")
    private.keep(folder)

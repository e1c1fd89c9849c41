"""Lay out the folder of a new study: commented declarations and three example rows per source."""

from __future__ import annotations

import re
import shutil
from importlib.resources import as_file, files
from pathlib import Path

from vbhc.problems import fault

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TEXTS = (".yml", ".md")


def lay_out(root: Path, name: str) -> Path:
    """Make `data/<name>` in a project, ready for `vbhc check`, and return it.

    Raises
    ------
    StudyError
        When the name would not do as a folder everywhere, or such a folder is there already: nothing is
        overwritten.
    """
    shown = f"data/{name}"
    if not NAME.fullmatch(name):
        fix = "lower-case letters, digits and hyphens, such as hip-2026"
        raise fault("data", f"a study cannot be called {name!r}", fix)
    folder = root / "data" / name
    if folder.exists():
        raise fault(shown, "is there already", "choose another name, or edit what is there")
    with as_file(files("vbhc.run") / "template_study") as template:
        shutil.copytree(template, folder)
    for path in folder.rglob("*"):
        if path.suffix in TEXTS:
            text = path.read_text(encoding="utf-8")
            text = re.sub(r"STUDY(?!=)", name, text)  # in "make check STUDY=..." the first is make's
            path.write_text(text, encoding="utf-8", newline="\n")
    return folder

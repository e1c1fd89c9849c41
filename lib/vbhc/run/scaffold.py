"""Lay out the folder of a new study: commented declarations and example rows, or what raw files tell."""

import re
import shutil
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

from vbhc.problems import StudyError, fault
from vbhc.study import private

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TEXTS = (".yml", ".md")
EXAMPLE = "Everything here is an example: three made-up rows per file."
TOLD = "`study.yml` and `dictionary.csv` hold what the files of `raw/` told, each guess marked."


def lay_out(root: Path, name: str, raw: Sequence[Path] = ()) -> tuple[Path, list[str]]:
    """Make `data/<name>` in a project, ready for `vbhc check`; return it, and what to look at.

    With raw files they are copied and read, and what they tell stands in the place of the examples.

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
        shutil.copytree(template, folder, ignore=shutil.ignore_patterns(*(("raw", "*.csv") if raw else ())))
    for path in folder.rglob("*"):
        if path.suffix in TEXTS:
            text = path.read_text(encoding="utf-8")
            text = re.sub(r"STUDY(?!=)", name, text)  # in "make check STUDY=..." the first is make's
            text = text.replace(EXAMPLE, TOLD) if raw else text
            path.write_text(text, encoding="utf-8", newline="\n")
    look: list[str] = []
    if raw:
        from vbhc.run.guessing.writing import write_study

        try:
            look = write_study(folder, raw)
        except StudyError:
            shutil.rmtree(folder)
            raise
    for path in (folder, *(path for path in folder.iterdir() if path.is_file())):
        path.chmod(private.FOLDER if path.is_dir() else private.FILE)
    return folder, look

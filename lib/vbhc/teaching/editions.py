"""Student and teacher editions from one source: the lessons in `notebooks/teaching/`.

Tags of a cell: `exercise` (where an answer is typed), `solution` and `teacher` (not for students), `hint`,
`slider`, `caption` (of the picture above), `library` (needs this package: not in the browser), `typing` (how
to type an answer: not on pages).
"""

import hashlib
import shutil
import zipfile
from collections.abc import Collection, Iterator
from importlib import metadata, resources
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from vbhc.publish.notebook_files import tags

KEPT_BACK = frozenset({"solution", "teacher"})
_MADE = "vbhc-as-written"  # in a notebook's metadata: what the course wrote, to tell it from what was typed
_HINT = "<details><summary>Hint</summary>\n\n{}\n\n</details>"


def lessons_of(root: Path) -> dict[str, Path]:
    """Return the lessons by name, in order."""
    return {path.stem: path for path in sorted((root / "notebooks" / "teaching").glob("[0-9]*.ipynb"))}


def write_editions(root: Path, course: Path) -> Iterator[str]:
    """Write `student/` and `teacher/` into `course`, each complete in itself; yields a line per notebook.

    A notebook in which somebody typed stays as it is: the new one is written beside it.
    """
    source = root / "notebooks" / "teaching"
    for edition, dropped in (("student", KEPT_BACK), ("teacher", frozenset())):
        folder = course / edition
        shutil.copytree(source / "data", folder / "data", dirs_exist_ok=True)
        own = source / "student" if edition == "student" else source
        shared = (source / "student" / "requirements.txt", source / "matplotlibrc", root / "LICENSE-TEXT")
        for file in (own / "README.md", *shared):
            shutil.copyfile(file, folder / file.name)
        write_wheel(folder)
        for name, path in lessons_of(root).items():
            lesson = without(nbformat.read(path, as_version=4), dropped)
            yield f"{edition}/{_write(lesson, folder / f'{name}.ipynb')}"


def without(lesson: NotebookNode, dropped: Collection[str]) -> NotebookNode:
    """Return a lesson without cells of these tags; without solutions also no outputs, and hints folded."""
    cells = [nbformat.from_dict(cell) for cell in lesson.cells if not set(tags(cell)) & set(dropped)]
    for cell in cells if "solution" in dropped else []:
        if "hint" in tags(cell):
            cell.source = _HINT.format(cell.source)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nbformat.from_dict({**lesson, "cells": cells})


def _write(lesson: NotebookNode, path: Path) -> str:
    """Write a lesson; where somebody typed into the one that is there, beside it. Say which."""
    lesson.metadata[_MADE] = _typed(lesson)
    said = path.name
    if path.exists():
        there = nbformat.read(path, as_version=4)
        if there.metadata.get(_MADE) != _typed(there):
            path = path.with_stem(f"{path.stem}-new")
            said = f"{path.name} (beside {said}, in which somebody typed)"
    path.write_text(nbformat.writes(lesson) + "\n", encoding="utf-8", newline="\n")
    return said


def _typed(lesson: NotebookNode) -> str:
    """Return a short digest of what stands in the cells, outputs apart."""
    return hashlib.sha256("\0".join(cell.source for cell in lesson.cells).encode()).hexdigest()[:16]


def write_wheel(folder: Path) -> Path:
    """Write this package as a wheel, so that `pip install -r requirements.txt` needs no repository.

    A wheel is a zip file of the package and what it says of itself (Python Packaging Authority, "Binary
    distribution format"); the same library gives the same bytes.
    """
    package = Path(str(resources.files("vbhc")))
    said = metadata.distribution("vbhc")
    info = f"vbhc-{said.version}.dist-info"
    wheel = folder / f"vbhc-{said.version}-py3-none-any.whl"
    paths = sorted(p for p in package.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    files = {f"vbhc/{path.relative_to(package).as_posix()}": path.read_bytes() for path in paths}
    files[f"{info}/METADATA"] = (said.read_text("METADATA") or "").encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/entry_points.txt"] = b"[console_scripts]\nvbhc = vbhc.cli:main\n"
    listed = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, f"{info}/RECORD": listed.encode()}.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return wheel

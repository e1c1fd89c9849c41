"""The course in a browser: JupyterLite with a Python that runs there and all that lessons 1, 2 and 5 need.

pandas for this Python is in no package registry; lessons that need it load it from pyodide's own address.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat

from vbhc.teaching import editions

PYODIDE = "314.0.7"
ELSEWHERE = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
# What the kernel loads before the first cell, with all that these need.
INSIDE = (
    "asttokens", "comm", "decorator", "executing", "ipython", "jedi", "matplotlib-inline", "micropip",
    "packaging", "parso", "prompt-toolkit", "pure-eval", "pygments", "six", "stack-data", "traitlets",
    "wcwidth",
)  # fmt: skip


def write_site(root: Path, site: Path) -> Iterator[str]:
    """Write the site into `site`, made anew; yields its lessons. It takes the extra `lite` and npm."""
    shutil.rmtree(site, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        contents = Path(scratch, "contents")
        yield from _write_contents(root, contents)
        build = ["jupyterlite_core.app", "build", "--contents", str(contents), "--output-dir", str(site)]
        _run([sys.executable, "-m", *build], Path(scratch))
        _add_python(site / "static" / "pyodide", Path(scratch))
    asked = json.loads((site / "jupyter-lite.json").read_text(encoding="utf-8"))
    plugins = {KERNEL: {"pyodideUrl": "./static/pyodide/pyodide.mjs"}}
    asked["jupyter-config-data"] |= {"litePluginSettings": plugins, "exposeAppInBrowser": True}
    (site / "jupyter-lite.json").write_text(json.dumps(asked), encoding="utf-8")


def _write_contents(root: Path, contents: Path) -> Iterator[str]:
    """Write the student's lessons, their tables and the part of this package that needs Python alone."""
    source, package = root / "notebooks" / "teaching", contents / "vbhc" / "teaching"
    shutil.copytree(source / "data", contents / "data")
    shutil.copytree(Path(__file__).parent / "sliders", package / "sliders")
    (contents / "vbhc" / "__init__.py").touch()
    for name in ("__init__.py", "answers.txt"):
        shutil.copy(Path(__file__).with_name(name), package)
    for name, path in editions.lessons_of(root).items():
        lesson = editions.without(nbformat.read(path, as_version=4), editions.KEPT_BACK | {"library"})
        nbformat.write(lesson, contents / f"{name}.ipynb")
        yield f"lite/{name}.ipynb"


def _add_python(folder: Path, scratch: Path) -> None:
    """Put pyodide and the pure packages that the kernel starts with into `folder`."""
    _run(["npm", "pack", "--silent", f"pyodide@{PYODIDE}"], scratch)
    with tarfile.open(scratch / f"pyodide-{PYODIDE}.tgz") as archive:
        archive.extractall(scratch, filter="data")
    shutil.copytree(scratch / "package", folder)
    lock = folder / "pyodide-lock.json"
    known = json.loads(lock.read_text(encoding="utf-8"))
    comm = {"name": "comm", "version": "0.2.3", "imports": ["comm"], "depends": []}  # not in the lock
    known["packages"]["comm"] = known["packages"]["decorator"] | comm
    for name, package in known["packages"].items():
        if name in INSIDE:
            package |= _wheel(name, package["version"], folder)
        else:
            package["file_name"] = ELSEWHERE + package["file_name"]
    lock.write_text(json.dumps(known), encoding="utf-8")


def _wheel(name: str, version: str, folder: Path) -> dict[str, str]:
    """Fetch a pure wheel into `folder`; return its name and digest, which the loader compares."""
    before = set(folder.glob("*.whl"))
    only = ["--no-deps", "--only-binary=:all:", "--python-version=3.14", "--dest", str(folder)]
    _run([sys.executable, "-m", "pip", "download", "--quiet", *only, f"{name}=={version}"], folder)
    (path,) = set(folder.glob("*.whl")) - before
    return {"file_name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)

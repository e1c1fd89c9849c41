"""The course for a browser: pages to read, and JupyterLite to work in.

A page a lesson with folded code and hints, the first page, words, and slides. JupyterLite has a Python that
runs in the browser and all that lessons 1, 2 and 5 need; pandas for this Python is in no package registry, so
that lessons that need it load it from pyodide's own address.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell as text_cell

from vbhc.publish.notebook_files import tags
from vbhc.report.glossary import Linker, entries
from vbhc.report.markdown import Sources, highlight_python, markdown_writer
from vbhc.report.shell import page_of
from vbhc.run.files import replace_text
from vbhc.teaching import known_answers, slider
from vbhc.teaching.editions import KEPT_BACK, lessons_of, without

PYODIDE = "314.0.7"
ELSEWHERE = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
# What the kernel loads before the first cell, with all that these need.
INSIDE = Path(__file__).with_name("kernel_packages.txt").read_text(encoding="ascii").split()
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def write_pages(root: Path, course: Path) -> Iterator[str]:
    """Write `pages/` (each lesson, `index.html`, `words.html`, `data/`) and the teacher's `slides.html`."""
    lessons = {name: nbformat.read(path, as_version=4) for name, path in lessons_of(root).items()}
    pages, used = course / "pages", set()
    shutil.copytree(root / "notebooks" / "teaching" / "data", pages / "data", dirs_exist_ok=True)
    for name, lesson in lessons.items():
        first, link = lesson.cells[0], Linker("words.html")
        first.source = re.sub(r" Needs [^.]*\.", "", first.source)  # a page needs a browser alone
        kept = [cell for cell in lesson.cells if not set(tags(cell)) & (KEPT_BACK | {"typing"})]
        html = page([first, _tables(kept), *kept[1:]], list(lessons), name, link)
        replace_text(pages / f"{name}.html", html)
        used |= link.used
        yield f"pages/{name}.html"
    replace_text(pages / "index.html", page([text_cell(_contents(lessons))], list(lessons), "index"))
    words = "".join(
        f'<div id="{w.id}"><dt>{w.term} <span>{w.name}</span></dt><dd>{w.definition}</dd></div>\n'
        for w in entries(used)
    )
    replace_text(pages / "words.html", _laid_out("Words", [f"<dl>{words}</dl>"], list(lessons), "words"))
    shown = [cell for lesson in lessons.values() for cell in _slide(lesson)]
    slides = page([text_cell("# Ten pictures"), *shown], [], "slides")
    replace_text(course / "teacher" / "slides.html", slides)
    yield from ("pages/index.html", "pages/words.html", "teacher/slides.html")


def _tables(cells: Sequence[NotebookNode]) -> NotebookNode:
    """Return links to the tables that a lesson reads; the truth it shows after the estimate."""
    read = re.findall(r"data/([\w-]+\.csv)", "\n".join(cell.source for cell in cells))
    links = [f"[{name}](data/{name})" for name in dict.fromkeys(read) if name != "truth.csv"]
    return text_cell(f"Its tables, for a spreadsheet: {', '.join(links)}.")


def page(cells: Sequence[NotebookNode], names: Sequence[str], here: str, link: Linker | None = None) -> str:
    """Return cells as a page; the first begins with its title. Code and hints are folded."""
    html = "\n".join(filter(None, _blocks(cells, markdown_writer([], set(), None, Sources()))))
    html = re.sub(r"^<h2 .*?</h2>\n", "", html, count=1)  # the title, which stands above
    parts = [link(part) if link else part for part in re.split(r"(?=<h2 )", html)]
    return _laid_out(cells[0].source.splitlines()[0].removeprefix("# "), parts, names, here)


def _laid_out(title: str, parts: Sequence[str], names: Sequence[str], here: str) -> str:
    """Return a page of HTML parts, the first under its title; without `names` no way to others."""
    places = [("index", "Course"), *((name, name[:2]) for name in names), ("words", "Words")] if names else []
    navigation = [(f"{name}.html", words, name == here) for name, words in places]
    view = {"title": title, "front": parts[0], "sections": parts[1:], "navigation": navigation}
    return page_of("course.html.j2", view, _SCRIPT.findall("".join(parts)))


def _blocks(cells: Sequence[NotebookNode], write: Any) -> Iterator[str]:
    seen = ""
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        caption = after.source if after is not None and "caption" in tags(after) else ""
        if "caption" in tags(cell):
            continue
        if "hint" in tags(cell):
            yield f"<details><summary>Hint</summary>\n{write(cell.source)}</details>"
            yield f"<details><summary>Once you have an answer</summary>\n<p>{escape(seen)}</p></details>"
        elif cell.cell_type == "markdown":
            yield write(cell.source)
        elif "exercise" in tags(cell):
            seen = known_answers()[cell.source.split('"')[1]]["answers"][0]["text"]
        elif "slider" in tags(cell):
            name = cell.source.split('"')[1]
            yield f"<figure>\n{slider(name)._repr_html_()}<figcaption>{escape(caption)}</figcaption></figure>"
        else:
            yield f'<details class="code"><summary>Code</summary>\n{highlight_python(cell.source)}</details>'
            yield from (_output(output, caption) for output in cell.outputs)


def _output(output: NotebookNode, caption: str) -> str:
    """Return what a cell showed: a picture, a table, or the text."""
    data = output.get("data", {})
    if "image/png" in data:
        picture, words = data["image/png"].replace("\n", ""), escape(caption)
        shown = f'<img src="data:image/png;base64,{picture}" alt="{words}">'
        return f"<figure>{shown}<figcaption>{words}</figcaption></figure>"
    if table := re.search(r"<table.*</table>", data.get("text/html", ""), re.DOTALL):
        plain = re.sub(r' (border|class|style)="[^"]*"', "", table[0])
        return f'<div class="box" role="group" aria-label="Table">{plain}</div>'
    text = output.get("text") or data.get("text/plain", "")
    return f'<div class="source"><pre>{escape(text.rstrip())}</pre></div>' if text else ""


def _slide(lesson: NotebookNode) -> list[NotebookNode]:
    """Return what a teacher shows of a lesson: its question, its first picture and what to talk about."""
    cells = lesson.cells
    picture = next(k for k, cell in enumerate(cells) if "caption" in tags(cell))
    talk = next(cell for cell in cells if cell.source.startswith("## Talk about it"))
    asked = talk.source.replace("## Talk about it", "").strip()
    title = text_cell("##" + cells[0].source.splitlines()[0][1:])
    return [title, *cells[picture - 1 : picture + 1], text_cell(asked)]


def _contents(lessons: dict[str, NotebookNode]) -> str:
    """Return the first page as Markdown: each lesson's question, how long it takes and what one learns."""
    parts = [
        "# Ten lessons on value in health care",
        "To read, or to work through in notebooks. What is folded under *Code* is how a number was made: "
        "nobody has to open it. Exercises are done on paper, or in a spreadsheet with the lesson's tables.",
    ]
    for name, lesson in lessons.items():
        title, said, goals = lesson.cells[0].source.split("\n\n", 2)
        goals = goals.split("\n\n", 1)[1]
        parts.append(f"## [{title[2:]}]({name}.ipynb)\n\n{said}\n\n{goals}")
    return "\n\n".join(parts)


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
    for name, path in lessons_of(root).items():
        lesson = without(nbformat.read(path, as_version=4), KEPT_BACK | {"library"})
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

"""The course for a browser: a page a lesson with folded code and hints, the first page, words, and slides."""

import base64
import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from vbhc.publish.notebook_files import tags
from vbhc.report.footnotes import Sources
from vbhc.report.glossary import Linker, entries
from vbhc.report.markdown import highlight_python, markdown_writer
from vbhc.report.shell import page_of
from vbhc.teaching import known_answers, slider
from vbhc.teaching.editions import KEPT_BACK, lessons_of

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def write_pages(root: Path, course: Path) -> Iterator[str]:
    """Write `pages/` (a page a lesson, `index.html`, `words.html`) and the teacher's `slides.html`."""
    lessons = {name: nbformat.read(path, as_version=4) for name, path in lessons_of(root).items()}
    pages = course / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    used: set[str] = set()
    for name, lesson in lessons.items():
        link = Linker("words.html")
        kept = [cell for cell in lesson.cells if not set(tags(cell)) & KEPT_BACK]
        _save(pages / f"{name}.html", page(kept, list(lessons), name, link))
        used |= link.used
        yield f"pages/{name}.html"
    _save(pages / "index.html", page([_text(_contents(lessons))], list(lessons), "index"))
    words = "".join(
        f'<div id="{w.id}"><dt>{w.term} <span>{w.name}</span></dt><dd>{w.definition}</dd></div>\n'
        for w in entries(used)
    )
    _save(pages / "words.html", _laid_out("Words", [f"<dl>{words}</dl>"], list(lessons), "words"))
    shown = [cell for lesson in lessons.values() for cell in _slide(lesson)]
    _save(course / "teacher" / "slides.html", page([_text("# Ten pictures"), *shown], [], "slides"))
    yield from ("pages/index.html", "pages/words.html", "teacher/slides.html")


def page(cells: Sequence[NotebookNode], names: Sequence[str], here: str, link: Linker | None = None) -> str:
    """Return cells as a page; the first begins with its title. Code and hints are folded."""
    write = markdown_writer([], set(), None, Sources())
    html = "\n".join(block for block in _blocks(cells, write) if block)
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
        picture = base64.b64encode(base64.b64decode(data["image/png"])).decode()
        words = escape(caption)
        shown = f'<img src="data:image/png;base64,{picture}" alt="{words}">'
        return f"<figure>{shown}<figcaption>{words}</figcaption></figure>"
    table = re.search(r"<table.*</table>", data.get("text/html", ""), re.DOTALL)
    if table:
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
    return [
        _text("##" + cells[0].source.splitlines()[0][1:]),
        *cells[picture - 1 : picture + 1],
        _text(asked),
    ]


def _contents(lessons: dict[str, NotebookNode]) -> str:
    """Return the first page as Markdown: each lesson's question, how long it takes and what one learns."""
    parts = [
        "# Ten lessons on value in health care",
        "To read, or to work through in notebooks.",
    ]
    for name, lesson in lessons.items():
        title, said, goals = lesson.cells[0].source.split("\n\n", 2)
        goals = goals.split("\n\n", 1)[1]
        parts.append(f"## [{title[2:]}]({name}.ipynb)\n\n{said}\n\n{goals}")
    return "\n\n".join(parts)


def _text(*parts: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell("\n\n".join(parts))


def _save(path: Path, html: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8", newline="\n")

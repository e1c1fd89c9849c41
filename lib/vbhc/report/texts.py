"""Every text of a report that could count people: of its findings, of the notes, and all others."""

import re
from collections.abc import Iterator, Mapping

from nbformat import NotebookNode

from vbhc.problems import Problem
from vbhc.publish.disclosure.counting import numbers_in
from vbhc.publish.findings.marks import drawings_of, words_in
from vbhc.report.markdown import ReportError, markdown_writer
from vbhc.study import Study

OVERVIEW = "index"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^##[ \t]+(\d\d-[\w-]+)[ \t]*$", re.MULTILINE)


def notes_of(study: Study, page: str) -> str:
    """Return the part of `notes.md` that belongs to a page, as Markdown; empty where there is none.

    A heading such as `## 02-value-quota` starts the part for that page; what stands before the first such
    heading belongs to the overview (`page="index"`). What stands in `<!-- -->` is for those who write it.
    """
    return _notes(study).get(page, "").strip()


def _notes(study: Study) -> dict[str, str]:
    """Return all parts of `notes.md` by the page that they belong to."""
    path = study.folder / "notes.md"
    if not path.is_file():
        return {}
    parts = _HEADING.split(_COMMENT.sub("", path.read_text(encoding="utf-8")))
    start = re.sub(r"\A#[ \t]+.*\n", "", parts[0].lstrip())
    return {OVERVIEW: start, **dict(zip(parts[1::2], parts[2::2], strict=True))}


def note_problems(study: Study) -> list[Problem]:
    """Return the formulas of `notes.md` that no page could show; no report has to be built for that."""
    problems = []
    for page, text in _notes(study).items():
        try:
            markdown_writer([], set())(text)
        except ReportError as error:
            problems.append(Problem(study.shown("notes.md"), str(error), "", page))
    return problems


WORDS = ("text", "title", "caption", "alt")  # fields of a finding that are sentences
_MARKUP = re.compile(r"\]\([^)\s]*\)|[\[\]*_`]")


def texts_of(finding: Mapping) -> Iterator[str]:
    """Yield the texts of a finding: what it says, caption, words for the picture, notes, heads and cells."""
    yield from (finding[field] for field in WORDS if field in finding)
    yield from finding.get("notes", ())
    yield from (column["label"] for column in finding.get("columns", ()))
    for row in finding.get("cells", ()):
        yield from row


def numbers_of(output: NotebookNode, finding: Mapping) -> set[float]:
    """Return every count of people that a finding's texts and drawing give in words."""
    words = [said for svg in drawings_of(output).values() for said in words_in(svg)]
    return {number for text in (*texts_of(finding), *words) for number in numbers_in(text)}


def typed_texts(study: Study, notebooks: Mapping[str, NotebookNode]) -> list[str]:
    """Return what the pages say besides their findings: the title of the study, prose, notes, parameters.

    No policy changes these words, so that findings have to give way to the counts in them.
    """
    prose = [study.config.title, *(notes_of(study, page) for page in (OVERVIEW, *notebooks))]
    for page in notebooks.values():
        for cell in page.cells:
            if cell.cell_type == "markdown":
                prose.append(cell.source)
            elif "parameters" in cell.metadata.get("tags", ()):
                prose += [line.partition("#")[2] for line in cell.source.splitlines()]
    read = [_MARKUP.sub("", part) for text in prose for part in re.split(r"\n\s*\n|\n(?=[-#|\d])", text)]
    return [" ".join(text.split()) for text in read if text.strip()]

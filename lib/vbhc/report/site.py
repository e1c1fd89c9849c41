"""An index over the reports of all studies."""

import json
from pathlib import Path

from vbhc.problems import fault
from vbhc.publish.answer import first_sentence
from vbhc.publish.notebook_files import is_companion, reads_all
from vbhc.report.shell import page_of


def write_site(reports: Path) -> tuple[Path, int]:
    """Write `index.html` over every finished report below `reports`; return it and how many it lists.

    Raises
    ------
    StudyError
        If there is no finished report.
    """
    studies = [_study(path) for path in sorted(reports.glob("*/")) if (path / "findings.json").is_file()]
    if not studies:
        raise fault("reports", "no finished report", "`vbhc run STUDY` makes one")
    index = reports / "index.html"
    index.write_text(page_of("site.html.j2", {"studies": studies}), encoding="utf-8", newline="\n")
    return index, len(studies)


def _study(folder: Path) -> dict:
    info = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    found = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    questions = {name: one.get("question", name) for name, one in info.get("notebooks", {}).items()}
    answers = [f for f in found if f.get("role") == "answer" and not _leaves_out(f["page"])]
    return {
        "name": folder.name,
        "title": info.get("title", folder.name),
        "synthetic": info.get("synthetic", False),
        "answers": [
            (f["page"], questions.get(f["page"], f["page"]), first_sentence(f["text"])[0]) for f in answers
        ],
    }


def _leaves_out(page: str) -> bool:
    """Whether a page only gathers what others found, or is for some readers only."""
    return reads_all(page) or is_companion(page)

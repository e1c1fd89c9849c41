"""Gather what the other notebooks found: their questions, computed answers and limits, in one place."""

from __future__ import annotations

import re

import nbformat
import pandas as pd

from vbhc.study import Study

NO_ANSWER = "No answer: the page was not run for this study."
READERS = ("for-the-clinician", "for-the-manager", "for-the-patient")
SUMMARY = "06-summary"
_HEADING = re.compile(r"^#{2,6}\s+(.+?)\s*$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def questions(study: Study) -> dict[str, str]:
    """Notebook name to its question (its first heading), of the notebooks executed for this study."""
    titles = {}
    for path in sorted(study.runs.glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        lines = next((c.source for c in cells if c.cell_type == "markdown"), "").splitlines()
        titles[path.stem] = lines[0].lstrip("# ").strip() if lines else path.stem
    return titles


def answers_table(found: list[dict], asked: dict[str, str]) -> pd.DataFrame:
    """One row per notebook: `page, question, answer`, in reading order.

    Parameters
    ----------
    found : list of dict
        Findings of a run, as `findings.read` returns them.
    asked : dict
        From `questions`: notebook name to its question.
    """
    answers = {f["notebook"]: f["text"] for f in found if f.get("role") == "answer"}
    rows = [(page, asked[page], answers.get(page, NO_ANSWER)) for page in sorted(asked)]
    return pd.DataFrame(rows, columns=["page", "question", "answer"])


def readers_table(found: list[dict]) -> pd.DataFrame:
    """What it means for a clinician, a manager and a patient: `page, meaning`, reader by reader."""
    own = [f for name in READERS for f in found if _is_sentence(f) and f.get("id") == name]
    return pd.DataFrame([(f["notebook"], f["text"]) for f in own], columns=["page", "meaning"])


def findings_table(found: list[dict]) -> pd.DataFrame:
    """Every computed sentence that gives a number: `page, finding`.

    Answers, limits and what is said to one reader stand elsewhere. Left out is what was withheld, and what
    says only that there is nothing to say ("The study declares no arms."): it stands on its own page.
    """
    rows = [
        (f["notebook"], f["text"])
        for f in found
        if _is_sentence(f)
        and f.get("role") == "finding"
        and f.get("id") not in READERS
        and not f.get("withheld")
        and re.search(r"\d", f["text"])
    ]
    return pd.DataFrame(rows, columns=["page", "finding"])


def _is_sentence(finding: dict) -> bool:
    return finding["kind"] == "sentence"


def limits_table(study: Study, found: list[dict], source: str = "") -> pd.DataFrame:
    """What may not be concluded: `page, limit`.

    First what holds for the whole study (its nature, what the door withheld, what `source` says of the
    published source), then page by page the limits that were computed and those that belong to the method
    (the list under "Limits" of each notebook).
    """
    rows = []
    if study.config.synthetic:
        rows.append(
            ("all", "The data are synthetic: made from published figures, not from people. No result is one.")
        )
    withheld = sum(len(f.get("withheld") or []) for f in found)
    if withheld:
        rows.append(
            ("all", f"{withheld} numbers were withheld under the policy {study.config.disclosure!r}.")
        )
    rows += [("all", source)] if source else []
    written = written_limits(study)
    computed = [(f["notebook"], f["text"]) for f in found if f.get("role") == "limit"]
    for page in sorted({name for name, _ in computed} | set(written)):
        rows += [one for one in computed if one[0] == page]
        rows += [(page, text) for text in written.get(page, ())]
    return pd.DataFrame(rows, columns=["page", "limit"])


def written_limits(study: Study) -> dict[str, list[str]]:
    """Return the lists that stand under a heading "Limits" in the executed notebooks, by notebook."""
    found = {}
    for path in sorted(study.runs.glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        texts = [c.source for c in cells if c.cell_type == "markdown" and path.stem != SUMMARY]
        items = [item for text in texts for item in _under_limits(text)]
        if items:
            found[path.stem] = items
    return found


def _under_limits(markdown: str) -> list[str]:
    """Return the items of a list under a heading "Limits", each on one line and without markup."""
    parts = _HEADING.split(markdown)
    bodies = [body for title, body in zip(parts[1::2], parts[2::2], strict=True) if title == "Limits"]
    items = [item for body in bodies for item in re.split(r"^- ", body, flags=re.MULTILINE)[1:]]
    return [_LINK.sub(r"\1", " ".join(item.split())).replace("*", "").replace("`", "") for item in items]


def answer_sentence(found: list[dict], gains: str = "") -> str:
    """The whole in one sentence: the answer on perception, or that of the last page which has one.

    `gains` is the answer on gains and pains; it leads where no patients were asked.
    """
    answers = {f["notebook"]: f["text"] for f in found if f.get("role") == "answer"}
    if "03-perception" in answers:
        return answers["03-perception"]
    if answers:
        return f"{gains} {answers[max(answers)]}".strip()
    return "No notebook of this study has given an answer yet; run the study first."

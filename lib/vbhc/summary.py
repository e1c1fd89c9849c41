"""Gather what the other notebooks found: their questions, computed answers and limits, in one place."""

from __future__ import annotations

import nbformat
import pandas as pd

from vbhc.study import Study

NO_ANSWER = "No answer: the page was not run for this study."


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


def findings_table(found: list[dict]) -> pd.DataFrame:
    """Every computed sentence that is neither an answer nor a limit: `page, finding`."""
    rows = [
        (f["notebook"], f["text"]) for f in found if f["kind"] == "sentence" and f.get("role") == "finding"
    ]
    return pd.DataFrame(rows, columns=["page", "finding"])


def limits_table(study: Study, found: list[dict]) -> pd.DataFrame:
    """What may not be concluded: `page, limit`, from the study's nature, the door and the computed limits."""
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
    rows += [(f["notebook"], f["text"]) for f in found if f.get("role") == "limit"]
    return pd.DataFrame(rows, columns=["page", "limit"])


def answer_sentence(found: list[dict]) -> str:
    """The whole in one sentence: what was asked, and how many of the questions got an answer."""
    answers = {f["notebook"]: f["text"] for f in found if f.get("role") == "answer"}
    if "03-perception" in answers:
        return answers["03-perception"]
    if answers:
        return answers[max(answers)]
    return "No notebook of this study has given an answer yet; run the study first."

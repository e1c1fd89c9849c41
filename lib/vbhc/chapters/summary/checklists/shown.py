"""A filled checklist as a result: what this run answers and where; the rest is the authors' part."""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.summary.checklists import BY_AUTHORS, applicable, fill, title
from vbhc.chapters.summary.checklists.facts import checklist_facts
from vbhc.interviews.tables import Interviews
from vbhc.publish.results import Result, Table
from vbhc.study import Study
from vbhc.wording import listing


def filled_checklists(
    study: Study, coded: Interviews | None, found: list[dict], display: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return the guidelines that speak about a study of this kind, each with what the run answers.

    Parameters
    ----------
    found : list of dict
        Findings of all other notebooks, the summary's too.
    display : DataFrame
        The joint display, from `summary.side_by_side`.
    """
    facts = checklist_facts(study, coded, found, display)
    return {name: fill(name, found, study.config, facts.get(name)) for name in applicable(study.config)}


def checklist(name: str, filled: pd.DataFrame) -> Result:
    """Show the items of a guideline that the run answers, and name those that the authors answer."""
    answered = filled[filled["answer"] != BY_AUTHORS]
    rest = filled.loc[filled["answer"] == BY_AUTHORS, "item"]
    said = f"{title(name)}: the run answers {len(answered)} of {len(filled)} items"
    said += f"; the authors answer {listing(rest)}." if len(rest) else "."
    answered = answered.assign(page=answered["page"].where(answered["page"] != "", "study.yml"))
    table = Table(answered[["item", "topic", "page"]], f"{title(name)}: where each item is answered")
    return Result(f"checklist-{name}", says=[said], table=table)


def reported(filled: dict[str, pd.DataFrame]) -> Result:
    """Say how much of all guidelines this run answers."""
    items = pd.concat(list(filled.values())) if filled else pd.DataFrame({"answer": []})
    answered = int((items["answer"] != BY_AUTHORS).sum())
    text = f"This report answers {answered} of the {len(items)} items of {listing(map(title, filled))}; the "
    text += "authors have to answer the others."
    return Result(
        "answer", says=[text if filled else "No guideline speaks about a study of this kind."], role="answer"
    )

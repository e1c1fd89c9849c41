"""Reporting checklists filled from a run: which item it answers, and where.

One CSV per guideline and version. The topics are in our own words; the items are numbered as published:
CHEERS 2022 (Husereau et al., BMJ 2022;376:e067975), STROBE (von Elm et al., Lancet 2007;370:1453-7), COREQ
(Tong, Sainsbury and Craig, Int J Qual Health Care 2007;19:349-57), SRQR (O'Brien et al., Acad Med
2014;89:1245-51) and GRAMMS (O'Cathain, Murphy and Nicholl, J Health Serv Res Policy 2008;13:92-8).
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase

import pandas as pd

from vbhc import shipped
from vbhc.chapters.summary import layout
from vbhc.publish.results import Result
from vbhc.study import Study
from vbhc.study.config import Config
from vbhc.wording import listing

# What a study must hold, or must not, for a guideline to speak about it.
GUIDELINES = shipped.rows(__file__, "guidelines.csv")


def applicable(config: Config) -> list[str]:
    """Return the guidelines that speak about a study of this kind."""
    parts = {"costs": config.cost, "patients": config.has_patients, "interviews": config.interviews}
    holds = {part: "yes" if held else "no" for part, held in parts.items()}
    return [row["guideline"] for row in GUIDELINES if all(row[part] in ("", holds[part]) for part in holds)]


def items(name: str) -> list[dict[str, str]]:
    """Return the items of a guideline: `item, topic, places`.

    `places` are findings as `page/id` (`*` stands for any end), or `study:field` of study.yml, parted by `;`.
    """
    return shipped.rows(__file__, f"{name}.csv")


def title(name: str) -> str:
    """Return a guideline's name and year: "CHEERS 2022"."""
    guideline, _, year = name.partition("-")
    return f"{guideline.upper()} {year}"


def fill(name: str, found: Sequence[dict], config: Config) -> pd.DataFrame:
    """Return a guideline's items with where this run answers them.

    Parameters
    ----------
    found : sequence of dict
        Findings of the run (`findings.read`); what was withheld answers nothing.

    Returns
    -------
    DataFrame
        `item, topic, page` (of the first finding that answers, or study.yml; "" where the authors answer).
    """
    told = [f"{one['notebook']}/{one['id']}" for one in found if "-withheld" not in one["id"]]
    rows = [(one["item"], one["topic"], _page(one["places"].split(";"), told, config)) for one in items(name)]
    return pd.DataFrame(rows, columns=["item", "topic", "page"])


def _page(places: Sequence[str], told: Sequence[str], config: Config) -> str:
    found = [one.partition("/")[0] for place in places for one in told if fnmatchcase(one, place)]
    keys = [place.removeprefix("study:") for place in places if place.startswith("study:")]
    value_sets = any(use.value_set for use in config.instruments.values())
    declared = any(value_sets if key == "value_sets" else getattr(config, key) for key in keys)
    return next(iter(found), "study.yml" if declared else "")


def filled_checklists(study: Study, found: Sequence[dict]) -> dict[str, pd.DataFrame]:
    """Return the guidelines that speak about a study of this kind, each with what the run answers.

    Parameters
    ----------
    found : list of dict
        Findings of all other notebooks, the summary's too.
    """
    return {name: fill(name, found, study.config) for name in applicable(study.config)}


def checklist(name: str, filled: pd.DataFrame) -> Result:
    """Show the items of a guideline that the run answers, and name those that the authors answer."""
    answered, rest = filled[filled["page"] != ""], filled.loc[filled["page"] == "", "item"]
    said = f"{title(name)}: the run answers {len(answered)} of {len(filled)} items"
    said += f"; the authors answer {listing(rest)}." if len(rest) else "."
    table = layout.table("checklist", answered, {"title": title(name)})
    return Result(f"checklist-{name}", says=[said], table=table)


def reported(filled: dict[str, pd.DataFrame]) -> Result:
    """Say how much of all guidelines this run answers."""
    if not filled:
        return Result("answer", says=["No guideline speaks about a study of this kind."], role="answer")
    pages = pd.concat(list(filled.values()))["page"]
    text = f"This report answers {(pages != '').sum()} of the {len(pages)} items of "
    text += f"{listing(map(title, filled))}; the authors have to answer the others."
    return Result("answer", says=[text], role="answer")

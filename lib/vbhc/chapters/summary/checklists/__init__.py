"""Reporting checklists filled from a run: which item it answers, and where.

One CSV per guideline and version. The topics are in our own words; the items are numbered as published:
CHEERS 2022 (Husereau et al., BMJ 2022;376:e067975), STROBE (von Elm et al., Lancet 2007;370:1453-7), COREQ
(Tong, Sainsbury and Craig, Int J Qual Health Care 2007;19:349-57), SRQR (O'Brien et al., Acad Med
2014;89:1245-51) and GRAMMS (O'Cathain, Murphy and Nicholl, J Health Serv Res Policy 2008;13:92-8).
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from importlib import resources

import pandas as pd

from vbhc import interviews
from vbhc.chapters import stakeholders
from vbhc.interviews.tables import Interviews
from vbhc.publish.results import Result, Table
from vbhc.study import Study
from vbhc.study.config import Config
from vbhc.wording import listing

BY_AUTHORS = "To be answered by the authors"
KINDS = {"table": "Table", "figure": "Figure", "sentence": "Sentence"}
# What a study must hold for a guideline to speak about it.
APPLIES: dict[str, Callable[[Config], bool]] = {
    "cheers-2022": lambda config: config.cost is not None,
    "strobe-2007": lambda config: config.has_patients,
    "coreq-2007": lambda config: config.interviews is not None,
    "srqr-2014": lambda config: config.interviews is not None and not config.has_patients,
    "gramms-2008": lambda config: config.interviews is not None and config.has_patients,
}


def applicable(config: Config) -> list[str]:
    """Return the guidelines that speak about a study of this kind."""
    return [name for name, applies in APPLIES.items() if applies(config)]


def items(name: str) -> list[dict[str, str]]:
    """Return the items of a guideline: `item, topic, places`.

    `places` are findings as `page/id` (`*` stands for any end), or `study:field` of study.yml, parted by `;`.
    """
    file = resources.files("vbhc.chapters.summary.checklists").joinpath(f"{name}.csv")
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def title(name: str) -> str:
    """Return a guideline's name and year: "CHEERS 2022"."""
    guideline, _, year = name.partition("-")
    return f"{guideline.upper()} {year}"


def fill(
    name: str, found: Sequence[dict], config: Config, facts: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return a guideline's items with what this run answers.

    Parameters
    ----------
    found : sequence of dict
        Findings of the run (`findings.read`); what was withheld answers nothing.
    facts : mapping, optional
        Item number to what the run says in words; it stands before the places.

    Returns
    -------
    DataFrame
        `item, topic, page` (of the first place that answers), `answer` (in words and by its places, or that
        the authors answer it).
    """
    rows = []
    for item in items(name):
        places = [place for pattern in item["places"].split(";") for place in _places(pattern, found, config)]
        page = next((page for page, _ in places if page), "")
        said = (facts or {}).get(item["item"], "")
        where = "; ".join(dict.fromkeys(words for _, words in places))
        answer = " ".join(filter(None, (said, where))) or BY_AUTHORS
        rows.append((item["item"], item["topic"], page, answer))
    return pd.DataFrame(rows, columns=["item", "topic", "page", "answer"])


def _places(pattern: str, found: Sequence[dict], config: Config) -> list[tuple[str, str]]:
    """Return (page, words) for each place that a pattern names and this run has."""
    if pattern.startswith("study:"):
        field = pattern.removeprefix("study:")
        return [("", f"study.yml, {field.replace('_', ' ')}")] if _declared(field, config) else []
    matching = [
        f for f in found if fnmatchcase(f"{f['notebook']}/{f['id']}", pattern) and "-withheld" not in f["id"]
    ]
    return [(f["notebook"], _words(f)) for f in matching]


def _declared(field: str, config: Config) -> bool:
    if field == "value_sets":
        return any(use.value_set for use in config.instruments.values())
    return bool(getattr(config, field))


def _words(finding: dict) -> str:
    """Return where a finding stands, without a number that would then be said twice."""
    if finding["kind"] == "sentence":
        return f"Sentence {finding['id'].replace('-', ' ')!r}"
    caption = finding["caption"].partition(";")[0].partition(", n =")[0].rstrip(".")
    return f"{KINDS[finding['kind']]}: {caption}"


STAKEHOLDERS = ("04-stakeholders", "04b-coding")


def checklist_facts(
    study: Study, coded: Interviews | None, found: list[dict], display: pd.DataFrame
) -> dict[str, dict[str, str]]:
    """Return what a run answers of COREQ and GRAMMS in words, by guideline and item number."""
    facts = {"gramms-2008": stakeholders.gramms(found, display)}
    if coded is None:
        return facts
    compare = study.config.notebooks.get(STAKEHOLDERS[0], {}).get("compare", "")
    codes = stakeholders.codes_under(coded, compare.split(";"))
    said = {f["id"]: f.get("text") or f.get("alt", "") for f in found if f["notebook"] in STAKEHOLDERS}
    items = stakeholders.coreq(
        coded,
        interviews.groups(coded, study.config.interviews.group),
        interviews.presence(coded, codes),
        saturation=said.get("saturation", ""),
        agreement=said.get("agreement", ""),
        quotations=said.get("quotations", ""),
    )
    return facts | {"coreq-2007": items}


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

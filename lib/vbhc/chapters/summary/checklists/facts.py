"""What a run answers of COREQ and GRAMMS in words."""

from __future__ import annotations

import pandas as pd

from vbhc import interviews
from vbhc.chapters import stakeholders
from vbhc.interviews.tables import Interviews
from vbhc.study import Study

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

"""Items of reporting checklists that a run can put in words from its data; `chapters.summary` has them all.

COREQ (Tong, Sainsbury and Craig 2007, Int J Qual Health Care 19:349-57) has 32 items; GRAMMS (O'Cathain,
Murphy and Nicholl 2008, J Health Serv Res Policy 13:92-8) has six. Topics are given in our own words.
"""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.stakeholders.joint import joint_sentence
from vbhc.interviews.tables import Interviews
from vbhc.wording import listing

COLUMNS = ("item", "topic", "from_this_run", "authors")
VERSIONS = {"COREQ": "2007", "GRAMMS": "2008"}
COMMON = 0.5  # share of interviewees from which a theme is called major, under which minor
YES, PARTLY, NO = "complete", "partly; the authors add the rest", "the authors write it"


def coreq(
    coded: Interviews,
    groups: pd.Series,
    presence: pd.DataFrame,
    *,
    saturation: str,
    agreement: str,
    quotations: str,
) -> pd.DataFrame:
    """Return the COREQ items on sample, analysis and findings, filled as far as the data go.

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees x the codes that were compared.
    saturation, agreement, quotations : str
        The computed sentences of the run.

    Returns
    -------
    DataFrame
        `item` (number), `topic, from_this_run` (text), `authors` (what is left to write).
    """
    sizes = groups.value_counts(sort=False)
    book = coded.codes["codable"].astype(bool)
    share = presence.mean()
    major, minor = int((share >= COMMON).sum()), int(((share > 0) & (share < COMMON)).sum())
    tree = f"{int(book.sum())} codes in {int((~book).sum())} categories; the figure shows those compared."
    counted = f"Every count is computed from the coded project. {agreement}"
    rows = [
        (12, "Sample size", f"{len(coded.participants)} interviewees.", YES),
        (16, "Who was interviewed", f"{listing(f'{n} {name}' for name, n in sizes.items())}.", PARTLY),
        (22, "Saturation", saturation, PARTLY),
        (24, "Number of coders", _coders(coded), YES),
        (25, "Code tree", tree, YES),
        (26, "How themes were derived", "", NO),
        (27, "Software", "The project was read as exported; see the import table.", PARTLY),
        (28, "Checking by participants", "", NO),
        (29, "Quotations", quotations, YES),
        (30, "Data and findings agree", counted, PARTLY),
        (31, "Major themes", f"{major} codes are raised by half of the interviewees or more.", PARTLY),
        (32, "Minor themes", f"{minor} codes are raised by fewer than half.", PARTLY),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _coders(coded: Interviews) -> str:
    coders = coded.codings.merge(coded.segments[["seg", "doc"]], on="seg").groupby("doc")["coder"].nunique()
    n = coded.codings["coder"].nunique()
    twice = int((coders >= 2).sum())
    many = f"{n} coder{'' if n == 1 else 's'}"
    return f"{many}; {twice} of {len(coders)} interviews were coded by two or more of them."


def gramms(found: list[dict], display: pd.DataFrame) -> pd.DataFrame:
    """Return the six GRAMMS items, filled as far as findings and joint display go.

    Parameters
    ----------
    found : list of dict
        Findings of a run (`findings.read`).
    display : DataFrame
        From `joint_display`; may be empty.
    """
    pages = sorted({finding["notebook"] for finding in found})
    limits = sum(finding.get("role") == "limit" for finding in found)
    beside = f"{len(display)} statements stand side by side, their fit by a declared rule."
    rows = [
        (1, "Why methods are mixed", "", NO),
        (2, "Design: purpose, priority, sequence", "", NO),
        (3, "Each method", f"On the pages {listing(pages)}." if pages else "", PARTLY),
        (4, "Where and how they are integrated", beside if len(display) else "", PARTLY),
        (5, "Limits of one method next to the other", f"{limits} computed limits." if limits else "", PARTLY),
        (6, "What mixing added", joint_sentence(display) if len(display) else "", PARTLY),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def facts(items: pd.DataFrame) -> dict[str, str]:
    """Return what a run says to the items of `coreq` or `gramms`, by item number; others are left out."""
    own = items[items["from_this_run"] != ""]
    return dict(zip(own["item"].astype(str), own["from_this_run"], strict=True))

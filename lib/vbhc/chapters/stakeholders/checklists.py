"""Items of reporting checklists that a run can put in words from its data; `chapters.summary` has them all.

COREQ (Tong, Sainsbury and Craig 2007, Int J Qual Health Care 19:349-57) has 32 items; GRAMMS (O'Cathain,
Murphy and Nicholl 2008, J Health Serv Res Policy 13:92-8) has six. Topics are given in our own words.
"""

import pandas as pd

from vbhc.chapters.stakeholders.joint import joint_sentence
from vbhc.interviews.tables import Interviews
from vbhc.wording import listing

COMMON = 0.5  # share of interviewees from which a theme is called major, under which minor


def coreq(
    coded: Interviews,
    groups: pd.Series,
    presence: pd.DataFrame,
    *,
    saturation: str,
    agreement: str,
    quotations: str,
) -> dict[str, str]:
    """Return what the run says to the COREQ items on sample, analysis and findings, by item number.

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees x the codes that were compared.
    saturation, agreement, quotations : str
        The computed sentences of the run.

    Notes
    -----
    Items that the authors have to write (how themes were derived, checking by participants) are left out, and
    so is a sentence that is empty.
    """
    sizes = groups.value_counts(sort=False)
    book = coded.codes["codable"].astype(bool)
    share = presence.mean()
    major, minor = int((share >= COMMON).sum()), int(((share > 0) & (share < COMMON)).sum())
    tree = f"{int(book.sum())} codes in {int((~book).sum())} categories; the figure shows those compared."
    said = {
        "12": f"{len(coded.participants)} interviewees.",
        "16": f"{listing(f'{n} {name}' for name, n in sizes.items())}.",
        "22": saturation,
        "24": _coders(coded),
        "25": tree,
        "27": "The project was read as exported; see the import table.",
        "29": quotations,
        "30": f"Every count is computed from the coded project. {agreement}",
        "31": f"{major} codes are raised by half of the interviewees or more.",
        "32": f"{minor} codes are raised by fewer than half.",
    }
    return {item: text for item, text in said.items() if text}


def _coders(coded: Interviews) -> str:
    coders = coded.codings.merge(coded.segments[["seg", "doc"]], on="seg").groupby("doc")["coder"].nunique()
    n = coded.codings["coder"].nunique()
    twice = int((coders >= 2).sum())
    many = f"{n} coder{'' if n == 1 else 's'}"
    return f"{many}; {twice} of {len(coders)} interviews were coded by two or more of them."


def gramms(found: list[dict], display: pd.DataFrame) -> dict[str, str]:
    """Return what the run says to the GRAMMS items, by item number, as far as findings and display go.

    Why and in what order methods are mixed (items 1 and 2), and how each was carried out (item 3), is for
    the authors.

    Parameters
    ----------
    found : list of dict
        Findings of a run (`findings.read`).
    display : DataFrame
        From `joint_display`; may be empty.
    """
    limits = sum(finding.get("role") == "limit" for finding in found)
    said = {}
    if len(display):
        said["4"] = f"{len(display)} statements stand side by side, their fit by a declared rule."
    if limits:
        said["5"] = f"{limits} computed limits."
    return said | ({"6": joint_sentence(display)} if len(display) else {})

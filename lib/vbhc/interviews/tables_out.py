"""Write tables for other programs: who raised what, and the quotations with everything about them.

A spreadsheet runs a cell that begins like a formula, and these words are other people's: such a cell gets an
apostrophe in front, which `interviews.read` takes off again.
"""

from pathlib import Path

import pandas as pd

from vbhc.interviews.derived import presence, quotations
from vbhc.interviews.tables import Interviews

FORMULA = ("=", "+", "-", "@", "\t", "\r")
QUOTATION_COLUMNS = (
    *("seg", "doc", "participant", "code", "path", "text", "coder", "when", "start", "end", "comment"),
)


def write_presence(interviews: Interviews, path: Path, group: str | None = None) -> Path:
    """Write a CSV with 0/1 per interviewee and code, for other programs; `group` adds that attribute."""
    table = presence(interviews).astype(int)
    if group is not None:
        table.insert(0, group, interviews.participants.set_index("participant")[group])
    neutral(table.reset_index()).to_csv(path, index=False, lineterminator="\n")
    return path


def write_quotations(interviews: Interviews, path: Path) -> Path:
    """Write a CSV with a row per coding: document, interviewee, code, its full path, the words, coder, date,
    position, comment, and every attribute of the interviewee.

    Private: these are people's words. UTF-8 with a mark, so that Excel shows letters right.
    """
    table = quotations(interviews)
    first = [*QUOTATION_COLUMNS, *(["weight"] if "weight" in interviews.codings else [])]
    table = table[[*first, *[c for c in table if c not in {*first, "label", "theme"}]]]
    table = table.assign(when=table["when"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    neutral(table).to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig")
    return path


def neutral(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an apostrophe before text (and headers) that begins like a formula."""

    def safe(value: object) -> object:
        return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value

    text = {c: table[c].map(safe) for c in table if table[c].dtype.kind not in "biufM"}
    return table.assign(**text).rename(columns=safe)

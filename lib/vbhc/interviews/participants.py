"""Join a table of interviewees (role, site, consent) to the interviews."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from vbhc.files import Limits
from vbhc.interviews.tables import REPORT_COLUMNS, Interviews, Report, frame
from vbhc.interviews.workbook import read_book
from vbhc.problems import did_you_mean, fault

SILENT = "interviewees without an interview"
NVIVO_EMPTY = frozenset({"unassigned", "not applicable"})
_CASES = re.compile(r"^(?:cases|nodes|files|internals)\\+(?:.*\\)?", re.IGNORECASE)


def read_participants(path: Path, key: str = "participant", limits: Limits | None = None) -> pd.DataFrame:
    """Read a table of interviewees (`.csv`, `.tsv`, `.xlsx`: the first sheet); the key comes first, as text.

    A classification sheet of NVivo has cases ("Cases\\\\Ann") in a first column without a name of its own:
    that column is then the key, and "Unassigned" is a missing value.

    Raises
    ------
    StudyError
        No file, rows that a stray quotation mark swallowed, no key column ("did you mean"), an empty key, a
        key that stands twice.
    """
    if not path.is_file():
        raise fault(path.name, "no such file", "put it in the study folder")
    if not path.stat().st_size:
        raise fault(path.name, "empty", f"a header and a row per interviewee; key column {key!r}")
    sheet = next(sheet for sheet in read_book(path, limits, rows_only=True).sheets if sheet.rows)
    rows = [row for row in sheet.rows if any(row)]
    header = rows[0]
    if key not in header:
        if not _is_classification(rows):
            raise fault(path.name, f"no column {key!r}", did_you_mean(key, filter(None, header)), row=1)
        header, rows = _classification(rows, key)
    twice = [name for n, name in enumerate(header) if name and name in header[:n]]
    if twice:
        raise fault(path.name, f"header {twice[0]!r} stands twice", "names that differ", row=1)
    named = [n for n, name in enumerate(header) if name]
    table = pd.DataFrame([[row[n] for n in named] for row in rows[1:]], columns=[header[n] for n in named])
    return check_participants(table, key, path.name)


def _is_classification(rows: list[list[str]]) -> bool:
    """NVivo names the classification in the first cell, or leaves it empty."""
    left = {cell.casefold() for row in rows[1:] for cell in row[1:]} & NVIVO_EMPTY
    return not rows[0][0] or bool(left) or any(_CASES.match(row[0]) for row in rows[1:])


def _classification(rows: list[list[str]], key: str) -> tuple[list[str], list[list[str]]]:
    """Return header and rows with plain names of cases, and of attributes without "Person : "."""
    header = [key, *(name.rpartition(" : ")[2] for name in rows[0][1:])]
    body = [
        [_CASES.sub("", row[0]), *("" if c.casefold() in NVIVO_EMPTY else c for c in row[1:])]
        for row in rows[1:]
    ]
    return header, [header, *body]


def check_participants(table: pd.DataFrame, key: str, shown: str = "participants") -> pd.DataFrame:
    """Return the table with the key as column `participant`, unique and first, and numbers as numbers."""
    if key not in table:
        raise fault(shown, f"no column {key!r}", did_you_mean(key, table.columns))
    table = table.rename(columns={key: "participant"})
    table["participant"] = table["participant"].astype("str").str.strip()
    for row, name in enumerate(table["participant"], start=2):
        if not name or name == "nan":
            raise fault(shown, "empty key", "a name for each interviewee", key, row)
    twice = table["participant"].duplicated()
    if twice.any():
        row = int(twice.to_numpy().argmax()) + 2
        raise fault(shown, f"{table['participant'].iloc[row - 2]!r} stands twice", "one row each", key, row)
    return table[["participant", *[c for c in table if c != "participant"]]].apply(typed)


def typed(column: pd.Series) -> pd.Series:
    """Numbers if every filled cell is one, else text; an empty cell is missing."""
    if column.name == "participant" or column.dtype.kind in "biuf":
        return column
    text = column.astype("str").str.strip()
    text = text.mask(text.isin(["", "nan", "None"]))
    numbers = pd.to_numeric(text, errors="coerce")
    filled = text.notna()
    return numbers if filled.any() and numbers[filled].notna().all() else text


def join_participants(interviews: Interviews, table: pd.DataFrame) -> Interviews:
    """Put the table's interviewees and attributes in place of those the project file knows.

    Interviewees are matched by name; failing that, the table's names are looked for among the names of the
    documents, whole or as one word of them ("Interview C01.docx" is C01). Rows of the table come first and in
    its order; nobody is left out. Where both hold an attribute, the table wins and differences are reported.
    """
    report = Report()
    say = report.add
    wanted = list(table["participant"])
    known = list(interviews.participants["participant"])
    names = {name: name for name in known if name in set(wanted)}
    if len(names) < len(known):
        by_document = _by_document(interviews, wanted, set(names.values()))
        names |= {name: match for name, match in by_document.items() if name not in names}
        say("guessed", "interviewees found by their document's name", len(by_document))
    interviews = _rename(interviews, names)
    new = table.set_index("participant")
    merged = _merge(new, interviews.participants.drop_duplicates("participant").set_index("participant"), say)
    spoke = set(interviews.documents["participant"]) | set(interviews.segments["participant"])
    absent = [name for name in new.index if name not in spoke and not interviews.lists_sources]
    extra = [name for name in merged.index if name not in new.index]
    say("read", "rows of the table of interviewees", len(new))
    say("warning", SILENT, len(absent), ", ".join(absent[:5]))
    say("warning", "interviewees that the table does not name", len(extra), ", ".join(extra[:5]))
    table = pd.concat([interviews.report, frame(report.lines, REPORT_COLUMNS)], ignore_index=True)
    return interviews._replace(participants=merged.rename_axis("participant").reset_index(), report=table)


def only_interviewed(interviews: Interviews) -> Interviews:
    """Leave out people without a document or a passage, where the file lists its interviews; say so.

    Elsewhere somebody without a passage may have raised nothing, so that they stay and a check asks.
    """
    people = interviews.participants
    spoke = people["participant"].isin(
        {*interviews.documents["participant"], *interviews.segments["participant"]}
    )
    if spoke.all() or not interviews.lists_sources:
        return interviews
    names = ", ".join(people.loc[~spoke, "participant"].head(5))
    row = {"status": "dropped", "item": SILENT, "n": int((~spoke).sum()), "detail": names}
    report = pd.concat([interviews.report, frame([row], REPORT_COLUMNS)], ignore_index=True)
    kept, left = (people[own].reset_index(drop=True) for own in (spoke, ~spoke))
    return interviews._replace(participants=kept, left_out=left, report=report)


def _merge(new: pd.DataFrame, old: pd.DataFrame, say: Callable) -> pd.DataFrame:
    """Return the table's rows, then those only the project knows; the project fills empty cells."""
    merged = new.reindex([*new.index, *[name for name in old.index if name not in new.index]])
    own = [column for column in old.columns if column not in new]
    say("guessed", "attributes that only the project file holds", len(own), ", ".join(own))
    for column in old.columns:
        there = old[column].reindex(merged.index)
        if column not in merged:
            merged[column] = there
            continue
        both = merged[column].notna() & there.notna()
        kinds = {merged[column].dtype.kind, there.dtype.kind}
        here, other = (c if kinds <= set("iuf") else c.astype(str) for c in (merged[column], there))
        differ = merged.index[both & (here != other)]
        names = ", ".join(differ[:5])
        say("warning", f"{column!r} differs from the project file", len(differ), f"{names}: table wins")
        merged[column] = merged[column].where(merged[column].notna(), there)
    return merged


def _by_document(interviews: Interviews, wanted: list[str], taken: set[str]) -> dict[str, str]:
    found = {}
    for person, docs in interviews.documents.groupby("participant")["doc"]:
        words = {w for doc in docs for w in (doc, *re.split(r"[\s_.,()-]+", doc))}
        match = [name for name in wanted if name in words and name not in taken]
        if person not in taken and len(match) == 1:
            found[person] = match[0]
    return found


def _rename(interviews: Interviews, names: dict[str, str]) -> Interviews:
    def renamed(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(participant=table["participant"].map(lambda p: names.get(p, p)).astype("str"))

    tables = ("participants", "documents", "segments")
    return interviews._replace(**{name: renamed(getattr(interviews, name)) for name in tables})

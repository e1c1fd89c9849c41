"""Who was interviewed: join a table of interviewees (role, site, consent), give each thing one name."""

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from vbhc.files import Limits
from vbhc.interviews.codebook import SEPARATOR
from vbhc.interviews.columns import sheets_of
from vbhc.interviews.tables import Interviews, Report
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
    sheet = next(sheet for sheet in sheets_of(path, limits, rows_only=True) if sheet.rows)
    rows = [row for row in sheet.rows if any(row)]
    header = rows[0]
    if key not in header:
        if not _is_classification(rows):
            raise fault(path.name, f"no column {key!r}", did_you_mean(key, filter(None, header)), row=1)
        header, rows = _classification(rows, key)
    if twice := [name for n, name in enumerate(header) if name and name in header[:n]]:
        raise fault(path.name, f"header {twice[0]!r} stands twice", "names that differ", row=1)
    table = pd.DataFrame(rows[1:], columns=header).drop(columns="", errors="ignore")
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
    wanted = list(table["participant"])
    known = list(interviews.participants["participant"])
    names = {name: name for name in known if name in set(wanted)}
    if len(names) < len(known):
        by_document = _by_document(interviews, wanted, set(names.values()))
        names |= {name: match for name, match in by_document.items() if name not in names}
        report.add("guessed", "interviewees found by their document's name", len(by_document))
    interviews = _rename(interviews, names)
    new = table.set_index("participant")
    old = interviews.participants.drop_duplicates("participant").set_index("participant")
    merged = _merge(new, old, report)
    spoke = set(interviews.documents["participant"]) | set(interviews.segments["participant"])
    absent = [name for name in new.index if name not in spoke and not interviews.lists_sources]
    extra = [name for name in merged.index if name not in new.index]
    report.add("read", "rows of the table of interviewees", len(new))
    report.add("warning", SILENT, len(absent), ", ".join(absent[:5]))
    report.add("warning", "interviewees that the table does not name", len(extra), ", ".join(extra[:5]))
    said = pd.concat([interviews.report, report.frame()], ignore_index=True)
    return interviews._replace(participants=merged.rename_axis("participant").reset_index(), report=said)


def only_interviewed(interviews: Interviews) -> Interviews:
    """Leave out people without a document or a passage, where the file lists its interviews; say so.

    Elsewhere somebody without a passage may have raised nothing, so that they stay and a check asks.
    """
    people = interviews.participants
    heard = {*interviews.documents["participant"], *interviews.segments["participant"]}
    spoke = people["participant"].isin(heard)
    if spoke.all() or not interviews.lists_sources:
        return interviews
    report = Report()
    report.add("dropped", SILENT, int((~spoke).sum()), ", ".join(people.loc[~spoke, "participant"].head(5)))
    said = pd.concat([interviews.report, report.frame()], ignore_index=True)
    kept, left = (people[own].reset_index(drop=True) for own in (spoke, ~spoke))
    return interviews._replace(participants=kept, left_out=left, report=said)


def _merge(new: pd.DataFrame, old: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Return the table's rows, then those only the project knows; the project fills empty cells."""
    own = [column for column in old if column not in new]
    report.add("guessed", "attributes that only the project file holds", len(own), ", ".join(own))
    for column in new.columns.intersection(old.columns):
        both = pd.concat([new[column], old[column]], axis=1, keys=["here", "there"]).dropna()
        numbers = {new[column].dtype.kind, old[column].dtype.kind} <= set("iuf")
        both = both if numbers else both.astype(str)
        differ = both.index[both["here"] != both["there"]]
        detail = f"{', '.join(differ[:5])}: table wins"
        report.add("warning", f"{column!r} differs from the project file", len(differ), detail)
    rows = [*new.index, *old.index.difference(new.index, sort=False)]
    return new.combine_first(old).reindex(index=rows, columns=[*new.columns, *own])


def _by_document(interviews: Interviews, wanted: list[str], taken: set[str]) -> dict[str, str]:
    found = {}
    for person, docs in interviews.documents.groupby("participant")["doc"]:
        words = {w for doc in docs for w in (doc, *re.split(r"[\s_.,()-]+", doc))}
        match = [name for name in wanted if name in words and name not in taken]
        if person not in taken and len(match) == 1:
            found[person] = match[0]
    return found


def _rename(interviews: Interviews, names: Mapping[str, str]) -> Interviews:
    def renamed(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(participant=table["participant"].map(lambda p: names.get(p, p)).astype("str"))

    tables = ("participants", "documents", "segments")
    return interviews._replace(**{name: renamed(getattr(interviews, name)) for name in tables})


def with_one_name(interviews: Interviews, canonical: Mapping[str, str]) -> Interviews:
    """Return the interviews with every name of `canonical` replaced by the one it stands for.

    Parameters
    ----------
    canonical : mapping
        Spelling in the file to the name it stands for: a code (its name, label or path), an interviewee, a
        value of one of their attributes, a coder. What then is the same becomes one: passages with both codes
        have the code once, interviewees are joined.

    Raises
    ------
    StudyError
        For a spelling that stands nowhere.
    """
    people, codes = interviews.participants, interviews.codes
    texts = people.select_dtypes(exclude="number")
    known = {*codes["code"], *codes["label"], *codes["path"], *interviews.codings["coder"]}
    known |= {str(value) for column in texts for value in texts[column].dropna()}
    for name in canonical:
        if name not in known:
            near = did_you_mean(name, sorted(known))
            raise fault("study.yml", f"no name {name!r}", near, "interviews.canonical")
    found = _rename(_codes(interviews, canonical), canonical)
    persons = people.assign(**{column: texts[column].replace(canonical) for column in texts})
    persons = persons.groupby("participant", sort=False, as_index=False).first()
    coders = found.codings.assign(coder=found.codings["coder"].replace(canonical))
    once = coders.drop_duplicates(["seg", "code", "coder"], ignore_index=True)
    return found._replace(participants=persons, codings=once)


def _codes(interviews: Interviews, canonical: Mapping[str, str]) -> Interviews:
    """Join codes: the first that has the wanted name is kept, else the first that is to get it."""
    book, names = interviews.codes.copy(), interviews.codes[["code", "label", "path"]]
    wanted = names["code"].map(canonical)
    for column in ("label", "path"):
        wanted = wanted.fillna(names[column].map(canonical))
    kept: dict[str, int] = {}
    for name in wanted.dropna().unique():
        has, gets = names.index[(names == name).any(axis=1)], names.index[wanted == name]
        kept[name] = first = [*has, *gets][0]
        if has.empty:
            path = SEPARATOR.join([*book.at[first, "path"].split(SEPARATOR)[:-1], name])
            book.loc[first, ["label", "path"]] = [name, path]
    to = wanted.map(kept).dropna()
    joined = {names["code"][row]: names["code"][int(first)] for row, first in to.items() if row != first}
    book = book[~book["code"].isin(joined)].assign(parent=lambda table: table["parent"].replace(joined))
    codings = interviews.codings.assign(code=interviews.codings["code"].replace(joined))
    return interviews._replace(codes=book.reset_index(drop=True), codings=codings)


def groups(interviews: Interviews, column: str) -> pd.Series:
    """Return the group of each interviewee, missing where the table leaves it empty."""
    table = interviews.participants
    if column not in table:
        near = did_you_mean(column, table.columns)
        raise fault("interviews", f"no column {column!r} of interviewees", near)
    return table.set_index("participant")[column]

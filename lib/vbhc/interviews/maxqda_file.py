"""Read MAXQDA's exchange file (.mex) and project files of the same kind: an SQLite database.

Only the tables of codings, texts and code words are known (seen in one public reader). A passage is kept as
its preview, at most 63 characters; the full texts are compressed in a way that is not documented. Export the
coded segments as .xlsx, or the project as .qdpx, to have everything.
"""

from __future__ import annotations

from vbhc.interviews.assemble import EXPORT, Project, assemble
from vbhc.interviews.codebook import code_table
from vbhc.interviews.database import Database, whole, words
from vbhc.interviews.sources import Mark, Place, Source, unique_names
from vbhc.interviews.tables import Interviews, Report

TABLES = frozenset({"Codings", "Texts", "Codewords"})
PREVIEW = 63
PARENT = ("ParentID", "ParentId", "FatherID", "Parent", "SuperID", "ParentWordID")
CODER = ("Creator", "CreatedBy", "Author", "UserName", "User", "CreateUser")
WHEN = ("Created", "CreationDate", "CreateDate", "Date")
DEEPEST = 100


def read(data: Database, report: Report) -> Interviews:
    """Return the five tables, the words of a segment as far as the file shows them."""
    report.add("guessed", "tool", 1, "MAXQDA exchange file")
    codes, code_of = code_table(_code_rows(data, report), report)
    texts = {
        r["ID"]: Source(f"d{r['ID']}", " ".join(words(r["Name"]).split()), EXPORT, None)
        for r in data.rows("Texts", "ID", "Name")
    }
    unique_names(list(texts.values()), report)
    report.add("read", "documents of which only marked passages are known", len(texts))
    columns = ("ID", "TextID", "WordID", "Preview", "SegPos1X", "SegPos2X", "Comment", *CODER, *WHEN)
    lost = cut = 0
    for row in data.rows("Codings", *columns):
        source = texts.get(row["TextID"])
        lost += source is None
        if source is not None:
            preview = words(row["Preview"])
            cut += len(preview) >= PREVIEW
            start, end = whole(row["SegPos1X"]), whole(row["SegPos2X"])
            place = Place(f"c{row['ID']}", start if end is not None else None, end, preview)
            place.comment = words(row["Comment"])
            coder = next((words(row[c]) for c in CODER if words(row[c])), "")
            when = next((words(row[c]) for c in WHEN if words(row[c])), "")
            place.codings = [Mark(str(row["WordID"]), coder, when)]
            source.places.append(place)
    report.add("dropped", "codings of a text that is not there", lost)
    report.add("warning", "passages of which only the first 63 characters are in the file", cut)
    empty = [key for key, source in texts.items() if not source.doc and not source.places]
    for key in empty:
        del texts[key]
    project = Project(list(texts.values()), [], {}, codes.assign(guid=""), code_of, {})
    found = assemble(project, report)
    return found._replace(segments=found.segments.assign(guid=""))


def _code_rows(data: Database, report: Report) -> list[dict]:
    found = {r["ID"]: r for r in data.rows("Codewords", "ID", "Name", "Memo", *PARENT)}
    above = next((c for c in PARENT if any(r[c] in found for r in found.values())), None)
    report.add("guessed", "column of the parent of a code", above is not None, above or "")
    if above is None and found:
        report.add("warning", "codes without their tree", len(found), "no column names the parent")
    rows = []
    for key, row in found.items():
        names, at = [], key
        while at in found and len(names) < DEEPEST:
            names.append(" ".join(words(found[at]["Name"]).split()) or "(no name)")
            at = found[at][above] if above and found[at][above] != at else None
        rows.append(
            {"names": tuple(reversed(names)), "definition": words(row["Memo"]).strip(), "codable": True}
            | {"colour": "", "sets": "", "guid": str(key)}
        )
    return sorted(rows, key=lambda r: r["names"])

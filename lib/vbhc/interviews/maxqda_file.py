"""Read MAXQDA's exchange file (.mex) and project files of the same kind: an SQLite database.

Only the tables of codings, texts and code words are known (seen in one public reader). A passage is kept as
its preview, at most 63 characters; the full texts are compressed in a way that is not documented. Export the
coded segments as .xlsx, or the project as .qdpx, to have everything.
"""

from vbhc.interviews.assemble import assemble_own
from vbhc.interviews.codebook import code_row, code_table
from vbhc.interviews.database import Database, whole, words
from vbhc.interviews.sources import Mark, Place, Source, unique_names
from vbhc.interviews.stored import line_up, put
from vbhc.interviews.tables import EXPORT, Interviews, Report

TABLES = frozenset({"Codings", "Texts", "Codewords"})
PREVIEW = 63
PARENT = ("ParentID", "ParentId", "FatherID", "Parent", "SuperID", "ParentWordID")
CODER = ("Creator", "CreatedBy", "Author", "UserName", "User", "CreateUser")
WHEN = ("Created", "CreationDate", "CreateDate", "Date")


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
    places = [(texts.get(row["TextID"]), _place(row)) for row in data.rows("Codings", *columns)]
    cut = sum(source is not None and len(place.text) >= PREVIEW for source, place in places)
    report.add("dropped", "codings of a text that is not there", put(places))
    report.add("warning", "passages of which only the first 63 characters are in the file", cut)
    texts = {key: source for key, source in texts.items() if source.doc or source.places}
    return assemble_own(texts.values(), [], codes, code_of, report)


def _place(row: dict) -> Place:
    start, end = whole(row["SegPos1X"]), whole(row["SegPos2X"])
    place = Place(f"c{row['ID']}", start, end, words(row["Preview"]), words(row["Comment"]))
    coder, when = (next(filter(None, (words(row[c]) for c in names)), "") for names in (CODER, WHEN))
    place.codings = [Mark(str(row["WordID"]), coder, when)]
    return place


def _code_rows(data: Database, report: Report) -> list[dict]:
    found = {r["ID"]: r for r in data.rows("Codewords", "ID", "Name", "Memo", *PARENT)}
    above = next((c for c in PARENT if any(r[c] in found for r in found.values())), None)
    report.add("guessed", "column of the parent of a code", above is not None, above or "")
    if above is None and found:
        report.add("warning", "codes without their tree", len(found), "no column names the parent")
    parents = {key: row[above] if above and row[above] != key else None for key, row in found.items()}
    names = {key: " ".join(words(row["Name"]).split()) or "(no name)" for key, row in found.items()}
    rows = [
        code_row((names[at] for at in line_up(key, parents)), str(key), words(row["Memo"]).strip())
        for key, row in found.items()
    ]
    return sorted(rows, key=lambda r: r["names"])

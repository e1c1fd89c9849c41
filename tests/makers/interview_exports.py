"""One small coded study, written as the exports of every tool: what their files look like, rebuilt by hand.

The layouts follow public readers and writers of these files; where none was seen, the docs of the tool.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import openpyxl
import pandas as pd
from xls_writer import xls


class Coded(NamedTuple):
    """One passage: who says it, the words, `(code, coder)` pairs, an id."""

    number: int
    person: str
    words: str
    codings: tuple[tuple[str, str], ...]


GROUPS = {"Ann": "nurse", "Ben": "manager", "Cleo": "nurse", "Dov": "manager"}
TEXTS = {
    "Ann": "What is value?\nBetter lives 🙂 för alla.\nAnd fewer stays, less cost.\n",
    "Ben": "What is value?\nTwo things; less cost & better lives.\n=SUM(A1) is what they say.\n",
    "Cleo": "What is value?\nI would not know.\nWho decides, I ask.\n",
    "Dov": "What is value?\nNothing to say.\n",
}
PATHS = {
    "health gain": ("Value", "health gain"),
    "less cost": ("Value", "less cost"),
    "who decides": ("who decides",),
}
PASSAGES = [
    Coded(1, "Ann", "Better lives 🙂 för alla.", (("health gain", "Kim"), ("health gain", "Lou"))),
    Coded(2, "Ann", "fewer stays, less cost", (("less cost", "Kim"), ("health gain", "Kim"))),
    Coded(3, "Ben", "less cost & better lives", (("less cost", "Kim"),)),
    Coded(4, "Ben", "=SUM(A1) is what they say", (("who decides", "Kim"),)),
    Coded(5, "Cleo", "Who decides, I ask.", (("who decides", "Lou"),)),
    Coded(6, "Cleo", "I would not know.", ()),
]
SPOKE = ["Ann", "Ben", "Cleo"]  # Dov has no passage: most exports do not know him
DATE = "2024-05-01 10:00:00"


def presence() -> pd.DataFrame:
    """Who raised what, by hand."""
    table = {
        "health gain": [True, False, False],
        "less cost": [True, True, False],
        "who decides": [False, True, True],
    }
    return pd.DataFrame(table, index=SPOKE)


def codes_of(passage: Coded) -> list[str]:
    return list(dict.fromkeys(code for code, _ in passage.codings))


def workbook(path: Path, **sheets: list[list]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                cell = sheet.cell(r, c, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # words that begin with = stay words
    book.save(path)
    return path


def text_table(path: Path, rows: list[list], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle, delimiter=delimiter).writerows(rows)
    return path


# --- ATLAS.ti ----------------------------------------------------------------------------------------------

ATLASTI = ["ID", "Quotation Name", "Document", "Document Groups", "Quotation Content", "Comment", "Codes"]
ATLASTI += ["Reference", "Density", "Created by", "Modified by", "Created", "Modified"]


def atlasti_quotations(path: Path, between: str = "\n", bullet: str = "") -> Path:
    rows = [ATLASTI]
    for p in PASSAGES:
        codes = between.join(bullet + code for code in codes_of(p))
        doc = SPOKE.index(p.person) + 1
        row = [f"{doc}:{p.number}", p.words[:10], p.person, f"{GROUPS[p.person]}s", p.words, "", codes]
        rows.append([*row, "2 - 2", len(codes_of(p)), "Kim", "Kim", DATE, DATE])
    return workbook(path, **{"Quotation Manager": rows})


def atlasti_rows() -> list[list]:
    found = []
    for p in PASSAGES:
        doc = SPOKE.index(p.person) + 1
        row = [f"{doc}:{p.number}", p.words[:10], p.person, f"{GROUPS[p.person]}s", p.words, ""]
        found.append([*row, "\n".join(codes_of(p)), "2 - 2", len(codes_of(p)), "Kim", "Kim", DATE, DATE])
    return found


# headers of a program in a language of which no export was seen
FINNISH = ["Tunnus", "Lainauksen nimi", "Asiakirja", "Asiakirjaryhmät", "Lainauksen sisältö", "Kommentti"]
FINNISH += ["Koodit", "Viite", "Tiheys", "Tekijä", "Muokkaaja", "Luotu", "Muokattu"]


def atlasti_sheets(path: Path) -> Path:
    sheets = {}
    for code in PATHS:
        found = [p for p in PASSAGES if code in codes_of(p)]
        rows = [[f"{SPOKE.index(p.person) + 1}:{p.number}", p.words] for p in found]
        sheets[code] = [["ID", "Quotation Content"], *rows]
    return workbook(path, **sheets)


def counts() -> dict[tuple[str, str], int]:
    return Counter((p.person, code) for p in PASSAGES for code in codes_of(p))


def atlasti_table(path: Path) -> Path:
    n = counts()
    rows = [["", *(f"{p}\nGr=2" for p in SPOKE), "Totals"]]
    for code in PATHS:
        own = [n[p, code] for p in SPOKE]
        rows.append([f"○ {code}\nGr={sum(own)}", *own, sum(own)])
    rows.append(["Totals", *(sum(n[p, c] for c in PATHS) for p in SPOKE), sum(n.values())])
    return workbook(path, CodeDocumentTable=rows)


# --- MAXQDA ------------------------------------------------------------------------------------------------

MAXQDA = {
    "en": "Color|Comment|Document group|Document name|Code|Beginning|End|Weight score|Segment|Area"
    "|Coverage %|Author|Creation date",
    "pl": "Color|Komentarz|Grupa dokumentów|Nazwa dokumentu|Kod|Początek|Koniec|Waga|Fragment|Objętość"
    "|Obszar %|Autor|Data utworzenia",
    "de": "Farbe|Kommentar|Dokumentgruppe|Dokumentname|Code|Anfang|Ende|Gewicht|Segment|Fläche"
    "|Abdeckungsgrad %|Erstellt von|Erstellt am",
    "nl": "Kleur|Opmerking|Documentgroep|Documentnaam|Code|Begin|Einde|Gewicht|Segment|Oppervlakte"
    "|Dekking %|Auteur|Gemaakt op",
    "fr": "Couleur|Commentaire|Groupe de documents|Nom du document|Code|Début|Fin|Poids|Segment|Surface"
    "|Couverture %|Auteur|Créé le",
    "es": "Color|Comentario|Grupo de documentos|Nombre del documento|Código|Inicio|Fin|Peso|Segmento|Área"
    "|Cobertura %|Autor|Creado",
    "sv": "Färg|Kommentar|Dokumentgrupp|Dokumentnamn|Kod|Början|Slut|Vikt|Segment|Yta|Täckning %"
    "|Författare|Skapad",
}


def maxqda_rows(language: str = "en", level: str = " > ", weight: int = 0) -> list[list]:
    rows = [MAXQDA[language].split("|")]
    for p in PASSAGES:
        for code, coder in p.codings:
            path = level.join(PATHS[code])
            row = ["●", "", GROUPS[p.person] + "s", p.person, path, 2, 2, weight, p.words, len(p.words), 12.5]
            rows.append([*row, coder, DATE])
    return rows


def maxqda_24() -> list[list]:
    """As MAXQDA 24 writes it: no colour, document variables, counts of codes, the segment's other codes."""
    head = [
        "",
        "Comment",
        "Document group",
        "Document name",
        "Code",
        "Beginning",
        "End",
        "Weight score",
        "Segment",
    ]
    head += ["Other codes assigned to segment", "Modified by", "Modified", "Created by", "Created", "Area"]
    head += ["Coverage %", "Age", "Code: Value > health gain", "Code: who decides"]
    n = counts()
    rows = [head]
    for p in PASSAGES:
        for code, coder in p.codings:
            other = "\n".join(" > ".join(PATHS[c]) for c in codes_of(p) if c != code)
            row = ["", "", GROUPS[p.person] + "s", p.person, " > ".join(PATHS[code]), 2, 2, 0, p.words, other]
            row += [coder, DATE, coder, DATE, len(p.words), 12.5, 30 + len(p.person)]
            rows.append([*row, n[p.person, "health gain"], n[p.person, "who decides"]])
    return rows


def maxqda(path: Path, language: str = "en", **options) -> Path:
    rows = maxqda_rows(language, **options)
    if path.suffix == ".csv":
        return text_table(path, rows, delimiter=";", encoding="utf-8-sig")
    return workbook(path, **{"Coded Segments": rows})


def maxqda_mex(path: Path) -> Path:
    with sqlite3.connect(path) as data:
        data.execute("CREATE TABLE Texts (ID INTEGER PRIMARY KEY, Name TEXT)")
        data.execute("CREATE TABLE Codewords (ID INTEGER PRIMARY KEY, Name TEXT)")
        data.execute(
            "CREATE TABLE Codings (ID INTEGER PRIMARY KEY, TextID INTEGER, WordID INTEGER, Preview TEXT,"
            " SegPos1X INTEGER, SegPos2X INTEGER)"
        )
        data.executemany("INSERT INTO Texts VALUES (?, ?)", [(n, p) for n, p in enumerate(SPOKE)])
        data.executemany("INSERT INTO Codewords VALUES (?, ?)", list(enumerate(PATHS)))
        codes = list(PATHS)
        for p in PASSAGES:
            for code in codes_of(p):
                start = TEXTS[p.person].index(p.words)
                row = (SPOKE.index(p.person), codes.index(code), p.words[:63], start, start + len(p.words))
                data.execute(
                    "INSERT INTO Codings (TextID, WordID, Preview, SegPos1X, SegPos2X) VALUES (?,?,?,?,?)",
                    row,
                )
    data.close()
    return path


# --- NVivo -------------------------------------------------------------------------------------------------


def nvivo_matrix(path: Path, turned: bool = False, folders: bool = False) -> Path:
    n = counts()
    people = [("Cases\\\\" if folders else "") + p for p in SPOKE]
    codes = [("Codes\\\\" if folders else "") + "\\".join(PATHS[c]) for c in PATHS]
    table = [[n[p, c] for c in PATHS] for p in SPOKE]
    rows, columns = (codes, people) if turned else (people, codes)
    table = [list(t) for t in zip(*table, strict=True)] if turned else table
    head = ["", *(f"{chr(65 + k)} : {name}" for k, name in enumerate(columns))]
    body = [[f"{k} : {name}", *own] for k, (name, own) in enumerate(zip(rows, table, strict=True), 1)]
    return workbook(path, Sheet1=[head, *body])


def nvivo_classification(path: Path) -> Path:
    rows = [["", "Person : role", "Person : years"]]
    rows += [
        [f"Cases\\\\Interviewees\\\\{p}", g, "Unassigned" if p == "Ben" else 4] for p, g in GROUPS.items()
    ]
    return workbook(path, Person=rows)


def nvivo_framework(path: Path) -> Path:
    words = {(p.person, c): p.words for p in PASSAGES for c in codes_of(p)}
    rows = [["", *(f"{chr(65 + k)} : {code}" for k, code in enumerate(PATHS))]]
    rows += [[f"{k} : {p}", *(words.get((p, c), "") for c in PATHS)] for k, p in enumerate(SPOKE, 1)]
    return workbook(path, Sheet1=rows)


def nvivo_reports(folder: Path, kind: str = ".txt", word: str = "references coded") -> Path:
    """One document per code; categories are folders. NVivo 12 writes no angle brackets, 11 does."""
    for code, path in PATHS.items():
        file = folder.joinpath(*path[:-1], path[-1] + kind)
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [] if kind == ".txt" else [f"Name: {code}", ""]
        for person in SPOKE:
            own = [p for p in PASSAGES if p.person == person and code in codes_of(p)]
            if own:
                head = f"Files\\\\Interviews\\\\{person} - § {len(own)} {word}  [3.25% Coverage]"
                lines += [head if kind == ".txt" else f"<{head.replace(' - §', '> - §')}", ""]
            for k, p in enumerate(own, 1):
                lines += [f"Reference {k} - 1.10% Coverage", "", p.words, "", ""]
        if kind == ".txt":
            file.write_text("\r\n".join(lines), encoding="utf-8-sig", newline="")
        else:
            docx(file, lines)
    return folder


def docx(path: Path, paragraphs: list[str], comments: str = "", body: str = "") -> Path:
    """A Word document of plain paragraphs (or with a body of its own)."""
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    inside = body or "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>' for text in paragraphs
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {names}><w:body>{inside}</w:body></w:document>")
        if comments:
            archive.writestr("word/comments.xml", f"<w:comments {names}>{comments}</w:comments>")
    return path


# --- Dedoose -----------------------------------------------------------------------------------------------

DEDOOSE = ["Excerpt Copy", "Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Date"]
DEDOOSE += ["Resource Creator", "Resource Date", "Codes Applied Combined"]


def dedoose_rows(truth: tuple = (True, False)) -> list[list]:
    names = ["\\".join(path) for path in PATHS.values()]
    head = [*DEDOOSE, "role"]
    for name in names:
        head += [f"Code: {name} Applied", f"Code: {name} Range", f"Code: {name} Weight"]
    rows = [head]
    for p in PASSAGES:
        for coder in list(dict.fromkeys(who for _, who in p.codings)) or ["Kim"]:
            own = [code for code, who in p.codings if who == coder]
            start = TEXTS[p.person].index(p.words)
            row = [
                p.words,
                p.person,
                f"{start}-{start + len(p.words)}",
                coder,
                "5/21/2024",
                "Kim",
                "5/21/2024",
            ]
            row += [", ".join(own), GROUPS[p.person]]
            for code in PATHS:
                there = code in own
                row += [truth[0] if there else truth[1], "0-10" if there else None, 7 if there else None]
            rows.append(row)
    return rows


def dedoose(path: Path, **options) -> Path:
    return workbook(path, Sheet1=dedoose_rows(**options))


def dedoose_docx(path: Path, person: str = "Ann") -> Path:
    """A document with its codes as comments: a line with the range, then a line per code."""
    comments, body, text = "", "", TEXTS[person]
    done = 0
    for n, p in enumerate([p for p in PASSAGES if p.person == person and p.codings]):
        start = text.index(p.words)
        lines = [f"Codes ({start}-{start + len(p.words)})", *codes_of(p)]
        inside = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
        comments += f'<w:comment w:id="{n}" w:author="Kim" w:date="2024-05-01T10:00:00Z">{inside}</w:comment>'
        body += _run(text[done:start]) + f'<w:commentRangeStart w:id="{n}"/>{_run(p.words)}'
        body += f'<w:commentRangeEnd w:id="{n}"/><w:r><w:commentReference w:id="{n}"/></w:r>'
        done = start + len(p.words)
    comments += '<w:comment w:id="99"><w:p><w:r><w:t>to discuss</w:t></w:r></w:p></w:comment>'
    return docx(path, [], comments, f"<w:p>{body}{_run(text[done:])}</w:p>")


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


# --- Taguette ----------------------------------------------------------------------------------------------


def taguette_rows() -> list[list]:
    rows = [["id", "document", "tag", "content"]]
    for p in PASSAGES:
        rows += [[str(p.number), p.person, code, p.words] for code in codes_of(p) or [""]]
    return rows


def taguette_file(path: Path, second_project: bool = False) -> Path:
    def html(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;")

    with sqlite3.connect(path) as data:
        data.executescript(
            """CREATE TABLE projects (id INTEGER PRIMARY KEY, name VARCHAR, description TEXT,
              created DATETIME);
            CREATE TABLE documents (id INTEGER PRIMARY KEY, name VARCHAR, description TEXT, filename VARCHAR,
              created DATETIME, project_id INTEGER, text_direction VARCHAR, contents TEXT);
            CREATE TABLE commands (id INTEGER PRIMARY KEY, date DATETIME, user_login VARCHAR,
              project_id INTEGER,
              document_id INTEGER, payload TEXT);
            CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER, start_offset INTEGER,
              end_offset INTEGER, snippet TEXT);
            CREATE TABLE tags (id INTEGER PRIMARY KEY, project_id INTEGER, path VARCHAR, description TEXT);
            CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);"""
        )
        data.execute("INSERT INTO projects VALUES (1, 'Value', '', ?)", (DATE,))
        if second_project:
            data.execute("INSERT INTO projects VALUES (2, 'Other', '', ?)", (DATE,))
            data.execute("INSERT INTO documents VALUES (99, 'x', '', 'x', ?, 2, 'L', '<p>x</p>')", (DATE,))
        for n, person in enumerate(SPOKE, 1):
            lines = TEXTS[person].splitlines()
            contents = "".join(f"<p><b>{html(line[:3])}</b>{html(line[3:])}</p>" for line in lines)
            row = (n, person, "", f"{person}.docx", DATE, 1, "LEFT_TO_RIGHT", contents)
            data.execute("INSERT INTO documents VALUES (?,?,?,?,?,?,?,?)", row)
        for n, code in enumerate(PATHS, 1):
            data.execute("INSERT INTO tags VALUES (?, 1, ?, ?)", (n, code, f"about {code}"))
        for p in PASSAGES:
            body = TEXTS[p.person].replace("\n", "").encode()
            start = body.index(p.words.encode())
            end = start + len(p.words.encode())
            row = (p.number, SPOKE.index(p.person) + 1, start, end, f"<p>{html(p.words)}</p>")
            data.execute("INSERT INTO highlights VALUES (?,?,?,?,?)", row)
            for code in codes_of(p):
                tag = list(PATHS).index(code) + 1
                data.execute("INSERT INTO highlight_tags VALUES (?, ?)", (p.number, tag))
            payload = json.dumps({"type": "highlight_add", "highlight_id": p.number, "tags": []})
            data.execute(
                "INSERT INTO commands (date, user_login, project_id, document_id, payload)"
                " VALUES (?,'Kim',1,1,?)",
                (DATE, payload),
            )
    data.close()
    return path


# --- QualCoder ---------------------------------------------------------------------------------------------


def qualcoder(folder: Path, utf16: bool = False) -> Path:
    """A project folder; with `utf16` positions count as the older text widget did."""
    folder.mkdir()
    with sqlite3.connect(folder / "data.qda") as data:
        data.executescript(
            """CREATE TABLE project (databaseversion text, date text, memo text, about text, codername text);
            CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text,
              owner text, date text, av_text_id integer, risid integer, unique(name));
            CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text,
              supercatid integer, unique(name));
            CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text,
              date text, color text, supercid integer, unique(name));
            CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer,
              seltext text, pos0 integer,
              pos1 integer, owner text, date text, memo text, avid integer, important integer);
            CREATE TABLE code_image (imid integer primary key, id integer, x1 integer,
              y1 integer, width integer,
              height integer, cid integer, memo text, date text, owner text, important integer);
            CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer,
              pos1 integer, memo text,
              owner text, date text);
            CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text);
            CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text);
            CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer,
              pos1 integer, owner text, date text, memo text);
            CREATE TABLE attribute_type (name text primary key, date text, owner text,
              memo text, caseOrFile text,
              valuetype text);
            CREATE TABLE attribute (attrid integer primary key, name text, attr_type text,
              value text, id integer,
              date text, owner text);"""
        )
        data.execute("INSERT INTO code_cat VALUES (1, 'Value', 'Kim', ?, 'what care is for', NULL)", (DATE,))
        for n, code in enumerate(PATHS, 1):
            above = 1 if len(PATHS[code]) > 1 else None
            data.execute(
                "INSERT INTO code_name VALUES (?,?,?,?,'Kim',?,'#FF0000',NULL)",
                (n, code, f"about {code}", above, DATE),
            )
        for n, person in enumerate(GROUPS, 1):
            text = TEXTS[person]
            data.execute("INSERT INTO source (id, name, fulltext) VALUES (?,?,?)", (n, f"{person}.txt", text))
            data.execute("INSERT INTO cases VALUES (?,?,'','Kim',?)", (n, person, DATE))
            length = len(text.encode("utf-16-le")) // 2 if utf16 else len(text)
            data.execute("INSERT INTO case_text VALUES (?,?,?,0,?,'Kim',?,'')", (n, n, n, length, DATE))
            data.execute(
                "INSERT INTO attribute VALUES (?,'role','case',?,?,?,'')", (n, GROUPS[person], n, DATE)
            )
            data.execute(
                "INSERT INTO attribute VALUES (?,'minutes','file',?,?,?,'')", (n + 9, n * 10, n, DATE)
            )
        for p in PASSAGES:
            text = TEXTS[p.person]
            start = text.index(p.words)
            end = start + len(p.words)
            if utf16:
                start, end = (len(text[:k].encode("utf-16-le")) // 2 for k in (start, end))
            source = list(GROUPS).index(p.person) + 1
            for code, coder in p.codings:
                row = (list(PATHS).index(code) + 1, source, p.words, start, end, coder, DATE)
                data.execute(
                    "INSERT INTO code_text (cid, fid, seltext, pos0, pos1, owner, date)"
                    " VALUES (?,?,?,?,?,?,?)",
                    row,
                )
            if not p.codings:
                data.execute(
                    "INSERT INTO annotation VALUES (1,?,?,?,'odd','Kim',?)", (source, start, end, DATE)
                )
        data.execute("INSERT INTO journal VALUES (1,'day 1','…',?,'Kim')", (DATE,))
        data.execute("INSERT INTO code_image VALUES (1,99,0,0,9,9,1,'',?,'Kim',0)", (DATE,))
    data.close()
    return folder


# --- RQDA ---


def rqda(path: Path) -> Path:
    """Tables as RQDA creates them; status 1 is kept, 0 is deleted."""
    when = "Wed May  1 10:00:00 2024"
    with sqlite3.connect(path) as data:
        data.executescript(
            """CREATE TABLE source (name text, id integer, file text, memo text, owner text, date text,
              dateM text, status integer);
            CREATE TABLE freecode (name text, memo text, owner text, date text, dateM text, id integer,
              status integer, color text);
            CREATE TABLE treecode (cid integer, catid integer, date text, dateM text, memo text,
              status integer, owner text);
            CREATE TABLE codecat (name text, cid integer, catid integer, owner text, date text, dateM text,
              memo text, status integer);
            CREATE TABLE coding (cid integer, fid integer, seltext text, selfirst real, selend real,
              status integer, owner text, date text, memo text);
            CREATE TABLE cases (name text, memo text, owner text, date text, dateM text, id integer,
              status integer);
            CREATE TABLE caselinkage (caseid integer, fid integer, selfirst real, selend real, status integer,
              owner text, date text, memo text);
            CREATE TABLE caseAttr (variable text, value text, caseID integer, date text, dateM text,
              owner text, status integer);
            CREATE TABLE fileAttr (variable text, value text, fileID integer, date text, dateM text,
              owner text, status integer);
            CREATE TABLE journal (name text, journal text, date text, dateM text, owner text,
              status integer);"""
        )
        data.execute(
            "INSERT INTO codecat VALUES ('Value', 0, 1, 'Kim', ?, ?, 'what care is for', 1)", (when, when)
        )
        for n, (code, path_of) in enumerate(PATHS.items(), 1):
            row = (code, f"about {code}", "Kim", when, when, n, 1, None)
            data.execute("INSERT INTO freecode VALUES (?,?,?,?,?,?,?,?)", row)
            if len(path_of) > 1:
                data.execute("INSERT INTO treecode VALUES (?,1,?,?,'',1,'Kim')", (n, when, when))
        data.execute("INSERT INTO freecode VALUES ('gone', '', 'Kim', '', '', 9, 0, NULL)")
        for n, person in enumerate(GROUPS, 1):
            data.execute("INSERT INTO source VALUES (?,?,?,'','Kim','','',1)", (person, n, TEXTS[person]))
            data.execute("INSERT INTO cases VALUES (?,'','Kim','','',?,1)", (person, n))
            length = len(TEXTS[person])
            data.execute("INSERT INTO caselinkage VALUES (?,?,0,?,1,'Kim','','')", (n, n, length))
            data.execute("INSERT INTO caseAttr VALUES ('role',?,?,'','','Kim',1)", (GROUPS[person], n))
        for p in PASSAGES:
            start, fid = TEXTS[p.person].index(p.words), list(GROUPS).index(p.person) + 1
            for code, coder in p.codings:
                row = (list(PATHS).index(code) + 1, fid, p.words, start, start + len(p.words), 1, coder, when)
                data.execute("INSERT INTO coding VALUES (?,?,?,?,?,?,?,?,'')", row)
        data.execute("INSERT INTO coding VALUES (1, 2, 'gone', 0, 4, 0, 'Kim', '', '')")
        data.execute("INSERT INTO journal VALUES ('day 1', '…', '', '', 'Kim', 1)")
    data.close()
    return path


# --- plain -------------------------------------------------------------------------------------------------


def plain_rows(header: tuple[str, ...] = ("document", "code", "text", "coder", "start", "end")) -> list[list]:
    rows: list[list] = [list(header)]
    for p in PASSAGES:
        start = TEXTS[p.person].index(p.words)
        for code, coder in p.codings or (("", ""),):
            path = " > ".join(PATHS[code]) if code else ""
            rows.append([p.person, path, p.words, coder, start, start + len(p.words)][: len(header)])
    return rows


Writer = Callable[[Path], Path]
EXPORTS: dict[str, Writer] = {
    "ATLAS.ti quotations": lambda f: atlasti_quotations(f / "a.xlsx"),
    "ATLAS.ti, semicolons and bullets": lambda f: atlasti_quotations(f / "a.xlsx", "; ", "● "),
    "ATLAS.ti quotations, UTF-16": lambda f: text_table(
        f / "a.csv", [ATLASTI, *atlasti_rows()], ";", "utf-16"
    ),
    "ATLAS.ti code-document table": lambda f: atlasti_table(f / "a.xlsx"),
    **{
        f"MAXQDA coded segments ({language})": lambda f, language=language: maxqda(f / "m.xlsx", language)
        for language in MAXQDA
    },
    "MAXQDA coded segments (csv)": lambda f: maxqda(f / "m.csv", "de"),
    "MAXQDA, backslash": lambda f: maxqda(f / "m.xlsx", "de", level="\\"),
    "MAXQDA 24": lambda f: workbook(f / "m.xlsx", **{"Coded Segments": maxqda_24()}),
    "MAXQDA 24, with other sheets": lambda f: workbook(
        f / "m.xlsx", **{"Code System": [["Code", "Memo"], ["Value", ""]], "Coded Segments": maxqda_24()}
    ),
    "MAXQDA, binary workbook": lambda f: xls(f / "m.xls", Segmente=maxqda_rows("pl", level="\\")),
    "MAXQDA exchange file": lambda f: maxqda_mex(f / "m.mex"),
    "NVivo matrix": lambda f: nvivo_matrix(f / "n.xlsx"),
    "NVivo matrix, codes in the rows": lambda f: nvivo_matrix(f / "n.xlsx", turned=True, folders=True),
    "NVivo matrix with folders": lambda f: nvivo_matrix(f / "n.xlsx", folders=True),
    "NVivo matrix, binary workbook": lambda f: xls(
        f / "n.xls",
        Sheet1=[["", *(f"{chr(65 + k)} : {c}" for k, c in enumerate(PATHS))]]
        + [[f"{k} : {p}", *(counts()[p, c] for c in PATHS)] for k, p in enumerate(SPOKE, 1)],
    ),
    "NVivo framework matrix": lambda f: nvivo_framework(f / "n.xlsx"),
    "NVivo reports": lambda f: nvivo_reports(f / "codes"),
    "NVivo reports in Word": lambda f: nvivo_reports(f / "codes", ".docx"),
    "NVivo reports in German": lambda f: nvivo_reports(f / "codes", word="Referenzen codiert"),
    "Dedoose": lambda f: dedoose(f / "d.xlsx"),
    "Dedoose, words for truth": lambda f: dedoose(f / "d.xlsx", truth=("True", "False")),
    "Dedoose (csv)": lambda f: text_table(f / "d.csv", dedoose_rows((1, 0))),
    "plain table of Taguette": lambda f: text_table(f / "t.csv", taguette_rows()),
    "plain workbook of Taguette": lambda f: workbook(f / "t.xlsx", highlights=taguette_rows()),
    "Taguette database": lambda f: taguette_file(f / "t.sqlite3"),
    "QualCoder": lambda f: qualcoder(f / "q.qda"),
    "QualCoder, UTF-16 units": lambda f: qualcoder(f / "q.qda", utf16=True),
    "QualCoder, the file alone": lambda f: qualcoder(f / "q.qda") / "data.qda",
    "RQDA": lambda f: rqda(f / "r.rqda"),
    "plain csv": lambda f: text_table(f / "p.csv", plain_rows()),
    "plain csv, semicolons": lambda f: text_table(f / "p.csv", plain_rows(), ";", "utf-8-sig"),
    "plain tsv, three columns": lambda f: text_table(
        f / "p.tsv", plain_rows(("Participant", "Code", "Quote")), "\t"
    ),
}

"""Coded interviews read the same from every dialect; nothing is lost in silence, nothing dangerous opened."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from dialects import Dialect, write_in
from hypothesis import given, settings
from hypothesis import strategies as st
from refi_schema import schema_faults

from vbhc import interviews
from vbhc.cleaning import coded_interviews
from vbhc.files import Limits
from vbhc.interviews.offsets import CONVENTIONS, Convention, Marked, detect, plain_text, ruler, score
from vbhc.interviews.tables import COLUMNS, Interviews
from vbhc.interviews.writer import guid
from vbhc.problems import StudyError
from vbhc.study import load_study

# line ends, an emoji (two UTF-16 units, four bytes), letters of two bytes: everything that shifts positions
TEXTS = {
    "Ann": "Interviewer: What is value?\nAnn: Better lives 🙂 för alla.\nAnn: And fewer stays in hospital.\n",
    "Ben": "Interviewer: What is value?\nBen: Two things at once, I suppose.\n",
}
MARKED = [
    ("Ann", "Better lives 🙂 för alla.", [("A1", "Kim"), ("A1", "Lou"), ("B1", "Kim")]),
    ("Ann", "fewer stays", [("B1", "Kim")]),
    ("Ben", "Two things at once", [("A1", "Kim")]),
]
DIALECTS = {
    "standard": Dialect(),
    "MAXQDA, nameless cases": Dialect(named_cases=False),
    "NVivo, folder Sources": Dialect(folder="Sources", braces=True),
    "ATLAS.ti, own project name": Dialect(project_file="My study.qde"),
    "ATLAS.ti, line ends count one": Dialect(line_end="\r\n", counting=Convention(newline="one")),
    "line ends as written": Dialect(line_end="\r\n"),
    "byte-order mark": Dialect(bom=True),
    "byte-order mark counted": Dialect(bom=True, line_end="\r\n", counting=Convention(bom=True)),
    "UTF-16 units": Dialect(counting=Convention(unit="UTF-16 units")),
    "bytes": Dialect(line_end="\r\n", bom=True, counting=Convention("UTF-8 bytes", bom=True)),
    "text in the project": Dialect(inline_text=True),
    "cases among codes": Dialect(cases_among_codes=True),
}


def small_study() -> Interviews:
    """Two interviewees, three codes in a tree, three marked places, two coders."""
    people = pd.DataFrame(
        {
            "participant": ["Ann", "Ben"],
            "role": ["nurse", "manager"],
            "years": [3, 12],
            "leads": [False, True],
        }
    )
    documents = pd.DataFrame(
        [{"doc": n, "participant": n, "kind": "text", "n_chars": len(t), "text": t} for n, t in TEXTS.items()]
    )
    empty = {"definition": "", "sets": "", "colour": ""}
    codes = pd.DataFrame(
        [
            {"code": "A", "parent": "", "label": "A", "path": "A", "theme": "A", "codable": False},
            {
                "code": "A1",
                "parent": "A",
                "label": "health",
                "path": "A > A1 health",
                "theme": "A",
                "codable": True,
            },
            {"code": "B1", "parent": "", "label": "care", "path": "B1 care", "theme": "B1", "codable": True},
        ]
    ).assign(**empty)
    codes["guid"] = [guid("code", path) for path in codes["path"]]
    codes.loc[1, ["definition", "sets", "colour"]] = ["People get better.", "gain", "#FF0000"]
    segments, codings = [], []
    for number, (doc, words, marks) in enumerate(MARKED, start=1):
        start, seg = TEXTS[doc].index(words), f"S{number:05d}"
        row = {"seg": seg, "doc": doc, "participant": doc, "start": start, "end": start + len(words)}
        segments.append(row | {"text": words, "comment": "", "guid": guid("segment", doc, start)})
        codings += [
            {"seg": seg, "code": c, "coder": coder, "when": "2024-05-01T10:00:00Z"} for c, coder in marks
        ]
    table = pd.DataFrame(codings)[COLUMNS["codings"]]
    table["when"] = pd.to_datetime(table["when"], utc=True)
    return Interviews(
        people,
        documents[COLUMNS["documents"]],
        codes[COLUMNS["codes"]],
        pd.DataFrame(segments)[COLUMNS["segments"]].astype({"start": "Int64", "end": "Int64"}),
        table,
        pd.DataFrame(columns=COLUMNS["report"]),
    )


def package(path: Path, project: str | bytes, members: dict[str, bytes] | None = None, **options) -> Path:
    """Write a zip with a project file and whatever else."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(options.get("name", "project.qde"), project)
        for name, content in (members or {}).items():
            archive.writestr(name, content)
    return path


def qde(inside: str) -> str:
    return f'<?xml version="1.0"?><Project xmlns="urn:QDA-XML:project:1.0" name="x">{inside}</Project>'


def number(n: int) -> str:
    return f"00000000-0000-0000-0000-{n:012d}"


def lines(found: Interviews, status: str) -> dict[str, int]:
    table = found.report[found.report["status"] == status]
    return table.groupby("item")["n"].sum().to_dict()


# --- dialects ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_gives_the_same_tables(tmp_path, name):
    study = small_study()
    path = write_in(DIALECTS[name], study, tmp_path / "x.qdpx")
    found = interviews.read(path)
    for table in ("documents", "codes", "segments"):
        pd.testing.assert_frame_equal(
            getattr(found, table), getattr(study, table), check_dtype=False, obj=table
        )
    order = ["seg", "code", "coder"]
    pd.testing.assert_frame_equal(
        found.codings.sort_values(order, ignore_index=True),
        study.codings.sort_values(order, ignore_index=True),
        check_dtype=False,
    )
    pd.testing.assert_frame_equal(found.participants, study.participants, check_dtype=False)


def test_codes_of_no_character_are_seen_and_shift_nothing(tmp_path):
    """U+FDD0 to U+FDEF stand for no character (Unicode, 23.7); the suite marks wordings with them."""
    study = small_study()
    texts = study.documents.assign(text=study.documents["text"].str.replace(" ", "\ufdd1"))
    spoilt = study._replace(documents=texts, codes=study.codes.assign(definition="Of \ufdd0."))
    found = interviews.read(interviews.write_qdpx(spoilt, tmp_path / "x.qdpx"))
    held = " ".join(str(table.to_dict()) for table in found)
    assert not any(chr(mark) in held for mark in range(0xFDD0, 0xFDF0))
    assert set(found.codes["definition"]) == {"Of \ufffd."}
    assert found.segments["text"].tolist() == study.segments["text"].str.replace(" ", "\ufffd").tolist()


def test_missing_dates_are_missing(tmp_path):
    path = write_in(Dialect(dates=False), small_study(), tmp_path / "x.qdpx")
    found = interviews.read(path)
    assert found.codings["when"].isna().all()


def test_the_convention_taken_is_in_the_report(tmp_path):
    dialect = DIALECTS["ATLAS.ti, line ends count one"]
    found = interviews.read(write_in(dialect, small_study(), tmp_path / "x.qdpx"))
    row = found.report.set_index("item").loc["how positions are counted"]
    assert row["status"] == "guessed"
    assert "line ends count one; 100% of the ends" in row["detail"]


def test_offset_drift_equals_the_measured_one():
    """After two CRLF line ends and one emoji: +2 as written, +1 in UTF-16 units, +3 in bytes."""
    text = plain_text("\ufeffone\r\ntwo 🙂\r\nthree")
    at = text.plain.index("three")
    assert ruler(text, Convention()).counted(at) == at + 2
    assert ruler(text, Convention(newline="one")).counted(at) == at
    assert ruler(text, Convention("UTF-16 units", "one")).counted(at) == at + 1
    assert ruler(text, Convention("UTF-8 bytes")).counted(at) == at + 2 + 3
    assert ruler(text, Convention(bom=True)).counted(at) == at + 3


@given(st.text(alphabet="ab ö🙂\n", min_size=1, max_size=30), st.sampled_from(CONVENTIONS), st.booleans())
@settings(max_examples=60, deadline=None)
def test_counting_there_and_back_is_the_identity(body, convention, bom):
    text = plain_text(("\ufeff" if bom else "") + body.replace("\n", "\r\n"))
    count, places = ruler(text, convention), list(range(len(text.plain) + 1))
    assert count.plain(count.counted(places)).tolist() == places
    assert count.length == len(text.plain)


def test_between_equal_conventions_the_standard_wins():
    text = plain_text("plain words only")
    best, fit, equal = detect([score(Marked(text, [(0, 5), (6, 11)], ["", ""]))], 2)
    assert best == Convention()
    assert fit == 1
    assert len(equal) == len(CONVENTIONS) - 1


# --- writing -----------------------------------------------------------------------------------------------


def test_written_project_is_valid_against_the_schema(tmp_path):
    path = interviews.write_qdpx(small_study(), tmp_path / "x.qdpx")
    with zipfile.ZipFile(path) as archive:
        assert schema_faults(ElementTree.fromstring(archive.read("project.qde"))) == []


def test_written_bytes_are_the_same_each_time(tmp_path):
    first, second = (interviews.write_qdpx(small_study(), tmp_path / f"{n}.qdpx") for n in "ab")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        ("<Sources><TextSource/></Sources>", "no attribute 'guid'"),
        (f'<Users><User guid="{number(1)}" nick="x"/></Users>', "unknown attribute 'nick'"),
        ('<Users><User guid="12"/></Users>', "guid='12' is not GUIDType"),
        (f'<Notes><Note guid="{number(1)}"/></Notes><Sources/>', "in a wrong order or number"),
        (
            f'<Variables><Variable guid="{number(1)}" name="x" typeOfVariable="Number"/></Variables>',
            "typeOfVariable='Number' is not typeOfVariableType",
        ),
        (f'<Notes><Note guid="{number(1)}" creationDateTime="yesterday"/></Notes>', "is not dateTime"),
    ],
)
def test_departures_from_the_schema_are_named(inside, fault):
    faults = schema_faults(ElementTree.fromstring(qde(inside)))
    assert any(fault in found for found in faults), faults


# --- what is read, guessed, dropped ------------------------------------------------------------------------


def source(n: int, name: str, inside: str) -> str:
    return f'<TextSource guid="{number(n)}" name="{name}">{inside}</TextSource>'


def codebook(*names: str) -> str:
    codes = "".join(
        f'<Code guid="{number(100 + n)}" name="{name}" isCodable="true"/>' for n, name in enumerate(names)
    )
    return f"<CodeBook><Codes>{codes}</Codes></CodeBook>"


def selection(n: int, start: int, end: int, code: int | None = None) -> str:
    coding = (
        f'<Coding guid="{number(n + 500)}"><CodeRef targetGUID="{number(code)}"/></Coding>' if code else ""
    )
    place = f'startPosition="{start}" endPosition="{end}"'
    return f'<PlainTextSelection guid="{number(n)}" {place}>{coding}</PlainTextSelection>'


def test_nothing_is_dropped_in_silence(tmp_path):
    text = "<PlainTextContent>Hello there</PlainTextContent>"
    places = (
        selection(10, 0, 5, 100) + selection(11, 6, 11) + selection(12, 0, 99, 100) + selection(13, 0, 5, 777)
    )
    picture = f'<PictureSource guid="{number(5)}" name="photo" path="internal://a.png"><PictureSelection '
    picture += f'guid="{number(6)}" firstX="0" firstY="0" secondX="9" secondY="9"><Coding guid="{number(7)}">'
    picture += f'<CodeRef targetGUID="{number(100)}"/></Coding></PictureSelection></PictureSource>'
    pdf = f'<PDFSource guid="{number(8)}" name="paper" path="internal://b.pdf"/>'
    outside = f'<TextSource guid="{number(9)}" name="far" plainTextPath="relative:///../secret.txt"/>'
    inside = (
        codebook("x")
        + "<Sources>"
        + source(1, "talk", text + places)
        + picture
        + pdf
        + outside
        + "</Sources>"
    )
    inside += f'<Links><Link guid="{number(50)}"/></Links>'
    found = interviews.read(package(tmp_path / "x.qdpx", qde(inside), {"sources/a.png": b"png"}))
    read, dropped, odd = (lines(found, status) for status in ("read", "dropped", "warning"))
    assert read["picture sources"] == read["pdf sources"] == 1
    assert read["other files inside, not opened"] == 1
    assert read["marked places without a code"] == 1
    assert read["PictureSelection without a place in a text"] == 1
    assert dropped["codings with a code that is not in the code book"] == 1
    assert dropped["links"] == 1
    assert dropped["texts kept outside the file"] == 1
    assert odd["places outside their text"] == 1
    assert odd["sources without plain text"] == 3
    assert len(found.segments) == 4  # the two selections of one place are one segment
    assert found.codings["coder"].unique().tolist() == ["not stated"]


def document_set(n: int, name: str, *members: int) -> str:
    inside = "".join(f'<MemberSource targetGUID="{number(m)}"/>' for m in members)
    return f'<Set guid="{number(n)}" name="{name}">{inside}</Set>'


def three_talks(sets: str, before: str = "") -> str:
    text = "<PlainTextContent>x</PlainTextContent>"
    talks = "".join(source(n, f"talk {n}", text) for n in (1, 2, 3))
    return qde(f"{before}<Sources>{talks}</Sources><Sets>{sets}</Sets>")


def test_document_groups_of_a_project_without_cases_become_an_attribute(tmp_path):
    """As MAXQDA 24.7 writes groups of documents: sets of sources after the sources."""
    sets = document_set(60, "Clinicians", 1, 2) + document_set(61, "Managers", 3)
    found = interviews.read(package(tmp_path / "x.qdpx", three_talks(sets)))
    assert found.participants["document_group"].tolist() == ["Clinicians", "Clinicians", "Managers"]
    assert lines(found, "read")["groups of documents"] == 2
    again = interviews.read(interviews.write_qdpx(found, tmp_path / "again.qdpx"))
    pd.testing.assert_frame_equal(again.participants, found.participants)


def test_documents_in_several_groups_and_members_that_are_missing_are_told(tmp_path):
    sets = document_set(60, "Site B", 1, 3) + document_set(61, "Clinicians", 1, 2, 99)
    found = interviews.read(package(tmp_path / "x.qdpx", three_talks(sets)))
    assert found.participants["document_group"].tolist() == ["Clinicians; Site B", "Clinicians", "Site B"]
    assert lines(found, "guessed")["documents in several groups"] == 1
    assert lines(found, "dropped")["members of groups that are not there"] == 1


def test_a_variable_of_that_name_goes_before_the_group(tmp_path):
    variable = f'<Variable guid="{number(70)}" name="document_group" typeOfVariable="Text"/>'
    value = f'<VariableRef targetGUID="{number(70)}"/><TextValue>ward A</TextValue>'
    case = f'<Case guid="{number(71)}" name="Ann"><VariableValue>{value}</VariableValue>'
    case = f'<Cases>{case}<SourceRef targetGUID="{number(1)}"/></Case></Cases>'
    case = f"<Variables>{variable}</Variables>{case}"
    body = three_talks(document_set(60, "Clinicians", 1, 2), case)
    people = interviews.read(package(tmp_path / "x.qdpx", body)).participants.set_index("participant")
    assert people.loc[["Ann", "talk 2"], "document_group"].tolist() == ["ward A", "Clinicians"]
    assert people["document_group"].isna()["talk 3"]


def test_sources_of_one_name_are_numbered(tmp_path):
    texts = (source(n, "talk", f"<PlainTextContent>x{n}</PlainTextContent>") for n in (1, 2))
    body = "<Sources>" + "".join(texts)
    found = interviews.read(package(tmp_path / "x.qdpx", qde(body + "</Sources>")))
    assert found.documents["doc"].tolist() == ["talk", "talk (2)"]


def test_a_group_interview_is_parted_by_who_speaks(tmp_path):
    text = "<PlainTextContent>Ann says yes. Ben says no.</PlainTextContent>"
    places = (
        selection(10, 0, 13) + selection(11, 14, 26) + selection(12, 4, 12, 100) + selection(13, 18, 25, 100)
    )
    cases = "".join(
        f'<Case guid="{number(n)}" name="{name}"><SelectionRef targetGUID="{number(place)}"/></Case>'
        for n, name, place in ((60, "Ann", 10), (61, "Ben", 11))
    )
    inside = codebook("x") + f"<Cases>{cases}</Cases><Sources>{source(1, 'group', text + places)}</Sources>"
    found = interviews.read(package(tmp_path / "x.qdpx", qde(inside)))
    assert interviews.presence(found)["x"].to_dict() == {"Ann": True, "Ben": True}
    assert found.participants["participant"].tolist() == ["Ann", "Ben"]


def test_a_source_in_several_cases_belongs_to_the_most_specific(tmp_path):
    sources = "".join(source(n, f"talk {n}", "<PlainTextContent>x</PlainTextContent>") for n in (1, 2))
    refs = [f'<SourceRef targetGUID="{number(n)}"/>' for n in (1, 2)]
    cases = f'<Case guid="{number(60)}" name="Hospital">{"".join(refs)}</Case>'
    cases += f'<Case guid="{number(61)}" name="Ann">{refs[0]}</Case>'
    cases += f'<Case guid="{number(62)}" name="Ben">{refs[1]}</Case>'
    inside = f"<Cases>{cases}</Cases><Sources>{sources}</Sources>"
    found = interviews.read(package(tmp_path / "x.qdpx", qde(inside)))
    assert found.participants["participant"].tolist() == ["Ann", "Ben"]
    assert found.participants["also_in"].tolist() == ["Hospital", "Hospital"]


def test_codes_of_one_name_are_told_apart_by_their_path(tmp_path):
    tree = "".join(
        f'<Code guid="{number(n)}" name="{name}" isCodable="true">'
        f'<Code guid="{number(n + 1)}" name="much" isCodable="true"/></Code>'
        for n, name in ((1, "good"), (3, "bad"))
    )
    found = interviews.read(package(tmp_path / "x.qdpx", qde(f"<CodeBook><Codes>{tree}</Codes></CodeBook>")))
    assert found.codes["code"].tolist() == ["good", "good > much", "bad", "bad > much"]
    assert found.codes["theme"].tolist() == ["good", "good", "bad", "bad"]


# --- who said what -----------------------------------------------------------------------------------------


def test_presence_counts_people_and_keeps_those_who_said_nothing():
    study = small_study()
    silent = study.participants.iloc[:1].assign(participant="Cleo")
    study = study._replace(participants=pd.concat([study.participants, silent], ignore_index=True))
    table = interviews.presence(study)
    assert table.loc["Ann"].tolist() == [True, True]
    assert table.loc["Ben"].tolist() == [True, False]
    assert table.loc["Cleo"].tolist() == [False, False]
    assert interviews.code_counts(study).loc["Ann"].tolist() == [
        1,
        2,
    ]  # two coders, one segment: counted once


def test_a_category_counts_what_lies_under_it():
    assert interviews.presence(small_study(), ["A"])["A"].tolist() == [True, True]


def test_an_unknown_code_is_named():
    with pytest.raises(StudyError, match="no code 'B2'; known: A, A1, B1"):
        interviews.presence(small_study(), ["B2"])


def test_quotations_carry_attributes_and_the_path_of_the_code():
    table = interviews.quotations(small_study())
    assert table.loc[0, ["role", "path", "text"]].tolist() == [
        "nurse",
        "A > A1 health",
        "Better lives 🙂 för alla.",
    ]
    assert len(table) == 5


# --- table of interviewees ---------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path) -> Path:
    return interviews.write_qdpx(small_study(), tmp_path / "x.qdpx")


def participants_file(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "participants.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_table_of_interviewees_is_joined_and_wins(tmp_path, project):
    path = participants_file(tmp_path, "participant;role;site\nBen;head;S2\nAnn;nurse;S1\n", "utf-8-sig")
    found = interviews.read(project, path)
    assert found.participants[["participant", "role", "site", "years"]].to_numpy().tolist() == [
        ["Ben", "head", "S2", 12],
        ["Ann", "nurse", "S1", 3],
    ]
    assert lines(found, "warning") == {"'role' differs from the project file": 1}


def test_who_has_no_document_is_no_interviewee_where_the_file_lists_its_interviews(tmp_path, project):
    found = interviews.read(project, participants_file(tmp_path, "participant,site\nAnn,S1\nCleo,S2\n"))
    assert found.participants["participant"].tolist() == ["Ann", "Ben"]
    assert found.left_out[["participant", "site"]].to_numpy().tolist() == [["Cleo", "S2"]]
    assert lines(found, "dropped")["interviewees without an interview"] == 1
    assert lines(found, "warning") == {"interviewees that the table does not name": 1}


def test_interviewees_are_found_by_the_name_of_their_document(tmp_path):
    body = source(
        1, "Interview A07.docx", "<PlainTextContent>Hello there</PlainTextContent>" + selection(9, 0, 5, 100)
    )
    path = package(tmp_path / "x.qdpx", qde(codebook("x") + f"<Sources>{body}</Sources>"))
    found = interviews.read(path, pd.DataFrame({"id": ["A07", "A08"], "role": ["a", "b"]}), key="id")
    assert interviews.presence(found)["x"].to_dict() == {"A07": True}
    assert found.left_out["participant"].tolist() == ["A08"]
    assert lines(found, "guessed")["interviewees found by their document's name"] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("participants,role\nAnn,x\n", r"participants.csv, row 1: no column 'participant'; did you mean"),
        ("participant,role\nAnn,x\nAnn,y\n", r"participants.csv, participant, row 3: 'Ann' stands twice"),
        ("participant,role\n,x\n", r"participants.csv, participant, row 2: empty key"),
        ("", r"participants.csv: empty"),
    ],
)
def test_faults_of_the_table_are_named_with_their_row(tmp_path, project, text, message):
    with pytest.raises(StudyError, match=message):
        interviews.read(project, participants_file(tmp_path, text))


def study_folder(tmp_path: Path, group: str) -> Path:
    folder = tmp_path / "talks"
    folder.mkdir()
    plan = f"interviews: {{file: x.qdpx, participants: people.csv, key: who, group: {group}}}"
    (folder / "study.yml").write_text(f"title: Talks\n{plan}\n", encoding="utf-8")
    (folder / "people.csv").write_text("who,role\nAnn,nurse\nBen,manager\n", encoding="utf-8")
    interviews.write_qdpx(small_study(), folder / "x.qdpx")
    return folder


def test_the_interviews_of_a_study_are_read_as_its_yml_says(tmp_path):
    coded = coded_interviews.read_interviews(load_study(str(study_folder(tmp_path, "role"))))
    assert interviews.groups(coded, "role").to_dict() == {"Ann": "nurse", "Ben": "manager"}


def test_a_misspelt_group_is_named_with_the_study_file(tmp_path):
    study = load_study(str(study_folder(tmp_path, "rolle")))
    with pytest.raises(
        StudyError, match=r"data/talks/study.yml, interviews: no column 'rolle'.*did you mean 'role'"
    ):
        coded_interviews.read_interviews(study)


# --- dangerous and broken files ----------------------------------------------------------------------------


def refused(path: Path, message: str, **options) -> None:
    with pytest.raises(StudyError, match=message):
        interviews.read(path, **options)


def test_no_file_and_unknown_kind(tmp_path):
    refused(tmp_path / "none.qdpx", "none.qdpx: no such file")
    (tmp_path / "x.pdf").write_bytes(b"")
    refused(tmp_path / "x.pdf", r"x.pdf: unknown kind of file '.pdf'; known: .qdpx")


def test_not_a_zip(tmp_path):
    (tmp_path / "x.qdpx").write_bytes(b"PK not really")
    refused(tmp_path / "x.qdpx", "x.qdpx: not a readable .qdpx")


def test_a_file_cut_short(tmp_path, project):
    content = project.read_bytes()
    (tmp_path / "cut.qdpx").write_bytes(content[: len(content) // 2])
    refused(tmp_path / "cut.qdpx", "cut.qdpx: not a readable .qdpx")


def test_an_unpacked_project_is_read_with_its_texts(tmp_path, project):
    with zipfile.ZipFile(project) as archive:
        archive.extractall(tmp_path / "unpacked")
    for path in (tmp_path / "unpacked", tmp_path / "unpacked" / "project.qde"):
        found = interviews.read(path)
        assert found.documents["text"].tolist() == list(TEXTS.values())
        pd.testing.assert_frame_equal(interviews.presence(found), interviews.presence(small_study()))
    refused(tmp_path / "unpacked" / "project.qde", "larger than 9 bytes", limits=Limits(project_bytes=9))


def test_what_macos_adds_to_a_zip_is_no_second_project(tmp_path, project):
    with zipfile.ZipFile(project) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["__MACOSX/._Mine.qde"] = b"junk"
    path = package(tmp_path / "y.zip", members.pop("project.qde"), members, name="Mine.qde")
    assert len(interviews.read(path).documents) == 2


def test_a_plain_text_of_another_ending_and_a_name_with_blanks_is_found(tmp_path):
    for link, name in (("a.md", "sources/a.md"), ("my%20talk.txt", "sources/my talk.txt")):
        body = source(1, "talk", "").replace("></", f' plainTextPath="internal://{link}"></')
        project = qde(f"<Sources>{body}</Sources>")
        found = interviews.read(package(tmp_path / "x.qdpx", project, {name: b"Hello"}))
        assert found.documents["text"].tolist() == ["Hello"]


def test_a_damaged_member(tmp_path, project):
    content = bytearray(project.read_bytes())
    at = content.index(b"<Users>")
    content[at : at + 4] = b"XXXX"
    (tmp_path / "bad.qdpx").write_bytes(bytes(content))
    refused(tmp_path / "bad.qdpx", "bad.qdpx: not a readable .qdpx")


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil.txt", "sources/../../evil.txt", "..\\evil.txt", "C:\\evil.txt"]
)
def test_member_names_that_leave_the_folder(tmp_path, name):
    refused(package(tmp_path / "x.qdpx", qde(""), {name: b"x"}), "leaves the folder")


def test_zip_bomb(tmp_path):
    bomb = package(tmp_path / "x.qdpx", qde(""), {"sources/a.txt": b"0" * 20_000_000})
    refused(bomb, "'sources/a.txt' unpacks to .* times its size; this looks like a zip bomb")


def test_oversized_members(tmp_path):
    path = package(tmp_path / "x.qdpx", qde(""), {"sources/a.txt": b"0" * 5000})
    refused(path, "'sources/a.txt' is larger than 1,000 bytes", limits=Limits(text_bytes=1000))
    refused(path, "larger than 50 bytes", limits=Limits(project_bytes=50, text_bytes=9000))
    refused(path, "2 files inside; at most 1", limits=Limits(members=1))


def test_texts_that_are_too_large_together(tmp_path):
    members = {f"sources/{n}.txt": b"0" * 600 for n in range(3)}
    path = package(tmp_path / "x.qdpx", qde(""), members)
    refused(path, "is larger than", limits=Limits(all_texts_bytes=1000))


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_document_types_and_entities(tmp_path, head):
    project = qde("").replace("<Project", head + "<Project")
    refused(package(tmp_path / "x.qdpx", project), "x.qdpx: declares a DOCTYPE or entities")
    wide = project.replace('version="1.0"', 'version="1.0" encoding="utf-16"').encode("utf-16")
    refused(package(tmp_path / "y.qdpx", wide), "y.qdpx: declares a DOCTYPE or entities")


def test_broken_xml_other_xml_and_deep_nesting(tmp_path):
    refused(package(tmp_path / "a.qdpx", "<Project>"), "a.qdpx, row 1: not well-formed XML")
    refused(package(tmp_path / "b.qdpx", "<html/>"), "the XML begins with <html>")
    deep = qde("<Sets>" * 5000 + "</Sets>" * 5000)
    refused(package(tmp_path / "c.qdpx", deep), "nested deeper than 100")
    refused(package(tmp_path / "d.qdpx", ""), "d.qdpx, row 1: not well-formed XML")


def test_no_project_or_several(tmp_path):
    refused(
        package(tmp_path / "x.qdpx", qde(""), name="readme.md"),
        "project files inside: none; exactly one .qde",
    )
    path = package(tmp_path / "y.qdpx", qde(""), {"b.qde": b""}, name="a.qde")
    refused(path, "project files inside: a.qde, b.qde")


def test_an_encrypted_member(tmp_path):
    buffer = io.BytesIO(package(tmp_path / "x.qdpx", qde("")).read_bytes())
    content = bytearray(buffer.getvalue())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "x.qdpx").write_bytes(bytes(content))
    refused(tmp_path / "x.qdpx", "'project.qde' is encrypted")


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_spoilt_project_is_read_or_refused_never_a_traceback(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("spoilt")
    path = interviews.write_qdpx(small_study(), folder / "x.qdpx")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    project = members.pop("project.qde").decode("utf-8")
    start = data.draw(st.integers(0, len(project)))
    cut = (
        project[:start]
        + data.draw(st.text("<>/\"'ab01-", max_size=4))
        + project[start + data.draw(st.integers(0, 9)) :]
    )
    spoilt = package(folder / "y.qdpx", cut, members)
    with contextlib.suppress(StudyError):  # any other error fails the test
        interviews.read(spoilt)


def test_study_yml_passes_columns_and_project_on(tmp_path, monkeypatch):
    from study_maker import small_study as study_of_patients

    asked = {}
    monkeypatch.setattr(interviews, "read", lambda *paths, **options: asked.update(options) or 1 / 0)
    talks = {
        "file": "raw/x.csv",
        "participants": "raw/p.csv",
        "columns": {"Fonte": "document"},
        "project": "V",
    }
    with pytest.raises(ZeroDivisionError):
        coded_interviews.read_interviews(study_of_patients(tmp_path / "s", interviews=talks))
    assert asked == {"key": "participant", "columns": {"Fonte": "document"}, "project": "V"}

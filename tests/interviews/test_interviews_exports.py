"""The export of any tool gives the same answer to who raised what; what a file lacks is said."""

from __future__ import annotations

import contextlib
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import interview_exports as made
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refi_schema import schema_faults
from xls_writer import xls

from vbhc import interviews
from vbhc.files import Limits
from vbhc.interviews.cells import split_codes
from vbhc.interviews.columns import sheets_of
from vbhc.interviews.participants import read_participants
from vbhc.interviews.tables import Report
from vbhc.interviews.taguette import page
from vbhc.problems import StudyError


def said(found: interviews.Interviews, status: str) -> dict[str, int]:
    table = found.report[found.report["status"] == status]
    return table.groupby("item")["n"].sum().to_dict()


def detail(found: interviews.Interviews, item: str) -> str:
    return found.report.set_index("item").loc[item, "detail"]


def check_presence(found: interviews.Interviews) -> None:
    table = interviews.presence(found)
    table.columns = [code.rpartition(" > ")[2] for code in table.columns]
    table.index = [name.removesuffix(".txt") for name in table.index]
    pd.testing.assert_frame_equal(
        table.loc[made.SPOKE, sorted(made.PATHS)], made.presence()[sorted(made.PATHS)], check_names=False
    )
    assert not table.drop(index=made.SPOKE).to_numpy().any()


# --- one study, every export -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", made.EXPORTS)
def test_every_export_gives_the_same_presence(tmp_path, name):
    check_presence(interviews.read(made.EXPORTS[name](tmp_path)))


@pytest.mark.parametrize("name", made.EXPORTS)
def test_every_export_says_which_tool_was_detected(tmp_path, name):
    found = interviews.read(made.EXPORTS[name](tmp_path))
    assert detail(found, "tool").split()[0].casefold() == name.split()[0].rstrip(",").casefold()


@pytest.mark.parametrize("name", [n for n in made.EXPORTS if "matrix" not in n and "table" not in n])
def test_the_words_and_who_coded_them_survive(tmp_path, name):
    found = interviews.read(made.EXPORTS[name](tmp_path))
    table = interviews.quotations(found)
    got = {(row.text, row.label) for row in table.itertuples()}
    assert got == {(p.words, code) for p in made.PASSAGES for code in made.codes_of(p)}
    coders = set(table["coder"])
    assert coders <= {"Kim", "Lou", "not stated"}


@pytest.mark.parametrize("name", ["QualCoder", "Taguette database"])
def test_positions_of_a_database_point_at_the_words(tmp_path, name):
    found = interviews.read(made.EXPORTS[name](tmp_path))
    texts = found.documents.set_index("doc")["text"]
    assert [texts[s.doc][s.start : s.end] for s in found.segments.itertuples()] == list(
        found.segments["text"]
    )
    assert len(found.segments) == {"QualCoder": 5, "Taguette database": 6}[name]
    assert "places whose words differ from the text" not in said(found, "warning")


@pytest.mark.parametrize("name", made.EXPORTS)
def test_every_export_can_be_written_as_a_valid_project(tmp_path, name):
    found = interviews.read(made.EXPORTS[name](tmp_path))
    path = interviews.write_qdpx(found, tmp_path / "out.qdpx")
    with zipfile.ZipFile(path) as archive:
        assert schema_faults(ElementTree.fromstring(archive.read("project.qde"))) == []
    check_presence(interviews.read(path))


# --- what each tool adds -----------------------------------------------------------------------------------


def test_qualcoder_brings_the_tree_cases_attributes_and_what_it_cannot_use(tmp_path):
    found = interviews.read(made.EXPORTS["QualCoder"](tmp_path))
    assert found.codes["path"].tolist() == [
        "Value",
        "Value > health gain",
        "Value > less cost",
        "who decides",
    ]
    assert found.codes["definition"].tolist()[:2] == ["what care is for", "about health gain"]
    people = found.participants.set_index("participant")
    assert people["role"].to_dict() == made.GROUPS
    assert people["minutes"].tolist() == [10, 20, 30, 40]
    lost = {"codings of a source that is not there": 1}
    assert said(found, "dropped") == lost | {"rows of journal": 1, "rows of annotation": 1}
    assert sorted(found.codings["coder"].unique()) == ["Kim", "Lou"]


def test_qualcoder_positions_are_told_by_the_words_it_keeps(tmp_path):
    found = interviews.read(made.EXPORTS["QualCoder, UTF-16 units"](tmp_path))
    assert "UTF-16 units; 100% have the words" in detail(found, "how positions are counted")


def test_qualcoder_words_that_the_text_lost_are_kept_and_said(tmp_path):
    folder = made.qualcoder(tmp_path / "q.qda")
    with sqlite3.connect(folder / "data.qda") as data:
        data.execute("UPDATE source SET fulltext = replace(fulltext, 'Better lives', 'Improved lives')")
    data.close()
    found = interviews.read(folder)
    assert "Better lives 🙂 för alla." in set(found.segments["text"])
    assert said(found, "warning")["places whose words differ from the text"] >= 1


def test_a_part_of_a_file_is_said_by_its_case(tmp_path):
    folder = made.qualcoder(tmp_path / "q.qda")
    with sqlite3.connect(folder / "data.qda") as data:
        data.execute("UPDATE case_text SET fid = 1, pos0 = 15, pos1 = 40 WHERE caseid = 1")
        data.execute("UPDATE case_text SET fid = 1, pos0 = 41, pos1 = 68 WHERE caseid = 4")
    data.close()
    table = interviews.presence(interviews.read(folder))
    assert table.loc["Ann"].to_dict() == {"health gain": True, "less cost": False, "who decides": False}
    assert table.loc["Dov"].to_dict() == {"health gain": True, "less cost": True, "who decides": False}


def test_taguette_file_knows_the_coder_from_its_log(tmp_path):
    found = interviews.read(made.EXPORTS["Taguette database"](tmp_path))
    assert set(found.codings["coder"]) == {"Kim"}
    assert found.codings["when"].notna().all()
    assert found.codes.set_index("code").loc["less cost", "definition"] == "about less cost"


def test_taguette_file_with_two_projects_needs_a_name(tmp_path):
    path = made.taguette_file(tmp_path / "t.sqlite3", second_project=True)
    with pytest.raises(StudyError, match=r"2 projects: Value, Other; name one: project='\.\.\.'"):
        interviews.read(path)
    with pytest.raises(StudyError, match="no project 'Valu'; did you mean 'Value'"):
        interviews.read(path, project="Valu")
    check_presence(interviews.read(path, project="Value"))


def test_taguette_bytes_skip_tags_and_line_ends_we_add():
    found = page("<h1>Über</h1><p>a<b>b</b></p>c&amp;d")
    assert found.text == "Über\nab\nc&d"
    assert found.place(0, 5) == (0, 4)  # the letter Ü counts two bytes
    assert found.place(5, 7) == (5, 7)
    assert found.place(7, 10) == (8, 11)


def test_tags_with_a_full_stop_lie_under_the_tag_before_it(tmp_path):
    path = made.taguette_file(tmp_path / "t.sqlite3")
    with sqlite3.connect(path) as data:
        data.execute("UPDATE tags SET path = 'who decides.cost' WHERE path = 'less cost'")
        data.execute("UPDATE tags SET path = 'e.g. gain' WHERE path = 'health gain'")
    data.close()
    assert interviews.read(path).codes.set_index("code")["path"].to_dict() == {
        "e.g. gain": "e.g. gain", "who decides": "who decides", "who decides.cost": "who decides > cost",
    }  # fmt: skip


def test_maxqda_groups_are_an_attribute(tmp_path):
    found = interviews.read(made.maxqda(tmp_path / "m.xlsx", "nl", weight=50))
    groups = found.participants.set_index("participant")["document_group"]
    assert groups.to_dict() == {"Ann": "nurses", "Ben": "managers", "Cleo": "nurses"}
    assert (found.codes["codable"].sum(), len(found.codes)) == (3, 4)


def test_maxqda_documents_of_one_name_in_two_groups_stay_apart(tmp_path):
    rows = made.maxqda_rows()
    rows.append([*rows[1]])
    rows[-1][2] = "managers"
    found = interviews.read(made.workbook(tmp_path / "m.xlsx", x=rows))
    assert "nurses: Ann" in set(found.documents["doc"])
    assert "managers: Ann" in set(found.documents["doc"])
    assert said(found, "guessed")["documents of one name in several groups"] == 1


def test_two_coders_of_a_maxqda_segment_share_the_segment(tmp_path):
    found = interviews.read(made.maxqda(tmp_path / "m.xlsx"))
    assert len(found.segments) == 5
    first = found.codings[found.codings["seg"] == "S00001"]
    assert first["coder"].tolist() == ["Kim", "Lou"]


def test_dedoose_positions_and_descriptors(tmp_path):
    found = interviews.read(made.dedoose(tmp_path / "d.xlsx"))
    assert found.segments.loc[0, ["start", "end"]].tolist() == [15, 39]
    assert found.participants.set_index("participant")["role"].to_dict() == {
        p: made.GROUPS[p] for p in made.SPOKE
    }
    assert said(found, "read")["marked places without a code"] == 1


def test_dedoose_without_columns_per_code_uses_the_combined_one(tmp_path):
    rows = [row[:8] for row in made.dedoose_rows()]
    found = interviews.read(made.workbook(tmp_path / "d.xlsx", x=rows))
    check_presence(found)
    assert said(found, "guessed")["codes without their parents"] == 3


def test_atlasti_sheets_know_documents_by_number_only(tmp_path):
    people = pd.DataFrame({"doc": ["D1", "D2", "D3"], "name": made.SPOKE})
    found = interviews.read(made.atlasti_sheets(tmp_path / "a.xlsx"), people, key="doc")
    table = interviews.presence(found)
    table.index = found.participants["name"]
    pd.testing.assert_frame_equal(table, made.presence()[list(table)], check_names=False)
    assert said(found, "guessed")["documents known by their number only"] == 3


def test_atlasti_names_cut_by_the_sheet_are_said_or_found_above(tmp_path):
    long = "a code with quite a long name that goes on"
    rows = [["ID", "Quotation Content"], ["1:1", "x"]]
    found = interviews.read(made.workbook(tmp_path / "a.xlsx", **{long[:31]: rows}))
    assert said(found, "warning")["names of codes cut at 31 characters"] == 1
    rows = [[f"Code: {long}\nGr=1"], *rows]
    found = interviews.read(made.workbook(tmp_path / "b.xlsx", **{long[:31]: rows}))
    assert found.codes["code"].tolist() == [long]


def test_nvivo_rows_are_told_by_the_table_of_interviewees(tmp_path):
    path = made.nvivo_matrix(tmp_path / "n.xlsx", turned=True)
    sheet = made.nvivo_classification(tmp_path / "people.xlsx")
    found = interviews.read(path, sheet)
    check_presence(found)
    people = found.participants.set_index("participant")
    assert people["role"].to_dict() == made.GROUPS
    assert people.loc["Ann", "years"] == 4
    assert pd.isna(people.loc["Ben", "years"])
    assert detail(found, "who is in the rows") == "codes: names of the table of interviewees"
    assert interviews.code_counts(found).loc["Ann", "health gain"] == 2


def test_nvivo_shares_count_once(tmp_path):
    rows = [["", "A : x", "B : y"], ["1 : Ann", 0.25, 0], ["2 : Ben", 0.5, 0.125]]
    found = interviews.read(made.workbook(tmp_path / "n.xlsx", s=rows))
    assert interviews.code_counts(found).to_numpy().tolist() == [[1, 0], [1, 1]]
    assert said(found, "guessed")["cells with a share instead of a count"] == 3


# --- what each tool writes in its own way -------------------------------------------------------------------


def test_a_tool_in_an_unknown_language_is_read_with_its_headers_named(tmp_path):
    path = made.workbook(tmp_path / "a.xlsx", Lainaukset=[made.FINNISH, *made.atlasti_rows()])
    refused(path, "among: Tunnus, Lainauksen nimi")
    named = {"Koodit": "code", "Asiakirja": "document", "Lainauksen sisältö": "text", "Tekijä": "coder"}
    check_presence(interviews.read(path, columns=named))


def test_maxqda_24_document_variables_are_attributes_and_the_rest_is_counted(tmp_path):
    found = interviews.read(made.EXPORTS["MAXQDA 24, with other sheets"](tmp_path))
    people = found.participants.set_index("participant")
    assert people["Age"].to_dict() == {"Ann": 33, "Ben": 33, "Cleo": 34}
    dropped = said(found, "dropped")
    assert dropped["columns with counts of codes"] == 2
    assert dropped["cells with the other codes of a segment"] == 2
    assert dropped["other sheets"] == 1
    assert sorted(found.codings["coder"].unique()) == ["Kim", "Lou"]


def test_nvivo_reports_name_codes_by_file_and_parents_by_folder(tmp_path):
    found = interviews.read(made.nvivo_reports(tmp_path / "codes"))
    assert found.codes["path"].tolist() == [
        "Value",
        "Value > health gain",
        "Value > less cost",
        "who decides",
    ]
    assert found.documents["doc"].tolist() == ["Ann", "Ben", "Cleo"]
    assert len(found.segments) == 5  # the words under two codes are one passage
    alone = interviews.read(tmp_path / "codes" / "Value" / "health gain.txt")
    assert interviews.code_counts(alone).loc["Ann", "health gain"] == 2


def test_nvivo_reports_with_another_number_than_stated_are_said(tmp_path):
    path = tmp_path / "cost.txt"
    lines = ["Files\\\\Ann - § 2 references coded [ 4.2% Coverage]", "Reference 1 - 4.2% Coverage", "x"]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = interviews.read(path)
    assert said(found, "warning")["sources with another number of passages than stated"] == 1
    path.write_text("no report at all", encoding="utf-8")
    refused(path, "no column for the code")


def test_dedoose_comments_are_codes_with_their_range_and_coder(tmp_path):
    found = interviews.read(made.dedoose_docx(tmp_path / "Ann.docx"))
    table = interviews.quotations(found)
    want = {(p.words, c) for p in made.PASSAGES if p.person == "Ann" for c in made.codes_of(p)}
    assert set(zip(table["text"], table["label"], strict=True)) == want
    assert set(table["coder"]) == {"Kim"}
    assert set(table["participant"]) == {"Ann"}
    assert found.segments["start"].tolist() == [made.TEXTS["Ann"].index(t) for t in found.segments["text"]]
    assert said(found, "dropped")["comments that name no codes"] == 1


def test_rqda_leaves_out_what_was_deleted_and_says_so(tmp_path):
    found = interviews.read(made.rqda(tmp_path / "r.rqda"))
    assert "gone" not in set(found.codes["code"])
    assert said(found, "dropped") == {
        "deleted rows of freecode": 1, "deleted rows of coding": 1, "rows of journal": 1,
    }  # fmt: skip
    assert found.participants.set_index("participant")["role"].to_dict() == made.GROUPS
    assert found.codes["path"].tolist()[:2] == ["Value", "Value > health gain"]


def test_an_nvivo_summary_counts_once_and_keeps_its_words(tmp_path):
    found = interviews.read(made.nvivo_framework(tmp_path / "n.xlsx"))
    assert said(found, "guessed")["cells with words"] == 5
    assert "Who decides, I ask." in set(found.segments["text"])


def test_a_classification_sheet_may_name_itself_in_the_first_cell(tmp_path):
    rows = [["Person", "role"], ["Ann", "nurse"], ["Ben", "Unassigned"]]
    table = read_participants(made.workbook(tmp_path / "p.xlsx", Person=rows))
    assert table["participant"].tolist() == ["Ann", "Ben"]
    assert table["role"].tolist()[0] == "nurse"
    assert pd.isna(table["role"].iloc[1])


def test_a_binary_workbook_is_read_as_the_same_cells(tmp_path):
    """Long texts run on from record to record."""
    rows = [["document", "code", "text", "weight"]]
    rows += [["Ann", f"code {n}", "ü文 abc" * n, n] for n in range(200)] + [["Ben", "x" * 9000, "z", 1.5]]
    first, second = sheets_of(xls(tmp_path / "x.xls", Eins=rows, Zwei=[["a"]]))
    assert first.rows == [[str(cell) for cell in row] for row in rows]
    assert (second.name, second.rows) == ("Zwei", [["a"]])


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_spoilt_binary_workbook_is_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("xls") / "x.xls"
    content = bytearray(xls(path, Eins=made.maxqda_rows()).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content[: data.draw(st.integers(100, len(content)))]))
    with contextlib.suppress(StudyError):
        interviews.read(path)


@pytest.mark.parametrize("name", ["zip", "xml", "nothing"])
def test_a_word_document_that_is_none_is_refused(tmp_path, name):
    path = tmp_path / "x.docx"
    if name == "zip":
        made.workbook(tmp_path / "x.xlsx", a=[["b"]]).rename(path)
        refused(path, "a zip file, but no Word document")
    elif name == "xml":
        made.docx(path, [], body="<w:p>")
        refused(path, "not well-formed XML")
    else:
        refused(made.docx(path, ["just text"]), "a Word document without codings; NVivo's report of a code")


# --- plain tables ------------------------------------------------------------------------------------------


def test_plain_columns_beyond_the_known_become_attributes_or_are_named_as_dropped(tmp_path):
    rows = [["pid", "quote", "code", "role", "mood"], ["Ann", "a", "x", "nurse", "up"]]
    rows += [["Ann", "b", "y", "nurse", "down"], ["Ben", "c", "x", "manager", "up"]]
    found = interviews.read(made.text_table(tmp_path / "p.csv", rows))
    assert found.participants.to_dict("list") == {"participant": ["Ann", "Ben"], "role": ["nurse", "manager"]}
    assert said(found, "dropped")["columns with a value per passage"] == 1
    assert "mood" in detail(found, "columns with a value per passage")


def test_plain_document_of_several_speakers_is_a_group_interview(tmp_path):
    rows = [["document", "participant", "code", "text"], ["talk", "Ann", "x", "a"], ["talk", "Ben", "y", "b"]]
    found = interviews.read(made.text_table(tmp_path / "p.csv", rows))
    assert interviews.presence(found).to_dict("index") == {
        "Ann": {"x": True, "y": False}, "Ben": {"x": False, "y": True},
    }  # fmt: skip
    assert found.documents["doc"].tolist() == ["talk"]


def test_the_report_table_of_qualcoder_is_a_plain_one(tmp_path):
    """Headers as in eleven public exports of QualCoder's coding report."""
    rows = [["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo", "Category"]]
    rows.append(["Grupo 1.docx", "Ann", "it costs", "ctid:91", "01 cost", "sure", "0 Value"])
    rows.append(["Grupo 1.docx", "Ann", "it costs", "ctid:95", "02 time", "", "0 Value"])
    rows.append(["Grupo 1.docx", "Ann", "it costs", "ctid:99", "01 cost", "", "0 Value"])
    found = interviews.read(made.text_table(tmp_path / "q.csv", rows))
    assert found.codings["seg"].tolist() == ["S00001", "S00001", "S00002"]  # each id is a coding's
    assert interviews.quotations(found).loc[0, ["text", "coder", "path"]].tolist() == [
        "it costs", "Ann", "0 Value > 01 cost",
    ]  # fmt: skip
    assert list(found.participants) == ["participant"]


def test_an_unknown_header_can_be_named(tmp_path):
    rows = [["Fonte", "Rotulo", "Trecho"], ["Ann", "x", "a"]]
    path = made.text_table(tmp_path / "p.csv", rows)
    with pytest.raises(
        StudyError, match=r"p.csv, row 1: no column for the code among: Fonte, Rotulo, Trecho"
    ):
        interviews.read(path)
    found = interviews.read(path, columns={"Fonte": "document", "Rotulo": "code", "Trecho": "text"})
    assert interviews.quotations(found)[["doc", "code", "text"]].to_numpy().tolist() == [["Ann", "x", "a"]]
    with pytest.raises(StudyError, match="no column 'Font'; did you mean 'Fonte'"):
        interviews.read(path, columns={"Font": "document"})
    with pytest.raises(StudyError, match="no meaning 'documnt' of a column; did you mean 'document'"):
        interviews.read(path, columns={"Fonte": "documnt"})


def test_a_misspelt_header_is_hinted(tmp_path):
    path = made.text_table(tmp_path / "p.csv", [["particpant", "code", "text"], ["Ann", "x", "a"]])
    with pytest.raises(
        StudyError, match=r"no column for the interviewee or document .*did you mean 'participant'"
    ):
        interviews.read(path)


def test_rows_above_the_header_are_skipped(tmp_path):
    rows = [["Export of 1 May"], [], *made.plain_rows()]
    check_presence(interviews.read(made.workbook(tmp_path / "p.xlsx", x=rows)))


@pytest.mark.parametrize(
    ("cells", "parts"),
    [
        (["a\nb", "a"], [("a", "b"), ("a",)]),
        (["a; b", "a", "b"], [("a", "b"), ("a",), ("b",)]),
        (["cost, time", "health"], [("cost, time",), ("health",)]),
        (["cost (ward, home)", "cost (ward, home)"], [("cost (ward, home)",)] * 2),
        (["a, b", "b, a"], [("a", "b"), ("b", "a")]),
        (["", "a"], [(), ("a",)]),
    ],
)
def test_what_parts_codes_in_a_cell(cells, parts):
    assert split_codes(cells, Report()) == parts


def test_the_count_of_codes_settles_what_parts_them():
    assert split_codes(["a, b; c", "d, e"], Report(), [2, 1]) == [("a, b", "c"), ("d, e",)]


# --- writing -----------------------------------------------------------------------------------------------


def test_an_attribute_named_like_a_column_stays_readable(tmp_path):
    people = pd.DataFrame({"participant": made.SPOKE, "text": ["p", "q", "r"]})
    found = interviews.read(made.EXPORTS["plain csv"](tmp_path), people)
    table = interviews.quotations(found)
    assert table.loc[0, "text (interviewee)"] == "p"
    assert table.loc[0, "text"].startswith("Better")


# --- files that are refused --------------------------------------------------------------------------------


def refused(path: Path, message: str, **options) -> None:
    with pytest.raises(StudyError, match=message):
        interviews.read(path, **options)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600,
            r"not a readable binary workbook \(.xls\).*save it as .xlsx",
        ),
        ("a.xlsx", b"PK\x03\x04 not really", "not a readable .xlsx workbook"),
        ("a.csv", b"", "a.csv: empty"),
        ("a.csv", b"a\0b", "holds zero bytes"),
        ("a.xls", b"<html><table>", "a web page or XML, no table"),
        ("a.csv", b"\n\n\n", "a.csv: empty"),
        ("a.csv", b"participant,code\n", None),
        ("a.mex", b"nothing", "not an SQLite database"),
        ("a.qda", b"SQLite format 3\0" + b"x" * 2000, "not a readable database"),
    ],
)
def test_files_that_are_no_export(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    if message is None:
        assert interviews.read(path).segments.empty
    else:
        refused(path, message)


def test_a_workbook_with_an_entity_or_a_bomb_is_not_opened(tmp_path):
    path = made.EXPORTS["plain workbook of Taguette"](tmp_path)
    with zipfile.ZipFile(path) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}

    def packed(**changed: bytes) -> Path:
        out = tmp_path / "changed.xlsx"
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in (members | {k.replace("__", "/"): v for k, v in changed.items()}).items():
                archive.writestr(name, content)
        return out

    sheet = members["xl/worksheets/sheet1.xml"]
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + sheet.split(b"?>", 1)[-1]
    refused(packed(**{"xl/worksheets/sheet1.xml": entity}), "declares a DOCTYPE")
    refused(packed(**{"xl/media/a.xml": b"<a>" + b"0" * 20_000_000 + b"</a>"}), "looks like a zip bomb")
    refused(packed(**{"../evil.xml": b"<a/>"}), "leaves the folder")
    refused(path, "larger than 100 bytes", limits=Limits(text_bytes=100))


def test_a_workbook_that_states_a_wrong_size_is_read_whole(tmp_path):
    path = made.EXPORTS["plain workbook of Taguette"](tmp_path)
    with zipfile.ZipFile(path) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    assert b'<dimension ref="A1:D8"' in sheet
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b"A1:D8", b"A1:B2")
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    check_presence(interviews.read(tmp_path / "x.xlsx"))


def test_a_folder_without_a_project_and_an_unknown_database(tmp_path):
    refused(tmp_path, "a folder without data.qda")
    with sqlite3.connect(tmp_path / "x.db") as data:
        data.execute("CREATE TABLE secrets (a)")
    data.close()
    refused(tmp_path / "x.db", r"unknown program \(tables: secrets\)")


def test_a_database_is_not_changed_and_its_views_are_not_run(tmp_path):
    path = made.qualcoder(tmp_path / "q.qda") / "data.qda"
    with sqlite3.connect(path) as data:
        data.execute("DROP TABLE journal")
        data.execute(
            "CREATE VIEW journal AS WITH RECURSIVE r(jid) AS"
            " (SELECT 1 UNION ALL SELECT jid + 1 FROM r) SELECT * FROM r"
        )
    data.close()
    before = path.read_bytes()
    check_presence(interviews.read(path))
    assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.iterdir()) == ["data.qda"]


def test_counts_that_would_fill_the_memory_are_refused(tmp_path):
    rows = [["", "A : x"], ["1 : Ann", 999_999_999]]
    refused(made.workbook(tmp_path / "n.xlsx", s=rows), "add up to more than 200,000")


@pytest.mark.parametrize("kind", ["plain", "maxqda", "dedoose", "atlasti", "matrix", "report"])
def test_long_runs_of_blanks_do_not_stall_the_reading(tmp_path, kind):
    """A pattern that looks at every blank from every blank would take minutes here."""
    gap = "a" + " " * 100_000 + "§ b %"
    heads = {"plain": made.plain_rows()[0], "maxqda": made.maxqda_rows()[0], "atlasti": made.ATLASTI}
    heads |= {"dedoose": [*made.dedoose_rows()[0], f"Code: {gap} Applied"], "matrix": ["", f"A : {gap}"]}
    path = tmp_path / ("x.txt" if kind == "report" else "x.csv")
    if kind == "report":
        path.write_text(f"{gap}\n{gap}", encoding="utf-8")
    else:
        made.text_table(path, [heads[kind], [gap] * len(heads[kind])])
    with contextlib.suppress(StudyError):
        interviews.read(path)


def test_themes_that_name_each_other_as_parent_end(tmp_path):
    rows = [["document", "code", "parent"], ["Ann", "a", "b"], ["Ann", "b", "a"], ["Ann", "c", "c"]]
    found = interviews.read(made.text_table(tmp_path / "p.csv", rows))
    assert found.codes["path"].tolist() == ["b", "b > a", "a", "a > b", "c"]
    assert interviews.presence(found).loc["Ann"].all()


CELLS = st.text("ab,;\t\"'\n\\>:1=\x00é🙂", max_size=8)


@given(st.lists(st.lists(CELLS, max_size=5), max_size=6), st.sampled_from(["", *"pmdta"]))
@settings(max_examples=80, deadline=None)
def test_a_table_of_anything_is_read_or_refused(tmp_path_factory, rows, kind):
    heads = {"p": made.plain_rows()[0], "m": made.maxqda_rows()[0], "d": made.dedoose_rows()[0]}
    heads |= {"t": made.taguette_rows()[0], "a": made.ATLASTI}
    rows = [heads[kind], *rows] if kind else rows
    path = made.text_table(tmp_path_factory.mktemp("any") / "x.csv", rows)
    with contextlib.suppress(StudyError):  # any other error fails the test
        found = interviews.read(path)
        interviews.presence(found)
        interviews.write_qdpx(found, path.with_name("q.qdpx"))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_spoilt_workbook_or_database_is_read_or_refused(tmp_path_factory, built, data):
    folder = tmp_path_factory.mktemp("spoilt")
    path = built[data.draw(st.sampled_from(sorted(built)))]
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(16, len(content) - 1))] = data.draw(st.integers(0, 255))
    spoilt = folder / f"spoilt{path.suffix}"
    spoilt.write_bytes(bytes(content))
    with contextlib.suppress(StudyError):
        interviews.read(spoilt)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> dict[str, Path]:
    """Files built once: writing a database waits for the disk."""
    names = ["Taguette database", "QualCoder, the file alone", "MAXQDA exchange file", "RQDA"]
    names.append("plain workbook of Taguette")
    return {name: made.EXPORTS[name](tmp_path_factory.mktemp("built")) for name in names}


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_any_value_in_a_database_is_read_or_refused(tmp_path_factory, built, data):
    name = data.draw(
        st.sampled_from(["Taguette database", "QualCoder, the file alone", "MAXQDA exchange file", "RQDA"])
    )
    path = tmp_path_factory.mktemp("values") / built[name].name
    path.write_bytes(built[name].read_bytes())
    values = st.one_of(
        st.none(), st.integers(-(2**62), 2**62), st.floats(), st.text(max_size=4), st.binary(max_size=4)
    )
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA synchronous = OFF")
        tables = [t for (t,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        table = data.draw(st.sampled_from(tables))
        columns = [c[1] for c in database.execute(f"PRAGMA table_info({table})")]
        column = data.draw(st.sampled_from(columns))
        with contextlib.suppress(sqlite3.Error):
            database.execute(f"UPDATE {table} SET {column} = ?", (data.draw(values),))
    database.close()
    with contextlib.suppress(StudyError):
        interviews.presence(interviews.read(path))


# --- told apart from each other ----------------------------------------------------------------------------


def test_a_table_with_a_coder_is_plain_whatever_its_other_headers(tmp_path):
    rows = [
        ["Document name", "Document group", "Code", "Segment", "Coder"],
        ["Ann", "x", "a > b", "w", "Kim"],
    ]
    found = interviews.read(made.text_table(tmp_path / "p.csv", rows))
    assert found.codings["coder"].tolist() == ["Kim"]
    assert found.codes["path"].tolist() == ["a", "a > b"]
    rows = [["ID", "Document", "Quotation", "Codes", "Participant"], ["1:1", "talk", "w", "a", "Ann"]]
    found = interviews.read(made.text_table(tmp_path / "q.csv", rows))
    assert found.participants["participant"].tolist() == ["Ann"]


def test_maxqda_columns_may_be_hidden(tmp_path):
    rows = [[row[3], row[4], row[8]] for row in made.maxqda_rows("de")]
    found = interviews.read(made.workbook(tmp_path / "m.xlsx", x=rows))
    check_presence(found)
    assert detail(found, "tool").startswith("MAXQDA")


def test_maxqda_code_matrix_has_codes_in_the_rows(tmp_path):
    n = made.counts()
    rows = [["Code System", *made.SPOKE, "SUM"]]
    rows += [[" > ".join(made.PATHS[c]), *(n[p, c] for p in made.SPOKE), 0] for c in made.PATHS]
    rows.append(["SUM", 0, 0, 0, 0])
    found = interviews.read(made.workbook(tmp_path / "m.xlsx", x=rows))
    check_presence(found)
    assert said(found, "dropped")["rows and columns of totals"] == 2


def test_a_crosstab_of_groups_is_refused(tmp_path):
    rows = [["", "A : Person:role = nurse", "B : Person:role = manager"], ["1 : Codes\\\\x", 2, 3]]
    refused(made.workbook(tmp_path / "n.xlsx", x=rows), "groups, not interviewees: 'Person:role = nurse'")


def test_taguette_parents_of_tags_are_read_where_the_file_has_them(tmp_path):
    path = made.taguette_file(tmp_path / "t.sqlite3")
    with sqlite3.connect(path) as data:
        data.execute("ALTER TABLE tags ADD COLUMN parent_id INTEGER")
        data.execute("UPDATE tags SET parent_id = 1 WHERE path = 'less cost'")
    data.close()
    found = interviews.read(path)
    assert found.codes.set_index("code")["parent"].to_dict() == {
        "health gain": "", "less cost": "health gain", "who decides": "",
    }  # fmt: skip


def test_the_tool_of_a_refi_project_is_named(tmp_path):
    found = interviews.read(made.EXPORTS["QualCoder"](tmp_path))
    again = interviews.read(interviews.write_qdpx(found, tmp_path / "x.qdpx"))
    assert detail(again, "tool") == "REFI-QDA Project, written by vbhc"

"""Who counts as interviewed, what is one thing under two names, and what a file loses: nothing in silence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from vbhc import interviews
from vbhc.interviews.participants import with_one_name
from vbhc.interviews.tables import Interviews
from vbhc.problems import StudyError

TEXT = "The cost is high and time runs out.\n"


def guid(n: int) -> str:
    return f"00000000-0000-0000-0000-{n:012d}"


def talk(n: int, name: str, places: str = "", text: str = TEXT) -> str:
    body = f"<PlainTextContent>{text}</PlainTextContent>{places}"
    return f'<TextSource guid="{guid(n)}" name="{name}">{body}</TextSource>'


def place(n: int, start: int, end: int, code: int = 11, user: int = 1) -> str:
    ref = f'<CodeRef targetGUID="{guid(code)}"/>'
    coding = f'<Coding guid="{guid(n + 5000)}" creatingUser="{guid(user)}">{ref}</Coding>'
    ends = f'startPosition="{start}" endPosition="{end}"'
    return f'<PlainTextSelection guid="{guid(n)}" {ends}>{coding}</PlainTextSelection>'


def case(n: int, name: str, *sources: int) -> str:
    refs = "".join(f'<SourceRef targetGUID="{guid(s)}"/>' for s in sources)
    return f'<Case guid="{guid(n)}" name="{name}">{refs}</Case>'


def project(folder: Path, sources: str, cases: str = "", users: tuple[str, ...] = ("Kim", "Lou")) -> Path:
    """Write a bare REFI-QDA project with the codes Cost (11) and Time (12)."""
    people = "".join(f'<User guid="{guid(n)}" name="{name}"/>' for n, name in enumerate(users, 1))
    codes = "".join(f'<Code guid="{guid(n)}" name="{c}"/>' for n, c in ((11, "Cost"), (12, "Time")))
    inside = f"<Users>{people}</Users><CodeBook><Codes>{codes}</Codes></CodeBook>"
    inside += f"<Cases>{cases}</Cases>" * bool(cases) + f"<Sources>{sources}</Sources>"
    path = folder / "x.qde"
    path.write_text(f'<Project xmlns="urn:QDA-XML:project:1.0" name="x">{inside}</Project>', encoding="utf-8")
    return path


def said(found: Interviews, item: str) -> int:
    return int(found.report.loc[found.report["item"] == item, "n"].sum())


def test_managers_who_were_never_interviewed_change_no_count(tmp_path):
    """4 of 4 stays 4 of 4: twelve names in a table are no interviews (Fisher's p 1, not .014)."""
    sources = "".join(talk(100 + n, f"P{n}", place(n, 4, 8)) for n in range(8))
    rows = [(f"P{n}", "clinician" if n < 4 else "manager") for n in range(8)]
    rows += [(f"P{n}", "manager") for n in range(90, 102)]
    people = pd.DataFrame(rows, columns=["participant", "role"])
    found = interviews.read(project(tmp_path, sources), people)
    assert interviews.groups(found, "role").value_counts().to_dict() == {"clinician": 4, "manager": 4}
    assert len(found.left_out) == 12
    assert interviews.presence(found)["Cost"].sum() == 8


def test_where_only_passages_are_listed_nobody_is_left_out(tmp_path):
    """A table of passages does not tell who was interviewed and raised nothing: a check asks."""
    table = tmp_path / "x.csv"
    table.write_text("participant,code,text\nP1,Cost,dear\n", encoding="utf-8")
    found = interviews.read(table, pd.DataFrame({"participant": ["P1", "P2"]}))
    assert found.participants["participant"].tolist() == ["P1", "P2"]
    assert said(found, "interviewees without an interview") == 1
    assert not found.lists_sources


def test_copies_of_one_document_by_two_coders_are_one(tmp_path):
    sources = "".join(
        talk(100 + 10 * n + user, f"Interview {n}", place(1000 + 10 * n + user, 4, 8, user=user))
        for n in range(3)
        for user in (1, 2)
    )
    found = interviews.read(project(tmp_path, sources, case(50, "Ann", 102)))
    assert found.documents["doc"].tolist() == ["Interview 0", "Interview 1", "Interview 2"]
    assert found.participants["participant"].tolist() == ["Ann", "Interview 1", "Interview 2"]
    assert len(found.segments) == 3
    assert found.codings.groupby("seg")["coder"].nunique().tolist() == [2, 2, 2]
    assert said(found, "copies of a document") == 3


def test_two_coders_of_one_name_stay_two(tmp_path):
    sources = talk(100, "I1", place(1, 4, 8, user=1) + place(2, 4, 8, user=2))
    found = interviews.read(project(tmp_path, sources, users=("Anna", "Anna")))
    assert sorted(found.codings["coder"]) == ["Anna", "Anna (2)"]
    assert said(found, "coders of the same name") == 1


def test_a_focus_group_in_two_cases_counts_for_neither_and_is_said(tmp_path):
    sources = talk(101, "I1", place(1, 4, 8)) + talk(102, "I2") + talk(103, "Focus", place(2, 21, 25, 12))
    cases = case(51, "Ann", 101, 103) + case(52, "Ben", 102, 103)
    found = interviews.read(project(tmp_path, sources, cases))
    assert interviews.presence(found).loc["Ben"].tolist() == [False, False]
    assert not interviews.presence(found)["Time"].any()
    assert said(found, "group interviews of which nobody is the speaker") == 1


def test_a_hospital_is_no_person_of_a_group_interview(tmp_path):
    sources = talk(101, "I1", place(1, 4, 8)) + talk(102, "I2", place(2, 4, 8))
    cases = case(51, "Ann", 101) + case(52, "Ben", 102) + case(53, "North", 101, 102)
    found = interviews.read(project(tmp_path, sources, cases))
    assert found.participants["also_in"].tolist() == ["North", "North"]


def test_the_same_words_at_another_second_are_another_passage(tmp_path):
    """A paragraph that says it twice: MAXQDA gives paragraphs, no letters, and the second of each coding."""
    rows = ["Document group,Document name,Code,Begin,End,Segment,Created by,Created"]
    rows += [f"G,I1,Cost,3,3,dear,AB,2024-05-01T10:00:{s}" for s in ("01", "09", "09")]
    rows += ["G,I1,Time,3,3,dear,AB,2024-05-01T10:01:00"]
    (tmp_path / "x.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = interviews.read(tmp_path / "x.csv")
    assert found.codings["code"].tolist() == ["Cost", "Time", "Cost"]
    assert said(found, "codings that repeat another") == 1
    assert found.codings["seg"].nunique() == 2  # Time stands on the first of the two


def test_lost_codings_are_counted(tmp_path):
    sources = talk(101, "I1", place(1, 4, 8, code=99) + place(2, 21, 25))
    found = interviews.read(project(tmp_path, sources, case(51, "Ann", 101, 777)))
    assert interviews.lost_codings(found) == [
        "1 references of cases to sources that are not there",
        "1 codings with a code that is not in the code book",
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Interview;Zitat;Kategorie;Kodierer\nI1;teuer;Kosten;AB\n", ["Kosten"]),
        (
            "Interview;Zitat;Kategorie;Unterkategorie\nI1;teuer;Kosten;Zeit\nI1;gut;Kosten;\n",
            ["Kosten", "Kosten > Zeit"],
        ),
        ("Interview;Kosten;Zeit\nI1;x;\nI2;;X\nI3;;\n", ["Kosten", "Zeit"]),
        ("Interview,Text,Code 1,Code 2,Code 3\nI1,dear,Cost,Time,\nI2,slow,Time,,\n", ["Cost", "Time"]),
    ],
)
def test_tables_that_people_make_are_read(tmp_path, text, codes):
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    found = interviews.read(tmp_path / "x.csv")
    table = found.codings.merge(found.codes, on="code")
    assert sorted(set(table["path"])) == codes


@pytest.mark.parametrize("ending", ["mx24", "nvpx", "atlproj", "hpr7"])
def test_a_closed_project_is_told_its_way_out(tmp_path, ending):
    (tmp_path / f"x.{ending}").write_bytes(b"\x00\x01")
    with pytest.raises(StudyError, match=r"export it as REFI-QDA \(\.qdpx\)"):
        interviews.read(tmp_path / f"x.{ending}")


SPELT = """participant,role,code,text,coder
P1,nurse,Cost,a,AB
P1,nurse,cost,a,ab
P2,Nurse,COST,b,AB
P2,Nurse,Time,b,AB
"""


def test_one_name_for_one_thing_as_the_study_declares(tmp_path):
    (tmp_path / "x.csv").write_text(SPELT, encoding="utf-8")
    found = interviews.read(tmp_path / "x.csv")
    assert list(found.codes["code"]) == ["Cost", "cost", "COST", "Time"]
    joined = with_one_name(found, {"cost": "Cost", "COST": "Cost", "ab": "AB", "Nurse": "nurse"})
    assert list(joined.codes["code"]) == ["Cost", "Time"]
    assert joined.codings[["seg", "code", "coder"]].to_numpy().tolist() == [
        ["S00001", "Cost", "AB"],
        ["S00002", "Cost", "AB"],
        ["S00002", "Time", "AB"],
    ]
    assert joined.participants["role"].tolist() == ["nurse", "nurse"]
    one = with_one_name(found, {"P2": "P1", "cost": "Money", "COST": "Money"})
    assert list(one.participants["participant"]) == ["P1"]
    assert list(one.codes["label"]) == ["Cost", "Money", "Time"]
    assert interviews.code_counts(one).loc["P1"].tolist() == [1, 2, 1]
    with pytest.raises(StudyError, match="no name 'Costs'"):
        with_one_name(found, {"Costs": "Cost"})

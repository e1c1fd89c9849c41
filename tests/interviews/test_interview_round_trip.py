"""Whatever is written is read: random projects in random dialects, and nothing is dropped unsaid."""

from __future__ import annotations

import random
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest
from dialects import Dialect, write_in
from hypothesis import given, settings
from hypothesis import strategies as st
from refi_schema import NAMESPACE, schema_faults
from test_interviews import codebook, lines, number, package, qde, selection, source

from vbhc import interviews
from vbhc.interviews.offsets import Convention
from vbhc.interviews.tables import COLUMNS, Interviews
from vbhc.problems import StudyError

WORDS = ["value", "cost", "patiënt", "för", "🙂", "care", "is", "мы", "价值", "we", "later", "œuvre", "and"]
LEVELS = ["gain", "pain", "a/b", "cost: ward", "x", "ü"]


def random_project(seed: int) -> Interviews:
    """People, texts with every kind of letter, a tree with names that repeat, several coders."""
    rng = random.Random(seed)
    people = [f"P{n}" for n in range(rng.randint(1, 4))]
    documents, segments, codings = [], [], []
    codes = _random_codes(rng)
    usable = [row["code"] for row in codes if row["codable"]]
    for person in people:
        words = [rng.choice(WORDS) for _ in range(rng.randint(20, 60))]
        text, borders = "", [0]
        for word in words:
            text += word + rng.choice([" ", " ", "\n", ", "])
            borders.append(len(text))
        documents.append({"doc": person, "participant": person, "kind": "text", "text": text})
        places = set()
        for _ in range(rng.randint(4, 12)):
            first = rng.randrange(len(words) - 4)
            last = first + rng.randint(0, 4)
            places.add((borders[first], borders[last] + len(words[last])))
        for start, end in sorted(places):
            seg = f"S{len(segments) + 1:05d}"
            row = {"seg": seg, "doc": person, "participant": person, "start": start, "end": end}
            segments.append(row | {"text": text[start:end], "comment": rng.choice(["", "odd"]), "guid": ""})
            for code in rng.sample(usable, rng.randint(0, min(3, len(usable)))):
                for coder in rng.sample(["Kim", "Lou", "Max"], rng.randint(1, 2)):
                    when = f"2024-05-{rng.randint(1, 28):02d}T10:00:00Z"
                    codings.append({"seg": seg, "code": code, "coder": coder, "when": when})
    attributes = {"role": [rng.choice("nm") for _ in people], "years": [rng.randint(0, 40) for _ in people]}
    attributes["leads"] = [n % 2 == 0 for n in range(len(people))]
    table = pd.DataFrame(codings, columns=COLUMNS["codings"])
    table["when"] = pd.to_datetime(table["when"], utc=True)
    docs = pd.DataFrame(documents).assign(n_chars=lambda d: d["text"].str.len())
    return Interviews(
        pd.DataFrame(
            {"participant": people, **attributes, "leads": [n % 2 == 0 for n in range(len(people))]}
        ),
        docs[COLUMNS["documents"]],
        pd.DataFrame(codes)[COLUMNS["codes"]],
        pd.DataFrame(segments)[COLUMNS["segments"]].astype({"start": "Int64", "end": "Int64"}),
        table,
        pd.DataFrame(columns=COLUMNS["report"]),
    )


def _random_codes(rng: random.Random) -> list[dict]:
    paths: list[tuple[str, ...]] = []
    for _ in range(rng.randint(1, 8)):
        above = rng.choice([(), *paths])
        path = (*above, rng.choice(LEVELS))
        if path not in paths and len(path) < 5:
            paths.append(path)
    paths.sort()
    names = [p[-1] for p in paths]
    code = {p: p[-1] if names.count(p[-1]) == 1 else " > ".join(p) for p in paths}
    common = {"definition": "what it is", "sets": "", "colour": "", "guid": ""}
    return [
        {"code": code[p], "parent": code.get(p[:-1], ""), "label": p[-1], "path": " > ".join(p)}
        | {"theme": code[p[:1]], "codable": rng.random() < 0.8 or n == 0}
        | common
        for n, p in enumerate(paths)
    ]


UNITS = st.sampled_from(["characters", "UTF-16 units", "UTF-8 bytes"])
ANY_DIALECT = st.builds(
    Dialect,
    folder=st.sampled_from(["sources", "Sources"]),
    named_cases=st.booleans(),
    bom=st.booleans(),
    project_file=st.sampled_from(["project.qde", "My study.qde"]),
    inline_text=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n"]),
    counting=st.builds(
        Convention,
        UNITS,
        st.sampled_from(["as in the file", "one"]),
        bom=st.just(False),
        inclusive=st.just(False),
    ),
    braces=st.booleans(),
    dates=st.booleans(),
    cases_among_codes=st.booleans(),
)


@given(st.integers(0, 10_000), ANY_DIALECT)
@settings(max_examples=25, deadline=None)
def test_a_random_project_in_a_random_dialect_is_read_as_written(tmp_path_factory, seed, dialect):
    if dialect.inline_text:  # XML has one line end and no byte-order mark in the middle
        dialect = dialect._replace(line_end="\n", bom=False)
    study = random_project(seed)
    folder = tmp_path_factory.mktemp("round")
    found = interviews.read(write_in(dialect, study, folder / "x.qdpx"))
    pd.testing.assert_frame_equal(found.participants, study.participants, check_dtype=False)
    pd.testing.assert_frame_equal(found.documents, study.documents, check_dtype=False)
    columns = [c for c in COLUMNS["codes"] if c != "guid"]
    pd.testing.assert_frame_equal(found.codes[columns], study.codes[columns], check_dtype=False)
    spoken = [c for c in COLUMNS["segments"] if c != "guid"]
    pd.testing.assert_frame_equal(found.segments[spoken], study.segments[spoken], check_dtype=False)
    keys = ["seg", "code", "coder"] + (["when"] if dialect.dates else [])
    left, right = (t.codings[keys].sort_values(keys, ignore_index=True) for t in (found, study))
    pd.testing.assert_frame_equal(left, right, check_dtype=False)
    pd.testing.assert_frame_equal(interviews.presence(found), interviews.presence(study))
    lost = found.report[found.report["status"] == "dropped"]
    cases = len(study.participants) if dialect.cases_among_codes else 0
    assert dict(zip(lost["item"], lost["n"], strict=True)) == (
        {"codes that are cases": cases} if cases else {}
    )


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_a_random_project_is_written_valid(tmp_path_factory, seed):
    study = random_project(seed)
    folder = tmp_path_factory.mktemp("valid")
    with zipfile.ZipFile(interviews.write_qdpx(study, folder / "x.qdpx")) as archive:
        assert schema_faults(ElementTree.fromstring(archive.read("project.qde"))) == []


def test_each_coder_has_a_selection_of_their_own_and_the_place_stays_one(tmp_path):
    """QualCoder takes the coder from the selection; without one it keeps a single coding of two coders."""
    place = selection(10, 0, 5, 100)
    for n in (20, 21):
        mark = f'<Coding guid="{number(n)}" creatingUser="{number(n + 5)}">'
        place = place.replace(
            "</PlainTextSelection>",
            f'{mark}<CodeRef targetGUID="{number(100)}"/></Coding></PlainTextSelection>',
        )
    users = "".join(f'<User guid="{number(n)}" name="{who}"/>' for n, who in ((25, "Kim"), (26, "Lou")))
    body = source(1, "talk", "<PlainTextContent>Hello there</PlainTextContent>" + place)
    inside = f"<Users>{users}</Users>" + codebook("x") + f"<Sources>{body}</Sources>"
    found = interviews.read(package(tmp_path / "x.qdpx", qde(inside)))
    path = interviews.write_qdpx(found, tmp_path / "y.qdpx")
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
    assert schema_faults(root) == []
    names = {user.get("guid"): user.get("name") for user in root.iter(f"{{{NAMESPACE}}}User")}
    marked = root.findall(f".//{{{NAMESPACE}}}PlainTextSelection")
    assert [names[one.get("creatingUser")] for one in marked] == ["not stated", "Kim", "Lou"]
    again = interviews.read(path)
    assert (len(again.segments), len(again.codings)) == (1, 3)
    pd.testing.assert_frame_equal(again.codings, found.codings)


# --- identifiers that identify nothing ---------------------------------------------------------------------


def test_sources_that_share_a_guid_or_lack_one_keep_their_own_words(tmp_path):
    bodies = [f"<PlainTextContent>{who} speaks</PlainTextContent>" for who in ("Ann", "Ben", "Cleo", "Dov")]
    places = [selection(20 + n, 0, 3, 100 + n % 2) for n in range(4)]
    sources = "".join(source(1, f"t{n}", b + p) for n, (b, p) in enumerate(zip(bodies, places, strict=True)))
    sources = sources.replace(f'guid="{number(1)}" name="t2"', 'name="t2"')
    project = qde(codebook("x", "y") + f"<Sources>{sources}</Sources>")
    found = interviews.read(package(tmp_path / "x.qdpx", project))
    assert found.segments[["participant", "text"]].to_numpy().tolist() == [
        ["t0", "Ann"], ["t1", "Ben"], ["t2", "Cle"], ["t3", "Dov"],
    ]  # fmt: skip
    assert lines(found, "warning")["sources without a GUID of their own"] == 3


def test_a_coding_that_names_no_code_finds_none(tmp_path):
    codes = '<CodeBook><Codes><Code name="x" isCodable="true"/></Codes></CodeBook>'
    place = selection(10, 0, 5, 100).replace(f'<CodeRef targetGUID="{number(100)}"/>', "")
    body = source(1, "talk", "<PlainTextContent>Hello there</PlainTextContent>" + place)
    found = interviews.read(package(tmp_path / "x.qdpx", qde(codes + f"<Sources>{body}</Sources>")))
    assert found.codings.empty
    assert lines(found, "dropped")["codings with a code that is not in the code book"] == 1
    assert lines(found, "warning")["codes without a GUID of their own"] == 1


# --- nothing is dropped in silence -------------------------------------------------------------------------


def test_what_has_no_place_in_a_text_is_written_on_the_whole_source(tmp_path):
    """A code on a picture has no characters; its presence must survive writing."""
    picture = f'<PictureSource guid="{number(5)}" name="photo" path="internal://a.png"><PictureSelection '
    picture += f'guid="{number(6)}" firstX="0" firstY="0" secondX="9" secondY="9"><Coding guid="{number(7)}">'
    picture += f'<CodeRef targetGUID="{number(100)}"/></Coding></PictureSelection></PictureSource>'
    inside = codebook("x") + f"<Sources>{picture}</Sources>"
    found = interviews.read(package(tmp_path / "x.qdpx", qde(inside), {"sources/a.png": b"png"}))
    assert interviews.presence(found).loc["photo", "x"]
    path = interviews.write_qdpx(found, tmp_path / "y.qdpx")
    with zipfile.ZipFile(path) as archive:
        assert schema_faults(ElementTree.fromstring(archive.read("project.qde"))) == []
    assert interviews.presence(interviews.read(path)).loc["photo", "x"]


def test_notes_and_links_are_counted_and_not_used(tmp_path):
    body = "<PlainTextContent>Hello there</PlainTextContent>" + selection(10, 0, 5, 100)
    note = f'<Note guid="{number(30)}" name="n"><PlainTextContent>note</PlainTextContent></Note>'
    link = f'<Link guid="{number(40)}" originGUID="{number(30)}" targetGUID="{number(10)}"/>'
    inside = codebook("x") + f"<Sources>{source(1, 'talk', body)}</Sources><Notes>{note}</Notes>"
    found = interviews.read(package(tmp_path / "x.qdpx", qde(inside + f"<Links>{link}</Links>")))
    assert lines(found, "dropped") == {"notes": 1, "links": 1}


def test_a_recording_without_a_name_takes_that_of_its_transcript(tmp_path):
    """ATLAS.ti leaves the name of a recording empty."""
    inside = (
        f'<AudioSource guid="{number(1)}" name="" path="internal://1.mp3"><Transcript guid="{number(2)}" '
    )
    inside += 'name="Talk with Ann"><PlainTextContent>Hello</PlainTextContent></Transcript></AudioSource>'
    found = interviews.read(package(tmp_path / "x.qdpx", qde(f"<Sources>{inside}</Sources>")))
    assert found.documents["doc"].tolist() == ["Talk with Ann"]


def test_who_last_changed_a_coding_stands_in_for_who_made_it(tmp_path):
    who = f'modifyingUser="{number(8)}" modifiedDateTime="2024-05-01T10:00:00Z"'
    place = selection(10, 0, 5, 100).replace("<PlainTextSelection", f"<PlainTextSelection {who}")
    body = source(1, "talk", "<PlainTextContent>Hello there</PlainTextContent>" + place)
    users = f'<Users><User guid="{number(8)}" name="Kim"/></Users>'
    project = qde(users + codebook("x") + f"<Sources>{body}</Sources>")
    found = interviews.read(package(tmp_path / "x.qdpx", project))
    assert found.codings["coder"].tolist() == ["Kim"]
    assert found.codings["when"].dt.year.tolist() == [2024]


def test_variables_of_every_type_keep_their_values(tmp_path):
    """Whole and decimal numbers and truth as such; dates and all else as the file writes them."""
    kinds = {
        "Text": ("TextValue", "20-29"), "Boolean": ("BooleanValue", "1"), "Integer": ("IntegerValue", "-3"),
        "Float": ("FloatValue", "2.5"), "Date": ("DateValue", "2024-05-01"),
        "DateTime": ("DateTimeValue", "2024-05-01T10:00:00Z"),
    }  # fmt: skip
    variables, values = "", ""
    for n, (kind, (tag, value)) in enumerate(kinds.items(), 20):
        variables += f'<Variable guid="{number(n)}" name="{kind}" typeOfVariable="{kind}"/>'
        values += (
            f'<VariableValue><VariableRef targetGUID="{number(n)}"/><{tag}>{value}</{tag}></VariableValue>'
        )
    case = f'<Case guid="{number(9)}" name="Ann">{values}<SourceRef targetGUID="{number(1)}"/></Case>'
    body = source(1, "talk", "<PlainTextContent>Hello</PlainTextContent>")
    inside = f"<Variables>{variables}</Variables><Cases>{case}</Cases><Sources>{body}</Sources>"
    row = interviews.read(package(tmp_path / "x.qdpx", qde(inside))).participants.iloc[0]
    assert row.tolist() == ["Ann", "20-29", True, -3, 2.5, "2024-05-01", "2024-05-01T10:00:00Z"]


def test_a_code_tree_that_is_too_deep_is_refused_and_a_deep_one_read(tmp_path):
    def tree(depth: int) -> str:
        opened = "".join(f'<Code guid="{number(n + 1)}" name="c{n}" isCodable="true">' for n in range(depth))
        return qde(f"<CodeBook><Codes>{opened}{'</Code>' * depth}</Codes></CodeBook>")

    found = interviews.read(package(tmp_path / "x.qdpx", tree(60)))
    assert found.codes["path"].str.count(" > ").max() == 59
    with pytest.raises(StudyError, match="nested deeper than 100"):
        interviews.read(package(tmp_path / "y.qdpx", tree(5_000)))

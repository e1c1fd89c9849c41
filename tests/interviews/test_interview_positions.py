"""Positions of marked places are understood in whatever way a tool counted them."""

from __future__ import annotations

import pytest
from dialects import Dialect, write_in
from hypothesis import given, settings
from hypothesis import strategies as st
from test_interviews import codebook, lines, package, qde, selection, small_study, source

from vbhc import interviews
from vbhc.interviews.offsets import (
    CONVENTIONS,
    SLOPPY,
    Convention,
    Fit,
    Marked,
    conventions,
    detect,
    plain_text,
    ruler,
    score,
)
from vbhc.interviews.tables import Report

TALK = "Ann says yes to all.\r\nBen said no again.\r\nThen both left, late.\r\nNobody cared much."


def marked(text: str, words: list[str], convention: Convention) -> list[tuple[int, int]]:
    """Positions of some words as a convention counts them."""
    found = plain_text(text)
    count = ruler(found, convention)
    places = []
    for word in words:
        at = found.plain.index(word)
        end = int(count.counted(at + len(word))) - convention.inclusive
        places.append((int(count.counted(at)), end))
    return places


@given(
    st.text(alphabet="ab ö🙂文\n", min_size=1, max_size=40), st.sampled_from(CONVENTIONS), st.integers(-9, 99)
)
@settings(max_examples=80, deadline=None)
def test_any_position_falls_on_the_character_it_lies_in(body, convention, position):
    """The ruler agrees with counting one character after the other."""
    text = plain_text(body.replace("\n", "\r\n"))
    count = ruler(text, convention)
    table = [int(n) for n in count.counted(list(range(len(text.plain) + 1)))]
    slow = max((i for i, n in enumerate(table) if n <= position), default=0)
    assert int(count.plain(position)) == slow
    assert count.before[-1] == table[-1]


def fitted(text: str, *places: tuple[int, int]) -> Fit:
    """What fits these places of one text best, no words quoted."""
    return detect([score(Marked(plain_text(text), list(places), [""] * len(places)))], len(places))


def test_an_end_that_names_the_last_character_is_told_by_cut_words():
    words = ["says yes", "said no", "both left"]
    places = marked(TALK, words, Convention(inclusive=True))
    report = Report()
    found = conventions({"x": Marked(plain_text(TALK), places, [""] * len(places))}, report)
    assert found == {"x": Convention(inclusive=True)}
    assert "the end is the last character; 100%" in report.frame()["detail"][0]


def test_selections_of_whole_paragraphs_do_not_look_wrong():
    """Paragraphs taken with their line end are untidy, yet no word is cut: the standard count stays."""
    best, fit, _ = fitted("One two.\nThree four.\nFive six.\n", (0, 9), (9, 21), (21, 31))
    assert (best, fit) == (Convention(), pytest.approx((1 + SLOPPY) / 2))


def test_letters_without_blanks_between_words_are_never_cut():
    assert [fitted(text, (1, 3)).score for text in ("价值是什么", "value")] == [1, 0]


@pytest.mark.parametrize("convention", [Convention(inclusive=True), Convention("UTF-16 units", "one", True)])
def test_a_project_counted_like_that_is_read_back(tmp_path, convention):
    study = small_study()
    text = study.documents.loc[0, "text"]
    words = ["What is", "value", "Better lives", "för alla", "And fewer", "stays in", "hospital"]
    places = [(text.index(w), text.index(w) + len(w)) for w in words]
    table = study.segments.iloc[[0] * len(words)].reset_index(drop=True)
    table["start"], table["end"] = [s for s, _ in places], [e for _, e in places]
    table["seg"] = [f"S{n:05d}" for n in range(len(words))]
    study = study._replace(segments=table.assign(text=words, guid=""), codings=study.codings.iloc[:0])
    dialect = Dialect(line_end="\r\n", bom=True, counting=convention)
    found = interviews.read(write_in(dialect, study, tmp_path / "x.qdpx"))
    assert found.segments["text"].tolist() == words


def test_one_document_may_count_in_another_way_than_the_rest(tmp_path):
    """A project merged from two tools: most documents by one count, one by another."""
    words = ["Ben said no", "Then both left", "Nobody cared"]
    plain = plain_text(TALK).plain
    ways = [Convention(newline="one")] * 3 + [Convention()]
    sources = ""
    for n, way in enumerate(ways):
        places = marked(TALK, words, way)
        inside = "".join(selection(50 * n + 10 + k, s, e, 100) for k, (s, e) in enumerate(places))
        sources += source(n + 1, f"talk {n}", "").replace(
            "></TextSource>", f' plainTextPath="internal://{n}.txt">{inside}</TextSource>'
        )
    members = {f"sources/{n}.txt": TALK.encode() for n in range(len(ways))}
    project = qde(codebook("x") + f"<Sources>{sources}</Sources>")
    found = interviews.read(package(tmp_path / "x.qdpx", project, members))
    assert found.segments["text"].tolist() == words * len(ways)
    assert lines(found, "guessed")["documents that count in another way"] == 1
    assert found.documents["text"].eq(plain).all()


@pytest.mark.parametrize(
    ("start", "end", "item"),
    [
        ("-5", "3", "places outside their text"),
        ("0", "-1", "places outside their text"),
        ("3", "9999", "places outside their text"),
        ("0", "99999999999999999999", "PlainTextSelection without a place in a text"),
        ("1.5", "3", "PlainTextSelection without a place in a text"),
        ("", "", "PlainTextSelection without a place in a text"),
        ("5", "0", "places whose ends are swapped"),
    ],
)
def test_impossible_positions_keep_the_coding_and_are_said(tmp_path, start, end, item):
    place = selection(10, 0, 1, 100).replace('"0"', f'"{start}"').replace('"1"', f'"{end}"')
    body = source(1, "talk", f"<PlainTextContent>Hello there</PlainTextContent>{place}")
    found = interviews.read(package(tmp_path / "x.qdpx", qde(codebook("x") + f"<Sources>{body}</Sources>")))
    assert interviews.presence(found).loc["talk", "x"]
    assert found.report.set_index("item").loc[item, "n"] == 1
    assert found.segments["text"].tolist() == (["Hello"] if "swapped" in item else [""])

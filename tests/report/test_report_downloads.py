"""What a reader takes along from a report, and how two reports are told apart."""

import csv
import dataclasses
import hashlib
import io
import json
import re
import shutil
import zlib

import pandas as pd
import pytest
from report_maker import Recorder, code, door_of, make_study, save, text

from vbhc import report
from vbhc.problems import StudyError
from vbhc.publish.compare import (
    Change,
    Run,
    compare,
    in_short,
    lines,
    publishable,
    read_cells,
    read_run,
    subtractable,
)
from vbhc.publish.disclosure.policies import get_policy
from vbhc.report.index import write_site
from vbhc.report.pdf import print_report
from vbhc.study.dictionary import Column

INFO = {
    "study": "small",
    "title": "A small study",
    "vbhc": "0.1.0",
    "packages": {"pandas": "3.1.1"},
    "data": {"raw/patients.csv": "cd" * 32},
    "notebooks": {"02-value-quota": {"question": "What did it buy?", "parameters": {"seed": 1}}},
}


def make(tmp_path, monkeypatch, gain=9.31, out="out", info=INFO, **config):
    recorder, study = Recorder(monkeypatch), make_study(tmp_path, authors=("A. Writer",), **config)
    study = dataclasses.replace(study, dictionary={"gain": Column("gain", "gain", "number", "points")})
    door = door_of(study)
    arms = pd.DataFrame({"arm": ["usual", "=1+1"], "n": [84, 40], "gain": [gain, -2.0]})
    door.table("by-arm", arms, "Gain by arm")
    door.sentence("answer", f"Gain is {gain} points.", role="answer")
    executed = {"02-value-quota": save(study, "02-value-quota", [text("# Q"), code("x", recorder.take())])}
    door_of(study, "06-summary").sentence("all", f"In short: {gain}.")
    executed["06-summary"] = save(study, "06-summary", [text("# S"), code("x", recorder.take())])
    report.build(study, executed, tmp_path / out, info)
    return study, tmp_path / out


def test_the_workbook_holds_every_table_with_numbers_as_numbers(tmp_path, monkeypatch):
    from openpyxl import load_workbook

    book = load_workbook(make(tmp_path, monkeypatch)[1] / "tables.xlsx")
    assert book.sheetnames == ["Contents", "Columns", "02-by-arm"]
    rows = list(book["02-by-arm"].iter_rows(values_only=True))
    assert rows == [("arm", "n", "gain"), ("usual", 84, 9.31), ("'=1+1", 40, -2)]
    assert book["02-by-arm"]["A3"].data_type == "s"  # a text, never a formula
    assert list(book["Columns"].iter_rows(values_only=True))[3] == ("02-by-arm", "gain", "gain", "points")


def a_day_later(monkeypatch) -> None:
    """Move the clock that zip files and workbooks are dated by."""
    import datetime
    import time
    import types

    import openpyxl.writer.excel as writer

    now, today = time.time, datetime.datetime

    class Tomorrow(today):
        @classmethod
        def now(cls, tz=None):
            return today.now(tz) + datetime.timedelta(days=1)

    monkeypatch.setattr(time, "time", lambda: now() + 86_400)
    moved = types.SimpleNamespace(datetime=Tomorrow, timezone=datetime.timezone)
    monkeypatch.setattr(writer, "datetime", moved)


def test_workbook_and_description_are_the_same_bytes_each_time(tmp_path, monkeypatch):
    first = make(tmp_path, monkeypatch, out="one")[1]
    a_day_later(monkeypatch)
    second = make(tmp_path, monkeypatch, out="two")[1]
    for name in ("tables.xlsx", "ro-crate-metadata.json", "findings.json", "index.html"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_the_description_lists_every_file_with_its_hash(tmp_path, monkeypatch):
    out = make(tmp_path, monkeypatch)[1]
    crate = json.loads((out / "ro-crate-metadata.json").read_text())
    graph = {entity["@id"]: entity for entity in crate["@graph"]}
    assert graph["ro-crate-metadata.json"]["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1"
    listed = {part["@id"] for part in graph["./"]["hasPart"]}
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert listed == there - {"ro-crate-metadata.json"}
    for name in listed:
        assert graph[name]["sha256"] == hashlib.sha256((out / name).read_bytes()).hexdigest()
    assert graph["#run"]["instrument"] == {"@id": "#vbhc"}
    assert graph["#A. Writer"]["@type"] == "Person"


def test_the_index_links_every_download(tmp_path, monkeypatch):
    html = (make(tmp_path, monkeypatch)[1] / "index.html").read_text()
    for name in ("tables.xlsx", "findings.json", "run.json", "ro-crate-metadata.json"):
        assert f'href="{name}" download' in html
    assert "withheld.csv" not in html


def test_two_runs_are_compared_by_data_parameters_versions_and_findings(tmp_path, monkeypatch):
    old = make(tmp_path / "a", monkeypatch)[1]
    info = {**INFO, "vbhc": "0.2.0", "data": {"raw/patients.csv": "ef" * 32}}
    info["notebooks"] = {"02-value-quota": {"question": "Q", "parameters": {"seed": 2}}}
    new = make(tmp_path / "b", monkeypatch, gain=8.5, info=info)[1]
    changes = compare(read_run(old), read_run(new))
    assert changes[:3] == [
        Change("data", "file", "raw/patients.csv", "cd" * 6, "ef" * 6),
        Change("parameters", "02-value-quota", "seed", "1", "2"),
        Change("versions", "software", "vbhc", "0.1.0", "0.2.0"),
    ]
    assert Change("findings", "02-value-quota-by-arm", "usual: gain", "9.31", "8.50") in changes
    assert "findings: 3 changes" in lines(changes)
    assert lines(compare(read_run(old), read_run(old))) == ["no difference"]


def test_folders_of_executed_notebooks_are_compared_too(tmp_path, monkeypatch):
    one, two = make(tmp_path / "a", monkeypatch)[0], make(tmp_path / "b", monkeypatch, gain=8.5)[0]
    changes = compare(read_run(one.runs), read_run(two.runs))
    assert {change.section for change in changes} == {"findings"}
    with pytest.raises(StudyError, match="no finished report and no executed notebook"):
        read_run(tmp_path)


def test_rows_of_one_name_are_told_apart():
    cells = read_cells("split,group,n\nage,all,3\nage,all,4\nsex,all,5\n")
    assert cells["age, all", "n"] == "3"
    assert cells["age, all #2", "n"] == "4"
    assert cells["sex, all", "n"] == "5"


def publish_and_run_again(tmp_path, monkeypatch, gains, **config):
    """Publish a report, then build the next ones each against the last published; return the last."""
    for gain in gains:
        study, out = make(tmp_path, monkeypatch, gain=gain, **config)
        shutil.rmtree(study.report, ignore_errors=True)
        shutil.copytree(out, study.report)
    return out


def test_the_supplement_lists_what_changed_since_the_last_published_run(tmp_path, monkeypatch):
    out = publish_and_run_again(tmp_path, monkeypatch, [9.31, 8.5])
    rows = list(csv.reader(io.StringIO((out / "changes.csv").read_text())))
    assert ["02-value-quota-by-arm", "usual: gain", "9.31", "8.50"] in rows
    assert ["02-value-quota#answer", "sentence", "Gain is 9.31 points.", "Gain is 8.5 points."] in rows
    assert not any(row[0].startswith("06-summary") for row in rows)
    html = (out / "index.html").read_text()
    assert re.search(r'id="changes".*<td[^>]*>9\.31</td><td[^>]*>8\.50</td>', html, re.DOTALL)
    page = (out / "02-value-quota.html").read_text()
    assert 'id="changes"' not in page
    assert '<a href="index.html#changes">Changes since the last run</a>' in page


def test_a_first_report_and_one_built_again_show_no_new_changes(tmp_path, monkeypatch):
    assert not (publish_and_run_again(tmp_path / "a", monkeypatch, [9.31, 9.31]) / "changes.csv").exists()
    once = publish_and_run_again(tmp_path / "b", monkeypatch, [9.31, 8.5])
    kept = {path.name: path.read_bytes() for path in once.iterdir() if path.is_file()}
    twice = publish_and_run_again(tmp_path / "b", monkeypatch, [8.5])
    assert {path.name: path.read_bytes() for path in twice.iterdir() if path.is_file()} == kept


def test_a_protected_report_names_what_changed_and_shows_no_number_of_it():
    changes = [
        Change("findings", "t", "ward B: n", "559", "556"),
        Change("findings", "t", "ward C: n", "6", "*"),  # withheld now: 5, since one person went
        Change("findings", "t", "ward B: mean", "1.50", "1.52"),  # 559 * 1.50 - 556 * 1.52 tells of three
        Change("findings", "p#s", "sentence", "r = 0.1, n = 559", "r = 0.1, n = *"),
        Change("findings", "p#words", "sentence", "It follows the outcome.", "It follows neither."),
        Change("findings", "p#gone", "sentence", "Three patients died.", ""),
        Change("findings", "u", "table", "", "12 cells"),
    ]
    shown = publishable(changes, get_policy("nhs-proms"))
    assert shown == [
        Change("findings", "t", "table", "not shown", "see there"),
        Change("findings", "p#s", "sentence", "not shown", "see there"),
        changes[4],
        Change("findings", "p#gone", "sentence", "not shown", ""),
        Change("findings", "u", "table", "", "see there"),
    ]
    assert publishable(shown, get_policy("nhs-proms")) == shown
    assert publishable(changes, get_policy("none")) == changes


def test_changes_that_stood_published_lose_their_numbers_under_a_policy(tmp_path, monkeypatch):
    publish_and_run_again(tmp_path, monkeypatch, [9.31, 8.5])
    once = publish_and_run_again(tmp_path, monkeypatch, [8.5], disclosure="nhs-proms")
    rows = list(csv.reader(io.StringIO((once / "changes.csv").read_text())))
    assert rows[1:] == [
        [place, what, "not shown", "see there"]
        for place, what in (("02-value-quota#answer", "sentence"), ("02-value-quota-by-arm", "table"))
    ]


def test_two_protected_reports_that_differ_by_a_few_people_are_pointed_out():
    old = Run({}, {}, {"t": {("A", "n"): "248", ("B", "n"): "60", ("C", "n"): "*"}}, protected=True)
    new = Run({}, {}, {"t": {("A", "n"): "247", ("B", "n"): "90", ("C", "n"): "8"}}, protected=True)
    assert subtractable(old, new) == ["t, A: n"]
    assert lines(compare(old, new))[-1] == (
        "together: 1 count differs by 1 to 9 people between the reports (first: t, A: n); "
        "whoever holds both can subtract them"
    )
    assert lines(compare(old, old)) == ["no difference"]
    assert subtractable(Run({}, {}, old.tables), new) == []


def test_the_site_lists_every_finished_report_escaped(tmp_path, monkeypatch):
    _, out = make(tmp_path, monkeypatch, info={**INFO, "title": "<b>A study</b>", "synthetic": True})
    reports = tmp_path / "reports"
    shutil.copytree(out, reports / "small")
    (reports / "half-built").mkdir()
    index, count = write_site(reports)
    html = index.read_text()
    assert count == 1
    assert "&lt;b&gt;A study" in html
    assert '<a href="small/index.html">' in html
    assert '<a href="small/02-value-quota.html">What did it buy?</a>' in html
    assert "Gain is 9.31 points." in html
    assert "default-src 'none'" in html
    assert "06-summary" not in html
    with pytest.raises(StudyError, match="no finished report"):
        write_site(tmp_path / "empty")


def test_printing_without_a_browser_says_what_is_missing(tmp_path, monkeypatch):
    _, out = make(tmp_path, monkeypatch)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(StudyError, match="no Chromium here; install chromium"):
        print_report(out, tmp_path / "pdf")


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine")
def test_every_page_is_printed(tmp_path, monkeypatch):
    _, out = make(tmp_path, monkeypatch)
    printed = print_report(out, tmp_path / "pdf")
    assert [path.name for path in printed] == ["02-value-quota.pdf", "06-summary.pdf", "index.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in printed)
    for path in printed:  # who opens it elsewhere learns nothing of this machine's folders
        content = path.read_bytes()
        streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.S)
        inside = b"".join(zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"x")
        assert inside
        assert not re.search(rb"file:|/tmp/|" + re.escape(str(tmp_path).encode()), content + inside), path
        places = [int(at) for at in re.findall(rb"^(\d{10}) 00000 n", content, re.M)]
        assert all(re.match(rb"\d+ 0 obj", content[at:]) for at in places), (
            "the index of its parts still holds"
        )
    assert b"/URI (02-value-quota.pdf)" in printed[-1].read_bytes()


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("9.31", "8.50", ("9.31", "8.50")),
        ("a b c d e f g h i", "a b c d X f g h i", ("... b c d e f g h ...", "... b c d X f g h ...")),
        ("a b c", "a b b c", ("a b c", "a b b c")),  # one word more, of which a neighbour is the same
        ("a b c d e f", "a b c", ("a b c d e f", "a b c")),
        ("", " ".join("abcdefghijklmnopqrst"), ("", "a b c d e f g h i j k l m n o p ...")),
    ],
)
def test_of_a_text_that_changed_a_page_shows_the_words_that_differ(old, new, shown):
    assert in_short(Change("findings", "p#s", "sentence", old, new))[3:] == shown

"""A finished report, read by someone who does not trust it."""

import pandas as pd
import pytest

from report_maker import Recorder, code, door_of, make_study, save, text
from vbhc import report
from vbhc.audit import audit

PAGE = "<html><meta content=\"default-src 'none'\"><p>%s</p></html>"


@pytest.fixture
def study(tmp_path):
    study = make_study(tmp_path, disclosure="nhs-proms")
    study.clean.mkdir()
    pd.DataFrame({"patient_id": ["P0001", "P0002"]}).to_parquet(study.clean / "patients.parquet")
    return study


def found(study, tmp_path, name, content):
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / name).write_text(content, encoding="utf-8")
    return [str(problem) for problem in audit(study, folder)]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("Patient P0002 said", "1 identifiers"),
        ("3 of 80 patients died", "counts too few people"),
        ("Survivors (n = 2)", "counts too few people"),
        ("Only 1 patient(s) have a cost", "counts too few people"),
        ("2 interviewees raised it", "counts too few people"),
        ("4 (5%) got worse", "counts too few people"),
        ("79 of 80 patients lived", "counts too few people"),
        ("read from /home/someone/data.csv", "a path of a machine"),
        (r"read from C:\data", "a path of a machine"),
        ('<img src="http://x.example/a.png">', "something to be loaded"),
        ('<p style="background: url(http://x.example/a)">', "a style that loads"),
        ('<b onclick="x()">', "a script that is not"),
        ("<script>1</script><script>2</script>", "a script that is not"),
        ('<div class="unmarked box">', "an output without a mark"),
        ('<svg aria-label="Bars, n = 4"></svg>', "counts too few people"),
    ],
)
def test_a_leak_in_a_page_is_named(study, tmp_path, words, problem):
    problems = found(study, tmp_path, "02-value-quota.html", PAGE % words)
    assert len(problems) == 1
    assert problem in problems[0]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("arm,n\nusual,84\nnew,3\n", "n, row 3: a count of 1 to 5"),
        ("arm,n\nusual,84\nnew,*\nall,87\n", "n: a hidden count that a total gives away"),
        ("arm,n_yes,n_no,n_all\nusual,80,*,84\n", "row 2: a hidden count that a total gives away"),
        ("check,says\na,3 of 80 patients died\n", "says, row 2: a text that counts too few people"),
        ("arm,note\nusual,=1+1\n", "note, row 2: a cell that a spreadsheet would run"),
        ("arm,patient\nusual,P0001\n", "1 identifiers"),
    ],
)
def test_a_leak_in_a_table_is_named(study, tmp_path, table, problem):
    problems = found(study, tmp_path, "t.csv", table)
    assert len(problems) == 1
    assert problem in problems[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", PAGE % "30 of 80 patients gained, r = 0.3, n = 80; see https://doi.org/10.1/x"),
        ("t.csv", "arm,n,mean\nusual,84,-3.5\nnew,*,*\nold,*,\nall,96,\n"),
    ],
)
def test_what_may_be_published_raises_no_alarm(study, tmp_path, name, content):
    assert found(study, tmp_path, name, content) == []


def test_a_file_of_an_unknown_kind_is_named(study, tmp_path):
    assert "nothing writes such a file" in found(study, tmp_path, "patients.parquet", "")[0]


def test_what_the_door_lets_out_passes_the_audit(study, tmp_path, monkeypatch):
    recorder, door = Recorder(monkeypatch), door_of(study)
    sites = pd.DataFrame({"site": list("ABCD"), "n": [120, 3, 48, 9], "mean": [1.0, 2.0, 3.0, 4.0]})
    door.table("sites", pd.concat([sites, pd.DataFrame({"site": ["all"], "n": [180]})]), "Sites")
    door.figure("sites", sites, lambda d, ax: ax.bar(d["site"], d["mean"]), "Sites", "Bars")
    door.sentence("few", "3 of 180 patients died.")
    path = save(study, "02-value-quota", [text("# Q"), code("x", recorder.take())])
    report.build(study, {"02-value-quota": path}, tmp_path / "out", {"study": "small"})
    assert audit(study, tmp_path / "out") == []

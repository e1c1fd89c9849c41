"""A finished report, read by someone who does not trust it."""

import pandas as pd
import pytest
from report_maker import Recorder, code, door_of, make_study, save, text

from vbhc import report
from vbhc.publish.disclosure.policies import get_policy
from vbhc.report.audit import audit
from vbhc.report.audit.traces import Known, in_text

PAGE = "<html><meta http-equiv=content-security-policy content=\"default-src 'none'\"><p>%s</p></html>"


@pytest.fixture
def study(tmp_path):
    study = make_study(tmp_path, disclosure="nhs-proms")
    study.clean.mkdir()
    pd.DataFrame({"patient_id": ["P0001", "P0002"]}).to_parquet(study.clean / "patients.parquet")
    return study


def found(study, tmp_path, name, content):
    folder = tmp_path / "published"
    folder.mkdir(parents=True)
    (folder / name).write_text(content, encoding="utf-8")
    return [str(problem) for problem in audit(study, folder)]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("Patient P0002 said", "the identifier '"),
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
        (
            "arm,n\nusual,84\nnew,*\nall,87\n",
            "n, row 3: a hidden count that other numbers give away: it is 3",
        ),
        (
            "arm,n_yes,n_no,n_all\nusual,80,*,84\n",
            "row 2: a hidden count that other numbers give away: it is 4",
        ),
        ("check,says\na,3 of 80 patients died\n", "says, row 2: a text that counts too few people"),
        ("arm,note\nusual,=1+1\n", "note, row 2: a cell that a spreadsheet would run"),
        ("arm,patient\nusual,P0001\n", "the identifier '"),
    ],
)
def test_a_leak_in_a_table_is_named(study, tmp_path, table, problem):
    problems = found(study, tmp_path, "t.csv", table)
    assert len(problems) == 1
    assert problem in problems[0]


def write_tables(tmp_path, **tables):
    folder = tmp_path / "published"
    folder.mkdir()
    for name, content in tables.items():
        (folder / f"{name}.csv").write_text(content)
    return folder


@pytest.mark.parametrize(
    ("one", "other", "leaks"),
    [
        ("band,n\nyoung,559\nold,900\n", "band,n\nyoung,556\nold,800\n", True),  # one group, 3 without
        ("band,n\nyoung,559\nold,900\n", "band,n\nyoung,500\nold,800\n", False),
        ("band,n\nyoung,559\nold,900\n", "place,n\nnorth,556\nsouth,300\n", True),  # most of the study
        ("band,n\nyoung,59\nold,900\n", "place,n\nnorth,56\nsouth,300\n", False),
        ("band,n\nyoung,559\nold,*\n", "band,n\nyoung,*\nold,800\n", False),
    ],
)
def test_two_tables_whose_difference_counts_too_few_are_named(study, tmp_path, one, other, leaks):
    problems = [str(problem) for problem in audit(study, write_tables(tmp_path, a=one, b=other))]
    assert any("differs by too few people" in problem for problem in problems) is leaks


def test_rounded_tables_may_differ_by_one_step(tmp_path):
    study = make_study(tmp_path, disclosure="hes")
    tables = write_tables(tmp_path, a="band,n\nyoung,560\n", b="band,n\nyoung,555\n")
    assert audit(study, tables) == []


def test_a_workbook_is_read_like_the_tables(study, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["arm", "n"])
    book.active.append(["new", 3])
    book.active.append(["P0001", 40])
    folder = tmp_path / "published"
    folder.mkdir()
    book.save(folder / "tables.xlsx")
    problems = [str(problem) for problem in audit(study, folder)]
    assert len(problems) == 3
    assert "the identifier '" in problems[0]
    assert "dc:creator: a name in its properties" in problems[1]
    assert "sheet Sheet, n, row 2: a count of 1 to 5" in problems[2]


def test_a_leak_fails_the_build(study, tmp_path, monkeypatch):
    from vbhc.report.markdown import ReportError

    recorder = Recorder(monkeypatch)
    door_of(study).sentence("fine", "90 patients.")
    cells = [text("# Q\n\n## The pilot\nIn the pilot 3 patients died."), code("x", recorder.take())]
    path = save(study, "02-value-quota", cells)
    with pytest.raises(
        ReportError, match=r"may not:\n02-value-quota.html, \S+: a sentence that counts too few"
    ):
        report.build(study, {"02-value-quota": path}, tmp_path / "out", {"study": "small"})


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


@pytest.mark.parametrize(
    ("first", "second", "leaks"),
    [
        ([100, 103], [103], 1),  # 103 stands in both: 100 in one and 103 in the other tell of three
        ([100, 103], [90], 0),
        ([103], [103], 0),
        ([100], [103], 1),
    ],
)
def test_every_pair_of_files_is_compared_though_a_count_stands_in_both(study, tmp_path, first, second, leaks):
    folder = tmp_path / "published"
    folder.mkdir()
    for name, counts in (("a", first), ("b", second)):
        rows = "".join(f"row {name} {count},{count}\n" for count in counts)
        (folder / f"{name}.csv").write_text(f"group,n\n{rows}")
    study.clean.joinpath("patients.parquet").unlink()
    assert len(audit(study, folder)) == leaks


def test_means_of_nearly_one_group_are_found_among_many_of_the_same_size(study, tmp_path):
    folder = tmp_path / "published"
    folder.mkdir()
    for place, n in enumerate([40, 40, 40, 43, 60]):
        (folder / f"{place}.csv").write_text(f"group,n,mean\nyoung,{n},1.{place}\nold,500,2.0\n")
    problems = [str(problem) for problem in audit(study, folder) if "mean of a group" in problem.found]
    assert sorted(problem.split(",")[0] for problem in problems) == ["0.csv", "1.csv", "2.csv"]
    assert all("3.csv" in problem for problem in problems)


def test_numbers_of_drawings_are_no_identifiers_and_a_real_one_is_named_with_its_place(tmp_path):
    keys = frozenset(str(key) for key in range(400_000, 420_000))  # every fraction below is one of them
    known = Known(get_policy("nhs-proms"), keys)
    points = " ".join(f"L{n}.{400_000 + n} {n}.{419_999 - n}" for n in range(20_000))
    drawing = f'<svg><path d="M0.400001,1.400002 {points}" fill="#401234" x="12.412345"/></svg>'
    assert list(in_text(drawing, known, drawn=True)) == []
    table = "outcome,cost\n0.412345,12.400123\n"
    assert list(in_text(table, known)) == []
    said = "EUR 412,345 in all\nnumbered 412345. And 400001\n"
    assert list(in_text(said, known)) == [
        ("the identifier '412345' and 1 more of the study's key column", "people are never named", "line 2")
    ]
    assert [one[0] for one in in_text("patient #401234", known)] == [
        "the identifier '401234' of the study's key column"
    ]
    named = Known(get_policy("nhs-proms"), keys | {"Ward 7/B-12"})
    assert [one[0] for one in in_text("of Ward 7/B-12, and of Ward 7", named)] == [
        "the identifier 'Ward 7/B-12' of the study's key column"
    ]

"""A real report, spoilt in one place at a time: the audit names each once, with its place, and no more."""

import base64
import re
import shutil
import zipfile

import pandas as pd
import pytest
from report_maker import Recorder, code, door_of, make_study, save, text

from vbhc import report
from vbhc.report.audit import audit

PAGE, TABLE = "02-value-quota.html", "tables/02-value-quota-wards.csv"
FIGURE = "figures/02-value-quota-bars.svg"
WARDS = pd.DataFrame({"ward": list("ABCD"), "n": [120, 33, 48, 29], "mean": [10.5, 11.5, 12.5, 13.5]})
LEAK_SVG = "<svg xmlns='http://www.w3.org/2000/svg'><text>three patients died</text></svg>"


def draw(data, ax):
    ax.bar(data["ward"], data["n"])
    ax.set(title="Patients by ward", ylabel="Number of patients", xlabel="Ward")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A study with a report that the audit has passed."""
    folder = tmp_path_factory.mktemp("audited")
    study = make_study(folder, disclosure="nhs-proms")
    study.clean.mkdir()
    others = [f"X{number:04d}" for number in range(226)]
    keys = {"patient_id": ["P0001", "P0002", "I01", "A/7.1", *others]}
    pd.DataFrame(keys).to_parquet(study.clean / "patients.parquet")
    with pytest.MonkeyPatch.context() as patch:
        recorder, door = Recorder(patch), door_of(study)
        door.sentence(
            "answer", "Of 230 patients, 120 were treated in ward A.", role="answer", values={"n": 230}
        )
        door.table("wards", WARDS, "Wards", base="n", notes=["A note."])
        door.figure("bars", WARDS, draw, "Wards", "Bars of 120, 48, 33 and 29 patients.")
        page = [
            text("# Which ward?\n\nOf two patients who lost the same, one is dearer."),
            code("x", recorder.take()),
        ]
        path = save(study, "02-value-quota", page)
    report.build(study, {"02-value-quota": path}, folder / "out", {"study": "small"})
    return study, folder / "out"


@pytest.fixture
def spoil(built, tmp_path):
    """Spoil one file of a copy of the report and return what the audit says."""
    study, out = built

    def spoilt(name, change):
        copy = tmp_path / "copy"
        shutil.copytree(out, copy)
        path = copy / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        new = change(old)
        assert new != old
        path.write_text(new, encoding="utf-8")
        return [str(problem) for problem in audit(study, copy)]

    return spoilt


def put(words):
    """Put words at the end of a page."""
    return lambda page: page.replace("</main>", f"{words}</main>")


def swap(old, new, count=1):
    return lambda page: page.replace(old, new, count)


def test_the_report_itself_raises_no_alarm(built):
    study, out = built
    assert audit(study, out) == []


PAGE_LEAKS = [
    ("<p>Three patients died.</p>", "a sentence that counts too few"),
    ("<p>It was <b>3</b> <em>patients</em>.</p>", "a sentence that counts too few"),
    ("<p>None but two answered.</p>", "a sentence that counts too few"),
    ("<p>2.5% of 40 patients died.</p>", "a sentence that counts too few"),
    ("<p>1 of 40</p>", "a sentence that counts too few"),
    ("<p>Between 2 and 4 patients died.</p>", "a sentence that counts too few"),
    ("<p>The oldest patient was 99.</p>", "a sentence that counts too few"),
    ('<p title="n = 3">x</p>', "a sentence that counts too few"),
    ("<svg><text>4 <tspan>patients</tspan></text></svg>", "a sentence that counts too few"),
    ("<svg><title>4 patients</title></svg>", "a sentence that counts too few"),
    ("<svg><desc>4 patients</desc></svg>", "a sentence that counts too few"),
    ('<p aria-description="4 patients">x</p>', "a sentence that counts too few"),
    ("<p hidden>4 patients</p>", "a sentence that counts too few"),
    ("<!-- 4 patients -->", "a comment that readers do not see"),
    ("<style>p::after { content: '4 patients' }</style>", "a style that writes a count"),
    ("<p>P0002</p>", "the identifier '"),
    ("<p>P<b>0002</b></p>", "the identifier '"),
    ("<p>zero\u200bwidth</p>", "a character that readers do not see"),
    ("<p>I01 said</p>", "the identifier '"),
    ("<p>see A/7.1</p>", "the identifier '"),
    ("<p>&#80;0002</p>", "the identifier '"),
    ('<a href="file:x">x</a>', "opens something, file:"),
    ("<p>read from /home/someone/data.csv</p>", "a path of a machine"),
    ("<p>read from C:\\data</p>", "a path of a machine"),
    ("<p>read from \\\\server\\share</p>", "a path of a machine"),
    ("<p>abc\u202ecba</p>", "a character that readers do not see"),
    ('<img alt="x" src="http://x.example/a.png">', "something to be loaded"),
    ('<img alt="x" srcset="http://x.example/a.png 2x">', "something to be loaded"),
    ('<img alt="x" src="a.png">', "something to be loaded"),
    ('<input alt="x" type="image" src="//x.example/a">', "something to be loaded"),
    ('<svg><use href="http://x.example/a.svg#b"/></svg>', "something to be loaded"),
    ('<svg><image xlink:href="http://x.example/a.png"/></svg>', "something to be loaded"),
    ('<link rel="stylesheet" href="x.css">', "something to be loaded"),
    ('<a href="https://x.example" ping="https://y.example">x</a>', "something to be loaded"),
    ('<p style="background: url(http://x.example/a)">x</p>', "a style that loads"),
    ("<style>@import 'http://x.example/a.css';</style>", "a style that loads"),
    ("<style>p { background: \\75rl(http://x.example/a) }</style>", "a style that loads"),
    ("<p style=\"background: image-set('http://x.example/a' 1x)\">x</p>", "a style that may load"),
    (
        '<meta http-equiv="refresh" content="0; url=http://x.example">',
        "a page that sends its reader elsewhere",
    ),
    ('<base href="http://x.example/">', "a <base>"),
    ('<iframe srcdoc="x"></iframe>', "a <iframe>"),
    ('<object type="x"></object>', "a <object>"),
    ('<form method="post"></form>', "a <form>"),
    ("<svg><foreignObject>x</foreignObject></svg>", "a <foreignobject>"),
    ('<b onclick="x()">x</b>', "a script that is not the report's own"),
    ("<script>alert(1)</script>", "a script that is not the report's own"),
    ('<a href="javascript:alert(1)">x</a>', "a link that runs"),
    ('<a href="java\tscript:alert(1)">x</a>', "a link that runs"),
    ('<a href="data:text/html,x">x</a>', "a link that runs"),
    (f'<img alt="x" src="data:image/svg+xml,{LEAK_SVG}">', "a sentence that counts too few"),
    (
        f'<img alt="x" src="data:image/svg+xml;base64,{base64.b64encode(LEAK_SVG.encode()).decode()}">',
        "a sentence that counts too few",
    ),
    ('<script type="application/ld+json">{"n": 3}</script>', "a count of 1 to 5"),
    (
        '<script type="application/ld+json">{"abstract": "3 patients died"}</script>',
        "a text that counts too few",
    ),
    ('<div class="unmarked box">x</div>', "an output without a mark"),
    ('<table class="dataframe"><tr><td>x</td></tr></table>', "an output without a mark"),
]


@pytest.mark.parametrize(("words", "problem"), PAGE_LEAKS)
def test_a_spoilt_page_is_named_once(spoil, words, problem):
    problems = [one for one in spoil(PAGE, put(words)) if "a page inside the page" not in one]
    assert len(problems) == 1, problems
    assert problem in problems[0]
    assert problems[0].startswith(PAGE)


@pytest.mark.parametrize("what", ["script-src", "style-src"])
def test_a_page_without_its_policy_or_with_a_lax_one_is_named(spoil, what):
    problems = spoil(PAGE, lambda page: re.sub(f"{what} 'sha256-[^']+'", f"{what} 'unsafe-inline'", page))
    assert any("lets scripts or styles in" in problem for problem in problems)


def test_the_same_leak_at_two_places_of_a_page_is_told_once(spoil):
    problems = spoil(PAGE, put("<p>3 patients died.</p>\n<p>4 nurses left.</p>"))
    assert len(problems) == 1
    assert "(and 1 more times)" in problems[0]
    assert re.match(rf"{PAGE}, [\w-]+: ", problems[0])


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        (TABLE, swap("B,33,", "B,3,"), "n, row 3: a count of 1 to 5"),
        (TABLE, swap("B,33,11.50\n", "B,*,*\nall,230,12.00\n"), None),  # 33 is no secret
        (
            TABLE,
            swap("B,33,11.50\n", "B,*,*\nall,201,12.00\n"),
            "n, row 3: a hidden count that other numbers give away: it is 4",
        ),
        (TABLE, swap("B,33,", "=B,33,"), "ward, row 3: a cell that a spreadsheet would run"),
        (TABLE, swap("ward,n", "=ward,n"), "a column name that a spreadsheet would run"),
        (TABLE, swap("B,33,", '"\tB",33,'), "a cell that a spreadsheet would run"),
        (TABLE, swap("B,33,", "P0001,33,"), "the identifier '"),
        (TABLE, swap("B,33,", "three patients died,33,"), "ward, row 3: a text that counts too few"),
        (TABLE, swap("n,mean", "n,died_percent"), None),
        (TABLE, swap("n,mean", "n,max_age"), "max_age, row 2: a lowest or highest value"),
        (FIGURE.replace("svg", "csv"), swap("B,33,", "B,3,"), "n, row 3: a count of 1 to 5"),
        (FIGURE, swap("Patients by ward", "Ward B has 3 patients"), "a sentence that counts too few"),
        (FIGURE, swap("<defs>", "<metadata>x</metadata><defs>"), "metadata inside a drawing"),
        (FIGURE, swap("<defs>", "<script>x</script><defs>"), "a script that is not the report's own"),
        (FIGURE, swap("<svg", "<?xml-stylesheet href='x'?><svg"), "a comment that readers do not see"),
        ("run.json", swap("{", '{"n_patients": 3, '), "n_patients: a count of 1 to 5"),
        ("run.json", swap("{", '{"path": "/home/someone/x", '), "a path of a machine"),
        ("findings.json", swap('"id": "answer"', '"id": "answer", "count": 4'), "a count of 1 to 5"),
        ("findings.json", swap("Of 230 patients", "Of 4 patients"), "a text that counts too few"),
        ("findings.json", swap("Of 230", "P0001 of 230"), "the identifier '"),
        (
            "ro-crate-metadata.json",
            swap('"name": "', '"name": "3 patients, ', 1),
            "a text that counts too few",
        ),
        ("withheld.csv", lambda old: old + "x,table,y,n,1,it was 3 patients\n", "a text that counts too few"),
        ("patients.parquet", lambda old: "x", "a .parquet file; nothing writes such a file"),
    ],
)
def test_a_spoilt_file_is_named_with_its_place(spoil, name, change, problem):
    problems = spoil(name, change)
    if problem is None:  # 10.5 percent of 120, and so on, are large enough
        assert problems == []
    else:
        assert any(problem in one and one.startswith(name) for one in problems), problems
        assert len(problems) == 1, problems


def test_a_count_under_another_name_is_named(spoil):
    rows = "ward,n,died,percent\nA,120,60,50.00\nB,33,3,9.09\nC,48,24,50.00\n"
    problems = spoil(TABLE, lambda old: rows)
    assert any("died, row 3: a count of 1 to 5" in problem for problem in problems)


def test_a_share_of_a_few_is_named(spoil):
    problems = spoil("tables/x.csv", lambda old: "ward,n,percent\nA,120,50.00\nB,33,9.09\nC,48,50.00\n")
    assert [problem for problem in problems if "percent, row 3: a share that gives a count" in problem]


def test_an_identifier_is_found_through_what_readers_do_not_see(spoil):
    problems = spoil(PAGE, put("<p>P\u200b0002</p>"))
    assert len(problems) == 2
    assert any("the identifier '" in problem for problem in problems)


def test_means_of_nearly_the_same_group_are_named(spoil):
    problems = spoil("tables/other.csv", lambda old: "ward,n,mean\nA,117,10.10\nB,*,*\n")
    assert any("mean of a group and, in" in problem for problem in problems)


def test_one_group_compared_in_two_tables_is_known_by_its_name(spoil):
    """Their differences and verdicts, which stand before the counts, are no names."""
    header = "ward,difference,verdict,n\n"
    spoilt = spoil("tables/depends.csv", lambda old: f"{header}B against A,-0.05,undecided,30\n")
    assert [one for one in spoilt if "a count that differs by too few people" in one and "wards" in one]


def workbook(change):
    """Rewrite parts of the workbook: a mapping of part to function, or to bytes of a new one."""

    def rewrite(path):
        with zipfile.ZipFile(path) as book:
            parts = {name: book.read(name) for name in book.namelist()}
        for name, new in change.items():
            parts[name] = new(parts[name].decode()).encode() if callable(new) else new
        with zipfile.ZipFile(path, "w") as book:
            for name, content in parts.items():
                book.writestr(name, content)

    return rewrite


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"xl/workbook.xml": swap('state="visible"', 'state="hidden"')}, "a hidden sheet"),
        ({"xl/workbook.xml": swap('state="visible"', 'state="veryHidden"')}, "a hidden sheet"),
        ({"xl/worksheets/sheet1.xml": swap("<row ", '<row hidden="1" ')}, "a hidden row or column"),
        ({"xl/comments/comment1.xml": b"<comments>4 patients</comments>"}, "a part that no table is in"),
        ({"docProps/custom.xml": b"<Properties/>"}, "a part that no table is in"),
        ({"docProps/core.xml": swap("<dc:creator>vbhc", "<dc:creator>Jo Doe")}, "a name in its properties"),
        (
            {"docProps/core.xml": swap("<dc:title>", "<dc:title>3 patients: ")},
            "properties that count too few",
        ),
        ({"docProps/core.xml": swap("<dc:title>", "<dc:title>P0002 ")}, "the identifier '"),
        ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "a part that no table is in"),
        ({"xl/vbaProject.bin": b"x"}, "a part that no table is in"),
        ({"xl/pivotCache/pivotCacheRecords1.xml": b"<x/>"}, "a part that no table is in"),
        (
            {
                "xl/workbook.xml": swap(
                    "</sheets>", "</sheets><definedNames><definedName name='x'>1</definedName></definedNames>"
                )
            },
            "a named range",
        ),
    ],
)
def test_a_spoilt_workbook_is_named(built, tmp_path, change, problem):
    study, out = built
    shutil.copytree(out, tmp_path / "copy")
    workbook(change)(tmp_path / "copy" / "tables.xlsx")
    problems = [str(one) for one in audit(study, tmp_path / "copy")]
    assert len(problems) == 1, problems
    assert problem in problems[0]
    assert problems[0].startswith("tables.xlsx")

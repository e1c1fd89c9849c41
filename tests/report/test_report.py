"""The published report: all that is marked, nothing else, and the same bytes each time."""

import json
import re
import shutil
from html.parser import HTMLParser

import pandas as pd
import pytest
from nbformat import v4
from report_maker import Recorder, code, door_of, make_study, printed, save, text

from vbhc import report
from vbhc.publish.answer import first_sentence
from vbhc.publish.findings import marks
from vbhc.report.drawings import DARK_PAPER, Palette, contrast_ratio, lighter, page_svg
from vbhc.report.glossary import Linker, words
from vbhc.report.markdown import ReportError, formula, markdown_writer
from vbhc.report.provenance import published

SECRET = "P0007 of 3 Mill Lane"
EVIL = "<script>alert('x')</script>"
RUN = {
    "parameters": {"study": "small", "ci_level": 0.9},
    "changed": ["ci_level"],
    "help": {"study": "folder under data/", "ci_level": "confidence level"},
}
INFO = {
    "study": "small",
    "vbhc": "0.1.0",
    "python": "3.11.7",
    "packages": {"pandas": "3.1.1"},
    "commit": "abc1234567",
    "lock": "ab" * 32,
    "data": {"raw/patients.csv": "cd" * 32},
    "skipped": {"04-stakeholders": "study.yml declares no interviews."},
    "durations": {"02-value-quota": 1.5},
    "notebooks": {"02-value-quota": RUN},
}
PARAMETERS = 'study: str = "small"  # folder under data/\nci_level: float = 0.95  # confidence level'


def bars(data, ax):
    ax.bar(data["arm"], data["gain"], color="#0072B2")
    ax.set_title(EVIL)


class Tags(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict]:
        return [attrs for tag, attrs in self.tags if tag == name]


def make(tmp_path, monkeypatch, **config):
    """A study with two executed notebooks that hold all there is, and much that may not be published."""
    recorder = Recorder(monkeypatch)
    study = make_study(tmp_path, synthetic=True, question="Is it worth it?", authors=("A. Writer",), **config)
    arms = pd.DataFrame({"arm": ["usual", EVIL, "=1+1"], "n": [84, 40, 20], "gain": [9.3125, -2.0, 1.0]})
    door = door_of(study)
    door.table("by-arm", arms, f"Gain by arm {EVIL}", notes=[EVIL])
    table = recorder.take()
    door.figure("gain", arms, bars, f"Gain {EVIL}", f"Bars {EVIL}", key=True)
    figure = recorder.take()
    door.sentence("said", f"Gain is 9 points {EVIL}.")
    door.sentence("limit", "The groups are small.", role="limit")
    said = recorder.take()
    door.sentence("answer", "A thousand euro bought 2.7 KCCQ points.", role="answer")
    answer = recorder.take()
    forged = v4.new_output(
        "display_data",
        data={"text/html": SECRET, marks.MIME: {**table[0]["data"][marks.MIME], "caption": SECRET}},
        metadata=table[0]["metadata"],
    )
    plain = v4.new_output("execute_result", data={"text/html": f"<p>{SECRET}</p>", "text/plain": SECRET})
    error = v4.new_output("error", ename="ValueError", evalue=SECRET, traceback=[SECRET])
    value_quota = save(
        study,
        "02-value-quota",
        [
            text("# What did a thousand euro buy?\nBy the end you can read a VQ."),
            code(PARAMETERS, tags=["parameters"]),
            code(f"study = '{tmp_path}/data/small'\nci_level = 0.9", tags=["injected-parameters"]),
            text(
                f"## The quota\nIt {EVIL} ![p](http://x.example/a.png) $4,100 to $5,200, $VQ = x$.\n\n$$a^2$$"
            ),
            code(f"print(patients)  # {EVIL}", [printed(SECRET), plain, forged, error]),
            code("door.table('by-arm', arms, caption)", table),
            code("door.figure('gain', arms, bars, caption, alt)", figure),
            text("### Said\nSee [cleaning](01-cleaning.ipynb#who)."),
            code("door.sentence('said', text)", said),
            code(""),
            code("6 * 7", [printed("forty-two")]),
            code("door.sentence('answer', text)", answer),
        ],
    )
    door_of(study, "01-cleaning").table(
        "flow", pd.DataFrame({"step": ["read", "kept"], "n": [60, 58]}), "Flow"
    )
    flow = recorder.take()
    cleaning = save(study, "01-cleaning", [text("# Who answered?"), text("## Who"), code("x", flow)])
    return study, {"01-cleaning": cleaning, "02-value-quota": value_quota}


@pytest.fixture
def built(tmp_path, monkeypatch):
    study, executed = make(tmp_path, monkeypatch)
    (study.folder / "notes.md").write_text(f"Overall {EVIL}.\n\n## 02-value-quota\nThe ward **moved**.\n")
    out = tmp_path / "out"
    report.build(study, executed, out, INFO)
    return out


def page(out, name="02-value-quota"):
    return (out / f"{name}.html").read_text(encoding="utf-8")


def everything(out):
    texts = [path for path in out.rglob("*") if path.is_file() and path.suffix != ".xlsx"]
    return "\n".join(path.read_text(encoding="utf-8") for path in texts)


def test_every_marked_finding_stands_in_its_page_and_nothing_else(built):
    shown = [a["data-finding"] for _, a in Tags(page(built)).tags if "data-finding" in a]
    assert shown == ["answer", "by-arm", "gain", "said", "limit"]
    assert SECRET not in everything(built)
    assert "forty-two" not in everything(built)


def test_files_are_pages_tables_figures_and_run_json(built):
    files = sorted(str(path.relative_to(built)) for path in built.rglob("*") if path.is_file())
    assert files == [
        "01-cleaning.html",
        "02-value-quota.html",
        "figures/02-value-quota-gain-narrow.svg",
        "figures/02-value-quota-gain.csv",
        "figures/02-value-quota-gain.svg",
        "findings.json",
        "index.html",
        "ro-crate-metadata.json",
        "run.json",
        "tables.xlsx",
        "tables/01-cleaning-flow.csv",
        "tables/02-value-quota-by-arm.csv",
    ]


@pytest.mark.parametrize("name", ["01-cleaning", "02-value-quota", "index"])
def test_links_to_files_and_places_lead_somewhere(built, name):
    html = page(built, name)
    ids = [attrs["id"] for _, attrs in Tags(html).tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for attrs in Tags(html).all("a") + Tags(html).all("use"):
        target, _, place = attrs["href"].partition("#")
        assert target.startswith("http") or not target or (built / target).is_file(), attrs
        if place:
            where = page(built, target.removesuffix(".html")) if target else html
            assert f'id="{place}"' in where, attrs


@pytest.mark.parametrize("draws", [True, False])
def test_a_figure_that_shows_nothing_does_not_stand_for_its_page(tmp_path, monkeypatch, draws):
    """Of few interviewees a policy withholds every share; the next that is named stands on the index."""
    from vbhc.publish.figure_style import nothing_to_draw

    recorder, study = Recorder(monkeypatch), make_study(tmp_path)
    frame, door = pd.DataFrame({"code": ["a"], "k": [3]}), door_of(study)
    nothing = {"counts": ["k"], "key": True}
    door.sentence("answer", "They speak of many things.", role="answer")
    door.figure("shares", frame, lambda _, ax: nothing_to_draw(ax), "All withheld", "Nothing.", **nothing)
    if draws:
        door.figure(
            "tree",
            frame,
            lambda own, ax: ax.bar(own["code"], own["k"]),
            "The tree",
            "One.",
            counts=["k"],
            key=True,
        )
    path = save(study, "02-value-quota", [text("# Q"), code("x", recorder.take())])
    report.build(study, {"02-value-quota": path}, tmp_path / "out", INFO)
    drawn = [attrs.get("id") for attrs in Tags(page(tmp_path / "out", "index")).all("svg")]
    assert drawn == (["svg-02-value-quota-tree"] if draws else [])
    assert "All withheld" in page(tmp_path / "out")


@pytest.mark.parametrize(("tables", "folds"), [(2, False), (7, True)])
def test_a_long_list_of_what_was_withheld_is_folded(tmp_path, monkeypatch, tables, folds):
    recorder, study = Recorder(monkeypatch), make_study(tmp_path, disclosure="nhs-proms")
    for number in range(tables):
        arms = {"arm": ["usual", "new", "old"], "n": [3, 40 + 50 * number, 600 + 50 * number]}
        door_of(study).table(f"arms-{number}", pd.DataFrame(arms), f"Arms {number}", counts=["n"])
    path = save(study, "02-value-quota", [text("# Q"), code("x", recorder.take())])
    report.build(study, {"02-value-quota": path}, tmp_path / "out", INFO)
    assert f'{tables} withheld here: <a href="index.html#withheld">' in page(tmp_path / "out")
    listed = page(tmp_path / "out", "index").partition('id="withheld"')[2]
    assert '<a href="02-value-quota.html#table-arms-0">Arms 0</a>' in listed
    assert ("<summary>Each table, figure and sentence with the reason</summary>" in listed) == folds


def test_question_then_answer_then_story_then_notes_then_code(built):
    html = page(built)
    places = [
        html.index("Synthetic data."),
        html.index('<nav class="wrap"'),
        html.index("<h1>What did a thousand euro buy?</h1>"),
        html.index('data-finding="answer"'),
        html.index("By the end you can read"),
        html.index(">The quota</h2>"),
        html.index('data-finding="by-arm"'),
        html.index('id="notes"'),
        html.index("How it was computed"),
        html.index('href="index.html#cite"'),
    ]
    assert places == sorted(places)
    assert html.count("<h1") == 1


def test_data_is_never_markup_anywhere(built):
    for name in ("index", "01-cleaning", "02-value-quota"):
        scripts = re.findall(r"<script[^>]*>(.*?)</script>", page(built, name), re.DOTALL)
        assert len(scripts) == 1
        assert not any("alert" in script for script in scripts)
    assert "<script" not in (built / "figures" / "02-value-quota-gain.svg").read_text()
    assert "'=1+1" in (built / "tables" / "02-value-quota-by-arm.csv").read_text()


def test_pages_can_load_nothing(built):
    for name in ("index", "01-cleaning", "02-value-quota"):
        html, tags = page(built, name), Tags(page(built, name))
        policy = next(
            m["content"] for m in tags.all("meta") if m.get("http-equiv") == "Content-Security-Policy"
        )
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        for tag, attrs in tags.tags:
            assert "src" not in attrs, tag
            assert "style" not in attrs, tag
            assert not any(key.startswith("on") for key in attrs), tag
            assert tag not in ("link", "iframe", "object", "embed", "base", "form"), tag
        assert "url(http" not in html
        assert "@import" not in html


def test_the_policy_lets_this_script_run_and_no_other(built):
    import base64
    import hashlib

    html = page(built)
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html


def test_figure_has_a_name_and_takes_the_colours_of_the_page(built):
    drawing = next(a for a in Tags(page(built)).all("svg") if a.get("id") == "svg-02-value-quota-gain")
    assert drawing["role"] == "img"
    assert drawing["aria-label"] == f"Bars {EVIL}"
    assert "var(--c0072b2)" in page(built)
    assert "#000000" not in page(built).partition("<body>")[2]


def test_formulas_are_mathml_and_sums_of_money_are_not(built):
    html = page(built)
    assert html.count("<math ") == 2
    assert 'alttext="VQ = x"' in html
    assert "$4,100 to $5,200" in html


def test_settings_stand_once_with_the_values_of_the_run_and_a_page_says_what_changed(built):
    told = re.search(r"<code>ci_level</code></dt><dd>(.*?)</dd>", page(built, "index"))[1]
    assert told == "<code>0.9</code> <strong>changed</strong> confidence level. <cite>Value</cite>"
    assert "Changed settings: <code>ci_level = 0.9</code>." in page(built)
    assert "injected" not in page(built)


def test_the_code_is_folded_away_once_in_order_and_coloured(built):
    html = page(built)
    assert html.count("<summary>How it was computed</summary>") == html.count("<pre>") == 1
    listing = re.search(r"<pre>(.*?)</pre>", html, re.DOTALL)[1]
    plain = re.sub(r"<[^>]+>", "", listing)
    places = [plain.index(part) for part in ("ci_level", "print(patients)", "by-arm", "6 * 7", "'answer'")]
    assert places == sorted(places)
    assert '<span class="c1">' in listing
    assert "\n\n\n" not in plain  # an empty cell leaves no gap


def test_pictures_from_elsewhere_are_words_and_notebook_links_become_pages(built):
    html = page(built)
    assert "[picture: p]" in html
    assert "x.example" not in html
    assert 'href="01-cleaning.html#who"' in html


def test_notes_of_the_analysts_stand_on_their_page_escaped(built):
    assert "The ward <strong>moved</strong>." in page(built)
    assert "moved" not in page(built, "index")
    assert "Overall &lt;script&gt;" in page(built, "index")


def test_index_gives_question_finding_key_figure_people_and_what_is_left_out(built):
    html = page(built, "index")
    places = [
        html.index("A small study</p>"),
        html.index("<h1>Is it worth it?</h1>"),
        html.index("A thousand euro bought 2.7 KCCQ points.</h2>"),
        html.index('id="svg-02-value-quota-gain"'),
        html.index('<a href="02-value-quota.html">More: Value</a>'),
        html.index("Not run: Views, because study.yml declares no interviews."),
        html.index('href="tables.xlsx"'),
    ]
    assert places == sorted(places)
    assert {'href="run.json"', 'href="findings.json"', 'href="#cite"'} <= set(
        re.findall(r'href="[^"]+"', html)
    )


def test_synthetic_studies_say_so_on_every_page(built, tmp_path, monkeypatch):
    for name in ("index", "01-cleaning", "02-value-quota"):
        assert "Synthetic data." in page(built, name)


def test_real_studies_carry_no_such_banner(tmp_path, monkeypatch):
    study, executed = make(tmp_path, monkeypatch)
    study = make_study(tmp_path, synthetic=False)
    report.build(study, executed, tmp_path / "out", INFO)
    assert "Synthetic data." not in page(tmp_path / "out", "index")


def test_pages_cite_and_say_where_they_come_from_without_times_or_paths(built, tmp_path):
    html = page(built, "index")
    assert "A. Writer. A small study. Report made with vbhc 0.1.0, commit abc1234567." in html
    assert "raw/patients.csv" in html
    assert "Python 3.11.7, pandas 3.1.1" in html
    assert str(tmp_path) not in everything(built)
    assert "durations" not in json.loads((built / "run.json").read_text())


def test_terms_are_linked_once_a_page_and_explained_once_a_report(tmp_path, monkeypatch):
    study = make_study(tmp_path)
    one = save(study, "02-value-quota", [text("# Q"), text("The KCCQ, and the KCCQ again.")])
    two = save(study, "06a-checklists", [text("# C"), text("The KCCQ and the ICER.")])
    report.build(study, {"02-value-quota": one, "06a-checklists": two}, tmp_path / "out", INFO)
    html, home = page(tmp_path / "out"), page(tmp_path / "out", "06a-checklists")
    assert html.count('href="06a-checklists.html#term-kccq"') == 1
    assert 'id="term-' not in html
    assert home.count('href="#term-kccq"') == home.count('id="term-kccq"') == 1
    assert 'id="cite"' not in page(tmp_path / "out", "index")
    assert 'href="06a-checklists.html#cite"' in page(tmp_path / "out", "index")


def test_same_inputs_same_bytes(tmp_path, monkeypatch):
    study, executed = make(tmp_path, monkeypatch)
    for name in ("one", "two"):
        report.build(study, executed, tmp_path / name, INFO)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).rglob("*.*")} for n in ("one", "two"))
    assert one == two


def test_internal_edition_shows_everything_to_the_analysts_but_runs_nothing(tmp_path, monkeypatch):
    study, executed = make(tmp_path, monkeypatch)
    report.build(study, executed, tmp_path / "out", INFO, "internal")
    html = page(tmp_path / "out")
    assert SECRET in html
    assert "Internal edition." in html
    assert "alert" not in "".join(re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL))


def test_an_unknown_edition_is_an_error(tmp_path, monkeypatch):
    study, executed = make(tmp_path, monkeypatch)
    with pytest.raises(ReportError, match="unknown edition 'privat'"):
        report.build(study, executed, tmp_path / "out", INFO, "privat")


def test_two_findings_of_one_name_fail_the_build(tmp_path, monkeypatch):
    recorder, study = Recorder(monkeypatch), make_study(tmp_path)
    for words_ in ("One.", "Two."):
        door_of(study).sentence("said", words_)
    path = save(study, "02-value-quota", [text("# Q"), code("x", recorder.take())])
    with pytest.raises(ReportError, match="two sentences are called 'said'"):
        report.build(study, {"02-value-quota": path}, tmp_path / "out", INFO)


def test_a_finding_of_another_policy_or_notebook_fails_the_build(tmp_path, monkeypatch):
    study, executed = make(tmp_path, monkeypatch)
    strict = make_study(tmp_path, disclosure="nhs-proms")
    with pytest.raises(ReportError, match="under policy 'none'; run the notebook again"):
        report.build(strict, executed, tmp_path / "out", INFO)
    with pytest.raises(ReportError, match="says it is of '02-value-quota'"):
        report.build(study, {"03-perception": executed["02-value-quota"]}, tmp_path / "out", INFO)


def test_missing_alt_text_fails_the_build(tmp_path, monkeypatch):
    recorder, study = Recorder(monkeypatch), make_study(tmp_path)
    arms = pd.DataFrame({"arm": ["a"], "n": [10], "gain": [1.0]})
    door_of(study).figure("gain", arms, bars, "C", "A")
    output = recorder.take()[0]
    finding = output["data"][marks.MIME]
    finding["alt"] = ""
    output["metadata"] = marks.mark(finding)
    path = save(study, "02-value-quota", [text("# Q"), code("x", [output])])
    with pytest.raises(ReportError, match="gain' has no alt text"):
        report.build(study, {"02-value-quota": path}, tmp_path / "out", INFO)


def test_a_formula_that_cannot_be_shown_fails_the_build(tmp_path):
    study = make_study(tmp_path)
    path = save(study, "02-value-quota", [text("# Q"), text(r"$\nosuchthing{x}$")])
    with pytest.raises(ReportError, match=r"nosuchthing is not known"):
        report.build(study, {"02-value-quota": path}, tmp_path / "out", INFO)


def test_the_check_finds_what_is_missing_and_what_is_too_much(tmp_path, monkeypatch):
    import nbformat

    study, executed = make(tmp_path, monkeypatch)
    out = tmp_path / "out"
    report.build(study, executed, out, INFO)
    notebooks = {name: nbformat.read(path, as_version=4) for name, path in executed.items()}
    assert report.verify(out, notebooks) == 6
    whole = page(out)
    (out / "02-value-quota.html").write_text(whole.replace('data-finding="said"', 'data-finding="sad"'))
    with pytest.raises(
        ReportError, match=r"'said' is not in its page\n.*shows 'sad', which no mark lets out"
    ):
        report.verify(out, notebooks)
    (out / "02-value-quota.html").write_text(whole + '<div class="unmarked box"></div>')
    with pytest.raises(ReportError, match="1 outputs without a mark"):
        report.verify(out, notebooks)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        '<rect onclick="x()"/>',
        '<image href="http://x.example/a.png"/>',
        "<foreignObject><b/></foreignObject>",
        '<rect style="fill: url(http://x.example/a)"/>',
        '<a href="javascript:x()"><rect/></a>',
    ],
)
def test_a_drawing_that_could_run_or_load_something_is_refused(tmp_path, inside):
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{inside}</svg>'
    study = make_study(tmp_path)
    figure = {"kind": "figure", "id": "f", "role": "detail", "alt": "a", "title": "T", "caption": "C"}
    figure |= {"csv": "a", "notebook": "02-value-quota", "policy": study.config.disclosure, "withheld": []}
    figure["svg_sha256"] = marks.text_sha256(drawing * 2)
    data = {marks.SVG: drawing, marks.NARROW: drawing, marks.MIME: figure}
    shown = v4.new_output("display_data", data, metadata=marks.mark(figure))
    cells = [text("# Q"), v4.new_code_cell("draw()", outputs=[shown])]
    executed = {"02-value-quota": save(study, "02-value-quota", cells)}
    with pytest.raises(ReportError, match="it would publish what it may not"):
        report.build(study, executed, tmp_path / "out", INFO)


def test_colours_are_lightened_until_they_stand_out_from_dark_paper():
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)  # WCAG 2.2: the largest there is
    for colour in ("#0072b2", "#00008b", "#4b0082"):
        assert contrast_ratio(lighter(colour), DARK_PAPER) >= 4.5
    assert lighter("#f0e442") == "#f0e442"


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        ('<image href="data:image/png;base64,AA=="/>', True),
        ('<g id="plate"/>', True),
        ('<g id="bars"/>', False),
    ],
)
def test_a_colour_bar_keeps_its_drawing_on_white_paper(inside, kept):
    """On a dark page cells would turn lighter and the picture of the scale beside them would not."""
    cell = '<path style="fill: #00304d" d="M0 0"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{cell}{inside}</svg>'
    palette = Palette()
    drawn = page_svg(svg, "f", "alt", palette)
    assert ('class="drawing plate"' in drawn) == kept
    assert (palette.styles == {"fill: #00304d": "s0"}) == kept
    assert 'class="s0"' in drawn


def test_headings_never_skip_a_level_and_get_ids_of_their_own():
    headings: list = []
    write = markdown_writer(headings, {"main"})
    write("#### Deep\n## Main\n#### Deep")
    assert [(level, name) for level, name, _ in headings] == [(2, "deep"), (2, "main-2"), (3, "deep-2")]


@pytest.mark.parametrize(
    "bad", ["[x](javascript:alert(1))", "[x](data:text/html,x)", "<a href='javascript:1'>x</a>"]
)
def test_harmful_links_are_defused(bad):
    assert 'href="javascript' not in markdown_writer([], set())(bad)
    assert 'href="data' not in markdown_writer([], set())(bad)


def test_a_formula_keeps_its_source_for_those_who_cannot_see_it():
    made = formula(r"\frac{a}{b}", block=True)
    assert made.startswith("<math ")
    assert r'alttext="\frac{a}{b}"' in made
    assert 'display="block"' in made


def test_terms_in_headings_links_and_code_are_left_alone():
    link = Linker()
    html = link("<h2>VQ</h2><code>VQ</code><a href='#'>VQ</a><p>VQ and VQs, not eVQ or VQ-like</p>")
    assert html.count('class="term"') == 1
    assert html.startswith("<h2>VQ</h2><code>VQ</code><a href='#'>VQ</a><p><a class=\"term\"")


def test_the_glossary_says_what_each_term_means_and_who_says_so():
    for term in ("PROM", "PREM", "VQ", "MCID", "ICER", "utility", "KCCQ", "EQ-5D", "OHS", "PLICS"):
        assert words()[term].definition.endswith(".")
        assert words()[term].source


def test_what_is_published_of_a_run_holds_no_path_of_the_machine(tmp_path):
    study = make_study(tmp_path)
    run = {"a": str(study.folder / "raw" / "x.csv"), "b": "/home/someone/x", "c": [1, "C:\\x"], "seconds": 3}
    assert published(run, study) == {"a": "data/small/raw/x.csv", "b": "(a path)", "c": [1, "(a path)"]}


def test_pages_stay_small(built):
    assert (built / "02-value-quota.html").stat().st_size < 60_000


def test_a_report_can_be_moved(built, tmp_path):
    moved = shutil.move(built, tmp_path / "elsewhere")
    assert str(built) not in everything(tmp_path / "elsewhere")
    assert moved


def test_a_table_row_about_another_page_leads_to_the_sentence_there(tmp_path, monkeypatch):
    recorder, study = Recorder(monkeypatch), make_study(tmp_path)
    door_of(study, "02-value-quota").sentence("said", "Gain is 9 points.")
    first = save(study, "02-value-quota", [text("# Q"), code("x", recorder.take())])
    table = pd.DataFrame({"page": ["02-value-quota"], "finding": ["Gain is 9 points."]})
    door_of(study, "06-summary").table("found", table, "Found")
    last = save(study, "06-summary", [text("# S"), code("x", recorder.take())])
    report.build(study, {"02-value-quota": first, "06-summary": last}, tmp_path / "out", INFO)
    assert '<a href="02-value-quota.html#sentence-said">02-value-quota</a>' in page(
        tmp_path / "out", "06-summary"
    )


def test_a_link_to_a_page_that_was_left_out_is_plain_text():
    from vbhc.report.markdown import markdown_writer

    write = markdown_writer([], set(), ["02-value-quota"])
    assert 'href="02-value-quota.html"' in write("[value](02-value-quota.ipynb)")
    gone = write("[people](04-stakeholders.ipynb)")
    assert "href" not in gone
    assert "people (not part of this report)" in gone


def test_marks_lead_to_numbered_sources_and_back(tmp_path):
    study = make_study(tmp_path)
    cells = [
        text("# Q"),
        text("Fieller's theorem[[2]](#Sources), and once more[[2]](#Sources); a VQ[[1]](#Sources)."),
        text(
            "## Sources\n\n1. Porter ME. On VQ and PROMs. 2010.\n2. Fieller EC. *J R Stat Soc B* 1954.\n"
            "3. Cited by a part that this study lacks. 1999."
        ),
    ]
    path = save(study, "02-value-quota", cells)
    report.build(study, {"02-value-quota": path}, tmp_path / "out", INFO)
    html = page(tmp_path / "out")
    assert html.count('href="#source-1"') == 2  # numbered in the order of the text
    assert re.search(r'<li id="source-1">Fieller EC.*href="#note-1-1".*href="#note-1-2"', html)
    assert "1999" not in html
    ids = {attrs["id"] for _, attrs in Tags(html).tags if "id" in attrs}
    assert {"note-1-1", "note-1-2", "note-2-1", "source-1", "source-2", "sources"} <= ids
    assert "On VQ and PROMs. 2010." in html  # a title keeps its words: no term is linked in it


def test_what_is_said_of_a_withheld_figure_goes_with_it(tmp_path, monkeypatch):
    pages = {}
    for policy in ("none", "nhs-proms"):
        recorder, study = Recorder(monkeypatch), make_study(tmp_path / policy, disclosure=policy)
        rows = pd.DataFrame({"person": ["a", "b"], "n": [1, 1]})
        draw = lambda data, ax: ax.bar(data["person"], data["n"])  # noqa: E731
        door_of(study).figure("map", rows, draw, "Who", "Who", single_people=True)
        prose = "## Who?\n\n<!-- map -->A column each[[1]](#Sources).<!-- end -->\n\n"
        prose += "> **N.** <!-- map -->Dots.<!-- end --> Some talk."
        cells = [text("# Q"), text(prose), code("x", recorder.take()), text("## Sources\n\n1. Drawn 1999.")]
        path = save(study, "02-value-quota", cells)
        report.build(study, {"02-value-quota": path}, tmp_path / policy / "out", INFO)
        pages[policy] = page(tmp_path / policy / "out")
    for said in ("A column each", "Dots.", "Some talk."):
        assert (said in pages["none"], said in pages["nhs-proms"]) == (True, said == "Some talk.")
    assert "&lt;!--" not in pages["none"] + pages["nhs-proms"]


def test_a_mark_without_its_source_fails_the_build(tmp_path):
    study = make_study(tmp_path)
    path = save(study, "02-value-quota", [text("# Q"), text("So[[3]](#Sources).\n\n## Sources\n\n1. One.")])
    with pytest.raises(ReportError, match="02-value-quota: no source 3 in its list"):
        report.build(study, {"02-value-quota": path}, tmp_path / "out", INFO)


@pytest.mark.parametrize(
    ("answer", "lead"),
    [
        (
            "Each EUR 1,000 bought 2.25 points. Here VQ follows the outcome.",
            "Each EUR 1,000 bought 2.25 points.",
        ),
        ("Groups differ (p = .001, R² = 0.17). 6 of 17 codes do.", "Groups differ (p = .001, R² = 0.17)."),
        ("Cf. No. 3 of them.", "Cf. No. 3 of them."),
        ("", ""),
    ],
)
def test_the_first_sentence_of_an_answer_leads(answer, lead):
    assert first_sentence(answer)[0] == lead


@pytest.mark.parametrize(
    ("id", "rows", "folds"),
    [("checklist-coreq-2007", 2, True), ("pairs", 25, True), ("pairs", 24, False), ("limits", 40, False)],
)
def test_a_long_table_to_look_things_up_in_is_folded(tmp_path, monkeypatch, id, rows, folds):
    recorder, study = Recorder(monkeypatch), make_study(tmp_path)
    frame = pd.DataFrame({"item": [f"item {n}" for n in range(rows)], "page": "02"})
    door_of(study).table(id, frame, "What is where")
    path = save(study, "02-value-quota", [text("# Q"), code("x", recorder.take())])
    report.build(study, {"02-value-quota": path}, tmp_path / "out", INFO)
    html = page(tmp_path / "out")
    assert (f"<summary>What is where <span>({rows} lines)</span></summary>" in html) == folds
    assert "item 1<" in html


def test_words_to_those_who_write_the_notes_are_not_published(tmp_path, monkeypatch):
    study, executed = make(tmp_path, monkeypatch)
    (study.folder / "notes.md").write_text("# Notes\n\n<!-- Write\nhere. -->\n\n## 02-value-quota\nMoved.\n")
    report.build(study, executed, tmp_path / "out", INFO)
    assert "Write" not in page(tmp_path / "out", "index").replace("A. Writer", "")
    assert "The analysts' notes" not in page(tmp_path / "out", "index")
    assert "Moved." in page(tmp_path / "out")


def test_beside_an_answer_stands_the_figure_that_is_named_for_it_or_none(tmp_path, monkeypatch):
    """A figure of something else would look like what the answer is about."""
    recorder, study = Recorder(monkeypatch), make_study(tmp_path)
    door, arms = door_of(study), pd.DataFrame({"arm": ["usual"], "n": [84], "gain": [9.3]})
    for key in (False, True):
        door.figure("gain", arms, bars, "Gain", "Bars", key=key)
        door.sentence("answer", "It is 9 points.", role="answer")
        executed = save(study, "02-value-quota", [text("# Q"), code("x", recorder.take())])
        report.build(study, {"02-value-quota": executed}, tmp_path / str(key), INFO)
        assert ('id="svg-02-value-quota-gain"' in page(tmp_path / str(key), "index")) is key

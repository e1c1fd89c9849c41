"""What interviewees said stops a report at the place where it stands, and the last good report stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import fakes
import pandas as pd
import pytest
from click.testing import CliRunner
from places import DATA

from vbhc import interviews
from vbhc.cleaning import coded_interviews
from vbhc.problems import Problem
from vbhc.publish import quotations
from vbhc.publish.quotations.pages import spoken_of
from vbhc.report.audit import audit
from vbhc.run.commands import main
from vbhc.study import Study, load_study
from vbhc.synthetic.professionals import PLANTED

PARAMETERS = 'study: str = "professionals"  # folder under data/\nshown: str = ""  # a sentence to publish\n'
PUBLISH = """\
from vbhc import cleaning
from vbhc.publish import findings, quotations
from vbhc.publish.results import Table
from vbhc.study import load_study
this = load_study(study)
door = findings.door(this, "04-stakeholders")
quoted = quotations.published(this, cleaning.read_interviews(this))
_ = door.table("quotations", Table(quoted, "In their own words"))
"""
SAY = '_ = door.sentence("answer", shown or f"{len(quoted)} quotations are shown.", role="answer")\n'


def project(root: Path) -> Study:
    kept = shutil.ignore_patterns("clean", "runs")
    shutil.copytree(DATA / "professionals", root / "data/professionals", ignore=kept)
    yml = root / "data/professionals/study.yml"
    yml.write_text(yml.read_text(encoding="utf-8").partition("notebooks:")[0], encoding="utf-8")
    fakes.write_notebook(
        root / "notebooks/04-stakeholders.ipynb", "# Do they agree?", PARAMETERS, PUBLISH, SAY
    )
    return load_study(str(root / "data/professionals"))


@pytest.fixture(scope="module")
def coded() -> interviews.Interviews:
    return coded_interviews.read_interviews(load_study(str(DATA / "professionals")))


@pytest.fixture
def report(tmp_path, coded) -> tuple[Study, Path]:
    """The study in a project of its own, and an empty folder for a report."""
    folder = tmp_path / "report"
    (folder / "tables").mkdir(parents=True)
    return project(tmp_path), folder


def stray(study: Study, folder: Path) -> list[Problem]:
    """What is wrong with the list, and every place of a folder where the interviews speak."""
    said = ("words of an interview", "the name", "the place")
    return [one for one in audit(study, folder) if one.found.startswith(said) or "yml" in one.file]


def unlisted(coded: interviews.Interviews, study: Study, least: int, most: int) -> str:
    """A passage of so many words that no listed quotation holds."""
    said = set(quotations.published(study, coded)["said"])
    return next(t for t in coded.segments["text"] if least <= len(t.split()) < most and t not in said)


# --- a finished report ----------------------------------------------------------------------------------


def test_a_passage_in_a_page_is_named_with_its_finding(report, coded):
    study, folder = report
    text = unlisted(coded, study, 10, 40)
    html = (
        f'<p>All well.</p><figure id="figure-map" data-finding="map" data-sha256="x"><p>{text}</p></figure>'
    )
    (folder / "04-stakeholders.html").write_text(html, encoding="utf-8")
    found = stray(study, folder)
    assert [(one.file, one.column) for one in found] == [("04-stakeholders.html", "figure-map")]
    assert str(found[0]).startswith("04-stakeholders.html, figure-map: words of an interview '")


@pytest.mark.parametrize(
    "page",
    [
        "<style></style x><p>{}</p><style></style>",
        "<script></script/><p>{}</p><script></script>",
        "<p title='a > b'>{}</p>",
        "<p><em>{}</em></p>",
        "<div class='source'><pre><span># {}</span></pre></div>",
        "<p aria-description='{}'>words</p>",
        '<style>p::after {{ content: "{}" }}</style>',
        "<!-- > {} -->",
    ],
)
def test_words_are_found_wherever_a_browser_reads_them(report, coded, page):
    study, folder = report
    text = unlisted(coded, study, 10, 40).replace("'", "&#39;")
    (folder / "a.html").write_text(page.format(text), encoding="utf-8")
    assert [str(one).partition(":")[0] for one in stray(study, folder)] == ["a.html"]


def test_a_passage_in_an_alt_text_a_table_and_a_workbook_is_named(report, coded):
    study, folder = report
    text = unlisted(coded, study, 10, 40)
    (folder / "a.html").write_text(f'<svg role="img" aria-label="A map. {text}"></svg>', encoding="utf-8")
    table = pd.DataFrame({"theme": ["a", "b"], "said": ["nothing", text]})
    table.to_csv(folder / "tables/t.csv", index=False)
    table.to_excel(folder / "tables.xlsx", sheet_name="what", index=False)
    places = [(one.file, one.column, one.row) for one in stray(study, folder)]
    assert places == [
        ("a.html", "", None),
        ("tables/t.csv", "said", 3),
        ("tables.xlsx, sheet what", "said", 3),
    ]


def test_a_short_passage_is_found_where_it_stands_alone(coded):
    spoken = spoken_of(coded._replace(segments=pd.DataFrame({"text": ["It costs too much."]})), NOTHING)
    assert spoken.found_in("“It costs too much”") == ["it costs too much"]
    assert spoken.found_in("They say that it costs too much to bear") == []


NOTHING = pd.DataFrame({"said": []})


def test_a_name_that_the_study_lists_is_found_anywhere(report):
    study, folder = report
    (folder / "index.html").write_text(f"<p>Thanks to [{PLANTED.name.upper()}].</p>", encoding="utf-8")
    assert str(stray(study, folder)[0]).startswith(f"index.html: the name '{PLANTED.name.upper()}'; ")


def test_listed_quotations_labels_and_other_words_pass(report, coded):
    study, folder = report
    said = "".join(f"<td>“{text}” (Q01)</td>" for text in quotations.published(study, coded)["said"])
    labels = "".join(f"<td>{label}</td>" for label in coded.codes["label"])
    (folder / "p.html").write_text(f"<table><tr>{said}{labels}</tr></table>", encoding="utf-8")
    assert stray(study, folder) == []


def test_a_study_without_interviews_has_nothing_to_find(tmp_path):
    kept = shutil.ignore_patterns("clean", "runs", "raw")
    shutil.copytree(DATA / "nhs-hip", tmp_path / "data/nhs-hip", ignore=kept)
    assert stray(load_study(str(tmp_path / "data/nhs-hip")), tmp_path / "nothing") == []


# --- from the list of quotations to the published folder ------------------------------------------------


def test_a_name_no_consent_or_a_stray_passage_stop_the_run_and_the_last_report_stays(
    tmp_path, monkeypatch, coded
):
    study = project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VBHC_HOME", raising=False)

    def run(*arguments: str):
        return CliRunner().invoke(main, ["run", "professionals", *arguments])

    first = run()
    assert first.exit_code == 0, first.output
    good = {path.name: path.read_bytes() for path in study.report.rglob("*") if path.is_file()}
    listing = study.folder / "quotations.yml"
    listed = listing.read_text(encoding="utf-8")
    silent = coded.segments[coded.segments["participant"] == PLANTED.no_consent[0]]["text"]
    others = coded.segments[~coded.segments["participant"].isin(PLANTED.no_consent)]["text"]
    named = next(text for text in coded.segments["text"] if PLANTED.name in text)
    faults = {
        "a title with a name 'Doctor Okkerveen'": named,
        "the speaker did not agree to be quoted": next(t for t in silent if t not in set(others)),
    }
    row = len(listed.splitlines()) + 1
    for message, text in faults.items():
        entry = f"  - sha256: {quotations.text_hash(text)}\n"
        listing.write_text(listed + entry, encoding="utf-8")
        stopped = run()
        assert stopped.exit_code == 1
        assert f"quotations.yml, quotation 15, row {row}: {message}" in " ".join(stopped.output.split())
        assert {p.name: p.read_bytes() for p in study.report.rglob("*") if p.is_file()} == good
    listing.write_text(listed, encoding="utf-8")
    stray_text = unlisted(coded, study, 10, 40).replace("=", "")
    stopped = run("-p", "shown", f"Somebody said: {stray_text}")
    assert stopped.exit_code == 1
    assert "04-stakeholders.html, sentence-answer: words of an interview" in " ".join(stopped.output.split())
    assert {p.name: p.read_bytes() for p in study.report.rglob("*") if p.is_file()} == good

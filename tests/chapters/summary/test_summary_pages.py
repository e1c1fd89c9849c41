"""The summary of whole reports: every link leads to its place, and every study gets what it has data for."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path

import fakes
import pytest
from click.testing import CliRunner

from vbhc.chapters.summary import joined
from vbhc.run.commands import main

SUMMARY = "06-summary"
GUIDELINES = {
    "shipped": ["cheers-2022", "strobe-2007", "coreq-2007", "gramms-2008"],
    "professionals_run": ["coreq-2007", "srqr-2014"],
    "lookalike": ["cheers-2022", "strobe-2007"],
}


@pytest.fixture(params=GUIDELINES)
def report(request) -> tuple[str, Path]:
    """The name of a whole run, and the folder of its report."""
    _, outcome = request.getfixturevalue(request.param)
    return request.param, outcome.report


def table(folder: Path, id: str) -> list[dict[str, str]]:
    text = (folder / "tables" / f"{SUMMARY}-{id}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def page(folder: Path, name: str = SUMMARY) -> str:
    return (folder / f"{name}.html").read_text(encoding="utf-8")


def rows_of(html: str, id: str) -> list[str]:
    """The rows of one table of a page, without its header."""
    body = html.split(f'id="table-{id}"', 1)[1].split("</table>", 1)[0]
    return re.findall(r"<tr>(.*?)</tr>", body.split("<tbody", 1)[1], re.DOTALL)


def test_every_link_leads_to_a_place_that_exists(report):
    _, folder = report
    ids = {
        path.name: set(re.findall(r'\bid="([^"]+)"', path.read_text("utf-8")))
        for path in folder.glob("*.html")
    }
    for link in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', page(folder)):
        name, _, anchor = link.partition("#")
        if link.startswith(("https:", "http:", "mailto:")):
            continue
        assert not name or (folder / name).is_file(), link
        if anchor:
            assert anchor in ids[name or f"{SUMMARY}.html"], link


def plain(html: str) -> str:
    """The words of a piece of a page, without the label in front of a limit."""
    html = re.sub(r'<strong class="tag">.*?</strong>', "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", re.sub(r"</t[hd]>", " ", html))).split())


def test_the_checklists_that_apply_are_shown_and_filled(report):
    name, folder = report
    shown = {path.stem.partition("checklist-")[2] for path in folder.glob("tables/06a-*-checklist-*.csv")}
    assert sorted(shown) == sorted(GUIDELINES[name])


def test_the_joint_display_stands_where_a_study_has_both_sides(report):
    name, folder = report
    reasons = {
        "professionals_run": joined.NO_NUMBERS,
        "lookalike": "This study has a number for personal and technical value",
    }
    if name in reasons:
        assert reasons[name] in plain(page(folder))
        assert not (folder / f"tables/{SUMMARY}-joint-display.csv").exists()
        return
    rows = table(folder, "joint-display")
    fits = [row["fit"].split()[0].strip(",") for row in rows]
    assert fits == ["confirm", "expand", "discord", "silent", "silent"]
    assert "n = 185" in rows[0]["numbers"]
    assert rows[0]["said"] == "clinician: for 10 of 11; non-clinician: for 5 of 8"


def test_a_source_at_odds_with_itself_is_shown(professionals_run):
    folder = professionals_run[1].report
    assert len(table(folder, "contradictions")) == 3


# --- what changed since the last published run -----------------------------------------------------------

ASK = """\
from vbhc.publish import findings
from vbhc.study import load_study
this = load_study(study)
door = findings.door(this, "02-value-quota")
_ = door.sentence("answer", f"At level {level} the seed is {seed}.", role="answer")
"""
GATHER = """\
from vbhc.publish import findings
from vbhc.study import load_study
this = load_study(study)
found = [f for f in findings.read(this) if f["notebook"] != "06-summary"]
door = findings.door(this, "06-summary")
_ = door.sentence("answer", found[-1]["text"], role="answer")
"""


def test_a_changed_parameter_shows_old_and_new_number(fake_project):
    """Published with one level, run again with another: both stand on the page, with their place."""
    for path in (fake_project / "notebooks").glob("0[14]-*.ipynb"):
        path.unlink()
    parameters = 'study: str = "fake"  # folder under data/\nlevel: float = 0.95  # confidence level\n'
    fakes.write_notebook(
        fake_project / "notebooks/02-value-quota.ipynb",
        "# What?",
        f"{parameters}seed: int = 7  # of the resamples\n",
        ASK,
    )
    summary = 'study: str = "fake"  # folder under data/\n'
    fakes.write_notebook(fake_project / "notebooks/06-summary.ipynb", "# What was found?", summary, GATHER)
    folder = fake_project / "reports/fake"
    first = CliRunner().invoke(main, ["run", "fake"])
    assert first.exit_code == 0, first.output
    assert 'id="changes"' not in page(folder, "index")
    again = CliRunner().invoke(main, ["run", "fake", "-p", "level", "0.9"])
    assert again.exit_code == 0, again.output
    changes = page(folder, "index").split('id="changes"', 1)[-1]
    assert "0.95" in changes
    assert "02-value-quota#answer" in changes
    listed = (folder / "changes.csv").read_text(encoding="utf-8")
    assert "At level 0.95 the seed is 7." in listed
    assert "At level 0.9 the seed is 7." in listed

"""A figure that is drawn twice: one of the two shows, both are audited alike."""

import pandas as pd
import pytest
from report_maker import Recorder, code, door_of, make_study, save, text
from selectolax.lexbor import LexborHTMLParser

from vbhc import report
from vbhc.publish.figure_style import is_narrow
from vbhc.publish.findings import marks
from vbhc.report.audit import audit
from vbhc.report.markdown import ReportError

WARDS = pd.DataFrame({"ward": list("ABCD"), "n": [120, 33, 48, 29]})
SECRETS = {
    "text": "<text>three patients died</text>",
    "key": "<text>P0001</text>",
    "script": "<script>1</script>",
    "comment": "<!-- 3 patients -->",
}


def bars(data, ax):
    ax.bar(data["ward"], data["n"])
    ax.set(ylabel="Patients" if is_narrow(ax) else "Number of patients", xlabel="Ward")


def make(tmp_path, monkeypatch, change=None):
    """Return a study and its report of one figure; `change` alters the output that the notebook stored."""
    recorder, study = Recorder(monkeypatch), make_study(tmp_path, disclosure="nhs-proms")
    study.clean.mkdir(exist_ok=True)
    keys = [f"P{number:04d}" for number in range(230)]
    pd.DataFrame({"patient_id": keys}).to_parquet(study.clean / "patients.parquet")
    door_of(study).figure(
        "bars",
        WARDS,
        bars,
        "By ward.",
        "Bars of 120, 48, 33 and 29 patients.",
        title="A is the largest",
    )
    outputs = recorder.take()
    for output in outputs if change else ():
        if marks.MIME in output["data"]:
            change(output)
    path = save(study, "02-value-quota", [text("# Q"), text("## H\n\nWords."), code("x", outputs)])
    report.build(study, {"02-value-quota": path}, tmp_path / "out", {"study": "small"})
    return study, tmp_path / "out"


def test_both_drawings_stand_under_one_title_with_names_of_their_own(tmp_path, monkeypatch):
    _, out = make(tmp_path, monkeypatch)
    figure = LexborHTMLParser((out / "02-value-quota.html").read_text()).css_first("figure")
    assert figure.css_first("h3").text() == "A is the largest"
    assert [one.attributes["class"] for one in figure.css("svg")] == ["drawing wide", "drawing narrow"]
    assert {one.attributes["role"] for one in figure.css("svg")} == {"img"}
    ids = [one.attributes["id"] for one in figure.css("[id]")]
    assert len(ids) == len(set(ids))
    assert len(figure.css("[data-finding]")) <= 1


def test_the_page_takes_one_of_the_two_away_altogether():
    """`display: none` takes a drawing from sight and from a screen reader, which so says its text once."""
    from vbhc.report.shell import TEMPLATES

    style = (TEMPLATES / "report.css").read_text()
    narrow, wide = style.split("@media print, (min-width: 760px)")
    assert ".drawing.wide { display: none; }" in narrow
    assert ".drawing.wide { display: block; }\n  .drawing.narrow { display: none; }" in wide


def test_the_narrow_drawing_is_a_file_too_and_findings_carry_the_title(tmp_path, monkeypatch):
    _, out = make(tmp_path, monkeypatch)
    files = sorted(path.name for path in (out / "figures").iterdir())
    assert files == ["02-value-quota-bars-narrow.svg", "02-value-quota-bars.csv", "02-value-quota-bars.svg"]
    assert '"title": "A is the largest"' in (out / "findings.json").read_text()


@pytest.mark.parametrize("drawing", ["bars", "bars-narrow"])
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_one_drawing_alone_is_found_in_its_file(tmp_path, monkeypatch, secret, drawing):
    study, out = make(tmp_path, monkeypatch)
    assert audit(study, out) == []
    path = out / "figures" / f"02-value-quota-{drawing}.svg"
    path.write_text(path.read_text().replace("</svg>", f"{SECRETS[secret]}</svg>"))
    problems = audit(study, out)
    assert problems
    assert {problem.file for problem in problems} == {f"figures/02-value-quota-{drawing}.svg"}


@pytest.mark.parametrize("drawing", [marks.SVG, marks.NARROW])
@pytest.mark.parametrize("secret", ["text", "key"])
def test_a_secret_drawn_for_one_screen_alone_fails_the_build(tmp_path, monkeypatch, secret, drawing):
    """Somebody who marks an output anew gets it past the marks, and not past the audit."""

    def smuggle(output):
        svg = output["data"][drawing]
        output["data"][drawing] = svg.replace("</svg>", SECRETS[secret] + "</svg>")
        finding = output["data"][marks.MIME] | {"svg_sha256": marks.drawings_sha256(output)}
        output["data"][marks.MIME] = finding
        output["metadata"]["vbhc"].update(marks.mark(finding)["vbhc"])

    with pytest.raises(ReportError, match="it would publish what it may not"):
        make(tmp_path, monkeypatch, smuggle)


def test_a_narrow_drawing_that_was_changed_afterwards_leaves_no_finding(tmp_path, monkeypatch):
    def change(output):
        output["data"][marks.NARROW] += " "

    _, out = make(tmp_path, monkeypatch, change)
    assert "<figure" not in (out / "02-value-quota.html").read_text()
    assert not (out / "figures").exists()

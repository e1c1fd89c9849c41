"""A page says what its notebook says, and the template adds few words of its own."""

import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from report_maker import Recorder, code, door_of, make_study, save, text
from study_maker import write_study

from vbhc import report
from vbhc.publish.findings.drawing import draw_svg
from vbhc.report.markdown import ReportError, formula
from vbhc.run.plan import note_problems
from vbhc.study import load_study

OWN = "zzz"  # every word that comes from the notebook or the study
PARAMETERS = f'study: str = "small"  # {OWN}\nci_level: float = 0.95  # {OWN}'
RUN = {
    "parameters": {"study": "small", "ci_level": 0.9},
    "changed": ["ci_level"],
    "help": {"study": OWN, "ci_level": OWN},
}
INFO = {
    "study": "small",
    "notebooks": {"02-value-quota": RUN},
    "skipped": {"04-stakeholders": OWN},
}


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A page with all that a page of the walk may have, every word of it a marker."""
    recorder = Recorder(monkeypatch)
    study = make_study(tmp_path, synthetic=True, title=OWN, question=OWN)
    (study.folder / "notes.md").write_text(f"## 02-value-quota\n{OWN}\n")
    door, frame = door_of(study), pd.DataFrame({OWN: [OWN]})
    door.sentence("answer", f"{OWN}.", role="answer")
    for reader in ("clinician", "manager", "patient"):
        door.sentence(f"for-the-{reader}", OWN)
    for number in range(3):
        door.table(f"table-{number}", frame, OWN)
        look = {"title": OWN, "counts": ()}
        door.figure(f"figure-{number}", frame, lambda data, ax: None, OWN, OWN, **look)
    cells = [
        text(f"# {OWN}"),
        code(PARAMETERS, tags=["parameters"]),
        text(f"## {OWN}\n\n> {OWN}"),
        code("x", recorder.take()),
        text(f"## Sources\n\n1. {OWN}"),
    ]
    companions = {name: save(study, name, [text(f"# {OWN}")]) for name in ("02a-costs", "06a-checklists")}
    executed = {"02-value-quota": save(study, "02-value-quota", cells), **companions}
    report.build(study, executed, tmp_path / "out", INFO)
    return tmp_path / "out"


def words(path):
    """The words of a page that are not the marker, as whoever reads its text counts them."""
    html = re.sub(r"<(script|style|svg|math|pre)[\s\S]*?</\1>", "", path.read_text())
    return [word for word in re.sub(r"<[^>]+>", " ", html).split() if OWN not in word]


def test_the_template_adds_fewer_than_ninety_words_to_a_page(built):
    assert 40 < len(words(built / "02-value-quota.html")) < 90


def test_the_template_adds_fewer_than_ninety_words_to_the_index(built):
    assert 40 < len(words(built / "index.html")) < 90


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\textbf{a<img src=x onerror=alert(1)>b}",
        r"\mbox {A & B < C}",
        r"\mathrm{<b>x</b>} + \operatorname{<i>}",
    ],
)
def test_a_text_in_a_formula_is_never_markup(latex):
    made = formula(latex, block=False)
    parts = {part.tag.rpartition("}")[2] for part in ElementTree.fromstring(made).iter()}
    assert parts <= {"math", "mrow", "mtext", "mi", "mo", "mstyle"}


@pytest.mark.parametrize(
    "latex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{color:red}{x}",
        r"\class{a}{x}",
        r"\text{</mtext>{}<style>}",
        r"\hbox{<b>}",
    ],
)
def test_a_formula_that_would_write_anything_else_is_refused(latex):
    with pytest.raises(ReportError, match="write it in plain LaTeX maths"):
        formula(latex, block=False)


def test_a_text_in_a_drawing_is_never_maths():
    """Two dollars are currencies; `$$` stopped the run."""

    def draw(data, ax):
        ax.set(title="A$ and NZ$", xlabel=r"$$ per $\frac{a}$", xscale="log")
        ax.plot([1, 100], [0, 1])
        ax.set_yticks([0, 1], labels=["US$", "C$ or A$"])

    drawn = draw_svg(draw, None, salt="s", size=(7, 4), panels=(1, 1), guard=lambda text: text)
    said = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<text\b.*?</text>", drawn, re.S)]
    assert {"A$ and NZ$", r"$$ per $\frac{a}$", "US$", "C$ or A$"} <= set(said)
    assert not [one for one in said if "mathdefault" in one]


def test_a_formula_that_cannot_be_read_is_one_line_before_anything_runs(tmp_path):
    study = write_study(
        tmp_path / "data" / "s", {"notes.md": "## 01-cleaning\n\nCost per head is $a^b^c$.\n"}
    )
    [problem] = note_problems(load_study(str(study)))
    assert str(problem).startswith("data/s/notes.md, 01-cleaning: formula 'a^b^c' cannot be read")

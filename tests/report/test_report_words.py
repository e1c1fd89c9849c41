"""A page says what its notebook says, and the template adds few words of its own."""

import re

import pandas as pd
import pytest
from report_maker import Recorder, code, door_of, make_study, save, text

from vbhc import report

OWN = "zzz"  # every word that comes from the notebook or the study
PARAMETERS = f'study: str = "small"  # {OWN}\nci_level: float = 0.95  # {OWN}'
INFO = {
    "study": "small",
    "notebooks": {"02-value-quota": {"parameters": {"ci_level": 0.9}, "changed": ["ci_level"]}},
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
        look = {"title": OWN, "narrow": (3.6, 2.0), "counts": ()}
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

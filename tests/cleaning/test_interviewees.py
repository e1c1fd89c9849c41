"""A study of interviews alone: its people are counted as patients are, and none is lost."""

import pandas as pd
import pytest

from vbhc import cleaning
from vbhc.problems import StudyError
from vbhc.study import load_study


@pytest.fixture(scope="module")
def professionals(repo):
    return load_study(str(repo / "data" / "professionals"))


def test_every_interviewee_is_counted_and_consent_beside_it(professionals):
    """26 interviewees stand in the published study; all of them were interviewed."""
    flow = cleaning.clean(professionals).flow[lambda rows: rows["source"] != "staff"]
    counts = dict(zip(flow["step"], flow["n"], strict=True))
    assert counts["assessed"] == counts["kept"] == counts["with interview"] == 26
    consent = cleaning.clean(professionals).patients["consent_quote"].eq("yes").sum()
    assert counts["with consent"] == consent


def test_clean_tables_are_written_and_read_like_any_other(professionals, tmp_path):
    folder = tmp_path / "data" / "professionals"
    folder.mkdir(parents=True)
    names = ("study.yml", "dictionary.csv", "raw/interviews.qdpx", "raw/participants.csv", "raw/staff.csv")
    for file in names:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes((professionals.folder / file).read_bytes())
    study = load_study(str(folder))
    cleaning.write_clean(study, cleaning.clean(study))
    assert len(cleaning.load_patients(study)) == 26
    assert pd.read_csv(study.clean / "quarantine.csv").empty


def test_absent_interviews_are_named(professionals, tmp_path):
    folder = tmp_path / "data" / "professionals"
    folder.mkdir(parents=True)
    for file in ("study.yml", "dictionary.csv"):
        (folder / file).write_bytes((professionals.folder / file).read_bytes())
    with pytest.raises(StudyError, match="no such file"):
        cleaning.clean(load_study(str(folder)))

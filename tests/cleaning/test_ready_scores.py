"""Outcomes that come ready made: totals in a column, and EQ-5D profiles of five digits."""

from __future__ import annotations

import battery as b
import pytest

from vbhc.cleaning import clean
from vbhc.run.checking import check

HEADER = ["patient_id", "cost", "kccq_os_pre", "kccq_os_post", "kccq_os_change"]
ROWS = [["A", "3000", "28.9", "38.1", "1"], ["B", "4000", "35.7", "41", "1"], ["C", "5000", "61.1", "", ""]]
DICTIONARY = "name,label,type,unit,min,max,allowed,missing_codes,direction,source\n" + "".join(
    f"{name},{name},{'string' if name == 'patient_id' else 'float'},,,,,,,patients\n" for name in HEADER
)
SCORE = {"instrument": "score", "items": "kccq_os", "range": [0, 100], "direction": "higher", "label": "KCCQ"}


def with_score(folder, rows=ROWS, **keys):
    instruments = {"kccq": {name: value for name, value in {**SCORE, **keys}.items() if value is not None}}
    quota = {"outcome": "kccq_os"}
    return b.battery(folder, rows, DICTIONARY, HEADER, instruments=instruments, value_quota=quota)


def test_a_total_in_a_column_is_an_outcome(tmp_path):
    """38.1 - 28.9 = 9.2 and 41 - 35.7 = 5.3; a change that the file holds too is computed again."""
    study = with_score(tmp_path)
    assert check(study) == []
    patients = clean(study).patients
    assert patients["kccq_os_change"].round(1).tolist()[:2] == [9.2, 5.3]
    assert patients["kccq_os_post"].isna().tolist() == [False, False, True]
    columns = clean(study).columns.set_index("name")
    assert columns.at["kccq_os_post", "direction"] == "higher is better"
    assert columns.at["kccq_os_change", "max"] == 100
    assert columns.index.is_unique


@pytest.mark.parametrize("absent", ["range", "direction"])
def test_a_score_says_its_range_and_which_end_is_good(tmp_path, absent):
    lines = [str(problem) for problem in check(with_score(tmp_path, **{absent: None}))]
    assert "kccq_os: a ready-made score needs `range: [low, high]` and `direction: higher`" in lines[0]


def test_a_score_beyond_its_range_is_refused(tmp_path):
    rows = [[*ROWS[0][:3], "381", ""], *ROWS[1:]]
    assert "kccq_os must be 0-100; found 381" in str(check(with_score(tmp_path, rows))[0])


def profiles(folder, change=lambda profile: profile):
    """The twelve patients with the levels of a visit in one column."""
    rows = [[*row[:4], change("".join(row[4:9])), change("".join(row[9:]))] for row in b.ROWS]
    header = [*b.HEADER[:4], "state_pre", "state_post"]
    lines = [line for line in b.declared().splitlines() if line.split(",")[0] not in b.ITEMS]
    lines += [f"state_{visit},State,string,,,,,,,patients" for visit in ("pre", "post")]
    use = {"instrument": "eq5d-3l", "items": ["state"], "value_set": "3l-tto-uk"}
    return b.battery(folder, rows, "\n".join([*lines, ""]), header, instruments={"eq5d": use})


def test_profiles_of_five_digits_give_the_same_index_as_five_columns(tmp_path):
    """The first patient: 23211 before, 1 - 0.081 - 0.069 - 0.214 - 0.036 - 0.269 = 0.331 (Dolan 1997)."""
    study = profiles(tmp_path)
    assert check(study) == []
    found, five = clean(study).patients, clean(b.battery(tmp_path / "five")).patients
    assert found["eq5d_index_pre"].tolist() == five["eq5d_index_pre"].tolist()
    assert found["eq5d_index_pre"][0] == pytest.approx(0.331)
    assert found["state_sc_pre"].tolist() == five["sc_pre"].tolist()


def test_profiles_that_a_spreadsheet_made_numbers(tmp_path):
    found = clean(profiles(tmp_path, lambda profile: f"{profile}.0")).patients
    assert found["eq5d_index_pre"][0] == pytest.approx(0.331)


def test_a_profile_of_another_version_is_named(tmp_path):
    lines = [str(problem) for problem in check(profiles(tmp_path, lambda profile: profile.replace("3", "5")))]
    assert "instruments.eq5d, state_pre" in lines[0]

"""Outcomes that come ready made: totals in a column, and EQ-5D profiles of five digits."""

from __future__ import annotations

import battery as b
import pytest
from arms_maker import two_armed
from study_maker import write_study

from vbhc.chapters.value.two_arms.trial import index_stem, study_qalys, study_two_arms
from vbhc.cleaning import clean
from vbhc.cleaning.scoring import score_label
from vbhc.run.checking import inspect
from vbhc.study import load_study
from vbhc.study.form_checks import smallest_change

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
    assert inspect(study).problems == []
    patients = clean(study).patients
    assert patients["kccq_os_change"].round(1).tolist()[:2] == [9.2, 5.3]
    assert patients["kccq_os_post"].isna().tolist() == [False, False, True]
    columns = clean(study).columns.set_index("name")
    assert columns.at["kccq_os_post", "direction"] == "higher is better"
    assert columns.at["kccq_os_change", "max"] == 100
    assert columns.index.is_unique


@pytest.mark.parametrize("absent", ["range", "direction"])
def test_a_score_says_its_range_and_which_end_is_good(tmp_path, absent):
    lines = [str(problem) for problem in inspect(with_score(tmp_path, **{absent: None})).problems]
    assert "kccq_os: a ready-made score needs `range: [low, high]` and `direction: higher`" in lines[0]


def test_a_score_beyond_its_range_is_refused(tmp_path):
    rows = [[*ROWS[0][:3], "381", ""], *ROWS[1:]]
    assert "kccq_os must be 0-100; found 381" in str(inspect(with_score(tmp_path, rows)).problems[0])


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
    assert inspect(study).problems == []
    found, five = clean(study).patients, clean(b.battery(tmp_path / "five")).patients
    assert found["eq5d_index_pre"].tolist() == five["eq5d_index_pre"].tolist()
    assert found["eq5d_index_pre"][0] == pytest.approx(0.331)
    assert found["state_sc_pre"].tolist() == five["sc_pre"].tolist()


def test_profiles_that_a_spreadsheet_made_numbers(tmp_path):
    found = clean(profiles(tmp_path, lambda profile: f"{profile}.0")).patients
    assert found["eq5d_index_pre"][0] == pytest.approx(0.331)


def test_a_profile_of_another_version_is_named(tmp_path):
    lines = [
        str(problem)
        for problem in inspect(profiles(tmp_path, lambda profile: profile.replace("3", "5"))).problems
    ]
    assert "instruments.eq5d, state_pre" in lines[0]


LONG = """\
id,arm,visit,e,c
1,old,1,0.5,100
1,old,2,0.7,200
1,old,3,0.5,0
2,new,1,0.4,50
2,new,2,0.8,
2,new,3,1,250
3,new,1,-0.2,10
3,new,2,0.2,20
3,new,3,0.6,30
"""
OF_A_TRIAL = {
    "key": "id",
    "sources": {"p": {"file": "raw/long.csv"}, "v": {"file": "raw/long.csv", "layout": "visits"}},
    "visits": {str(n + 1): {"label": f"Month {6 * n}", "months": 6 * n} for n in range(3)},
    "instruments": {
        "util": {"instrument": "score", "items": "e", "range": [-0.594, 1], "direction": "higher"}
        | {"utility": True, "mcid": {"value": 0.08, "source": "an example"}},
    },
    "cost": b.CONFIG["cost"] | {"columns": {"first": "c_1", "second": "c_2", "third": "c_3"}},
    "value_quota": {"outcome": "e", "form": "qaly"},
    "groups": {"arm": {"column": "arm", "label": "Arm", "kind": "arm", "reference": "old"}},
    "willingness_to_pay": {"amount": 20000, "currency": "EUR"},
}


def of_a_trial(folder, **config):
    columns = {"id": "string,p", "arm": "category,p", "e": "float,v", "c": "float,v"}
    lines = [f"{name},{name},{kind.replace(',', ',,,,,,,')}" for name, kind in columns.items()]
    dictionary = "\n".join(
        ["name,label,type,unit,min,max,allowed,missing_codes,direction,source", *lines, ""]
    )
    write_study(
        folder / "s",
        {"dictionary.csv": dictionary, "raw/long.csv": LONG},
        **OF_A_TRIAL | {**b.NO_OTHERS, **config},
    )
    return folder / "s"


def test_utilities_and_costs_of_every_visit_in_one_long_file_give_qalys(tmp_path):
    """Patient 1: half a year at (0.5 + 0.7) / 2, half at (0.7 + 0.5) / 2: 0.6. Patient 3: 0 and 0.2."""
    study = load_study(str(of_a_trial(tmp_path, perception=None)))
    assert inspect(study).problems == []
    patients = clean(study).patients
    assert study_qalys(study, patients, index_stem(study, patients)).round(6).tolist() == [0.6, 0.75, 0.2]
    assert patients["cost_eur_2023"].tolist()[::2] == [300, 60]  # patient 2 lacks one cost, so has none
    assert patients["cost_eur_2023"].isna().tolist() == [False, True, False]
    assert (index_stem(study, patients), smallest_change(study, "e")) == ("e", (0.08, "an example"))


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ({"range": [0, 100]}, "a utility ends at 1, full health"),
        ({"mcid": {"value": 0.08, "source": ""}}, "an MCID is a size above 0, with its source"),
        (
            {"instrument": "eq-vas", "range": None, "direction": None},
            "`utility` and `mcid` are those of a ready",
        ),
        ({"utility": False}, "form 'qaly' needs a utility index, not 'e'"),
    ],
)
def test_a_utility_and_an_mcid_are_checked(tmp_path, keys, line):
    use = {**OF_A_TRIAL["instruments"]["util"], **keys}
    instruments = {"util": {name: value for name, value in use.items() if value is not None}}
    study = load_study(str(of_a_trial(tmp_path, instruments=instruments)))
    assert line in "\n".join(map(str, inspect(study).problems))


def test_the_outcome_of_the_value_quota_may_stand_in_the_file_undeclared(tmp_path):
    """KCCQ totals without items: the dictionary says their limits and which end is good."""
    fields = {"patient_id": "string,,,,,,", "cost": "float,EUR,0,,,,"}
    fields |= dict.fromkeys(HEADER[2:4], "float,points,0,100,,,higher is better")
    lines = [f"{n},{LABELS.get(n, n)},{rest},patients" for n, rest in fields.items()]
    dictionary = "\n".join([DICTIONARY.splitlines()[0], *lines, ""])
    rows, header = [row[:4] for row in ROWS], HEADER[:4]
    config = {"instruments": None, "value_quota": {"outcome": "kccq_os"}}
    study = b.battery(tmp_path, rows, dictionary, header, **config)
    assert inspect(study).problems == []
    assert clean(study).patients["kccq_os_change"].round(1).tolist()[:2] == [9.2, 5.3]
    assert score_label(study, "kccq_os") == "KCCQ overall"
    study = b.battery(tmp_path / "2", rows, dictionary.replace("higher is better", ""), header, **config)
    assert "declare the column under `instruments`: {instrument: score" in str(inspect(study).problems[0])


LABELS = {"kccq_os_pre": "KCCQ overall before", "kccq_os_post": "KCCQ overall after"}


def test_the_new_arm_is_worth_its_cost_at_the_price_that_the_study_declares(tmp_path):
    """ICER about 4,000 (400 for 0.1 QALYs): worth it at 50,000, not at 500."""
    study, patients = two_armed(tmp_path, gain=0.2)
    trials = [study_two_arms(study, patients, price, n_resamples=200) for price in (500.0, 50000.0)]
    assert [trial.row["delta_net_benefit"] > 0 for trial in trials] == [False, True]
    assert trials[0].result.curve["willingness_to_pay"].agg(["min", "max"]).tolist() == [0, 1000]


def test_what_happened_to_patients_is_an_outcome_too(tmp_path):
    """Readmitted: yes is 1, no is 0, and less is better."""
    rows = [
        [*row, before, after]
        for row, before, after in zip(b.ROWS, "yyynnnyyynnn", "nnnnnnyyyyyy", strict=True)
    ]
    columns = ["readmitted_pre", "readmitted_post"]
    use = {
        "instrument": "score",
        "items": "readmitted",
        "range": [0, 1],
        "direction": "lower",
        "label": "Readmission",
    }
    dictionary = b.declared(**dict.fromkeys(columns, "boolean,,,,y;n,"))
    uses = b.CONFIG["instruments"] | {"stay": use}
    study = b.battery(tmp_path, rows, dictionary, [*b.HEADER, *columns], instruments=uses)
    assert inspect(study).problems == []
    patients = clean(study).patients
    assert patients["readmitted_change"].tolist() == [-1, -1, -1, 0, 0, 0, 0, 0, 0, 1, 1, 1]

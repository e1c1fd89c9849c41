"""Who came in, who is left, and who is missing: small studies that can be counted by hand."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from axes import new_axes
from shown_maker import said_of
from study_maker import DICTIONARY, PATIENTS, small_study

from vbhc.chapters import cleaning
from vbhc.chapters.cleaning import cohort
from vbhc.chapters.cleaning.fates import (
    ANSWERED,
    DIED,
    SILENT,
    difference_of_means,
    draw_parts,
    fates,
)
from vbhc.publish.alt_text import alt_text
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.disclosure.said import may_show
from vbhc.publish.either import picked
from vbhc.publish.findings.show import under
from vbhc.statistics.tables2x2 import newcombe

NONE, NHS = get_policy("none"), get_policy("nhs-proms")
HEADER = "name,label,type,unit,min,max,allowed,missing_codes,direction,source\n"
COLUMNS = HEADER + (
    "patient_id,Patient,string,,,,,,,patients\nage,Age,integer,years,18,110,,,,patients\n"
    "arm,Arm,category,,,,new;old,,,patients\ndead_6m,Dead,category,,,,yes;no,,,patients\n"
    "opinion,Rating of the care,integer,,1,5,,,lower is better,patients\n"
    "vas,EQ VAS,integer,points,0,100,,,higher is better,answers\n"
)
ARMS = {"arm": {"column": "arm", "label": "Arm", "kind": "arm", "reference": "old"}}


def study_of(folder, people, **config):
    """A study of (arm, dead, age, start, end); an empty end is no answer."""
    rows = [f"P{n},{age},{arm},{dead},1" for n, (arm, dead, age, _, _) in enumerate(people)]
    answers = [f"P{n},baseline,{start}" for n, (_, _, _, start, _) in enumerate(people)]
    answers += [f"P{n},6m,{end}" for n, (*_, end) in enumerate(people) if end != ""]
    files = {
        "dictionary.csv": COLUMNS,
        "raw/patients.csv": "patient_id,age,arm,dead_6m,opinion\n" + "\n".join(rows) + "\n",
        "raw/answers.csv": "patient_id,visit,vas\n" + "\n".join(answers) + "\n",
        "raw/lines.csv": "patient_id,resource,quantity\n"
        + "".join(f"P{n},bed_day,{n + 1}\n" for n in range(len(people))),
    }
    return small_study(folder, files, **{"groups": ARMS, "covariates": ["age"], **config})


PEOPLE = [
    ("new", "no", 60, 40, 70),
    ("new", "no", 62, 50, 60),
    ("new", "yes", 80, 10, ""),
    ("old", "no", 64, 60, 65),
    ("old", "no", 70, 30, ""),
    ("old", "yes", 66, 45, 50),  # gave an answer and is counted among those who did
]


def test_who_answered_who_did_not_and_who_died_are_three(tmp_path):
    study = study_of(tmp_path / "s", PEOPLE)
    fate = fates(study, cleaning.clean(study).patients)
    assert fate.tolist() == [ANSWERED, ANSWERED, DIED, ANSWERED, SILENT, ANSWERED]


def test_the_flow_counts_everybody_once_for_each_step_and_arm(tmp_path):
    study = study_of(tmp_path / "s", PEOPLE)
    steps = cleaning.flow_steps(study, cleaning.clean(study)).set_index("step")
    assert list(steps) == ["n", "n_new", "n_old"]  # the reference last
    assert steps.loc["In the study"].tolist() == [6, 3, 3]
    assert steps.loc["Died"].tolist() == [1, 1, 0]
    assert steps.loc["Did not answer"].tolist() == [1, 0, 1]
    assert steps.loc["Answered 6 months"].tolist() == [4, 2, 2]
    assert steps.loc["Counted in every question", "n"] == 4
    assert steps.loc["Read", "n"] - steps.loc["Set aside", "n"] == steps.loc["In the study", "n"]


def test_the_parts_of_the_figure_add_up_to_the_study_and_to_each_arm(tmp_path):
    study = study_of(tmp_path / "s", PEOPLE)
    data = cohort.in_parts(study, cleaning.clean(study))
    assert data.groupby("label", sort=False)["n"].sum().to_dict() == {"In the study": 6, "new": 3, "old": 3}
    result = cleaning.show_flow(study, cleaning.clean(study), pd.DataFrame({"step": []}))
    assert result.drawing.title(data) == "4 patients answered, 1 did not answer and 1 died"
    told = alt_text(data, result.drawing.alt)
    assert "In the study, answered: 4; In the study, did not answer: 1; In the study, died: 1" in told


def test_where_counts_are_rounded_the_figure_has_no_parts_of_arms(tmp_path):
    """90, 25, 15 of 125 and 80, 30, 10 of 123, all rounded, are 88, 23, 14 and 79, 32, 12 of 248."""
    study = study_of(tmp_path / "s", PEOPLE)
    for policy, labels in (("nhs-proms", ["In the study", "new", "old"]), ("hes", ["In the study"])):
        held = dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure=policy))
        drawn = cleaning.show_flow(held, cleaning.clean(study), pd.DataFrame({"step": []})).drawing
        assert list(drawn.data["label"].unique()) == labels


def test_a_study_in_which_everybody_died_says_so(tmp_path):
    study = study_of(tmp_path / "s", [("new", "yes", 80, 40, ""), ("old", "yes", 82, 30, "")] * 2)
    cleaned = cleaning.clean(study)
    steps = cleaning.flow_steps(study, cleaned)
    result = cleaning.show_flow(study, cleaned, steps)
    assert result.says == []
    assert result.drawing.title(result.drawing.data) == "0 patients answered, 4 died"
    known = cleaning.known_before(study, cleaned)
    assert cleaning.show_missing(study, cleaned, known, cleaning.compare_missing(known)) is None
    said = said_of(cleaning.who_is_in(study, cleaned, steps, NONE))
    assert said.startswith("4 patients are in this study; 0 of 4 (0%) answered 6 months and 4 had died.")


def test_a_figure_leaves_out_a_bar_with_a_withheld_part_and_says_nothing_in_its_title():
    data = pd.DataFrame(
        {"label": ["All", "All", "x", "x"], "part": [ANSWERED, DIED] * 2, "n": [50.0, np.nan, 20, 10]}
    )
    ax = draw_parts(data, new_axes())
    drawn = " ".join(text.get_text() for text in ax.texts)
    assert "20" in drawn
    assert "50" not in drawn
    assert cohort._title(data) == "Who answered, and who did not"
    assert not draw_parts(data.assign(n=np.nan), new_axes()).axison


def test_two_arms_that_lose_alike_cannot_be_told_apart_and_a_dead_arm_can(tmp_path):
    alike = [(arm, "no", 60, 40, 50 if n else "") for arm in ("new", "old") for n in range(6)]
    study = study_of(tmp_path / "a", alike)
    text = said_of(cleaning.show_flow(study, cleaning.clean(study), pd.DataFrame({"step": []})))
    assert "who answered cannot be told apart between new and old: difference 0 percentage points" in text
    dead = [(arm, "yes" if arm == "new" else "no", 60, 40, "" if arm == "new" else 50) for arm, *_ in alike]
    study = study_of(tmp_path / "d", dead)
    result = cleaning.show_flow(study, cleaning.clean(study), pd.DataFrame({"step": []}))
    assert "100 percentage points lower for new than for old" in said_of(result)
    ends = [(claim.low / 100, claim.high / 100) for claim in under(result, NONE).says]
    assert ends[0] == pytest.approx(newcombe(0, 6, 6, 6))


def test_a_difference_of_shares_has_no_size_where_people_are_protected(tmp_path):
    """Enumerated: 18 points (-6 to 38, n = 62) are 21 of 27 and 21 of 35, and no other counts."""
    told = cohort._uneven({ANSWERED: {"new": (21, 27), "old": (21, 35)}}, 0.95)
    told += cohort._uneven({DIED: {"new": (21, 27), "old": (1, 35)}}, 0.95)
    assert [picked(one, NHS) for one in told] == [
        "The share who answered cannot be told apart between new and old.",
        "The share who died without an answer was higher for new than for old.",
    ]
    assert round(picked(told[0], NONE).estimate) == 18


def test_those_who_died_are_set_against_those_who_answered_by_hand(tmp_path):
    """Starts 40, 50, 60, 45 against 10: 38.75 lower; one patient alone has no interval. 3 days at 400."""
    study = study_of(tmp_path / "s", PEOPLE)
    cleaned = cleaning.clean(study)
    known = cleaning.known_before(study, cleaned)
    table = cleaning.compare_missing(known).set_index("who")
    assert table.loc["answered", ["n", "age", "mean_start"]].tolist() == [4, 63, 48.75]
    assert table.loc["died", ["n", "age", "mean_start", "mean_cost"]].tolist() == [1, 80, 10, 1200]
    result = cleaning.show_missing(study, cleaned, known, table.reset_index())
    assert "differs by -38.8 points between those who died and those who answered" in said_of(result)
    # a difference from others tells the mean of one too: the policy has to know of how many
    assert result.says[0].behind == (1, 4)


def test_the_interval_of_two_means_is_that_of_welch():
    """Variances 1 and 1, three each: 3 lower, error the root of 2/3, 2.776 of it (t table, 4 freedoms)."""
    found = difference_of_means(pd.Series([1.0, 2, 3]), pd.Series([4.0, 5, 6]))
    assert found["estimate"] == -3
    half = 2.776 * (2 / 3) ** 0.5
    assert (found["low"], found["high"]) == pytest.approx((-3 - half, -3 + half), abs=1e-3)
    flat = difference_of_means(pd.Series([2.0, 2]), pd.Series([4.0, 4]))
    assert flat["estimate"] == -2
    assert np.isnan(flat["low"])


def test_nobody_missing_shows_no_comparison(tmp_path):
    study = study_of(tmp_path / "s", [("new", "no", 60, 40, 50), ("old", "no", 70, 30, 40)] * 2)
    cleaned = cleaning.clean(study)
    known = cleaning.known_before(study, cleaned)
    assert cleaning.show_missing(study, cleaned, known, cleaning.compare_missing(known)) is None


def test_the_answer_names_who_is_in_and_who_is_missing(tmp_path):
    study = study_of(tmp_path / "s", PEOPLE, coverage="Answers from half of all operations.")
    cleaned = cleaning.clean(study)
    steps = cleaning.flow_steps(study, cleaned)
    assert said_of(cleaning.who_is_in(study, cleaned, steps, NONE)) == (
        "Answers from half of all operations. 6 patients are in this study; 4 of 6 (67%) answered 6 months, "
        "1 had died and 1 gave no answer. 4 have the outcome at both visits, a known cost and an answer on "
        "“Rating of the care”."
    )
    lines = [said_of(one) for one in cleaning.cohort_for_readers(study, cleaned, steps)]
    assert lines[0].endswith("Left out unless a page says otherwise: 1 who died and 1 who gave no answer.")
    assert lines[1].endswith("one that needs all of them rests on 4, not 6.")
    assert "those who gave no answer (1)" in lines[2]


def test_who_lacks_the_outcome_and_answered_something_else_is_not_said_to_be_silent(tmp_path):
    files = {
        "dictionary.csv": DICTIONARY + "mood,Mood,integer,points,0,10,,,higher is better,answers\n",
        "raw/answers.csv": "patient_id,visit,vas,mood\nP1,baseline,40,3\nP1,6m,70,5\nP2,6m,999,7\n",
    }
    uses = {"vas": {"instrument": "eq-vas", "items": "{item}"}}
    uses["mood"] = {"instrument": "score", "items": "mood", "range": [0, 10], "direction": "higher"}
    study = small_study(tmp_path / "s", files, instruments=uses)
    cleaned = cleaning.clean(study)
    steps = cleaning.flow_steps(study, cleaned)
    said = said_of(cleaning.who_is_in(study, cleaned, steps, NONE))
    assert said.startswith(
        "3 patients are in this study; 1 of 3 (33%) answered 6 months and 2 gave no answer. Only the EQ VAS "
        "counts as an answer here: 1 of those without it answered other questions 6 months."
    )
    assert "answered other" not in said_of(cleaning.who_is_in(study, cleaned, steps, NHS), NHS)
    many = cleaned._replace(patients=pd.concat([cleaned.patients] * 20, ignore_index=True))
    said = said_of(cleaning.who_is_in(study, many, cleaning.flow_steps(study, many), NHS), NHS)
    assert "some of those without it answered other questions" in said


def test_under_a_policy_no_small_count_is_in_the_answer_nor_follows_from_it(tmp_path):
    people = [("new", "no", 60, 40, "" if n < 3 else 50) for n in range(40)]
    study = study_of(tmp_path / "s", people)
    cleaned = cleaning.clean(study)
    steps = cleaning.flow_steps(study, cleaned)
    answer = cleaning.who_is_in(study, cleaned, steps, NHS)
    assert said_of(answer) == "40 patients are in this study."
    assert may_show(said_of(answer), NHS, answer.counts) == said_of(answer)
    for one in cleaning.cohort_for_readers(study, cleaned, steps):
        assert not any(digit in said_of(one, NHS).replace("40", "") for digit in "0123456789")


def test_under_a_policy_who_answered_is_said_beside_few_deaths_that_are_not(tmp_path):
    people = [("new", "yes" if n < 2 else "no", 60, 40, "" if n < 20 else 50) for n in range(40)]
    study = study_of(tmp_path / "s", people)
    cleaned = cleaning.clean(study)
    answer = cleaning.who_is_in(study, cleaned, cleaning.flow_steps(study, cleaned), NHS)
    assert said_of(answer).startswith(
        "40 patients are in this study; 20 of 40 (50%) answered 6 months. 20 have"
    )
    assert may_show(said_of(answer), NHS, answer.counts) == said_of(answer)


def test_a_study_that_follows_nobody_still_has_an_answer(tmp_path):
    study = small_study(
        tmp_path / "s",
        {"raw/answers.csv": None, "raw/lines.csv": None, "dictionary.csv": _patients_only()},
        instruments=None,
        value_quota=None,
        sources={"patients": {"file": "raw/patients.csv"}},
        cost=None,
        perception=None,
    )
    cleaned = cleaning.clean(study)
    steps = cleaning.flow_steps(study, cleaned)
    assert steps["step"].tolist() == ["Read", "Set aside", "In the study"]
    assert cleaning.show_flow(study, cleaned, steps).drawing is None
    assert said_of(cleaning.who_is_in(study, cleaned, steps, NONE)) == "3 patients are in this study."
    asked = cleaned._replace(respondents=pd.DataFrame(index=range(7)))
    apart = "3 patients are in this study. The{} respondents of the survey are counted apart."
    assert said_of(cleaning.who_is_in(study, asked, steps, NONE)) == apart.format(" 7")
    assert said_of(cleaning.who_is_in(study, asked, steps, NHS), NHS) == apart.format("")
    assert len(cleaning.cohort_for_readers(study, cleaned, steps)) == 3
    assert cleaning.compare_missing(cleaning.known_before(study, cleaned)).empty


def _patients_only() -> str:
    from study_maker import DICTIONARY

    return "\n".join(line for line in DICTIONARY.splitlines() if not line.endswith("answers")) + "\n"


@pytest.fixture
def flow():
    rows = [
        ("assessed", 12, "patients in raw/p.csv", "patients"),
        ("excluded", 2, "Age: above 110", "patients"),
        ("excluded", 1, "Age: below 18", "patients"),
        ("kept", 9, "patients", "patients"),
        ("assessed", 30, "rows in raw/a.csv", "answers"),
        ("kept", 30, "rows", "answers"),
        ("with outcome", 7, "kccq_os: a and b", ""),
    ]
    return pd.DataFrame(rows, columns=["step", "n", "detail", "source"])


def test_rows_read_are_rows_kept_plus_rows_set_aside_and_the_commonest_rule_is_named(flow):
    rows = cleaning.rows_read(flow)
    assert rows.to_numpy().tolist() == [
        ["patients", 12, 9, 3, "Age: above 110", False],
        ["answers", 30, 30, 0, "", True],  # of 9 patients
    ]


def test_what_was_set_aside_is_a_limit_and_nothing_is_nothing(flow, tmp_path):
    cleaned = cleaning.clean(small_study(tmp_path / "s"))
    said = under(cleaning.show_set_aside(cleaning.rows_read(flow), cleaned), NONE)
    assert said.role == "limit"
    assert said_of(said).startswith("Of 42 rows read, 3 were set aside (3 in patients)")
    single = cleaning.show_set_aside(cleaning.rows_read(flow).assign(set_aside=[1, 0]), cleaned)
    assert "1 was set aside (1 in patients): nothing on any page counts it." in said_of(single)
    nothing = cleaning.rows_read(flow[flow["step"] != "excluded"])
    assert under(cleaning.show_set_aside(nothing, cleaned._replace(notes=[])), NONE) is None
    guessed = cleaned._replace(notes=["raw/p.csv: decimal commas (guessed)", "Cost assumption: none"])
    assert said_of(cleaning.show_set_aside(nothing, guessed)) == "raw/p.csv: decimal commas (guessed)."


def test_under_a_policy_rows_set_aside_stand_apart_from_those_kept(flow, tmp_path):
    rows, cleaned = cleaning.rows_read(flow), cleaning.clean(small_study(tmp_path / "s"))
    assert list(under(cleaning.show_rows(rows), NHS).table.frame) == ["source", "kept"]
    assert under(cleaning.show_rows(rows), NHS).table.frame["source"].tolist() == ["patients"]
    assert list(under(cleaning.show_rows(rows), NONE).table.frame) == list(rows.drop(columns="several"))
    apart = under(cleaning.show_set_aside(rows, cleaned), NHS).table
    assert list(apart.frame) == ["source", "set_aside"]
    assert apart.rules == {"parts": False}


def test_a_row_that_breaks_a_rule_is_read_and_not_kept(tmp_path):
    study = small_study(tmp_path / "s", {"raw/patients.csv": PATIENTS.replace("P1,70", ",70")})
    rows = cleaning.rows_read(cleaning.clean(study).flow).set_index("source")
    assert rows.loc["patients", ["read", "kept", "set_aside"]].tolist() == [3, 2, 1]
    assert rows.loc["patients", "reason"] == "Patient: empty"


def test_where_people_are_protected_the_flow_has_only_people_among_each_other(tmp_path):
    """Who died and who did not answer share nobody: that they differ by few tells of nobody."""
    study = study_of(tmp_path / "s", PEOPLE)
    cleaned = cleaning.clean(study)
    result = cleaning.show_flow(study, cleaned, cleaning.flow_steps(study, cleaned))
    everybody, told = (set(under(result, policy).table.frame["step"]) for policy in (NONE, NHS))
    assert everybody - told == {"Read", "Set aside", "Died", "Did not answer"}
    notes = [[picked(note, policy) for note in under(result, policy).table.notes] for policy in (NONE, NHS)]
    said = "Left out here: who died and who did not answer; beside the other rows they could tell of a few."
    assert notes == [[""], [said]]

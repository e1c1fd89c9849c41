"""Two reports side by side: what differs, what is the same, what cannot be told, and what is not compared."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from places import REPO

from vbhc.chapters import summary
from vbhc.problems import StudyError
from vbhc.publish.compare import Run, gathered, read_run
from vbhc.publish.notebook_files import SPREAD
from vbhc.run.plan import adopted_problems, make_plan
from vbhc.study import load_study

PLACE = "02-value-quota#answer"
DEFINED = 'part,choice\nForm,gain\nCost,"EUR, prices of 2011"\nQuota,"points per EUR 1,000"\n'
FLOW = "step,n\nIn the study,248\nAnswered,167\n"


@pytest.fixture(scope="module")
def study():
    return load_study("heart-failure")


def claim(estimate, low, high, kind="level", what="the mean gain", **more):
    return {"kind": kind, "what": what, "estimate": estimate, "low": low, "high": high, **more}


def report(values, defined=DEFINED, flow=FLOW, title="One", place=PLACE, info=None):
    page, _, name = place.partition("#")
    found = [
        {"notebook": "01-cleaning", "kind": "table", "id": "flow", "csv": flow},
        {"notebook": "02c-other-forms", "kind": "table", "id": "definition", "csv": defined},
        {"notebook": page, "kind": "sentence", "id": name, "text": "", "values": values},
    ]
    made = gathered((one["notebook"], one) for one in found)
    return replace(made, info={"title": title} | (info or {}))


def verdicts(study, here, there, ci_level=0.95):
    table = summary.told_apart(study, here, there, summary.defined(here, there), ci_level)
    return table["verdict"].tolist()


def test_by_hand(study):
    """1.3 (.8 to 1.9) and 3.2 (2.7 to 3.7): difference -1.9 (-2.65 to -1.09), so different."""
    here, there = report(claim(1.3, 0.8, 1.9)), report(claim(3.2, 2.7, 3.7))
    table = summary.told_apart(study, here, there, summary.defined(here, there), 0.95)
    assert table[["says", "says_there"]].to_numpy().tolist() == [["1.3 (0.8 to 1.9)", "3.2 (2.7 to 3.7)"]]
    assert table["verdict"].tolist() == ["different"]


def test_intervals_that_overlap_may_still_part_and_no_overlap_is_needed(study):
    """Two intervals of 1 either side part where the estimates lie more than the root of 2 apart."""
    for apart, said in ((1.4, "cannot be told"), (1.43, "different")):
        assert verdicts(study, report(claim(0, -1, 1)), report(claim(apart, apart - 1, apart + 1))) == [said]


def test_the_same_needs_a_margin_that_was_declared(study):
    tight = claim(0.30, 0.29, 0.31, "tie", first="the gain"), claim(0.31, 0.30, 0.32, "tie", first="the gain")
    place = "03-perception#answer"
    assert study.config.equivalence_margin == 0.2
    assert verdicts(study, *(report(one, place=place) for one in tight)) == ["the same"]
    apart = claim(0.53, 0.52, 0.54, "tie", first="the gain"), claim(0.43, 0.42, 0.44, "tie", first="the gain")
    assert verdicts(study, *(report(one, place=place) for one in apart)) == ["different"]  # though by less
    level = (claim(0.30, 0.29, 0.31), claim(0.305, 0.295, 0.315))
    assert verdicts(study, *map(report, level)) == ["cannot be told"]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (report(claim(1, 0.9, 1.1)), report(claim(9, 8, 10), DEFINED.replace("EUR", "GBP"))),
        (report(claim(1, 0.9, 1.1)), report(claim(9, 8, 10, what="the mean gain on another scale"))),
        (report(claim(1, 0.9, 1.1, unit="points")), report(claim(9, 8, 10, unit="days"))),
        (
            report(claim(1, 0.9, 1.1)),
            report(
                claim(9, 8, 10), info={"notebooks": {"02-value-quota": {"parameters": {"ci_level": 0.9}}}}
            ),
        ),
    ],
)
def test_what_is_on_another_scale_is_shown_and_not_compared(study, here, there):
    assert verdicts(study, here, there) == ["measured otherwise"]


def test_further_claims_are_compared_by_place_and_it_is_what_the_first_is_about(study):
    two = claim(0.4, 0.3, 0.5, "tie", "rating", first="the gain") | {
        "claim_2": claim(0.0, -0.1, 0.1, "tie", "it", first="the cost")
    }
    here = report(two, place="03-perception#answer")
    table = summary.told_apart(study, here, here, summary.defined(here, here), 0.95)
    assert table["about"].tolist() == ["Rating with the gain", "Rating with the cost"]


def test_numbers_stand_with_their_units_and_differences_name_both_sides(study):
    two = claim(0.96, -14.36, 15.98, "difference", "the share who answered", first="new", second="usual")
    here = report(two | {"unit": "percentage points"}, place="01-cleaning#flow")
    [row] = summary.told_apart(study, here, here, summary.defined(here, here), 0.95).to_dict("records")
    assert row["about"] == "The share who answered: new less usual"
    assert row["says"] == "0.96 percentage points (-14.36 to 15.98)"


def test_counts_in_names_numbers_without_interval_and_companions_are_left_out(study):
    gap = claim(0.2, 0.1, 0.3, "gap", first="13 of 15 payers")
    for values, place in (
        (gap, "04-stakeholders#answer"), (claim(1, None, None), PLACE), (claim(1, 0, 2), "02a-costs#cost"),
        (claim("1", "0", "2"), PLACE),
    ):  # fmt: skip
        assert verdicts(study, report(values, place=place), report(values, place=place)) == []


def test_people_and_definitions_stand_side_by_side():
    here = report({}, flow=FLOW.replace("167", "*"))
    there = report({}, DEFINED.replace("2011", "2019"), "step,n\nIn the study,90\nLost,12\n", "Two")
    people = summary.whom(here, there).table.frame
    assert people["step"].tolist() == ["In the study", "Answered", "Lost"]
    assert people["n_first"].dropna().tolist() == [248]
    assert people["n_second"].dropna().tolist() == [90, 12]
    told = summary.defined(here, there).set_index("about")
    assert told.loc["Cost"].tolist() == ["EUR, prices of 2011", "EUR, prices of 2019", "differs"]
    assert told.loc["Form", "verdict"] == "the same"
    unsaid = summary.defined(here, report({}, "part,choice\nForm,gain\n")).set_index("about")
    assert unsaid.loc["Cost", "verdict"] == "cannot be told"
    assert told.loc["Study", ["says", "says_there"]].tolist() == ["One", "Two"]


def test_the_answer_counts_and_names_no_cause(study):
    here, there = report(claim(1.3, 0.8, 1.9)), report(claim(3.2, 2.7, 3.7), title="Two")
    told = summary.defined(here, there)
    says = summary.spread_answer(told, summary.told_apart(study, here, there, told, 0.95)).says
    assert says[0] == "1 finding in both reports: 1 different by more than chance."
    assert says[1] == "Different: the mean gain."
    assert says[2] == ""  # they differ in what they are called alone
    moved = summary.defined(here, report(claim(3.2, 2.7, 3.7), DEFINED.replace("2011", "2019")))
    said = summary.spread_answer(moved, summary.told_apart(study, here, there, told, 0.95)).says[2]
    assert said == "Not the same: cost. Which of it matters, two studies cannot tell."
    assert "because" not in " ".join(says)


def test_a_study_that_is_based_on_none_says_so(study):
    here, there = summary.based_on(study, [])
    assert (here, there) == (Run({}, {}, {}), Run({}, {}, {}))
    assert summary.spread_answer(summary.defined(here, there), here_found(study)).says == [
        "This study is based on no other."
    ]


def here_found(study):
    return summary.told_apart(
        study, Run({}, {}, {}), Run({}, {}, {}), summary.defined(*[Run({}, {}, {})] * 2), 0.95
    )


def test_a_study_named_needs_a_finished_report_and_check_names_the_command(study, tmp_path):
    def told(name):
        config = replace(study.config, based_on=name)
        folder = tmp_path / "data" / "mine"
        return [
            str(one) for one in adopted_problems(replace(study, name="mine", folder=folder, config=config))
        ]

    for name in ("mine", "other"):
        (tmp_path / "data" / name).mkdir(parents=True)
        shutil.copy(REPO / "data/heart-failure/study.yml", tmp_path / "data" / name)
    where = "data/mine/study.yml, based_on: "
    assert told("") == []
    assert told("other") == [f"{where}no finished report of 'other'; run it first: vbhc run other"]
    assert told("mine") == [f"{where}names this study itself; name another"]
    assert told("../theirs")[0].endswith("name a study under data/, or the folder of a finished report")
    (tmp_path / "reports" / "other").mkdir(parents=True)
    (tmp_path / "reports" / "other" / "findings.json").write_text("[]")
    assert told("other") == []
    assert told("../../reports/other") == []


def test_only_what_was_published_is_read_of_the_other(study, tmp_path):
    """A value in its report, whatever its private folders hold."""
    folder = tmp_path / "report"
    (folder / "tables").mkdir(parents=True)
    found = [
        {"page": "02-value-quota", "id": "answer", "kind": "sentence", "text": "", "values": claim(1, 0, 2)}
    ]
    (folder / "findings.json").write_text(json.dumps(found))
    (folder / "run.json").write_text(json.dumps({"title": "Elsewhere"}))
    (folder / "tables" / "01-cleaning-flow.csv").write_text(FLOW)
    mine = replace(study, config=replace(study.config, based_on=str(folder)))
    here, there = summary.based_on(mine, [])
    assert (here.info["title"], there.info["title"]) == (study.config.title, "Elsewhere")
    assert there.values == {PLACE: claim(1, 0, 2)}
    assert summary.whom(here, there).table.frame["n_second"].tolist() == [248, 167]


def test_a_changed_report_of_the_other_runs_the_page_again_and_without_one_it_is_left_out(tmp_path):
    made = shutil.ignore_patterns("clean", "runs")
    shutil.copytree(REPO / "data" / "af-stroke", tmp_path / "data" / "mine", ignore=made)
    assert (
        "no study that it is based on (`based_on`)"
        in make_plan(load_study(str(tmp_path / "data" / "mine"))).skipped[SPREAD]
    )
    with (tmp_path / "data" / "mine" / "study.yml").open("a") as handle:
        handle.write("based_on: report\n")
    report = tmp_path / "data" / "mine" / "report" / "findings.json"
    report.parent.mkdir()
    stamps = []
    for text in ("[]", "[ ]"):
        report.write_text(text)
        plan = make_plan(load_study(str(tmp_path / "data" / "mine")))
        stamps.append(plan.parts[SPREAD]["the report that it is based on"])
    assert stamps[0] != stamps[1]


def test_a_damaged_report_is_one_clear_line(tmp_path):
    (tmp_path / "findings.json").write_text(json.dumps([{"kind": "sentence"}]))
    with pytest.raises(StudyError, match="a damaged report"):
        read_run(tmp_path)

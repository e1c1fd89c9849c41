"""What the tables of a report together would reveal is withheld, on every page and in every file."""

import csv
from functools import partial
from itertools import product
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest
from report_maker import PlainDoor, Recorder, code, door_of, make_study, save, text

from vbhc import report
from vbhc.publish.claims import Claim
from vbhc.publish.counted import Counted
from vbhc.publish.disclosure import disclose
from vbhc.publish.disclosure.across import _made_arms
from vbhc.publish.disclosure.gathered import gather
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.disclosure.telling import no_room, parts_of_everybody, too_alike
from vbhc.publish.findings.marks import marked_outputs
from vbhc.publish.findings.show import show_result
from vbhc.publish.results import Result, Table
from vbhc.report.head import withheld
from vbhc.report.markdown import ReportError
from vbhc.report.whole import protect
from vbhc.report.withhold import Mask, _said_with_less, leave_out_stars

BANDS = ["30 to 39", "40 to 49", "50 to 59", "60 to 69"]


def test_of_whom_a_part_is_stands_in_each_row_and_no_part_is_given_as_more_than_they_are(
    tmp_path, monkeypatch
):
    """18 of 19 leave one: "~20 of ~20" would be void, and wrong where other rows say 19."""
    recorder, study = Recorder(monkeypatch), make_study(tmp_path, disclosure="nhs-proms")
    rules = {"counts": ["k", "n"], "parts": False}
    told = []
    for counts in ([18, 14, 9, 8, 7], [18, 14, 9, 4, 3]):
        frame = pd.DataFrame({"code": list("ABCDE"), "k": counts, "n": 19})
        door_of(study, "04b-coding").table("tree", frame, "Who raised what", **rules)
        page = nbformat.v4.new_notebook(cells=[code("x", recorder.take())])
        protect({"04b-coding": page}, get_policy("nhs-proms"), 248)
        told.append(next(marked_outputs(page))[2])
    known = [["C", "9", "19"], ["D", "8", "19"], ["E", "7", "19"]]
    assert told[0]["cells"] == [["A", "*", "19"], ["B", "*", "19"], *known]
    assert told[1]["cells"] == known[:1]  # a row that says no more than of whom all are says nothing
    assert "Rows with nothing but * are left out." in told[1]["notes"]


def test_no_part_of_a_group_is_given_as_more_than_its_size(tmp_path, monkeypatch):
    """13 nurses of 14 lie near a withheld count, so that they go: "~20" of 14 would be void."""
    shown = []
    for rules in ({}, {"most": {"k_nurse": 14}}):
        recorder, study = Recorder(monkeypatch), make_study(tmp_path, disclosure="nhs-proms")
        counts = {"k_nurse": [13, 8, 9, 7], "k_other": [3, 6, 7, 8]}
        frame = pd.DataFrame({"code": ["mean", "time", "team", "tool"], **counts})
        rules = {"counts": ["k_nurse", "k_other"], "parts": False, **rules}
        door_of(study, "04b-coding").table("by-code", frame, "Who raised what", **rules)
        page = nbformat.v4.new_notebook(cells=[code("x", recorder.take())])
        protect({"04b-coding": page}, get_policy("nhs-proms"), 60)
        found = next(marked_outputs(page))[2]
        shown.append("~20" in {cell for row in found.get("cells", ()) for cell in row})
    assert shown == [True, False]


@pytest.mark.parametrize("name", ["nhs-proms", "acro"])
def test_what_a_mask_can_stand_for_is_what_is_given_so(name):
    policy = get_policy(name)
    for mask in {policy.given(n) for n in range(policy.hides_up_to + 1, 400)} - {"*"}:
        own = [n for n in range(500) if policy.given(n) == mask]
        assert policy.about(float(mask[1:])) == (min(own), max(own))


def dots(data, ax):
    ax.plot(data["mean"], range(len(data)), "o")


def bars(data, ax):
    ax.bar(data["group"], data["n"])


def groups(counts):
    frame = pd.DataFrame({"split": "Age", "group": BANDS, "n": counts})
    return frame.assign(mean=[1.0, 2.0, 3.0, 4.0])


def build(tmp_path, monkeypatch, second, policy="nhs-proms", figure=None, said=""):
    """Two pages on the same age bands: those with an outcome, and those who answered as well."""
    recorder, study = Recorder(monkeypatch), make_study(tmp_path, disclosure=policy)
    door_of(study, "02-value-quota").table("by-age", groups([37, 559, 4435, 1200]), "By age", base="n")
    executed = {"02-value-quota": save(study, "02-value-quota", [text("# A"), code("x", recorder.take())])}
    door = door_of(study, "03-perception")
    if figure is None:
        door.table("by-age", groups(second), "By age", base="n", labels={"mean": "Mean gain"})
    else:
        door.figure(
            "by-age", groups(second), figure, "By age", "Ages", **({"base": "n"} if figure is dots else {})
        )
    if said:
        door.sentence("said", said)
    executed["03-perception"] = save(study, "03-perception", [text("# B"), code("x", recorder.take())])
    door_of(study, "06-summary").table(
        "found", pd.DataFrame({"page": ["03-perception"], "finding": [said or "-"]}), "Found"
    )
    executed["06-summary"] = save(study, "06-summary", [text("# C"), code("x", recorder.take())])
    report.build(study, executed, tmp_path / "out", {"study": "small"})
    return tmp_path / "out"


def column(out, name, column="n"):
    return [row[column] for row in csv.DictReader((out / name).open())]


def test_two_pages_whose_difference_is_three_people_do_not_both_show_it(tmp_path, monkeypatch):
    out = build(tmp_path, monkeypatch, [30, 556, 4380, 1100])
    first, second = (
        column(out, "tables/02-value-quota-by-age.csv"),
        column(out, "tables/03-perception-by-age.csv"),
    )
    assert (first[1], second[1]) == ("559", "~560")  # 559 - 556 = 3 without an answer
    # A second one, so that the sum of the column does not give it back.
    assert sum(cell.startswith("~") for cell in [*first, *second]) == 2
    # Two means and two counts would give the mean of the three: it stands once.
    assert column(out, "tables/02-value-quota-by-age.csv", "mean") == ["1.00", "2.00", "3.00", "4.00"]
    assert column(out, "tables/03-perception-by-age.csv", "mean") == ["1.00", "*", "3.00", "4.00"]


def test_tables_far_apart_are_left_as_they_are(tmp_path, monkeypatch):
    out = build(tmp_path, monkeypatch, [30, 500, 4380, 1100])
    assert not {"*", "~"} & set("".join(path.read_text() for path in (out / "tables").iterdir()))
    assert (out / "withheld.csv").read_text() == "page,kind,id,column,cells,why,what\n"


def test_the_log_says_where_and_why_and_never_what(tmp_path, monkeypatch):
    out = build(tmp_path, monkeypatch, [30, 556, 4380, 1100])
    log = (out / "withheld.csv").read_text()
    assert "together with another table it would reveal a count of too few people,By age\n" in log
    assert "556" not in "".join(path.read_text() for path in out.rglob("*.csv"))
    assert 'href="index.html#withheld"' in (out / "03-perception.html").read_text()
    assert '<a href="03-perception.html#table-by-age">By age</a>' in (out / "index.html").read_text()
    assert ">By age</a>: 1 in Mean gain;" in (out / "index.html").read_text()
    for page in out.glob("*.html"):
        html = page.read_text()
        assert "556" not in html[html.index("<body") :]


def test_a_sentence_that_gives_the_hidden_count_goes_with_it_and_so_does_its_copy(tmp_path, monkeypatch):
    out = build(tmp_path, monkeypatch, [30, 556, 4380, 1100], said="In the forties n = 4,380 or so.")
    everything = "".join(path.read_text() for path in out.rglob("*.*") if path.suffix != ".xlsx")
    if "4,380" in everything:  # the sentence is spared where another count could be hidden instead
        assert "4380" in column(out, "tables/03-perception-by-age.csv")
    else:
        assert "This sentence is withheld" in (out / "06-summary.html").read_text()


def test_the_log_names_a_sentence_by_its_first_words():
    gone = {"column": "text", "cells": 1, "why": "for short"}
    sentence = {"id": "said", "kind": "sentence", "text": "Of ~160 many gained. More.", "withheld": [gone]}
    told = {"what": "Of ~160 many gained."} | gone
    assert withheld([SimpleNamespace(findings=[sentence])])[0][2] == told


def test_a_figure_that_draws_a_hidden_count_is_withheld_and_one_that_rests_on_it_is_not(
    tmp_path, monkeypatch
):
    out = build(tmp_path / "a", monkeypatch, [30, 556, 4380, 1100], figure=dots)
    assert (out / "figures" / "03-perception-by-age.svg").is_file()
    shown = column(out, "tables/02-value-quota-by-age.csv") + column(out, "figures/03-perception-by-age.csv")
    assert sum(cell.startswith("~") for cell in shown) == 2
    everyone = groups([37, 559, 4435, 1200]).assign(n=[30, 556, 4380, 1100])
    assert len(everyone) == 4
    out = build(tmp_path / "b", monkeypatch, [30, 556, 4380, 1100], figure=bars)
    drawn = (out / "figures" / "03-perception-by-age.svg").is_file()
    assert drawn is ("*" not in column(out, "figures/03-perception-by-age.csv") if drawn else False)
    assert column(out, "tables/02-value-quota-by-age.csv") == ["~40", "~560", "4435", "1200"]


def test_a_finding_without_its_counts_must_be_made_again(tmp_path, monkeypatch):
    recorder, study = Recorder(monkeypatch), make_study(tmp_path, disclosure="nhs-proms")
    door_of(study).table("by-age", groups([30, 40, 50, 60]), "By age")
    outputs = recorder.take()
    del outputs[0]["metadata"]["vbhc"]["counts"]
    path = save(study, "02-value-quota", [text("# A"), code("x", outputs)])
    with pytest.raises(ReportError, match="02-value-quota: run it again"):
        report.build(study, {"02-value-quota": path}, tmp_path / "out", {"study": "small"})


def test_true_counts_stay_in_the_executed_notebook(tmp_path, monkeypatch):
    recorder, study = Recorder(monkeypatch), make_study(tmp_path, disclosure="nhs-proms")
    made = door_of(study).table("by-age", groups([30, 3, 5040, 60]), "By age")
    assert "3" not in [cell for row in made["cells"] for cell in row]
    assert recorder.take()[0]["metadata"]["vbhc"]["counts"][0]["values"][1] == [3.0]
    door_of(make_study(tmp_path / "b", disclosure="none")).table(
        "by-age", groups([30, 3, 5040, 60]), "By age"
    )
    assert "counts" not in recorder.take()[0]["metadata"]["vbhc"]
    assert get_policy("none").protects is False


def sized(tmp_path, monkeypatch, people):
    """Two sentences and a table of nearly everybody, beside a table of ten times as many cost lines."""
    recorder, study = Recorder(monkeypatch), make_study(tmp_path, disclosure="nhs-proms")
    rows = pd.DataFrame({"file": ["answers", "costs"], "read": [248, 1992]})
    door_of(study, "01-cleaning").table("rows", rows, "Rows", counts=["read"], parts=False)
    kept = pd.DataFrame({"group": ["with cost"], "n": [166], "mean": [2.25]})
    door = door_of(study, "02-value-quota")
    door.table("kept", kept, "Kept", base="n")
    door.sentence("gain", "Each unit bought 2.25 points (95% CI 1.64 to 2.95, n = 166).", role="answer")
    first = save(study, "02-value-quota", [text("# A"), code("x", recorder.take())])
    perceived = pd.DataFrame({"group": ["asked"], "n": [162], "mean": [0.29]})
    door = door_of(study, "03-perception")
    door.table("asked", perceived, "Asked", base="n")
    door.sentence("rho", "They agree to 0.29 (95% CI 0.14 to 0.43), n = 162.")
    second = save(study, "03-perception", [text("# B"), code("x", recorder.take())])
    notebooks = [nbformat.read(path, as_version=4) for path in (first, second)]
    protect(dict(zip("ab", notebooks, strict=True)), get_policy("nhs-proms"), people)
    found = [f for one in notebooks for _, _, f in marked_outputs(one)]
    return {f["id"]: f for f in found}


def test_nearly_everybody_is_told_by_the_people_and_not_by_the_most_lines(tmp_path, monkeypatch):
    """166 and 162 of 248 differ by 4; that 1,992 cost lines were read makes neither of them a minority."""
    found = sized(tmp_path, monkeypatch, 248)
    shown = [found[name]["csv"] for name in ("kept", "asked")]
    assert sum(str(count) in csv for count, csv in zip((166, 162), shown, strict=True)) == 1


def test_a_sentence_loses_a_number_and_not_its_words(tmp_path, monkeypatch):
    found = sized(tmp_path, monkeypatch, 248)
    texts = [found[name]["text"] for name in ("gain", "rho")]
    assert sum("n = ~160" in text for text in texts) == 1
    assert all("95% CI" in text and "withheld" not in text for text in texts)


def whole(tmp_path, monkeypatch, people, *pages, policy="nhs-proms", named=None):
    """What a report says, each page made by one function of its door; the title names all, or so many."""
    recorder, study = Recorder(monkeypatch), make_study(tmp_path, disclosure=policy)
    notebooks = {}
    for number, page in enumerate(pages, start=1):
        page(door_of(study, f"0{number}-page"))
        cells = [code("x", recorder.take())]
        path = save(study, f"0{number}-page", cells)
        notebooks[path.stem] = nbformat.read(path, as_version=4)
    protect(notebooks, get_policy(policy), people, [f"A title that names {named or people} patients"])
    return {f["id"]: f for one in notebooks.values() for _, _, f in marked_outputs(one)}


def value(n, kind="level", **more):
    claim = Claim(kind, "the mean gain", 5.18, 2.46, 8.53, n, **more)
    return lambda door: door.show(Result("answer", says=[claim], role="answer"))


def test_an_answer_that_loses_who_is_left_out_says_that_the_dead_are_counted(tmp_path, monkeypatch):
    """Of 248 one has no cost: who is not counted goes, and not what the number is of."""
    counted = Counted(192, among={"deaths counted as worst": 26}, without={"silent": 55, "without a cost": 1})
    said = whole(tmp_path, monkeypatch, 248, value(192, counted=counted))
    assert said["answer"]["text"].startswith("The mean gain was 5.2 (2.5 to 8.5")
    assert said["answer"]["text"].endswith(", with deaths counted as worst.")


def test_an_answer_that_loses_its_n_is_said_without_it(tmp_path, monkeypatch):
    """11 of 12: under 100 people no mark may stand beside decimals, and no answer goes for that."""
    said = whole(tmp_path, monkeypatch, 12, value(11))
    assert said["answer"]["text"] == "The mean gain was 5 (2 to 9)."
    assert said["answer"]["values"] == {}


def test_a_correlation_of_few_keeps_its_direction_and_no_range_that_counts_them(tmp_path, monkeypatch):
    claim = Claim("tie", "the rating", 0.9, 0.65, 0.97, 11, first="the gain")

    def answer(door):
        door.show(Result("answer", says=[claim], role="answer"))

    said = whole(tmp_path, monkeypatch, 12, answer)
    assert said["answer"]["text"] == "The rating rose strongly with the gain."


@pytest.mark.parametrize(("men", "few"), [(3213, True), (3211, False)])
def test_a_level_too_rare_for_a_row_is_not_what_the_others_leave_of_everybody(
    tmp_path, monkeypatch, men, few
):
    """4,929 women and 3,213 men of 8,146 patients leave 4 of another sex, of whom no table has a row."""

    def by_sex(door):
        sexes = pd.DataFrame({"split": "Sex", "group": ["female", "male"], "n": [4929, men]})
        door.table("by-sex", sexes.assign(mean=[2.55, 2.59]), "By sex", base="n")

    def flow(door):
        door.sentence("flow", "8,146 patients are in this study.", role="answer")

    shown = whole(tmp_path, monkeypatch, 8146, flow, by_sex)["by-sex"]["csv"]
    assert (f"female,4929,2.55\nSex,male,{men},2.59" not in shown) == few
    assert shown.count("2.5") == 2  # the means stay


def test_bars_do_not_add_up_to_a_number_that_went(tmp_path, monkeypatch):
    """Of 5,941 who answered 5,938 rated: a table gives ~5940, and no bars may add up to it."""

    def flow(door):
        steps = pd.DataFrame({"step": ["Answered", "Rated"], "n": [5941, 5938], "mean": [17.0, 17.1]})
        door.table("flow", steps, "Flow", base="n", parts=False)
        door.sentence("answer", "5,941 of 8,146 answered (73%).", role="answer")

    def rated(door):
        answers = pd.DataFrame({"group": ["1", "2", "3"], "n": [2051, 2018, 1869]})
        door.figure("answers", answers, bars, "How they rated", "Answers")

    shown = whole(tmp_path, monkeypatch, 8146, flow, rated)
    assert "5938" not in shown["flow"]["csv"]
    assert "2018" not in str(shown.get("answers", ""))
    assert shown["answers-withheld"]["kind"] == "sentence"


def test_a_number_that_everybody_can_work_out_stays_and_the_one_beside_it_goes(tmp_path, monkeypatch):
    """248 less 55 less 26 is 167, with a mark in its place too; 166 of them have a cost, all but one."""

    def flow(door):
        door.sentence("flow", "167 of 248 (67%) answered, 26 had died and 55 gave no answer.", role="answer")

    def cost(door):
        kept = pd.DataFrame({"who": ["Answered", "Died (worst score)", "Silent"], "n": [166, 26, 55]})
        door.table("who", kept.assign(mean=[1.0, 2.0, 3.0]), "Who is counted", base="n")
        door.sentence("value", "The mean gain was 2.25 (1.64 to 2.95, n = 166).")
        door.sentence("again", "It was 1.33 (0.76 to 1.96, n = 166).")

    said = whole(tmp_path, monkeypatch, 248, flow, cost)
    assert said["flow"]["text"].startswith("167 of 248 (67%)")
    assert "166" not in "".join([said["who"]["csv"], said["value"]["text"], said["again"]["text"]])
    assert said["value"]["text"] == "The mean gain was 2.25 (1.64 to 2.95, n = ~160)."


def arms_of(n, known, everybody):
    """The page of two arms: n of those with QALYs have a cost, the others are imputed."""

    def arms(door):
        gone = everybody - n
        rows = pd.DataFrame(
            {"way": ["as observed", "imputed"], "n": [n, everybody], "n_missing": [gone, gone]}
        )
        rules = {"counts": ["n", "n_missing"], "base": "n", "parts": False, "most": {"n": known}}
        door.table("arms", rows.assign(estimate=[349.0, 145.0]), "What one arm costs more", **rules)
        told = f"The difference was 349 (-1,124 to 1,821, n = {n}). Not counted: {gone} without."
        door.sentence("more", told)

    return arms


@pytest.mark.parametrize("policy", ["nhs-proms", "acro"])
def test_a_number_near_one_that_others_make_is_given_nearly(tmp_path, monkeypatch, policy):
    """159 who answered twice and 26 who died are 185 with QALYs, so that 182 tell of three without a cost."""

    def profiles(door):
        door.sentence("profiles", "159 answered twice, 26 died and 63 did neither.")

    said = whole(tmp_path, monkeypatch, 248, profiles, arms_of(182, 185, 248), policy=policy)
    assert [row[0] for row in said["arms"]["cells"]] == ["as observed", "imputed"]
    place = [column["name"] for column in said["arms"]["columns"]].index("estimate")
    assert [row[place] for row in said["arms"]["cells"]] == ["349.00", "145.00"]  # of 182 people, not of 3
    assert said["arms"]["cells"][1][1] == "248"
    assert "159 answered twice" in said["profiles"]["text"]
    assert not {"182", "66"} & set(
        " ".join([said["arms"]["csv"], said["more"]["text"]]).replace(",", " ").split()
    )


def test_of_two_numbers_that_cut_each_other_off_the_missing_is_a_mark(tmp_path, monkeypatch):
    """Of 112 "~80" and "~20" are 82 to 90 and 22 to 30; profiles and the dead are 87, one without a cost."""

    def profiles(door):
        door.sentence("profiles", "74 answered twice, 13 died and 25 did neither.")

    said = whole(tmp_path, monkeypatch, 112, profiles, arms_of(86, 87, 112))
    assert "~80" in said["arms"]["csv"]
    assert "~20" not in said["arms"]["csv"] + said["more"]["text"]


def test_three_parts_that_a_text_makes_everybody_of_stay_and_what_lies_near_goes(tmp_path, monkeypatch):
    """12 dead and 35 silent of 132 leave 85, mask or not: 81 with every answer would tell of four."""

    def flow(door):
        door.sentence("flow", "85 of 132 answered, 12 had died and 35 gave no answer.")
        door.sentence("all", "The mean gain of the complete was 5 (2 to 8, n = 81).")

    said = whole(tmp_path, monkeypatch, 132, flow, arms_of(89, 90, 132))
    assert said["flow"]["text"] == "85 of 132 answered, 12 had died and 35 gave no answer."
    assert "81" not in said["all"]["text"]


def test_a_number_given_nearly_in_brackets_goes_from_texts_of_few():
    """54 who answered and 15 who did not, of 78 with a few set aside: "~60" and "~60" leave 51 to 54."""
    mask = Mask({54.0, 69.0}, set(), get_policy("nhs-proms"), 77)
    assert mask.of("The start was 30 lower (-41 to -18, n = 69).") == "The start was 30 lower (-41 to -18)."
    assert mask.of("54 answered three months after.") == "~60 answered three months after."


@pytest.mark.parametrize("policy", ["hes", "opensafely"])
def test_a_rounded_number_of_nearly_everybody_goes_from_sentences_and_the_answer_stays(
    tmp_path, monkeypatch, policy
):
    """138 of 139 have a cost: "n = 140" of 139, a number that everybody knows, leaves one at most."""

    def flow(door):
        door.sentence("people", "140 patients are in this study; 95 of 140 (68%) answered.", role="answer")
        door.table("flow", pd.DataFrame({"step": ["Kept", "With a cost"], "n": [139, 138]}), "Flow", base="n")
        door.sentence("cost", "The mean cost was 6,000 (5,100 to 6,900, n = 140). It was rising.")

    said = whole(tmp_path, monkeypatch, 139, flow, policy=policy)
    assert said["cost"]["text"] == "The mean cost was 6,000 (5,100 to 6,900). It was rising."
    assert said["people"]["text"].startswith("140 patients are in this study")


@pytest.mark.parametrize("policy", ["hes", "opensafely"])
def test_rounded_parts_that_add_up_take_no_count_from_a_figure(tmp_path, monkeypatch, policy):
    """111, 39 and 20 of 170 are read as 110, 40 and 20: nobody knows that 40 of anything are 40 people."""

    def flow(door):
        door.sentence("people", "111 of 170 answered, 39 gave no answer and 20 had died.", role="answer")
        rows = pd.DataFrame({"step": ["Answered", "Silent", "Died"], "n": [111, 39, 20]})
        door.table("flow", rows, "Flow", base="n")

    said = whole(tmp_path, monkeypatch, 170, flow, policy=policy)
    assert [row[1] for row in said["flow"]["cells"]] == ["110", "40", "20"]


def test_the_check_ends_where_an_answer_stays_that_gives_a_number_to_be_withheld(tmp_path, monkeypatch):
    """90 of 91 with a cost have to go, and "90" is what the answer counts all 91 as."""

    def flow(door):
        door.sentence("people", "90 patients are in this study; 70 of 90 (78%) answered.", role="answer")
        door.table("flow", pd.DataFrame({"step": ["Kept", "With a cost"], "n": [91, 90]}), "Flow", base="n")
        door.sentence(
            "cost", "The mean cost was 6,000 (5,100 to 6,900, n = 90). 90 of 90 answered. It was rising."
        )

    said = whole(tmp_path, monkeypatch, 91, flow, policy="hes")
    assert said["people"]["text"].startswith("90 patients are in this study")
    assert said["cost"]["text"] == "The mean cost was 6,000 (5,100 to 6,900). It was rising."


def test_nothing_adds_up_to_a_study_whose_size_is_withheld(tmp_path, monkeypatch):
    """One of the 71 of a title was set aside: 50 and 20 without every value are 70, and so are 63 and 7."""

    def flow(door):
        door.table("flow", pd.DataFrame({"step": ["In the study"], "n": [70]}), "Flow", base="n")
        door.sentence("start", "The start was 5 points lower for 63 patients.")

    def arms(door):
        rows = pd.DataFrame({"who": ["answered", "silent", "died"], "n": [44, 19, 7]})
        door.table("fates", rows.assign(mean=[1.0, 2.0, 3.0]), "Who", base="n")
        door.sentence("more", "It was 349 (n = 50). Not counted: 20 without every value.")

    said = whole(tmp_path, monkeypatch, 70, flow, arms, named=71)
    assert "flow" not in said or "70" not in said["flow"]["csv"]
    told = " ".join([said["start"]["text"], said["more"]["text"]])
    assert not {"70", "63", "50", "20"} & set(told.replace(",", " ").replace(")", " ").split())
    assert said["more"]["text"].startswith("It was 349")
    sizes = [row[1] for row in said["fates"]["cells"]]
    assert sum(int(size) for size in sizes if size.isdigit()) < 70


def test_what_parts_leave_follows_from_the_others_and_what_lies_near_it_goes(tmp_path, monkeypatch):
    """82 answered and 15 died are 97 of 117, said or not: 92 with QALYs would tell of five."""

    def fates(door):
        door.sentence("fates", "82 answered, 20 did not and 15 died.")

    said = whole(tmp_path, monkeypatch, 117, fates, arms_of(92, 92, 117))
    assert said["fates"]["text"] == "82 answered, 20 did not and 15 died."
    told = " ".join([said["arms"]["csv"], said["more"]["text"]]).replace(",", " ").replace(")", " ")
    assert not {"92", "25", "25."} & set(told.split())


def test_parts_of_everybody_add_up_to_it():
    find = partial(parts_of_everybody, people=248, policy=get_policy("nhs-proms"))
    whole = {167, 55, 26, 248 - 167, 248 - 55, 248 - 26}  # what each leaves follows from the others
    assert find(["167 patients answered, 55 did not answer and 26 died"]) == whole
    assert find(["193 patients. Not counted: 55 without an answer."]) == {193, 55}
    assert find(["168 patients answered, 55 did not answer and 26 died"]) == set()
    assert find(["226 patients answered, 11 did not answer and 11 died"]) == {226, 11, 22, 237}
    # nobody is in both: 235 and 239 tell of no four people
    assert {226, 13, 9, 22} <= find(["226 patients answered, 13 did not answer and 9 died"])
    assert find(["167 answered, 55 did not and 26 died", "169 are known, 79 are not"]) == whole
    assert parts_of_everybody(["1 of 2 patients"], None, get_policy("nhs-proms")) == set()


def fits(cell, number):
    """Whether a written count, or a share with two decimals, can be a number."""
    if cell in ("*", ""):
        return number > 0
    near = {"~": 10, ".": 0.005}.get(cell[0] if cell[0] == "~" else cell[-3:-2], 0)
    return abs(float(cell.removeprefix("~")) - number) <= near + 1e-9


def reach_and_gain(tmp_path, monkeypatch, people, sizes, known, means, policy="nhs-proms"):
    """The rows of a table of who has an outcome, as a share, and of one of their means, as published."""
    reach = pd.DataFrame({"split": "Group", "group": [*means], "n": sizes})
    gain = reach.assign(n=known, mean=[*means.values()])
    reach["reached"] = [part / n for part, n in zip(known, sizes, strict=True)]
    tables = [partial(PlainDoor.table, id=name, frame=frame, caption=name, base="n")
              for name, frame in (("reach", reach), ("gain", gain))]  # fmt: skip
    said = whole(tmp_path, monkeypatch, people, *tables, policy=policy)
    return [list(csv.DictReader(said[name]["csv"].splitlines())) for name in ("reach", "gain")]


def test_a_share_in_one_table_counts_the_people_of_another(tmp_path, monkeypatch):
    """Of 569 patients 0.98 have an outcome: 555 to 560, which another table gives as ~560."""
    everybody, known = [569, 4501, 11878, 15], [559, 4435, 11692, 13]
    ages = {"40s": 3.25, "50s": 3.35, "60s": 3.29, "90s": 2.65}
    reach, gains = reach_and_gain(tmp_path, monkeypatch, 41_280, everybody, known, ages)
    spread = product(range(40), range(40, 120), range(1, 6))
    left = set()
    for few, more, old in spread:
        parts = [
            n - gone for n, gone in zip(everybody, (few, more, 264 - few - more - old, old), strict=True)
        ]
        told = zip(reach, gains, everybody, parts, strict=True)
        if all(
            fits(known["n"], k) and fits(one["n"], n) and fits(one["reached"], k / n)
            for one, known, n, k in told
        ):
            left.add(old)
    assert left == {1, 2, 3, 4, 5}


def test_what_all_shares_of_a_table_are_of_is_one_number_in_every_row(tmp_path, monkeypatch):
    """By hand: that 15 of ~160 are 0.09 says 158 at least, that 25 are 0.16 says 161 at most."""
    parts = pd.DataFrame({"change": list("abcde"), "k": [15, 25, 40, 40, 40], "n": 160})
    kept = pd.DataFrame({"group": ["kept"], "n": [163], "mean": [2.25]})
    said = whole(
        tmp_path,
        monkeypatch,
        248,
        *[lambda door, id=id: door.table(id, kept, "Kept", base="n") for id in ("one", "other", "third")],
        lambda door: door.table(
            "parts", parts.assign(share=parts["k"] / 160), "Parts", counts=["k", "n"], base="n"
        ),
    )
    rows = list(csv.DictReader(said["parts"]["csv"].splitlines()))
    assert {row["n"] for row in rows} == {"~160"}
    told = [row for row in rows if row["k"].isdigit() and row["share"] != "*"]
    left = [n for n in range(150, 171) if all(fits(row["share"], int(row["k"]) / n) for row in told)]
    assert told
    assert max(left) - min(left) >= 4


@pytest.mark.parametrize(
    ("secret", "said", "shown"),
    [
        ({15.0, 120.0}, "15 of 120 (12%, 8% to 20%) scale back.", "~20 of ~120 scale back."),
        ({166.0}, "Look at those who lost (48 of 166, 29%).", "Look at those who lost (48 of ~160)."),
        ({3.0, 5.0}, "3 of 5 (60%) scale back.", "* of * scale back."),
    ],
)
def test_a_sentence_that_lost_its_shares_is_still_a_sentence(secret, said, shown):
    """ "~20 of * (*%, *% to *%) scale back their part in it." tells nobody anything."""
    mask = Mask(secret, set(), get_policy("nhs-proms"), None)
    assert _said_with_less([[said]], mask) == shown


def left_out(cells, notes=(), policy="nhs-proms"):
    """What is left of a table with a name and two numbers in each row."""
    names = ("code", "text", "left"), ("first", "n", "right"), ("second", "n", "right")
    columns = [{"name": name, "label": name.title(), "align": align} for name, _, align in names]
    finding = {"id": "x", "kind": "table", "caption": "Codes", "withheld": [], "notes": list(notes)}
    finding |= {"columns": columns, "cells": cells, "csv": ""}
    leave_out_stars(None, finding, get_policy(policy))
    return finding


def test_a_table_of_stars_keeps_the_rows_that_say_something():
    stars = [[f"M{n}", "*", "*"] for n in range(5)]
    left = left_out([["V1", "8", "6"], *stars, ["V2", "~20", "*"]])
    assert left["cells"] == [["V1", "8", "6"], ["V2", "~20", "*"]]
    assert left["notes"] == ["Rows with nothing but * are left out."]
    assert "M3" not in left["csv"]
    few = [["V1", "8", "6"], ["V2", "~20", "*"], *stars[:2]]
    assert left_out(few)["cells"] == few  # a row of stars says what was asked


def test_a_star_is_explained_only_where_one_is_left():
    policy = get_policy("nhs-proms")
    told = f"* withheld. {policy.rule}"
    assert left_out([["V1", "8", "~20"]], [told, "Own."])["notes"] == ["Own."]
    assert left_out([["V1", "8", "*"], ["V2", "7", "9"]], [told])["notes"] == [told]
    gone = left_out([["V1", "8", "*"], ["V2", "7", "*"]], [told])
    assert gone["notes"] == [f"Withheld in every row: Second. {policy.rule}"]


def test_a_number_taken_out_of_a_sentence_leaves_no_mark_that_stands_for_no_word():
    policy = get_policy("nhs-proms")
    text = "Do not rank those who lost (148 of 162, 91%): a loss over a larger bill looks smaller."
    shown = Mask({162.0}, set(), policy, 248).of(text)
    assert shown == "Do not rank those who lost (148 of ~160): a loss over a larger bill looks smaller."


ARMS = ["n_new care", "n_usual care"]


def flow_by_arm(door):
    steps = ["In the study", "Died", "Did not answer", "Answered"]
    counts = [[62, 27, 35], [4, 2, 2], [16, 4, 12], [42, 21, 21]]
    frame = pd.DataFrame(counts, columns=["n", *ARMS])
    frame.insert(0, "step", steps)
    door.table("flow", frame, "Flow", nested=True)


def answered(said):
    """How many answered, and of each arm, as the flow gives it."""
    *_, row = csv.reader(said["flow"]["csv"].splitlines())
    return row[1:]


def test_a_masked_sum_is_not_what_the_parts_beside_it_add_up_to(tmp_path, monkeypatch):
    """46 of another table are the 42 who answered and the 4 who died; 21 and 21 of two arms answered."""
    known = pd.DataFrame({"who": ["known"], "n": [46], "mean": [2.25]})
    said = whole(
        tmp_path, monkeypatch, 62, flow_by_arm, lambda door: door.table("value", known, "Value", base="n")
    )
    everybody, *arms = answered(said)
    assert "46" in said["value"]["csv"]
    assert everybody == "~40"
    assert arms != ["21", "21"]


def test_two_tables_of_an_arm_do_not_say_how_many_died_in_it(tmp_path, monkeypatch):
    """21 of an arm answered, and 23 answered or died: two died, whatever rows and columns are called."""
    arms = pd.DataFrame({"split": "Arm", "group": ["new care", "usual care"], "n": [23, 23]})
    said = whole(
        tmp_path,
        monkeypatch,
        62,
        flow_by_arm,
        lambda door: door.table("by-arm", arms.assign(mean=[1.0, 2.0]), "By arm", base="n"),
    )
    rows = csv.DictReader(said["by-arm"]["csv"].splitlines())
    assert ("23", "21") not in zip((row["n"] for row in rows), answered(said)[1:], strict=True)


def test_rows_that_set_one_arm_beside_the_other_are_not_of_an_arm(tmp_path, monkeypatch):
    """35 and 30 of two arms answered, and 40 and 34 answered or died: five and four died; 94 are in both."""
    flow = pd.DataFrame(
        {"step": ["In the study", "Answered"], "n": [94, 65], ARMS[0]: [50, 35], ARMS[1]: [44, 30]}
    )
    arms = pd.DataFrame(
        {"split": "Arm", "group": ["new care", "usual care"], "n": [40, 34], "mean": [1.0, 2.0]}
    )
    worse = pd.DataFrame({"arm": ["new care", "usual care"], "n": [94, 94], "mean": [-0.05, -0.09]})
    pages = [(flow, "flow", None), (arms, "by-arm", "n"), (worse, "if-worse", "n")]
    tell = [
        partial(
            lambda door, one, name, base: door.table(name, one, name, base=base),
            one=one,
            name=name,
            base=base,
        )
        for one, name, base in pages
    ]
    said = whole(tmp_path, monkeypatch, 94, *tell)
    rows = list(csv.DictReader(said["by-arm"]["csv"].splitlines()))
    *_, own = csv.reader(said["flow"]["csv"].splitlines())
    assert not {("40", "35"), ("34", "30")} & {*zip((row["n"] for row in rows), own[2:], strict=True)}


def test_what_a_share_leaves_of_its_group_does_not_follow_from_another_table(tmp_path, monkeypatch):
    """Of 39 the outcome of 30 is known: of 9 it is not, whom acro counts for nobody. 193 are known in all."""
    classes, counts = {"II": -2.83, "III": 9.75, "IV": 10.8}, ([39, 125, 84], [30, 97, 66])
    reached, gains = reach_and_gain(tmp_path, monkeypatch, 248, *counts, classes, policy="acro")
    assert reached[0]["reached"] == "*"
    assert sum(row["n"].isdigit() for row in gains) < 2
    assert not gains[0]["n"].isdigit()


def test_who_used_a_programme_are_not_counted_where_its_arm_is_withheld(tmp_path, monkeypatch):
    """27 had the new care, as many used the one resource of its programme; of 23 the outcome is known."""
    arms = pd.DataFrame({"group": ["new care", "usual care"], "n": [23, 33]})
    parts = pd.DataFrame({"component": ["ward", "programme"], "n_users": [62, 27], "cost": [400.0, 90]})
    items = pd.DataFrame({"resource": ["ward day", "planning"], "n_users": [62, 27], "cost": [400.0, 90]})
    rules = {"base": "n_users", "parts": False}

    def tables(door):
        door.figure("by-arm", arms, bars, "By arm", "Patients")
        door.table("components", parts, "C", **rules, called={"programme": "planning"})
        door.table("resources", items, "R", **rules)

    said = whole(tmp_path, monkeypatch, 62, flow_by_arm, tables)
    rows = {name: list(csv.DictReader(said[name]["csv"].splitlines())) for name in said}
    used = [rows[name][1]["n_users"] for name in ("components", "resources")]
    assert used[0] == used[1]
    assert rows["by-arm"][0]["n"] == "23"
    assert used[0] == "~20"  # 27 - 23 are 4


def test_who_is_known_of_a_group_and_has_a_cost_too_leaves_no_few(tmp_path, monkeypatch):
    """.78 of 125 are 97 or 98; 96 of them with a cost would leave one or two without."""
    recorder, study = Recorder(monkeypatch), make_study(tmp_path, disclosure="nhs-proms")
    reached = pd.DataFrame({"class": ["II", "III"], "n": [300, 125], "known_share": [240 / 300, 97 / 125]})
    door_of(study, "05b-who-gains").table(
        "gains", reached, "Who is known", counts=["n"], base="n", parts=False
    )
    counted = pd.DataFrame({"class": ["II", "III"], "n": [220, 96], "mean": [1.0, 2.0]})
    door_of(study, "02c-other-forms").table(
        "quota", counted, "Who is counted", counts=["n"], base="n", parts=False
    )
    page = nbformat.v4.new_notebook(cells=[code("x", recorder.take())])
    protect({"05b-who-gains": page}, get_policy("nhs-proms"), 900)
    first, second = (finding["cells"] for _, _, finding in marked_outputs(page))
    assert not (first[1][1:] == ["125", "0.78"] and second[1][1] == "96")


def test_where_counts_are_rounded_how_many_are_in_the_study_cuts_no_count_off():
    """Of 54 patients "55" would be 53 or 54, and a mark for 53 alone would name it."""
    assert too_alike({53.0: 1, 49.0: 1, 48.0: 1}, get_policy("hes"), 54) == {53.0, 49.0}
    assert too_alike({53.0: 1, 40.0: 1}, get_policy("hes"), 58) == set()


def test_an_exact_whole_does_not_undo_the_rounding_of_who_is_among_whom(tmp_path, monkeypatch):
    """248 of the title, 125 and 123 by arm: 240, 120 and 115 with an answer left 3 or 4 of one without."""
    counts = [[248, 125, 123], [238, 121, 117]]

    def flow(door):
        frame = pd.DataFrame(counts, columns=["n", *ARMS]).assign(step=["In the study", "Answered"])
        door.table("flow", frame[["step", "n", *ARMS]], "Flow", nested=True)

    text = whole(tmp_path, monkeypatch, 248, flow, policy="hes")["flow"]["csv"]
    (_, *everybody), (_, *answered) = list(csv.reader(text.splitlines()))[1:]

    def may_be(cell, n):
        return cell == "*" or abs(int(cell) - n) <= 2

    arms = [a for a in range(249) if may_be(everybody[1], a) and may_be(everybody[2], 248 - a)]
    left = {
        (arm - one, 248 - arm - other)
        for arm in arms
        for one in range(arm + 1)
        if may_be(answered[1], one)
        for other in range(249 - arm)
        if may_be(answered[2], other) and may_be(answered[0], one + other)
    }
    assert "*" in answered  # 3 or 4, and 6 or 7, if nothing goes
    assert all(len({pair[arm] for pair in left}) >= 5 for arm in (0, 1))


@pytest.mark.parametrize(("policy", "given"), [("nhs-proms", True), ("none", True), ("hes", False)])
def test_where_counts_are_rounded_none_is_given_twice_by_what_is_missing(tmp_path, policy, given):
    """165 beside 85 of 248 is 165 or 166 and no other: 163 to 167 and 161 to 165, or 83 to 87 missing."""
    frame = pd.DataFrame({"label": ["all"], "estimate": [2.5], "n": [165], "n_missing": [83]})
    door = door_of(make_study(tmp_path, disclosure=policy))
    *_, made = show_result(door, Result("who", table=Table(frame, "Who")))
    assert ("n_missing" in made["csv"]) == given


def test_means_of_two_groups_and_of_both_do_not_tell_how_large_each_is(tmp_path, monkeypatch):
    """12 and 26 of 13 and 37 answered: 12, 61.3, 69.2 and 66.7 left 1 to 3 women silent."""
    who = ["female", "male", "all"]
    score = pd.DataFrame({"sex": who, "n": [12, 26, 38], "mean_score": [61.333, 69.192, 66.711]})
    every = pd.DataFrame({"sex": who, "n": [13, 37, 50], "n_missing": [1, 11, 12]})
    said = whole(
        tmp_path,
        monkeypatch,
        50,
        lambda door: door.table("score", score, "Score", base="n", decimals=1),
        lambda door: door.table("who", every, "Who"),
    )
    shown = {name: list(csv.reader(said[name]["csv"].splitlines()))[1:] for name in ("score", "who")}
    policy = get_policy("nhs-proms")

    def fits(cell, n):
        low, high = policy.about(float(cell[1:]), 50) if cell[0] == "~" else (1, 50)
        return low <= n <= high if cell[0] in "~*" else n == int(cell)

    def mixed(female, male):
        means = [row[2] for row in shown["score"]]
        half = 0.05 * 2 * (female + male)
        return (
            "*" in means
            or abs(float(means[0]) * female + float(means[1]) * male - float(means[2]) * (female + male))
            <= half
        )

    silent = {
        women - female
        for women, female, male in product(range(51), repeat=3)
        if women > female
        and male < 50 - women
        and all(map(fits, (row[1] for row in shown["score"]), (female, male, female + male)))
        and all(map(fits, (row[1] for row in shown["who"]), (women, 50 - women, 50)))
        and all(
            fits(row[2], n) for row, n in zip(shown["who"], (women - female, 50 - women - male), strict=False)
        )
        and fits(shown["who"][2][2], 50 - female - male)
        and mixed(female, male)
    }
    assert len({n for n in silent if n <= 50}) >= 5


def test_means_of_parts_and_of_all_by_another_name_do_not_tell_how_large_each_is(tmp_path, monkeypatch):
    """42 of 62 answered, 40 in full: 35.7, 38.9, 22.8 and 34.42 left 9 dead and no other number."""
    starts = pd.DataFrame(
        {"who": ["in", "silent", "died"], "n": [42, 11, 9], "mean_level": [35.74, 38.9, 22.8]}
    )
    every = pd.DataFrame({"scale": ["first"], "n": [62], "mean": [34.42]})
    full = [
        pd.DataFrame({"what": [name], "n": [40], "mean": [0.7]}) for name in ("profile", "rating", "index")
    ]

    def tell(door):
        door.table("every", every, "Scales", base="n")
        for frame in full:
            door.table(frame["what"].iloc[0], frame, "In full", base="n")

    said = whole(
        tmp_path,
        monkeypatch,
        62,
        tell,
        lambda door: door.table("starts", starts, "Who", base="n", decimals=1),
    )
    first, profile = ([*csv.reader(said[name]["csv"].splitlines())][1] for name in ("every", "profile"))
    rows = [*csv.reader(said["starts"]["csv"].splitlines())][1:]
    assert (first[1], profile[1], rows[0][1]) == ("62", "40", "~40")
    means, about = [row[2] for row in (*rows, first)], get_policy("nhs-proms").about

    def may_be(parts):
        marks = [(row[1], n) for row, n in zip(rows, parts, strict=True)]
        near = all(
            about(float(cell[1:]), 62)[0] <= n <= about(float(cell[1:]), 62)[1]
            for cell, n in marks
            if cell[0] == "~"
        )
        exact = all(int(cell) == n for cell, n in marks if cell.isdigit())
        start = 0 if "*" in means else sum(n * float(mean) for n, mean in zip(parts, means, strict=False))
        return near and exact and ("*" in means or abs(start - 62 * float(means[3])) <= 62 * 0.055)

    left = {
        n for n, died in product(range(63), range(63)) if n + died <= 62 and may_be((n, 62 - n - died, died))
    }
    assert len(left) >= 5


def test_parts_that_the_title_names_stay_and_what_lies_near_them_goes(tmp_path, monkeypatch):
    """The flow of a small study said "~40 of 62" of the 42 who answered, since 40 filled in all."""
    full = pd.DataFrame({"scale": ["profile", "rating"], "n": [40, 40], "mean": [0.7, 0.8]})
    flow = "42 of 62 (68%) answered, 9 had died and 11 gave no answer."
    tell = partial(whole, tmp_path, monkeypatch, 62, lambda door: door.sentence("flow", flow, role="answer"))
    said = tell(lambda door: door.table("full", full, "In full", base="n"))
    assert said["flow"]["text"] == flow
    assert "40,0" not in said["full"]["csv"].replace("~40", "")


def test_a_level_is_not_masked_in_one_table_and_exact_in_a_comparison(tmp_path, monkeypatch):
    """87 women stood as "~80" by group and as 87 beside "female against male", with texts and a p between."""
    sexes = {"split": "Sex", "group": ["female", "male"]}
    answered, known = (pd.DataFrame(sexes | {"n": n, "mean": [1.0, 2.0]}) for n in ([85, 105], [87, 106]))
    depends = {"split": ["Sex"], "group": ["female against male"], "difference": [-0.02], "verdict": ["open"]}
    tables = {"answered": answered, "again": answered.assign(mean=[3.0, 4.0]), "known": known}
    tables["depends"] = pd.DataFrame(depends | {"n": [87]})

    def tell(door):
        for name, frame in tables.items():
            door.table(name, frame, name, base="n")

    said = whole(tmp_path, monkeypatch, 260, tell)
    assert "87" not in said["known"]["csv"]
    assert "87" not in said["depends"]["csv"]
    assert "-0.02" in said["depends"]["csv"]


def test_of_nearly_a_number_that_stands_no_mask_leaves_a_few(tmp_path, monkeypatch):
    """192 of 193 with an outcome have a cost: "~200" is 190 and more, so that 0 to 3 had none."""
    known = pd.DataFrame({"measure": ["reached"], "n": [193], "estimate": [0.14]})
    cost = pd.DataFrame({"form": ["quota"], "estimate": [1.3], "n": [192]})

    def tell(door):
        for name in ("known", "gained", "spread", "ranked"):
            door.table(name, known.assign(measure=name), "Known", base="n")
        door.table("cost", cost, "With a cost", base="n")
        door.sentence("value", "It was 1.3 (0.8 to 2.0, n = 192).")

    said = whole(tmp_path, monkeypatch, 248, tell)
    assert "193" in said["known"]["csv"]
    assert said["cost"]["cells"] == [["quota", "1.30"]]  # no row has a number of people left
    assert said["value"]["text"] == "It was 1.3 (0.8 to 2.0)."


@pytest.mark.parametrize(
    ("policy", "missing", "known", "given"),
    [
        # 55 did not answer, and so lack an outcome; "~40" is 21 to 59: 0 to 4 more lack a cost
        ("acro", 57, 55, "*"),
        # the same of 24 beside 26 who lack something: 21 at least
        ("acro", 24, 26, "*"),
        ("acro", 34, 26, "~40"),  # 26 and more leave 8 to 33
    ],
)
def test_of_who_is_missing_no_mask_ends_beside_a_number_that_stands(policy, missing, known, given):
    policy = get_policy(policy)
    within = no_room(set(), {missing}, {known, 248}, policy, 248)
    assert policy.given(missing, within.get(missing, 248)) == given


@pytest.mark.parametrize(("policy", "hidden"), [("acro", True), ("hes", False), ("none", False)])
def test_a_level_without_a_row_is_not_what_two_splits_and_two_tables_leave(
    tmp_path, monkeypatch, policy, hidden
):
    """60 more by sex than by age have rare ages, and 58 of those with an outcome: 2 have none."""
    names = {"split": ["Sex", "Sex", "Age", "Age"], "group": ["female", "male", "50 to 59", "60 to 69"]}
    gained = pd.DataFrame(names | {"n": [24_000, 16_100, 17_040, 23_000], "mean": [0.1, 0.2, 0.3, 0.4]})
    known = pd.DataFrame(names | {"n": [23_500, 15_800, 16_742, 22_500], "estimate": [0.5, 0.6, 0.7, 0.8]})

    def tell(door):
        door.table("gained", gained, "Gain by group", by="split", base="n")
        door.table("known", known, "Value by group", by="split", base="n")

    said = whole(tmp_path, monkeypatch, 43_000, tell, policy=policy)
    shown = [cell for name in ("gained", "known") for row in said[name]["cells"] for cell in row]
    assert any(cell.startswith(("~", "*")) for cell in shown) == hidden


def test_the_parts_of_an_arm_tell_how_many_are_in_it():
    """76 and 74 in two arms; 144 rated their care, "~60" of 74: 5 of these at least did not, so 1 of 76."""
    steps = pd.DataFrame({"step": ["In the study", "Rated"], ARMS[0]: [76, 75], ARMS[1]: [74, 69]})
    arms = [("new care", 50, 17, 9), ("usual care", 45, 21, 8)]
    parts = [
        (arm, part, n) for arm, *ns in arms for part, n in zip(("in", "silent", "died"), ns, strict=True)
    ]
    tables = steps, pd.DataFrame(parts, columns=["label", "part", "n"])
    policy = get_policy("nhs-proms")
    found = gather([[disclose(one, policy, nested=True).counts] for one in tables], [False, True])
    told = [sorted(found.cells[cell].value for cell in one.signs) for one in _made_arms(found)]
    assert told == [[9, 17, 50, 76], [8, 21, 45, 74]]

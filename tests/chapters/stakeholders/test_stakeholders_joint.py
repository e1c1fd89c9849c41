"""Numbers beside words: the fit follows a declared rule, the run picks the inference, nothing leaks."""

from __future__ import annotations

import re
import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import DATA

from vbhc.chapters import stakeholders
from vbhc.chapters.perception.layout import WORDS
from vbhc.chapters.stakeholders.joint import (
    FITS,
    OPEN,
    SILENT,
    VERDICTS,
    fit_of,
    line_at,
    number_side,
    published_number,
    share_of_resamples,
    words_side,
)
from vbhc.problems import StudyError
from vbhc.study import Study, load_study
from vbhc.study.declared import joint_display
from vbhc.study.declared.joint_display import FIELDS

CODES = ["V2", "V3", "V4", "V5", "K2", "K3", "O1", "P1", "P2"]
PRESENCE = pd.DataFrame(
    {"A": [1, 1, 1, 0], "B": [0, 0, 1, 1], "C": [0, 0, 0, 0]}, index=list("pqrs"), dtype=bool
)
GROUPS = pd.Series({"p": "x", "q": "x", "r": "y", "s": "y"})
TABLE = "with,coefficient,estimate,low,high,n\nVQ,Spearman,{}\nVQ,Kendall,0.1,0.0,0.2,80\n"


def row(**given: str) -> dict[str, str]:
    base = dict.fromkeys(FIELDS, "")
    return base | {"statement": "S", "if_confirm": "yes.", "if_expand": "more.", "if_discord": "no."} | given


def found(numbers: str = "0.30,0.10,0.50,80") -> list[dict]:
    table = {"notebook": "03-p", "kind": "table", "id": "three", "csv": TABLE.format(numbers)}
    said = {"notebook": "02-x", "kind": "sentence", "id": "said", "text": "VQ is 4 (n = 80)."}
    return [table, said]


def display(numbers: str = "0.30,0.10,0.50,80", **given: str) -> pd.Series:
    asked = {"measure": "ρ", "estimate": "03-p:three:VQ;Spearman", "for": "A", "against": "B"} | given
    return stakeholders.joint_display([row(**asked)], found(numbers), PRESENCE, GROUPS, 1000, 0).iloc[0]


# --- the rule --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "side"),
    [((0.3, 0.1, 0.5), "for"), ((-0.3, -0.5, -0.1), "against"), ((0.1, -0.1, 0.3), "open")],
)
def test_a_number_takes_a_side_only_with_its_whole_interval(numbers, side):
    assert number_side(*numbers) == side
    assert number_side(0.1, 0.0, 0.2) == "open"  # touching the declared value is not above it
    assert number_side(0.1, float("nan"), 0.2) == ""
    assert number_side(0.3, 0.1, 0.5, null=0.2) == "open"


@pytest.mark.parametrize(
    ("k_for", "k_against", "side"),
    [
        (0, 0, ""),
        (5, 0, "for"),
        (4, 0, "few"),
        (5, 4, "for"),
        (5, 5, "divided"),
        (9, 6, "divided"),
        (1, 7, "against"),
    ],
)
def test_ten_interviewees_take_a_side_by_halves(k_for, k_against, side):
    assert words_side(k_for, k_against, 10) == side


@pytest.mark.parametrize(
    ("number", "words", "fit"),
    [
        ("for", "for", "confirm"),
        ("against", "against", "confirm"),
        ("for", "against", "discord"),
        ("for", "divided", "expand"),
        ("against", "few", "expand"),
        ("open", "for", "open"),
        ("open", "", "silent"),
        ("", "for", "silent"),
    ],
)
def test_the_fit_follows_from_the_two_sides(number, words, fit):
    assert fit_of(number, words) == fit
    assert fit in FITS


SIDES = st.sampled_from(["for", "against", "open", "divided", "few", ""])


@given(SIDES, SIDES)
@settings(max_examples=40, deadline=None)
def test_turning_the_statement_round_changes_no_fit(number, words):
    turned = {"for": "against", "against": "for"}
    assert fit_of(number, words) == fit_of(turned.get(number, number), turned.get(words, words))


def test_a_fit_that_rests_on_everybody_holds_in_every_resample_and_a_tie_does_not():
    names = list(range(10))
    groups, nobody = pd.Series("x", index=names), pd.Series(False, index=names)
    assert share_of_resamples(~nobody, nobody, groups, "for", 200) == 1
    half = pd.Series([True] * 5 + [False] * 5)
    # k of 10 resampled at 1/2 is 5 or more with probability 0.623 (binomial)
    assert share_of_resamples(half, nobody, groups, "for", 4000) == pytest.approx(0.623, abs=0.03)


# --- the table -------------------------------------------------------------------------------------------


def test_numbers_people_and_words_stand_side_by_side():
    one = display()
    assert one["numbers"] == "ρ: 0.30 (interval 0.10 to 0.50, n = 80), to lie above 0."
    assert one["said"] == "x: for 2 of 2, against 0 of 2; y: for 1 of 2, against 2 of 2"
    assert one["fit"] == "expand (x confirm, y expand)"  # 3 of 4 for and 2 of 4 against: of two minds
    assert one["inference"] == "more."
    assert 0 < one["resamples"] <= 1


@pytest.mark.parametrize(
    ("numbers", "fit", "inference"),
    [
        ("0.30,0.10,0.50,80", "confirm", "yes."),
        ("-0.30,-0.50,-0.10,80", "discord", "no."),
        ("0.00,-0.20,0.20,80", "open", OPEN),
        ("*,*,*,80", "silent", SILENT["no interval"]),  # withheld on its own page
    ],
)
def test_another_number_gives_another_fit_and_inference(numbers, fit, inference):
    one = display(numbers, against="")
    assert (one["fit"], one["inference"]) == (fit, inference)
    assert np.isnan(one["resamples"]) == (fit in ("open", "silent"))


def test_what_one_side_lacks_is_said():
    unasked = display(**{"for": "", "against": ""})
    assert (unasked["said"], unasked["fit"]) == ("not asked here", "silent")
    assert unasked["inference"] == SILENT["measured"]
    unmeasured = display(estimate="", finding="")
    assert (unmeasured["numbers"], unmeasured["fit"]) == ("not measured here", "silent")
    assert unmeasured["inference"] == SILENT["said"]
    assert display(finding="02-x:said", estimate="")["numbers"] == "VQ is 4 (n = 80)."
    unraised = display(**{"for": "C", "against": ""})
    assert (unraised["fit"], unraised["inference"]) == ("silent", SILENT["measured"])
    unpublished = display(estimate="03-p:three:nothing", measure="ρ")
    assert unpublished["numbers"] == "ρ: no number is published."
    assert unpublished["inference"] == SILENT["no interval"]


@pytest.mark.parametrize(
    ("verdict", "margin", "side"),
    [
        ("it is not", "0.20", "for"),
        ("it is", "0.20", "against"),
        ("it is undecided", "0.20", "open"),
        ("it is not", "0.10", ""),  # another number than the one that the study declares
    ],
)
def test_where_the_interval_is_withheld_the_verdict_of_the_test_takes_the_side(verdict, margin, side):
    assert {*VERDICTS, "it is undecided"} == {*WORDS["in short"].values()}
    table = f"who,estimate,margin,verdict,n\ndeaths counted,0.32,{margin},{verdict},~180\n"
    published = [{"notebook": "03-p", "kind": "table", "id": "poor", "csv": table}]
    asked = row(measure="ρ", estimate="03-p:poor:deaths counted", above="0.2")
    said = f"ρ: 0.32 (is it poor? {verdict}, n = ~180), to lie above 0.2."
    assert published_number(asked, published) == (said, side)


def test_a_label_finds_the_row_whose_cell_goes_on_after_it():
    longer = TABLE.replace("Spearman", "Spearman's ρ (interval)").format("0.29,0.14,0.43,80")
    published = [{"notebook": "03-p", "kind": "table", "id": "three", "csv": longer}]
    assert line_at("03-p:three:VQ;Spearman", published)["estimate"] == "0.29"
    assert line_at("03-p:three:VQ;Kendall", published)["estimate"] == "0.1"
    assert line_at("03-p:three:VQ;Kend", published) == {}


def test_a_number_that_could_not_be_computed_is_said():
    assert display(",,,6")["numbers"] == "ρ: not computed (no interval, n = 6), to lie above 0."


def test_an_inference_that_was_not_declared_is_said():
    assert display(if_expand="")["inference"] == "The study declares no inference for 'expand'."


def test_the_sentence_counts_the_fits_and_names_the_least_firm():
    rows = [row(measure="ρ", estimate="03-p:three:VQ;Spearman", **{"for": "A"}), row(**{"for": "B"})]
    table = stakeholders.joint_display(rows, found(), PRESENCE, GROUPS, 1000, 0)
    text = stakeholders.joint_sentence(table)
    assert text.startswith("Of 2 statements that were measured, voiced or both, 1 confirmed and 1 silent")
    assert re.search(r"the same fit in \d+% of draws\.$", text)  # of one there is no least
    ends = [
        (0.63, 1.0, "the same fit in 63% to 100% of draws, least for: s."),
        (0.998, 1.0, "the same fit in >99% of draws, least for: s."),
        (1.0, 1.0, "the same fit in 100% of draws."),
    ]
    for least, most, said in ends:
        assert stakeholders.joint_sentence(table.assign(resamples=[least, most])).endswith(said)
    assert stakeholders.joint_sentence(table.iloc[:0]) == "No statement is set beside the interviews."


# --- what a study declares -------------------------------------------------------------------------------


@pytest.fixture
def study(tmp_path) -> Study:
    kept = shutil.ignore_patterns("clean", "runs", "raw")
    shutil.copytree(DATA / "heart-failure", tmp_path / "data/hf", ignore=kept)
    return load_study(str(tmp_path / "data/hf"))


def test_the_shipped_joint_display_is_read_and_checked(study):
    assert len(joint_display.read_rows(study, CODES)) == 5
    with pytest.raises(StudyError, match=r"joint_display.csv, for, row 3: unknown 'V2'; known: V3, V4"):
        joint_display.read_rows(study, CODES[1:])


def test_a_faulty_joint_display_is_a_clear_error(study):
    path = study.folder / "joint_display.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("-0.2", "low").replace("associations:cost", "associations cost"), encoding="utf-8"
    )
    with pytest.raises(StudyError) as error:
        joint_display.read_rows(study, CODES)
    assert "above, row 3: 'low'; a number" in str(error.value)
    assert "<notebook>:<table or figure>:<row>" in str(error.value)
    path.write_text("construct,fit\na,confirm\n", encoding="utf-8")
    with pytest.raises(StudyError, match="no column 'statement'"):
        joint_display.read_rows(study, CODES)
    path.unlink()
    assert joint_display.read_rows(study, CODES) == []

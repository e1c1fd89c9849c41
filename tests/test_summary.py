"""The summary page gathers what other pages found and retypes nothing."""

import pytest

from report_maker import make_study, save, text
from vbhc import summary

FOUND = [
    {"notebook": "01-cleaning", "kind": "sentence", "role": "answer", "text": "58 patients.", "withheld": []},
    {
        "notebook": "02-value-quota",
        "kind": "sentence",
        "role": "finding",
        "text": "2.7 points.",
        "withheld": [],
    },
    {
        "notebook": "02-value-quota",
        "kind": "sentence",
        "role": "limit",
        "text": "Few people.",
        "withheld": [],
    },
    {"notebook": "02-value-quota", "kind": "table", "role": "finding", "withheld": [{"column": "n"}]},
    {
        "notebook": "03-perception",
        "kind": "sentence",
        "role": "answer",
        "text": "No relation.",
        "withheld": [],
    },
]


def test_each_page_has_its_question_and_its_answer_or_says_that_it_has_none(tmp_path):
    study = make_study(tmp_path)
    for name, title in (
        ("01-cleaning", "# Who?"),
        ("02-value-quota", "# What did it buy?\nMore."),
        ("03-perception", ""),
    ):
        save(study, name, [text(title)] if title else [])
    asked = summary.questions(study)
    assert asked == {
        "01-cleaning": "Who?",
        "02-value-quota": "What did it buy?",
        "03-perception": "03-perception",
    }
    table = summary.answers_table(FOUND, asked)
    assert table["answer"].tolist() == ["58 patients.", summary.NO_ANSWER, "No relation."]


def test_findings_are_the_sentences_that_neither_answer_nor_limit():
    assert summary.findings_table(FOUND).to_numpy().tolist() == [["02-value-quota", "2.7 points."]]


@pytest.mark.parametrize(("synthetic", "said"), [(True, True), (False, False)])
def test_limits_name_synthetic_data_and_what_was_withheld(tmp_path, synthetic, said):
    limits = summary.limits_table(make_study(tmp_path, synthetic=synthetic), FOUND)["limit"].tolist()
    assert any("synthetic" in limit for limit in limits) is said
    assert any(limit.startswith("1 numbers were withheld") for limit in limits)
    assert limits[-1] == "Few people."


def test_the_whole_is_answered_by_the_perception_page_or_the_last_one():
    assert summary.answer_sentence(FOUND) == "No relation."
    assert summary.answer_sentence(FOUND[:4]) == "58 patients."
    assert summary.answer_sentence([]).startswith("No notebook of this study")

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


def sentence(page: str, id: str, text: str, **more) -> dict:
    base = {"notebook": page, "id": id, "kind": "sentence", "role": "finding", "withheld": []}
    return base | {"text": text} | more


def test_what_says_nothing_was_withheld_or_is_for_one_reader_is_no_finding_here():
    found = [
        sentence("02-x", "arms", "The study declares no arms."),
        sentence("02-x", "gone", "withheld: 1 to 5 people", withheld=[{"column": "text"}]),
        sentence("02-x", "for-the-patient", "For a patient: 3 of 4 got better."),
        sentence("02-x", "gain", "Gain is 4 points (n = 9)."),
    ]
    assert summary.findings_table(found)["finding"].tolist() == ["Gain is 4 points (n = 9)."]


def test_what_it_means_stands_reader_by_reader():
    ids = ("for-the-patient", "for-the-clinician")
    found = [sentence(page, id, f"{page} {id}") for page in ("02-x", "03-y") for id in ids]
    assert summary.readers_table(found)["meaning"].tolist() == [
        "02-x for-the-clinician",
        "03-y for-the-clinician",
        "02-x for-the-patient",
        "03-y for-the-patient",
    ]


def test_limits_that_notebooks_list_are_gathered_without_markup(tmp_path):
    study = make_study(tmp_path)
    words = "## What it means\n- not this\n\n## Limits\n\n"
    words += "- One **thing**\n  goes on.\n- See [01](01-cleaning.ipynb).\n"
    save(study, "02-value-quota", [text("# Q"), text(words), text("## Exercises\n- nor this")])
    save(study, "06-summary", [text("# S\n\n## Limits\n\n- of the summary itself")])
    assert summary.written_limits(study) == {"02-value-quota": ["One thing goes on.", "See 01."]}
    limits = summary.limits_table(study, FOUND, "The source slips.")
    assert limits.to_numpy().tolist()[-4:] == [
        ["all", "The source slips."],
        ["02-value-quota", "Few people."],
        ["02-value-quota", "One thing goes on."],
        ["02-value-quota", "See 01."],
    ]


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
    assert summary.answer_sentence(FOUND[:4], "It does both.") == "It does both. 58 patients."
    assert summary.answer_sentence(FOUND, "It does both.") == "No relation."
    assert summary.answer_sentence([]).startswith("No notebook of this study")

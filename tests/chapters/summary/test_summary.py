"""The summary page gathers what other pages found and retypes nothing."""

import pytest
from report_maker import make_study, save, text

from vbhc.chapters.summary import tables as summary

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


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("how common it is[[3]](#Sources); the counts", "how common it is; the counts"),
        ("said [[1]](#Sources)[[12]](#Sources).", "said."),
        ("**One** *two* ***three*** __four__ _five_ ~~six~~", "One two three four five six"),
        ("`outcome_codes.csv`, `a*b*c` in [02](02-x.ipynb#part)", "outcome_codes.csv, a*b*c in 02"),
        ("outcome_codes.csv and 3 * 4 * 5 stay", "outcome_codes.csv and 3 * 4 * 5 stay"),
        ("![a picture](x.svg) <em>x</em> \\*y\\* a < b > c", "a picture x *y* a < b > c"),
        ("*all of **this** here*, p < .05", "all of this here, p < .05"),
    ],
)
def test_limits_lose_marks_and_markdown_but_no_words(markdown, plain):
    assert summary.plain_text(markdown) == plain


def test_findings_are_the_sentences_that_neither_answer_nor_limit():
    assert summary.findings_table(FOUND).to_numpy().tolist() == [["02-value-quota", "", "2.7 points."]]


def test_findings_stand_page_by_page_with_their_names_in_words():
    found = [
        sentence("02-x", "group-value", "1 point."),
        sentence("03-y", "power", "80%."),
        sentence("02-x", "costs-said", "EUR 3."),
    ]
    assert summary.findings_table(found).to_numpy().tolist() == [
        ["02-x", "group value", "1 point."],
        ["02-x", "costs", "EUR 3."],
        ["03-y", "power", "80%."],
    ]


@pytest.mark.parametrize(
    ("id", "text", "kept"),
    [
        ("naive", "No clear difference (p = .40, n = 9).", True),
        ("asked", "This study holds no survey of 4 groups.", False),
        ("few", "Saturation of codes cannot be judged: 3 interviews are fewer than 6.", False),
        ("compared", "Two groups are compared: a (11) and b (8).", False),
        ("gain", "2.5 points were gained.", False),  # the answer says it word for word
        ("gain", "3.5 points were gained; more cannot be had.", False),
        ("gain", "3.5 points were gained. More cannot be known.", True),
    ],
)
def test_what_is_absent_read_or_said_already_is_left_out_by_rule(id, text, kept):
    answer = sentence("02-x", "answer", "In short: 2.5 points were gained. So it is.", role="answer")
    assert len(summary.findings_table([answer, sentence("02-x", id, text)])) == kept


@pytest.mark.parametrize(("synthetic", "said"), [(True, True), (False, False)])
def test_limits_name_synthetic_data_and_what_was_withheld(tmp_path, synthetic, said):
    limits = summary.limits_table(make_study(tmp_path, synthetic=synthetic), FOUND)["limit"].tolist()
    assert any("synthetic" in limit for limit in limits) is said
    assert any(limit.startswith("1 numbers were withheld") for limit in limits)
    assert limits[-1] == "Few people."


def answer(page: str, text: str, **more) -> dict:
    return sentence(page, "answer", text, role="answer", **more)


def test_the_whole_is_told_by_the_first_sentence_of_each_page():
    found = [
        answer("01-cleaning", "58 patients of one clinic."),
        answer("02-value-quota", "It bought 2.5 points (95% CI 1 to 4, n = 9). VQ follows cost."),
        answer("03-perception", "Patients with better outcomes see more value. The numbers are these."),
        answer("04-stakeholders", "The two groups do not differ as a whole (p = .40). Tested one by one."),
        answer("05-variation", "Two clinics of nine lie outside. They are these."),
    ]
    whole = "It bought 2.5 points (95% CI 1 to 4, n = 9). Patients with better outcomes see more value. "
    whole += "The two groups do not differ as a whole (p = .40)."
    assert summary.answer_sentence(found) == whole
    assert summary.answer_sentence(found[:3] + found[4:]).endswith("Two clinics of nine lie outside.")


def test_a_page_that_stands_alone_gives_two_sentences():
    alone = answer(
        "04-stakeholders", "The two groups do not differ. Tested one by one they do not. And so on."
    )
    two = "The two groups do not differ. Tested one by one they do not."
    assert summary.answer_sentence([alone]) == two
    gains = "It does both: 20 of 26 do. Of 33 mechanisms 12 are gains."
    assert summary.answer_sentence([alone], gains) == f"It does both: 20 of 26 do. {two}"
    assert summary.answer_sentence(FOUND[:4]) == "58 patients."
    assert summary.answer_sentence([]).startswith("No notebook of this study")


def test_a_withheld_answer_is_passed_over_where_another_page_has_one():
    gone = answer("02-value-quota", "Withheld: too few people.", withheld=[{"column": "text"}])
    kept = answer("03-perception", "Nothing is settled here. Few answered.")
    assert summary.answer_sentence([gone, kept]) == kept["text"]
    assert summary.answer_sentence([gone]) == gone["text"]

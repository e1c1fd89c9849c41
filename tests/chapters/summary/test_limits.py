"""What may not be concluded: the claim that the results leave open and many would read into them."""

from places import DATA

from vbhc.chapters.summary.limits import NO_CAUSE, NOT_OTHERS, not_to_conclude
from vbhc.study import load_study

STUDY = load_study(str(DATA / "heart-failure"))


def said(page, id, text, verdict=""):
    values = {"verdict": verdict} if verdict else {}
    return {"notebook": page, "id": id, "kind": "sentence", "text": text, "values": values}


def test_an_open_comparison_of_arms_is_named_first():
    found = [
        said("02-value-quota", "two-arms-value", "They cannot be told apart. More words.", "indistinct"),
        said("03-perception", "answer", "The rating shows no clear tie.", "undecided"),
    ]
    assert not_to_conclude(STUDY, found).says == [
        "Do not conclude that one way of care gives more for the money.",
        "They cannot be told apart.",
    ]
    assert not_to_conclude(STUDY, found[1:]).says[1] == "The rating shows no clear tie."


def test_a_clear_difference_is_no_limit():
    found = [
        said("02-value-quota", "two-arms-value", "One is higher.", "more"),
        said("02-value-quota", "answer", "1.33 points."),
    ]
    assert not_to_conclude(STUDY, found).says == [NO_CAUSE]


def test_where_only_people_were_asked_they_speak_for_themselves():
    assert not_to_conclude(STUDY, [said("04-stakeholders", "answer", "They part.")]).says == [NOT_OTHERS]

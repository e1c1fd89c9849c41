"""The head of a page: where one is in the walk, the answer, and what each reader can do with it."""

import pytest
from nbformat import v4
from report_maker import Recorder, code, door_of, make_study, save, text

from vbhc import report
from vbhc.report.head import answers, companions, following, in_head, navigation, short_name, to_do
from vbhc.report.page import Page


def said(id, words, role="finding"):
    return {"id": id, "kind": "sentence", "role": role, "text": words}


def pages(*names):
    return [Page(name, v4.new_notebook(), f"{name}?", [], {}) for name in names]


def test_the_first_sentence_leads_and_a_second_answer_follows_whole():
    found = [said("a", "The mean gain was 1.33 points. Not counted: 55.", "answer"), said("x", "Other.")]
    found.append(said("b", "A second answer. It has two.", "answer"))
    assert [one[1:] for one in answers(found)] == [
        ("The mean gain was 1.33 points.", "Not counted: 55."),
        ("", "A second answer. It has two."),
    ]


@pytest.mark.parametrize(
    "lead",
    ["For a clinician: ", "For the clinician: ", "For clinicians, ", ""],
)
def test_what_to_do_is_told_in_order_without_a_lead_of_its_own(lead):
    found = [said("for-the-patient", "Ask."), said("for-the-clinician", f"{lead}look at the gain.")]
    assert [one[1:] for one in to_do(found)] == [
        ("If you treat", "Look at the gain."),
        ("If you are a patient", "Ask."),
    ]


@pytest.mark.parametrize(
    ("finding", "there"),
    [
        (said("answer", "It is."), False),
        (said("any", "It is.", "answer"), True),
        (said("for-the-manager", "Plan."), True),
        (said("for-the-manager-too", "Plan."), False),
        (said("manager", "Plan."), False),
        ({**said("for-the-manager", ""), "kind": "table"}, False),
    ],
)
def test_only_answers_and_words_to_readers_leave_the_body(finding, there):
    assert in_head(finding) is there


def test_every_finding_of_the_head_stands_on_the_page_once_escaped(tmp_path, monkeypatch):
    recorder, study = Recorder(monkeypatch), make_study(tmp_path)
    door = door_of(study)
    door.sentence("answer", "Gain is <b>more</b> than none & two. And so on.", role="answer")
    door.sentence("for-the-manager", "For a manager: plan with <i>1</i> to 2.")
    path = save(study, "02-value-quota", [text("# Q"), text("## The answer"), code("x", recorder.take())])
    report.build(study, {"02-value-quota": path}, tmp_path / "out", {"study": "small"})
    html = (tmp_path / "out" / "02-value-quota.html").read_text()
    assert '<p class="say">Gain is &lt;b&gt;more&lt;/b&gt; than none &amp; two.</p>' in html
    assert "<dt>If you manage</dt><dd>Plan with &lt;i&gt;1&lt;/i&gt; to 2.</dd>" in html
    assert 'id="sentence-for-the-manager" data-finding="for-the-manager"' in html
    assert html.count("data-finding=") == 2
    assert ">The answer</h2>" not in html


def test_the_walk_alone_is_in_the_navigation_and_a_companion_marks_its_parent():
    walk = pages("01-cleaning", "02-value-quota", "02a-costs", "06-summary", "07-my-own-look")
    assert [name for _, name, _ in navigation(walk, None)] == [
        "Overview",
        "People",
        "Value",
        "Together",
        "My own look",
    ]
    marks = {one: [mark for _, _, mark in navigation(walk, page)] for one, page in enumerate([None, *walk])}
    assert marks[0] == ["page", "", "", "", ""]
    assert marks[2] == ["", "", "page", "", ""]
    assert marks[3] == ["", "", "true", "", ""]  # WAI-ARIA: "page" is the page itself


def test_the_walk_goes_on_past_companions():
    found = pages("01-cleaning", "02-value-quota", "02a-costs", "03-perception")
    assert [following(found, page) for page in found] == [found[1], found[3], None, None]


def test_a_page_leads_to_its_companions_and_they_to_none():
    found = pages("02-value-quota", "02a-costs", "02b-soundness", "03a-other")
    assert [page.name for page in companions(found, found[0])] == ["02a-costs", "02b-soundness"]
    assert companions(found, found[1]) == []
    assert following(found, found[0]) is None
    assert short_name("02b-which-definition") == "Which definition"

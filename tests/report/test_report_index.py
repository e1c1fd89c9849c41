"""The first page: four findings, what they are for and not for, who is in it, what was not run."""

import pandas as pd
import pytest
from report_maker import Recorder, code, door_of, make_study, save, text

from vbhc import report
from vbhc.report.index import not_run

FOR = [("for-the-clinician", "Look."), ("for-the-manager", "Plan."), ("for-the-patient", "Ask.")]


@pytest.fixture
def index(tmp_path, monkeypatch):
    """Build a report whose pages say these sentences (id, text, role); return its index."""
    recorder, study = Recorder(monkeypatch), make_study(tmp_path)

    def built(pages, skipped=None, figure=None):
        executed = {}
        for name, sentences in pages.items():
            door = door_of(study, name)
            for id, words, *role in sentences:
                door.sentence(id, words, role=role[0] if role else "finding")
            if figure:
                frame = pd.DataFrame({"arm": ["a"], "n": [40]})
                door.figure("bar", frame, figure, "Bar", "One bar of 40.", key=True)
            executed[name] = save(study, name, [text(f"# {name}?"), code("x", recorder.take())])
        report.build(study, executed, tmp_path / "out", {"study": "small", "skipped": skipped or {}})
        return (tmp_path / "out" / "index.html").read_text()

    return built


def answer(words):
    return ("answer", words, "answer")


def test_at_most_four_findings_each_with_the_way_to_its_page(index):
    names = ["01-a", "02-b", "02a-c", "03-d", "04-e", "05-f", "06-g"]
    html = index({name: [answer(f"Page {name} found this out. And more.")] for name in names})
    shown = [name for name in names if f"Page {name} found this out.</h2>" in html]
    assert shown == ["02-b", "03-d", "04-e", "05-f"]
    assert "And more." not in html.partition("Who is in it")[0]
    assert '<a href="03-d.html">More: Rating</a>' in html


def test_a_companion_without_its_page_of_the_walk_stands_for_it(index):
    html = index({"05d-pathway": [answer("The model says so.")]})
    assert "The model says so.</h2>" in html
    assert '<a href="05d-pathway.html"' in html
    assert ">More: Pathway</a>" in html
    both = index({"02-b": [answer("Value is two.")], "05d-pathway": [answer("The model says so.")]})
    assert "The model says so.</h2>" not in both
    assert ">Pathway</a>" in both


def test_what_it_is_for_follows_the_first_finding_and_the_summary_knows_best(index):
    first = {"02-b": [answer("Value is found to be two."), *FOR], "03-d": [answer("The rating follows it.")]}
    html = index(first)
    places = [html.index(part) for part in ("be two.</h2>", "<dd>Look.</dd>", "follows it.</h2>")]
    assert places == sorted(places)
    html = index({**first, "06-summary": [("for-the-patient", "Together, ask.")]})
    assert "<dd>Together, ask.</dd>" in html
    assert "<dd>Look.</dd>" not in html


@pytest.mark.parametrize(
    ("sentences", "told"),
    [
        ([("not-to-conclude", "That care is cheap."), ("l", "A limit.", "limit")], "That care is cheap."),
        ([("l", "A limit.", "limit"), ("m", "Another.", "limit")], "A limit."),
        ([("l", "No limit.")], ""),
    ],
)
def test_one_thing_not_to_conclude(index, sentences, told):
    html = index({"02-b": [("l", "A limit of the page.", "limit")], "06-summary": sentences})
    assert (f'<h2 id="warning">What not to conclude</h2>\n<p>{told}</p>' in html) is bool(told)
    assert "A limit of the page." not in html


def test_who_is_in_it_is_the_answer_of_the_page_of_people_and_its_figure(index):
    html = index(
        {"01-people": [answer("Of all, 167 answered again. Those who did not had started lower.")]},
        figure=lambda data, ax: ax.bar(data["arm"], data["n"]),
    )
    who = html.partition('id="people"')[2]
    assert "Of all, 167 answered again. Those who did not had started lower." in who
    assert 'class="drawing wide"' in who
    assert 'class="drawing narrow"' in who


def test_without_patients_it_says_whom_a_model_follows(index):
    followed = ("treated-today", "Of 997,890 people who are eligible, 86% are treated. Areas differ.")
    html = index({"05d-pathway": [followed, answer("The model says so.")]})
    part = html.partition("Who is in it")[2].partition("</section>")[0]
    assert "<p>Of 997,890 people who are eligible, 86% are treated. <a" in part
    assert 'href="05d-pathway.html">More: Pathway</a>' in part
    assert "Areas differ." not in part
    with_people = index({"01-a": [answer("Eighty are in it.")], "05d-pathway": [followed]})
    assert "997,890" not in with_people


def test_a_finding_shows_its_figure_as_a_phone_does(index):
    html = index(
        {"02-b": [answer("Value is found to be two.")]},
        figure=lambda data, ax: ax.bar(data["arm"], data["n"]),
    )
    assert html.count("<svg") == 1
    assert 'viewBox="0 0 259.2 259.2"' in html  # 3.6 by 3.6 inches of 72 points


def test_what_was_not_run_is_grouped_by_reason_without_companions(index):
    skipped = {
        "04-stakeholders": "study.yml declares no interviews.",
        "04a-groups": "study.yml declares no survey.",
        "02c-two-arms": "study.yml declares no groups.",
        "05-variation": "study.yml declares no interviews.",
        "03-perception": "study.yml declares no question on perception (`perception`).",
    }
    assert not_run(skipped) == [
        ("study.yml declares no question on perception", ["Rating"]),
        ("study.yml declares no interviews", ["Views", "Variation"]),
    ]
    html = index({"02-b": [answer("Value is found to be two.")]}, skipped)
    told = html.partition("Not run: ")[2].partition("</p>")[0]
    assert told.startswith("Rating, because study.yml declares no question on perception; ")
    assert told.endswith("; Views, Variation, because study.yml declares no interviews.")

"""Reporting checklists: complete, in their version, and filled from what a run found."""

from fnmatch import fnmatchcase

import pytest
from places import NOTEBOOKS

from vbhc.chapters.summary.checklists import (
    applicable,
    checklist,
    fill,
    items,
    reported,
    title,
)
from vbhc.publish.findings.marks import marked_outputs
from vbhc.study.config import Config, Cost, Interviews, Source

# Numbers of items as published: CHEERS 2022 28, STROBE 22, COREQ 32, SRQR 21, GRAMMS 6.
COMMITTED = [*NOTEBOOKS.glob("0*.ipynb"), *NOTEBOOKS.glob("more/0*.ipynb")]
SIZES = {"cheers-2022": 28, "strobe-2007": 22, "coreq-2007": 32, "srqr-2014": 21, "gramms-2008": 6}


def finding(page, id, kind="table", **more):
    return {
        "notebook": page,
        "id": id,
        "kind": kind,
        "caption": "A caption, n = 3; more.",
        "text": "x",
        **more,
    }


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_every_guideline_has_its_items_in_order(name, size):
    assert [int(item["item"]) for item in items(name)] == list(range(1, size + 1))
    assert all(item["topic"] for item in items(name))


def test_places_name_pages_or_fields_of_the_study():
    for name in SIZES:
        for item in items(name):
            for place in filter(None, item["places"].split(";")):
                if place.startswith("study:"):
                    field = place.removeprefix("study:")
                    assert field == "value_sets" or hasattr(Config("t"), field), place
                else:
                    assert place[:2].isdigit() or place.startswith("*"), place
                    assert place.count("/") == 1, place


def test_an_item_is_answered_where_the_run_has_a_finding_for_it_and_only_there():
    found = [finding("02-value-quota", "definition"), finding("01-cleaning", "flow", "figure")]
    filled = fill("cheers-2022", found, Config("A title")).set_index("item")
    pages = filled["page"]
    assert pages[["8", "5"]].tolist() == ["02-value-quota", "01-cleaning"]
    assert pages[["3", "27", "13"]].tolist() == ["", "", ""]  # there is no question in study.yml
    assert (
        fill("cheers-2022", found, Config("t", question="Q?")).set_index("item")["page"]["3"] == "study.yml"
    )


def test_a_place_may_stand_for_many_and_withheld_findings_answer_nothing():
    found = [
        finding("02a-costs", "cost-assumptions", "sentence"),
        finding("02-value-quota", "unit-costs-withheld"),
    ]
    filled = fill("cheers-2022", found, Config("t")).set_index("item")
    assert filled["page"][["17", "14"]].tolist() == ["02a-costs", ""]


def test_a_study_gets_the_guidelines_that_fit_its_parts():
    patients, coded = {"p": Source("p.csv")}, Interviews.__new__(Interviews)
    cost = Cost.__new__(Cost)
    assert applicable(Config("t")) == []
    assert applicable(Config("t", sources=patients, cost=cost)) == ["cheers-2022", "strobe-2007"]
    assert applicable(Config("t", interviews=coded)) == ["coreq-2007", "srqr-2014"]
    assert applicable(Config("t", sources=patients, interviews=coded)) == [
        "strobe-2007",
        "coreq-2007",
        "gramms-2008",
    ]


def test_respondents_of_a_survey_are_no_patients():
    coded = Interviews.__new__(Interviews)
    asked = {"s": Source("s.csv", layout="respondents")}
    assert applicable(Config("t", sources=asked)) == []
    assert applicable(Config("t", sources=asked, interviews=coded)) == ["coreq-2007", "srqr-2014"]


def test_the_result_lists_what_is_answered_and_names_the_rest():
    filled = fill("gramms-2008", [finding("06-summary", "joint-display")], Config("t"))
    shown = checklist("gramms-2008", filled)
    assert shown.says == ["GRAMMS 2008: the run answers 2 of 6 items; the authors answer 1, 2, 3 and 5."]
    assert shown.table.frame["item"].tolist() == ["4", "6"]
    assert reported({"gramms-2008": filled}).says[0].startswith("This report answers 2 of the 6")
    assert title("cheers-2022") == "CHEERS 2022"


def test_every_place_is_found_in_the_committed_notebooks():
    """A finding that was renamed would silently become an item for the authors."""
    found = [one for path in COMMITTED for one in published_in(path)]
    gone = [
        f"{name} {item['item']}: {place}"
        for name in SIZES
        for item in items(name)
        for place in filter(None, item["places"].split(";"))
        if not place.startswith("study:") and not any(fnmatchcase(one, place) for one in found)
    ]
    assert gone == []


def published_in(path):
    import nbformat

    return [f"{path.stem}/{one['id']}" for _, _, one in marked_outputs(nbformat.read(path, as_version=4))]

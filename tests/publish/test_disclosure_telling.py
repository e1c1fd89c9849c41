"""Which numbers of texts give a withheld count back, and which are numbers like others."""

from vbhc.publish.disclosure.gathered import gather
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.disclosure.telling import left_over, secret_numbers

PROMS = get_policy("nhs-proms")


def table(labels, values, hidden, lines=()):
    return [
        {
            "columns": ["n"],
            "labels": [[label] for label in labels],
            "totals": [False] * len(labels),
            "lines": lines,
            "base": [],
            "values": [[value] for value in values],
            "hidden": [[one] for one in hidden],
        }
    ]


def test_what_a_secret_leaves_of_everybody_tells_it_and_what_it_leaves_of_another_count_does_not():
    """82 of 248 are those who are not among the 166; 134 are 300 less 166 by chance."""
    found = gather([table(["complete"], [166.0], [True]), table(["rows"], [300.0], [False])], [False] * 2)
    secret = secret_numbers(found, [], PROMS)
    assert secret == {166.0}
    assert left_over(found, secret, PROMS, everybody=[248]) == {82.0}


def test_what_a_secret_leaves_of_its_own_line_tells_it():
    line = [[[0, 0], [1, 0], [2, 0]]]
    found = gather([table(["a", "b", "c"], [40.0, 60.0, 70.0], [True, False, True], line)], [False])
    assert left_over(found, secret_numbers(found, [], PROMS), PROMS) == {130.0, 100.0}


def test_what_a_secret_leaves_of_the_count_that_it_is_nested_in_tells_it():
    asked = table(["women", "men"], [90.0, 80.0], [False, False])
    answered = table(["women", "men"], [60.0, 50.0], [True, False])
    found = gather([asked, answered], [False, False])
    assert left_over(found, secret_numbers(found, [], PROMS), PROMS) == {30.0}


def test_a_number_that_stands_elsewhere_is_no_secret():
    shown = [table(["complete"], [166.0], [True]), table(["asked"], [166.0], [False])]
    assert secret_numbers(gather(shown, [False, False]), [], PROMS) == set()

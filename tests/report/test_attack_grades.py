"""Rank statistics of small groups give their answers back, unless they go with them."""

import numpy as np
import pandas as pd
import pytest
from attacks.grades import answers_that_fit, difference, printed, rank_statistic
from report_maker import door_of, make_study
from scipy import stats

ANSWERS = ((1, 4, 3), (6, 2, 2), (0, 2, 5))  # made up: three grades, groups of 8, 10 and 7
SIZES = [sum(group) for group in ANSWERS]


def spread(group):
    """One number per person."""
    return np.repeat(np.arange(len(group)), group)


# H against SciPy; delta against all pairs of people one by one.
def test_the_outsider_computes_what_the_report_does():
    people = [spread(group) for group in ANSWERS]
    assert rank_statistic(ANSWERS) == pytest.approx(stats.kruskal(*people).statistic)
    pairs = [np.sign(a - b) for a in people[0] for b in people[1]]
    assert difference(ANSWERS[0], ANSWERS[1]) == pytest.approx(np.mean(pairs))


def test_the_statistics_of_three_small_groups_leave_one_set_of_answers():
    statistic, differences = printed(ANSWERS)
    assert answers_that_fit(SIZES, 3, statistic, differences) == [ANSWERS]


def statements(tmp_path, **more):
    """Two statements as a notebook lets them out: one on few answers, one on many of each grade."""
    many = ((60, 70, 80), (80, 60, 70), (70, 90, 60))
    door = door_of(make_study(tmp_path, disclosure="nhs-proms"), "04-stakeholders")
    rows = [(label, *_flat(groups)) for label, groups in (("few", ANSWERS), ("many", many))]
    frame = pd.DataFrame(
        rows, columns=["label", "n", "statistic", "first_second", "first_third", "second_third"]
    )
    if more:
        more = {"behind": [[k for group in groups for k in group] for groups in (ANSWERS, many)]}
    return door.table("survey-tests", frame, "Do the groups differ?", base="n", **more)["cells"]


def _flat(groups):
    statistic, differences = printed(groups)
    return sum(map(sum, groups)), statistic, *differences.values()


def read(cells):
    """H and the differences as far as a row shows them."""
    shown = [None if cell == "*" else float(cell.replace("−", "-")) for cell in cells[2:]]
    pairs = dict(zip([(0, 1), (0, 2), (1, 2)], shown[1:], strict=True))
    return shown[0], {pair: one for pair, one in pairs.items() if one is not None}


def test_they_go_with_the_answers_behind_them(tmp_path):
    few, many = statements(tmp_path, behind=True)
    assert few == ["few", "25", "*", "*", "*", "*"]
    assert "*" not in many
    left = np.array([answers[0] for answers in answers_that_fit(SIZES, 3, *read(few))])
    assert (np.ptp(left, axis=0) >= 4).all()  # the policy's bound: 1 to 5


def test_without_that_the_published_table_gives_every_answer_back(tmp_path):
    few = statements(tmp_path)[0]
    assert answers_that_fit(SIZES, 3, *read(few)) == [ANSWERS]

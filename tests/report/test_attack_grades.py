"""Rank statistics of small groups give their answers back, unless they go with them."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from attacks.grades import answers_that_fit, difference, printed, rank_statistic
from report_maker import door_of, make_study
from scipy import stats
from statsmodels.stats.multitest import multipletests

from vbhc.chapters.stakeholders.readings import Statement, leaves_open
from vbhc.publish.disclosure.policies import get_policy
from vbhc.statistics.groups import dunn, rank_tests

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


# Answers to one statement by 58 patients, 40 clinicians, 24 managers and 15 payers, made up for the study of
# heart failure: grades 1 to 5, last those who gave none. The first are true; a search found the others.
READINGS = np.array(
    [
        [[1, 1, 15, 22, 18, 1], [4, 9, 11, 10, 4, 2], [1, 5, 5, 9, 4, 0], [2, 2, 2, 7, 1, 1]],
        [[0, 2, 16, 22, 18, 0], [3, 10, 10, 11, 3, 3], [3, 1, 6, 10, 3, 1], [2, 4, 1, 5, 3, 0]],
        [[1, 1, 15, 21, 18, 2], [3, 11, 12, 9, 5, 0], [0, 5, 3, 12, 2, 2], [4, 0, 3, 6, 2, 0]],
        [[4, 0, 12, 23, 19, 0], [1, 10, 13, 9, 3, 4], [2, 4, 5, 9, 4, 0], [1, 3, 3, 7, 1, 0]],
        [[0, 1, 16, 23, 17, 1], [5, 9, 11, 9, 5, 1], [0, 6, 6, 7, 5, 0], [3, 1, 0, 9, 0, 2]],
        [[0, 1, 16, 23, 17, 1], [3, 10, 13, 6, 6, 2], [2, 4, 2, 15, 1, 0], [3, 2, 2, 4, 3, 1]],
        [[0, 3, 13, 20, 18, 4], [4, 9, 12, 11, 4, 0], [0, 5, 6, 9, 4, 0], [4, 0, 2, 8, 1, 0]],
        [[2, 0, 14, 25, 17, 0], [3, 11, 11, 11, 4, 0], [1, 5, 5, 9, 4, 0], [2, 1, 3, 3, 2, 4]],
        [[0, 1, 16, 23, 17, 1], [5, 8, 11, 10, 4, 2], [1, 4, 4, 12, 2, 1], [2, 4, 2, 3, 4, 0]],
        [[0, 2, 15, 21, 18, 2], [3, 9, 12, 11, 3, 2], [0, 6, 4, 11, 3, 0], [5, 0, 2, 5, 3, 0]],
        [[0, 3, 14, 23, 18, 0], [2, 11, 11, 9, 4, 3], [4, 1, 6, 9, 4, 0], [2, 2, 2, 7, 1, 1]],
        [[0, 4, 12, 22, 18, 2], [4, 8, 13, 9, 4, 2], [1, 4, 6, 9, 4, 0], [3, 1, 2, 8, 1, 0]],
        [[1, 0, 16, 24, 17, 0], [5, 6, 11, 12, 2, 4], [0, 6, 6, 7, 5, 0], [2, 5, 0, 5, 3, 0]],
        [[1, 1, 13, 25, 16, 2], [3, 11, 11, 11, 4, 0], [1, 5, 5, 9, 4, 0], [3, 0, 4, 3, 3, 2]],
    ]
)
OTHERS = [0.921995, 1.1e-06, 0.000332, 0.022593]  # p of the other statements
NHS = get_policy("nhs-proms")


def seen(reading):
    """All that a report shows: delta of all pairs, the interval of three, bands of p; H, its p with Holm."""
    groups = [np.repeat(np.arange(5), own) for own in reading[:, :-1]]
    statistic, p = stats.kruskal(*groups)
    pairs = list(combinations(range(4), 2))
    answers = pd.Series(np.concatenate(groups)), pd.Series(np.repeat(range(4), [len(own) for own in groups]))
    compared = dunn(*answers)
    shown = [float(f"{difference(reading[a, :-1], reading[b, :-1]):.1f}") for a, b in pairs]
    large = [at for at, pair in enumerate(pairs) if 3 not in pair]
    shown += compared.loc[large, ["low", "high"]].to_numpy().round(1).ravel().tolist()
    holm = multipletests([*OTHERS, p], method="holm")[1].round(3).tolist()
    bands = np.searchsorted([0.001, 0.01, 0.05], compared["p"]).tolist()
    return shown, bands, round(statistic), round(statistic / (len(answers[0]) - 1), 1), holm


def test_of_large_groups_a_reader_cannot_tell_other_answers_from_the_true_ones():
    """What H, the pairs of groups and everybody together show leaves each small count the policy's range."""
    true = READINGS[0]
    for reading in READINGS[1:]:
        assert seen(reading) == seen(true)
        assert reading.sum(axis=0).tolist() == true.sum(axis=0).tolist()  # all respondents are as they were
        assert reading.sum(axis=1).tolist() == [58, 40, 24, 15]
    assert (np.ptp(READINGS, axis=0)[(true >= 1) & (true <= 5)] >= 4).all()


def statement(counts, others=(), wide=False):
    """A statement as the search for other readings takes it."""
    pairs = len(counts) * (len(counts) - 1) // 2
    h = rank_tests(np.array(counts)[:, :-1])[0]
    p = np.array([stats.chi2.sf(h, len(counts) - 1), *others])
    return Statement(np.array(counts), p, 0, np.full(pairs, wide), 1.0, False, 1, 0.95)


def test_the_search_finds_such_answers_of_large_groups_and_none_of_small_ones():
    assert leaves_open(statement(READINGS[0], OTHERS), NHS)
    assert not leaves_open(statement(READINGS[0], OTHERS, wide=True), NHS)  # of 15 payers, too
    assert not leaves_open(statement([(*group, 0) for group in ANSWERS]), NHS)


def test_of_small_groups_one_decimal_and_a_whole_h_still_tell_too_much():
    """Every set of answers of 8, 10 and 7 people is tried: some counts are one of two or three numbers."""
    _, differences = printed(ANSWERS, places=1)
    fit = answers_that_fit(SIZES, 3, None, differences, places=1)
    fit = np.array([one for one in fit if round(rank_statistic(one)) == round(rank_statistic(ANSWERS))])
    few = (np.array(ANSWERS) >= 1) & (np.array(ANSWERS) <= 5)
    assert (np.ptp(fit, axis=0)[few] < 4).any()

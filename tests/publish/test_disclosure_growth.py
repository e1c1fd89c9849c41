"""The work of the suppression grows with the report and not with its square: told by what is computed."""

import numpy as np
import pytest

from vbhc.publish.disclosure import recovery, second
from vbhc.publish.disclosure.across import nested
from vbhc.publish.disclosure.counts import Counts, Told, apart
from vbhc.publish.disclosure.gathered import gather
from vbhc.publish.disclosure.policies import get_policy

PROMS = get_policy("nhs-proms")
TABLE = [3.0, 40.0, 30.0, 20.0]  # one small count beside three others


def copies(times):
    """So many tables that share no count, each a line with a small count, and the targets."""
    values = np.array(TABLE * times)
    lines = [list(range(start, start + 4)) for start in range(0, 4 * times, 4)]
    small = values < 6
    return Counts(values, small, lines), [{int(cell): 1} for cell in np.flatnonzero(small)]


def solved(times, monkeypatch):
    """How many cells the problems hold that are solved for so many tables, all together."""
    sizes = []
    two_worlds = second.two_worlds

    def counted(counts, *rest):
        sizes.append(len(counts.values))
        return two_worlds(counts, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(second, "two_worlds", counted)
        hidden = second.choose(*copies(times)[:1], PROMS, copies(times)[1]).hidden
    return sum(sizes), hidden


def test_twice_as_many_tables_are_twice_the_work_and_each_is_hidden_as_it_was_alone(monkeypatch):
    alone, one = solved(1, monkeypatch)
    some, hidden = solved(10, monkeypatch)
    more, twice = solved(20, monkeypatch)
    assert (some, more) == (10 * alone, 20 * alone)
    assert hidden.tolist() == one.tolist() * 10
    assert twice.tolist() == one.tolist() * 20


def test_counts_fall_into_parts_by_lines_statements_and_targets():
    counts = Counts(
        np.arange(1.0, 9.0),
        np.zeros(8, dtype=bool),
        lines=[[0, 2]],
        told=[Told({2: 1, 4: -1}, -np.inf, 0), Told({5: 1, 6: 1, 7: -1}, 0, 0)],
    )
    found = list(apart(counts, [{1: 1, 3: -1}, {6: 1}]))
    assert [cells.tolist() for cells, _, _ in found] == [[0, 2, 4], [1, 3], [5, 6, 7]]
    first, second_part, third = found
    assert first[1].values.tolist() == [1.0, 3.0, 5.0]
    assert (first[1].lines, [one.signs for one in first[1].told]) == ([[0, 1]], [{1: 1, 2: -1}])
    assert second_part[2] == [{0: 1, 1: -1}]
    assert ([one.signs for one in third[1].told], third[2]) == ([{0: 1, 1: 1, 2: -1}], [{1: 1}])


def test_what_one_small_count_takes_does_not_grow_with_the_tables_that_hang_together(monkeypatch):
    """Tables in a row, each sharing a count with the next: one part, of which a few cells are asked."""
    most = []
    solve = recovery._solve

    def solved_near(counts, *rest):
        most.append(len(counts.values))
        return solve(counts, *rest)

    monkeypatch.setattr(recovery, "_solve", solved_near)
    values = np.array([3.0, 40, 30, 20] + [3.0, 30, 20] * 60)
    lines = [[0, 1, 2, 3]] + [[at - 1, at, at + 1, at + 2] for at in range(4, len(values), 3)]
    small = values < 6
    targets = [{int(cell): 1} for cell in np.flatnonzero(small)]
    hidden = second.choose(Counts(values, small, lines), PROMS, targets).hidden
    assert all(hidden[line].sum() >= 2 for line in lines)
    assert max(most) <= recovery.NEAREST < len(values)


def test_what_sums_alone_leave_open_is_known_without_a_solver():
    # By hand: 3 + x = 5 and x at least one, so each can be 1 to 4; the shown 40 cannot move.
    counts = Counts(np.array([3.0, 2, 40]), np.array([True, True, False]), [[0, 1], [0, 1, 2]])
    rules = recovery.rules_of(counts, PROMS)
    assert recovery.reach(rules, counts, PROMS).tolist() == [3, 3, 0]


def test_no_counts_fall_into_no_parts():
    assert list(apart(Counts(np.zeros(0), np.zeros(0, dtype=bool), []), [])) == []


def tables(rows):
    """Findings of tables that count the same two groups, a row of counts each."""
    shape = {"columns": ["n"], "labels": [["A"], ["B"]], "totals": [False, False], "lines": [], "base": []}
    made = [[{**shape, "values": [[a], [b]], "hidden": [[False], [False]], "follows": {}}] for a, b in rows]
    return gather(made, [False] * len(made))


@pytest.mark.parametrize("times", [5, 10, 40])
def test_tables_of_ever_fewer_people_are_nested_pair_by_pair(times):
    found = tables([(100.0 - one, 200.0 - one) for one in range(times)])
    assert len(list(nested(found))) == 2 * (times - 1)


def closed(pairs):
    """All that follows: larger than what is larger than a third is larger than the third."""
    while True:
        more = {(group, a, d) for group, a, b in pairs for other, c, d in pairs if (group, b) == (other, c)}
        if more <= pairs:
            return pairs
        pairs = pairs | more


def test_what_is_left_out_of_the_nestings_follows_from_the_others():
    rng = np.random.default_rng(7)
    rows = [tuple(map(float, rng.integers(50, 60, 2))) for _ in range(12)]
    found = tables(rows)
    every = set()
    for (a, b), (c, d) in ((one, other) for one in rows for other in rows):
        if a >= c and b >= d:
            every |= {(("a",), a, c)} if a > c else set()
            every |= {(("b",), b, d)} if b > d else set()
    pairs = [(found.cells[one], found.cells[other]) for one, other in nested(found)]
    short = {(one.labels, one.value, other.value) for one, other in pairs}
    assert closed(short) == closed(every)
    assert len(short) < len(every)

"""The guarantee of secondary suppression, checked by a solver of its own.

For every count that is withheld there have to be two tables in whole numbers that agree with all that is
shown and differ in it by the policy's bound. Here an outsider minimises and maximises each such count by
integer programming over the published cells, with the sums that he knows.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from vbhc.publish.disclosure import disclose
from vbhc.publish.disclosure.counts import Counts, Told
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.disclosure.recovery import Free, rules_of, two_worlds
from vbhc.publish.disclosure.second import choose

PROMS, ACRO = get_policy("nhs-proms"), get_policy("acro")
NAMES = ["nhs-proms", "hes", "opensafely", "acro"]


def attack(values, shown, lines, goal, policy):
    """The lowest and highest whole number that `goal @ cells` can be; `shown` is NaN where withheld.

    The outsider knows of every withheld count that is not zero that it is not, and that under a policy that
    rounds it is too small: more than anybody outside can be sure of.
    """
    values, hidden = np.asarray(values, dtype=float), np.isnan(shown)
    slack = (policy.rounds_to - 1) / 2 if policy.rounds_to else 0
    few = np.array([policy.hides(value) for value in values])
    low = np.where(hidden, np.where((values == 0) | policy.hides_zero, 0, 1), np.maximum(shown - slack, 0))
    high = np.where(hidden, np.where(few & bool(slack), policy.hides_up_to, np.inf), shown + slack)
    rows = np.zeros((len(lines), len(values)))
    for number, line in enumerate(lines):
        rows[number, line] = 1
    totals = np.array([policy.rounded(total) for total in rows @ values])
    rules = [LinearConstraint(rows, totals - slack, totals + slack)] if len(lines) else []
    ends = []
    for sign in (1, -1):
        best = milp(
            sign * goal, constraints=rules, bounds=Bounds(low, high), integrality=np.ones(len(values))
        )
        unbounded = best.status in (3, 4) and best.x is None
        ends.append(np.inf if unbounded else sign * round(best.fun))
    return (-np.inf if ends[0] == np.inf else ends[0]), ends[1]


def check(values, hidden, lines, policy):
    """Assert the guarantee for every withheld count of too few people."""
    values = np.asarray(values, dtype=float)
    rounded = np.array([policy.rounded(value) for value in values])
    shown = np.where(hidden, np.nan, rounded)
    for cell in np.flatnonzero([policy.hides(value) for value in values]):
        assert hidden[cell]
        low, high = attack(values, shown, lines, np.eye(len(values))[cell], policy)
        assert low <= values[cell] <= high
        if high - low < policy.bound:
            # Only where no hiding helps: the sums that hold the cell are too small themselves.
            widest = attack(values, np.full(len(values), np.nan), lines, np.eye(len(values))[cell], policy)
            assert high - low >= min(policy.bound, widest[1] - widest[0]), (values, hidden, cell)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=7), st.sampled_from(NAMES))
def test_one_column_whose_total_is_known(counts, name):
    policy = get_policy(name)
    frame = pd.DataFrame({"group": [f"g{n}" for n in range(len(counts))], "n": counts})
    hidden = disclose(frame, policy).hidden["n"].to_numpy()
    check(counts, hidden, [list(range(len(counts)))] if len(counts) > 1 else [], policy)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 25), min_size=width, max_size=width), min_size=2, max_size=4
        )
    ),
    st.sampled_from(NAMES),
)
@example([[0, 1, 22], [2, 0, 23]], "nhs-proms")  # two columns that make 23 in both rows, by chance
def test_a_two_way_table_with_its_margins_known(rows, name):
    policy = get_policy(name)
    width = len(rows[0])
    frame = pd.DataFrame(rows, columns=[f"n_{c}" for c in range(width)])
    frame.insert(0, "group", [f"g{n}" for n in range(len(rows))])
    hidden = disclose(frame, policy).hidden.iloc[:, 1:].to_numpy().ravel()
    grid = np.arange(len(rows) * width).reshape(len(rows), width)
    check(np.ravel(rows), hidden, [*map(list, grid), *map(list, grid.T)], policy)


def linked(seed, shape=(3, 2, 3), mean=4.0):
    """Counts of a three-way table and its linked lines: every sum over one direction is known."""
    values = np.random.default_rng(seed).poisson(mean, size=shape).astype(float)
    grid = np.arange(values.size).reshape(shape)
    lines = [list(line) for axis in range(3) for line in np.moveaxis(grid, axis, -1).reshape(-1, shape[axis])]
    return values.ravel(), lines


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", ["nhs-proms", "acro"])
def test_three_linked_tables_where_corners_need_not_be_whole(seed, name):
    policy = get_policy(name)
    values, lines = linked(seed)
    first = np.array([policy.hides(value) for value in values])
    targets = [{int(cell): 1} for cell in np.flatnonzero(first)]
    hidden = choose(Counts(values, first, lines), policy, targets).hidden
    check(values, hidden, lines, policy)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=2, max_size=6), st.lists(st.integers(0, 4), min_size=2, max_size=6)
)
def test_a_group_before_and_after_a_few_left(counts, left):
    after = [max(count - gone, 0) for count, gone in zip(counts, left, strict=False)]
    values = np.array([*counts[: len(after)], *after], dtype=float)
    size = len(after)
    lines = [list(range(size)), list(range(size, 2 * size))]
    among = [Told({n + size: 1, n: -1}, -np.inf, 0) for n in range(size)]
    first = np.array([PROMS.hides(value) for value in values])
    close = [{n: 1, n + size: -1} for n in range(size) if PROMS.hides(values[n] - values[n + size])]
    targets = [{int(cell): 1} for cell in np.flatnonzero(first)] + close
    hidden = choose(Counts(values, first, lines, among), PROMS, targets).hidden
    shown = np.where(hidden, np.nan, values)
    for target in close:
        goal = np.zeros(2 * size)
        goal[list(target)] = list(target.values())
        low, high = attack(values, shown, lines, goal, PROMS)
        widest = attack(values, np.full(2 * size, np.nan), lines, goal, PROMS)
        assert high - low >= min(PROMS.bound, widest[1] - widest[0])


# By hand. A total of 4 leaves the hidden 4 what two hidden zeros leave it: 1 to 4, and no hiding leaves more.
def test_zeros_protect_only_as_far_as_the_sum_leaves_room():
    frame = pd.DataFrame({"group": list("abc"), "n": [0, 0, 4]})
    assert disclose(frame, PROMS).hidden["n"].all()
    assert attack([0, 0, 4], np.full(3, np.nan), [[0, 1, 2]], np.array([0, 0, 1]), PROMS) == (1, 4)


def test_zeros_stay_where_another_count_can_be_hidden():
    frame = pd.DataFrame({"group": list("abcd"), "n": [0, 0, 4, 90]})
    assert disclose(frame, PROMS).hidden["n"].tolist() == [False, False, True, True]


def test_worlds_agree_with_all_that_is_shown():
    values, lines = linked(1)
    first = np.array([PROMS.hides(value) for value in values])
    counts = Counts(values, first, lines)
    rules = rules_of(counts, PROMS)
    for cell in np.flatnonzero(first):
        found = two_worlds(counts, rules, PROMS, {int(cell): 1}, PROMS.bound, Free(np.ones(len(values))))
        worlds = np.tile(values, (2, 1))
        worlds[:, found.cells] += found.moves
        for world in worlds:
            assert (world == world.round()).all()
            assert (world >= 0).all()
            assert all(world[line].sum() == values[line].sum() for line in lines)
        assert found.width == abs(worlds[0, cell] - worlds[1, cell])


def test_what_one_target_needs_is_hidden_once():
    values = np.array([3.0, 60, 50, 40, 2, 70])
    lines = [[0, 1, 2], [3, 4, 5], [0, 3], [1, 4], [2, 5]]
    first = np.array([PROMS.hides(value) for value in values])
    hidden = choose(Counts(values, first, lines), PROMS, [{0: 1}, {4: 1}]).hidden
    assert hidden.sum() == 4  # the two small counts and the other corners of their square


def test_the_same_input_hides_the_same_cells():
    values, lines = linked(3)
    first = np.array([ACRO.hides(value) for value in values])
    targets = [{int(cell): 1} for cell in np.flatnonzero(first)]
    one, other = (choose(Counts(values, first, lines), ACRO, targets).hidden for _ in range(2))
    assert (one == other).all()


def test_never_is_never():
    values, first = np.array([3.0, 60, 50]), np.array([True, False, False])
    never = Counts(values, first, [[0, 1, 2]])
    hidden = choose(never, PROMS, [{0: 1}], np.array([0, np.inf, 0])).hidden
    assert hidden.tolist() == [True, False, True]


def test_all_small_difference_targets_of_two_tables_are_covered():
    values = np.array([559.0, 556, 900, 897])
    targets = [{0: 1, 1: -1}, {2: 1, 3: -1}]
    hidden = choose(Counts(values, np.zeros(4, dtype=bool), []), PROMS, targets).hidden
    assert hidden[:2].any()
    assert hidden[2:].any()

"""No withheld count of a whole protected report can be worked out by integer programming over its tables.

The reports are real ones: the look-alike of the NHS hip study as it is published, and every table of the
default study, let out anew under the policy. Without second cells the same attack succeeds.
"""

import re

import pandas as pd
import pytest
from attacks.outsider import (
    attack,
    close_targets,
    link,
    numbers_of_most,
    read_tables,
    small_targets,
    tables_in,
)
from nbformat import v4
from report_maker import Recorder, door_of, make_study

from vbhc.cleaning import load_patients
from vbhc.publish.disclosure.policies import get_policy
from vbhc.report.whole import protect

PROMS = get_policy("nhs-proms")
COUNTED = re.compile(r"(^|_)(n|k|count|first|rows|read|kept|quarantined)(_|$)")


def too_narrow(known, targets, policy, shown=None):
    """The targets that an outsider works out more closely than the policy promises, with what they can be.

    Where even with every count withheld a target can be no more (its sums are too small themselves, so that
    nobody should know them), as much as that will do.
    """
    goals = [{target: 1} for target in targets]
    found = attack(known, goals, shown)
    narrow = [n for n, one in enumerate(found) if one.width < policy.bound]
    widest = attack(known, [goals[n] for n in narrow], [False] * len(known.truth))
    return {
        targets[n]: found[n]
        for n, most in zip(narrow, widest, strict=True)
        if found[n].width < min(policy.bound, most.width)
    }


def told(known, narrow):
    """Where the attack succeeded, for the message of a failing test."""
    return [(known.places[cell][0], known.truth[cell], tuple(found)) for cell, found in narrow.items()]


def without_second_cells(known, policy):
    """What would be published if only the too small counts themselves were withheld."""
    return [not policy.hides(value) for value in known.truth]


@pytest.fixture(scope="module")
def hip(lookalike):
    """All counts of the published look-alike, as an outsider sees them."""
    plan, outcome = lookalike
    tables = read_tables(outcome.report, plan.study.runs)
    return link(tables, len(load_patients(plan.study)))


@pytest.fixture(scope="module")
def let_out_again(shipped, tmp_path_factory):
    """Every table and figure's data of the default study's report, let out under a policy that protects."""
    plan, outcome = shipped
    with pytest.MonkeyPatch.context() as patch:
        recorder = Recorder(patch)
        study = make_study(tmp_path_factory.mktemp("again"), disclosure="nhs-proms")
        pages = {}
        for path in sorted(outcome.report.glob("*s/0[1-4]*-*.csv")):
            if re.search("together|map|multiverse|plane|acceptability|evpi", path.stem):
                continue  # passages, definitions, resamples and amounts of money: things, and bins of a grid
            page, _, name = path.stem.partition("-")
            name, frame = f"{name}-{path.parent.name}", pd.read_csv(path)
            counts = [c for c in frame.columns if COUNTED.search(c) and _whole(frame[c])]
            door_of(study, page).table(name, frame, name, counts=counts)
            pages.setdefault(page, []).extend(recorder.take())
    notebooks = {
        page: v4.new_notebook(cells=[v4.new_code_cell("x", outputs=outputs)])
        for page, outputs in pages.items()
    }
    people = len(load_patients(plan.study))
    protect(notebooks, PROMS, people)
    return link(tables_in(notebooks), people)


def _whole(column):
    numbers = pd.to_numeric(column, errors="coerce").dropna()
    return len(numbers) > 0 and pd.api.types.is_numeric_dtype(column) and (numbers == numbers.round()).all()


def test_no_small_count_of_a_published_report_is_shown_or_worked_out(hip):
    targets = small_targets(hip, PROMS)
    assert targets  # the cells of a few in the grid of 02b are left out
    assert not [hip.places[cell] for cell in targets if hip.shown[cell]]
    assert told(hip, too_narrow(hip, targets, PROMS)) == []


def test_who_knows_which_stars_are_second_cells_learns_no_count_of_them(hip):
    targets = small_targets(hip, PROMS)
    found = attack(hip, [{target: 1} for target in targets], policy=PROMS)
    assert all(one.low <= hip.truth[cell] <= one.high for cell, one in zip(targets, found, strict=True))
    assert all(one.width > 0 for one in found)


def test_no_difference_of_a_few_people_in_one_group_is_worked_out(hip):
    goals = close_targets(hip, PROMS)
    assert goals
    assert [
        goal for goal, one in zip(goals, attack(hip, goals), strict=True) if one.width < PROMS.bound
    ] == []


def test_no_two_numbers_of_nearly_everybody_differ_by_a_few_people(hip):
    numbers = numbers_of_most(hip, 2_000)
    assert len(numbers) > 5
    assert [(a, b) for a in numbers for b in numbers if PROMS.hides(b - a)] == []


def test_without_second_cells_the_same_attack_works_it_out(hip):
    targets = small_targets(hip, PROMS)
    found = too_narrow(hip, targets, PROMS, without_second_cells(hip, PROMS))
    assert found
    assert all(one.low <= hip.truth[cell] <= one.high for cell, one in found.items())
    assert any(one.width == 0 for one in found.values())


def test_all_tables_of_the_default_study_together_keep_their_small_counts(let_out_again):
    targets = small_targets(let_out_again, PROMS)
    assert len(targets) > 150
    assert not [let_out_again.places[cell] for cell in targets if let_out_again.shown[cell]]
    assert told(let_out_again, too_narrow(let_out_again, targets, PROMS)) == []


def test_without_second_cells_the_default_study_gives_many_of_them_away(let_out_again):
    targets, bare = small_targets(let_out_again, PROMS), without_second_cells(let_out_again, PROMS)
    found = too_narrow(let_out_again, targets, PROMS, bare)
    exact = [cell for cell, one in found.items() if one.width == 0]
    assert len(exact) > 10
    assert all(found[cell].low == let_out_again.truth[cell] for cell in exact)

"""Attacks on finished reports: small counts are known here, and an outsider tries to get them back.

The attacker reads the published CSV files alone. By subtraction and by linear programming over every way the
people could be spread over all categories at once, none may be recovered to within the policy's bound.
"""

import csv
import itertools

import numpy as np
import pandas as pd
import pytest
from report_maker import Recorder, code, door_of, make_study, save, text
from scipy.optimize import linprog

from vbhc import report
from vbhc.publish.disclosure.policies import MARK, NEAR, get_policy

AGES, SEXES, WARDS = ["20 to 39", "40 to 59", "60 to 79", "80 or more"], ["f", "m"], ["A", "B", "C"]
WORLD = list(itertools.product(AGES, SEXES, WARDS, [True, False]))  # the last: answered or not


def people(seed: int, answering: float = 0.95, size: int = 260) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": rng.choice(AGES, size, p=[0.06, 0.34, 0.55, 0.05]),
            "sex": rng.choice(SEXES, size, p=[0.55, 0.45]),
            "ward": rng.choice(WARDS, size, p=[0.6, 0.35, 0.05]),
            "answered": rng.random(size) < answering,
        }
    )


def publish(frame: pd.DataFrame, folder, monkeypatch, policy: str, build: bool = True):
    """Publish the same tables on two pages: of everybody, and of those who answered."""
    recorder, study = Recorder(monkeypatch), make_study(folder, disclosure=policy)
    executed = {}
    for name, some in (("02-value-quota", frame), ("03-perception", frame[frame["answered"]])):
        door = door_of(study, name)
        for id, by in (("age", ["age"]), ("ward", ["ward"]), ("age-sex", ["age", "sex"])):
            table = some.groupby(by).size().rename("n").reset_index()
            door.table(id, table, f"People by {id}")
        wide = some.groupby(["ward", "sex"]).size().unstack(fill_value=0).reindex(columns=SEXES, fill_value=0)
        door.table("ward-sex", wide.rename(columns=lambda c: f"n_{c}").reset_index(), "By ward and sex")
        door.sentence("size", f"There are {len(some)} patients, n = {len(some)}.")
        executed[name] = save(study, name, [text(f"# {name}"), code("x", recorder.take())])
    report.build(study, executed, folder / "out", {"study": "small"})
    return folder / "out" / "tables"


def published(tables) -> list[tuple[frozenset[int], str]]:
    """Every count cell of the CSV files: which parts of the world it counts, and what is shown."""
    cells = []
    for path in sorted(tables.glob("*.csv")):
        answered = path.stem.startswith("03")
        for row in csv.DictReader(path.open()):
            for column, shown in row.items():
                if column == "n" or column.startswith("n_"):
                    want = {k: v for k, v in row.items() if k in ("age", "sex", "ward")}
                    want |= {"sex": column[2:]} if column.startswith("n_") else {}
                    cells.append((counted(want, answered), shown))
    return cells


def counted(want: dict, answered: bool) -> frozenset[int]:
    return frozenset(
        number
        for number, (age, sex, ward, did) in enumerate(WORLD)
        if want.get("age", age) == age
        and want.get("sex", sex) == sex
        and want.get("ward", ward) == ward
        and (did or not answered)
    )


def truth(frame: pd.DataFrame) -> np.ndarray:
    sizes = frame.groupby(["age", "sex", "ward", "answered"]).size()
    return np.array([sizes.get(cell, 0) for cell in WORLD], dtype=float)


def recover(cells, exact: np.ndarray, goal: np.ndarray, policy, whole: bool = False) -> tuple[float, float]:
    """Bounds of a sum over the world, given all that is shown and that a withheld count is at least one.

    The sizes of the study and of those who answered are known: sentences give them. `whole` lets an attacker
    use that people are whole numbers; where he runs out of time, he keeps the bounds that he has proved.
    """
    slack = (policy.rounds_to - 1) / 2 if policy.rounds_to else 0
    rows, upper = [], []
    sizes = [counted({}, answered) for answered in (False, True)]
    known = [(cells_of, str(policy.rounded(exact[list(cells_of)].sum()))) for cells_of in sizes]
    for counted_in, shown in [*cells, *known]:
        row = np.zeros(len(WORLD))
        row[list(counted_in)] = 1
        if shown == MARK:
            rows.append(-row)
            upper.append(-(0 if policy.hides_zero else 1))
        else:
            near = policy.step / 2 if shown.startswith(NEAR) else slack  # "~160" says 150 to 170
            rows += [row, -row]
            upper += [float(shown.removeprefix(NEAR)) + near, near - float(shown.removeprefix(NEAR))]
    limits = {"A_ub": np.array(rows), "b_ub": np.array(upper), "bounds": (0, None), "method": "highs"}
    if whole:
        limits |= {"integrality": np.ones(len(WORLD)), "options": {"time_limit": 2.0}}
    low, high = linprog(goal, **limits), linprog(-goal, **limits)
    assert low.status in (0, 1), low.message  # 1: out of time; then the bound found so far holds
    assert high.status in (0, 1), high.message
    ends = [solved.fun if solved.status == 0 else solved.mip_dual_bound for solved in (low, high)]
    return ends[0], -ends[1]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["nhs-proms", "acro", "hes", "opensafely"])
def test_no_small_count_is_recovered_by_linear_programming(seed, name, tmp_path, monkeypatch):
    frame, policy = people(seed), get_policy(name)
    cells = published(publish(frame, tmp_path, monkeypatch, name))
    exact, attacked = truth(frame), 0
    for counted_in, shown in dict.fromkeys(cells):
        goal = np.zeros(len(WORLD))
        goal[list(counted_in)] = 1
        count = exact @ goal
        if not policy.hides(count):
            continue
        assert shown == MARK
        low, high = recover(cells, exact, goal, policy)
        assert low - 1e-6 <= count <= high + 1e-6
        assert high - low >= policy.bound - 1e-6, (sorted(counted_in), low, high)
        attacked += 1
    assert attacked > 0


@pytest.mark.parametrize("name", ["nhs-proms", "acro", "opensafely"])
def test_no_small_count_is_recovered_by_integer_programming(name, tmp_path, monkeypatch):
    """People come in whole numbers; that narrows a range further than linear programming does."""
    frame, policy = people(5), get_policy(name)
    cells = published(publish(frame, tmp_path, monkeypatch, name))
    exact, attacked = truth(frame), 0
    for counted_in, shown in dict.fromkeys(cells):
        goal = np.zeros(len(WORLD))
        goal[list(counted_in)] = 1
        if shown != MARK or not policy.hides(exact @ goal) or attacked >= 12:
            continue
        low, high = recover(cells, exact, goal, policy, whole=True)
        assert low - 1e-6 <= exact @ goal <= high + 1e-6
        assert high - low >= policy.bound - 1e-6, (sorted(counted_in), low, high)
        attacked += 1
    assert attacked > 3


@pytest.mark.parametrize("seed", range(4))
def test_no_small_difference_between_pages_is_recovered(seed, tmp_path, monkeypatch):
    frame, policy = people(seed), get_policy("nhs-proms")
    cells = published(publish(frame, tmp_path, monkeypatch, "nhs-proms"))
    exact = truth(frame)
    silent = np.array([not did for *_, did in WORLD], dtype=float)
    for counted_in, _ in dict.fromkeys(cells):
        goal = np.zeros(len(WORLD))
        goal[list(counted_in)] = 1
        goal *= silent  # those of the group who did not answer: the difference of two tables
        if goal.any() and policy.hides(exact @ goal):
            low, high = recover(cells, exact, goal, policy)
            assert high - low >= policy.bound - 1e-6, (sorted(counted_in), low, high)


def test_the_attack_works_where_nothing_is_withheld(tmp_path, monkeypatch):
    frame = people(0)
    cells = published(publish(frame, tmp_path, monkeypatch, "none"))
    goal = np.zeros(len(WORLD))
    goal[list(counted({"age": "80 or more", "sex": "m"}, False))] = 1
    low, high = recover(cells, truth(frame), goal, get_policy("none"))
    assert low == pytest.approx(high) == pytest.approx(truth(frame) @ goal)


def test_most_of_what_is_not_small_is_still_shown(tmp_path, monkeypatch):
    frame, policy = people(1, answering=0.7), get_policy("nhs-proms")
    cells = published(publish(frame, tmp_path, monkeypatch, "nhs-proms"))
    large = [shown for counted_in, shown in cells if not policy.hides(truth(frame)[list(counted_in)].sum())]
    assert large.count(MARK) <= 0.5 * len(large)

"""Goals that patients chose themselves, and dimensions as each of them weighs them: worked by hand."""

from __future__ import annotations

import battery as b
import pandas as pd
import pytest

from vbhc import instruments
from vbhc.cleaning import clean
from vbhc.run.checking import inspect

THREE = pd.DataFrame({"g1": [0, 1, 2, -2, None], "g2": [0, 1, -1, None, None], "g3": [0, 1, 0, None, None]})


def test_goals_by_the_formula_of_kiresuk_and_sherman():
    """50 + 30 / sqrt(0.7 x 3 + 0.3 x 9) = 63.7; + 10; and 50 - 20 for a single goal at its worst."""
    found = instruments.score("goals", THREE)["goals"]
    assert found.round(1).tolist()[:4] == [50, 63.7, 54.6, 30]
    assert pd.isna(found[4])


def test_goals_that_matter_more_move_the_score_more():
    """Weights 3, 1, 1 with goals 2, -1, 0: 50 + 10 x 5 / sqrt(0.7 x 11 + 0.3 x 25) = 62.8."""
    weights = pd.DataFrame({"w1": [3.0], "w2": [1.0], "w3": [1.0]}, index=[2])
    assert instruments.score("goals", THREE.loc[[2]], weights=weights)["goals"].round(1).tolist() == [62.8]
    lacking = instruments.score("goals", THREE.loc[[2]], weights=weights.assign(w2=[None]))["goals"]
    assert lacking.isna().all()  # a goal whose weight nobody knows


@pytest.mark.parametrize(
    ("items", "weights"), [({"g": [3]}, {"w": [1]}), ({"g": [1]}, {"w": [-1]}), ({"g": [1]}, {"w": ["much"]})]
)
def test_what_cannot_be_a_goal_or_a_weight_is_refused(items, weights):
    with pytest.raises(ValueError, match="found"):
        instruments.score("goals", pd.DataFrame(items), weights=pd.DataFrame(weights))


def test_own_weights_stand_beside_the_standard_score(tmp_path):
    """First patient: levels 2, 3, 2, 1, 1 of 3, self-care weighs 3 of 7: 300 / 7."""
    names = [f"w_{item}" for item in ("mo", "sc", "ua", "pd", "ad")]
    rows = [[*row, "1", "3", "1", "1", "1"] for row in b.ROWS]
    items = [name.removeprefix("w_") for name in names]
    own = {
        "instrument": "own-weights",
        "items": items,
        "weights": names,
        "range": [1, 3],
        "direction": "lower",
    }
    dictionary = b.declared(**dict.fromkeys(names, "float,,0,10,,"))
    uses = b.CONFIG["instruments"] | {"own": own}
    study = b.battery(tmp_path, rows, dictionary, [*b.HEADER, *names], instruments=uses)
    assert inspect(study).problems == []
    patients = clean(study).patients
    assert patients["own_pre"].round(2)[0] == round(300 / 7, 2)
    assert patients["eq5d_index_pre"].round(3)[0] == 0.331
    assert {"own_change", "eq5d_index_change"} <= set(patients)


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ({"weights": ["w"]}, "1 weights for 2 items"),
        ({"instrument": "likert", "weights": ["w", "w"]}, "`weights` are those of goals and own-weights"),
        ({"weights": ["w", "nowhere"]}, "no column 'nowhere'"),
    ],
)
def test_weights_that_do_not_fit_are_named(tmp_path, keys, line):
    use = {"instrument": "goals", "items": ["mo", "sc"], **keys}
    dictionary = b.declared(w="float,,0,10,,")
    rows = [[*row, "1"] for row in b.ROWS]
    uses = b.CONFIG["instruments"] | {"own": use}
    study = b.battery(tmp_path, rows, dictionary, [*b.HEADER, "w"], instruments=uses)
    assert line in "\n".join(map(str, inspect(study).problems))

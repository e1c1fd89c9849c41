"""The intraclass correlation of two rounds stands beside weighted kappa, where it exists."""

from types import SimpleNamespace

import pandas as pd
import pytest

from vbhc.chapters.stakeholders.rated_twice import COLUMNS, rated_twice, rated_twice_note
from vbhc.statistics.delphi import delphi_stability

ANSWERS = pd.DataFrame(
    {
        "clear": [1, 2, 3, 4, 5, 5, 3, None],
        "clear_again": [1, 2, 3, 5, 5, 4, 3, 2],
        "costly": [1, 2, 3, 4, 1, 2, 3, 4],
        "costly_again": [2, 3, 4, 5, 2, 3, 4, 5],
    }
)
STUDY = SimpleNamespace(
    config=SimpleNamespace(survey=SimpleNamespace(delphi=SimpleNamespace(again="{statement}_again")))
)


@pytest.fixture
def stable():
    names = ["clear", "costly"]
    again = ANSWERS[[f"{name}_again" for name in names]].set_axis(names, axis=1)
    return delphi_stability(ANSWERS[names], again, 1, 5).assign(label=["Clear", "Costly"])


def test_it_lies_beside_kappa_and_a_shift_of_all_alike_is_left_out(stable):
    table = rated_twice(STUDY, ANSWERS, stable)
    assert list(table) == COLUMNS
    assert table["label"].tolist() == ["Clear"]
    row = table.iloc[0]
    assert row["n"] == 7
    assert row["kappa"] == stable["kappa"].iloc[0]
    assert row["low"] < row["kappa"] < row["estimate"] < row["high"]
    assert row["estimate"] - row["kappa"] < 1 / 7
    assert rated_twice(STUDY, ANSWERS, stable.iloc[:0]).empty


def test_the_note_says_how_far_they_part():
    near = pd.DataFrame({"estimate": [0.9, 0.8], "kappa": [0.89, 0.77]})
    assert rated_twice_note(near).endswith("here they part by 0.03 at most.")
    assert rated_twice_note(near.assign(kappa=near["estimate"])).endswith("part by less than 0.01.")

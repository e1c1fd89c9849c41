"""What the value would be had everybody answered: by how much each handling moves it."""

import numpy as np
import pandas as pd
import pytest

from vbhc.chapters import value
from vbhc.chapters.value.missing_data import ALONE, DEAD, moved, named_handlings, outside
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import render
from vbhc.publish.disclosure.policies import OPEN, get_policy
from vbhc.publish.either import picked

VQ = Definition("x", "gain", "x_change", "X, gain", "points", 1, "cost", "EUR", 2011, 1000.0)
RAW = pd.DataFrame(
    {
        "handling": [
            "complete cases",
            "complete cases, the dead at the worst score",
            "imputed, the dead at the worst score",
            "imputed, missing shifted by -10, the dead at the worst score",
        ],
        "delta": [np.nan, np.nan, 0.0, -10.0],
        "estimate": [2.25, 1.33, 1.22, 0.85],
        "low": [1.61, 0.74, 0.65, 0.28],
        "high": [2.89, 1.93, 1.78, 1.41],
        "n": [166, 192, 248, 248],
        "n_missing": [82, 56, 56, 56],
        "fmi": [np.nan, np.nan, 0.15, 0.15],
    }
)


def table(**columns):
    return named_handlings(RAW.assign(**columns), "points")


def test_rows_are_named_by_what_they_add():
    assert table()["label"].tolist() == [
        ALONE,
        DEAD,
        "and the missing filled in",
        "the same, had the missing been 10 points worse",
    ]


def test_where_nobody_alive_is_missing_nothing_is_filled_in():
    only_dead = table(n_missing=[26, 0, 0, 0])
    assert only_dead["label"].tolist() == [ALONE, DEAD]
    claim, _ = value.handlings(VQ, only_dead).says
    assert "41% lower with deaths counted than among those who answered" in render(picked(claim, OPEN))
    assert "is about 40% lower with deaths" in render(picked(claim, get_policy("nhs-proms")))
    nobody = table(n_missing=0).head(1)
    assert "nothing is filled in" in value.handlings(VQ, nobody).says[0]
    assert "nothing is filled in" in value.missing_answer(VQ, nobody).says[0]


def test_a_fall_is_said_by_its_size_not_by_its_sign():
    """1.22 of 2.25 is 46 % less; all intervals lie above zero, and still it is no same conclusion."""
    first, worst, away = value.handlings(VQ, table()).says
    assert "46% lower with the missing filled in and deaths counted" in render(picked(first, OPEN))
    assert "62% lower with the missing 10 points worse than others like them" in render(picked(worst, OPEN))
    away = picked(away, OPEN)
    assert away == "No handling stays inside the range of those who answered alone (1.61 to 2.89)."
    assert value.missing_answer(VQ, table()).says[-1] == "No handling's range holds zero."


@pytest.mark.parametrize(
    ("estimates", "words"),
    [
        ([2.25, 2.2, 2.1, 2.0], "Every handling stays inside the range"),
        (
            [2.25, 2.2, 2.1, 0.5],
            "those who answered alone (1.61 to 2.89): the same, had",
        ),
        ([2.25, 1.0, 2.1, 2.0], "): the dead, at the worst score."),
        ([2.25, 3.0, 3.1, 3.2], "No handling stays inside"),
    ],
)
def test_what_lies_outside_is_named(estimates, words):
    assert words in picked(outside(table(estimate=estimates)), OPEN)


def test_of_a_loss_the_two_values_are_told():
    lost = table(estimate=[-1.0, -2.0, -2.1, -2.5])
    said = moved(VQ, lost, 2)
    assert isinstance(said, str)
    assert "was -1.00" in picked(said, OPEN)
    assert "it is -2.10" in picked(said, OPEN)
    held = value.missing_answer(VQ, table(low=[-1.0] * 4, estimate=[0.5] * 4)).says[-1]
    assert held == "Every handling's range holds zero."


def test_without_enough_complete_patients_the_reason_is_the_answer():
    empty = table().iloc[:0]
    assert "cannot be said: fewer than 20 patients" in value.handlings(VQ, empty).says[0]
    assert value.missing_answer(VQ, empty).says == value.handlings(VQ, empty).says

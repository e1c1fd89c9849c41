"""Our correlations beside pingouin's: the same numbers, and a note that says why where they are not."""

import numpy as np
import pandas as pd
import pytest

from vbhc.chapters.perception.beside_pingouin import COLUMNS, beside_note, beside_pingouin
from vbhc.statistics.correlation.adjusted import adjusted_side_by_side

NEVER_AGAIN = pd.DataFrame(columns=["patient", "visit", "perception", "outcome"])


@pytest.fixture
def cohort():
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"age": rng.normal(70, 9, 60).round(), "vq": rng.normal(2, 3, 60)})
    frame["perception"] = (0.2 * frame["vq"] + rng.normal(0, 1, 60)).round()
    frame.loc[3, "perception"] = np.nan
    return frame


def visited(n: int = 20) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    patient = np.repeat(np.arange(n), 3)
    outcome = rng.normal(0, 5, 3 * n)
    seen = outcome + rng.normal(0, 4, 3 * n) + patient
    return pd.DataFrame({"patient": patient, "visit": "v", "perception": seen, "outcome": outcome})


def test_three_questions_have_one_coefficient_each(cohort):
    table = beside_pingouin(cohort["perception"], cohort["vq"], cohort[["age"]], visited())
    assert list(table) == COLUMNS
    assert table["question"].tolist() == ["VQ", "VQ, covariates held equal", "outcome, within patients"]
    assert table["n"].tolist() == [59, 59, 60]
    assert table["pingouin_estimate"].tolist() == pytest.approx(table["estimate"].tolist(), abs=1e-9)
    within = table.iloc[2]  # made for measurements on both sides: the interval is the same one
    assert within["pingouin_low"] == pytest.approx(within["low"], abs=0.005)


def test_the_patients_are_those_of_the_adjusted_table(cohort):
    site = pd.Series("a", cohort.index).mask(cohort.index < 20, "b").mask(cohort.index == 30)
    cohort.loc[31, "age"] = np.nan
    columns = (cohort["perception"], cohort["vq"], cohort[["age"]])
    table = beside_pingouin(*columns, NEVER_AGAIN, site)
    adjusted = adjusted_side_by_side(columns[0], {"VQ": columns[1]}, columns[2], site)
    assert table["n"].tolist() == [57, 57]
    plain = adjusted.set_index("adjustment").loc[["none", "held equal"], ["estimate", "n"]]
    assert table[["estimate", "n"]].to_numpy().tolist() == plain.to_numpy().tolist()


def test_what_was_asked_once_or_is_all_equal_is_left_out(cohort):
    covariates = cohort[["age"]]
    once = beside_pingouin(cohort["perception"], cohort["vq"], covariates, NEVER_AGAIN)
    assert once["question"].tolist() == ["VQ", "VQ, covariates held equal"]
    nothing = beside_pingouin(cohort["perception"] * 0, cohort["vq"], covariates, NEVER_AGAIN)
    assert nothing.empty
    assert beside_note(nothing) == "There is no correlation to compare with pingouin's."


def test_the_note_follows_the_numbers():
    ours = {"question": "VQ", "estimate": 0.5, "low": 0.26, "high": 0.69}
    theirs = {"pingouin_estimate": 0.5, "pingouin_low": 0.28, "pingouin_high": 0.67, "n": 50}
    said = beside_note(pd.DataFrame([ours | theirs]))
    assert said.startswith(
        "pingouin gives the same coefficients; its intervals end up to 0.02 away from ours"
    )
    same = ours | theirs | {"pingouin_low": 0.26, "pingouin_high": 0.69}
    assert beside_note(pd.DataFrame([same])).endswith("to 2 decimals, the same intervals.")
    apart = same | {"pingouin_estimate": 0.47}
    assert "part from ours by up to 0.03" in beside_note(pd.DataFrame([apart]))

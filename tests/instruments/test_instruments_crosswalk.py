"""EQ-5D crosswalks: the published tables both ways, and what mapping may not change."""

import numpy as np
import pandas as pd
import pytest
from places import ORACLES

from vbhc.instruments import eq5d, scales, score

INSTRUMENTS = ORACLES / "instruments"


def reference(name: str) -> pd.DataFrame:
    return pd.read_csv(INSTRUMENTS / f"{name}.csv.gz", dtype={"profile": str}, index_col="profile")


def mapped(profiles, value_set: str, answers: str = "eq5d-5l") -> pd.Series:
    """The index of profiles under a value set of the other version."""
    return score(answers, pd.Series(profiles), value_set=value_set, crosswalk=True)["eq5d_index"]


def test_5l_to_3l_is_within_the_rounding_of_the_published_tables():
    expected = reference("crosswalk_5l_to_3l")
    for set_id in expected:
        got = mapped(expected.index, set_id).to_numpy()
        assert np.abs(got - expected[set_id].to_numpy()).max() < 5.5e-4, set_id
    france = mapped(expected.index, "3l-tto-france")
    assert (france.round(3).to_numpy() == expected["3l-tto-france"].to_numpy()).all()


def test_3l_to_5l_equals_the_published_model():
    expected = reference("crosswalk_3l_to_5l")
    for set_id in expected:
        got = mapped(expected.index, set_id, "eq5d-3l").to_numpy()
        assert np.abs(got - expected[set_id].to_numpy()).max() < 1e-9, set_id


def test_levels_1_3_and_5_map_with_certainty():
    for profile_5l, profile_3l in {"11111": "11111", "33333": "22222", "55555": "33333"}.items():
        assert mapped([profile_5l], "3l-tto-uk")[0] == pytest.approx(
            eq5d.index(profile_3l, "3l-tto-uk"), abs=1e-12
        )


def test_one_uncertain_level_by_hand():
    # P(level 1 | level 2) of mobility is 0.1773472429 (van Hout 2012)
    expected = 0.1773472429 * 1 + 0.8226527571 * eq5d.index("21111", "3l-tto-uk")
    assert mapped(["21111"], "3l-tto-uk")[0] == pytest.approx(expected, abs=1e-12)


def test_the_us_set_is_mapped_at_three_decimals():
    assert mapped(["55555"], "3l-tto-usa")[0] == pytest.approx(-0.109, abs=1e-12)


def test_countries_with_a_mapping_of_their_own_are_refused():
    for set_id in ("3l-tto-jordan", "3l-tto-russia"):
        with pytest.raises(ValueError, match="mapping of its own"):
            mapped(["11111"], set_id)


def test_a_set_of_the_wrong_version_is_refused():
    with pytest.raises(ValueError, match="is a set for EQ-5D-5L"):
        mapped(["11111"], "5l-vt-uk")
    with pytest.raises(ValueError, match=r"pass crosswalk=True to map onto it \(van Hout 2012\)"):
        score("eq5d-5l", pd.DataFrame([[1, 2, 3, 4, 5]]), value_set="3l-tto-uk")


def test_mapping_is_an_option_of_score():
    levels = pd.DataFrame([[1, 2, 3, 4, 5], [1, 1, 1, 1, None]], index=["p1", "p2"])
    got = score("eq5d-5l", levels, value_set="3l-tto-uk", crosswalk=True)["eq5d_index"]
    assert got["p1"] == mapped(["12345"], "3l-tto-uk")[0]
    assert np.isnan(got["p2"])
    assert scales("eq5d-5l", value_set="3l-tto-uk", crosswalk=True)[0].min == pytest.approx(-0.594)


def test_wrong_levels_are_those_of_the_answers():
    with pytest.raises(ValueError, match="EQ-5D-3L levels must be 1-3; found 4"):
        mapped(["11114"], "5l-vt-uk", "eq5d-3l")

"""Standardised rates against the reference values of public health, and variation between areas."""

import warnings

import numpy as np
import pandas as pd
import pytest

from vbhc.statistics.standardisation import (
    byar,
    direct_rate,
    exact_poisson,
    extremal_quotient,
    indirect_ratio,
    systematic_variation,
)
from vbhc.statistics.tables2x2 import wilson

# Inputs and results of the tests of PHEindicatormethods 2.1.0 (UK Health Security Agency), "testdata_big":
# events and people by age band, the reference population's, and the European Standard Population 2013.
EVENTS = [127, 25, 18, 21, 12, 27, 48, 27, 29, 32, 32, 34, 45, 65, 38, 68, 74, 82, 91]
PEOPLE = [636, 558, 609, 543, 384, 594, 669, 843, 660, 576, 606, 522, 426, 273, 300, 288, 153, 123, 207]
ESP2013 = [50, 55, 55, 55, 60, 60, 65, 70, 70, 70, 70, 65, 60, 55, 50, 40, 25, 15, 10]
REFERENCE_EVENTS = [10303, 2824, 0, 3615, 3641, 3490, 3789, 3213, 3031, 2771, 3089, 3490, 3595, 4745, 5514,
                    7125, 5694, 6210, 5757]  # fmt: skip
REFERENCE_PEOPLE = [50520, 57173, 60213, 54659, 44345, 50128, 62163, 67423, 62899, 55463, 60479, 49974, 44140,
                    40888, 37239, 30819, 18136, 15325, 13918]  # fmt: skip


@pytest.mark.parametrize(
    ("level", "low", "high"),
    [(0.95, 971.770906798568, 1117.894091547925), (0.998, 932.3287880219905, 1162.05959995)],
)
def test_direct_rate_with_dobsons_interval(level, low, high):
    found = direct_rate(*map(pd.Series, (EVENTS, PEOPLE, ESP2013)), per=10_000, ci_level=level)
    assert found["estimate"] == pytest.approx(1043.0247991469423, rel=1e-12)
    assert (found["low"], found["high"]) == pytest.approx((low, high), rel=1e-9)


def test_a_direct_rate_of_fewer_than_ten_events_is_none():
    few = pd.Series([1] * 9 + [0] * 10)
    assert np.isnan(direct_rate(few, pd.Series(PEOPLE), pd.Series(ESP2013))["estimate"])


def test_indirect_ratio_with_byars_and_exact_intervals():
    rates = pd.Series(REFERENCE_EVENTS) / pd.Series(REFERENCE_PEOPLE)
    expected = float((pd.Series(PEOPLE) * rates).sum())
    assert expected == pytest.approx(835.8835612311743, rel=1e-12)
    found = indirect_ratio(pd.Series([895, 91, 9]), pd.Series([expected] * 3)) * 100
    published = [
        [107.07232939020275, 100.17147712553987, 114.3233287249895],
        [10.886683770400502, 8.765040101829404, 13.366576328418912],
        [1.0767049882813684, 0.4923380825095776, 2.043921455549973],  # exact: fewer than 10
    ]
    assert found.to_numpy() == pytest.approx(np.array(published), rel=1e-9)


def test_where_none_was_expected_there_is_no_ratio():
    with warnings.catch_warnings(action="error"):
        assert indirect_ratio(pd.Series([0, 2]), pd.Series([0.0, 0.0])).isna().all(axis=None)


def test_byars_interval_as_published():
    # PHEindicatormethods 2.1.0, testdata_Byars_Wilson: 65, 1,045 and 10 events.
    low, high = byar([65, 1045])
    assert low == pytest.approx([50.163187710459454, 982.5932018073325], rel=1e-9)
    assert high == pytest.approx([82.84913854593984, 1110.33121298565], rel=1e-9)
    assert [float(x) for x in byar(10, 0.998)] == pytest.approx(
        [2.916318374695686, 24.193724927880535], rel=1e-9
    )
    assert float(byar(0)[0]) == 0


def test_wilsons_interval_as_published():
    # The same file: 65 of 100 and 1,045 of 5,000.
    for k, n, level, ends in (
        (65, 100, 0.95, (0.5525444329688797, 0.7363575175690247)),
        (1045, 5000, 0.95, (0.19795549880013297, 0.22049130373189027)),
        (65, 100, 0.998, (0.4954946574070431, 0.7783540614089697)),
    ):
        assert wilson(k, n, level) == pytest.approx(ends, rel=1e-9)


def test_exact_interval_of_none_and_of_ten():
    # Garwood 1936: 0 events give 0 to 3.689, 10 give 4.795 to 18.390.
    low, high = exact_poisson([0, 10])
    assert low == pytest.approx([0, 4.795], abs=5e-4)
    assert high == pytest.approx([3.689, 18.390], abs=5e-4)


def test_areas_that_differ_by_chance_alone_have_no_systematic_variation():
    rng = np.random.default_rng(4)
    expected = pd.Series(rng.integers(50, 400, 4000).astype(float))
    observed = pd.Series(rng.poisson(expected))
    assert systematic_variation(observed, expected) == pytest.approx(0, abs=0.05)
    true = pd.Series(rng.poisson(expected * rng.normal(1, 0.2, 4000)))
    assert systematic_variation(true, expected) == pytest.approx(4, abs=0.4)  # 100 x 0.2^2


def test_a_quotient_of_extremes_grows_with_areas_that_do_not_differ():
    few, many = (extremal_quotient(pd.Series([60] * k), pd.Series([400] * k), draws=400) for k in (20, 191))
    assert few["estimate"] == many["estimate"] == 1
    assert 1.4 < few["null"] < few["null_high"]
    assert few["null_high"] < many["null_high"]
    assert many["null"] > few["null"] * 1.15

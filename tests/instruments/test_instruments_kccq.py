"""KCCQ: every reference vector, the minimum-item rules, and the bands."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ORACLES

from vbhc.instruments import get, missing_reasons, score

ORACLE = pd.read_csv(ORACLES / "instruments" / "kccq.csv")
FORMS = {"kccq23": ("KCCQ-23", "kccq"), "kccq12": ("KCCQ-12", "kccq12")}
DOMAINS = ["PL", "SS", "SF", "SB", "TS", "SE", "QL", "SL", "CS", "OS"]


def items_of(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = ORACLE[ORACLE["form"] == FORMS[name][0]]
    items = rows[[f"q{code}" for code in get(name).items]]
    return items, rows[DOMAINS]


def full(value: float, **changes) -> pd.DataFrame:
    return pd.DataFrame([dict.fromkeys(get("kccq23").items, value) | changes])


@pytest.mark.parametrize("name", FORMS)
def test_every_reference_vector(name):
    items, expected = items_of(name)
    got = score(name, items)
    for column in got:
        wanted = expected[column.removeprefix(FORMS[name][1] + "_").upper()]
        assert got[column].isna().equals(wanted.isna()), column
        assert (got[column] - wanted).abs().max() < 1e-9, column
    assert got.index.equals(items.index)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("dtype", ["Int64", "category", "str"])
def test_any_column_type_gives_the_same_scores(name, dtype):
    items, _ = items_of(name)
    other = items.map(lambda v: "" if pd.isna(v) else f"{v:.0f}") if dtype == "str" else items.astype(dtype)
    pd.testing.assert_frame_equal(score(name, items), score(name, other))


def test_columns_are_matched_by_name():
    items, _ = items_of("kccq23")
    shuffled = items.sample(frac=1, axis=1, random_state=2)
    pd.testing.assert_frame_equal(score("kccq23", items), score("kccq23", shuffled))


def test_six_means_missing_in_limitations_and_no_symptoms_elsewhere():
    six = score("kccq23", full(3, **{"1a": 6, "2": 6, "4": 6, "15a": 6})).iloc[0]
    assert six["kccq_pl"] == 50
    assert six["kccq_ss"] == 50  # no symptoms over the two weeks counts as unchanged
    assert six["kccq_sb"] == pytest.approx((100 + 50 + 50) / 3)


@pytest.mark.parametrize(
    ("domain", "blank", "scored"),
    [("pl", ["1a", "1b", "1c"], True), ("pl", ["1a", "1b", "1c", "1d"], False),
     ("sf", ["3", "5"], True), ("sf", ["3", "5", "7"], False), ("sb", ["4", "6"], True),
     ("sb", ["4", "6", "8"], False), ("sl", ["15a", "15b"], True), ("sl", ["15a", "15b", "15c"], False),
     ("se", ["10"], True), ("ql", ["12", "13"], True), ("ql", ["12", "13", "14"], False)],
)  # fmt: skip
def test_the_minimum_of_each_domain(domain, blank, scored):
    got = score("kccq23", full(3, **dict.fromkeys(blank, np.nan)))[f"kccq_{domain}"].iloc[0]
    assert np.isnan(got) != scored


@pytest.mark.parametrize("name", FORMS)
def test_every_missing_score_has_a_reason(name):
    items, _ = items_of(name)
    reasons = missing_reasons(name, items).groupby("scale")["n"].sum()
    missing = score(name, items).isna().sum()
    assert reasons.to_dict() == missing[missing > 0].to_dict()


def test_wrong_answers_are_named_by_item():
    with pytest.raises(ValueError, match=r"KCCQ-23 answers must be 1-5; found 6 \(item 3\)"):
        score("kccq23", full(3, **{"3": 6}))
    with pytest.raises(ValueError, match=r"found 0.*counted from 0"):
        score("kccq23", full(3, **{"1a": 0}))
    with pytest.raises(ValueError, match="KCCQ-12 takes 12 columns"):
        score("kccq12", full(3))


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_scores_stay_in_range_and_a_better_answer_never_scores_lower(data):
    name = data.draw(st.sampled_from(["kccq23", "kccq12"]))
    instrument = get(name)
    tops = [5 if high == 6 else high for _, high in instrument.ranges]
    seed = data.draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    answers = [None if rng.random() < 0.25 else int(rng.integers(1, top + 1)) for top in tops]
    items = pd.DataFrame([answers], columns=list(instrument.items), dtype=float)
    before = score(name, items)
    assert (before.isna() | ((before >= 0) & (before <= 100))).all(axis=None)
    place = data.draw(st.integers(0, len(tops) - 1))
    if answers[place] is not None and answers[place] < tops[place]:
        better = items.copy()
        better.iloc[0, place] += 1
        assert not (score(name, better) < before - 1e-9).any(axis=None)

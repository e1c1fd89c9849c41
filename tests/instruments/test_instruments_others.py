"""Oxford, EQ VAS, PROMIS, PHQ-9, MLHFQ, PREMs and Likert items: reference vectors, rules, messages."""

import json

import numpy as np
import pandas as pd
import pytest
from places import ORACLES

from vbhc.instruments import missing_reasons, promis, score, sums

VECTORS = json.loads((ORACLES / "instruments" / "others.json").read_text())


def vectors(name: str):
    return [pytest.param(v["input"], v["output"], id=v["note"]) for v in VECTORS if v["instrument"] == name]


def same(got: float, wanted: float | None) -> bool:
    return np.isnan(got) if wanted is None else got == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize(("items", "wanted"), vectors("OHS/OKS total"))
def test_oxford_totals(items, wanted):
    for name in ("ohs", "oks"):
        assert same(score(name, pd.DataFrame([items], dtype=float))[name].iloc[0], wanted["total"])


@pytest.mark.parametrize(("items", "wanted"), vectors("OKS subscales"))
def test_oxford_knee_subscales(items, wanted):
    row = score("oks", pd.DataFrame([items])).iloc[0]
    assert (row["oks_pain"], row["oks_function"]) == (wanted["pain"], wanted["function"])


def test_oxford_fills_one_or_two_answers_with_the_mean_of_the_others():
    # ten answers with sum 23: mean 2.3, total 12 * 2.3
    items = pd.DataFrame([[None, None, 4, 4, 3, 3, 2, 2, 2, 1, 1, 1]], dtype=float)
    assert score("ohs", items)["ohs"].iloc[0] == pytest.approx(27.6)
    assert missing_reasons("ohs", items).empty
    items.iloc[0, 2] = np.nan
    assert missing_reasons("ohs", items).iloc[0].tolist() == ["ohs", "fewer than 10 of 12 items answered", 1]


def test_oxford_old_coding_is_recognised_and_turned():
    old = pd.DataFrame([[1] * 11 + [5]])
    with pytest.raises(ValueError, match=r"found 5 .*old coding.*coding='1-5'"):
        score("ohs", old)
    assert score("ohs", old, coding="1-5")["ohs"].iloc[0] == 44
    with pytest.raises(ValueError, match=r"found 9 .*NHS PROMs code a missing answer"):
        score("oks", pd.DataFrame([[9] * 12]))


def test_oxford_items_go_by_name_past_ten():
    items = pd.DataFrame([list(range(12))], columns=[f"oks_{k}_6m" for k in range(1, 13)]) % 5
    shuffled = items[sorted(items.columns)]  # oks_10_6m before oks_1_6m
    pd.testing.assert_frame_equal(score("oks", items), score("oks", shuffled))
    padded = items.set_axis([f"q{k:02d}" for k in range(1, 13)], axis=1).iloc[:, ::-1]
    pd.testing.assert_frame_equal(score("oks", items), score("oks", padded))


@pytest.mark.parametrize(("items", "wanted"), vectors("PROMIS Global-10"))
def test_promis_t_scores(items, wanted):
    row = score("promis-global-10", pd.DataFrame([items], dtype=float)).iloc[0]
    for theirs, ours in (("GPH", "gph"), ("GMH", "gmh")):
        for part in ("raw", "T", "SE"):
            assert same(row[f"promis_{ours}_{part.lower()}"], wanted[f"{theirs}_{part}"])


def test_promis_forms():
    ten = pd.DataFrame([[3] * 6 + [5] + [3] * 3], columns=promis.ITEMS)
    eight = ten.drop(columns=list(promis.APART))
    by_position = ten.set_axis(range(10), axis=1)
    for other in (eight, by_position, ten.set_axis([f"Global{k:02d}" for k in range(1, 11)], axis=1)):
        pd.testing.assert_frame_equal(score("promis-global-10", ten), score("promis-global-10", other))
    stored = ten.assign(g08=5, g10=1)
    turned = ten.assign(g08=1, g10=5)
    pd.testing.assert_frame_equal(
        score("promis-global-10", stored, turned=False), score("promis-global-10", turned)
    )
    assert (np.diff(promis.T_SCORES["gph_t"]) > 0).all()
    assert promis.T_SCORES.notna().all(axis=None)
    assert promis.T_SCORES.index.tolist() == list(range(4, 21))


@pytest.mark.parametrize(("items", "wanted"), vectors("PHQ-9"))
def test_phq9(items, wanted):
    row = score("phq9", pd.DataFrame([items], dtype=float)).iloc[0]
    assert same(row["phq9"], wanted["total"])
    assert row["phq9_item9"] == wanted["item9"]
    assert (
        pd.isna(row["phq9_severity"])
        if wanted["severity"] is None
        else row["phq9_severity"] == wanted["severity"]
    )


def test_phq9_bands_meet_at_their_edges():
    totals = [0, 4, 4.9, 5, 9, 9.99, 10, 14, 15, 19, 20, 27]
    names = sums.severity(np.array(totals)).tolist()
    assert names[:3] == ["none or minimal"] * 3
    assert names[3:6] == ["mild"] * 3
    assert names[6:] == ["moderate"] * 2 + ["moderately severe"] * 2 + ["severe"] * 2


def test_phq9_takes_the_mean_for_two_missing_answers_and_no_more():
    items = pd.DataFrame([[None] * 2 + [1] * 7, [None] * 3 + [1] * 6], dtype=float)
    assert score("phq9", items)["phq9"].fillna(-1).tolist() == [9, -1]
    reasons = missing_reasons("phq9", items).set_index("scale")["reason"]
    assert reasons["phq9"] == "fewer than 7 of 9 items answered"


@pytest.mark.parametrize(("items", "wanted"), vectors("MLHFQ"))
def test_mlhfq(items, wanted):
    row = score("mlhfq", pd.DataFrame([items])).iloc[0]
    got = (row["mlhfq"], row["mlhfq_physical"], row["mlhfq_emotional"])
    assert got == (wanted["total"], wanted["physical"], wanted["emotional"])


def test_mlhfq_leaves_a_scale_out_when_an_item_is_missing():
    items = pd.DataFrame([[1] * 21], dtype=float)
    items.iloc[0, 1] = np.nan
    row = score("mlhfq", items).iloc[0]
    assert row.isna().tolist() == [True, True, False]


def test_eq_vas_is_taken_as_it_is():
    got = score("eq-vas", pd.DataFrame({"vas": ["0", "75", None, "100"]}))["eq_vas"]
    assert got.tolist()[:2] == [0, 75]
    assert np.isnan(got[2])
    for wrong, message in ((101, "0-100; found 101"), (999, "found 999: .*missing codes"), (72.5, "whole")):
        with pytest.raises(ValueError, match=message):
            score("eq-vas", pd.DataFrame({"vas": [wrong]}))
    assert missing_reasons("eq-vas", pd.DataFrame({"vas": [None, 5]})).iloc[0].tolist()[1:] == [
        "no item answered", 1,
    ]  # fmt: skip


def test_fft_is_of_all_answers():
    answers = pd.DataFrame({"fft": [1, 1, 2, 3, 4, 5, 6, None]})
    each = score("fft", answers)
    assert each["fft_positive"].mean() == pytest.approx(3 / 7)
    assert each["fft_negative"].tolist()[:7] == [0, 0, 0, 0, 1, 1, 0]


def test_collaborate_five_point_form():
    records = pd.DataFrame([[4, 4, 4], [4, 3, 4], [None, 4, 4]])
    got = score("collaborate", records, high=4)
    assert got["collaborate_top"].tolist()[:2] == [1, 0]
    assert got.iloc[2].isna().all()
    with pytest.raises(ValueError, match="CollaboRATE answers must be 0-4; found 9"):
        score("collaborate", pd.DataFrame([[9, 9, 9]]), high=4)


@pytest.mark.parametrize(("items", "wanted"), vectors("PPE-15"))
def test_ppe15(items, wanted):
    row = score("ppe15", pd.DataFrame([items], dtype=float)).iloc[0]
    assert same(row["ppe15_problems"], wanted["problems"])
    assert row["ppe15_answered"] == wanted["answered"]
    assert row["ppe15_pct"] == pytest.approx(wanted["pct"], abs=1e-9)


def test_ppe15_needs_an_answer_and_guesses_a_mistake():
    items = pd.DataFrame([[1] * 15, [0] * 15, [None] * 15], dtype=float)
    assert score("ppe15", items)["ppe15_pct"].isna().tolist() == [False, False, True]
    with pytest.raises(ValueError, match=r"found 2, 3 .*problem \(1\) or none \(0\) first"):
        score("ppe15", pd.DataFrame([[2, 3] + [1] * 13]))


def test_likert_by_hand():
    items = pd.DataFrame({"a": [1, 5, 3, None], "b": [5, 1, 3, 3]}, index=["w", "x", "y", "z"])
    got = score("likert", items, scale="perceived_care", reverse=["b"])
    assert got["perceived_care"].tolist()[:3] == [0, 100, 50]
    assert np.isnan(got.loc["z", "perceived_care"])
    by_number = score("likert", items, scale="perceived_care", reverse=[2], min_answered=1)
    assert by_number.loc["z", "perceived_care"] == 50
    assert items["b"].tolist() == [5, 1, 3, 3]


def test_likert_options_are_checked():
    items = pd.DataFrame({"a": [1], "b": [7]})
    assert score("likert", items, high=7)["likert"].iloc[0] == 50
    for options, message in (
        ({}, "likert answers must be 1-5; found 7"),
        ({"high": 7, "reverse": ["c"]}, "no item 'c'"),
        ({"high": 7, "min_answered": 3}, "min_answered must be 1-2"),
        ({"low": 5, "high": 5}, "low must be under high"),
        ({"hihg": 7}, "no option 'hihg'; did you mean 'high'"),
    ):
        with pytest.raises(ValueError, match=message):
            score("likert", items, **options)

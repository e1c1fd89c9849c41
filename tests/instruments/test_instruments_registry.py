"""The registry: one shape for every instrument, reasons that add up, and a cheap import."""

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vbhc import instruments
from vbhc.study.dictionary import DIRECTIONS, TYPES

NAMES = [
    "eq5d-3l", "eq5d-5l", "eq5d-y-3l", "eq-vas", "kccq23", "kccq12", "ohs", "oks", "promis-global-10", "phq9",
    "mlhfq", "fft", "collaborate", "ppe15", "likert", "score", "goals", "own-weights",
]  # fmt: skip
OPTIONS = {
    "eq5d-3l": {"value_set": "3l-tto-sweden"}, "eq5d-5l": {"value_set": "5l-vt-uk"},
    "eq5d-y-3l": {"value_set": "y3l-ivp-japan"}, "likert": {"scale": "perceived_care"},
    "score": {"scale": "kccq_os", "low": 0, "high": 100, "direction": "higher"},
    "own-weights": {"low": 1, "high": 5, "direction": "lower"},
}  # fmt: skip


def random_items(name: str, n: int, seed: int, missing: float = 0.2) -> pd.DataFrame:
    instrument = instruments.get(name)
    rng = np.random.default_rng(seed)
    ranges = instrument.ranges or ((-2, 2) if name == "goals" else (1, 5),) * (len(instrument.items) or 4)
    columns = {str(k): rng.integers(low, high + 1, n) for k, (low, high) in enumerate(ranges)}
    items = pd.DataFrame(columns, dtype=float).mask(rng.random((n, len(ranges))) < missing)
    return items.set_axis(list(instrument.items) or list("abcd"), axis=1)


def test_the_item_codes_of_every_instrument_are_documented(repo):
    """`{item}` and lists of columns cannot be written without them: 1a-1f, 1-12 and g01-g10 are ranges."""
    text = (repo / "docs/instruments.md").read_text(encoding="utf-8").partition("## Item codes")[2]
    rows = [row.split("|") for row in text.partition("\n## ")[0].splitlines() if row.startswith("| `")]
    told = {name: row[2].partition(",")[0].split() for row in rows for name in re.findall(r"`(\S+)`", row[1])}
    assert set(told) == set(NAMES)
    for name, codes in told.items():
        first, last = instruments.get(name).items[:1], instruments.get(name).items[-1:]
        assert not instruments.get(name).items or (
            codes[0].partition("-")[0],
            codes[-1].rpartition("-")[2],
        ) == (
            *first,
            *last,
        )


def test_the_registry_lists_every_instrument():
    table = instruments.registry()
    assert table["instrument"].unique().tolist() == NAMES
    assert table.loc[table["instrument"] != "likert", "source"].str.len().min() > 10
    assert (table["licence"] != "").all()
    with pytest.raises(ValueError, match="no instrument 'kcqq23'; did you mean 'kccq23'"):
        instruments.get("kcqq23")


@pytest.mark.parametrize("name", NAMES)
def test_scales_describe_what_score_returns(name):
    items, options = random_items(name, 60, seed=1, missing=0.05), OPTIONS.get(name, {})
    scores, scales = instruments.score(name, items, **options), instruments.scales(name, **options)
    assert scores.columns.tolist() == [scale.column for scale in scales]
    for scale in scales:
        assert scale.type in TYPES
        assert scale.direction in DIRECTIONS
        values = scores[scale.column].dropna()
        if scale.type == "category":
            assert set(values) <= set(scale.allowed)
        else:
            assert values.between(scale.min - 1e-9, scale.max + 1e-9).all(), scale.column


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 10_000))
def test_any_instrument_keeps_index_counts_missing_and_leaves_its_input_alone(name, seed):
    items, options = random_items(name, 12, seed), OPTIONS.get(name, {})
    items.index = pd.Index(np.random.default_rng(seed).permutation(12), name="patient")
    before = items.copy()
    scores = instruments.score(name, items, **options)
    assert scores.index.equals(items.index)
    assert items.equals(before)
    reordered = instruments.score(name, items.iloc[::-1], **options)
    pd.testing.assert_frame_equal(reordered.iloc[::-1], scores)
    reasons = instruments.missing_reasons(name, items, **options)
    missing = scores.isna().sum()
    assert reasons.groupby("scale")["n"].sum().to_dict() == missing[missing > 0].to_dict()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["Int64", "category", "str", "object"])
def test_any_column_type_gives_the_same_scores(name, dtype):
    items, options = random_items(name, 30, seed=3), OPTIONS.get(name, {})
    text = items.map(lambda v: "" if pd.isna(v) else f"{v:.0f}")
    other = text if dtype == "str" else items.astype(dtype)
    expected = instruments.score(name, items, **options)
    pd.testing.assert_frame_equal(instruments.score(name, other, **options), expected)


@pytest.mark.parametrize("name", NAMES)
def test_everything_missing_gives_nothing_but_missing(name):
    options = OPTIONS.get(name, {})
    items = random_items(name, 3, seed=4) * np.nan
    scores = instruments.score(name, items, **options).drop(columns="ppe15_answered", errors="ignore")
    assert scores.isna().all(axis=None)


@pytest.mark.parametrize("name", NAMES)
def test_no_rows_give_no_rows(name):
    items = random_items(name, 3, seed=5).iloc[:0]
    assert len(instruments.score(name, items, **OPTIONS.get(name, {}))) == 0


@pytest.mark.parametrize("name", [name for name in NAMES if instruments.get(name).items])
def test_an_answer_too_high_is_refused_with_the_range(name):
    items = random_items(name, 3, seed=6, missing=0)
    items.iloc[1, 0] = 1000
    with pytest.raises(ValueError, match=r"must be \d+-\d+; found 1000"):
        instruments.score(name, items, **OPTIONS.get(name, {}))


def test_every_mcid_has_a_kind_a_source_and_a_scale():
    table = instruments.mcids()
    assert set(table["kind"]) <= {"individual", "group", "between groups"}
    assert (table["source"].str.len() > 20).all()
    assert set(table["column"]) <= set(instruments.registry()["column"])
    hip = instruments.mcids("ohs").set_index("kind")["value"].to_dict()
    assert hip == {"individual": 8, "group": 11, "between groups": 5}


def test_unknown_options_are_refused():
    with pytest.raises(ValueError, match="ohs has no option 'codin'; did you mean 'coding'"):
        instruments.score("ohs", random_items("ohs", 2, 0), codin="1-5")


def test_import_is_cheap():
    heavy = ["matplotlib", "statsmodels", "pingouin", "scipy.stats", "seaborn"]
    code = f"import sys, vbhc.instruments; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""The look-alike has the pack's columns, codes and quirks, and the same seed gives the same records."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from lookalike_pack import MEMBERS, write_pack
from lookalike_records import COMORBIDITIES, EVENTS, published_order, record_file
from nhs_packs import REAL, RECORDS, real_files_present


@pytest.fixture(scope="module", params=["hip", "knee"])
def records(request):
    return request.param, record_file(request.param)


def test_columns_are_the_published_81(records):
    procedure, frame = records
    assert list(frame.columns) == published_order(procedure)
    assert frame.shape == (2000, 81)
    assert "Post-Op Q Sucess" in frame


@pytest.mark.skipif(not real_files_present(), reason="the published NHS files are not here")
@pytest.mark.parametrize("procedure", ["hip", "knee"])
def test_columns_stand_in_the_published_order(procedure):
    header = pd.read_csv(REAL / RECORDS[procedure], nrows=0).columns
    assert list(header) == published_order(procedure)


def test_codes_are_the_published_ones(records):
    _, frame = records
    for name in COMORBIDITIES:
        assert set(frame[name]) == {"1", "9"}
    for name in EVENTS:
        assert set(frame[f"Post-Op Q {name}"]) == {"1", "2", "9"}
    assert set(frame["Gender"]) == {"1", "2", "*"}
    assert ((frame["Age Band"] == "*") == (frame["Gender"] == "*")).all()
    assert set(frame["Post-Op Q Satisfaction"]) == set("123459")
    assert "999" in set(frame["Pre-Op Q EQ VAS"])
    assert {"1", "2", "9"} <= set(frame["Pre-Op Q Mobility"])


def test_no_record_lacks_one_or_two_oxford_items(records):
    procedure, frame = records
    title = f"{procedure.capitalize()} Replacement Pre-Op Q "
    items = frame[[name for name in frame if name.startswith(title) and not name.endswith("Score")]]
    missing = (items == "9").sum(axis=1)
    assert items.shape[1] == 12
    assert not missing.isin([1, 2]).any()
    assert ((missing >= 3) == (frame[f"{title}Score"] == "")).all()
    complete = missing == 0
    assert (items[complete].astype(int).sum(axis=1) == frame.loc[complete, f"{title}Score"].astype(int)).all()


def test_means_are_near_the_published_ones(records):
    """Equality file, England: hip 2018/19 index .344 to .800, VAS 63.5 to 77.5."""
    _, frame = records
    index = [pd.to_numeric(frame[f"{when} Q EQ5D Index"]).mean() for when in ("Pre-Op", "Post-Op")]
    assert index == pytest.approx([0.344, 0.800], abs=0.03)
    vas = [
        pd.to_numeric(frame[f"{when} Q EQ VAS"].mask(frame[f"{when} Q EQ VAS"] == "999")).mean()
        for when in ("Pre-Op", "Post-Op")
    ]
    assert vas == pytest.approx([63.5, 77.5], abs=3)


def test_same_seed_same_bytes(tmp_path):
    first, second = write_pack(tmp_path / "a", n=300), write_pack(tmp_path / "b", n=300)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert [path.name for path in first][:2] == list(MEMBERS.values())
    with first[0].open(newline="") as handle:
        assert len(next(csv.reader(handle))) == 81
    assert not record_file("hip", 300, seed=1).equals(record_file("hip", 300, seed=2))

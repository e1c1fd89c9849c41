"""Real NHS PROMs (hip 2018/19, knee 2017/18): our scores are those that NHS England published, row by row."""

import numpy as np
import pandas as pd
import pytest
from places import NHS_FILES

from vbhc.instruments import score

FOLDER = NHS_FILES
FILES = {"ohs": ("hip-provider-2018-19.csv.zip", "Hip"), "oks": ("knee-provider-2017-18.csv.zip", "Knee")}
DIMENSIONS = ["Mobility", "Self-Care", "Activity", "Discomfort", "Anxiety"]
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="no folder with the NHS PROMs data")


@pytest.fixture(scope="module", params=FILES)
def records(request):
    path, joint = FILES[request.param]
    return request.param, joint, pd.read_csv(FOLDER / path, na_values=["*"])


@pytest.mark.parametrize("time", ["Pre-Op Q", "Post-Op Q"])
def test_eq5d_index_and_its_missing_rows(records, time):
    _, _, table = records
    levels = table[[f"{time} {dimension}" for dimension in DIMENSIONS]].replace(9, np.nan)
    got = score("eq5d-3l", levels, value_set="3l-tto-uk")["eq5d_index"]
    name = next(column for column in table if column in (f"{time} EQ5D Index", f"{time} EQ 5D Index"))
    assert got.isna().equals(table[name].isna().rename("eq5d_index"))
    assert (got - table[name]).abs().max() < 1e-9


@pytest.mark.parametrize("time", ["Pre-Op Q", "Post-Op Q"])
def test_oxford_total_and_its_missing_rows(records, time):
    name, joint, table = records
    start = f"{joint} Replacement {time} "
    columns = [column for column in table if column.startswith(start) and not column.endswith("Score")]
    got = score(name, table[columns].replace(9, np.nan))[name]
    # the file holds answers after NHS England has filled in up to two; with three missing there is no score
    published = table[f"{start}Score"].rename(name)
    assert got.isna().equals(published.isna())
    assert (got - published).abs().max() == 0

"""A study's own EQ-5D values, from a table in its folder: every profile, or what each level takes away."""

from __future__ import annotations

import itertools

import battery as b
import pytest

from vbhc.cleaning import clean
from vbhc.instruments import eq5d
from vbhc.run.checking import inspect
from vbhc.study import read_study
from vbhc.study.instrument_uses import OwnValues

# Dolan 1997, Med Care 35:1095-108, table 3: what each level takes from full health (the UK's 3L set).
DOLAN = """\
profile,value,source
full_health,1,"Dolan 1997, Med Care 35:1095-108"
any_problem,-0.081,
any_level_3,-0.269,
mo2,-0.069,\nmo3,-0.314,\nsc2,-0.104,\nsc3,-0.214,\nua2,-0.036,\nua3,-0.094,
pd2,-0.123,\npd3,-0.386,\nad2,-0.071,\nad3,-0.236,
"""
EVERY = "profile;value;source\n" + "".join(
    f"{''.join(one)};{str(eq5d.index(''.join(one), '3l-tto-uk')).replace('.', ',')};Dolan 1997\n"
    for one in itertools.product("123", repeat=5)
)


def study_with(folder, table):
    uses = {"eq5d": {"instrument": "eq5d-3l", "items": "{item}", "value_set": "own.csv"}}
    made = b.battery(folder)  # with the shipped set, so that the folder is there
    text = (made.folder / "study.yml").read_text().replace("3l-tto-uk", uses["eq5d"]["value_set"])
    (made.folder / "study.yml").write_text(text)
    if table:
        (made.folder / "own.csv").write_text(table)
    return read_study(str(made.folder))


@pytest.mark.parametrize("table", [DOLAN, EVERY])
def test_an_own_table_of_the_uk_values_gives_the_index_of_the_shipped_set(tmp_path, table):
    read = study_with(tmp_path, table)
    assert read.problems == []
    assert inspect(read.study).problems == []
    own, shipped = clean(read.study), clean(b.battery(tmp_path / "shipped"))
    for visit in ("pre", "post"):
        found, known = (one.patients[f"eq5d_index_{visit}"].round(9).tolist() for one in (own, shipped))
        assert found == known
    assert own.columns.set_index("name").at["eq5d_index_pre", "min"] == pytest.approx(-0.594)


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("", "no file 'own.csv'"),
        (DOLAN.replace('"Dolan 1997, Med Care 35:1095-108"', ""), "no source"),
        (DOLAN.replace("-0.104", "much"), "own.csv, value, row 7: 'much' is no number"),
        ("profile,index,source\nmo2,1,x\n", "no columns profile and value"),
    ],
)
def test_a_table_that_cannot_be_used_is_one_line(tmp_path, table, line):
    assert line in "\n".join(map(str, study_with(tmp_path, table).problems))


def test_levels_or_profiles_that_are_absent_are_named(tmp_path):
    study = study_with(tmp_path, DOLAN.replace("mo3,-0.314,\n", "")).study
    assert "EQ-5D-3L takes 10 values; absent or unknown: mo3" in str(inspect(study).problems[0])
    with pytest.raises(ValueError, match="takes 3125 values"):
        eq5d.index("11111", OwnValues("own.csv", "x", (("11111", 1.0),)), "5L")

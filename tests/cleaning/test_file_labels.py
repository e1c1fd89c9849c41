"""Labels within files of SPSS, Stata and SAS are evidence: of codes, columns, what counts as missing."""

from __future__ import annotations

from types import SimpleNamespace

import battery as b
import pandas as pd
import pyreadstat
import pytest

from vbhc.cleaning import clean
from vbhc.run.checking import inspect
from vbhc.study import load_study

LABELS = {1: "Male", 2: "Female"}
NAMES = ["Sex at birth" if name == "sex" else name for name in b.HEADER]


def frame(last: object) -> pd.DataFrame:
    """The twelve patients, their sex as numbers, the last one with a missing of its own."""
    sexes = pd.Series([*[1.0, 2.0] * 5, 1.0, last], dtype=object)
    return pd.DataFrame(b.ROWS, columns=b.HEADER).assign(sex=sexes)


def write_sav(path, labels):
    table = frame(8.0).astype({"sex": float})
    values = {"sex": labels | {8: "refused"}}
    pyreadstat.write_sav(
        table, str(path), column_labels=NAMES, variable_value_labels=values, missing_ranges={"sex": [8]}
    )


def write_dta(path, labels):
    values = {"sex": labels | {"a": "refused"}}
    pyreadstat.write_dta(
        frame("a"),
        str(path),
        column_labels=NAMES,
        variable_value_labels=values,
        missing_user_values={"sex": ["a"]},
    )


def write_sas(path, labels, monkeypatch):
    """No free program writes the format: data stand in a .sav, the catalogue's labels are given by hand."""
    write_sav(path.with_suffix(".sav"), labels)
    path.write_bytes(b"SAS")
    path.with_name("formats.sas7bcat").write_bytes(b"SAS")
    table, known = pyreadstat.read_sav(str(path.with_suffix(".sav")))
    meta = SimpleNamespace(
        number_rows=12, column_names_to_labels=known.column_names_to_labels, variable_value_labels={},
        variable_to_label={"sex": "SEXF"}, missing_ranges={},
    )  # fmt: skip
    catalogue = SimpleNamespace(value_labels={"SEXF": labels | {"A": "refused"}})
    monkeypatch.setattr(pyreadstat, "read_sas7bdat", lambda *_, **__: (table, meta))
    monkeypatch.setattr(pyreadstat, "read_sas7bcat", lambda *_: (None, catalogue))


def study_of(folder, kind, labels, monkeypatch, dictionary):
    study = b.battery(folder, dictionary=dictionary, sources=b.source(file=f"raw/p.{kind}"))
    path = study.raw / f"p.{kind}"
    if kind == "sas7bdat":
        write_sas(path, labels, monkeypatch)
    else:
        (write_sav if kind == "sav" else write_dta)(path, labels)
    return load_study(str(study.folder))


KINDS = pytest.mark.parametrize("kind", ["sav", "dta", "sas7bdat"])


@KINDS
def test_what_the_dictionary_leaves_open_the_file_says(tmp_path, monkeypatch, kind):
    open_ = b.declared(sex="category,,,,,").replace("sex,sex,", "sex,,")
    study = study_of(tmp_path, kind, LABELS, monkeypatch, open_)
    assert inspect(study).problems == []
    cleaned = clean(study)
    assert cleaned.patients["sex"].tolist()[:11] == [*["Male", "Female"] * 5, "Male"]
    assert pd.isna(cleaned.patients["sex"][11])  # what the file declares missing
    assert cleaned.columns.set_index("name").at["sex", "label"] == "Sex at birth"
    assert cleaned.columns.set_index("name").at["sex", "labels"] == "Male;Female"


@KINDS
def test_labels_that_say_the_opposite_of_the_dictionary_are_a_problem(tmp_path, monkeypatch, kind):
    study = study_of(tmp_path, kind, {1: "Female", 2: "Male"}, monkeypatch, b.declared())
    said = [str(problem) for problem in inspect(study).problems]
    assert f"raw/p.{kind}, sex: the file says 1 = 'Female', dictionary.csv 1 = 'male'" in said[0]


@KINDS
def test_labels_that_agree_are_no_problem(tmp_path, monkeypatch, kind):
    looked = inspect(study_of(tmp_path, kind, LABELS, monkeypatch, b.declared()))
    assert (looked.problems, looked.questions) == ([], [])

"""Reading raw files: any format gives the same text cells; unknown headers and broken rows are loud."""

from __future__ import annotations

import zipfile

import pandas as pd
import pyreadstat
import pytest
from study_maker import PATIENTS, small_study, sources_with

from vbhc.cleaning.sources import nhs_proms, read_source
from vbhc.problems import StudyError


def patients(folder, content, **source):
    source = {"file": "raw/patients.csv", **source}
    study = small_study(
        folder,
        {"raw/patients.csv": content},
        sources=sources_with(source),
    )
    return read_source(study, "patients")


@pytest.fixture
def expected(tmp_path):
    return patients(tmp_path / "expected", PATIENTS)


def same_cells(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_cells_stay_as_written_and_keep_their_row(tmp_path):
    cells = patients(tmp_path / "s", PATIENTS.replace("P1,70,25.5", "007,070, 25.50"))
    assert cells.loc[2, "patient_id"] == "007"
    assert cells.loc[2, "age"] == "070"
    assert cells.loc[2, "bmi"] == " 25.50"
    assert list(cells.index) == [2, 3, 4]
    assert cells.index.name == "row"
    assert pd.isna(cells.loc[4, "bmi"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(tmp_path, expected, delimiter):
    same_cells(patients(tmp_path / "s", PATIENTS.replace(",", delimiter)), expected)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_encoding_is_found(tmp_path, encoding):
    cells = patients(tmp_path / "s", PATIENTS.replace("P1", "Åsa").encode(encoding))
    assert cells.loc[2, "patient_id"] == "Åsa"


def test_what_was_guessed_is_said(tmp_path):
    cells = patients(tmp_path / "s", PATIENTS.replace(",", ";").replace("P1", "Åsa").encode("latin-1"))
    encoding, delimiter = cells.attrs["notes"]
    assert "cp1252 (guessed; `encoding` in study.yml settles it)" in encoding
    assert "semicolon (guessed; `delimiter` in study.yml settles it)" in delimiter
    named = patients(
        tmp_path / "t",
        PATIENTS.replace(",", ";").replace("P1", "Åsa").encode("latin-1"),
        delimiter=";",
        encoding="latin-1",
    )
    assert named.attrs["notes"] == []


def test_wrong_encoding_names_the_line(tmp_path):
    with pytest.raises(StudyError, match=r"not utf-8 \(byte 0xc5 in line 2\); another `encoding`"):
        patients(tmp_path / "s", PATIENTS.replace("P1", "Åsa").encode("latin-1"), encoding="utf-8")
    with pytest.raises(StudyError, match="unknown encoding 'utf-9'"):
        patients(tmp_path / "t", PATIENTS, encoding="utf-9")


def test_blank_lines_are_no_rows_but_count_as_lines(tmp_path):
    cells = patients(tmp_path / "s", PATIENTS.replace("P2,", "\n,,,,,,\nP2,"))
    assert list(cells.index) == [2, 5, 6]


def test_quoted_field_may_hold_delimiter_and_line_break(tmp_path):
    cells = patients(tmp_path / "s", PATIENTS.replace("P1,", '"P,\n<b>1</b>",'))
    assert cells.loc[2, "patient_id"] == "P,\n<b>1</b>"
    assert list(cells.index) == [2, 3, 4]


def test_every_row_of_another_width_is_named(tmp_path):
    content = PATIENTS.replace("25.5", "25,5").replace(",,9,9,2023-02-02,9", ",9")
    with pytest.raises(StudyError) as error:
        patients(tmp_path / "s", content)
    first, second = map(str, error.value.problems)
    assert "row 2: 8 fields; 7 fields as in the header; quote fields that hold ','" in first
    assert "row 4: 3 fields" in second


def test_many_rows_of_another_width_are_one_line(tmp_path):
    """A decimal comma in a file whose fields end with commas parts every number in two."""
    rows = "".join(f"P{n},70,25,5,1,9,2023-01-31,1\n" for n in range(600))
    with pytest.raises(StudyError) as error:
        patients(tmp_path / "s", PATIENTS.splitlines()[0] + "\n" + rows)
    [line] = map(str, error.value.problems)
    assert "600 rows, first 2, 3, 4: 8 fields; 7 fields as in the header" in line
    assert line.endswith("is it another `delimiter`, or a decimal comma?")


def test_all_unknown_and_missing_headers_are_named_at_once(tmp_path):
    content = PATIENTS.replace("smoker", "smokr").replace("bmi", "BMI (kg)")
    with pytest.raises(StudyError) as error:
        patients(tmp_path / "s", content)
    messages = [str(problem) for problem in error.value.problems]
    assert len(messages) == 4
    assert "unknown header 'smokr'; did you mean 'smoker'?" in messages[1]
    assert "row 1: no column 'bmi'" in messages[2]
    assert "row 1: no column 'smoker'" in messages[3]


def test_ignored_columns_may_hold_anything(tmp_path, expected):
    content = "".join(f"{line},x\n" for line in PATIENTS.splitlines()).replace("opinion,x", "opinion,remark")
    same_cells(patients(tmp_path / "s", content, ignore_columns=["remark"]), expected)


def test_header_twice_is_an_error(tmp_path):
    with pytest.raises(StudyError, match="header 'age' stands twice"):
        patients(tmp_path / "s", PATIENTS.replace("bmi", "age"))


def test_empty_and_binary_files_are_refused(tmp_path):
    with pytest.raises(StudyError, match="has no header"):
        patients(tmp_path / "s", "\n")
    with pytest.raises(StudyError, match="no text file"):
        patients(tmp_path / "t", b"\x7fELF\x00\x00")


def test_absent_file_says_how_to_get_it(tmp_path):
    with pytest.raises(
        StudyError, match=r"raw/patients.csv: no such file; put it there, or: make data STUDY=s"
    ):
        patients(tmp_path / "s", None)


def test_zip_with_one_csv_is_read(tmp_path, expected):
    study = small_study(
        tmp_path / "s",
        sources=sources_with({"file": "raw/pack.zip"}),
    )
    with zipfile.ZipFile(study.raw / "pack.zip", "w") as archive:
        archive.writestr("folder/patients.csv", PATIENTS)
        archive.writestr("read me.pdf", b"")
    same_cells(read_source(study, "patients"), expected)
    with zipfile.ZipFile(study.raw / "pack.zip", "a") as archive:
        archive.writestr("other.csv", "a")
    with pytest.raises(StudyError, match=r"2 text files in the zip: folder/patients.csv, other.csv"):
        read_source(study, "patients")


def typed_frame() -> pd.DataFrame:
    """The small study's patients as a statistics program holds them: numbers, dates, empty cells."""
    return pd.DataFrame({
        "patient_id": ["P1", "P2", "P3"], "age": [70.0, 81.0, 999.0], "bmi": [25.5, 31.0, None],
        "sex": [1.0, 2.0, 9.0], "smoker": [9.0, 1.0, 9.0],
        "admitted": pd.to_datetime(["2023-01-31", "2023-02-01", "2023-02-02"]), "opinion": [1.0, 5.0, 9.0],
    })  # fmt: skip


WRITERS = {
    "xlsx": lambda frame, path: frame.to_excel(path, index=False),
    "parquet": lambda frame, path: frame.to_parquet(path),
    "sav": lambda frame, path: pyreadstat.write_sav(frame.astype({"admitted": str}), path),
    "dta": lambda frame, path: pyreadstat.write_dta(frame.astype({"admitted": str}), path),
    "xpt": lambda frame, path: pyreadstat.write_xport(
        frame.astype({"admitted": str}), path, file_format_version=8
    ),
}


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "sav", "dta", "xpt"])
def test_every_format_gives_the_same_cells(tmp_path, expected, kind):
    study = small_study(
        tmp_path / "s",
        sources=sources_with({"file": f"raw/patients.{kind}"}),
    )
    WRITERS[kind](typed_frame(), study.raw / f"patients.{kind}")
    same_cells(read_source(study, "patients"), expected)


def test_excel_sheet_is_named_or_the_first(tmp_path, expected):
    sources = sources_with({"file": "raw/p.xlsx", "sheet": "Data"})
    study = small_study(tmp_path / "s", sources=sources)
    with pd.ExcelWriter(study.raw / "p.xlsx") as book:
        pd.DataFrame({"x": [1]}).to_excel(book, sheet_name="Notes", index=False)
        typed_frame().to_excel(book, sheet_name="Data", index=False)
    same_cells(read_source(study, "patients"), expected)
    sources["patients"]["sheet"] = "Date"
    with pytest.raises(StudyError, match="no sheet 'Date'; one of: Notes, Data"):
        read_source(small_study(tmp_path / "s", sources=sources), "patients")


def test_unreadable_format_lists_the_known_ones(tmp_path):
    sources = sources_with({"file": "raw/p.rds"})
    study = small_study(tmp_path / "s", {"raw/p.rds": "x"}, sources=sources)
    with pytest.raises(StudyError, match=r"'\.rds' cannot be read; one of \.csv"):
        read_source(study, "patients")


def test_nhs_headers_of_all_spellings_are_known():
    names, problems = nhs_proms.canonical_names(
        ["Knee Replacement EQ 5D Index Post-Op Q Predicted", "Knee Replacement EQ VAS_Post-Op Q Predicted",
         "Post-Op Q Sucess", "Hip Replacement Pre-Op Q Night Pain"],
        "x.csv",
    )  # fmt: skip
    assert not problems
    assert list(names.values()) == [
        "predicted_eq5d_index_6m",
        "predicted_eq_vas_6m",
        "success",
        "ohs_12_baseline",
    ]


def test_nhs_unknown_and_double_headers_are_problems():
    names, problems = nhs_proms.canonical_names(
        ["Gender", "Post-Op Q Sucess", "Post-Op Q Success", "Post-Op Q Happiness"], "x.csv"
    )
    assert list(names) == ["Gender", "Post-Op Q Sucess"]
    assert "a second 'success'" in str(problems[0])
    assert "unknown header 'Post-Op Q Happiness'" in str(problems[1])


def test_nhs_aliases_reach_each_column_of_both_dictionaries(repo):
    known = set(nhs_proms.aliases().values())
    for study in ("nhs-hip", "nhs-knee"):
        names = set(pd.read_csv(repo / "data" / study / "dictionary.csv")["name"]) - {nhs_proms.KEY}
        assert len(names) == 81
        assert names <= known


def test_dates_and_declared_missing_of_spss_are_kept_as_such(tmp_path, expected):
    """SPSS keeps days as dates; a value it declares missing is missing whatever the dictionary says."""
    study = small_study(tmp_path / "s", sources=sources_with({"file": "raw/patients.sav"}))
    frame = typed_frame().assign(admitted=typed_frame()["admitted"].dt.date, opinion=[1.0, 5.0, 77.0])
    pyreadstat.write_sav(frame, study.raw / "patients.sav", missing_ranges={"opinion": [77]})
    cells = read_source(study, "patients")
    assert cells["admitted"].tolist() == expected["admitted"].tolist()
    assert cells["opinion"].isna().tolist() == [False, False, True]

"""A part of a study: the same rows as in the whole, and nothing of anybody else."""

import pandas as pd
import pytest
import yaml
from study_maker import CONFIG, small_study

from vbhc.cleaning import clean, load_cleaned, write_clean
from vbhc.cleaning.clean_files import widened
from vbhc.cleaning.part import write_part
from vbhc.study import load_study

GROUPS = {
    "sex": {"column": "sex", "label": "Sex"},
    "provider": {"column": "sex", "label": "Provider", "kind": "provider"},
}


@pytest.fixture
def whole(tmp_path):
    """The small study as if each sex had a provider, cleaned, with notes and a table beside."""
    beside = {"notes.md": "Of all.", "README.md": "All.", "joint_display.csv": "a,b\n"}
    variation = {"group": "provider", "measures": ["eq_vas"], "fewest": 2}
    study = small_study(tmp_path / "data/whole", beside, groups=GROUPS, variation=variation)
    write_clean(study, clean(study))
    return study


def part_of(whole, keys: set[str]):
    folder = whole.folder.parent / "part"
    write_part(whole, load_cleaned(whole), keys, "A part", folder)
    return load_study(str(folder))


def test_what_is_cleaned_is_read_back(whole):
    before, after = clean(whole), load_cleaned(whole)
    pd.testing.assert_frame_equal(widened(before.patients), after.patients)
    pd.testing.assert_frame_equal(widened(before.cost_lines), after.cost_lines)
    assert before.notes == after.notes
    assert list(before.flow["n"]) == list(after.flow["n"])


def test_a_part_has_its_own_rows_as_they_were_cleaned_with_all(whole):
    everybody, part = load_cleaned(whole), clean(part_of(whole, {"P1", "P3"}))
    assert list(part.patients["patient_id"]) == ["P1", "P3"]
    own = everybody.patients[everybody.patients["patient_id"] != "P2"].reset_index(drop=True)
    pd.testing.assert_frame_equal(part.patients, own)
    # P1 spent three days at 400 and made two visits at 100: 1,400 in all.
    assert list(part.cost_lines["patient_id"].unique()) == ["P1"]
    assert part.patients["cost_eur_2020"].iloc[0] == 1400
    assert part.patients.columns.equals(everybody.patients.columns)


def test_the_flow_of_a_part_counts_its_own(whole):
    flow = clean(part_of(whole, {"P1", "P3"})).flow
    assert list(zip(flow["step"], flow["n"], strict=True))[:3] == [
        ("assessed", 2), ("kept", 2), ("with outcome", 1),
    ]  # fmt: skip
    assert set(flow["source"]) == {"whole, cleaned", ""}


def test_a_part_takes_no_raw_row_no_note_and_no_comparison(whole):
    part = part_of(whole, {"P1"})
    assert {path.name for path in part.folder.iterdir()} == {
        "study.yml", "dictionary.csv", "unit_costs.csv", "joint_display.csv", "given",
    }  # fmt: skip
    declared = yaml.safe_load((part.folder / "study.yml").read_text())
    assert set(CONFIG) - set(declared) == set()
    assert "variation" not in declared
    assert set(part.config.groups) == {"sex"}
    assert part.config.title == "A part"
    written = b"".join(path.read_bytes() for path in part.folder.rglob("*.csv"))
    assert b"P2" not in written


def test_the_same_patients_give_the_same_bytes(whole):
    def everything() -> dict[str, bytes]:
        folder = part_of(whole, {"P1", "P3"}).folder
        return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert everything() == everything()

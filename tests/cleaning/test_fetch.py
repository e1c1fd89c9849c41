"""Fetching raw files: the right file from wherever it lies, whole or not at all, never another release."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from study_maker import DICTIONARY as EVERY_COLUMN
from study_maker import PATIENTS, small_study, sources_with

from vbhc.cleaning.sources import fetch as fetching
from vbhc.cleaning.sources.fetch import fetch
from vbhc.problems import StudyError

SUM = hashlib.sha256(PATIENTS.encode()).hexdigest()
ONLY = {"cost": None, "instruments": None, "value_quota": None}
DICTIONARY = "".join(f"{line}\n" for line in EVERY_COLUMN.splitlines() if "answers" not in line)


def published(folder: Path, **publisher):
    """A study whose one file is published elsewhere; nothing in raw/."""
    source = {"file": "raw/patients.csv", "publisher": {"page": "https://example.org/proms", **publisher}}
    absent = {"raw/patients.csv": None, "raw/answers.csv": None, "raw/lines.csv": None}
    sources = {"patients": sources_with(source)["patients"]}
    return small_study(
        folder / "data" / "s", {"dictionary.csv": DICTIONARY, **absent}, sources=sources, **ONLY
    )


def in_raw(study) -> list[str]:
    return sorted(path.name for path in study.raw.iterdir()) if study.raw.is_dir() else []


def test_from_a_folder_by_the_publishers_name_in_a_zip(tmp_path):
    study = published(tmp_path, member="Patients 1819.csv", sha256=SUM)
    (tmp_path / "downloads" / "deep").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "downloads" / "deep" / "pack.zip", "w") as archive:
        archive.writestr("CSV/Other 1819.csv", "a\n1\n")
        archive.writestr("CSV/Patients 1819.csv", PATIENTS)
    assert fetch(study, tmp_path / "downloads") == [
        "data/s/raw/patients.csv: taken from Patients 1819.csv, sum checked"
    ]
    assert study.source_file("patients").read_text() == PATIENTS
    assert fetch(study, tmp_path / "downloads") == ["data/s/raw/patients.csv: already there, sum checked"]
    assert in_raw(study) == ["patients.csv"]


def test_from_a_file_of_any_name(tmp_path):
    study = published(tmp_path, sha256=SUM)
    (tmp_path / "my download (1).csv").write_text(PATIENTS)
    fetch(study, tmp_path / "my download (1).csv")
    assert study.source_file("patients").read_text() == PATIENTS


def test_wrong_sum_is_an_error_and_leaves_nothing(tmp_path):
    study = published(tmp_path, sha256=SUM)
    (tmp_path / "patients.csv").write_text(PATIENTS + "P4,,,,,,\n")
    with pytest.raises(StudyError, match=f"{SUM} as in study.yml; is it another release of the data"):
        fetch(study, tmp_path / "patients.csv")
    assert in_raw(study) == []


def test_of_two_files_with_the_name_the_one_with_the_sum_is_taken(tmp_path):
    study = published(tmp_path, sha256=SUM)
    for folder, text in (("old", "a\n"), ("new", PATIENTS)):
        (tmp_path / "d" / folder).mkdir(parents=True)
        (tmp_path / "d" / folder / "patients.csv").write_text(text)
    fetch(study, tmp_path / "d")
    assert study.source_file("patients").read_text() == PATIENTS


def test_two_files_and_no_sum_is_an_error(tmp_path):
    study = published(tmp_path)
    for folder in ("old", "new"):
        (tmp_path / "d" / folder).mkdir(parents=True)
        (tmp_path / "d" / folder / "patients.csv").write_text(PATIENTS)
    with pytest.raises(StudyError, match=r"2 files named patients\.csv in"):
        fetch(study, tmp_path / "d")


def test_nothing_found_says_how_to_get_it_by_hand(tmp_path):
    study = published(tmp_path, member="Patients 1819.csv")
    (tmp_path / "empty").mkdir()
    with pytest.raises(
        StudyError, match=r"get 'Patients 1819.csv' from https://example.org/proms, then FROM="
    ):
        fetch(study, tmp_path / "empty")
    with pytest.raises(StudyError, match="nothing at"):
        fetch(study, tmp_path / "nowhere")


def test_without_an_address_the_way_by_hand_is_said(tmp_path):
    with pytest.raises(
        StudyError, match=r"no address to download it from; get 'patients.csv' from https://example.org"
    ):
        fetch(published(tmp_path))


def test_another_file_in_place_is_not_overwritten(tmp_path):
    study = published(tmp_path)
    study.raw.mkdir()
    study.source_file("patients").write_text("mine\n")
    (tmp_path / "patients.csv").write_text(PATIENTS)
    with pytest.raises(StudyError, match="another file is there; move it away first"):
        fetch(study, tmp_path / "patients.csv")
    assert in_raw(study) == ["patients.csv"]
    assert study.source_file("patients").read_text() == "mine\n"


def test_download_is_summed_and_unpacked(tmp_path):
    pack = tmp_path / "pack.zip"
    with zipfile.ZipFile(pack, "w") as archive:
        archive.writestr("Patients 1819.csv", PATIENTS)
    study = published(tmp_path, member="Patients 1819.csv", sha256=SUM, url=pack.as_uri())
    assert fetch(study) == ["data/s/raw/patients.csv: taken from Patients 1819.csv, sum checked"]
    assert fetch(study) == ["data/s/raw/patients.csv: already there, sum checked"]


def test_download_that_fails_leaves_nothing_and_says_what_to_do(tmp_path):
    study = published(tmp_path, url=(tmp_path / "gone.zip").as_uri())
    with pytest.raises(
        StudyError, match=r"could not be reached .*; get 'patients.csv' from https://example.org/proms"
    ):
        fetch(study)
    (tmp_path / "page.zip").write_text("<html>moved</html>")
    study = published(tmp_path, url=(tmp_path / "page.zip").as_uri())
    with pytest.raises(StudyError, match="is no zip any more"):
        fetch(study)
    assert in_raw(study) == []


def test_broken_off_copy_leaves_nothing(tmp_path, monkeypatch):
    study = published(tmp_path)
    (tmp_path / "patients.csv").write_text(PATIENTS)

    def broken(source, out, length=0):
        out.write(source.read(10))
        raise OSError("disk full")

    monkeypatch.setattr(fetching.shutil, "copyfileobj", broken)
    with pytest.raises(OSError, match="disk full"):
        fetch(study, tmp_path / "patients.csv")
    assert in_raw(study) == []


def test_study_with_its_own_files_has_nothing_to_fetch(tmp_path):
    assert fetch(small_study(tmp_path / "s")) == ["s: every raw file is in place"]


def test_shipped_nhs_studies_name_page_member_and_sum(repo):
    from vbhc.study import load_study

    for name in ("nhs-hip", "nhs-knee"):
        publisher = load_study(str(repo / "data" / name)).config.sources["proms"].publisher
        assert publisher.page.startswith("https://digital.nhs.uk/")
        assert publisher.url.startswith("https://files.digital.nhs.uk/")
        assert len(publisher.sha256) == 64
        assert publisher.member.endswith(".csv")

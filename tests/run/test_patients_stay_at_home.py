"""Nothing of a patient leaves the machine by accident: by git, or by other users of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import fakes
import pytest
from click.testing import CliRunner
from nhs_packs import lookalike_study

from vbhc import cleaning
from vbhc.run import driver
from vbhc.run.commands import main
from vbhc.run.lab import copy_notebooks
from vbhc.study import load_study, private

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
ROW = "PATIENT-4711"  # what no staged file may hold


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def put(path: Path, content: str = f"id,age\n{ROW},71\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


@pytest.fixture
def clone(repo, tmp_path) -> Path:
    """A clone with its committed files, and the rules of the working folder."""
    if subprocess.run(["git", "-C", str(repo), "rev-parse"], capture_output=True).returncode:
        pytest.skip("not a git checkout")
    git(tmp_path, "clone", "-q", str(repo), "clone")
    shutil.copy(repo / ".gitignore", tmp_path / "clone")
    git(tmp_path / "clone", "add", ".gitignore")
    return tmp_path / "clone"


def test_nothing_of_a_patient_is_staged(clone, tmp_path):
    before = set(git(clone, "diff", "--cached", "--name-only").split())
    study = lookalike_study("hip", tmp_path / "elsewhere")
    cleaning.write_clean(study, cleaning.clean(study))
    shutil.copytree(study.folder, clone / "data/nhs-hip", dirs_exist_ok=True)
    list(copy_notebooks(clone))
    saved = clone / "lab/02-value-quota.ipynb"
    saved.write_text(saved.read_text(encoding="utf-8").replace("# ", f"# {ROW} ", 1), encoding="utf-8")
    row = json.dumps({"cells": [fakes.cell("markdown", ROW)]})
    for name in (
        "out.ipynb", "notebooks/out.ipynb", "notebooks/02-value-quota-Copy1.ipynb", "lab/mine.ipynb",
        "notebooks/more/.ipynb_checkpoints/02a-costs-checkpoint.ipynb", "data/nhs-hip/runs/02.ipynb",
    ):  # fmt: skip
        put(clone / name, row)
    for name in (
        "raw.zip", "Raw/patients.csv", "raw_old/patients.csv", "raw/patients.csv", "~$x.xlsx", "patients.sav",
        "backup/raw/x.csv", "dictionary.xlsx", "study.yml.bak", "value_set.csv", "raw/ward 1/x.csv",
    ):  # fmt: skip
        put(clone / "data/nhs-hip" / name)
    for name in ("data/x/patients.csv", "data/patients.csv", "data/heart-failure/raw/mine.csv", "~$x.xlsx"):
        put(clone / name)
    put(clone / "patients.csv")
    put(clone / "data/x/study.yml", "title: A study of one's own\n")
    git(clone, "add", "-A")
    staged = set(git(clone, "diff", "--cached", "--name-only", "-z").split("\0")) - before - {""}
    assert staged == {"data/x/study.yml"}


def test_every_committed_file_would_be_committed_again(clone):
    assert git(clone, "ls-files", "--cached", "--ignored", "--exclude-standard") == ""


@pytest.mark.parametrize("study", ["heart-failure", "professionals", "hip-hospitals"])
def test_no_raw_file_of_a_synthetic_study_is_left_out_of_git(clone, repo, study):
    names = [f"data/{study}/raw/{path.name}" for path in (repo / f"data/{study}/raw").glob("[!.]*")]
    ignored = subprocess.run(
        ["git", "-C", clone, "check-ignore", "--no-index", *names], capture_output=True, text=True
    )
    assert ignored.stdout == "", "name it in .gitignore, below the study's raw/"


def test_a_copy_in_the_lab_follows_until_it_is_worked_on(fake_project):
    source, copy = (fake_project / folder / "02-value-quota.ipynb" for folder in ("notebooks", "lab"))
    assert list(copy_notebooks(fake_project)) == []
    assert copy.read_bytes() == source.read_bytes()
    source.write_text(source.read_text().replace("What is", "What was"))
    assert list(copy_notebooks(fake_project)) == []
    assert copy.read_bytes() == source.read_bytes()
    copy.write_text(copy.read_text().replace("What was", "My own"))
    assert list(copy_notebooks(fake_project)) == []
    source.write_text(source.read_text().replace("What was", "What will be"))
    [said] = copy_notebooks(fake_project)
    assert said.startswith("lab/02-value-quota.ipynb is yours and stays")
    assert "My own" in copy.read_text()


def modes(folder: Path) -> set[str]:
    return {f"{'d' if path.is_dir() else 'f'}{path.stat().st_mode & 0o777:o}" for path in folder.rglob("*")}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps other rights")
def test_what_is_made_under_data_is_for_its_maker_alone(fake_project, monkeypatch):
    monkeypatch.setattr(driver, "build_report", lambda *report, **_: fakes.build(*report))
    monkeypatch.setattr(driver, "execute", lambda kernels, *rest: fakes.execute(*rest))
    folder = fake_project / "data/fake"
    (folder / "raw").chmod(0o755)
    (folder / "raw/patients.csv").chmod(0o644)
    for edition in ("public", "internal"):
        done = CliRunner().invoke(main, ["run", "fake", "--no-fork", "--edition", edition])
        assert done.exit_code == 0, done.output
    cleaning.write_clean(load_study("fake"), cleaning.clean(load_study("fake")))
    assert {oct((folder / name).stat().st_mode & 0o777) for name in ("clean", "runs")} == {"0o700"}
    assert modes(folder / "runs") | modes(folder / "clean") == {"d700", "f600"}
    assert (folder / "runs/internal/index.html").is_file()
    assert modes(folder / "raw") == {"f644"}
    assert (fake_project / "reports/fake/index.html").stat().st_mode & 0o444 == 0o444


def test_a_check_refuses_raw_files_that_git_would_take_along(fake_project):
    study = fake_project / "data/fake/study.yml"
    study.write_text(fakes.STUDY.replace("synthetic: true", "synthetic: false\ndisclosure: nhs-proms"))
    check = ["check", "fake"]
    assert CliRunner().invoke(main, check).exit_code == 0  # no repository: nothing to tell
    git(fake_project, "init", "-q")
    done = CliRunner().invoke(main, check)
    assert done.exit_code == 1
    assert "data/fake/raw/patients.csv: git would carry this file to others; put it into raw/" in done.output
    put(fake_project / ".gitignore", "data/*/raw/\n")
    assert CliRunner().invoke(main, check).exit_code == 0
    git(fake_project, "add", "-f", "data/fake/raw/patients.csv")
    assert CliRunner().invoke(main, check).exit_code == 1
    study.write_text(fakes.STUDY)
    assert CliRunner().invoke(main, check).exit_code == 0


def test_what_git_does_not_know_is_not_told(tmp_path):
    assert private.taken_along(tmp_path, []) == []
    assert private.taken_along(tmp_path, ["raw/x.csv"]) == []

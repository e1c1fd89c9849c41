"""The files around the code agree: README, Makefile, pyproject, lock, environment, citation, changelog."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import vbhc
from vbhc.run.commands import main


@pytest.fixture(scope="module")
def project(repo) -> dict:
    return tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock(repo) -> str:
    return (repo / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def locked(lock) -> list[Requirement]:
    """Every requirement of the lock (one package may stand there once per Python version)."""
    lines = [line.split(" \\")[0].strip() for line in lock.splitlines() if re.match(r"[a-zA-Z0-9]", line)]
    return [Requirement(line) for line in lines]


def wanted(project: dict) -> list[Requirement]:
    extras = project["project"]["optional-dependencies"]
    locked = [extra for name, extra in extras.items() if name not in ("lite", "cluster")]  # for few
    lines = project["project"]["dependencies"] + [line for extra in locked for line in extra]
    return [Requirement(line) for line in lines]


def call(command: list, **options) -> tuple[int, str]:
    """Run a command; return its exit code and all that it said."""
    outside_make = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    options = {"env": outside_make} | options
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    return done.returncode, done.stdout + done.stderr


def targets(repo: Path) -> dict[str, str]:
    lines = re.findall(r"^([a-z-]+):.*? ## (.+)$", (repo / "Makefile").read_text(encoding="utf-8"), re.M)
    return dict(lines)


def test_the_lock_pins_every_package_by_version_and_hash(lock, locked):
    assert len(locked) > 100
    for requirement in locked:
        assert re.fullmatch(r"==[\w.+!]+", str(requirement.specifier)), requirement
    blocks = re.split(r"\n(?=[a-zA-Z0-9])", lock)[1:]
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_lock_names_no_index_and_no_machine(lock):
    assert not re.search(r"index-url|find-links|trusted-host|://|file:|-e ", lock)
    assert "make lock" in lock.splitlines()[1]


def test_the_lock_holds_what_pyproject_asks_for(project, locked):
    versions = {canonicalize_name(requirement.name): requirement.specifier for requirement in locked}
    for requirement in wanted(project):
        pinned = str(versions[canonicalize_name(requirement.name)]).removeprefix("==")
        assert requirement.specifier.contains(pinned), f"{requirement} against {pinned}; run make lock"


def test_what_is_installed_is_the_lock(project, locked):
    here = [r for r in locked if r.marker is None or r.marker.evaluate()]
    versions = {canonicalize_name(r.name): str(r.specifier).removeprefix("==") for r in here}
    for requirement in wanted(project):
        name = canonicalize_name(requirement.name)
        assert metadata.version(requirement.name) == versions[name]


def test_environment_yml_leaves_every_version_to_the_lock(repo, project):
    environment = yaml.safe_load((repo / "environment.yml").read_text(encoding="utf-8"))
    python, pip, packages = environment["dependencies"]
    assert packages == {"pip": ["-r requirements.lock"]}
    assert pip == "pip"
    lowest = project["project"]["requires-python"].removeprefix(">=")
    assert python == f"python={lowest}"


@pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="this environment was made without pip")
def test_the_pip_section_of_environment_yml_runs_as_written(repo, tmp_path):
    environment = yaml.safe_load((repo / "environment.yml").read_text(encoding="utf-8"))
    section = tmp_path / "condaenv.requirements.txt"  # conda writes the section to a file and hands it to pip
    shutil.copy(repo / "requirements.lock", tmp_path)
    section.write_text("\n".join(environment["dependencies"][2]["pip"]), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "-r", str(section)]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(
        command, capture_output=True, text=True, env=plain | {"PIP_CONFIG_FILE": os.devnull}
    )
    assert done.returncode == 0, done.stderr
    assert "Would install" not in done.stdout


def test_every_file_of_the_library_is_packaged(repo, project):
    folder = repo / "lib/vbhc"
    patterns = project["tool"]["setuptools"]["package-data"]["vbhc"]
    packaged = {path for pattern in patterns for path in folder.glob(pattern)}
    hidden = ("__pycache__",)
    there = {p for p in folder.rglob("*") if p.is_file() and not set(hidden) & set(p.parts)}
    assert {p.name for p in there - packaged if p.suffix != ".py"} == set()


def test_one_version_everywhere(repo, project):
    citation = yaml.safe_load((repo / "CITATION.cff").read_text(encoding="utf-8"))
    assert project["project"]["version"] == vbhc.__version__ == citation["version"]
    assert citation["license"] == project["project"]["license"] == "MIT"
    assert citation["authors"] == [{"name": "The vbhc maintainers"}]


def test_the_readme_opens_with_the_two_commands(repo):
    readme = (repo / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```\w*\n(.*?)```", readme, re.S)[1].splitlines()
    assert block[0].split("#")[0].strip() == "make report"
    assert block[1].split("#")[0].strip() == "make test"


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md", "lib/vbhc/run/template_study/README.md"])
def test_every_command_that_a_text_names_exists(repo, file):
    text = (repo / file).read_text(encoding="utf-8")
    code = " ".join(re.findall(r"`([^`]+)`", text)) + "\n".join(re.findall(r"```\w*\n(.*?)```", text, re.S))
    assert set(re.findall(r"\bmake ([a-z-]+)", code)) <= set(targets(repo))
    assert set(re.findall(r"\bvbhc ([a-z]+)", code)) <= set(main.commands)


def test_make_without_a_target_lists_the_targets(repo):
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    _, said = call(["make"], cwd=repo)
    listed = [line.split()[1] for line in said.splitlines()]
    phony = re.search(r"^\.PHONY: (.+)$", (repo / "Makefile").read_text(encoding="utf-8"), re.M)[1].split()
    assert set(listed) == set(phony)
    assert {"report", "test", "lab", "data", "notebooks", "new", "check", "clean", "bench", "lock"} <= set(
        listed
    )


def test_set_up_is_keyed_to_the_content_of_the_lock(repo, tmp_path):
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(repo / name, tmp_path)

    def stamp() -> str:
        done = subprocess.run(
            ["make", "-n", "lint"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return re.search(r"\.venv/ready-\d+", done.stdout)[0]

    before = stamp()
    os.utime(tmp_path / "requirements.lock", (0, 0))
    assert stamp() == before
    (tmp_path / "requirements.lock").write_text("click==8.5.1\n", encoding="utf-8")
    assert stamp() != before
    ready = tmp_path / stamp()
    ready.parent.mkdir()
    ready.touch()
    assert "set-up" not in call(["make", "-n", "lint"], cwd=tmp_path)[1]


def test_continuous_integration_runs_make_test(repo):
    script = repo / ".ci/run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "exec make test"


def test_the_changelog_keeps_changed_results_apart(repo):
    text = (repo / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.index("## [Unreleased]") < text.index("### Changed results")


def test_no_committed_text_names_a_machine_or_an_index(repo):
    code, listed = call(["git", "-C", repo, "ls-files", "-z"])
    if code != 0:
        pytest.skip("not a git checkout")
    home = re.escape(f"{Path.home()}/")
    wrong = re.compile(rf"/(?:root|work)/|(?:extra-)?index-url\s*[ =]\s*http|{home}")
    for name in filter(None, listed.split("\0")):
        path = repo / name
        if path.suffix in (".qdpx", ".png", ".parquet") or not path.is_file():
            continue
        found = wrong.search(path.read_text(encoding="utf-8", errors="replace"))
        assert not found or path == Path(__file__).resolve(), f"{name}: {found[0]}"

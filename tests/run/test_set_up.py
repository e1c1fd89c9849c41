"""A set-up that is killed at any of its steps leaves nothing that keeps the next one from its end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("make") is None or sys.platform == "win32", reason="make is not installed"
)

# Stands for Python, pip and mv. Each call is a step that is counted and leaves half of what it makes; one of
# them, if asked for, kills the set-up there and then, every other makes the other half.
STUB = """\
#!/bin/sh
here=$(dirname "$0")
step() {{
  n=$(($(cat {count} 2>/dev/null || echo 0) + 1)); echo $n >{count}
  if [ "$n" = "${{KILL_AT:-}}" ]; then eval "$1"; kill -9 $PPID; kill -9 $$; fi
  eval "$1"; eval "$2"
}}
name=$(basename "$0")
if [ "$name" = mv ]; then step : "exec {mv} $1 $2"; exit; fi
case "$1 ${{2:-}} ${{3:-}}" in
  "--version  ") echo "Python 3.12.0" ;;
  "-c "*) exec {python} "$@" ;;
  "-m venv "*)
    half="mkdir -p $3/bin; cp $0 $3/bin/python; echo home >$3/pyvenv.cfg"
    step "$half" "touch $3/pip; echo '#!/made/.venv.new/bin/python' >$3/bin/vbhc" ;;
  "-m pip --disable-pip-version-check") test -e "$here/../installed" || {{ echo lacking; exit 1; }} ;;
  "-m pip --version") test -e "$here/../pip" ;;
  "-m pip install")
    case "$*" in
      *" uv") exit 1 ;;
      *) test ! -e "$here/../half" || exit 1
         step "touch $here/../half" "rm $here/../half; echo $* >>$here/../installed" ;;
    esac ;;
esac
"""


@pytest.fixture
def project(repo, tmp_path) -> Path:
    """A folder with the Makefile, and a path on which Python, mv and uv are stand-ins."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(repo / name, tmp_path)
    (tmp_path / "bin").mkdir()
    words = {"count": tmp_path / "count", "mv": shutil.which("mv"), "python": sys.executable}
    for name in ("python3.13", "mv"):
        stub = tmp_path / "bin" / name
        stub.write_text(STUB.format(**words), encoding="utf-8")
        stub.chmod(0o755)
    (tmp_path / "bin/uv").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")  # there, and failing: pip it is
    (tmp_path / "bin/uv").chmod(0o755)
    return tmp_path


def set_up(project: Path, kill_at: int | str = "") -> int:
    """Make the set-up alone; return its exit code."""
    shown = subprocess.run(["make", "-n", "lint"], cwd=project, capture_output=True, text=True, env=plain())
    target = next((word for word in shown.stdout.split() if word.startswith(".venv/ready-")), None)
    if target is None:
        return 0  # nothing to be done
    path = f"{project / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = plain() | {"KILL_AT": str(kill_at), "PATH": path}
    done = subprocess.run(["make", target], cwd=project, capture_output=True, text=True, env=env)
    return done.returncode


def plain() -> dict[str, str]:
    left = ("MAKE", "MFLAGS", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(left)}


def whole(project: Path) -> None:
    venv = project / ".venv"
    assert len((venv / "installed").read_text().splitlines()) == 2
    assert (venv / "pip").exists()
    assert not (venv / "half").exists()
    assert (venv / "bin/vbhc").read_text() == "#!/made/.venv/bin/python\n"
    assert len(list(venv.glob("ready-*"))) == 1
    assert not (project / ".venv.new").exists()
    assert not (project / ".venv.old").exists()


STEPS = 4  # venv, the packages, the library, the renaming


@pytest.mark.parametrize("kill_at", range(1, STEPS + 1))
def test_a_first_set_up_killed_at_a_step_is_made_again(project, kill_at):
    assert set_up(project, kill_at) != 0
    assert not list((project / ".venv").glob("ready-*"))
    (project / "count").unlink()
    assert set_up(project) == 0
    whole(project)


@pytest.mark.parametrize("kill_at", range(1, STEPS + 2))
def test_a_set_up_for_new_versions_leaves_the_old_one_whole_until_its_end(project, kill_at):
    assert set_up(project) == 0
    assert int((project / "count").read_text()) == STEPS
    (project / "count").unlink()
    (project / "requirements.lock").write_text("click==8.5.1\n", encoding="utf-8")
    assert set_up(project, kill_at) != 0
    if kill_at <= STEPS:
        assert (project / ".venv/bin/vbhc").exists()
    (project / "count").unlink()
    assert set_up(project) == 0
    whole(project)


def test_packages_that_uv_put_elsewhere_are_installed_by_pip(project):
    (project / "bin/uv").write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    assert set_up(project) == 0
    whole(project)


def test_a_folder_that_an_older_set_up_left_half_made_is_replaced(project):
    (project / ".venv/bin").mkdir(parents=True)
    shutil.copy(project / "bin/python3.13", project / ".venv/bin/python")
    assert set_up(project) == 0
    whole(project)

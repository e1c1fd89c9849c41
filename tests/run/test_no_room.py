"""A full disk, a folder that nobody may write to: one line and exit status 1, never a traceback."""

from __future__ import annotations

import errno
import os

import pytest
from click.testing import CliRunner
from study_maker import write_study

from vbhc.run import driver, scaffold
from vbhc.run.commands import main


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize(
    ("room", "name", "words"), [(driver, "run_study", ["run", "s"]), (scaffold, "lay_out", ["new", "t"])]
)
def test_what_the_disk_refuses_is_one_line(tmp_path, monkeypatch, repo, code, room, name, words):
    (tmp_path / "notebooks").symlink_to(repo / "notebooks")
    write_study(tmp_path / "data" / "s")
    monkeypatch.setenv("VBHC_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def refused(*_, **__):
        raise OSError(code, os.strerror(code), str(tmp_path / "data" / "s" / "clean"))

    monkeypatch.setattr(room, name, refused)
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"data/s/clean: {os.strerror(code)}; free space or rights to write are needed"
    ]

"""Where a report comes from: data, parameters, packages and commit; the report keeps it as `run.json`.

No clock times and no paths: the same inputs give the same bytes.
"""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import vbhc
from vbhc.publish.notebook_files import title
from vbhc.run.parameters import Settings
from vbhc.run.stamps import data_hashes, hash_file, notebook_source, package_versions
from vbhc.study import Study


def run_info(
    study: Study,
    notebooks: Mapping[str, Path],
    settings: Mapping[str, Settings],
    skipped: Mapping[str, str],
    edition: str,
) -> dict[str, Any]:
    """Return what a reader needs to repeat the run.

    Keys: `study`, `title`, `synthetic`, `edition`, `vbhc`, `python`, `packages`, `lock` (sha256), `commit`
    (None outside git), `data` (sha256 by file), `notebooks` (question, sha256 of the source, effective
    `parameters`, those that were `changed` from outside, what each means), `skipped` (reason by notebook).
    """
    packages = package_versions()
    return {
        "study": study.name,
        "title": study.config.title,
        "synthetic": study.config.synthetic,
        "edition": edition,
        "vbhc": vbhc.__version__,
        "python": packages.pop("python"),
        "packages": packages,
        "lock": hash_file(study.root / "requirements.lock"),
        "commit": commit(study.root),
        "data": data_hashes(study),
        "notebooks": {
            name: {
                "question": study.config.question_of(name) or title(notebooks[name]),
                "sha256": notebook_source(notebooks[name]),
                "parameters": settings[name].effective,
                "changed": sorted(set(settings[name].overrides) - {"study"}),
                "help": settings[name].help,
            }
            for name in notebooks
            if name not in skipped
        },
        "skipped": dict(skipped),
    }


def commit(root: Path) -> str | None:
    """Return the short commit of the project, with `-dirty` when files differ from it; None without git."""
    described = ["describe", "--always", "--exclude=*", "--dirty", "--abbrev=10"]
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *described], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None

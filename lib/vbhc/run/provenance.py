"""Where a report comes from: data, parameters, packages and commit; the report keeps it as `run.json`.

No clock times and no paths: the same inputs give the same bytes.
"""

import subprocess
from pathlib import Path
from typing import Any

import vbhc
from vbhc.publish.notebook_files import title
from vbhc.run.plan import Plan
from vbhc.run.stamps import data_hashes, hash_file, notebook_source, package_versions


def run_info(plan: Plan, waiting: dict[str, str], edition: str) -> dict[str, Any]:
    """Return what a reader needs to repeat the run, without notebooks that are `waiting` (why, by name).

    Keys: `study`, `title`, `synthetic`, `edition`, `vbhc`, `python`, `packages`, `lock` (sha256), `commit`
    (None outside git), `data` (sha256 by file), `notebooks` (question, sha256 of the source, effective
    `parameters`, those that were `changed` from outside, what each means), `skipped` (reason by notebook).
    """
    study, packages, skipped = plan.study, package_versions(), plan.skipped | waiting
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
                "question": study.config.question_of(name) or title(path),
                "sha256": notebook_source(path),
                "parameters": plan.settings[name].effective,
                "changed": sorted(set(plan.settings[name].overrides) - {"study"}),
                "help": plan.settings[name].help,
            }
            for name, path in plan.notebooks.items()
            if name not in skipped
        },
        "skipped": skipped,
    }


def commit(root: Path) -> str | None:
    """Return the short commit of the project, with `-dirty` when files differ from it; None without git."""
    described = ["git", "-C", str(root), "describe", "--always", "--exclude=*", "--dirty", "--abbrev=10"]
    try:
        done = subprocess.run(described, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None

"""Content stamps: what a notebook's result depends on, hashed, so that only what changed is run again.

Times of files play no part: a fresh clone, a `touch` or a copied folder changes nothing.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from typing import Any
from unicodedata import category

import vbhc
from vbhc.publish.notebook_files import read_cells, tags
from vbhc.run.files import replace_text
from vbhc.study import Study

LIBRARY = Path(vbhc.__file__).parent
# Made by the suite, so no input.
MADE = ("clean", "runs")
# Shown by the report only; no notebook reads them.
DOCUMENTS = ("README.md", "notes.md")
# Parts of the library around the notebooks. No other module may import them (a test holds that).
AROUND = ("cli", "report", "run", "synthetic", "simulate")


def hash_file(path: Path) -> str:
    """Return the sha256 of a file, as hex; empty where there is no file."""
    if not path.is_file():
        return ""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def hash_files(folder: Path, leave_out: Iterable[str] = ()) -> dict[str, str]:
    """Return the sha256 of every file below a folder by its relative path, sorted.

    Hidden files, compiled Python and what lies directly in a folder or file of `leave_out` are not counted.
    """
    hashes, leave_out = {}, set(leave_out)
    for place, folders, names in os.walk(folder):
        top = place == str(folder)
        left = leave_out if top else ()
        folders[:] = [one for one in folders if _counts(one) and one not in left]
        below = "" if top else f"{os.path.relpath(place, folder)}/".replace(os.sep, "/")
        for name in names:
            if _counts(name) and name.removesuffix(".py") not in left:
                hashes[_seen(below + name)] = hash_file(Path(place, name))
    return dict(sorted(hashes.items()))


def _seen(name: str) -> str:
    """Write what nobody sees in a file's name, such as bytes that are no letters, as its number."""
    return "".join(ascii(one)[1:-1] if category(one).startswith("C") else one for one in name)


def _counts(name: str) -> bool:
    return not name.startswith(".") and name != "__pycache__"


def hash_values(values: Any) -> str:
    """Return the sha256 of plain values (texts, numbers, dates, lists, mappings in any order)."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def notebook_source(path: Path) -> str:
    """Return the hash of what a notebook says and does: its cells and tags, not their outputs."""
    return hash_values([(cell["cell_type"], cell["source"], tags(cell)) for cell in read_cells(path)])


def data_hashes(study: Study) -> dict[str, str]:
    """Return the sha256 of every file that the study's results depend on."""
    return hash_files(study.folder, (*MADE, *DOCUMENTS))


def study_parts(study: Study, files: Mapping[str, str], stakeholders: bool = True) -> dict[str, str]:
    """Return the hashes of what notebooks read of a study.

    Of study.yml counts what it declares: neither comments, nor the parameters of single notebooks, which
    are parts of those notebooks.

    Parameters
    ----------
    files : mapping
        Its `data_hashes`.
    stakeholders : bool
        Whether the interviews and the survey belong to it, their files and what study.yml says of them. The
        files beside them (`joint_display.csv` ...) always do.
    """
    config, files = replace(study.config, notebooks={}), dict(files)
    if not stakeholders:
        own = stakeholder_files(study)
        files = {name: found for name, found in files.items() if not _is_one(name, own)}
        surveyed = config.survey.source if config.survey else None
        patients = {name: source for name, source in config.sources.items() if name != surveyed}
        config = replace(config, sources=patients, survey=None, interviews=None)
    return files | {"study.yml": hash_values(asdict(config))}


def stakeholder_files(study: Study) -> tuple[str, ...]:
    """Return the files (or folders) of the interviews and of the survey, as study.yml names them.

    A file that another source reads too is left out.
    """
    config = study.config
    surveyed = config.survey.source if config.survey else None
    plan = config.interviews
    named = [plan.file, plan.participants] if plan else []
    named += [source.file for name, source in config.sources.items() if name == surveyed]
    others = {source.file for name, source in config.sources.items() if name != surveyed}
    return tuple(name for name in named if name not in others)


def _is_one(name: str, files: Iterable[str]) -> bool:
    """Whether a file is one of these, or lies in one that is a folder."""
    return any(name == file or name.startswith(f"{file.rstrip('/')}/") for file in files)


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that the library names as its dependencies."""
    versions = {"python": ".".join(map(str, sys.version_info[:3]))}
    needed = (line for line in metadata.requires("vbhc") or () if "extra ==" not in line)
    names = (re.split(r"[\[<>=!~ ;]", line)[0] for line in needed)
    return versions | {name: metadata.version(name) for name in names}


def environment_parts(root: Path) -> dict[str, str]:
    """Return the hashes of what all notebooks share: the library, the lock and the installed versions."""
    return {
        "the library": hash_values(hash_files(LIBRARY, AROUND)),
        "requirements.lock": hash_file(root / "requirements.lock"),
        "installed packages": hash_values(package_versions()),
    }


def why_changed(entry: Mapping[str, Any] | None, now: Mapping[str, Any]) -> str:
    """Return what makes a result out of date, in words for the progress line; `entry` is its last stamp."""
    if entry is None:
        return "not run yet"
    before = entry["parts"]
    changed = [name for name in now if before.get(name) != now[name]]
    changed += [name for name in before if name not in now]
    return f"{', '.join(changed)} changed" if changed else "its result is missing or was altered"


def read_stamps(path: Path) -> dict[str, Any]:
    """Return what the last runs left; nothing where the file is absent or not readable."""
    empty: dict[str, Any] = {"notebooks": {}, "reports": {}}
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return empty
    return stored if isinstance(stored, dict) and set(stored) == set(empty) else empty


def write_stamps(path: Path, stamps: Mapping[str, Any]) -> None:
    """Write the stamps in one step, so that a kill leaves the old or the new ones, never half."""
    replace_text(path, json.dumps(stamps, indent=1, ensure_ascii=False, sort_keys=True) + "\n")

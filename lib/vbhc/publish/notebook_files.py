"""The notebooks on disk: where they lie, in which order, and what their cells hold.

Reads `.ipynb` with `json` alone: nbformat costs a quarter of a second that "nothing changed" does not have.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from vbhc.problems import Problem, StudyError, did_you_mean

SUMMARY = "06-summary"
SPREAD = "06b-what-changed"
OUTCOMES = "01b-outcomes"  # of the walk, though of a study without a value quota only
_NUMBERED = "[0-9][0-9]*-*.ipynb"


def leave_out_grammars() -> None:
    """Spare nbformat's checks of notebooks a grammar of web addresses, which takes a second to build.

    jsonschema builds it where that package is there, for a kind of value that no notebook has. To be called
    before nbformat is imported.
    """
    sys.modules.setdefault("rfc3987_syntax", None)


def find_notebooks(folder: Path) -> dict[str, Path]:
    """Return the numbered notebooks of `folder` by name: each of the walk, then its companions in `more/`.

    The summary and its companions come last whatever their number, because they read what all others found.
    """
    paths = [*folder.glob(_NUMBERED), *folder.glob(f"more/{_NUMBERED}")]
    found = {path.stem: path for path in paths}
    if not found:
        raise StudyError([Problem(folder.name, "no notebooks", "files named like 02-value-quota.ipynb")])
    return {name: found[name] for name in sorted(found, key=lambda name: (reads_all(name), name))}


def walk_number(name: str) -> str:
    """Return the number in the walk that a notebook or its companion carries: "02" of "02a-costs".

    >>> walk_number("02a-costs"), walk_number("01b-outcomes")
    ('02', '01b')
    """
    return name[:3] if name == OUTCOMES else name[:2]


def is_companion(name: str) -> bool:
    """Whether a notebook is a companion (`02a-costs`) rather than one of the walk (`02-value-quota`)."""
    return not name.removeprefix(walk_number(name)).startswith("-")


def reads_all(name: str) -> bool:
    """Whether a notebook reads what the others found: the summary and its companions."""
    return walk_number(name) == walk_number(SUMMARY)


def read_cells(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook, each with its source as one text."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (json.JSONDecodeError, KeyError, UnicodeDecodeError) as error:
        fault = Problem(f"notebooks/{path.name}", "not readable as a notebook", str(error))
        raise StudyError([fault]) from error
    return [{**cell, "source": "".join(cell.get("source", ""))} for cell in cells]


def tags(cell: dict[str, Any]) -> list[str]:
    """Return the tags of a cell."""
    return cell.get("metadata", {}).get("tags", [])


def title(path: Path) -> str:
    """Return a notebook's title: its first heading, which is the question that it answers."""
    for cell in read_cells(path):
        for line in cell["source"].splitlines():
            if cell["cell_type"] == "markdown" and line.startswith("# "):
                return line.removeprefix("# ").strip()
    return path.stem


def match_notebook(wanted: str, known: dict[str, Path]) -> str:
    """Return the notebook called `wanted`: its name, its number (`03`, `3`) or its file name.

    Raises
    ------
    StudyError
        When none is meant, with the nearest name.
    """
    wanted = Path(wanted).name.removesuffix(".ipynb")
    wanted = f"0{wanted}" if re.fullmatch(r"\d(\D.*)?", wanted) else wanted
    hits = [name for name in known if wanted in (name, name.partition("-")[0], name.partition("-")[2])]
    if len(hits) == 1:
        return hits[0]
    raise StudyError([Problem("--only", f"no notebook {wanted!r}", did_you_mean(wanted, known))])

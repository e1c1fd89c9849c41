"""What was published before the pages were rewritten has a new place, or is named as dropped."""

from __future__ import annotations

import csv

import nbformat
import pytest
from places import NOTEBOOKS, REPO

from vbhc.publish.findings.marks import marked_outputs

LISTS = sorted((REPO / "tests/oracles/ids").glob("*.csv"))
COMMITTED = [*NOTEBOOKS.glob("0*.ipynb"), *NOTEBOOKS.glob("more/0*.ipynb")]
DROPPED = "dropped: "


def published() -> set[str]:
    return {
        f"{path.stem}#{finding['id']}"
        for path in COMMITTED
        for _, _, finding in marked_outputs(nbformat.read(path, as_version=4))
    }


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_what_was_published_is_on_a_page_or_named_as_dropped(path):
    now, changes = published(), (REPO / "CHANGELOG.md").read_text(encoding="utf-8")
    lost = []
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        if row["now"].startswith(DROPPED):
            lost += [row["id"]] if f"`{row['id']}`" not in changes else []
        elif "(" not in row["now"] and row["now"] not in now:  # in brackets: shown for another shipped study
            lost.append(f"{row['id']}: {row['now']}")
    assert lost == []

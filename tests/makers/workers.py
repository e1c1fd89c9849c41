"""Which worker gets which tests: all of a file to one, and the files with whole runs first."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from xdist.scheduler import LoadScopeScheduling

# Files whose tests share whole runs of a study, so that one process makes each run once.
RUNS = ("test_attack_report", "test_end_to_end", "test_shipped_reports", "test_summary_pages")
# Files that start kernels or processes of their own, or simulate: what starts late must be short.
HEAVY = (
    "test_run",
    "test_report_in_browser",
    "test_project_files",
    "test_cli",
    "test_multiverse",
    "test_unlike",
)


def group(nodeid: str) -> str:
    """Return what shares a worker with a test: "runs", or its file."""
    file = nodeid.partition("::")[0]
    return "runs" if PurePosixPath(file).stem in RUNS else file


def heavy_first(item: pytest.Item) -> int:
    """Return a place in the queue: the whole runs, the other heavy files, then the rest."""
    name = item.path.stem
    return 0 if name in RUNS else 1 + HEAVY.index(name) if name in HEAVY else 1 + len(HEAVY)


class ByFile(LoadScopeScheduling):
    """Hand out whole groups in the order of collection.

    The groups that tests can be marked with do not reach xdist 3.8 under pytest 9.2: it adds them to a name
    (`item._nodeid`) that pytest no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)

"""A second program opens what is written, and what it writes back is read as the same project.

Skipped where pyrefiqda (PyPI) is not installed; it is no dependency.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from vbhc import interviews
from vbhc.interviews.tables import Interviews

tool = pytest.importorskip("pyrefiqda")

INVENTED = Path(__file__).parents[2] / "data" / "heart-failure" / "raw" / "interviews.qdpx"


def codings(coded: Interviews) -> pd.DataFrame:
    """What was coded where and by whom, in one order."""
    columns = ["doc", "start", "end", "code", "coder"]
    joined = coded.codings.merge(coded.segments, on="seg")
    joined["doc"] = joined["doc"].map(coded.documents.set_index("doc")["text"])
    return joined[columns].sort_values(columns).reset_index(drop=True)


def test_another_program_opens_what_is_written(tmp_path):
    if not INVENTED.exists():
        pytest.skip("the invented study is not there")
    before = interviews.read(INVENTED)
    ours = interviews.write_qdpx(before, tmp_path / "ours.qdpx")
    opened = tool.RefiProject.load(ours, str(tmp_path / "there"))
    marked = [coding for source in opened.sources.text_source for part in source.plain_text_selection
              for coding in part.coding]  # fmt: skip
    assert len(marked) == len(before.codings) > 0
    assert len(opened.cases.case) == len(before.participants)
    tool.RefiProject.save(opened, tmp_path / "back.qdpx", tmp_path / "there" / "sources")
    back = interviews.read(tmp_path / "back.qdpx")
    pd.testing.assert_frame_equal(codings(back), codings(before))
    pd.testing.assert_frame_equal(back.participants, before.participants)


def test_a_copy_among_the_sources_is_not_the_project(tmp_path):
    if not INVENTED.exists():
        pytest.skip("the invented study is not there")
    opened = tool.RefiProject.load(INVENTED, str(tmp_path / "there"))
    tool.RefiProject.save(opened, tmp_path / "copied.qdpx", tmp_path / "there")  # takes project.qde along
    assert len(interviews.read(tmp_path / "copied.qdpx").codings) == len(interviews.read(INVENTED).codings)

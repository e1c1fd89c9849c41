"""A sound study spoilt in sixty ways: nothing breaks, no row is lost unseen, every planted fault is told."""

from __future__ import annotations

import mutants
from places import DATA


def test_sixty_spoilt_studies_are_told_rightly(tmp_path):
    studies = [DATA / "heart-failure", DATA / "hip-hospitals"]
    assert [one for one in mutants.fuzz(studies, tmp_path, range(60)) if one.wrong] == []

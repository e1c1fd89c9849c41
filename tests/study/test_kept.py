"""What several notebooks need is made once, of one content, and forgotten with the table it was made of."""

import numpy as np
import pandas as pd
import pytest
from study_maker import small_study

from vbhc.chapters.value import missing_data
from vbhc.statistics.imputation import impute
from vbhc.study.kept import FOLDER, forget, kept


def test_the_same_content_is_made_once(tmp_path):
    study, made = small_study(tmp_path), []

    def make():
        made.append(1)
        return np.array([1.5, np.nan])

    for _ in range(2):
        np.testing.assert_array_equal(kept(study, [b"a", b"b"], make), [1.5, np.nan])
    assert len(made) == 1
    kept(study, [b"ab"], make)  # the same bytes, otherwise divided
    assert len(made) == 2
    files = list((study.runs / FOLDER).iterdir())
    assert len(files) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)  # the user's own
    forget(study)
    kept(study, [b"a", b"b"], make)
    assert len(made) == 3


@pytest.mark.parametrize("large", [10, 10_000])
def test_what_is_kept_is_what_would_be_filled_in(tmp_path, monkeypatch, large):
    monkeypatch.setattr(missing_data, "LARGE", large)
    rng = np.random.default_rng(4)
    before = rng.normal(40, 10, 200)
    after = np.where(rng.random(200) < 0.3, np.nan, before + rng.normal(5, 5, 200))
    frame = pd.DataFrame({"before": before, "after": after}, index=range(5, 205))
    frame["cost"] = frame["before"].mask(frame["before"] > 50)
    expected = impute(frame, 3, seed=7, rounds=2)
    asked = 9 if large == 10 else 2  # a large study takes two rounds, however many are asked for
    study = small_study(tmp_path)
    for _ in range(2):
        for one, other in zip(missing_data.imputed(study, frame, 3, 7, asked), expected, strict=True):
            pd.testing.assert_frame_equal(one, other)
    assert (study.runs / FOLDER).exists() == (large == 10)

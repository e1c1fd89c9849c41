"""What several notebooks need is made once, of one content, and forgotten with the table it was made of."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from study_maker import small_study

from vbhc.chapters.perception.multiverse import curve
from vbhc.chapters.perception.multiverse.definitions import Outcome, define
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


MAKE = """
import sys, time
import numpy as np
from pathlib import Path
from vbhc.study import load_study
from vbhc.study.kept import kept

def make():
    print("making", flush=True)
    time.sleep(float(sys.argv[2]))
    return np.array([1.0])

print(kept(load_study(sys.argv[1]), [b"same"], make), flush=True)
"""


def asking(study, seconds):
    command = [sys.executable, "-c", MAKE, str(study.folder), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_of_two_that_ask_at_once_one_makes_and_the_other_waits(tmp_path):
    study = small_study(tmp_path)
    both = [asking(study, 2), asking(study, 2)]
    said = sorted(one.communicate(timeout=60)[0] for one in both)
    assert said == ["[1.]\n", "making\n[1.]\n"]
    assert [path.suffix for path in (study.runs / FOLDER).iterdir()] == [".npy"]


def test_one_that_is_killed_blocks_nobody(tmp_path):
    study = small_study(tmp_path)
    first = asking(study, 600)
    assert first.stdout.readline() == "making\n"
    second = asking(study, 0)
    with pytest.raises(subprocess.TimeoutExpired):  # it waits as long as the first one lives
        second.wait(1.5)
    first.kill()
    assert second.communicate(timeout=60)[0] == "making\n[1.]\n"
    first.communicate()
    assert [path.suffix for path in (study.runs / FOLDER).iterdir()] == [".npy"]


def test_the_multiverse_of_a_large_study_is_computed_once_for_its_columns_and_its_table(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(curve, "LARGE", 50)
    rng, study = np.random.default_rng(3), small_study(tmp_path)
    before, after, cost, said = (pd.Series(rng.normal(50, 9, 60).round()) for _ in range(4))
    made = define({"score": Outcome(before, after)}, {"all": cost}, {"said": said})
    fewer = made._replace(table=made.table.iloc[::2].reset_index(drop=True))
    other = define({"score": Outcome(before, after + (before > 50))}, {"all": cost}, {"said": said})
    for count, one in enumerate((made, fewer, other), 1):
        for _ in range(2):
            pd.testing.assert_frame_equal(curve.run(one, study), curve.run(one))
        assert len(list((study.runs / FOLDER).iterdir())) == count
    monkeypatch.setattr(curve, "LARGE", 61)
    forget(study)
    curve.run(made, study)
    assert not (study.runs / FOLDER).exists()

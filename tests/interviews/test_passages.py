"""One passage whatever its borders: agreement and meeting codes do not hang on single letters."""

from __future__ import annotations

import pandas as pd
import pytest

from vbhc import interviews
from vbhc.chapters.stakeholders.coders import coder_agreement, letters_alike
from vbhc.interviews.derived import cooccurrence, passages, same_ends


def marked(folder, rows: list[tuple]) -> interviews.Interviews:
    table = pd.DataFrame(rows, columns=["document", "code", "coder", "start", "end"])
    table.to_csv(folder / "x.csv", index=False)
    return interviews.read(folder / "x.csv")


def two_coders(folder, off: int) -> interviews.Interviews:
    """80 passages in ten interviews, four codes in turn, the second coder ends each `off` letters later."""
    rows = [
        (f"D{n // 8}", f"C{n % 4}", coder, 100 * (n % 8) + 10, 100 * (n % 8) + 70 + off * (coder == "B"))
        for n in range(80)
        for coder in "AB"
    ]
    return marked(folder, rows)


@pytest.mark.parametrize(("off", "same"), [(0, 80), (1, 0), (20, 0)])
def test_a_letter_more_changes_no_agreement(tmp_path, off, same):
    """Before, places had to be identical: one letter took alpha from 1.00 to -0.12."""
    coded = two_coders(tmp_path, off)
    table = coder_agreement(coded, sorted(set(coded.codings["code"])), n_resamples=20)
    assert table["n"].tolist() == [80] * 4
    assert table["alpha"].tolist() == [1.0] * 4
    assert same_ends(coded) == (same, 80)
    letters = letters_alike(coded).set_index("statistic")["estimate"]
    assert letters["cu"] == pytest.approx(1)
    assert letters["binary"] > (0.97 if off < 2 else 0.4)


def test_places_that_share_less_than_half_of_the_longer_stay_apart(tmp_path):
    rows = [
        ("D", "X", "A", 0, 100),
        ("D", "X", "B", 51, 151),
        ("D", "X", "B", 200, 260),
        ("D", "X", "A", 230, 260),
    ]
    found = passages(marked(tmp_path, rows))
    assert found.nunique() == 3  # 49 of 100 letters: apart; 30 of 60: one
    assert passages(marked(tmp_path, [("D", "X", "A", 0, 9), ("E", "X", "B", 0, 9)])).nunique() == 2


def test_codes_meet_where_one_passage_holds_half_of_the_other(tmp_path):
    """By hand: X on a long passage, Y inside it; Y alone elsewhere; another coder's Y does not count."""
    rows = [
        ("D", "X", "A", 0, 100),
        ("D", "Y", "A", 10, 40),
        ("D", "Y", "A", 200, 240),
        ("D", "Z", "B", 10, 40),
    ]
    table = cooccurrence(marked(tmp_path, rows), ["X", "Y", "Z"]).set_index(["code_a", "code_b"])
    assert table.loc[("X", "Y"), ["n_a", "n_b", "n_both", "k_both", "c"]].tolist() == [1, 2, 1, 1, 0.5]
    assert table.loc[("X", "Z"), "n_both"] == 0
    late = [(d, code, coder, start, end + (code == "Y")) for d, code, coder, start, end in rows]
    again = cooccurrence(marked(tmp_path, late), ["X", "Y", "Z"]).set_index(["code_a", "code_b"])
    assert again["c"].tolist() == table["c"].tolist()

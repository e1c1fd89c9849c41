"""Agreement counted by letters: by hand, letter by letter in fractions, and where borders move by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from vbhc.statistics.agreement import unitizing

COLUMNS = ["doc", "coder", "value", "start", "end"]


def found(rows: list[tuple], length: int = 200) -> dict[str, float]:
    marks = pd.DataFrame(rows, columns=COLUMNS)
    return (
        unitizing(marks, pd.Series(length, index=marks["doc"].unique()))
        .set_index("statistic")["estimate"]
        .to_dict()
    )


def by_letters(rows: list[tuple], length: int) -> tuple[Fraction, Fraction]:
    """Both coefficients of Krippendorff et al. 2016 (eqs. 1, 4, 6, 10, 11), letter by letter."""
    coders = sorted({row[1] for row in rows})
    m = len(coders)
    value = {c: [""] * length for c in coders}
    for _, c, v, start, end in rows:
        value[c][start:end] = [v] * (end - start)
    pairs: dict[tuple, Fraction] = {}
    for one, other in permutations(coders, 2):
        for a, b in zip(value[one], value[other], strict=True):
            pairs[a, b] = pairs.get((a, b), 0) + Fraction(1, m - 1)
    units = [(c, start, end) for _, c, _, start, end in rows]
    gaps = sum(letters.count("") for letters in value.values())
    inside = gaps + sum((end - start) ** 2 for _, start, end in units)
    shared = sum(
        Fraction(sum(value[other][at] != "" for at in range(start, end)) ** 2, m - 1)
        for c, start, end in units
        for other in coders
        if other != c
    )
    binary: dict[tuple, Fraction] = {}
    for (a, b), n in pairs.items():
        binary[a != "", b != ""] = binary.get((a != "", b != ""), 0) + n
    coded = {pair: n for pair, n in pairs.items() if "" not in pair}
    return _alpha(binary, inside), _alpha(coded, shared)


def _alpha(pairs: dict[tuple, Fraction], inside: Fraction) -> Fraction:
    total, margins = sum(pairs.values()), {}
    for (a, _), n in pairs.items():
        margins[a] = margins.get(a, 0) + n
    expected = Fraction(total**2 - sum(n**2 for n in margins.values())) / (total - Fraction(inside) / total)
    return 1 - sum(n for (a, b), n in pairs.items() if a != b) / expected


@pytest.mark.parametrize("coders", ["AB", "ABC"])
def test_both_coefficients_equal_those_of_single_letters(coders):
    rng = np.random.default_rng(3)
    rows = []
    for coder in coders:
        at = 0
        while (at := at + int(rng.integers(1, 9))) < 180:
            end = min(at + int(rng.integers(3, 20)), 200)
            rows.append(("d", coder, str(rng.choice(list("xyz"))), at, end))
            at = end
    binary, cu = by_letters(rows, 200)
    assert found(rows) == pytest.approx({"binary": float(binary), "cu": float(cu)})


def test_the_same_marks_agree_fully_and_a_letter_more_is_little():
    """80 passages of 60 letters by two coders, codes in turn; one coder ends each a letter later."""
    rows = [("d", c, "xyz"[n % 3], 100 * n + 10, 100 * n + 70) for n in range(80) for c in "AB"]
    assert found(rows, 8_000) == pytest.approx({"binary": 1, "cu": 1})
    late = [(d, c, v, start, end + (c == "B")) for d, c, v, start, end in rows]
    assert found(late, 8_000)["cu"] == pytest.approx(1)
    assert found(late, 8_000)["binary"] > 0.97


def test_other_codes_on_the_same_places_agree_on_the_places_alone():
    rows = [("d", c, "xy"[(n + (c == "B")) % 2], 20 * n, 20 * n + 9) for n in range(8) for c in "AB"]
    both = found(rows)
    assert both["binary"] == pytest.approx(1)
    assert both["cu"] < 0


def test_texts_are_added_and_who_reads_alone_counts_nowhere():
    one = [("d", "A", "x", 0, 9), ("d", "B", "x", 0, 5), ("d", "A", "y", 20, 30), ("d", "B", "x", 20, 30)]
    alone = [("e", "A", "x", 0, 50)]
    assert found(one + alone) == pytest.approx(found(one))
    assert found(alone) == pytest.approx({"binary": float("nan"), "cu": float("nan")}, nan_ok=True)


def test_two_codes_on_a_letter_are_a_value_of_their_own():
    rows = [("d", c, v, 0, 10) for c in "AB" for v in "xy"] + [("d", c, "x", 20, 30) for c in "AB"]
    assert found(rows) == pytest.approx({"binary": 1, "cu": 1})
    other = [*rows[:1], *rows[2:]]
    assert found(other)["binary"] == pytest.approx(1)
    assert found(other)["cu"] < 1

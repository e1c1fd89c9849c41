"""How closely the rounded interval of a coefficient tells how many people it is of."""

import numpy as np
import pandas as pd
import pytest

from vbhc.publish.disclosure.intervals import fewest_open
from vbhc.publish.disclosure.masking import masked
from vbhc.statistics.correlation.rank import spearman


def said(r, n, digits=2):
    """A correlation of n people as a sentence gives it, by the textbook formula (Fisher)."""
    ends = np.tanh(np.arctanh(r) + np.array([-1, 1]) * 1.959964 / np.sqrt(n - 3))
    return f"r = {r:.{digits}f} (95% CI {ends[0]:.{digits}f} to {ends[1]:.{digits}f})"


def by_trial(r, n):
    """How many numbers of people give the same sentence for some correlation that rounds to the same."""
    target = said(round(r, 2), n)
    near = np.linspace(round(r, 2) - 0.005, round(r, 2) + 0.005, 401)[1:-1]
    return sum(any(said(one, m) == target for one in near) for m in range(5, 4 * n))


@pytest.mark.parametrize(("r", "n"), [(0.29, 40), (0.29, 166), (-0.6, 85)])
def test_as_many_are_open_as_trial_finds_or_fewer(r, n):
    """Fewer where the formula of another coefficient fits, which an outsider may know to be the one used."""
    assert 1 <= fewest_open(said(r, n)) <= by_trial(r, n) + 1


def test_more_decimals_and_fewer_people_leave_less_open():
    assert fewest_open(said(0.29, 30)) < fewest_open(said(0.29, 166))
    assert fewest_open(said(0.29, 166, digits=3)) < 10 <= fewest_open(said(0.29, 166))


def test_the_librarys_own_rank_correlation_is_read():
    rng = np.random.default_rng(3)
    x = pd.Series(rng.normal(size=166))
    found = spearman(x, x + rng.normal(size=166) * 2).iloc[0]
    text = f"ρ = {found['estimate']:.3f} (95% CI {found['low']:.3f} to {found['high']:.3f}), n = 166."
    assert fewest_open(text) < 10
    assert masked(text, [166]) is None
    text = f"ρ = {found['estimate']:.2f} (95% CI {found['low']:.2f} to {found['high']:.2f}), n = 166."
    assert masked(text, [166]) == text.replace("166", "*")


def test_a_level_that_is_named_otherwise_is_read_as_well():
    """As claims have it: "(ρ = 0.90, 95% interval 0.65 to 0.97, n = 11)"."""
    named = said(0.9, 11)
    claimed = named.replace(" (95% CI ", ", 95% interval ")
    assert fewest_open(claimed) == fewest_open(named) < 10
    kept = "The tie is 0.25 (95% interval 0.10 to 0.39, n = 166)."
    assert masked(kept, [166]) == kept.replace("166", "*")


@pytest.mark.parametrize(
    "text", ["2.25 points (95% CI 1.64 to 2.95)", "No interval at all.", "0.5 (0.2, 0.8)"]
)
def test_other_numbers_leave_everything_open(text):
    assert fewest_open(text) == np.inf

"""The note under the reliabilities says what pingouin's default would do to them."""

import pandas as pd

from vbhc.chapters.cleaning.scale_quality import alpha_note
from vbhc.publish.disclosure.policies import get_policy

ALPHAS = pd.DataFrame({"alpha": [0.9, 0.5], "by_pairs": [0.901, 0.55], "n": [200, 4]})


def test_the_note_tells_how_far_alpha_would_move():
    assert "alpha would move by up to 0.05, and" in alpha_note(ALPHAS, get_policy("none"))
    assert "alpha would move by less than 0.01" in alpha_note(ALPHAS.head(1), get_policy("none"))


def test_the_note_is_silent_on_those_who_are_too_few():
    protects = get_policy("nhs-proms")
    assert "by less than 0.01" in alpha_note(ALPHAS, protects)
    assert alpha_note(ALPHAS.tail(1), protects).endswith("from their number.")

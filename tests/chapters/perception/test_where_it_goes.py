"""What makes the tie as large as it is: steps, ceiling and coefficients, on data that break each of them."""

import numpy as np
import pandas as pd
import pytest
from shown_maker import said_of

from vbhc.chapters import perception
from vbhc.chapters.perception.layout import WORDS
from vbhc.chapters.perception.where import Noise, largest_step
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.disclosure.policies import OPEN, get_policy
from vbhc.publish.either import picked
from vbhc.statistics.correlation.waterfall import step_table
from vbhc.study import Study
from vbhc.study.config import Config, Perception

VQ = Definition("score", "gain", "score_change", "Score, gain", "points", 1, "cost_eur", "EUR", 2011, 1000)
SILENT = Noise(None, None, "")


@pytest.fixture
def study(tmp_path):
    seen = Perception("rating", "higher is better", "Rating of the result")
    return Study("s", tmp_path, Config("t", perception=seen), {})


def frame(n=60, seed=1):
    rng = np.random.default_rng(seed)
    outcome, cost = pd.Series(rng.normal(10, 8, n)), pd.Series(np.exp(rng.normal(8, 0.5, n)))
    perceived = (0.1 * outcome + rng.normal(0, 1, n)).round()
    return pd.DataFrame({"answer": perceived, "outcome": outcome, "cost": cost, "VQ": 1000 * outcome / cost})


def test_the_largest_step_is_named_with_what_it_does():
    steps = step_table([("with the gain", 0.5), ("spread of cost", 0.3), ("whose care cost more", 0.32),
                        ("with the value quota", 0.32)], 9)  # fmt: skip
    assert largest_step(steps) == "The largest step: 'spread of cost' takes away 0.20"
    more = steps.assign(change=[0.3, 0.01, 0.09, 0.4])
    assert largest_step(more) == "The largest step: 'whose care cost more' adds 0.09"
    none = steps.assign(change=[0.3, 0.0, 0.0, 0.3])
    assert largest_step(none) == "No step changes the correlation by 0.01"


def test_steps_ceiling_and_answer_agree(study):
    known = frame()
    steps = perception.follow_the_tie(known, SILENT, seed=1)
    limits = perception.largest_possible(known, SILENT, seed=1)
    ties = perception.three_ties(known)
    seen = f"{ties['estimate'].iloc[2]:.2f}"
    size = perception.how_large(study, VQ, known, limits)
    answer = said_of(perception.why_answer(study, VQ, steps, limits, ties))
    assert f"it is {seen} (n = 60)" in said_of(size)
    assert "it is 0.3 (n = 60)" in said_of(size, get_policy("nhs-proms"))  # of fewer than 100
    assert (
        f"and {seen} with the value quota; had it gone perfectly with the gain, the latter would be" in answer
    )
    drawn = perception.steps_drawn(study, VQ, steps).drawing.data
    assert drawn["step"].iloc[0] == "with the gain"
    assert drawn["end"].iloc[-1] == pytest.approx(ties["estimate"].iloc[2])


def test_a_tie_above_the_ceiling_is_said_to_follow_cost_too(study):
    known = frame()
    known["answer"] = known["VQ"].rank()
    limits = perception.largest_possible(known, SILENT, seed=1)
    assert "the answers go with cost too." in perception.how_large(study, VQ, known, limits).says[0]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ([1.0, 0.91, 0.83], "would be 0.83, kept down by the spread of cost and the noise of the measures;"),
        ([0.9, 0.9, 0.9], "would be 0.90, kept down by ties among the answers;"),
        ([1.0, 1.0, 1.0], "would be 1.00; it is"),
    ],
)
def test_only_limits_that_take_something_are_named(study, limits, words):
    table = pd.DataFrame({"estimate": limits, "reason": ""})
    said = perception.how_large(study, VQ, frame(), table).says[0]
    assert said.startswith(
        "Had rating of the result gone perfectly with the gain, its correlation with the value"
    )
    assert words in said


def test_reliabilities_that_are_too_low_are_said_to_be_so(study):
    known = frame()
    known["answer"] = known["outcome"].rank()
    steps = perception.follow_the_tie(known, Noise(0.3, 0.3, ""), seed=1)
    assert perception.steps_drawn(study, VQ, steps).drawing.caption.endswith(f" {WORDS['too low']}")


@pytest.mark.parametrize(
    "broken",
    [
        lambda f: f.assign(answer=3.0),
        lambda f: f.assign(cost=-f["cost"]),
        lambda f: f.head(3),
        lambda f: f.assign(outcome=np.nan),
        lambda f: f.assign(outcome=1.0, cost=1.0, VQ=1000.0),
    ],
)
def test_what_cannot_be_explained_gives_a_sentence(study, broken):
    known = broken(frame())
    steps = perception.follow_the_tie(known, SILENT, seed=1)
    limits = perception.largest_possible(known, SILENT, seed=1)
    results = [
        perception.steps_drawn(study, VQ, steps),
        perception.how_large_in_full(study, VQ, known, limits),
        perception.why_answer(study, VQ, steps, limits, perception.three_ties(known)),
        perception.coefficients_shown(study, VQ, perception.by_coefficient(known)),
    ]
    for one in results[:3]:
        assert one.drawing is None
        assert one.table is None
    assert all(len(" ".join(map(str, one.says))) > 20 or one.table for one in results)


def test_the_polychoric_correlation_stands_beside_the_ranks(study):
    table = perception.by_coefficient(frame(200))
    result = perception.coefficients_shown(study, VQ, table)
    both = table.set_index(["coefficient", "with"])["estimate"]
    words = f"{both['polychoric', 'outcome']:.2f} with the gain (ranks: {both['spearman', 'outcome']:.2f})"
    assert words in result.says[0]
    named = result.table.frame["coefficient"].unique().tolist()
    assert named[0] == "Spearman's ρ (Bonett-Wright interval)"


def test_fifths_are_told_from_lowest_to_highest(study):
    known = frame(100).assign(answer=np.arange(100.0), outcome=np.arange(100.0))
    result = perception.fifths_drawn(study, perception.fifths(known, VQ))
    title, data = picked(result.drawing, OPEN).title, picked(result.drawing, OPEN).data
    alike = picked(result.drawing, get_policy("hes")).data  # which of 8, 7, 7, 7 and 8 are too few tells 37
    assert set(alike["n"]) == {data["n"].min()}
    assert "by gain from 9.5 to 89.5" in title(data)  # means of 0 to 19 and of 80 to 99
    gone = data.assign(estimate=data["estimate"].mask(data["group"] == 5))
    assert "by gain" not in title(gone)  # the mean of the fourth is none of the highest
    assert title(data.assign(estimate=np.nan)) == "Means from the lowest to the highest fifth"
    assert perception.fifths_drawn(study, perception.fifths(known.head(2), VQ)) is None

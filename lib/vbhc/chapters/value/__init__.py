"""Chapter 02: what is the value quota here, and is it a sound number?"""

from vbhc.chapters.value.answer import plane_title, value_answer
from vbhc.chapters.value.artefacts import shared_denominator, shuffle_test
from vbhc.chapters.value.missing_sensitivity import missing_sensitivity, tipping_sentence
from vbhc.chapters.value.quota.definitions import quota_where_possible
from vbhc.chapters.value.ranking import ranking_disagreement, rankings_at, rankings_sentence
from vbhc.chapters.value.ratio_words import ratio_sentence
from vbhc.chapters.value.readers import value_for_readers
from vbhc.chapters.value.sign import sign_paradox, sign_paradox_sentence
from vbhc.chapters.value.soundness import (
    leverage,
    mean_of_ratios_sentence,
    reciprocal_cost,
    reciprocal_cost_sentence,
    soundness,
    spreads_sentence,
)
from vbhc.chapters.value.two_arms.icer_words import icer_title
from vbhc.chapters.value.two_arms.trial import study_two_arms
from vbhc.chapters.value.two_arms.words import two_arms_points
from vbhc.statistics.ratios.means import mean_of_ratios, ratio_of_means

__all__ = [
    "icer_title",
    "leverage",
    "mean_of_ratios",
    "mean_of_ratios_sentence",
    "missing_sensitivity",
    "plane_title",
    "quota_where_possible",
    "ranking_disagreement",
    "rankings_at",
    "rankings_sentence",
    "ratio_of_means",
    "ratio_sentence",
    "reciprocal_cost",
    "reciprocal_cost_sentence",
    "shared_denominator",
    "shuffle_test",
    "sign_paradox",
    "sign_paradox_sentence",
    "soundness",
    "spreads_sentence",
    "study_two_arms",
    "tipping_sentence",
    "two_arms_points",
    "value_answer",
    "value_for_readers",
]

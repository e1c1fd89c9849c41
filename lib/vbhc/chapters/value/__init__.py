"""Chapter 02: what is the value quota here, and is it a sound number?"""

from vbhc.chapters.value.answer import ratio_sentence
from vbhc.chapters.value.arms import arms_difference, arms_in_a_sentence
from vbhc.chapters.value.artefacts import sign_paradox, sign_paradox_sentence
from vbhc.chapters.value.better import courses, got_better
from vbhc.chapters.value.costs.prices import (
    cost_drivers,
    cost_items,
    if_prices_differ,
    price_sensitivity,
)
from vbhc.chapters.value.definition_words import definition_in_words
from vbhc.chapters.value.follows import follows
from vbhc.chapters.value.group_value import counted_table, filled_in, group_value, value_answer
from vbhc.chapters.value.missing_sensitivity import missing_sensitivity
from vbhc.chapters.value.opening import define, load_patients
from vbhc.chapters.value.quota.definitions import quota_where_possible
from vbhc.chapters.value.ranking import rankings_at, rankings_sentence
from vbhc.chapters.value.readers import value_for_readers
from vbhc.chapters.value.soundness import mean_of_ratios_sentence, reciprocal_cost, soundness
from vbhc.chapters.value.two_arms.trial import study_two_arms
from vbhc.chapters.value.two_arms.words import icer_title, two_arms_points
from vbhc.statistics.ratios.means import mean_of_ratios, ratio_of_means

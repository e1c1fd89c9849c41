"""Chapter 02: what is the value quota here, and is it a sound number?"""

from vbhc.chapters.value.artefacts import rankings_at, share_their_cost, sign_paradox, two_orders, two_quotas
from vbhc.chapters.value.better import courses, got_better, value_for_readers
from vbhc.chapters.value.costs.prices import cost_drivers, cost_items, if_prices_differ, price_sensitivity
from vbhc.chapters.value.distribution import outcome_by_cost
from vbhc.chapters.value.group_value import counted_table, group_value, value_answer, value_rows
from vbhc.chapters.value.groups import arms_difference, arms_in_a_sentence, by_groups, value_by_group
from vbhc.chapters.value.missing_data import filled_in, handlings, if_answered, missing_answer
from vbhc.chapters.value.opening import define, load_patients, providers, rating
from vbhc.chapters.value.quota.declared import definition_in_full, definition_in_words
from vbhc.chapters.value.quota.other_forms import (
    each_interval,
    form_sources,
    forms_answer,
    other_forms,
    published_forms,
)
from vbhc.chapters.value.soundness import five_checks, follows, reciprocal_cost, soundness, soundness_answer
from vbhc.statistics.ratios.means import ratio_of_means

"""Chapter 02: what is the value quota here, and is it a sound number?"""

from vbhc.chapters.value.arms import arms_difference, arms_in_a_sentence
from vbhc.chapters.value.artefacts import sign_paradox
from vbhc.chapters.value.better import courses, got_better
from vbhc.chapters.value.better_if_answered import better_each_way, better_if_answered
from vbhc.chapters.value.costs.prices import (
    cost_drivers,
    cost_items,
    if_prices_differ,
    price_sensitivity,
)
from vbhc.chapters.value.definition_words import (
    definition_in_full,
    definition_in_words,
    whom_it_touches,
)
from vbhc.chapters.value.follows import follows
from vbhc.chapters.value.frontier import places, study_frontier
from vbhc.chapters.value.group_value import counted_table, filled_in, group_value, value_answer, value_claim
from vbhc.chapters.value.group_words import value_by_group
from vbhc.chapters.value.groups import by_groups
from vbhc.chapters.value.if_answered import handlings, if_answered, missing_answer
from vbhc.chapters.value.intervals import each_interval
from vbhc.chapters.value.opening import define, load_patients, providers
from vbhc.chapters.value.plane import outcome_by_cost
from vbhc.chapters.value.quota.definitions import quota_where_possible
from vbhc.chapters.value.quota.other_forms import (
    form_sources,
    forms_answer,
    other_forms,
    published_forms,
)
from vbhc.chapters.value.ranking import rankings_at, two_orders
from vbhc.chapters.value.readers import value_for_readers
from vbhc.chapters.value.side_by_side import beside, by_procedure, five_quantities, procedures
from vbhc.chapters.value.six_checks import (
    rating,
    share_their_cost,
    six_checks,
    soundness_answer,
    two_quotas,
)
from vbhc.chapters.value.soundness import reciprocal_cost, soundness
from vbhc.statistics.ratios.means import ratio_of_means

"""Value as a number: the value quota (VQ) of a patient, the ratio of means of a group, their soundness."""

from vbhc.value.acceptability import (
    acceptability,
    acceptability_frontier,
    acceptability_sentence,
    increments,
)
from vbhc.value.adjusted import AdjustedGroups, adjusted_ratio_by
from vbhc.value.artefacts import (
    shared_denominator,
    shared_denominator_sentence,
    shuffle_sentence,
    shuffle_test,
)
from vbhc.value.definitions import (
    count_without_quota,
    outcome_in_form,
    quota_unit,
    quota_where_possible,
    value_quota,
    without_quota,
    without_quota_sentence,
)
from vbhc.value.economics import bootstrap_means, icer, incremental_net_benefit, net_benefit
from vbhc.value.fieller import fieller
from vbhc.value.forms import (
    adjusted_outcome,
    definition,
    mcid_units,
    procedure_value_index,
    published_definitions,
    quality_service_cost,
    reference_value,
    value_quotient,
    weighted_composite,
)
from vbhc.value.frontier import value_frontier
from vbhc.value.frontier_bounds import frontier_intervals
from vbhc.value.icer_words import icer_sentence, icer_title
from vbhc.value.missing import impute, missing_sensitivity, rubin, tipping_sentence
from vbhc.value.ranking import ranking_disagreement, rankings_at, rankings_sentence
from vbhc.value.ratio import mean_of_ratios, ratio_of_means, ratio_of_means_by
from vbhc.value.ratio_words import ratio_sentence
from vbhc.value.readers import value_for_readers
from vbhc.value.sign import sign_paradox, sign_paradox_sentence
from vbhc.value.soundness import (
    leverage,
    leverage_sentence,
    mean_of_ratios_sentence,
    reciprocal_cost,
    reciprocal_cost_sentence,
    soundness,
    spreads,
    spreads_sentence,
)
from vbhc.value.trial import Trial, deaths, declared_arms, index_stem, study_qalys, study_two_arms
from vbhc.value.two_arms import QALY_PRICES, TwoArms, two_arms
from vbhc.value.two_arms_words import two_arms_points, two_arms_sentence

__all__ = [
    "QALY_PRICES",
    "AdjustedGroups",
    "Trial",
    "TwoArms",
    "acceptability",
    "acceptability_frontier",
    "acceptability_sentence",
    "adjusted_outcome",
    "adjusted_ratio_by",
    "bootstrap_means",
    "count_without_quota",
    "deaths",
    "declared_arms",
    "definition",
    "fieller",
    "frontier_intervals",
    "icer",
    "icer_sentence",
    "icer_title",
    "impute",
    "incremental_net_benefit",
    "increments",
    "index_stem",
    "leverage",
    "leverage_sentence",
    "mcid_units",
    "mean_of_ratios",
    "mean_of_ratios_sentence",
    "missing_sensitivity",
    "net_benefit",
    "outcome_in_form",
    "procedure_value_index",
    "published_definitions",
    "quality_service_cost",
    "quota_unit",
    "quota_where_possible",
    "ranking_disagreement",
    "rankings_at",
    "rankings_sentence",
    "ratio_of_means",
    "ratio_of_means_by",
    "ratio_sentence",
    "reciprocal_cost",
    "reciprocal_cost_sentence",
    "reference_value",
    "rubin",
    "shared_denominator",
    "shared_denominator_sentence",
    "shuffle_sentence",
    "shuffle_test",
    "sign_paradox",
    "sign_paradox_sentence",
    "soundness",
    "spreads",
    "spreads_sentence",
    "study_qalys",
    "study_two_arms",
    "tipping_sentence",
    "two_arms",
    "two_arms_points",
    "two_arms_sentence",
    "value_for_readers",
    "value_frontier",
    "value_quota",
    "value_quotient",
    "weighted_composite",
    "without_quota",
    "without_quota_sentence",
]

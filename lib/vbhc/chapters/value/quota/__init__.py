"""Definitions and forms of a value quota."""

from vbhc.chapters.value.quota.definitions import (
    count_without_quota,
    outcome_in_form,
    quota_where_possible,
    value_quota,
    without_quota,
    without_quota_sentence,
)
from vbhc.chapters.value.quota.forms import (
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

__all__ = [
    "adjusted_outcome",
    "count_without_quota",
    "definition",
    "mcid_units",
    "outcome_in_form",
    "procedure_value_index",
    "published_definitions",
    "quality_service_cost",
    "quota_where_possible",
    "reference_value",
    "value_quota",
    "value_quotient",
    "weighted_composite",
    "without_quota",
    "without_quota_sentence",
]

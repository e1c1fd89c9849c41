"""Costs of patients: unit costs, resources, how costs are spread, what makes them up, and adjusted means."""

from vbhc.costs.breakdown import (
    concentration,
    concentration_sentence,
    costs_by_resource,
    perimeter_sensitivity,
    perimeter_sentence,
    resource_shares,
    resource_shares_sentence,
)
from vbhc.costs.family_choice import families_sentence, variance_family
from vbhc.costs.models import adjusted_means, adjusted_means_sentence
from vbhc.costs.price_index import PriceIndex, conversions, read_price_index
from vbhc.costs.resources import (
    column_problems,
    cost_per_patient,
    event_lines,
    event_problems,
    no_lines,
    price_lines,
    recorded_costs,
)
from vbhc.costs.spread import cost_spread, cost_spread_sentence
from vbhc.costs.unit_costs import assumptions, read_unit_costs, unit_cost_problems
from vbhc.costs.variance import family_log, gamma_log, park_sentence, park_test, two_part

__all__ = [
    "PriceIndex",
    "adjusted_means",
    "adjusted_means_sentence",
    "assumptions",
    "column_problems",
    "concentration",
    "concentration_sentence",
    "conversions",
    "cost_per_patient",
    "cost_spread",
    "cost_spread_sentence",
    "costs_by_resource",
    "event_lines",
    "event_problems",
    "families_sentence",
    "family_log",
    "gamma_log",
    "no_lines",
    "park_sentence",
    "park_test",
    "perimeter_sensitivity",
    "perimeter_sentence",
    "price_lines",
    "read_price_index",
    "read_unit_costs",
    "recorded_costs",
    "resource_shares",
    "resource_shares_sentence",
    "two_part",
    "unit_cost_problems",
    "variance_family",
]

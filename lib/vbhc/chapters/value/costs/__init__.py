"""What the costs are made of, how they are spread, and what they are with patients held equal."""

from vbhc.chapters.value.costs.breakdown import (
    concentration,
    concentration_sentence,
    costs_by_resource,
    perimeter_sensitivity,
    perimeter_sentence,
    resource_shares,
    resource_shares_sentence,
)
from vbhc.chapters.value.costs.spread import cost_spread, cost_spread_sentence
from vbhc.chapters.value.costs.words import adjusted_means_sentence, families_sentence, variance_family
from vbhc.cleaning.costs.price_index import conversions
from vbhc.cleaning.costs.unit_costs import read_unit_costs
from vbhc.statistics.regression.adjusted_means import adjusted_means

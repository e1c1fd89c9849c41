"""What the costs are made of, how they are spread, where prices come from, and what others would change."""

from vbhc.chapters.value.costs.bill import (
    bill_answer,
    components,
    converted_prices,
    cost_assumptions,
    cost_by_patient,
    missing_events,
    price_list,
    resources,
    whose_costs,
)
from vbhc.chapters.value.costs.prices import cost_parts, perimeters, without_each_part
from vbhc.cleaning.costs.unit_costs import read_unit_costs

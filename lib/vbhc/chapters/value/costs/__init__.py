"""What the costs are made of, how they are spread, where prices come from, and what others would change."""

from vbhc.chapters.value.costs.alike import adjusted_costs, costs_alike
from vbhc.chapters.value.costs.answer import bill_answer
from vbhc.chapters.value.costs.bill import components, cost_parts, missing_events, resources
from vbhc.chapters.value.costs.origins import converted_prices, cost_assumptions, price_list, whose_costs
from vbhc.chapters.value.costs.perimeter import perimeters, without_each_part
from vbhc.chapters.value.costs.spread import cost_by_patient, cost_spread
from vbhc.cleaning.costs.unit_costs import read_unit_costs

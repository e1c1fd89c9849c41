"""From the resources that a patient used to a cost per patient, in one currency and price year."""

from vbhc.cleaning.costs.plics import priced_plics, rolled_up
from vbhc.cleaning.costs.price_index import conversions
from vbhc.cleaning.costs.resources import (
    column_problems,
    cost_per_patient,
    event_lines,
    event_problems,
    no_lines,
    price_lines,
    recorded_costs,
)
from vbhc.cleaning.costs.unit_costs import assumptions, of_plics, read_unit_costs

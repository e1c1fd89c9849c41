"""For whom the tie holds: within groups, with others held equal, between providers, and had all answered."""

from vbhc.chapters.perception.whom.depends import depends_on, depends_shown
from vbhc.chapters.perception.whom.within import (
    adjusted_shown,
    if_all_answered_shown,
    others_held_equal,
    patients_alike,
    whom_answer,
    within_groups,
    within_groups_shown,
)
from vbhc.chapters.value.missing_data import association_if_answered as if_all_answered

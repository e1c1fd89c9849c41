"""For whom the tie holds: within groups, with others held equal, between providers, and had all answered."""

from vbhc.chapters.perception.whom.alike import (
    adjusted_shown,
    between_providers,
    others_held_equal,
    patients_alike,
    patients_or_providers,
    sites_of,
)
from vbhc.chapters.perception.whom.depends import depends_on, depends_shown
from vbhc.chapters.perception.whom.within import (
    if_all_answered,
    if_all_answered_shown,
    whom_answer,
    within_groups,
    within_groups_shown,
)

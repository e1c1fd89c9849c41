"""Chapter 06: what numbers and people say together, and what may not be concluded."""

from vbhc.chapters.summary.checklists import checklist, filled_checklists, reported
from vbhc.chapters.summary.joined import (
    interviewed,
    numbers_beside_words,
    read_others,
    side_by_side,
    together_answer,
    whose_ranks,
    whose_value,
)
from vbhc.chapters.summary.limits import kinds_of_value, not_to_conclude, source_at_odds, triple_value
from vbhc.chapters.summary.spread import (
    based_on,
    both_found,
    defined,
    measured,
    spread_answer,
    told_apart,
    whom,
)

"""Chapter 06: what numbers and people say together, and what may not be concluded."""

from vbhc.chapters.summary.answer import together_answer
from vbhc.chapters.summary.checklists.shown import checklist, filled_checklists, reported
from vbhc.chapters.summary.fits import numbers_beside_words
from vbhc.chapters.summary.joined import interviewed, read_others, side_by_side, whose_ranks
from vbhc.chapters.summary.limits import nature, not_to_conclude, source_at_odds
from vbhc.chapters.summary.whose_value import whose_value

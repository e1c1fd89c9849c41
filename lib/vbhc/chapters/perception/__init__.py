"""Chapter 03: does value, however defined, go with what patients say, for whom, and why not?"""

from vbhc.chapters.perception.answer import perception_answer, perception_for_readers, why_answer
from vbhc.chapters.perception.asked import (
    answers_drawn,
    other_questions,
    other_questions_shown,
    perception_over_visits,
    what_was_asked,
    within_patients,
)
from vbhc.chapters.perception.coefficients import by_coefficient, coefficients_shown, fifths, fifths_drawn
from vbhc.chapters.perception.journey import end_or_distance, journey, visit_scores
from vbhc.chapters.perception.ties import (
    is_it_poor,
    is_the_tie_poor,
    outcome_or_quota,
    survivors,
    three_ties,
    ties_side_by_side,
    what_could_be_shown,
    which_is_closer,
    with_deaths,
)
from vbhc.chapters.perception.where import (
    follow_the_tie,
    how_large,
    how_large_in_full,
    how_noisy,
    largest_possible,
    noise,
    steps_drawn,
)

"""Two arms of a trial compared on QALYs and costs."""

from vbhc.chapters.value.two_arms.decision import (
    acceptability,
    benefit_at,
    certainty,
    chance_of_better,
    net_benefit,
    plane,
    plane_bins,
    worth_of_certainty,
)
from vbhc.chapters.value.two_arms.trial import extra, study_two_arms
from vbhc.chapters.value.two_arms.ways import arms_if_answered, arms_if_worse
from vbhc.chapters.value.two_arms.words import arms_answer, ways_compared, worse_compared

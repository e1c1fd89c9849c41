"""Two arms of a trial compared on QALYs and costs."""

from vbhc.chapters.value.two_arms.answer import arms_answer
from vbhc.chapters.value.two_arms.decision import (
    acceptability,
    benefit_at,
    certainty,
    chance_of_better,
    net_benefit,
    worth_of_certainty,
)
from vbhc.chapters.value.two_arms.extra import extra
from vbhc.chapters.value.two_arms.missing import (
    arms_if_answered,
    arms_if_worse,
    ways_compared,
    worse_compared,
)
from vbhc.chapters.value.two_arms.plane import plane, plane_bins
from vbhc.chapters.value.two_arms.trial import study_two_arms

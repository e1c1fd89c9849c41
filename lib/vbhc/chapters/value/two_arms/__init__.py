"""Two arms of a trial compared on QALYs and costs."""

from vbhc.chapters.value.two_arms.answer import arms_answer
from vbhc.chapters.value.two_arms.decision import acceptability, certainty, net_benefit
from vbhc.chapters.value.two_arms.extra import extra
from vbhc.chapters.value.two_arms.missing import (
    arms_if_answered,
    arms_if_worse,
    ways_compared,
    worse_compared,
)
from vbhc.chapters.value.two_arms.plane import plane
from vbhc.chapters.value.two_arms.trial import study_two_arms

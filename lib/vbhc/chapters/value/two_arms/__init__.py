"""Two arms of a trial compared on QALYs and costs."""

from vbhc.chapters.value.two_arms.decision import acceptability, certainty, plane
from vbhc.chapters.value.two_arms.imputed import arms_if_answered, arms_if_worse, study_gaps
from vbhc.chapters.value.two_arms.trial import extra, study_two_arms
from vbhc.chapters.value.two_arms.words import arms_answer, ways_compared, worse_compared

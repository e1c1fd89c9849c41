"""Two arms of a trial compared on QALYs and costs."""

from vbhc.chapters.value.two_arms.trial import study_two_arms

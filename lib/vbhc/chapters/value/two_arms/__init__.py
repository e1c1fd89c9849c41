"""Two arms of a trial compared on QALYs and costs."""

from vbhc.chapters.value.two_arms.trial import study_qalys, study_two_arms
from vbhc.chapters.value.two_arms.words import two_arms_sentence

__all__ = [
    "study_qalys",
    "study_two_arms",
    "two_arms_sentence",
]

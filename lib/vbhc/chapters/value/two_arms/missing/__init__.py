"""Two arms, had the missing answered: imputed, and had they been worse."""

from vbhc.chapters.value.two_arms.missing.answered import arms_if_answered
from vbhc.chapters.value.two_arms.missing.words import (
    IMPUTED_NOTE,
    arms_if_answered_sentence,
    by_measure,
    places,
    worse_by_measure,
)
from vbhc.chapters.value.two_arms.missing.worse import arms_if_worse, arms_if_worse_sentence

"""Two arms, had the missing answered: imputed, and had they been worse."""

from vbhc.chapters.value.two_arms.missing.answered import arms_if_answered
from vbhc.chapters.value.two_arms.missing.words import ways_compared, worse_compared
from vbhc.chapters.value.two_arms.missing.worse import arms_if_worse

"""Every defensible definition of value at once, against perception."""

from vbhc.chapters.perception.multiverse.curve import joint_test, run
from vbhc.chapters.perception.multiverse.definitions import choices
from vbhc.chapters.perception.multiverse.studies import multiverse_for_study
from vbhc.chapters.perception.multiverse.summary import (
    by_choice,
    by_choice_sentence,
    drivers,
    multiverse_sentence,
)

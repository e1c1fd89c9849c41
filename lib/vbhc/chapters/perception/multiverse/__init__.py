"""Every defensible definition of value at once, against perception."""

from vbhc.chapters.perception.multiverse.curve import joint_test, run
from vbhc.chapters.perception.multiverse.show import (
    by_choice,
    by_choice_shown,
    choices_shown,
    curve_shown,
    every_definition,
    flawed_apart,
    multiverse_answer,
    other_definitions,
)

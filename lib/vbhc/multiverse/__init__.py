"""What would any other defensible definition of value have said? Every one at once."""

from vbhc.multiverse.columns import Outcome
from vbhc.multiverse.curve import joint_test, run
from vbhc.multiverse.definitions import Multiverse, choices, define
from vbhc.multiverse.permutations import permuted_estimates
from vbhc.multiverse.reasons import AXES, REASONS, TIERS
from vbhc.multiverse.studies import multiverse_for_study
from vbhc.multiverse.summary import by_choice, by_choice_sentence, drivers, multiverse_sentence

__all__ = [
    "AXES",
    "REASONS",
    "TIERS",
    "Multiverse",
    "Outcome",
    "by_choice",
    "by_choice_sentence",
    "choices",
    "define",
    "drivers",
    "joint_test",
    "multiverse_for_study",
    "multiverse_sentence",
    "permuted_estimates",
    "run",
]

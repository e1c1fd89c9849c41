"""What would any other defensible definition of value have said? Every one at once."""

from vbhc.multiverse.curve import joint_test, permuted_estimates, run
from vbhc.multiverse.definitions import AXES, REASONS, TIERS, Multiverse, Outcome, choices, define
from vbhc.multiverse.summary import drivers, multiverse_sentence

__all__ = [
    "AXES",
    "REASONS",
    "TIERS",
    "Multiverse",
    "Outcome",
    "choices",
    "define",
    "drivers",
    "joint_test",
    "multiverse_sentence",
    "permuted_estimates",
    "run",
]

"""Chapter 03: does value, however defined, go with what patients perceive, and why not?"""

from vbhc.chapters.perception.adjusted_words import adjusted_sentence, patients_or_providers_sentence
from vbhc.chapters.perception.journey import journey, journey_sentence, journey_table, proportional_odds
from vbhc.chapters.perception.readers import perception_for_readers
from vbhc.chapters.perception.why import (
    ceiling_sentence,
    decomposition_sentence,
    difference_sentence,
    latent_sentence,
    waterfall_sentence,
)
from vbhc.publish.sentences import equivalence_sentence, power_sentence, row_sentence, side_by_side_sentence
from vbhc.statistics.correlation.adjusted import adjusted_side_by_side
from vbhc.statistics.correlation.ceiling import ceiling
from vbhc.statistics.correlation.compare import difference, side_by_side
from vbhc.statistics.correlation.decomposition import log_decomposition, log_waterfall
from vbhc.statistics.correlation.equivalence import equivalence, equivalence_size, what_n_could_show
from vbhc.statistics.correlation.partial import level_by_level
from vbhc.statistics.correlation.rank import spearman
from vbhc.statistics.correlation.waterfall import waterfall

__all__ = [
    "adjusted_sentence",
    "adjusted_side_by_side",
    "ceiling",
    "ceiling_sentence",
    "decomposition_sentence",
    "difference",
    "difference_sentence",
    "equivalence",
    "equivalence_sentence",
    "equivalence_size",
    "journey",
    "journey_sentence",
    "journey_table",
    "latent_sentence",
    "level_by_level",
    "log_decomposition",
    "log_waterfall",
    "patients_or_providers_sentence",
    "perception_for_readers",
    "power_sentence",
    "proportional_odds",
    "row_sentence",
    "side_by_side",
    "side_by_side_sentence",
    "spearman",
    "waterfall",
    "waterfall_sentence",
    "what_n_could_show",
]

"""Chapter 03: does value, however defined, go with what patients perceive, and why not?"""

from vbhc.chapters.perception.journey import journey, journey_sentence, journey_table
from vbhc.chapters.perception.readers import perception_for_readers
from vbhc.chapters.perception.why import (
    adjusted_sentence,
    ceiling_sentence,
    decomposition_sentence,
    difference_sentence,
    latent_sentence,
    patients_or_providers_sentence,
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

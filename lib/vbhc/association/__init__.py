"""Association of perception with outcome, cost and VQ: size with interval, smallness, ceilings, and causes.

Ranks throughout, because perception is ordinal and cost is skewed. What cannot be answered comes back as a
row of NaN with a `reason`, not as a traceback.
"""

from vbhc.association.adjusted import (
    adjusted_sentence,
    adjusted_side_by_side,
    clustered_partial_spearman,
    patients_or_providers_sentence,
)
from vbhc.association.ceiling import ceiling, ceiling_sentence
from vbhc.association.compare import difference, difference_sentence, latent_sentence, side_by_side
from vbhc.association.decomposition import (
    decomposition_sentence,
    log_decomposition,
    log_waterfall,
)
from vbhc.association.equivalence import (
    equivalence,
    equivalence_power,
    equivalence_size,
    what_n_could_show,
)
from vbhc.association.journey import journey, journey_sentence, journey_table, proportional_odds
from vbhc.association.latent import answers_or_groups, in_groups, polychoric
from vbhc.association.partial import (
    clustered_spearman,
    level_by_level,
    partial_spearman,
    repeated_measures,
    within_groups,
)
from vbhc.association.rank import kendall, spearman
from vbhc.association.readers import perception_for_readers
from vbhc.association.sentences import (
    correlation_sentence,
    equivalence_sentence,
    power_sentence,
    row_sentence,
    side_by_side_sentence,
    strength,
)
from vbhc.association.waterfall import waterfall, waterfall_sentence

__all__ = [
    "adjusted_sentence",
    "adjusted_side_by_side",
    "answers_or_groups",
    "ceiling",
    "ceiling_sentence",
    "clustered_partial_spearman",
    "clustered_spearman",
    "correlation_sentence",
    "decomposition_sentence",
    "difference",
    "difference_sentence",
    "equivalence",
    "equivalence_power",
    "equivalence_sentence",
    "equivalence_size",
    "in_groups",
    "journey",
    "journey_sentence",
    "journey_table",
    "kendall",
    "latent_sentence",
    "level_by_level",
    "log_decomposition",
    "log_waterfall",
    "partial_spearman",
    "patients_or_providers_sentence",
    "perception_for_readers",
    "polychoric",
    "power_sentence",
    "proportional_odds",
    "repeated_measures",
    "row_sentence",
    "side_by_side",
    "side_by_side_sentence",
    "spearman",
    "strength",
    "waterfall",
    "waterfall_sentence",
    "what_n_could_show",
    "within_groups",
]

"""How two things go together: rank correlations, intervals, what is held equal, what they are made of."""

from vbhc.statistics.correlation.compare import difference, side_by_side
from vbhc.statistics.correlation.equivalence import (
    equivalence,
    equivalence_power,
    equivalence_size,
    what_n_could_show,
)
from vbhc.statistics.correlation.latent import answers_or_groups, in_groups, polychoric
from vbhc.statistics.correlation.partial import (
    adjusted_side_by_side,
    clustered_partial_spearman,
    clustered_spearman,
    level_by_level,
    partial_spearman,
    repeated_measures,
)
from vbhc.statistics.correlation.rank import kendall, spearman
from vbhc.statistics.correlation.replicates import spearman_replicates
from vbhc.statistics.correlation.waterfall import ceiling, waterfall

"""A ratio of means and its intervals, in all and by group."""

from vbhc.statistics.ratios.adjusted import adjusted_ratio_by
from vbhc.statistics.ratios.intervals import fieller
from vbhc.statistics.ratios.means import mean_of_ratios, ratio_of_means, ratio_of_means_by

"""How two things go together: rank correlations, intervals, what is held equal, what they are made of."""

from vbhc.statistics.correlation.rank import kendall, spearman

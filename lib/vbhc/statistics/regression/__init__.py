"""Models of costs, grades and two equations at once, and the tests that choose between them."""

from vbhc.statistics.regression.adjusted_means import adjusted_means
from vbhc.statistics.regression.ordinal import ordinal_regression, proportional_odds
from vbhc.statistics.regression.variance import gamma_log, park_test, two_part

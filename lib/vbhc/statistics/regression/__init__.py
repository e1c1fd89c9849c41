"""Models of grades, and of two equations at once."""

from vbhc.statistics.regression.ordinal import ordinal_regression, proportional_odds

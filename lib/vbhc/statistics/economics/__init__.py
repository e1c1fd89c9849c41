"""Outcome against cost: increments, net benefit, acceptability, frontiers and two arms."""

from vbhc.statistics.economics.acceptability import acceptability, increments
from vbhc.statistics.economics.comparison import bootstrap_means, icer, net_benefit
from vbhc.statistics.economics.frontier import value_frontier
from vbhc.statistics.economics.frontier_bounds import frontier_intervals
from vbhc.statistics.economics.two_arms import two_arms

"""Outcome against cost of two arms: increments, net benefit, acceptability."""

from vbhc.statistics.economics.two_arms import acceptability, two_arms

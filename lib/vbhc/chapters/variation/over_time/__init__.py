"""05a: what changed over time, which alarms are real, and what looking costs."""

from vbhc.chapters.variation.over_time.events import alarms, event_runs
from vbhc.chapters.variation.over_time.months import by_rules, chart, monthly
from vbhc.chapters.variation.over_time.risk import (
    change,
    change_so_far,
    over_time_answer,
    over_time_for_readers,
    thresholds,
)

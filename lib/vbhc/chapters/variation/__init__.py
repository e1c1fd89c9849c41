"""Chapter 05: which differences between providers are more than chance, and who gets the value?"""

from vbhc.chapters.variation.comparable import comparable, registration
from vbhc.chapters.variation.decide import decisions, scorecard, variation_answer, variation_for_readers
from vbhc.chapters.variation.frames import each_measure, load_patients, measured
from vbhc.chapters.variation.funnel import funnel, league_table, ranks, what_was_expected
from vbhc.chapters.variation.peers import (
    beside_peers,
    patients_or_providers,
    peers_shown,
    tie_by_level,
    value_by_provider,
    value_spread,
)

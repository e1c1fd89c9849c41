"""Chapter 05: which differences between providers are more than chance, and who gets the value?"""

from vbhc.chapters.variation.answer import variation_answer, variation_for_readers
from vbhc.chapters.variation.comparable import comparable, registration
from vbhc.chapters.variation.decide import decisions, scorecard
from vbhc.chapters.variation.frames import each_measure, load_patients, measured
from vbhc.chapters.variation.funnel import funnel, what_was_expected
from vbhc.chapters.variation.patients_view import patients_or_providers, tie_by_level
from vbhc.chapters.variation.peers import beside_peers, peers_shown, value_by_provider, value_spread
from vbhc.chapters.variation.ranks import league_table, ranks

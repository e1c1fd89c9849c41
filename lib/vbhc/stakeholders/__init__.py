"""Compare groups of interviewees honestly: the interviewee is the unit, small numbers are shown as k of n."""

from vbhc.stakeholders.agreement import coder_agreement, coder_ratings
from vbhc.stakeholders.agreement_weighted import weighted_agreement
from vbhc.stakeholders.codes import compare_codes, group_counts, naive_segment_test, presence_cells
from vbhc.stakeholders.effects import code_effects, effect_counts, effect_matrix, effects_sentence
from vbhc.stakeholders.profiles import dispersion, jaccard, permanova
from vbhc.stakeholders.saturation import saturation, saturation_curve
from vbhc.stakeholders.sentences import (
    agreement_sentence,
    code_sentence,
    codes_sentence,
    naive_sentence,
    permanova_sentence,
    saturation_sentence,
)
from vbhc.stakeholders.tables2x2 import power, reachability, reachability_sentence, wilson
from vbhc.stakeholders.together import cooccurrence, cooccurrence_sentence, correspondence, people_map
from vbhc.stakeholders.tree import code_tree, codes_under

__all__ = [
    "agreement_sentence",
    "code_effects",
    "code_sentence",
    "code_tree",
    "coder_agreement",
    "coder_ratings",
    "codes_sentence",
    "codes_under",
    "compare_codes",
    "cooccurrence",
    "cooccurrence_sentence",
    "correspondence",
    "dispersion",
    "effect_counts",
    "effect_matrix",
    "effects_sentence",
    "group_counts",
    "jaccard",
    "naive_segment_test",
    "naive_sentence",
    "people_map",
    "permanova",
    "permanova_sentence",
    "power",
    "presence_cells",
    "reachability",
    "reachability_sentence",
    "saturation",
    "saturation_curve",
    "saturation_sentence",
    "weighted_agreement",
    "wilson",
]

"""Compare groups of interviewees honestly: the interviewee is the unit, small numbers are shown as k of n."""

from vbhc.stakeholders.agreement import coder_agreement, coder_ratings
from vbhc.stakeholders.codes import compare_codes, group_counts, naive_segment_test, presence_cells
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

__all__ = [
    "agreement_sentence",
    "code_sentence",
    "coder_agreement",
    "coder_ratings",
    "codes_sentence",
    "compare_codes",
    "dispersion",
    "group_counts",
    "jaccard",
    "naive_segment_test",
    "naive_sentence",
    "permanova",
    "permanova_sentence",
    "power",
    "presence_cells",
    "reachability",
    "reachability_sentence",
    "saturation",
    "saturation_curve",
    "saturation_sentence",
    "wilson",
]

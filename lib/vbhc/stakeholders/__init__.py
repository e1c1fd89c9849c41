"""Compare groups of interviewees honestly: the interviewee is the unit, small numbers are shown as k of n."""

from vbhc.stakeholders.agreement import coder_agreement, coder_ratings
from vbhc.stakeholders.agreement_weighted import weighted_agreement
from vbhc.stakeholders.checklists import coreq, gramms
from vbhc.stakeholders.codes import compare_codes, group_counts, naive_segment_test, presence_cells
from vbhc.stakeholders.effects import (
    code_effects,
    effect_counts,
    effect_matrix,
    effects_sentence,
    gains_title,
)
from vbhc.stakeholders.joint import joint_display, read_rows
from vbhc.stakeholders.ordinal import ordinal_regression, proportional_odds
from vbhc.stakeholders.profiles import blocks_of, dispersion, jaccard, permanova
from vbhc.stakeholders.rankings import (
    best_worst,
    concordance,
    concordance_sentence,
    delphi,
    delphi_sentence,
    mean_ranks,
)
from vbhc.stakeholders.saturation import saturation, saturation_curve
from vbhc.stakeholders.sentences import (
    agreement_sentence,
    blocked_sentence,
    code_sentence,
    codes_sentence,
    naive_sentence,
    permanova_sentence,
    saturation_sentence,
)
from vbhc.stakeholders.survey import (
    answer_shares,
    cliffs_delta,
    dunn,
    kruskal,
    mann_whitney,
    survey_sentence,
    top_shares,
)
from vbhc.stakeholders.tables2x2 import power, reachability, reachability_sentence, wilson
from vbhc.stakeholders.together import cooccurrence, cooccurrence_sentence, correspondence, people_map
from vbhc.stakeholders.tree import code_tree, codes_under, tree_title
from vbhc.stakeholders.weights import (
    rank_agreement,
    read_outcome_codes,
    reranking,
    reranking_sentence,
    weighted_value,
    weights_from_points,
    weights_from_presence,
    weights_from_ranks,
)

__all__ = [
    "agreement_sentence",
    "answer_shares",
    "best_worst",
    "blocked_sentence",
    "blocks_of",
    "cliffs_delta",
    "code_effects",
    "code_sentence",
    "code_tree",
    "coder_agreement",
    "coder_ratings",
    "codes_sentence",
    "codes_under",
    "compare_codes",
    "concordance",
    "concordance_sentence",
    "cooccurrence",
    "cooccurrence_sentence",
    "coreq",
    "correspondence",
    "delphi",
    "delphi_sentence",
    "dispersion",
    "dunn",
    "effect_counts",
    "effect_matrix",
    "effects_sentence",
    "gains_title",
    "gramms",
    "group_counts",
    "jaccard",
    "joint_display",
    "kruskal",
    "mann_whitney",
    "mean_ranks",
    "naive_segment_test",
    "naive_sentence",
    "ordinal_regression",
    "people_map",
    "permanova",
    "permanova_sentence",
    "power",
    "presence_cells",
    "proportional_odds",
    "rank_agreement",
    "reachability",
    "reachability_sentence",
    "read_outcome_codes",
    "read_rows",
    "reranking",
    "reranking_sentence",
    "saturation",
    "saturation_curve",
    "saturation_sentence",
    "survey_sentence",
    "top_shares",
    "tree_title",
    "weighted_agreement",
    "weighted_value",
    "weights_from_points",
    "weights_from_presence",
    "weights_from_ranks",
    "wilson",
]

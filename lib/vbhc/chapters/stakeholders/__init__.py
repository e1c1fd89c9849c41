"""Chapter 04: do patients, clinicians and managers mean the same by value?"""

from vbhc.chapters.stakeholders.checklists import coreq, gramms
from vbhc.chapters.stakeholders.code_counts import group_counts, presence_cells
from vbhc.chapters.stakeholders.coders import coder_agreement
from vbhc.chapters.stakeholders.delphi import rounds_sentence, stability_sentence, stability_shown
from vbhc.chapters.stakeholders.effects import (
    code_effects,
    effect_counts,
    effect_matrix,
    effects_sentence,
    gains_title,
)
from vbhc.chapters.stakeholders.gains_answer import (
    contradictions_sentence,
    gains_answer,
    gains_people_sentence,
)
from vbhc.chapters.stakeholders.joint import joint_display, joint_sentence
from vbhc.chapters.stakeholders.pair import NO_INTERVIEWS, compared_pair, pair_sentence, reachability_sentence
from vbhc.chapters.stakeholders.protected import (
    NO_CODE_SHOWN,
    answers_of_all,
    gains_table,
    may_show_codes,
    pairs_shown,
    raised_sentence,
    ranks_shown,
    saturation_shown,
    tops_shown,
    tree_table,
)
from vbhc.chapters.stakeholders.rated_twice import rated_twice, rated_twice_note
from vbhc.chapters.stakeholders.reranking import reranking_by_votes, reranking_sentence
from vbhc.chapters.stakeholders.sentences import (
    agreement_sentence,
    blocked_sentence,
    codes_sentence,
    naive_sentence,
    permanova_sentence,
    presence_title,
    saturation_sentence,
    together_sentence,
    widest_gap_title,
)
from vbhc.chapters.stakeholders.statement_models import (
    adjusted_sentence,
    regression_notes,
    statement_regressions,
)
from vbhc.chapters.stakeholders.statements import (
    respondent_counts,
    respondents_sentence,
    statement_pairs,
    statement_shares,
    statement_tests,
    statement_tops,
    statements_sentence,
    statements_title,
)
from vbhc.chapters.stakeholders.survey_choices import (
    best_worst_rows,
    best_worst_sentence,
    best_worst_title,
    enough_chose,
    ranks_sentence,
    survey_best_worst,
    survey_concordance,
    survey_consensus,
    survey_ranks,
    survey_stability,
)
from vbhc.chapters.stakeholders.together import (
    cooccurrence,
    cooccurrence_sentence,
    people_map,
    people_map_title,
)
from vbhc.chapters.stakeholders.tree import code_tree, codes_under, tree_title
from vbhc.chapters.stakeholders.weights import (
    votes_from_presence,
    votes_from_ranks,
    weights_from_presence,
    weights_from_ranks,
)
from vbhc.statistics.cliff import CLIFF_NOTE
from vbhc.statistics.presence import blocked_p, compare_codes, naive_segment_test
from vbhc.statistics.profiles import DISPERSION_NOTE, blocks_of, dispersion, permanova
from vbhc.statistics.saturation import saturation, saturation_curve
from vbhc.statistics.tables2x2 import reachability
from vbhc.study.declared.contradictions import read_contradictions
from vbhc.study.declared.outcome_codes import read_outcome_codes

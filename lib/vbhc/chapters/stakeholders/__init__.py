"""Chapter 04: do those who give, run and receive the care mean the same by value?"""

from vbhc.chapters.stakeholders.answer import stakeholders_answer, survey_answer
from vbhc.chapters.stakeholders.checklists import coreq, gramms
from vbhc.chapters.stakeholders.code_counts import group_counts, presence_cells
from vbhc.chapters.stakeholders.code_pages import (
    all_groups,
    counts_by_code,
    if_passages_were_people,
    p_values_by_code,
    tree_of_codes,
    what_could_show,
)
from vbhc.chapters.stakeholders.coders import coder_agreement
from vbhc.chapters.stakeholders.delphi import rounds_sentence, stability_sentence
from vbhc.chapters.stakeholders.disagree import where_answers_part
from vbhc.chapters.stakeholders.effects import (
    code_effects,
    effect_counts,
    effect_matrix,
    effects_sentence,
)
from vbhc.chapters.stakeholders.felt import (
    directed_codes,
    felt_by_theme,
    gains_and_pains,
    gains_by_theme,
    mechanisms,
)
from vbhc.chapters.stakeholders.gains_answer import (
    contradictions_sentence,
    gains_answer,
    gains_people_sentence,
)
from vbhc.chapters.stakeholders.heard import hear, interviewees, who_was_heard
from vbhc.chapters.stakeholders.joint import joint_display, joint_sentence
from vbhc.chapters.stakeholders.lost import what_was_lost, what_was_read
from vbhc.chapters.stakeholders.order_pages import (
    best_worst_scores,
    concordance_table,
    consensus_table,
    ranks_table,
    stability_table,
)
from vbhc.chapters.stakeholders.pair import compared_pair, pair_sentence, reachability_sentence
from vbhc.chapters.stakeholders.profiles import (
    both_tests,
    how_mixed,
    inside_places,
    taken_together,
    whole_profiles,
)
from vbhc.chapters.stakeholders.protected import (
    answers_of_all,
    may_show_codes,
    pairs_shown,
    raised_sentence,
    ranks_shown,
    saturation_shown,
    tops_shown,
    tree_table,
)
from vbhc.chapters.stakeholders.put_first import put_first, spoken_weights, weights_table
from vbhc.chapters.stakeholders.rated_twice import rated_twice
from vbhc.chapters.stakeholders.readers import stakeholders_for_readers
from vbhc.chapters.stakeholders.reranking import reranking_by_votes, reranking_sentence
from vbhc.chapters.stakeholders.sentences import (
    blocked_sentence,
    codes_sentence,
    naive_sentence,
    saturation_sentence,
)
from vbhc.chapters.stakeholders.statement_models import (
    adjusted_sentence,
    regression_notes,
    statement_regressions,
)
from vbhc.chapters.stakeholders.statements import (
    respondents_sentence,
    statement_pairs,
    statement_shares,
    statement_tests,
    statement_tops,
)
from vbhc.chapters.stakeholders.survey_choices import (
    best_worst_rows,
    best_worst_sentence,
    ranks_sentence,
    survey_best_worst,
    survey_concordance,
    survey_consensus,
    survey_ranks,
    survey_stability,
)
from vbhc.chapters.stakeholders.survey_pages import (
    answers_drawn,
    odds_of_higher,
    pairs_of_groups,
    tests_of_statements,
    who_agrees,
    who_answered,
)
from vbhc.chapters.stakeholders.together import (
    cooccurrence,
    cooccurrence_sentence,
    people_map,
)
from vbhc.chapters.stakeholders.tree import code_tree, codes_under
from vbhc.chapters.stakeholders.trust import (
    agreement_by_code,
    coders_agree,
    codes_ran_dry,
    coding_answer,
    in_their_words,
    new_codes,
    trust,
)
from vbhc.chapters.stakeholders.voices import ideas_that_meet, plane, voices
from vbhc.chapters.stakeholders.weights import (
    votes_from_presence,
    votes_from_ranks,
    weights_from_presence,
    weights_from_ranks,
)
from vbhc.chapters.stakeholders.widest import codes_compared, widest_gaps

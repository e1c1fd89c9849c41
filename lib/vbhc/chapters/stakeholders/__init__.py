"""Chapter 04: do those who give, run and receive the care mean the same by value?"""

from vbhc.chapters.stakeholders.answer import stakeholders_answer, survey_answer
from vbhc.chapters.stakeholders.asked import ask
from vbhc.chapters.stakeholders.checklists import coreq, gramms
from vbhc.chapters.stakeholders.code_pages import (
    all_groups,
    every_code,
    ideas,
    ideas_that_meet,
    if_passages_were_people,
    pairs_of_ideas,
    tree_of_codes,
    voices,
)
from vbhc.chapters.stakeholders.disagree import where_answers_part
from vbhc.chapters.stakeholders.felt import (
    directed_codes,
    done_about_pains,
    felt_by_theme,
    gains_and_pains,
    mechanisms,
    what_was_done,
)
from vbhc.chapters.stakeholders.heard import hear
from vbhc.chapters.stakeholders.joint import joint_display, joint_sentence
from vbhc.chapters.stakeholders.profiles import how_mixed, inside_places, taken_together, whole_profiles
from vbhc.chapters.stakeholders.put_first import put_first, spoken_weights
from vbhc.chapters.stakeholders.readers import stakeholders_for_readers
from vbhc.chapters.stakeholders.reranking import reranking_by_votes
from vbhc.chapters.stakeholders.statement_models import statement_regressions
from vbhc.chapters.stakeholders.statements import statement_pairs, statement_shares
from vbhc.chapters.stakeholders.survey_choices import survey_consensus, survey_stability
from vbhc.chapters.stakeholders.survey_pages import (
    answers_drawn,
    consensus_table,
    pairs_of_groups,
    ranks_table,
    tests_of_statements,
    who_answered,
)
from vbhc.chapters.stakeholders.tree import codes_under
from vbhc.chapters.stakeholders.trust import (
    agreement_by_code,
    coders_agree,
    codes_ran_dry,
    coding_answer,
    in_their_words,
    new_codes,
    trust,
)
from vbhc.chapters.stakeholders.weights import votes_from_presence, votes_from_ranks
from vbhc.chapters.stakeholders.who import interviewees, what_was_lost, what_was_read, who_was_heard
from vbhc.chapters.stakeholders.widest import codes_compared, widest_gaps
from vbhc.chapters.stakeholders.work import (
    balance_by_activity,
    balances,
    how_they_fare,
    pace_and_ambition,
    what_drives,
    work_answer,
    work_scales,
)

"""Chapter 04: do those who give, run and receive the care mean the same by value?"""

from vbhc.chapters.stakeholders.answer import stakeholders_answer, stakeholders_for_readers, survey_answer
from vbhc.chapters.stakeholders.asked import ask, statement_pairs, statement_shares
from vbhc.chapters.stakeholders.beside_patients import by_place, skipped_by_interviewees, skipped_by_staff
from vbhc.chapters.stakeholders.choices import survey_consensus, survey_stability
from vbhc.chapters.stakeholders.code_pages import (
    all_groups,
    every_code,
    ideas_that_meet,
    if_passages_were_people,
    pairs_of_ideas,
)
from vbhc.chapters.stakeholders.coders import (
    agreement_by_code,
    coders_agree,
    codes_ran_dry,
    coding_answer,
    new_codes,
    trust,
)
from vbhc.chapters.stakeholders.differences import (
    codes_compared,
    how_mixed,
    inside_places,
    taken_together,
    whole_profiles,
    widest_gaps,
)
from vbhc.chapters.stakeholders.disagree import statement_regressions, tests_of_statements, where_answers_part
from vbhc.chapters.stakeholders.effects import directed_codes, done_about_pains, mechanisms, what_was_done
from vbhc.chapters.stakeholders.felt import felt_by_theme, gains_and_pains
from vbhc.chapters.stakeholders.heard import codes_under, hear
from vbhc.chapters.stakeholders.joint import joint_display, joint_sentence
from vbhc.chapters.stakeholders.put_first import put_first
from vbhc.chapters.stakeholders.readings import pairs_of_groups
from vbhc.chapters.stakeholders.reranking import reranking_by_votes, votes_from_presence, votes_from_ranks
from vbhc.chapters.stakeholders.survey_pages import answers_drawn, consensus_table, ranks_table
from vbhc.chapters.stakeholders.tree import ideas, tree_of_codes
from vbhc.chapters.stakeholders.voices import in_their_words, voices
from vbhc.chapters.stakeholders.who import what_was_lost, what_was_read, who_answered, who_was_heard
from vbhc.chapters.stakeholders.work import (
    balance_by_activity,
    balances,
    how_they_fare,
    pace_and_ambition,
    what_drives,
    work_answer,
    work_scales,
)

"""Chapter 01: who is in the study, who is missing, and can the scores be trusted?"""

from vbhc.chapters.cleaning.cohort import flow_steps, show_flow
from vbhc.chapters.cleaning.missing import (
    compare_missing,
    known_at_start,
    known_before,
    show_differences,
    show_missing,
)
from vbhc.chapters.cleaning.noise import measurement_error, show_error, trust_in_scores
from vbhc.chapters.cleaning.profile_change import profile_change, show_profile_change
from vbhc.chapters.cleaning.read_rows import rows_read, show_rows, show_rules, show_set_aside
from vbhc.chapters.cleaning.readers import cohort_for_readers, who_is_in
from vbhc.chapters.cleaning.scale_quality import (
    reliability,
    scale_behaviour,
    show_reliability,
    show_room,
    show_scales,
    show_unscored,
    unscored,
)
from vbhc.cleaning import clean, load_columns, load_flow, load_patients, write_clean

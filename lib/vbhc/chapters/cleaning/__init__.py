"""Chapter 01: who is in the study, who is missing, and can the scores be trusted?"""

from vbhc.chapters.cleaning.cohort import flow_steps, rows_read, show_flow, show_rows, show_set_aside
from vbhc.chapters.cleaning.fates import compare_missing, known_before, show_missing
from vbhc.chapters.cleaning.noise import measurement_error, show_error, trust_in_scores
from vbhc.chapters.cleaning.readers import cohort_for_readers, who_is_in
from vbhc.chapters.cleaning.scale_quality import (
    profile_change,
    reliability,
    scale_behaviour,
    show_profile_change,
    show_reliability,
    show_room,
    show_scales,
    show_unscored,
    unscored,
)
from vbhc.cleaning import clean, load_columns, load_patients, write_clean

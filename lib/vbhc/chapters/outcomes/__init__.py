"""Chapter 01b, of a study without a value quota: what changed for patients, and who is not in it?"""

from vbhc.chapters.cleaning import load_columns, scale_behaviour, show_room
from vbhc.chapters.outcomes.answer import (
    everyone_counted,
    if_everyone_counts,
    outcomes_answer,
    outcomes_for_readers,
)
from vbhc.chapters.outcomes.means import (
    by_visit,
    changes,
    changes_by_group,
    changes_shown,
    define,
    groups_shown,
    load_patients,
    visits_shown,
)
from vbhc.chapters.value import courses, got_better

"""Things in a study's files that are probably wrong, asked of who knows the study; each kind a function."""

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from vbhc.cleaning.questions import codes, costs, doubled, files, names, scales
from vbhc.cleaning.questions.question import Asked, Question
from vbhc.cleaning.rows import Sifted
from vbhc.cleaning.sources import person_key
from vbhc.study import Study

OF_SOURCES: tuple[Callable[[Asked], Iterator[Question]], ...] = (
    doubled.repeated_lines, doubled.bare_rows, doubled.same_patients, doubled.key_spellings,
    codes.undeclared_codes, codes.codes_that_are_values, scales.two_scales, names.near_names,
    files.hidden_sheets, files.error_cells, files.split_cells, files.odd_dates, files.empty_columns,
    files.other_labels,
)  # fmt: skip
OF_PATIENTS: tuple[Callable[[Study, pd.DataFrame], Iterator[Question]], ...] = (
    costs.cost_questions, costs.threshold_question, scales.unused_levels,
)  # fmt: skip


def questions(study: Study, sifted: Mapping[str, Sifted], patients: pd.DataFrame) -> list[Question]:
    """Return every question of a study that `accept` in study.yml does not answer."""
    asked = [
        Asked(study, one, study.shown(study.config.sources[name].file), person_key(study, name))
        for name, one in sifted.items()
    ]
    found = [question for one in asked for kind in OF_SOURCES for question in kind(one)]
    found += [question for kind in OF_PATIENTS for question in kind(study, patients)]
    return [question for question in found if question.name not in study.config.accept]

"""Things in a study's files that are probably wrong, asked of who knows the study; each kind a function."""

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from vbhc.cleaning.questions import names, numbers, rows
from vbhc.cleaning.questions.question import Asked, Question
from vbhc.cleaning.rows import Sifted
from vbhc.cleaning.sources import person_key
from vbhc.study import Study

OF_SOURCES: tuple[Callable[[Asked], Iterator[Question]], ...] = (
    rows.repeated_lines, rows.bare_rows, rows.same_patients, rows.key_spellings, numbers.undeclared_codes,
    numbers.codes_that_are_values, numbers.two_scales, numbers.two_currencies, names.near_names,
    rows.hidden_sheets, rows.odd_cells, rows.empty_columns, rows.other_labels,
)  # fmt: skip
OF_PATIENTS: tuple[Callable[[Study, pd.DataFrame], Iterator[Question]], ...] = (
    numbers.cost_questions, numbers.threshold_question, numbers.unused_levels,
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

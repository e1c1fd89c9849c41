"""Look at the raw files as a run would: sift, clean and score them, write nothing, say what was seen."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from vbhc.cleaning import joined
from vbhc.cleaning.labels import label_problems
from vbhc.cleaning.patients_table import sift_sources
from vbhc.cleaning.questions import Question
from vbhc.cleaning.row_problems import row_problems
from vbhc.cleaning.seen import seen
from vbhc.problems import Problem, StudyError
from vbhc.study import Study


class Looked(NamedTuple):
    """What stands in the way, what is probably wrong, and what was seen (lines to print)."""

    problems: list[Problem]
    questions: Sequence[Question]
    seen: list[str]


def look(study: Study, skip: Collection[str] = (), whole: bool = True) -> Looked:
    """Read the sources of a study (none of `skip`), and clean it dry if its declarations are `whole`.

    What a check lets pass a run can clean: a fault of the library that these data bring out is a problem.
    """
    if not study.config.sources:
        return Looked([], [], [])
    sifted, base, problems = sift_sources(study, skip)
    for name, one in sifted.items():
        problems += row_problems(study, one, sifted)
        problems += label_problems(
            one.columns, one.about.labels, study.shown(study.config.sources[name].file)
        )
    shown = seen(study, sifted, base if base in sifted else "")
    if not whole or skip or base not in sifted or len(sifted) < len(study.config.sources):
        return Looked(problems, [], shown)
    try:
        return Looked(problems, joined(study, sifted, base).questions, shown)
    except StudyError as error:
        return Looked(problems + error.problems, [], shown)
    except Exception as error:
        if any(not problem.set_aside for problem in problems):
            return Looked(problems, [], shown)
        found = f"cleaning stops: {type(error).__name__}: {error}"
        fix = "a fault of vbhc that these data bring out: please report it"
        return Looked([*problems, Problem(study.shown("study.yml"), found, fix)], [], shown)

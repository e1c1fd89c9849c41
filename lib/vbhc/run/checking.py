"""Read everything of a study, run nothing, and list every problem: file, column, row, what would be right."""

from collections.abc import Collection

from vbhc.cleaning import read_interviews
from vbhc.cleaning.checking import _price_problems, structure_problems
from vbhc.cleaning.known_names import patients_columns, use_problems
from vbhc.cleaning.looking import Looked, look
from vbhc.cleaning.questions import Question
from vbhc.cleaning.questions.interviewed import interview_questions
from vbhc.cleaning.sources import how_to_get
from vbhc.problems import Problem, StudyError
from vbhc.run.interview_checks import interview_problems
from vbhc.study import Study
from vbhc.study.declared.pathway import read_pathway
from vbhc.study.declared.programmes import read_programmes


def check(study: Study, unsound: Collection[str] = ()) -> list[Problem]:
    """Return every problem of a study; see `inspect`."""
    return inspect(study, unsound).problems


def inspect(study: Study, unsound: Collection[str] = ()) -> Looked:
    """Return every problem and question of a study, as far as its declarations could be read.

    Looked at: raw files that are absent (and how to get them), their headers and cells, instruments, value
    sets and item columns, perception and outcome, groups, unit costs, events, interviews, answers that an
    instrument refuses. No problem means that nothing stands in the way; a question, that a person must look.

    Parameters
    ----------
    study : Study
    unsound : collection of str
        Parts of its declarations that have a fault already (`vbhc.study.Loaded`): what depends on them is not
        judged.
    """
    parts = {part.partition(".")[0] for part in unsound}
    sources = set(study.config.sources)
    skip = {name for name in sources if f"sources.{name}" in _ancestors(unsound)}
    skip = sources if parts & {"dictionary", "key"} else skip
    judged = not parts & {"sources", "visits", "dictionary", "instruments"}
    structure = structure_problems(study) if judged else _without_dictionary(study, parts)
    sound = judged and not structure
    columns = patients_columns(study) if sound else ()
    looked_for = [name for name in skip if f"sources.{name}" not in unsound]
    absent = [problem for name in looked_for for problem in _absent(study, name)]
    looked = look(study, skip, sound)
    problems = [*structure, *interview_problems(study, columns), *absent, *_tables(study), *looked.problems]
    return looked._replace(problems=problems, questions=[*looked.questions, *_of_interviews(study)])


def _of_interviews(study: Study) -> list[Question]:
    """Return the questions about coded interviews; none where they cannot be read."""
    try:
        return interview_questions(study, read_interviews(study)) if study.config.interviews else []
    except (StudyError, OSError):
        return []


def _tables(study: Study) -> list[Problem]:
    """Return the faults of the tables in which a study declares more than its patients."""
    config, problems = study.config, []
    for declared, read in ((config.pathway, read_pathway), (config.allocative, read_programmes)):
        try:
            read(study) if declared else None
        except StudyError as error:
            problems += error.problems
    return problems


def _without_dictionary(study: Study, parts: set[str]) -> list[Problem]:
    """Return what can be told of instruments and unit costs while the dictionary has a fault."""
    if parts & {"instruments", "visits"}:
        return []
    problems = [problem for name in study.config.instruments for problem in use_problems(study, name)]
    return problems + (_price_problems(study) if study.config.cost and "cost" not in parts else [])


def _absent(study: Study, name: str) -> list[Problem]:
    """Return the problem of a raw file that is not there."""
    if name not in study.config.sources or study.source_file(name).is_file():
        return []
    return [Problem(study.shown(study.config.sources[name].file), "no such file", how_to_get(study, name))]


def _ancestors(names: Collection[str]) -> set[str]:
    """Return `sources.answers` for `sources.answers.layout`."""
    return {".".join(name.split(".")[:2]) for name in names}

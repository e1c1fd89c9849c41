"""Read everything of a study, run nothing, and list every problem: file, column, row, what would be right."""

from collections.abc import Collection
from functools import partial

from vbhc.cleaning.checking import price_problems, structure_problems
from vbhc.cleaning.known_names import patients_columns, use_problems
from vbhc.cleaning.looking import Looked, look
from vbhc.cleaning.sources import how_to_get
from vbhc.problems import Problem, StudyError, problems_of
from vbhc.publish.declared_parameters import declared_parameters
from vbhc.publish.notebook_files import find_notebooks
from vbhc.run import plan
from vbhc.run.interview_checks import look_at_interviews
from vbhc.run.needs import left_out
from vbhc.run.parameters import settle
from vbhc.study import Study, private, read_study
from vbhc.study.declared.pathway import read_pathway
from vbhc.study.declared.programmes import read_programmes


def inspect_study(name: str) -> Looked:
    """Return everything that is wrong with a study or probably wrong, and what was seen of its files.

    What cannot be read (a key of `study.yml`, a row of the dictionary) hides no problem elsewhere; only what
    depends on it is not judged.
    """
    study, problems, unsound = read_study(name)
    if study is None:
        return Looked(problems, [], [])
    looked = inspect(study, unsound)
    of_study = [*plan.note_problems(study), *plan.adopted_problems(study), *_at_home(study)]
    further = [*_parameter_problems(study), *of_study, *looked.problems]
    told = {(problem.file, problem.column) for problem in problems if problem.column}
    problems += [one for one in further if one.set_aside or (one.file, one.column) not in told]
    return looked._replace(problems=list(dict.fromkeys(problems)))


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
    skip = sources & {part.split(".")[1] for part in unsound if part.startswith("sources.")}
    skip = sources if parts & {"dictionary", "key"} else skip
    judged = not parts & {"sources", "visits", "dictionary", "instruments"}
    structure = structure_problems(study) if judged else _without_dictionary(study, parts)
    sound = judged and not structure
    columns = patients_columns(study) if sound else ()
    absent = [
        Problem(study.shown(study.config.sources[name].file), "no such file", how_to_get(study, name))
        for name in skip
        if f"sources.{name}" not in unsound and not study.source_file(name).is_file()
    ]
    looked = look(study, skip, sound)
    of_interviews, asked = look_at_interviews(study, columns)
    problems = [*structure, *of_interviews, *absent, *_tables(study), *looked.problems]
    return looked._replace(problems=problems, questions=[*looked.questions, *asked])


def _tables(study: Study) -> list[Problem]:
    """Return the faults of the tables in which a study declares more than its patients."""
    tables = (study.config.pathway, read_pathway), (study.config.allocative, read_programmes)
    return [problem for declared, read in tables if declared for problem in problems_of(partial(read, study))]


def _without_dictionary(study: Study, parts: set[str]) -> list[Problem]:
    """Return what can be told of instruments and unit costs while the dictionary has a fault."""
    if parts & {"instruments", "visits"}:
        return []
    problems = [problem for name in study.config.instruments for problem in use_problems(study, name)]
    return problems + (price_problems(study) if study.config.cost and "cost" not in parts else [])


def _at_home(study: Study) -> list[Problem]:
    """Name raw files of people that git holds or would take along."""
    config = study.config
    if config.synthetic:
        return []
    files = [str(study.source_file(name).relative_to(study.folder)) for name in config.sources]
    files += [config.interviews.file, config.interviews.participants] if config.interviews else []
    fix = "put it into raw/, which .gitignore keeps out; `git rm --cached` where it is in already"
    found = "git would carry this file to others"
    return [Problem(study.shown(name), found, fix) for name in private.taken_along(study.folder, files)]


def _parameter_problems(study: Study) -> list[Problem]:
    try:
        notebooks = find_notebooks(plan.notebooks_folder(study))
        declared = {name: declared_parameters(path) for name, path in notebooks.items()}
        settings = settle(declared, study.name, study.config.parameters(declared))
    except StudyError as error:
        return error.problems
    skipped = left_out(study.config, notebooks)
    running = {name: one for name, one in settings.items() if name not in skipped}
    return [*plan.margin_problems(study, running), *plan.outcome_problems(study, running)]

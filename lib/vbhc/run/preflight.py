"""Check a study without running anything: `study.yml`, dictionary, parameters and every raw file."""

from vbhc.cleaning.looking import Looked
from vbhc.problems import Problem, StudyError
from vbhc.publish.declared_parameters import declared_parameters
from vbhc.publish.notebook_files import find_notebooks
from vbhc.run import checking
from vbhc.run.needs import left_out
from vbhc.run.parameters import settle
from vbhc.run.plan import margin_problems, note_problems, notebooks_folder, outcome_problems
from vbhc.study import Study, private, read_study


def check_study(name: str) -> list[Problem]:
    """Return everything that is wrong with a study, not only the first thing; see `inspect_study`."""
    return inspect_study(name).problems


def inspect_study(name: str) -> Looked:
    """Return everything that is wrong with a study or probably wrong, and what was seen of its files.

    What cannot be read (a key of `study.yml`, a row of the dictionary) hides no problem elsewhere; only what
    depends on it is not judged.
    """
    study, problems, unsound = read_study(name)
    if study is None:
        return Looked(problems, [], [])

    looked = checking.inspect(study, unsound)
    further = [*_parameter_problems(study), *note_problems(study), *_at_home(study), *looked.problems]
    told = {(problem.file, problem.column) for problem in problems if problem.column}
    problems += [one for one in further if one.set_aside or (one.file, one.column) not in told]
    return looked._replace(problems=list(dict.fromkeys(problems)))


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
        notebooks = find_notebooks(notebooks_folder(study))
        declared = {name: declared_parameters(path) for name, path in notebooks.items()}
        settings = settle(declared, study.name, study.config.parameters(declared))
    except StudyError as error:
        return error.problems
    skipped = left_out(study.config, notebooks)
    running = {name: one for name, one in settings.items() if name not in skipped}
    return [*margin_problems(study, running), *outcome_problems(study, running)]

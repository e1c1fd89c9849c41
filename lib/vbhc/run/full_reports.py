"""A whole report per provider: the walk of a study that holds its patients alone, made as its page would be.

The studies and reports of all are a project of their own among the private runs of the study.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

from vbhc.chapters.variation.frames import column_of, load_patients
from vbhc.cleaning import load_cleaned
from vbhc.cleaning.part import write_part
from vbhc.report.provider_page import summary_html
from vbhc.run.by_provider import INDEX, Job, Shown, States, folder_of, for_each, places, publish
from vbhc.run.files import beside, replace_text
from vbhc.run.walk import walk
from vbhc.study import Study


def full_reports(
    study: Study, release: str = "own", jobs: int = 2, cluster: str = "", shown: Shown = None, run: Job = walk
) -> tuple[Path, States]:
    """Make a report for each provider, and the list of all; return the folder and what became of each.

    Public reports lie in the place of public pages: each is safe beside the report of the study, which does
    not make the two safe together.

    Parameters
    ----------
    release, jobs, cluster, shown
        As for `provider_pages`. A report holds nothing of other providers at any stage.
    run : callable
        Runs the study in a folder.

    Raises
    ------
    StudyError, ReportFailed
        As `provider_pages` does; also where a worker of the cluster does not see the study.
    """
    project = study.runs / "full"
    with for_each(study, "own", jobs, cluster, shown, study.folder / "study.yml") as (told, states, make):
        named = places(told)
        _leave(project, {"data", "reports"})  # what a killed run left goes
        _write_studies(study, named, project / "data")
        list(make({name: (str(project / "data" / place),) for name, place in named.items()}, run))
        states = dict(sorted(states.items()))
        done = {name: f"{named[name]}/{INDEX}" for name, (state, _) in states.items() if state == "done"}
        _leave(project / "reports", {Path(link).parent.name for link in done.values()})
        listed = summary_html(study.config.title, release, states, done, "report")
        replace_text(project / "reports" / INDEX, listed)
        if release != "public":
            return project / "reports", states
        folder = folder_of(study, release)
        shutil.rmtree(beside(folder), ignore_errors=True)
        shutil.copytree(project / "reports", beside(folder))
        publish(study, folder)
    return folder, states


def _write_studies(study: Study, named: Mapping[str, str], folder: Path) -> None:
    """Write each provider's study: its patients who are compared, as they were cleaned with all others."""
    _leave(folder, set(named.values()))
    for name in ("requirements.lock", "CITATION.cff"):
        if (study.root / name).is_file():
            shutil.copyfile(study.root / name, folder.parent / name)
    whole, title = load_cleaned(study), study.config.title
    for name, own in load_patients(study).groupby(column_of(study)):
        if name in named:
            write_part(study, whole, set(own[study.config.key]), f"{title}: {name}", folder / named[name])


def _leave(folder: Path, names: set[str]) -> None:
    """Make a folder, or leave in it what has these names alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.is_dir() and path.name not in names:
            shutil.rmtree(path)

"""A page or a report per provider beside the report, made by any number of processes, here or on a cluster.

One that cannot be made never stops the others. What is shown is written beside and swapped in, and only what
changed is made again.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from vbhc.chapters.variation.frames import column_of, load_patients
from vbhc.chapters.variation.own_page import Told, tell_each
from vbhc.cleaning import load_cleaned
from vbhc.cleaning.part import write_part
from vbhc.problems import fault
from vbhc.report.audit import audit
from vbhc.report.provider_page import provider_html, stamp_of, summary_html
from vbhc.run import stamps
from vbhc.run.driver import of_its_own
from vbhc.run.files import beside, only_run, replace_text, swap_in
from vbhc.run.reporting import ReportFailed
from vbhc.run.walk import walk
from vbhc.run.workers import made, pool_of
from vbhc.study import Study
from vbhc.wording import listing

INDEX = "index.html"
States = dict[str, tuple[str, str]]  # name -> done, failed, lost or withheld, and why


def provider_pages(
    study: Study,
    release: str = "own",
    jobs: int = 2,
    cluster: str = "",
    shown: Callable[..., Any] | None = None,
    render: Callable[[Mapping[str, Any], str], str] = provider_html,
) -> tuple[Path, States]:
    """Write one page per provider, and the list of all of them; return the folder and what became of each.

    Parameters
    ----------
    release : "own", "peers" or "public"
        Only public pages lie among the reports; others in the private runs of the study.
    cluster : str
        Address of a Dask scheduler, such as tls://10.0.0.5:8786; without one a pool of `jobs` processes here.
    shown : callable, optional
        Wraps what is made, with its `length`, to show how far it is (`click.progressbar`).
    render : callable
        Makes a page of findings and their stamp.

    Raises
    ------
    StudyError
        If the study compares no providers, or the cluster may not be used.
    ReportFailed
        If report and pages together would publish what they may not; the last good pages stand.
    """
    _needs_providers(study)
    folder = folder_of(study, release)
    with only_run(study.runs / "running.lock", study.name), pool_of(jobs, cluster) as (pool, width):
        told = tell_each(study, release)
        marks, files = _stamps(told), {name: f"{place}.html" for name, place in _places(told).items()}
        states: States = {name: ("withheld", why) for name, why in told.withheld.items()}
        states |= {name: ("done", "") for name in told.findings if _keep(folder, files[name], marks[name])}
        tasks = {name: (found, marks[name]) for name, found in told.findings.items() if name not in states}
        for name, page in _done(made(tasks, render, pool, width), len(tasks), states, shown):
            replace_text(beside(folder) / files[name], page)
        _finish(study, release, folder, files, states)
    return folder, states


def full_reports(
    study: Study,
    release: str = "own",
    jobs: int = 2,
    cluster: str = "",
    shown: Callable[..., Any] | None = None,
    run: Callable[[str], str] = walk,
) -> tuple[Path, States]:
    """Run the walk for each provider as a study of its own; return the folder and what became of each.

    The studies and their reports are a project of their own among the private runs. Public reports are copied
    to where public pages lie, in their place: of pages and reports, each made to be safe alone, one is given.

    Parameters
    ----------
    release, jobs, cluster, shown
        As for `provider_pages`; a report holds nothing of other providers at any stage.
    run : callable
        Runs the study in a folder.

    Raises
    ------
    StudyError, ReportFailed
        As `provider_pages` does; also where a worker of the cluster does not see the study.
    """
    _needs_providers(study)
    project = study.runs / "full"
    with (
        only_run(study.runs / "running.lock", study.name),
        pool_of(jobs, cluster, study.folder / "study.yml") as (pool, width),
    ):
        told = tell_each(study)
        places = _places(told)
        states: States = {name: ("withheld", why) for name, why in told.withheld.items()}
        _write_studies(study, places, project)
        tasks = {name: (str(project / "data" / place),) for name, place in places.items()}
        list(_done(made(tasks, run, pool, width), len(tasks), states, shown))
        return _listed(study, release, project, places, states), states


def _needs_providers(study: Study) -> None:
    if study.config.variation is None:
        raise fault(study.shown("study.yml"), "no providers to compare", "declare `variation`", "variation")


def _done(
    made: Iterator[tuple[str, str, str]], length: int, states: States, shown: Callable[..., Any] | None
) -> Iterator[tuple[str, str]]:
    """Yield the names of what was made, with it; note what became of each, in the order of names."""
    with shown(made, length=length) if shown else nullcontext(made) as following:
        for name, state, text in following:
            states[name] = (state, "" if state == "done" else text)
            if state == "done":
                yield name, text
    for name in sorted(states):
        states[name] = states.pop(name)


def _write_studies(study: Study, places: Mapping[str, str], project: Path) -> None:
    """Write the study of each provider into a project of their own; those of others go."""
    for folder in (*project.glob("data/*"), *project.glob("reports/*")):
        if folder.name not in places.values():
            shutil.rmtree(folder)
    for name in ("requirements.lock", "CITATION.cff"):
        if (study.root / name).is_file():
            project.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(study.root / name, project / name)
    whole, only = load_cleaned(study), listing(map(str, study.config.variation.only.values()))
    what = f"{study.config.title}{f' ({only})' * bool(only)}"
    for name, own in load_patients(study).groupby(column_of(study)):
        if name in places:
            keys, folder = set(own[study.config.key]), project / "data" / places[name]
            write_part(study, whole, keys, f"{what}: {name}", folder)


def _listed(study: Study, release: str, project: Path, places: Mapping[str, str], states: States) -> Path:
    """Write the list of all beside the reports, or, for everybody, beside copies of them; return where."""
    done = {name: places[name] for name, (state, _) in states.items() if state == "done"}
    if release != "public":
        links = {name: f"reports/{place}/{INDEX}" for name, place in done.items()}
        replace_text(project / INDEX, summary_html(study.config.title, release, states, links, "report"))
        return project
    folder = folder_of(study, release)
    shutil.rmtree(beside(folder), ignore_errors=True)
    for place in done.values():
        shutil.copytree(project / "reports" / place, beside(folder) / place)
    links = {name: f"{place}/{INDEX}" for name, place in done.items()}
    replace_text(beside(folder) / INDEX, summary_html(study.config.title, release, states, links, "report"))
    _publish(study, folder)
    return folder


def folder_of(study: Study, release: str) -> Path:
    """Return where the pages lie: private until everybody may read them."""
    if release == "public":
        return study.report.with_name(f"{study.name}-providers")
    return study.runs / f"providers-{release}"


def _stamps(told: Told) -> dict[str, str]:
    """What each page is made of: its findings, and the library that lays them out."""
    around = stamps.hash_files(stamps.LIBRARY / "report")
    return {name: stamps.hash_values([found, around]) for name, found in told.findings.items()}


def _places(told: Told) -> dict[str, str]:
    """What the file or folder of each is called: its name where that can be one, else a number."""
    places = {}
    for number, name in enumerate(told.findings, 1):
        plain = name.isascii() and name.isalnum() and name.lower() != "index"
        places[name] = name if plain else f"page-{number:04}"
    return places


def _keep(folder: Path, file: str, stamp: str) -> bool:
    """Whether a page stands already, from a run that was killed or from the last one; put it in its place."""
    new = beside(folder) / file
    new.parent.mkdir(parents=True, exist_ok=True)
    for path in (new, folder / file):
        if path.is_file() and stamp_of(path.read_text(encoding="utf-8")) == stamp:
            if path != new:
                shutil.copy2(path, new)
            return True
    new.unlink(missing_ok=True)
    return False


def _finish(study: Study, release: str, folder: Path, files: Mapping[str, str], states: States) -> None:
    """Write the list of all, and put the folder in its place."""
    new = beside(folder)
    done = {name: files[name] for name, (state, _) in states.items() if state == "done"}
    for path in new.glob("*.html"):
        if path.name not in done.values():
            path.unlink()
    replace_text(new / INDEX, summary_html(study.config.title, release, states, done))
    _publish(study, folder)


def _publish(study: Study, folder: Path) -> None:
    """Read what was made for a folder, and the report, as an outsider would, and swap it in."""
    with of_its_own(study.runs / "running") as union:
        if study.report.is_dir():
            shutil.copytree(study.report, union, dirs_exist_ok=True)
        shutil.copytree(beside(folder), union / "providers")
        leaks = audit(study, union)
    if leaks:
        shown = "\n".join(map(str, leaks[:20]))
        raise ReportFailed(f"the pages of providers would publish what they may not:\n{shown}")
    swap_in(beside(folder), folder)

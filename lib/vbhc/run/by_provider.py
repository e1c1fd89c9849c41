"""One page per provider beside the report: told once, made by any number of processes, here or on a cluster.

A page that cannot be made never stops the others. The folder is written beside and swapped in, and only pages
whose findings changed are made again.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from vbhc.chapters.variation.own_page import Told, tell_each
from vbhc.problems import fault
from vbhc.report.audit import audit
from vbhc.report.provider_page import provider_html, stamp_of, summary_html
from vbhc.run import stamps
from vbhc.run.driver import of_its_own
from vbhc.run.files import beside, only_run, replace_text, swap_in
from vbhc.run.reporting import ReportFailed
from vbhc.run.workers import made, pool_of
from vbhc.study import Study

INDEX = "index.html"
States = dict[str, tuple[str, str]]  # name -> done, failed, lost or withheld, and why
Shown = Callable[..., Any] | None  # shows how far something with a `length` is, as click.progressbar
Job = Callable[..., str]  # makes a page, or runs a study
Make = Callable[[Mapping[str, tuple], Job], Iterator[tuple[str, str]]]  # names with texts


def provider_pages(
    study: Study,
    release: str = "own",
    jobs: int = 2,
    cluster: str = "",
    shown: Shown = None,
    render: Job = provider_html,
) -> tuple[Path, States]:
    """Write one page per provider, and the list of all of them; return the folder and what became of each.

    Parameters
    ----------
    release : "own", "peers" or "public"
        Only public pages lie among the reports; others in the private runs of the study.
    cluster : str
        Address of a Dask scheduler, such as tls://10.0.0.5:8786; without one a pool of `jobs` processes here.
    shown : callable, optional
        Wraps what is made, to show how far it is.
    render : callable
        Makes a page of findings and their stamp.

    Raises
    ------
    StudyError
        If the study compares no providers, or the cluster may not be used.
    ReportFailed
        If report and pages together would publish what they may not; the last good pages stand.
    """
    folder = folder_of(study, release)
    with for_each(study, release, jobs, cluster, shown) as (told, states, make):
        marks, files = _stamps(told), {name: f"{place}.html" for name, place in places(told).items()}
        states |= {name: ("done", "") for name in told.findings if _keep(folder, files[name], marks[name])}
        tasks = {name: (found, marks[name]) for name, found in told.findings.items() if name not in states}
        for name, page in make(tasks, render):
            replace_text(beside(folder) / files[name], page)
        _finish(study, release, folder, files, dict(sorted(states.items())))
    return folder, states


@contextmanager
def for_each(
    study: Study, release: str, jobs: int, cluster: str, shown: Shown, shared: Path | None = None
) -> Iterator[tuple[Told, States, Make]]:
    """Offer what each provider is told, what became of each so far, and what makes the tasks of the others.

    Raises StudyError if the study compares no providers, or the cluster may not be used (`workers.pool_of`).
    """
    if study.config.variation is None:
        raise fault(study.shown("study.yml"), "no providers to compare", "declare `variation`", "variation")
    with only_run(study.runs / "running.lock", study.name), pool_of(jobs, cluster, shared) as pool:
        told = tell_each(study, release)
        states: States = {name: ("withheld", why) for name, why in told.withheld.items()}

        def make(tasks: Mapping[str, tuple], render: Job) -> Iterator[tuple[str, str]]:
            texts = made(tasks, render, *pool)
            with shown(texts, length=len(tasks)) if shown else nullcontext(texts) as following:
                for name, state, text in following:
                    states[name] = (state, "" if state == "done" else text)
                    if state == "done":
                        yield name, text

        yield told, states, make


def folder_of(study: Study, release: str) -> Path:
    """Return where the pages lie: private until everybody may read them."""
    if release == "public":
        return study.report.with_name(f"{study.name}-providers")
    return study.runs / f"providers-{release}"


def _stamps(told: Told) -> dict[str, str]:
    """What each page is made of: its findings, and the library that lays them out."""
    around = stamps.hash_files(stamps.LIBRARY / "report")
    return {name: stamps.hash_values([found, around]) for name, found in told.findings.items()}


def places(told: Told) -> dict[str, str]:
    """What the file or folder of each is called: its name where that can be one, else a number."""
    found = {}
    for number, name in enumerate(told.findings, 1):
        plain = name.isascii() and name.isalnum() and name.lower() != "index"
        found[name] = name if plain else f"page-{number:04}"
    return found


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
    publish(study, folder)


def publish(study: Study, folder: Path) -> None:
    """Read what was made for a folder, and the report, as an outsider would, and swap it in."""
    with of_its_own(study.runs / "running") as union:
        if study.report.is_dir():
            shutil.copytree(study.report, union, dirs_exist_ok=True)
        shutil.copytree(beside(folder), union / "providers")
        leaks = audit(study, union)
    if leaks:
        shutil.rmtree(beside(folder))
        shown = "\n".join(map(str, leaks[:20]))
        raise ReportFailed(f"the pages of providers would publish what they may not:\n{shown}")
    swap_in(beside(folder), folder)

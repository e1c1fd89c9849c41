"""The driver: run what changed, in order, then put a complete report in the place of the last one.

Nothing heavy is imported before something has to run, so that "nothing changed" is said at once.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from vbhc.problems import refuse
from vbhc.publish.notebook_files import is_companion
from vbhc.run import stamps, stop
from vbhc.run.execute import execute
from vbhc.run.files import beside, only_run, recover, swap_in
from vbhc.run.kernels import Kernels, kernels
from vbhc.run.needs import CLEANING, upstream
from vbhc.run.plan import Plan, is_current, outcome_problems
from vbhc.run.progress import Progress
from vbhc.run.provenance import run_info
from vbhc.run.reporting import build_report
from vbhc.run.side_by_side import side_by_side


class Outcome(NamedTuple):
    """What a run did: notebooks that ran, the report's folder (None when not built) and its answers."""

    ran: tuple[str, ...]
    report: Path | None
    built: bool = False
    answers: tuple[tuple[str, str], ...] = ()
    out_of_date: tuple[str, ...] = ()


class _Report(NamedTuple):
    """The report of a run: its edition, its place, and the kernels of the run."""

    edition: str
    folder: Path
    started: Kernels


def run_study(
    plan: Plan,
    progress: Progress,
    edition: str = "public",
    force: bool = False,
    jobs: int | None = None,
    fork: bool = True,
) -> Outcome:
    """Run what is out of date in a plan, then build the report if it is out of date too.

    Parameters
    ----------
    edition : "public" or "internal"
        Internal reports hold everything and lie in the private `runs/internal`.
    force : bool
        Run and build also what is up to date.
    jobs : int, optional
        How many notebooks run at once; default as many as there are cores.
    fork : bool
        Fork kernels from one that has imported everything, where the system can.

    Raises
    ------
    NotebookFailed, ReportFailed
        When a cell fails or a page may not be published; the last good report stands.
    StudyError
        When another run of this study is going on, or an outcome that was asked for is scored nowhere.
    """
    folder, running = _folder(plan, edition), plan.study.runs / "running"
    if not force and unchanged(plan, edition):
        stored = stamps.read_stamps(plan.stamps_file)
        return Outcome((), folder, answers=_answers(stored, edition))
    with only_run(plan.study.runs / "running.lock", plan.study.name):
        recover(folder)
        stored = stamps.read_stamps(plan.stamps_file)
        stale = [name for name in plan.wanted if force or not is_current(plan, name, stored)]
        refuse(outcome_problems(plan.study, {name: plan.settings[name] for name in stale}))
        _drop(plan, stale)
        for name, reason in plan.skipped.items():
            progress.left_out(name, reason)
        sources = [plan.notebooks[name] for name in stale]
        fork = fork and bool(stale)
        with of_its_own(running) as scratch, kernels(plan.study.root, scratch, sources, fork) as started:
            _run_notebooks(plan, stale, stored, progress, started, jobs or cores())
            return _finish(plan, stored, tuple(stale), progress, _Report(edition, folder, started), force)


def unchanged(plan: Plan, edition: str = "public") -> bool:
    """Tell whether notebooks and report are up to date, and no run was killed since."""
    stored = stamps.read_stamps(plan.stamps_file)
    current = all(is_current(plan, name, stored) for name in plan.running)
    whole = current and report_is_current(plan, stored, _folder(plan, edition), edition)
    return whole and not (plan.study.runs / "running").exists()


def _folder(plan: Plan, edition: str) -> Path:
    return plan.study.report if edition == "public" else plan.study.runs / "internal"


@contextmanager
def of_its_own(running: Path) -> Iterator[Path]:
    """Offer a folder for what a run needs; one that was killed may still be deleting its own."""
    running.mkdir(parents=True, exist_ok=True)
    try:
        yield Path(tempfile.mkdtemp(dir=running))
    finally:
        shutil.rmtree(running, ignore_errors=True)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _finish(
    plan: Plan, stored: dict, stale: tuple[str, ...], progress: Progress, report: _Report, force: bool
) -> Outcome:
    """Build the report where it is out of date and can be whole, and tell what was done."""
    behind = tuple(name for name in plan.running if not is_current(plan, name, stored))
    if behind and report.edition == "public":
        return Outcome(stale, None, out_of_date=behind)
    old = force or bool(stale) or not report_is_current(plan, stored, report.folder, report.edition)
    if old:
        started = time.perf_counter()
        _build_report(plan, stored, behind, report)
        progress.done("report", None, time.perf_counter() - started)
    return Outcome(stale, report.folder, old, _answers(stored, report.edition), behind)


def _drop(plan: Plan, stale: Iterable[str]) -> None:
    """Delete executed notebooks that no longer hold: the summary reads what lies there."""
    gone = {path.stem for path in plan.study.runs.glob("*.ipynb")} - set(plan.running)
    for name in (*stale, *gone):
        plan.executed(name).unlink(missing_ok=True)
    shutil.rmtree(plan.study.runs / "running", ignore_errors=True)


def _run_notebooks(
    plan: Plan, stale: list[str], stored: dict[str, Any], progress: Progress, started: Kernels, jobs: int
) -> None:
    """Run the stale notebooks, those that do not need one another side by side; tell of them in order.

    Those that need not run are told of first: no line may be said where bars are being drawn.
    """
    for name in plan.wanted:
        if stale and name not in stale:
            progress.same(name)
    before = {name: stored["notebooks"].pop(name, None) for name in stale}
    ran: dict[str, tuple[int, float]] = {}
    untold = list(stale)

    def done(name: str, result: tuple[int, float]) -> None:
        """Stamp a notebook as soon as it is complete; tell of all up to the first that still runs."""
        stop.check()
        ran[name] = result
        _stamp_notebook(plan, name, stored)
        while untold and untold[0] in ran:
            told = untold.pop(0)
            progress.done(told, *ran[told], stamps.why_changed(before[told], plan.parts[told]))

    # The walk first: what its notebooks compute once is there when their companions ask for it.
    order = sorted(stale, key=is_companion)
    run, needs = partial(_timed, plan, started, progress), {one: upstream(one, plan.running) for one in stale}
    side_by_side(order, needs, run, done, started.kill, jobs)
    stop.check()


def _timed(plan: Plan, kernels: Kernels, progress: Progress, name: str) -> tuple[int, float]:
    """Run one notebook; return how many cells ran and the seconds."""
    started = time.perf_counter()
    failed = plan.study.runs / "failed" / f"{name}.ipynb"
    overrides = plan.settings[name].overrides
    places = plan.notebooks[name], plan.executed(name), failed
    return execute(kernels, *places, overrides, progress.bar(name)), time.perf_counter() - started


def _stamp_notebook(plan: Plan, name: str, stored: dict[str, Any]) -> None:
    entry = {"parts": plan.parts[name], "executed": stamps.hash_file(plan.executed(name))}
    if name == CLEANING:
        entry["made"] = stamps.hash_files(plan.study.clean)
    stored["notebooks"][name] = entry
    stamps.write_stamps(plan.stamps_file, stored)


def report_parts(plan: Plan, edition: str) -> dict[str, Any]:
    """Return everything that a report depends on; the notebooks' stamps hold what they depend on."""
    study = plan.study
    return {
        "edition": edition,
        "notebooks": {name: stamps.hash_values(parts) for name, parts in plan.parts.items()},
        "left out": plan.skipped,
        "texts of the study": {name: stamps.hash_file(study.folder / name) for name in stamps.DOCUMENTS},
        "how to cite": stamps.hash_file(study.root / "CITATION.cff"),
        "the library around them": [stamps.hash_files(stamps.LIBRARY / name) for name in stamps.AROUND],
    }


def report_is_current(plan: Plan, stored: dict[str, Any], folder: Path, edition: str) -> bool:
    """Tell whether the report was built from exactly this and every file of it is still there, unaltered."""
    entry = stored["reports"].get(edition)
    if entry is None or entry["parts"] != report_parts(plan, edition):
        return False
    return folder.is_dir() and stamps.hash_files(folder) == entry["files"]


def _build_report(plan: Plan, stored: dict[str, Any], behind: tuple[str, ...], report: _Report) -> None:
    """Build the report beside its place, swap it in when it is complete, then stamp it."""
    waiting = dict.fromkeys(behind, f"Not up to date; only {plan.only} was asked for.")
    info = run_info(plan, waiting, report.edition)
    new = beside(report.folder)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    executed = {name: plan.executed(name) for name in plan.running if name not in waiting}
    try:
        stop.check()
        build_report(plan.study, executed, new, info, report.edition, started=report.started)
        stop.check()
        swap_in(new, report.folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    stored["reports"][report.edition] = {
        "parts": {} if waiting else report_parts(plan, report.edition),
        "files": stamps.hash_files(report.folder),
        "answers": report.started.call(read_answers, executed),
    }
    stamps.write_stamps(plan.stamps_file, stored)


def read_answers(executed: Mapping[str, Path]) -> list[list[str]]:
    """Return the one-line answers that executed notebooks give, each with its notebook."""
    from vbhc.publish.findings.marks import findings_in

    found = [(name, one) for name, path in executed.items() for one in findings_in(path)]
    return [[name, one["text"]] for name, one in found if one["role"] == "answer"]


def _answers(stored: dict[str, Any], edition: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in stored["reports"][edition]["answers"])

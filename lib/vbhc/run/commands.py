"""The command line, `vbhc --help`: each command usable without make.

Errors are lines, never a traceback: exit 2 for what was asked wrongly (unknown study, parameter, key), exit 1
for what went wrong (a failing cell, problems that `check` found).
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import vbhc
from vbhc.problems import StudyError, did_you_mean, fault
from vbhc.run import stop
from vbhc.run.execute import NotebookFailed
from vbhc.run.progress import Progress, on_terminal, shown_path
from vbhc.run.reporting import ReportFailed
from vbhc.study import Study, load_study, project_root, study_names

if TYPE_CHECKING:
    from vbhc.run.driver import Outcome
    from vbhc.run.plan import Plan

DEFAULT_STUDY = "heart-failure"
SET_ASIDE = "`vbhc run` sets these rows and cells aside (counted in the report) and goes on with the others"


def _plain_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the library's errors into lines on standard error and an exit code."""

    @functools.wraps(command)
    def wrapped(*arguments: Any, **options: Any) -> None:
        try:
            with stop.under_way():
                command(*arguments, **options)
        except StudyError as error:
            _fail(*map(str, error.problems), code=2)
        except KeyboardInterrupt:
            stop.end_if_asked()
            _fail(stop.LINE, code=stop.STATUS)

    return wrapped


def _fail(*lines: str, code: int) -> None:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(vbhc.__version__, prog_name="vbhc")
def main() -> None:
    """Rerun a value-based health care study: from raw answers, costs and interviews to a published report."""


@main.command()
@click.argument("study", default=DEFAULT_STUDY)
@click.option("--only", metavar="NOTEBOOK", help="Run this notebook and what it needs (a name or number).")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="Set a parameter in every notebook that has it.",
)
@click.option("--edition", type=click.Choice(["public", "internal"]), default="public", show_default=True)
@click.option("--force", is_flag=True, help="Run everything, also what is unchanged.")
@click.option("--quiet", is_flag=True, help="No bars: one line per notebook.")
@click.option("--jobs", type=click.IntRange(1), help="Notebooks that run at once; default: one per core.")
@click.option("--no-fork", is_flag=True, help="Start each kernel afresh instead of forking a warm one.")
@_plain_errors
def run(
    study: str,
    only: str | None,
    parameters: Sequence[tuple[str, str]],
    edition: str,
    force: bool,
    quiet: bool,
    jobs: int | None,
    no_fork: bool,
) -> None:
    """Run what changed in STUDY and build its report."""
    from vbhc.run import driver
    from vbhc.run.plan import make_plan

    progress = Progress(click.echo, on_terminal() and not quiet)
    plan = make_plan(load_study(study), parameters, only)
    try:
        outcome = driver.run_study(plan, progress, edition, force, jobs=jobs, fork=not no_fork)
    except (NotebookFailed, ReportFailed) as error:
        _fail(str(error), _last_report(plan.study), code=1)
    for line in _closing_lines(plan, outcome):
        click.echo(line)


def _last_report(study: Study) -> str:
    index = study.report / "index.html"
    if index.is_file():
        return f"the last good report stands: {shown_path(index)}"
    return "no report yet; the next run goes on from here"


def _closing_lines(plan: Plan, outcome: Outcome) -> list[str]:
    """Say what the study answers and where the report is; for a single notebook, where it lies executed."""
    lines = []
    if not outcome.built and outcome.report is not None:
        lines.append(f"{plan.study.name}: nothing changed since the last run")
    for name, text in outcome.answers:
        lines += ["", *textwrap.wrap(f"{name}: {text}", shutil.get_terminal_size().columns)]
    if outcome.answers:
        lines.append("")
    if plan.only is not None:
        lines.append(f"executed: {shown_path(plan.executed(plan.only))}")
    if outcome.out_of_date:
        waiting = ", ".join(outcome.out_of_date)
        lines.append(f"not up to date: {waiting}; `vbhc run {plan.study.name}` runs them")
    if outcome.report is not None:
        lines.append(f"report: {shown_path(outcome.report / 'index.html')}")
    return lines


@main.command()
@click.argument("study", default=DEFAULT_STUDY)
@_plain_errors
def check(study: str) -> None:
    """Read everything of STUDY, run nothing, and list all problems at once."""
    from vbhc.run.preflight import inspect_study

    _known_study(study)
    problems, questions, seen = inspect_study(study)
    click.echo("\n".join([*seen, *(f"question: {one}" for one in questions)]), nl=bool(seen or questions))
    if problems:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        rows = sum(problem.rows for problem in problems)
        count += f" in {rows:,} rows" if rows > len(problems) else ""
        aside = all(problem.set_aside for problem in problems)
        _fail(*map(str, problems), f"{study}: {count}{f'; {SET_ASIDE}' if aside else ''}", code=1)
    asked = f", {len(questions)} question{'s' if len(questions) > 1 else ''} to answer" if questions else ""
    click.echo(f"{study}: no problems found{asked}")


def _known_study(name: str) -> None:
    """Raise unless the study exists; what is wrong inside it is another matter."""
    if (Path(name) / "study.yml").is_file():
        return
    names = study_names(project_root())
    if name not in names:
        raise fault("data", f"no study {name!r}", did_you_mean(name, names))


@main.command()
@click.argument("study", default=DEFAULT_STUDY)
@click.option(
    "--report", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Read this folder instead of the study's own report.",
)  # fmt: skip
@_plain_errors
def audit(study: str, folder: Path | None) -> None:
    """Read the finished report of STUDY as an outsider would and list what should not be in it."""
    from vbhc.report.audit import audit as read_report

    loaded = load_study(study)
    folder = folder or loaded.report
    if not (folder / "index.html").is_file():
        _fail(f"{study}: no finished report; `vbhc run {study}` makes one", code=2)
    problems = read_report(loaded, folder)
    if problems:
        _fail(*map(str, problems), f"{study}: {len(problems)} found", code=1)
    click.echo(f"{study}: nothing found that should not be published ({shown_path(folder)})")


@main.command()
@_plain_errors
def site() -> None:
    """Write reports/index.html over the finished reports of all studies."""
    from vbhc.report.site import write_site

    index, count = write_site(project_root() / "reports")
    click.echo(f"{count} report{'' if count == 1 else 's'}: {shown_path(index)}")


@main.command()
@click.argument("study", default=DEFAULT_STUDY)
@_plain_errors
def pdf(study: str) -> None:
    """Print the finished report of STUDY through headless Chromium, one PDF a page."""
    from vbhc.report.pdf import print_report

    loaded = load_study(study)
    for path in print_report(loaded.report, loaded.report.parent / "pdf" / loaded.name):
        click.echo(shown_path(path))


@main.command()
@click.argument("old", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_plain_errors
def diff(old: Path, new: Path) -> None:
    """Compare two finished reports (or runs folders): data, parameters, versions, every changed finding."""
    from vbhc.report.compare import compare, lines, read_run

    for line in lines(compare(read_run(old), read_run(new))):
        click.echo(line)


@main.command()
@click.argument("study")
@_plain_errors
def new(study: str) -> None:
    """Lay out a folder for STUDY with commented files and example rows."""
    from vbhc.run.scaffold import lay_out

    folder = lay_out(project_root(), study)
    click.echo(f"made {shown_path(folder)}; read its README.md, put your files into raw/, then:")
    click.echo(f"  make check STUDY={study}     (without make: vbhc check {study})")
    click.echo(f"  make report STUDY={study}    (without make: vbhc run {study})")


@main.command()
@click.argument("study")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, path_type=Path),
    help="Folder or file with the published data; without it they are downloaded.",
)
@_plain_errors
def data(study: str, source: Path | None) -> None:
    """Put the published raw files of STUDY in their place, checked against their sha256."""
    from vbhc.cleaning.sources import fetch

    for line in fetch.fetch(load_study(study), source):
        click.echo(line)


@main.command()
@click.pass_context
@_plain_errors
def notebooks(context: click.Context) -> None:
    """Run the default study and keep the outputs in the committed notebooks (for maintainers)."""
    from vbhc.run.committed import refresh
    from vbhc.run.plan import make_plan

    context.invoke(run)
    for line in refresh(make_plan(load_study(DEFAULT_STUDY))):
        click.echo(line)


@main.command()
@_plain_errors
def course() -> None:
    """Write the notebooks without solutions and results to course/, for a class."""
    from vbhc.run.course import write_course

    for path in write_course(project_root()):
        click.echo(shown_path(path))


@main.command()
@click.argument("studies", nargs=-1)
@_plain_errors
def clean(studies: Sequence[str]) -> None:
    """Delete what was made (clean/, runs/, reports) of STUDIES, or of all. Raw data stay."""
    root = project_root()
    for name in studies:
        _known_study(name)
    for name in studies or study_names(root):
        folder, reports = root / "data" / name, root / "reports"
        for made in (folder / "clean", folder / "runs", reports / name, reports / "pdf" / name):
            if made.is_dir():
                shutil.rmtree(made)
                click.echo(f"deleted {shown_path(made)}")
    index = root / "reports" / "index.html"
    if not studies and index.is_file():
        index.unlink()
        click.echo(f"deleted {shown_path(index)}")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@_plain_errors
def lab(arguments: Sequence[str]) -> None:
    """Open JupyterLab in notebooks/."""
    folder = project_root() / "notebooks"
    sys.exit(subprocess.call([sys.executable, "-m", "jupyterlab", *arguments], cwd=folder))

"""The command line, `vbhc --help`: each command usable without make.

Errors are lines, never a traceback: exit 2 for what was asked wrongly (unknown study, parameter, key), exit 1
for what went wrong (a failing cell, problems that `check` found).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import vbhc
from vbhc.problems import StudyError, fault
from vbhc.run import stop
from vbhc.run.execute import NotebookFailed
from vbhc.run.progress import Progress, shown_path
from vbhc.run.reporting import ReportFailed
from vbhc.study import Study, load_study, project_root, study_names
from vbhc.study.folder import study_folder

if TYPE_CHECKING:
    from vbhc.run.driver import Outcome
    from vbhc.run.plan import Plan

DEFAULT_STUDY = "heart-failure"
FOR_MAINTAINERS = ("notebooks",)
LISTED = ("studies", "notebooks", "parameters", "instruments", "value-sets", "policies")
SET_ASIDE = "`vbhc run` sets these rows and cells aside (counted in the report) and goes on with the others"


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _fail(*lines: str, code: int) -> None:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(code)


class _Commands(click.Group):
    """Commands in the order of their use; their errors are lines."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command; turn the library's errors into lines on standard error and an exit code."""
        try:
            with stop.under_way():
                return super().invoke(context)
        except StudyError as error:
            _fail(*map(str, error.problems), code=2)
        except BrokenPipeError:  # `| head` has read enough: click ends without a word
            raise
        except OSError as error:  # a full disk, a folder that nobody may write to
            where = shown_path(Path(error.filename)) if isinstance(error.filename, str | Path) else "."
            _fail(f"{where}: {error.strerror or error}; free space or rights to write are needed", code=1)
        except KeyboardInterrupt:
            stop.end_if_asked()
            _fail(stop.LINE, code=stop.STATUS)

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names in the order of their use."""
        return list(self.commands)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summaries, those for who keeps the suite apart."""
        limit = formatter.width - 6 - max(map(len, self.commands))
        for head, kept in (("Commands", False), ("For maintainers", True)):
            names = [name for name in self.commands if (name in FOR_MAINTAINERS) is kept]
            with formatter.section(head):
                formatter.write_dl([(name, self.commands[name].get_short_help_str(limit)) for name in names])


def _completed(what: str, context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Complete the names of a list (`vbhc list`) in a shell."""
    from vbhc.run.listing import LISTS

    try:
        return [name for name, _ in LISTS[what](project_root()) if name.startswith(begun)]
    except Exception:  # a shell that completes has no place for a fault
        return []


STUDIES = partial(_completed, "studies")
STUDY = click.argument("study", default=DEFAULT_STUDY, shell_complete=STUDIES)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(vbhc.__version__, prog_name="vbhc")
def main() -> None:
    """Rerun a value-based health care study, from raw files to a report."""


@main.command()
@STUDY
@click.option(
    "--only", metavar="NOTEBOOK", shell_complete=partial(_completed, "notebooks"),
    help="Run this notebook and what it needs (a name or number).",
)  # fmt: skip
@click.option(
    "-p", "--parameter", "parameters", nargs=2, multiple=True, metavar="NAME VALUE",
    help="Set a parameter in every notebook that has it.",
)  # fmt: skip
@click.option("--edition", type=click.Choice(["public", "internal"]), default="public", show_default=True)
@click.option("--force", is_flag=True, help="Run everything, also what is unchanged.")
@click.option("--quiet", is_flag=True, help="No bars: one line per notebook.")
@click.option("--jobs", type=click.IntRange(1), help="Notebooks that run at once; default: one per core.")
@click.option("--fork/--no-fork", default=True, help="Fork kernels from a warm one, or start each afresh.")
@click.option("--by", type=click.Choice(["provider"]), help="Then make one page for each provider too.")
@click.option("--full", is_flag=True, help="With --by: a whole report for each, not a page.")
@click.option(
    "--release", type=click.Choice(["own", "peers", "public"]), default="own", show_default=True,
    help="Who may read what providers get: each its own, with others unnamed, everybody.",
)  # fmt: skip
@click.option("--cluster", default="", metavar="ADDRESS", help="Dask scheduler whose workers make it.")
def run(
    study: str, only: str | None, parameters: Sequence[tuple[str, str]], quiet: bool, **options: Any
) -> None:
    """Run what changed in STUDY and build its report."""
    from vbhc.run import driver
    from vbhc.run.plan import make_plan

    by, full, release, cluster = (options.pop(name) for name in ("by", "full", "release", "cluster"))
    if full and not by:
        raise fault("--full", "no --by provider", f"vbhc run {study} --by provider --full")
    progress = Progress(click.echo, sys.stderr.isatty() and not quiet)
    plan = make_plan(load_study(study), parameters, only)
    try:
        outcome = driver.run_study(plan, progress, **options)
    except (NotebookFailed, ReportFailed) as error:
        _fail(str(error), _last_report(plan.study), code=1)
    except ChildProcessError:
        said = "the process that builds the report died: often a lack of memory; run it again"
        _fail(said, _last_report(plan.study), code=1)
    for line in _closing_lines(plan, outcome):
        click.echo(line)
    if by:
        _by_provider(plan.study, full, release, options["jobs"], cluster)


def _by_provider(study: Study, full: bool, release: str, jobs: int | None, cluster: str) -> None:
    """Make what providers get; what could not be made is told, and the command then fails."""
    from vbhc.run.by_provider import provider_pages
    from vbhc.run.driver import cores
    from vbhc.run.full_reports import full_reports

    shown = partial(click.progressbar, label="providers", file=sys.stderr)
    try:
        make = full_reports if full else provider_pages
        folder, states = make(study, release, jobs or cores(), cluster, shown)
    except ReportFailed as error:
        _fail(str(error), "the last good ones stand", code=1)
    counts = Counter(state for state, _ in states.values())
    click.echo(f"providers: {', '.join(f'{n:,} {state}' for state, n in counts.items())}")
    click.echo(f"{'reports' if full else 'pages'}: {shown_path(folder / 'index.html')}")
    bad = [f"{name}: {state}, {why}" for name, (state, why) in states.items() if state in ("failed", "lost")]
    if bad:
        _fail(*bad, code=1)


def _last_report(study: Study) -> str:
    index, none = study.report / "index.html", "no report yet; the next run goes on from here"
    return f"the last good report stands: {shown_path(index)}" if index.is_file() else none


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
@STUDY
def check(study: str) -> None:
    """Read everything of STUDY, run nothing, list all problems."""
    from vbhc.run.checking import inspect_study

    study_folder(study)
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


@main.command()
@STUDY
@click.option("--report", "folder", type=FOLDER, help="Read this folder instead of the study's own report.")
def audit(study: str, folder: Path | None) -> None:
    """Look for what should not be in the report of STUDY.

    It reads the finished report as an outsider would.
    """
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
def site() -> None:
    """Write reports/index.html over all finished reports."""
    from vbhc.report.index import write_site

    index, count = write_site(project_root() / "reports")
    click.echo(f"{count} report{'' if count == 1 else 's'}: {shown_path(index)}")


@main.command()
@STUDY
def pdf(study: str) -> None:
    """Print the report of STUDY, one PDF a page (needs Chromium)."""
    from vbhc.report.pdf import print_report

    loaded = load_study(study)
    for path in print_report(loaded.report, loaded.report.parent / "pdf" / loaded.name):
        click.echo(shown_path(path))


@main.command()
@click.argument("old", type=FOLDER)
@click.argument("new", type=FOLDER)
def diff(old: Path, new: Path) -> None:
    """Compare two finished reports, or two runs folders.

    It lists data, parameters, versions and every finding that changed.
    """
    from vbhc.publish.compare import compare, lines, read_run

    for line in lines(compare(read_run(old), read_run(new))):
        click.echo(line)


@main.command()
@click.argument("study")
@click.argument("files", nargs=-1, type=FILE)
@click.option("--from", "first", type=FILE, metavar="FILES...", help="Write what these raw files tell.")
def new(study: str, files: Sequence[Path], first: Path | None) -> None:
    """Lay out STUDY from raw files, or with examples.

    vbhc new my-study --from answers.sav costs.xlsx
    """
    from vbhc.run.scaffold import lay_out

    raw = [*filter(None, [first]), *files]
    folder, look = lay_out(project_root(), study, raw)
    if look:
        count = f"{len(raw)} file{'s' * (len(raw) > 1)}"
        click.echo(f"made {shown_path(folder)} of {count}; look at what was guessed:")
        click.echo("\n".join(f"  {line}" for line in look))
        click.echo("then, as often as you correct something:")
    else:
        click.echo(f"made {shown_path(folder)}; read its README.md, put your files into raw/, then:")
    click.echo(f"  make check STUDY={study}     (without make: vbhc check {study})")
    click.echo(f"  make report STUDY={study}    (without make: vbhc run {study})")


@main.command("list")
@click.argument("what", default="studies", type=click.Choice(LISTED))
def list_(what: str) -> None:
    """List studies, notebooks, parameters, instruments and more."""
    from vbhc.run.listing import LISTS

    rows = list(LISTS[what](project_root()))
    width = max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        click.echo(f"{name:{width}}  {text}")


@main.command()
@click.argument("study", shell_complete=STUDIES)
@click.option(
    "--from", "source", type=click.Path(exists=True, path_type=Path),
    help="Folder or file with the published data; without it they are downloaded.",
)  # fmt: skip
def data(study: str, source: Path | None) -> None:
    """Put published raw files of STUDY in place, sums checked."""
    from vbhc.cleaning.sources import fetch

    for line in fetch.fetch(load_study(study), source):
        click.echo(line)


@main.command()
@click.pass_context
def notebooks(context: click.Context) -> None:
    """Run the committed notebooks again; keep their outputs."""
    from vbhc.run.committed import default_studies, refresh
    from vbhc.run.plan import make_plan

    for study in default_studies(project_root() / "notebooks"):
        context.invoke(run, study=study)
        for line in refresh(make_plan(load_study(study))):
            click.echo(line)


@main.command()
@click.argument("studies", nargs=-1)
def clean(studies: Sequence[str]) -> None:
    """Delete what was made of STUDIES, or of all; raw data stay."""
    root = project_root()
    for name in studies:
        study_folder(name)
    made = [] if studies else [root / "reports" / "index.html"]
    for name in studies or study_names(root):
        places = ("data/{}/clean", "data/{}/runs", "reports/{}", "reports/{}-providers", "reports/pdf/{}")
        made += [root / place.format(name) for place in places]
    for path in filter(Path.exists, made):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        click.echo(f"deleted {shown_path(path)}")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def lab(arguments: Sequence[str]) -> None:
    """Open JupyterLab on copies of the notebooks, in lab/."""
    from vbhc.run.lab import copy_notebooks

    root = project_root()
    for line in copy_notebooks(root):
        click.echo(line)
    sys.exit(subprocess.call([sys.executable, "-m", "jupyterlab", *arguments], cwd=root / "lab"))

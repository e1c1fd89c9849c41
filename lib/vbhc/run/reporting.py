"""Build the report of a run: in a process forked like a kernel, where kernels are forked."""

from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from vbhc.publish.notebook_files import leave_out_grammars
from vbhc.run.kernels import Kernels
from vbhc.study import Study


class ReportFailed(Exception):
    """The notebooks ran and their report cannot be published as it is; the message says why."""


def build_report(
    study: Study,
    executed: dict[str, Path],
    out: Path,
    info: dict[str, Any],
    edition: str,
    started: Kernels,
    jobs: int,
) -> None:
    """Call `vbhc.report.build`; what may not be published is a failure of the run.

    Parameters
    ----------
    started : Kernels
        Those of the run. The process that they are forked from has imported what builds a report, and one
        forked from it has a single thread, so that `jobs` processes can share the pages.
    """
    started.call(_build, study, executed, out, info, edition, jobs if started.warm is not None else 1)


def get_ready(started: Kernels) -> None:
    """Import what builds the report while notebooks run, where it will be built in this process."""
    if started.warm is None:
        Thread(target=_import_report, daemon=True).start()


def _import_report() -> None:
    leave_out_grammars()
    with suppress(ImportError):
        import vbhc.report.build  # noqa: F401


def _build(*report: Any) -> None:
    leave_out_grammars()
    from vbhc.report import ReportError, build

    try:
        build(*report)
    except ReportError as error:
        raise ReportFailed(f"the report cannot be built\n  {error}") from error

"""Build the report of a run: in a process forked like a kernel, where kernels are forked."""

from typing import Any

from vbhc.publish.notebook_files import leave_out_grammars
from vbhc.run.kernels import Kernels


class ReportFailed(Exception):
    """The notebooks ran and their report cannot be published as it is; the message says why."""


def build_report(*report: Any, started: Kernels) -> None:
    """Call `vbhc.report.build` with what it takes; what may not be published is a failure of the run.

    `started` are the kernels of the run: the process that they are forked from has imported what builds a
    report.
    """
    started.call(_build, *report)


def _build(*report: Any) -> None:
    leave_out_grammars()
    from vbhc.report import ReportError, build

    try:
        build(*report)
    except ReportError as error:
        raise ReportFailed(f"the report cannot be built\n  {error}") from error

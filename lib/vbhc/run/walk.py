"""The walk of one provider: a study among many that one process runs, from one warmed parent of kernels."""

import atexit
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from vbhc.run.plan import Plan, make_plan
from vbhc.run.progress import Progress
from vbhc.study import load_study

_alone = threading.Lock()  # a run sets the environment of its process, which may have other threads


def walk(folder: str) -> str:
    """Run what changed in the study of a folder and build its report; return nothing, since all lies there.

    Raises
    ------
    StudyError, NotebookFailed, ReportFailed
        As `driver.run_study` does.
    """
    from vbhc.run.driver import run_study, unchanged

    with _alone:
        plan = make_plan(load_study(folder))
        if not unchanged(plan):
            _warm(plan)
            run_study(plan, Progress(lambda line: None), jobs=1)
    return ""


_held = ExitStack()  # what is warmed ends with this process, also where that is killed
atexit.register(_held.close)


def _warm(plan: Plan) -> None:
    """Import what notebooks need, once for all that this process runs; again if what had it has died."""
    from vbhc.run import forked
    from vbhc.run.kernels import KERNEL_ENVIRONMENT, environment

    parent = forked.shared()
    if not forked.CAN_FORK or (parent and not parent.ended):
        return
    _held.close()
    scratch = Path(tempfile.mkdtemp(dir=plan.study.root))
    with environment(KERNEL_ENVIRONMENT):
        _held.enter_context(forked.sharing([plan.notebooks[name] for name in plan.running], scratch))

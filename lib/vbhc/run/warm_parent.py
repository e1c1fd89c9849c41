"""A process that has imported what notebooks and reports need, and forks itself for each of them.

`forked.WarmParent` starts it as `python -m vbhc.run.warm_parent SCRATCH NOTEBOOK ...` and writes requests to
its standard input, a line of JSON each: `{"argv", "cwd", "env", "remarks"}` for a kernel; with `call` in
place of `argv`, a file with a pickled function and its arguments, for a process that calls it and writes to
the same file whether it returned and what came of it. The answers on standard output are `{"forked": 12}`,
and `{"ended": 12, "status": 0}` when that one has ended. At the end of its input, which comes also when the
driver was killed, it kills what it forked and still runs, deletes the folder SCRATCH and ends. It has one
thread only: a fork copies no other.
"""

import ast
import builtins
import contextlib
import ctypes
import gc
import importlib
import importlib.util
import json
import os
import pickle
import select
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from vbhc.publish.notebook_files import leave_out_grammars, read_cells

# What kernels import at their start. Not matplotlib_inline's backend: its import asks which kernel it is in.
KERNEL = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "tornado.platform.asyncio"),
    *("IPython.core.completerlib", "IPython.extensions.storemagic", "psutil"),
)
# What functions of the library import when they are called.
LIBRARY = (
    *("matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "vbhc.cleaning.pandera_alone"),
    *("pyarrow.dataset", "pyarrow.pandas_compat", "pyarrow.parquet", "scipy.stats"),
    *("statsmodels.genmod.generalized_linear_model", "vbhc.publish.findings.drawing"),
)
# What builds a report.
REPORT = (
    *("vbhc.report", "vbhc.publish.quotations.pages", "vbhc.files.excel", "openpyxl"),
    *("jinja2.ext", "pygments.styles.default"),
)
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG, linux/prctl.h


def main() -> None:
    """Import what notebooks need in their order, and fork a process for each request in between."""
    gc.disable()
    sys.path[:] = [place for place in sys.path if place not in ("", os.getcwd())]
    leave_out_grammars()
    # Nobody sets a breakpoint in a run, and the debugger is more than half of a kernel's start.
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
    # pandas asks, when it is imported, whether it is in a kernel, and shows more columns if so.
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    wake, woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    forked: set[int] = set()
    waiting, left = b"", _warm(sys.argv[2:])
    while True:
        more = next(left, False)
        ready, _, _ = select.select([0, wake], [], [], 0 if more else None)
        if wake in ready:
            os.read(wake, 4096)
            _tell_ended(forked)
        if 0 in ready:
            got = os.read(0, 1 << 20)
            if not got:
                break
            *requests, waiting = (waiting + got).split(b"\n")
            for request in requests:
                forked.add(_fork(json.loads(request)))
    for pid in forked:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    os._exit(0)  # past the modules, which would be taken apart one by one


def _warm(notebooks: list[str]) -> Iterator[bool]:
    """Import what kernels and then notebooks import; yields whenever all is there that one more needs.

    An import that fails will fail again where it stands.
    """
    _import(KERNEL)
    for number, notebook in enumerate(notebooks):
        for statement in _imports(Path(notebook)):
            with contextlib.suppress(Exception):
                exec(compile(ast.Module([statement], []), "imports", "exec"), {})
        if number == 0 and "vbhc.publish.findings" in sys.modules:
            _import(LIBRARY)
        yield True
    _import(REPORT)


def _import(names: Iterable[str]) -> None:
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _imports(notebook: Path) -> list[ast.stmt]:
    """Return the import statements of a notebook's cells."""
    found: list[ast.stmt] = []
    for cell in read_cells(notebook):
        with contextlib.suppress(SyntaxError):
            found += ast.parse("".join(cell["source"])).body if cell["cell_type"] == "code" else []
    return [one for one in found if isinstance(one, ast.Import | ast.ImportFrom)]


def _say(message: dict) -> None:
    os.write(1, json.dumps(message).encode() + b"\n")


def _tell_ended(forked: set[int]) -> None:
    """Reap every process that has ended, so that none is left as a zombie, and tell it."""
    for pid in list(forked):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            forked.discard(pid)
            _say({"ended": pid, "status": os.waitstatus_to_exitcode(status)})


def _fork(request: dict) -> int:
    parent = os.getpid()
    gc.freeze()  # so that collecting garbage in one of them copies no page of this process's memory
    pid = os.fork()
    if pid:
        _say({"forked": pid})
        return pid
    try:
        _leave(request, parent)
        if "call" in request:
            _call(Path(request["call"]))
        else:
            _become_kernel(request["argv"])
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(1)


def _leave(request: dict, parent: int) -> None:
    """Become a process of its own, as if it had been started where the request says."""
    gc.enable()
    del builtins.get_ipython  # type: ignore[attr-defined]
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    remarks = os.open(request["remarks"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(remarks, 1)
    os.dup2(remarks, 2)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"], JPY_PARENT_PID=str(parent))
    time.tzset()


def _become_kernel(argv: list[str]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [launcher.origin if launcher and launcher.origin else "", *argv]
    IPKernelApp.launch_instance()


def _call(file: Path) -> None:
    result: Any
    try:
        function, arguments = pickle.loads(file.read_bytes())
        result = function(*arguments)
        returned = True
    except Exception as error:
        error.add_note(traceback.format_exc())
        returned, result = False, error
    file.write_bytes(pickle.dumps((returned, result)))


if __name__ == "__main__":
    main()

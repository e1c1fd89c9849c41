"""A process that has imported what notebooks and reports need, and forks itself for each of them.

`forked.WarmParent` starts it as `python -m vbhc.run.warm_parent SCRATCH NOTEBOOK ...`. Its standard input is
a connection on which requests come: `(work, cwd, env, remarks)` and the end of a pipe for the process that is
forked. On that pipe the process says its number, and, where its work is a function and its arguments
(pickled), whether the function returned and what came of it. At the end of the requests, which comes also
when the driver was killed, it kills what it forked and still runs, deletes the folder SCRATCH and ends. It
has one thread only: a fork copies no other.
"""

import ast
import builtins
import contextlib
import ctypes
import gc
import importlib
import importlib.util
import os
import pickle
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from vbhc import shipped
from vbhc.publish.notebook_files import leave_out_grammars, read_cells

# What kernels import at their start, what functions of the library import when they are called, and what
# builds a report. Not matplotlib_inline's backend: its import asks which kernel it is in.
WARMED = shipped.rows(__file__, "warmed.csv")
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
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, forked, left = Connection(0), set[int](), _warm(sys.argv[2:])
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            if not next(left, False) or requests.poll():
                request, told = requests.recv(), Connection(recv_handle(requests))
                forked = {pid for pid in forked if os.waitpid(pid, os.WNOHANG) == (0, 0)}
                forked.add(_fork(told, *request))
                told.close()
    for pid in forked:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    os._exit(0)  # past the modules, which would be taken apart one by one


def _warm(notebooks: list[str]) -> Iterator[bool]:
    """Import what kernels and then notebooks import; yields whenever all is there that one more needs.

    An import that fails will fail again where it stands.
    """
    _import("kernel")
    for number, notebook in enumerate(notebooks):
        for statement in _imports(Path(notebook)):
            with contextlib.suppress(Exception):
                exec(compile(ast.Module([statement], []), "imports", "exec"), {})
        if number == 0 and "vbhc.publish.findings" in sys.modules:
            _import("library")
        yield True
    _import("report")


def _import(what: str) -> None:
    for row in (row for row in WARMED if row["for"] == what):
        with contextlib.suppress(ImportError):
            importlib.import_module(row["module"])


def _imports(notebook: Path) -> list[ast.stmt]:
    """Return the import statements of a notebook's cells."""
    found: list[ast.stmt] = []
    for cell in read_cells(notebook):
        with contextlib.suppress(SyntaxError):
            found += ast.parse("".join(cell["source"])).body if cell["cell_type"] == "code" else []
    return [one for one in found if isinstance(one, ast.Import | ast.ImportFrom)]


def _fork(told: Connection, work: Any, cwd: Path | str, env: dict[str, str], remarks: Path | str) -> int:
    parent = os.getpid()
    gc.freeze()  # so that collecting garbage in one of them copies no page of this process's memory
    if pid := os.fork():
        return pid
    try:
        _leave(parent, cwd, env, remarks)
        told.send(os.getpid())
        if isinstance(work, bytes):
            told.send(_called(*pickle.loads(work)))
        else:
            _become_kernel(work)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(1)


def _leave(parent: int, cwd: Path | str, env: dict[str, str], remarks: Path | str) -> None:
    """Become a process of its own, as if it had been started where the request says."""
    gc.enable()
    del builtins.get_ipython  # type: ignore[attr-defined]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    said = os.open(remarks, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env, JPY_PARENT_PID=str(parent))
    time.tzset()


def _become_kernel(argv: list[str]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [launcher.origin if launcher and launcher.origin else "", *argv]
    IPKernelApp.launch_instance()


def _called(function: Callable[..., Any], arguments: tuple) -> tuple[bool, Any]:
    """Call a function; return whether it returned, and what it returned or raised."""
    try:
        return True, function(*arguments)
    except Exception as error:
        error.add_note(traceback.format_exc())
        return False, error


if __name__ == "__main__":
    main()

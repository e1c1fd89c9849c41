"""A process that has imported what notebooks import, and forks a kernel of itself for each of them.

`forked.WarmParent` starts it as `python -m vbhc.run.warm_parent SCRATCH NOTEBOOK ...` and writes requests to
its standard input, a line of JSON each: `{"argv", "cwd", "env", "remarks"}`. It answers on standard output:
`{"forked": 12}` for a kernel, `{"ended": 12, "status": 0}` when one has ended. At the end of its input, which
comes also when the driver was killed, it kills the kernels that still run, deletes the folder SCRATCH and
ends. It has one thread only: a fork copies no other.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import ctypes
import gc
import importlib
import importlib.util
import json
import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

from vbhc.publish.notebook_files import leave_out_grammars, read_cells

# What kernels import at their start.
KERNEL = ("ipykernel.kernelapp", "ipykernel.ipkernel", "matplotlib_inline.backend_inline")
# What functions of the library import when they are called.
LIBRARY = (
    *("matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "pandera.pandas"),
    *("pyarrow.dataset", "pyarrow.pandas_compat", "pyarrow.parquet", "scipy.stats"),
    *("statsmodels.genmod.generalized_linear_model", "vbhc.publish.findings.drawing"),
)
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG, linux/prctl.h


def main() -> None:
    """Import what notebooks need in their order, and fork a kernel for each request in between."""
    sys.path[:] = [place for place in sys.path if place not in ("", os.getcwd())]
    leave_out_grammars()
    # pandas asks, when it is imported, whether it is in a kernel, and shows more columns if so.
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    wake, woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kernels: set[int] = set()
    waiting, left = b"", _warm(sys.argv[2:])
    while True:
        more = next(left, False)
        ready, _, _ = select.select([0, wake], [], [], 0 if more else None)
        if wake in ready:
            os.read(wake, 4096)
            _tell_ended(kernels)
        if 0 in ready:
            got = os.read(0, 1 << 20)
            if not got:
                break
            *requests, waiting = (waiting + got).split(b"\n")
            for request in requests:
                kernels.add(_fork(json.loads(request)))
    for pid in kernels:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    shutil.rmtree(sys.argv[1], ignore_errors=True)


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
    gc.collect()
    gc.freeze()


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


def _tell_ended(kernels: set[int]) -> None:
    """Reap every kernel that has ended, so that none is left as a zombie, and tell it."""
    for pid in list(kernels):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            kernels.discard(pid)
            _say({"ended": pid, "status": os.waitstatus_to_exitcode(status)})


def _fork(request: dict) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        _say({"forked": pid})
        return pid
    try:
        _become_kernel(request, parent)
    finally:
        os._exit(1)


def _become_kernel(request: dict, parent: int) -> None:
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
    from ipykernel.kernelapp import IPKernelApp

    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [launcher.origin if launcher and launcher.origin else "", *request["argv"]]
    IPKernelApp.launch_instance()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

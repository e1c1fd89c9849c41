"""Processes that are forked from a warmed parent: kernels, and whatever else wants its imports.

A kernel started afresh spends two seconds on imports; a forked one has them, and its state is its own. It
stands behind jupyter_client's door for kernels of other origins.
"""

import asyncio
import contextlib
import json
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

NAME = "vbhc-forked"
CAN_FORK = hasattr(os, "fork") and sys.platform == "linux"
SECONDS_TO_END = 10


class ForkedProcess:
    """A process that was forked, with the part of `subprocess.Popen` that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = threading.Event()

    def end(self, status: int) -> None:
        """Take note that it has ended."""
        self.returncode = status
        self._ended.set()

    def poll(self) -> int | None:
        """Return its exit status, None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it has ended."""
        self._ended.wait(timeout)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to it and what it started, unless it has ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class WarmParent:
    """The process of `vbhc.run.warm_parent`: forks others, and tells when one has ended."""

    def __init__(self, notebooks: Iterable[Path], scratch: Path) -> None:
        self._scratch = scratch
        self._process = subprocess.Popen(
            [sys.executable, "-m", "vbhc.run.warm_parent", str(scratch), *map(str, notebooks)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the driver, which ends what has to end
        )
        self._forked: dict[int, ForkedProcess] = {}
        self._answers: queue.Queue[ForkedProcess | None] = queue.Queue()
        self._one_request = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            if "forked" in message:
                process = self._forked[message["forked"]] = ForkedProcess(message["forked"])
                self._answers.put(process)
            elif "ended" in message:
                self._forked.pop(message["ended"]).end(message["status"])
        for process in self._forked.values():
            process.end(-signal.SIGKILL)
        self._answers.put(None)

    def fork(self, argv: list[str], cwd: Path, env: dict[str, str], remarks: Path) -> ForkedProcess:
        """Fork a kernel.

        Parameters
        ----------
        argv : list of str
            Arguments of ipykernel.
        cwd, env
            Where it works, and all of its environment.
        remarks : Path
            File for what it says about itself.

        Raises
        ------
        ChildProcessError
            If the warmed parent has ended.
        """
        return self._ask({"argv": argv, "cwd": str(cwd), "env": env, "remarks": str(remarks)})

    def call(
        self, function: Callable[..., Any], *arguments: Any, started: Callable[[ForkedProcess], None]
    ) -> Any:
        """Call a function of a module in a process of its own, and return what it returns.

        Parameters
        ----------
        started : callable
            Told of the process, so that it can be ended from elsewhere.

        Raises
        ------
        Exception
            What the function raised; ChildProcessError if its process died instead, with its last words.
        """
        with tempfile.TemporaryDirectory(dir=self._scratch) as folder:
            call, remarks = Path(folder, "call"), Path(folder, "remarks")
            call.write_bytes(pickle.dumps((function, arguments)))
            request = {"call": str(call), "cwd": os.getcwd(), "env": dict(os.environ)}
            process = self._ask(request | {"remarks": str(remarks)})
            started(process)
            try:
                status = process.wait()
            finally:
                process.kill()
                process.wait()
            if status != 0:
                raise ChildProcessError(remarks.read_text(errors="replace") or f"ended with {status}")
            returned, result = pickle.loads(call.read_bytes())
        if not returned:
            raise result
        return result

    def _ask(self, request: dict[str, Any]) -> ForkedProcess:
        assert self._process.stdin is not None
        with self._one_request:
            try:
                self._process.stdin.write(json.dumps(request).encode() + b"\n")
                self._process.stdin.flush()
                process = self._answers.get()
            except OSError:
                process = None
        if process is None:
            self._answers.put(None)
            raise ChildProcessError("the process that kernels are forked from has ended")
        return process

    def kill_forked(self) -> None:
        """End at once what was forked from it."""
        for process in list(self._forked.values()):
            process.kill()

    def close(self) -> None:
        """End the process and what was forked from it and still runs."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.kill_forked()
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._process.stdout.close()


class ForkedProvisioner(LocalProvisioner):
    """Launches a kernel by forking it; all else is as for a kernel started afresh."""

    process: Any  # a `ForkedProcess`, which does for the provisioner what a `Popen` does

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Fork a kernel of the manager's warmed parent."""
        warm = getattr(self.parent, "warm", None) or shared()
        remarks = options.get("remarks", os.devnull)
        argv = cmd[cmd.index("-f") :]
        cwd = options.get("cwd") or Path.cwd()
        self.process = warm.fork(argv, cwd, options["env"], remarks)
        self.pid = self.pgid = self.process.pid
        self.cwd = cwd
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and return when it has: jupyter_client would look ten times a second."""
        await super().kill(restart)
        await asyncio.to_thread(self.process.wait, SECONDS_TO_END)


_shared: list[WarmParent] = []


def shared() -> WarmParent | None:
    """Return the warmed parent that runs of this process share, if there is one."""
    return _shared[-1] if _shared else None


@contextlib.contextmanager
def sharing(notebooks: Iterable[Path], scratch: Path) -> Iterator[WarmParent | None]:
    """Offer one warmed parent to all that run meanwhile in this process; None where the system cannot fork.

    The first to ask starts and ends it: a run, or the tests and nbval around many runs.
    """
    if _shared or not CAN_FORK:
        yield shared()
        return
    offer()
    _shared.append(WarmParent(notebooks, scratch))
    try:
        yield _shared[-1]
    finally:
        _shared.pop().close()


def offer() -> None:
    """Make the provisioner known to jupyter_client, without an entry in the package's metadata."""
    place = EntryPoint(NAME, f"{__name__}:{ForkedProvisioner.__name__}", KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.instance().provisioners[NAME] = place

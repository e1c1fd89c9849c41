"""Processes that are forked from a warmed parent: kernels, and whatever else wants its imports.

A kernel started afresh spends two seconds on imports; a forked one has them, and its state is its own. It
stands behind jupyter_client's door for kernels of other origins.
"""

import asyncio
import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import EntryPoint
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import send_handle
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

NAME = "vbhc-forked"
CAN_FORK = hasattr(os, "fork") and sys.platform == "linux"
SECONDS_TO_END = 10


class ForkedProcess:
    """A process that was forked, with the part of `subprocess.Popen` that jupyter_client uses.

    It holds the other end of `told`, on which it says its number and what came of it; however it ends, that
    end is closed.
    """

    stdin = stdout = stderr = None

    def __init__(self, told: Connection) -> None:
        self.told, self.pid = told, told.recv()

    def poll(self) -> int | None:
        """Return a number once it has ended, None while it runs."""
        return self.wait(0)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it has ended."""
        return 0 if self.told.poll(timeout) else None

    def send_signal(self, number: int) -> None:
        """Send a signal to it and what it started, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


class WarmParent:
    """The process of `vbhc.run.warm_parent`, which forks others."""

    def __init__(self, notebooks: Iterable[Path], scratch: Path) -> None:
        self._scratch, self._one_request = scratch, threading.Lock()
        self._requests, theirs = Pipe()
        command = [sys.executable, "-m", "vbhc.run.warm_parent", str(scratch), *map(str, notebooks)]
        silent: dict[str, Any] = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
        # In a session of its own: Ctrl-C is for the driver, which ends what has to end.
        self._process = subprocess.Popen(command, stdin=theirs.fileno(), **silent, start_new_session=True)
        theirs.close()
        self.pid = self._process.pid

    @property
    def ended(self) -> bool:
        """Whether it forks no more: it has ended, or its folder was tidied away."""
        return self._process.poll() is not None or not self._scratch.is_dir()

    def fork(
        self, work: list[str] | bytes, cwd: Path | str, env: dict[str, str], remarks: Path | str
    ) -> ForkedProcess:
        """Fork a process.

        Parameters
        ----------
        work : list of str, or bytes
            Arguments of ipykernel for a kernel; else a pickled function and its arguments.
        cwd, env
            Where it works, and all of its environment.
        remarks : path
            File for what it says about itself.

        Raises
        ------
        ChildProcessError
            If the warmed parent has ended.
        """
        told, its = Pipe(duplex=False)
        try:
            with self._one_request, its:
                self._requests.send((work, cwd, env, remarks))
                send_handle(self._requests, its.fileno(), self.pid)
            return ForkedProcess(told)
        except (OSError, EOFError):
            raise ChildProcessError("the process that kernels are forked from has ended") from None

    def call(self, function: Callable, *arguments: Any, started: Callable[[ForkedProcess], None]) -> Any:
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
        with tempfile.NamedTemporaryFile(dir=self._scratch) as remarks:
            work = pickle.dumps((function, arguments))
            process = self.fork(work, os.getcwd(), dict(os.environ), remarks.name)
            started(process)
            try:
                returned, result = process.told.recv()
            except EOFError:
                words = remarks.read().decode(errors="replace")
                raise ChildProcessError(words or "its process died, often for lack of memory") from None
            finally:
                process.kill()
                process.wait()
        if not returned:
            raise result
        return result

    def close(self) -> None:
        """End the process, and with it what was forked from it and still runs."""
        self._requests.close()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class ForkedProvisioner(LocalProvisioner):
    """Launches a kernel by forking it; all else is as for a kernel started afresh."""

    process: Any  # a `ForkedProcess`, which does for the provisioner what a `Popen` does

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Fork a kernel of the manager's warmed parent."""
        warm = getattr(self.parent, "warm", None) or shared()
        self.cwd = options.get("cwd") or Path.cwd()
        remarks = getattr(options.get("stderr"), "name", os.devnull)
        self.process = warm.fork(cmd[cmd.index("-f") :], self.cwd, options["env"], remarks)
        self.pid = self.pgid = self.process.pid
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
    # Known to jupyter_client without an entry in the package's metadata.
    place = EntryPoint(NAME, f"{__name__}:{ForkedProvisioner.__name__}", KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.instance().provisioners[NAME] = place
    _shared.append(WarmParent(notebooks, scratch))
    try:
        yield _shared[-1]
    finally:
        _shared.pop().close()

"""Kernels that are forked from a warmed parent, behind jupyter_client's door for kernels of other origins.

A kernel started afresh spends two seconds on imports; a forked one has them, and its state is its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

NAME = "vbhc-forked"
CAN_FORK = hasattr(os, "fork") and sys.platform == "linux"
SECONDS_TO_END = 10


class ForkedKernel:
    """A kernel that was forked, with the part of `subprocess.Popen` that jupyter_client uses."""

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
    """The process of `vbhc.run.warm_parent`: forks kernels, and tells when one has ended."""

    def __init__(self, notebooks: Iterable[Path], scratch: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "vbhc.run.warm_parent", str(scratch), *map(str, notebooks)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the driver, which ends what has to end
        )
        self._kernels: dict[int, ForkedKernel] = {}
        self._answers: queue.Queue[ForkedKernel | None] = queue.Queue()
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
                kernel = self._kernels[message["forked"]] = ForkedKernel(message["forked"])
                self._answers.put(kernel)
            elif "ended" in message:
                self._kernels.pop(message["ended"]).end(message["status"])
        for kernel in self._kernels.values():
            kernel.end(-signal.SIGKILL)
        self._answers.put(None)

    def fork(self, argv: list[str], cwd: Path, env: dict[str, str], remarks: Path) -> ForkedKernel:
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
        request = {"argv": argv, "cwd": str(cwd), "env": env, "remarks": str(remarks)}
        assert self._process.stdin is not None
        with self._one_request:
            try:
                self._process.stdin.write(json.dumps(request).encode() + b"\n")
                self._process.stdin.flush()
                kernel = self._answers.get()
            except OSError:
                kernel = None
        if kernel is None:
            self._answers.put(None)
            raise ChildProcessError("the process that kernels are forked from has ended")
        return kernel

    def kill_kernels(self) -> None:
        """End every kernel at once."""
        for kernel in list(self._kernels.values()):
            kernel.kill()

    def close(self) -> None:
        """End the process and every kernel that still runs."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.kill_kernels()
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._process.stdout.close()


class ForkedProvisioner(LocalProvisioner):
    """Launches a kernel by forking it; all else is as for a kernel started afresh."""

    process: Any  # a `ForkedKernel`, which does for the provisioner what a `Popen` does

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


_shared: list[WarmParent] = []


def shared() -> WarmParent | None:
    """Return the warmed parent that runs of this process share, if there is one."""
    return _shared[-1] if _shared else None


@contextlib.contextmanager
def sharing(notebooks: Iterable[Path], scratch: Path) -> Iterator[WarmParent]:
    """Let all runs of this process fork from one warmed parent: those of tests, and of nbval."""
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

"""The kernels of one run: what they inherit, how they are started, and how all of them are ended."""

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vbhc.run import stop

# What every kernel gets, and why.
KERNEL_ENVIRONMENT = {
    # Same inputs, same bytes: sets of texts keep one order, and sums do not depend on how many threads
    # share them.
    "PYTHONHASHSEED": "0",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "TZ": "UTC",
    # Figures go into the notebook, also where the shell asks for another backend.
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # The kernel of this environment, not one of the same name in the user's home.
    "JUPYTER_PREFER_ENV_PATH": "1",
    # Silenced: lines of jupyter and its debugger about themselves (where settings lie, frozen modules).
    "JUPYTER_PLATFORM_DIRS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# Milliseconds between attempts to reach a kernel that is starting: a forked one is soon there.
FORKED_WITHIN = 10
WRITTEN_WITHIN = 500  # such attempts to read where a kernel is reached


@dataclass
class Kernels:
    """Starts the kernels of a run and can end them all.

    `scratch` is the folder for the files that tell how to reach a kernel; `warm` forks kernels, None starts
    each afresh.
    """

    scratch: Path
    warm: Any = None
    started: list[Any] = field(default_factory=list)
    ended: bool = False

    def manager(self, remarks: Path, cwd: Path) -> type:
        """Return a kernel manager whose kernels work in `cwd` and write remarks on themselves to a file.

        A kernel that is told to stop can close its sockets before its last answer is out and then prints a
        traceback that has nothing to do with the study. What cells print goes into the notebook, not there.
        """
        import zmq
        from jupyter_client.manager import AsyncKernelManager

        from vbhc.run import forked
        from vbhc.run.client import PromptClient

        kernels = self

        class Manager(AsyncKernelManager):
            warm = kernels.warm
            provisioner: Any  # of this machine, forked or not: it holds the process of the kernel

            def __init__(self, **options: Any) -> None:
                super().__init__(connection_file=str(kernels.scratch / f"{remarks.stem}.json"), **options)
                self.client_factory = PromptClient
                if kernels.warm is not None:
                    self.context.setsockopt(zmq.RECONNECT_IVL, FORKED_WITHIN)

            @property
            def kernel_spec(self) -> Any:
                spec = super().kernel_spec
                if spec is not None and kernels.warm is not None:
                    spec.metadata["kernel_provisioner"] = {"provisioner_name": forked.NAME}
                return spec

            def _reconcile_connection_info(self, info: Any) -> None:
                # A kernel writes its file anew as it starts: for a moment it is empty, or half written.
                for _ in range(WRITTEN_WITHIN):
                    with suppress(json.JSONDecodeError):
                        return super()._reconcile_connection_info(info)
                    time.sleep(FORKED_WITHIN / 1000)
                return super()._reconcile_connection_info(info)

            async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
                with remarks.open("wb") as file:
                    options |= {"cwd": str(cwd), "stderr": file}
                    await super()._async_launch_kernel(kernel_cmd, **options)
                kernels.launched(self.provisioner.process)

        return Manager

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function in a process that is forked like a kernel; here, where none is forked."""
        if self.warm is None:
            return function(*arguments)
        return self.warm.call(function, *arguments, started=self.launched)

    def launched(self, process: Any) -> None:
        """Take note of a process, so that it can be ended; once `kill` was called it is ended here."""
        self.started.append(process)
        if self.ended:
            process.kill()

    def kill(self) -> None:
        """End every process at once, those too that are just being launched."""
        self.ended = True
        for process in self.started:
            process.kill()


@contextmanager
def kernels(root: Path, scratch: Path, sources: Iterable[Path] = (), fork: bool = True) -> Iterator[Kernels]:
    """Offer kernels for as long as notebooks run; the caller's own environment comes back after.

    Parameters
    ----------
    root : Path
        The project folder in which the notebooks look for the study.
    scratch : Path
        Folder for what kernels need while they run, the caller's to delete: IPython's profile, which starts
        empty, so that start-up files in a user's home cannot change a result, and the files that tell how to
        reach a kernel.
    sources : paths
        The notebooks that will run: what they import is imported once, before kernels are forked.
    fork : bool
        Fork kernels from one that has imported everything, where the system can; else start each afresh.
    """
    places = {"IPYTHONDIR": str(scratch / "ipython"), "JUPYTER_RUNTIME_DIR": str(scratch / "runtime")}
    for place in places.values():
        Path(place).mkdir(parents=True, exist_ok=True, mode=0o700)
    with (
        environment({**KERNEL_ENVIRONMENT, **places, "VBHC_HOME": str(root)}),
        _warm_parent(sources, scratch) if fork else nullcontext() as warm,
    ):
        started = Kernels(scratch, warm)
        with stop.ends_too(started.kill):
            try:
                yield started
            finally:
                started.kill()  # a warmed parent that others share goes on


@contextmanager
def environment(ours: Mapping[str, str]) -> Iterator[None]:
    """Set what processes inherit from this one; what was set before comes back after."""
    before = {name: os.environ[name] for name in ours if name in os.environ}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            os.environ.pop(name, None)
        os.environ.update(before)


def _warm_parent(notebooks: Iterable[Path], scratch: Path) -> AbstractContextManager:
    from vbhc.run import forked  # imports what speaks to kernels

    return forked.sharing(notebooks, scratch)

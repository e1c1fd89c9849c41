"""Where pages are made side by side: processes here, or workers of a Dask cluster; one executor for both.

Nothing heavy is imported: every process that makes pages imports this module.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import vbhc
from vbhc.problems import fault
from vbhc.run import stamps
from vbhc.run.progress import shown_path

DEATHS = 2  # how often a page may kill a process of its own before it is lost
LOOPBACK = ("127.0.0.1", "localhost", "::1")
Pool = Callable[[int], Executor]


@contextmanager
def pool_of(jobs: int, cluster: str = "", shared: Path | None = None) -> Iterator[tuple[Pool, int]]:
    """Open what makes executors, and tell how many tasks it can run at once.

    Parameters
    ----------
    jobs : int
        Processes here, where no cluster is named.
    cluster : str
        Address of a Dask scheduler. Nothing listens here: this process only calls it.
    shared : path, optional
        A file that all workers have to see as it is here.

    Raises
    ------
    StudyError
        Without the extra `cluster`; if the address is open to other machines and not encrypted; without
        workers; or where workers hold another version of this library, or do not see the shared file.
    """
    if not cluster:
        yield _processes, jobs
        return
    with _client(cluster) as client:
        found = {worker: seen for worker, seen in client.run(version).items() if seen != version()}
        if found:
            here, (worker, there) = " ".join(version()), next(iter(found.items()))
            raise fault(worker, f"vbhc {' '.join(there)}, here {here}", "install the same on all workers")
        seen = client.run(stamps.hash_file, shared) if shared else {}
        if blind := [worker for worker, found in seen.items() if found != stamps.hash_file(shared)]:
            fix = "share the project's folder with it, at the same path"
            raise fault(blind[0], f"does not see {shown_path(shared)} as it is here", fix)
        threads = sum(client.nthreads().values())
        if not threads:
            raise fault(cluster, "no workers", "start `dask worker` at that address")
        yield lambda jobs: client.get_executor(pure=False), threads


def version() -> tuple[str, str]:
    """Return the version of this library, and a hash of what it consists of."""
    return vbhc.__version__, stamps.hash_values(stamps.hash_files(stamps.LIBRARY))[:12]


def _processes(jobs: int) -> Executor:
    """Processes started afresh: threads of this one may hold locks, a fork server keeps a file in /tmp."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_end_with_driver)


def _end_with_driver() -> None:
    """End this process when the driver has ended; it may have been killed and told nobody."""
    driver = multiprocessing.parent_process()
    assert driver is not None

    def wait_for_end() -> None:
        driver.join()
        os._exit(1)

    threading.Thread(target=wait_for_end, daemon=True).start()


def _client(cluster: str) -> Any:
    where = urlsplit(cluster)
    if where.scheme != "tls" and where.hostname not in LOOPBACK:
        raise fault(cluster, "a scheduler that anybody on the way can read", "tls://host:port", "--cluster")
    try:
        from distributed import Client
    except ImportError:
        raise fault(cluster, "Dask is not installed", 'pip install "vbhc[cluster]"', "--cluster") from None
    return Client(cluster, set_as_default=False)


def made(
    tasks: Mapping[str, tuple[Any, ...]], render: Callable[..., str], pool: Pool, jobs: int
) -> Iterator[tuple[str, str, str]]:
    """Yield name, state and page (or what went wrong) of every task, as soon as it is known.

    No more than two for each of `jobs` processes are under way. When one dies, those are made again one at a
    time: what kills its process twice more is lost, and nothing that was finished is made again.
    """
    waiting = list(tasks)
    while waiting:
        suspects: list[str] = []
        with pool(jobs) as executor:
            running: dict[Future, str] = {}
            try:
                while running or (waiting and not suspects):
                    while waiting and len(running) < 2 * jobs and not suspects:
                        name = waiting.pop(0)
                        running[executor.submit(_guarded, render, *tasks[name])] = name
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        name = running.pop(future)
                        if _died(future):
                            suspects.append(name)
                        else:
                            yield name, *_outcome(future)
            finally:
                for future in running:  # none is left, unless this is being stopped
                    future.cancel()
        yield from ((name, *_alone(tasks[name], render, pool)) for name in suspects)


def _guarded(render: Callable[..., str], *task: Any) -> tuple[str, str]:
    """Make a page where it is to be made; what goes wrong is a result, since it would go wrong again."""
    try:
        return "done", render(*task)
    except Exception as error:
        return "failed", f"{type(error).__name__}: {error}"


def _died(future: Future) -> bool:
    """Whether the process of a page died; Dask tells so too of pages that only waited in it."""
    return type(future.exception()).__name__ in (BrokenProcessPool.__name__, "KilledWorker")


def _outcome(future: Future) -> tuple[str, str]:
    error = future.exception()
    return ("failed", f"{type(error).__name__}: {error}") if error else future.result()


def _alone(task: tuple[Any, ...], render: Callable[..., str], pool: Pool) -> tuple[str, str]:
    """Make one page in a process of its own, which tells a deadly page from one beside it."""
    for _ in range(DEATHS):
        with pool(1) as executor:
            future = executor.submit(_guarded, render, *task)
            if not _died(future):
                return _outcome(future)
    return "lost", f"its process died {DEATHS} times"

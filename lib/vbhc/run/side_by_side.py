"""Run things that need one another's results side by side, as far as their needs allow."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any


def side_by_side(
    names: Sequence[str],
    needs: Mapping[str, Collection[str]],
    run: Callable[[str], Any],
    done: Callable[[str, Any], None],
    stop: Callable[[], None],
    jobs: int,
) -> None:
    """Run each thing as soon as what it needs has run.

    Parameters
    ----------
    names : sequence of str
        In the order in which they are to start where they may.
    needs : mapping
        Name -> names that must have run before; those not in `names` count as run.
    run : callable
        Runs one of them, in a thread of its own.
    done : callable
        Told of each that ran and its result, in the caller's thread, as soon as it is there.
    stop : callable
        Ends what runs, when the caller is interrupted: threads cannot be.
    jobs : int
        How many run at once.

    Raises
    ------
    Exception
        The error of the first in `names` that failed, once what ran beside it has ended; nothing was started
        after the failure.
    """
    waiting = list(names)
    failed: dict[str, BaseException] = {}
    running: dict[Future, str] = {}
    with ThreadPoolExecutor(jobs) as pool:
        try:
            while True:
                going = {*waiting, *running.values()}
                ready = [name for name in waiting if going.isdisjoint(needs[name])] if not failed else []
                for name in ready[: jobs - len(running)]:
                    waiting.remove(name)
                    running[pool.submit(run, name)] = name
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    name = running.pop(future)
                    if error := future.exception():
                        failed[name] = error
                    else:
                        done(name, future.result())
        except BaseException:
            stop()
            raise
    if failed:
        raise failed[min(failed, key=list(names).index)]

"""What a run says while it runs: a bar per notebook on a terminal, a line per notebook elsewhere."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

WIDTH = 20  # of the longest name, 03b-every-definition


class Progress(NamedTuple):
    """Says things to the analyst: `say` prints a line; `bars` tells whether bars may be drawn."""

    say: Callable[[str], None]
    bars: bool = False

    def bar(self, name: str) -> dict[str, Any] | bool:
        """Options for the progress bar of a notebook (papermill hands them to tqdm), or False."""
        if not self.bars:
            return False
        layout = "{desc} {bar:20} {n_fmt}/{total_fmt} cells {elapsed}"
        return {"desc": name.ljust(WIDTH), "bar_format": layout, "file": sys.stderr}

    def done(self, name: str, cells: int | None, seconds: float, reason: str = "") -> None:
        """Say that something ran, how long it took and why it had to (a bar said the first two already)."""
        if cells is None or not self.bars:
            amount = f"{cells} cells, " if cells is not None else ""
            because = f" ({reason})" if reason else ""
            self.say(f"{name.ljust(WIDTH)} {amount}{seconds:.1f} s{because}")

    def same(self, name: str) -> None:
        """Say that a notebook need not run."""
        self.say(f"{name.ljust(WIDTH)} unchanged")

    def left_out(self, name: str, reason: str) -> None:
        """Say that a notebook cannot run in this study, and why."""
        self.say(f"{name.ljust(WIDTH)} left out: {reason}")


def shown_path(path: Path) -> str:
    """Return a path as a person here would type it: from the current folder where it lies below."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)

"""Pages that fail or kill the process that makes them; light, since every such process imports it."""

import os
import signal
from collections import Counter
from pathlib import Path


def page(told: dict, stamp: str, log: Path, bad: str = "", once: bool = False) -> str:
    """Make a page and write it down; `bad` raises (fails), or kills its process always or once."""
    first = told["name"] not in started(log)
    with log.open("a") as lines:
        lines.write(f"{told['name']}\n")
    if told["name"] == bad and log.name == "raises":
        raise ValueError("no such number")
    if told["name"] == bad and (first or not once):
        os.kill(os.getpid(), signal.SIGKILL)
    return f"{told['name']} {stamp}"


def started(log: Path) -> Counter:
    return Counter(log.read_text().split()) if log.exists() else Counter()

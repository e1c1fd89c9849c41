"""What every generator of made-up data reads and writes alike: its own tables and figures, its raw files."""

import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from vbhc import shipped


@cache
def entries(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one of the generators' own tables."""
    return tuple(shipped.rows(__file__, f"data/{name}.csv"))


def figures(name: str) -> dict[str, Any]:
    """Return a generator's figures: what it plants, as `truth.yml` tells it, and what else it draws from."""
    return shipped.tree(__file__, f"data/{name}.yaml")


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the random numbers of one part, so that a change in one part leaves the others as they are."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def write_raw(
    study: Path | str, name: str, table: pd.DataFrame, separator: str = ",", encoding: str = "utf-8"
) -> Path:
    """Write `raw/<name>.csv` under a study folder; lines end in a line feed on every system."""
    path = Path(study) / "raw" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, sep=separator, encoding=encoding, index=False, lineterminator="\n")
    return path


def write_truth(study: Path | str, maker: str, planted: dict[str, Any], about: str = "") -> Path:
    """Write `truth.yml` of a study folder: what was planted, under a line that names its maker."""
    path = Path(study) / "truth.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"# What was put into this synthetic study. Made by {maker}; do not edit.\n{about}"
    text = yaml.safe_dump(planted, sort_keys=False, allow_unicode=True, width=110)
    path.write_text(head + text, encoding="utf-8", newline="\n")
    return path

"""What the made-up studies share: how a folder is written, and answers drawn from a health of 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

DICTIONARY_HEADER = "name,label,type,unit,min,max,allowed,missing_codes,direction,source\n"
PRICES_HEADER = "resource,unit,unit_cost,currency,price_year,source\n"


def write(
    folder: Path, config: str, dictionary: str, raw: Mapping[str, pd.DataFrame], prices: str = ""
) -> Path:
    """Write study.yml, dictionary.csv, unit costs if there are any, and a file of `raw` per table."""
    (folder / "raw").mkdir(parents=True)
    (folder / "study.yml").write_text(config, encoding="utf-8")
    (folder / "dictionary.csv").write_text(DICTIONARY_HEADER + dictionary, encoding="utf-8")
    if prices:
        (folder / "unit_costs.csv").write_text(PRICES_HEADER + prices, encoding="utf-8")
    for name, table in raw.items():
        table.to_csv(folder / "raw" / f"{name}.csv", index=False, lineterminator="\n")
    return folder


def identifiers(n: int) -> list[str]:
    """P0001, P0002 ..."""
    return [f"P{number:04d}" for number in range(1, n + 1)]


def whole(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Values cut to a range and rounded to whole numbers."""
    return np.rint(np.clip(values, low, high)).astype(int)


def answers(health: np.ndarray, best: int, worst: int, noise: np.ndarray) -> np.ndarray:
    """Whole answers to an item: `best` at a health of 1, `worst` at 0, after a shift by `noise`."""
    return whole(worst + (health + noise) * (best - worst), min(best, worst), max(best, worst))


def blank(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Values as they stand in a file, with empty cells where nobody answered."""
    return np.where(where, "", np.asarray(values).astype(str))

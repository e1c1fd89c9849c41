"""Write a raw file of a made-up study, the same bytes on every system."""

from pathlib import Path

import pandas as pd


def write_raw(
    study: Path | str, name: str, table: pd.DataFrame, separator: str = ",", encoding: str = "utf-8"
) -> Path:
    """Write `raw/<name>.csv` under a study folder; lines end in a line feed on every system."""
    path = Path(study) / "raw" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, sep=separator, encoding=encoding, index=False, lineterminator="\n")
    return path

"""Read Parquet and the files of statistics programs: SPSS, Stata, SAS."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vbhc import shipped
from vbhc.files.cells import cell_text, tidy
from vbhc.files.kinds import EXPORT_AGAIN
from vbhc.files.shape import Form, Grid, shaped
from vbhc.files.table import Table
from vbhc.problems import fault

if TYPE_CHECKING:
    import pandas as pd

READERS = {row["suffix"]: row for row in shipped.rows(__file__, "readers.csv")}
# Days that are shown as a month, quarter or year: the library would give the number of days.
PARTS_OF_DATES = ("YEAR", "MMYY", "MONYY", "YYMM", "YYMON", "QTR", "YYQ", "QYR", "MOYR", "WKYR")
XPT_RECORD = 80  # bytes; the format states no number of rows, only that records are whole


def read_parquet(raw: bytes, form: Form, shown: str) -> Table:
    """Read a Parquet file.

    Raises
    ------
    StudyError
        For a file that is damaged, cut short or none.
    """
    import pandas as pd

    try:
        grid = _grid(pd.read_parquet(io.BytesIO(raw)))
    except Exception as error:  # a damaged file makes the library raise almost anything
        raise fault(shown, "not a readable Parquet file", EXPORT_AGAIN) from error
    return shaped(grid, _named_apart(form), shown)


def read_statistics(path: Path, suffix: str, form: Form, shown: str) -> Table:
    """Read a file of a statistics program; values that it declares missing are empty.

    Raises
    ------
    StudyError
        For a file that is damaged, cut short or none.
    """
    import pyreadstat

    _, reader, program = READERS[suffix].values()
    options: dict[str, Any] = {"encoding": form.encoding} if form.encoding else {}
    options["extra_date_formats"] = list(PARTS_OF_DATES)
    try:
        frame, meta = getattr(pyreadstat, reader)(str(path), **options)
        if program == "SPSS" and not meta.missing_ranges and suffix != ".por":
            # what a file declares missing is told apart from what is empty only when asked for
            again = pyreadstat.read_sav(str(path), metadataonly=True, user_missing=True, **options)[1]
            meta.missing_ranges = again.missing_ranges
        grid = _grid(frame)
    except Exception as error:  # as above
        raise fault(shown, f"not a readable {program} file ({suffix})", EXPORT_AGAIN) from error
    if meta.number_rows is not None and meta.number_rows != len(frame):
        found = f"{len(frame):,} of {meta.number_rows:,} rows: the file was cut short"
        raise fault(shown, found, EXPORT_AGAIN)
    if suffix == ".xpt" and path.stat().st_size % XPT_RECORD:
        raise fault(shown, "the file was cut short: its last record is not whole", EXPORT_AGAIN)
    values = _catalogue(path, meta) if suffix == ".sas7bdat" else meta.variable_value_labels or {}
    return shaped(grid, _named_apart(form), shown)._replace(labels=_labels(meta, values))


def _catalogue(path: Path, meta: Any) -> Mapping[str, Mapping]:
    """Return a SAS file's value labels, of the catalogue beside it: `x.sas7bcat` or `formats.sas7bcat`."""
    import pyreadstat

    beside = [path.with_suffix(".sas7bcat"), path.with_name("formats.sas7bcat")]
    for catalogue in (one for one in beside if one.is_file()):
        known = pyreadstat.read_sas7bcat(str(catalogue))[1].value_labels
        return {name: known[label] for name, label in meta.variable_to_label.items() if label in known}
    return {}


def _labels(meta: Any, values: Mapping[str, Mapping]) -> Mapping[str, Mapping]:
    named = (meta.column_names_to_labels or {}).items()
    return {
        "columns": {tidy(name): tidy(label) for name, label in named if label},
        "values": {tidy(name): _codes(given) for name, given in values.items()},
        "missing": dict(meta.missing_ranges or {}),
    }


def _codes(given: Mapping[Any, str]) -> dict[Any, str]:
    """Leave out .a to .z beside numbers: missing in Stata and SAS, and read as nothing."""
    numbers = any(not isinstance(code, str) for code in given)
    return {code: tidy(label) for code, label in given.items() if not numbers or not isinstance(code, str)}


def _grid(frame: pd.DataFrame) -> Grid:
    columns = [[cell_text(value) for value in frame.iloc[:, n]] for n in range(frame.shape[1])]
    rows = [[tidy(str(name)) for name in frame.columns], *map(list, zip(*columns, strict=True))]
    return Grid(rows, range(1, len(rows) + 1), len(rows))


def _named_apart(form: Form) -> Form:
    """A typed table has its names apart from its rows: they count as row 1."""
    return form._replace(header_row=1, skip_rows=0)

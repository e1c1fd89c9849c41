"""What a workbook says of a sheet beside its values: its size, and which cells hold an error."""

from collections.abc import Mapping
from typing import NamedTuple

from vbhc import shipped

ERRORS = {int(row["code"], 16): row["shown"] for row in shipped.rows(__file__, "errors.csv")}
NO_VALUE = "#FORMULA?"  # stands in a cell whose formula nobody computed


class Locked(ValueError):
    """The workbook has a password."""


class Marks(NamedTuple):
    """Rows and columns up to the last cell, and the text of error cells by (row, column) from 0."""

    height: int
    width: int
    errors: Mapping[tuple[int, int], str]

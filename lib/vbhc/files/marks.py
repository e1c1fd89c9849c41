"""What a workbook says of a sheet beside its values: its size, and which cells hold an error."""

from collections.abc import Mapping
from typing import NamedTuple

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


NO_VALUE = "#FORMULA?"  # stands in a cell whose formula nobody computed


class Locked(ValueError):
    """The workbook has a password."""


class Marks(NamedTuple):
    """Rows and columns up to the last cell, and the text of error cells by (row, column) from 0."""

    height: int
    width: int
    errors: Mapping[tuple[int, int], str]

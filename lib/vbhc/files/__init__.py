"""Read any file into cells, each with the line it came from: CSV, Excel, Parquet, SPSS, Stata, SAS."""

from vbhc.files.cells import cell_text, tidy
from vbhc.files.reading import read_sheets, read_table
from vbhc.files.safe_zip import Limits, check_members, parse_xml, read_member
from vbhc.files.table import (
    OtherSheet,
    Span,
    Table,
    frame,
    grid,
    lines_accounted,
    notes,
    plain_number,
    records,
)
from vbhc.files.text_file import decode, guess_delimiter
from vbhc.files.whole import check_whole, read_whole

__all__ = [
    "Limits",
    "OtherSheet",
    "Span",
    "Table",
    "cell_text",
    "check_members",
    "check_whole",
    "decode",
    "frame",
    "grid",
    "guess_delimiter",
    "lines_accounted",
    "notes",
    "parse_xml",
    "plain_number",
    "read_member",
    "read_sheets",
    "read_table",
    "read_whole",
    "records",
    "tidy",
]

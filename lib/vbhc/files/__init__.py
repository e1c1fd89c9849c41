"""Read any file into cells, each with the line it came from: CSV, Excel, Parquet, SPSS, Stata, SAS."""

from vbhc.files.reading import check_whole, read_sheets, read_table
from vbhc.files.safe_zip import Limits, open_zip, parse_xml, read_member
from vbhc.files.shape import Form
from vbhc.files.table import Span, Table, frame, grid, lines_accounted, notes, plain_number, records
from vbhc.files.text_file import decode, guess_delimiter

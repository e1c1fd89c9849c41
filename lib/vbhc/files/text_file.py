"""Read a text file (CSV, TSV, TXT): every cell as written, every line of the file accounted for."""

import csv
import re
import sys
from collections.abc import Collection
from itertools import chain, islice

from vbhc.files.cells import NO_CHARACTERS
from vbhc.files.kinds import EXPORT_AGAIN, SAVE_AS, UTF_16_MARKS
from vbhc.files.shape import BREAK, Form, Grid, shaped
from vbhc.files.table import Table
from vbhc.problems import StudyError, fault

DELIMITERS = (",", ";", "\t", "|")
FIRST_LINES, FIRST_LETTERS = 50, 100_000  # what the delimiter is guessed on
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")
_END = "\x1cend\x1c"  # a line of our own after the last: begins a row, unless a quotation mark is open
_WEB = ("<!doctype", "<html", "<?xml", "<table")


def read_text(raw: bytes, form: Form, shown: str) -> Table:
    """Read a text file.

    Raises
    ------
    StudyError
        For binary content, a web page, an encoding that does not fit, a quotation mark that is never closed,
        no header, headers that stand twice, rows of another width than the header.
    """
    text, encoding = decode(raw, form.encoding, shown)
    if "\0" in text:
        raise fault(shown, "holds zero bytes, so it is no text file", "export it as .xlsx or .csv")
    if text[:1000].lstrip()[:20].lower().startswith(_WEB):
        raise fault(shown, "a web page or XML, no table", SAVE_AS)
    stated, start = _stated_delimiter(text)
    delimiter = form.delimiter or stated or guess_delimiter(text, form.known)
    usual = not start and (form.header_row, form.skip_rows) == (1, 0) and delimiter in DELIMITERS
    plain = by_column(text, form, delimiter, shown) if form.by_column and usual else None
    table = plain or shaped(_grid(text, start, delimiter, shown), form, shown, delimiter)
    settled = {"encoding": form.encoding, "delimiter": form.delimiter or stated}
    guessed = tuple(name for name, given in settled.items() if not given)
    return table._replace(encoding=encoding, guessed=guessed)


def decode(raw: bytes, encoding: str = "", shown: str = "") -> tuple[str, str]:
    """Return the text (without a mark) and the encoding used: the one given, else one that fits.

    UTF-16 where a mark says so, else UTF-8, else Latin-1, read as Windows-1252, its superset that spreadsheet
    programs write.

    Raises
    ------
    StudyError
        An unknown encoding, or bytes that it does not have.

    >>> decode("Åsa".encode()), decode("Åsa".encode("latin-1")), decode("Åsa".encode("utf-16"))
    (('Åsa', 'utf-8-sig'), ('Åsa', 'cp1252'), ('Åsa', 'utf-16'))
    """
    guesses = [encoding] if encoding else ["utf-8-sig", "cp1252", "latin-1"]
    if not encoding and raw.startswith(UTF_16_MARKS):
        guesses = ["utf-16"]
    for guess in guesses:
        try:
            return raw.decode(guess).removeprefix("\ufeff").translate(NO_CHARACTERS), guess
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            found, fix = f"not {guess} (byte {raw[error.start]:#x} in line {line})", "another `encoding`"
        except (LookupError, UnicodeError, AttributeError):  # "base64" decodes to no text
            found, fix = f"unknown encoding {encoding!r}", "utf-8, latin-1, cp1252, utf-16 or leave it out"
    raise fault(shown, found, fix)


def guess_delimiter(text: str, known: Collection[str] = ()) -> str:
    """Return the delimiter under which the header holds most known names.

    Then the one that gives most of the first lines as many fields as the header, then most fields.

    >>> guess_delimiter("a;note, long, with, commas\\n1;x\\n", {"a"})
    ';'
    >>> guess_delimiter("a;b\\n1,5;2,5\\n3,0;1,0\\n")
    ';'
    """
    lines = [match.group() for match in islice(_LINE.finditer(text[:FIRST_LETTERS]), FIRST_LINES)]

    def fit(delimiter: str) -> tuple[int, int, int]:
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            return 0, 0, 0
        header = rows[0] if rows else []
        alike = sum(len(row) == len(header) for row in rows) if len(header) > 1 else 0
        return sum(name.strip() in known for name in header), alike, len(header)

    return max(DELIMITERS, key=fit)


def _stated_delimiter(text: str) -> tuple[str, int]:
    """Return what a first line `sep=;` says (Excel's own way to name the delimiter) and where it ends."""
    if (first := _LINE.match(text)) is None:
        return "", 0
    words = first.group().rstrip("\r\n").strip('"')
    return (words[4], first.end()) if len(words) == 5 and words.lower().startswith("sep=") else ("", 0)


def _grid(text: str, start: int, delimiter: str, shown: str) -> Grid:
    """Return all rows and the line where each begins; the line `sep=` is a line, but no row."""
    csv.field_size_limit(max(csv.field_size_limit(), min(len(text) + 1, sys.maxsize)))
    above = 1 if start else 0
    rows, lines, begun = [], [], 1 + above
    try:
        read = (match.group() for match in _LINE.finditer(text, start))
        reader = csv.reader(chain(read, [_END]), delimiter=delimiter)
        for row in reader:
            rows.append(row)
            lines.append(begun)
            begun = reader.line_num + 1 + above
    except (csv.Error, TypeError) as error:
        raise fault(shown, f"not readable as CSV: {error}", EXPORT_AGAIN) from error
    last, n_lines = rows.pop(), begun - 2
    if lines.pop() != begun - 1:  # our last line is no row of its own
        opened = n_lines + text.endswith(("\r", "\n")) - len(BREAK.findall(last[-1]))
        found = f"a quotation mark opened in line {opened} is never closed"
        raise fault(shown, found, 'close it, or write ""')
    return Grid(rows, lines, n_lines)


def by_column(text: str, form: Form, delimiter: str, shown: str) -> Table | None:
    """Return a table with a header and a row a line, its cells held by column; None where it may be another.

    Every row takes a line or more: where there are as many rows as lines, none runs over a line end. The
    first and the last line are read by themselves, for the header and lest a quotation mark stay open there.
    """
    import pyarrow as pa
    from pyarrow import csv as columnar

    blank = rf'[{re.escape(delimiter)}"]+(?=[\r\n]|\Z)'
    if any(re.search(end + blank, text) for end in "\r\n"):
        return None
    breaks = text.count("\n") + text.count("\r") - text.count("\r\n")
    rows = range(2, breaks + (text[-1:] not in ("\r", "\n")) + 1)
    ends = _LINE.findall(text[:FIRST_LETTERS])[:1] + _LINE.findall(text[-FIRST_LETTERS:])[1:][-1:]
    try:
        table = shaped(_grid("".join(ends), 0, delimiter, shown), form, shown, delimiter)
        names = list(map(str, range(len(table.header))))
        cells = dict.fromkeys(names, pa.dictionary(pa.int32(), pa.large_string()))
        columns = columnar.read_csv(
            pa.py_buffer(text.encode()),
            columnar.ReadOptions(column_names=names, skip_rows=1),
            columnar.ParseOptions(delimiter=delimiter),
            columnar.ConvertOptions(column_types=cells, strings_can_be_null=False),
        )
    except (StudyError, pa.ArrowInvalid):
        return None
    held = {"rows": [], "numbers": rows, "lines": rows, "n_lines": len(rows) + 1, "columns": columns}
    return table._replace(**held) if len(table.numbers) == 1 and len(columns) == len(rows) else None

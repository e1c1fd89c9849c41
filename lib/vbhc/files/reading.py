"""Read any file into tables: what it is its first bytes say, and each kind has one reader."""

import io
from pathlib import Path, PurePosixPath

from vbhc.files import kinds
from vbhc.files.kinds import EXPORT_AGAIN, SAVE_AS
from vbhc.files.safe_zip import Limits, open_zip, read_member
from vbhc.files.shape import GUESS, Form
from vbhc.files.table import Table, lines_accounted
from vbhc.files.text_file import read_text
from vbhc.problems import fault

KINDS = (*kinds.TEXT, ".zip", *kinds.EXCEL, ".parquet", *kinds.STATISTICS)


def read_table(path: Path, shown: str = "", form: Form = GUESS, member: str = "") -> Table:
    """Read one table from a file.

    Parameters
    ----------
    path : Path
        `.csv .tsv .txt`, a `.zip` with one of them, `.xlsx .xlsm .xls .ods`, `.parquet`,
        `.sav .zsav .por .dta .sas7bdat .xpt`. Plain text that is called .xlsx is read as a CSV (`notes` says
        so); a workbook that is called .csv is refused.
    shown : str
        How messages name the file; its own name if empty.
    form : Form
        What is known of how it is written.
    member : str
        The file within a zip, needed if it holds several text files.

    Raises
    ------
    StudyError
        For a file that cannot be read as it is: one line with its name, what was found, what would be right;
        headers that stand twice and rows of another width than the header are named one by one. A table that
        lost rows is an error too: see `check_whole`.
    """
    shown, suffix = shown or path.name, path.suffix.lower()
    if suffix not in KINDS:
        raise fault(shown, f"files of kind {suffix!r} cannot be read", f"one of {', '.join(KINDS)}")
    raw = _content(path, shown)
    kind = kinds.kind_of(raw)
    _check_name(kind, suffix, shown)
    if kind in kinds.EXCEL:
        from vbhc.files.excel import read_sheet

        table = read_sheet(raw, kind, form, Limits(), shown)
    elif suffix in kinds.EXCEL:
        table = _misnamed_text(raw, suffix, form, shown)
    elif suffix not in (".zip", *kinds.TEXT):
        table = _typed(path, raw, kind, form, shown)
    else:
        table = read_text(_unzip(raw, member, shown) if suffix == ".zip" else raw, form, shown)
    check_whole(table)
    return table


def read_sheets(path: Path, limits: Limits | None = None) -> list[Table]:
    """Read every sheet of a workbook or the one table of a text file, header and all (`header_row` 0).

    For files whose header has to be found (`grid` lines the rows up); the name of the file says nothing.

    Raises
    ------
    StudyError
        As `read_table`; also for a file that is larger than `limits.text_bytes`, and where nothing is in it.
    """
    shown, limits = path.name, limits or Limits()
    raw = _content(path, shown, limits.text_bytes)
    form, kind = Form(header_row=0, ragged=True), kinds.kind_of(raw)
    if kind in kinds.EXCEL:
        from vbhc.files.excel import read_all_sheets

        tables = read_all_sheets(raw, kind, form, limits, shown)
    elif kind == ".zip":
        raise _no_workbook(path.suffix.lower(), shown)
    else:
        tables = [read_text(raw, form, shown)]
    if not any(table.rows for table in tables):
        raise fault(shown, "empty", "a header and rows")
    return tables


def check_whole(table: Table) -> None:
    """Raise StudyError unless every line of the file became header, row, blank, skipped or part of a row.

    A quoted cell may run over several lines. If lines within it have as many fields as a row, they are rows
    rather than words: a quotation mark too many opened there, and the next one closed it.
    """
    if swallowing := [span for span in table.spanning if span.like_rows]:
        first = swallowing[0]
        row = table.numbers[list(table.lines).index(first.line)]
        lines = f"line {first.line} swallows the lines up to {first.line + first.lines - 1}"
        more = f" (and {len(swallowing) - 1:,} more such rows)" if len(swallowing) > 1 else ""
        found = f"a quotation mark opened in {lines}, which look like rows{more}"
        raise fault(table.file, found, 'close it, or write "" for a mark within a text', row=row)
    if (read := lines_accounted(table)) != table.n_lines:
        found = f"{read:,} of {table.n_lines:,} lines were understood"
        raise fault(table.file, found, "export it again, as .xlsx if it can be")


def _content(path: Path, shown: str, most: int | None = None) -> bytes:
    try:
        if most is not None and path.stat().st_size > most:
            raise fault(shown, f"larger than {most:,} bytes", "split the export")
        raw = path.read_bytes()
    except OSError as error:
        raise fault(shown, f"cannot be opened ({error.strerror})", "a file that can be read") from error
    if not raw:
        raise fault(shown, "empty", "a header and rows")
    return raw


def _check_name(kind: str, suffix: str, shown: str) -> None:
    """Refuse a file whose name promises what its content is not; workbooks and statistics keep their kin."""
    if suffix in kinds.TEXT and kind in (*kinds.EXCEL, ".zip"):
        raise fault(shown, "is an Excel workbook, not a CSV", "save it as CSV UTF-8, or call it .xlsx")
    if suffix in kinds.EXCEL and kind not in ("", *kinds.EXCEL):
        raise _no_workbook(suffix, shown)
    wanted = {".zip": (".zip", *kinds.EXCEL), ".parquet": (".parquet",)}.get(suffix)
    other = suffix in kinds.STATISTICS and kind not in ("", *kinds.STATISTICS)
    if other or (wanted and kind not in wanted):
        raise fault(shown, f"not a readable {suffix} file", EXPORT_AGAIN)
    if suffix in kinds.TEXT and kind:
        raise fault(shown, f"is a {kind} file, not a CSV", f"save it as CSV UTF-8, or call it {kind}")


def _no_workbook(suffix: str, shown: str) -> Exception:
    suffix = suffix if suffix in kinds.EXCEL else ".xlsx"
    return fault(shown, f"not a readable {suffix} workbook", SAVE_AS)


def _misnamed_text(raw: bytes, suffix: str, form: Form, shown: str) -> Table:
    """Read a CSV that is called .xlsx; a header alone is rather the rest of a workbook that was cut short."""
    table = read_text(raw, form, shown)
    if not table.numbers:
        raise _no_workbook(suffix, shown)
    return table._replace(guessed=("kind", *table.guessed))


def _typed(path: Path, raw: bytes, kind: str, form: Form, shown: str) -> Table:
    from vbhc.files import statistics_file

    if kind == ".parquet":
        return statistics_file.read_parquet(raw, form, shown)
    return statistics_file.read_statistics(path, kind or path.suffix.lower(), form, shown)


def _unzip(raw: bytes, member: str, shown: str) -> bytes:
    with open_zip(shown, io.BytesIO(raw), Limits(), "zip file") as (archive, members):
        texts = {m.filename: m for m in members if _is_text(m.filename)}
        wanted = [n for n in texts if member in (n, PurePosixPath(n).name)] or list(texts)
        if len(wanted) != 1:
            found = f"{len(wanted)} text files in the zip: {', '.join(wanted[:5])}"
            raise fault(shown, found, "one, or its name under `publisher.member`")
        return read_member(shown, archive, texts[wanted[0]], Limits().project_bytes)


def _is_text(name: str) -> bool:
    place = PurePosixPath(name)
    return place.suffix.lower() in kinds.TEXT and not place.name.startswith("._")  # macOS adds such files

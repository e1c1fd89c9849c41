"""Read any file into tables: what it is its first bytes say, and each kind has one reader."""

import io
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from vbhc.files import kinds
from vbhc.files.faults import EXPORT_AGAIN, SAVE_AS
from vbhc.files.plain_text import read_plain
from vbhc.files.safe_zip import Limits, open_zip, read_member
from vbhc.files.shape import Form
from vbhc.files.table import Table
from vbhc.files.text_file import read_text
from vbhc.problems import fault

KINDS = (*kinds.TEXT, ".zip", *kinds.EXCEL, ".parquet", *kinds.STATISTICS)


def read_table(
    path: Path,
    shown: str = "",
    *,
    sheet: str = "",
    header_row: int = 1,
    skip_rows: int = 0,
    encoding: str = "",
    delimiter: str = "",
    known: Collection[str] = (),
    member: str = "",
    ragged: bool = False,
    limits: Limits | None = None,
    by_column: bool = False,
) -> Table:
    """Read one table from a file.

    Parameters
    ----------
    path : Path
        `.csv .tsv .txt`, a `.zip` with one of them, `.xlsx .xlsm .xls .xlsb .ods`, `.parquet`,
        `.sav .zsav .por .dta .sas7bdat .xpt`. Plain text that is called .xlsx is read as a CSV (`notes` says
        so); a workbook that is called .csv is refused.
    shown : str
        How messages name the file; its own name if empty.
    sheet : str
        Of a workbook; the first visible one if empty.
    header_row, skip_rows : int
        The row of the header (0: there is none, all rows are rows) and how many rows below it are no data
        (units, a second header). Rows of text files and sheets only: the others name their columns apart.
    encoding, delimiter : str
        Of a text file; guessed if empty.
    known : collection of str
        Header names that may occur: the delimiter that finds most of them is taken.
    member : str
        The file within a zip, needed if it holds several text files.
    ragged : bool
        Keep rows of another width than the header as they are; else they are an error.
    limits : Limits, optional
        Without it no limit holds for the size of the file itself.
    by_column : bool
        The cells of a text file may come by column (`Table.columns`), where it is plain enough.

    Raises
    ------
    StudyError
        For a file that cannot be read as it is: one line with its name, what was found, what would be right;
        headers that stand twice and rows of another width than the header are named one by one.
    """
    shown, suffix = shown or path.name, path.suffix.lower()
    if suffix not in KINDS:
        raise fault(shown, f"files of kind {suffix!r} cannot be read", f"one of {', '.join(KINDS)}")
    raw = _content(path, shown, limits.text_bytes if limits else None)
    form = Form(sheet, header_row, skip_rows, encoding, delimiter, known, ragged)
    kind, limits = kinds.kind_of(raw), limits or Limits()
    _check_name(kind, suffix, shown)
    if kind in kinds.EXCEL:
        from vbhc.files.excel import read_sheet

        return read_sheet(raw, kind, form, limits, shown)
    if suffix in kinds.EXCEL:
        return _misnamed_text(raw, suffix, form, shown)
    if suffix not in (".zip", *kinds.TEXT):
        return _typed(path, raw, kind, form, shown)
    text = _unzip(raw, member, limits, shown) if suffix == ".zip" else raw
    plain = read_plain(text, form, shown) if by_column else None
    return read_text(text, form, shown) if plain is None else plain


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


def _content(path: Path, shown: str, most: int | None) -> bytes:
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
    if (wanted and kind not in wanted) or (
        suffix in kinds.STATISTICS and kind not in ("", *kinds.STATISTICS)
    ):
        raise fault(shown, f"not a readable {suffix} file", EXPORT_AGAIN)
    if suffix in kinds.TEXT and kind:
        raise fault(shown, f"is a {kind} file, not a CSV", f"save it as CSV UTF-8, or call it {kind}")


def _no_workbook(suffix: str, shown: str) -> Exception:
    suffix = suffix if suffix in kinds.EXCEL else ".xlsx"
    return fault(shown, f"not a readable {suffix} workbook", SAVE_AS)


def _misnamed_text(raw: bytes, suffix: str, form: Form, shown: str) -> Table:
    """Read a CSV that is called .xlsx; a header alone is rather the rest of a workbook that was cut short."""
    table = read_text(raw, form, shown)
    if not table.rows:
        raise _no_workbook(suffix, shown)
    return table._replace(guessed=("kind", *table.guessed))


def _typed(path: Path, raw: bytes, kind: str, form: Form, shown: str) -> Table:
    from vbhc.files import statistics_file

    if kind == ".parquet":
        return statistics_file.read_parquet(raw, form, shown)
    return statistics_file.read_statistics(path, kind or path.suffix.lower(), form, shown)


def _unzip(raw: bytes, member: str, limits: Limits, shown: str) -> bytes:
    with open_zip(shown, io.BytesIO(raw), limits, "zip file") as (archive, members):
        texts = {m.filename: m for m in members if _is_text(m.filename)}
        wanted = [n for n in texts if member in (n, PurePosixPath(n).name)] or list(texts)
        if len(wanted) != 1:
            found = f"{len(wanted)} text files in the zip: {', '.join(wanted[:5])}"
            raise fault(shown, found, "one, or its name under `publisher.member`")
        return read_member(shown, archive, texts[wanted[0]], limits.project_bytes)


def _is_text(name: str) -> bool:
    place = PurePosixPath(name)
    return place.suffix.lower() in kinds.TEXT and not place.name.startswith("._")  # macOS adds such files

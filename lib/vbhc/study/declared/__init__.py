"""Tables in which the authors of a study say what belongs together: joint display, codes, contradictions."""

from __future__ import annotations

from collections.abc import Sequence

from vbhc import files
from vbhc.problems import Problem, StudyError
from vbhc.study import Study


def declared_rows(
    study: Study, file: str, fields: Sequence[str], numbers: Sequence[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a table in the study folder, each with its row in the file; none without the file.

    Cells of `numbers` have a decimal point, also where the file has commas.

    Raises
    ------
    StudyError
        Naming every one of the `fields` that is no column of it.
    """
    path, shown = study.folder / file, study.shown(file)
    if not path.is_file():
        return []
    table = files.read_whole(path, shown, known=fields)
    fix = f"columns: {', '.join(fields)}"
    absent = [Problem(shown, f"no column {name!r}", fix) for name in fields if name not in table.header]
    if absent:
        raise StudyError(absent)
    rows = files.records(table)
    for row in rows:
        row |= {name: files.plain_number(row[name].strip(), table) for name in numbers}
    return list(zip(table.numbers, rows, strict=True))


def split(cell: str) -> list[str]:
    """Return the entries of a cell that parts them by a semicolon."""
    return [entry.strip() for entry in cell.split(";") if entry.strip()]

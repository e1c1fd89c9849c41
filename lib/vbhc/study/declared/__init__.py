"""Tables in which the authors of a study say what belongs together: joint display, codes, contradictions."""

from collections.abc import Collection, Sequence

import pandas as pd

from vbhc import files
from vbhc.problems import Problem, StudyError, header_problems, refuse
from vbhc.study import Study
from vbhc.study.dictionary import is_number

CONTRADICTIONS = ("about", "one_place", "says", "other_place", "says_there", "taken_here")


def declared_rows(
    study: Study,
    file: str,
    fields: Sequence[str],
    numbers: Sequence[str] = (),
    may_lack: Collection[str] | None = None,
) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a table in the study folder, each with its row in the file; none without the file.

    Cells of `numbers` have a decimal point, also where the file has commas. Columns that `may_lack` are empty
    then; where these are named, no other columns than `fields` may stand there.

    Raises
    ------
    StudyError
        Naming every one of the `fields` that is no column of it, and every column that may not be there.
    """
    path, shown = study.folder / file, study.shown(file)
    if not path.is_file():
        return []
    table = files.read_table(path, shown, files.Form(known=fields, ragged=may_lack is not None))
    known = [*fields, *table.header] if may_lack is None else fields
    needed = [name for name in fields if name not in (may_lack or ())]
    refuse(header_problems(shown, table.header, known, needed))
    rows = files.records(table)
    for row in rows:
        row |= {name: row.get(name, "").strip() for name in fields}
        row |= {name: files.plain_number(row[name], table) for name in numbers}
    return list(zip(table.numbers, rows, strict=True))


def declared_table(
    study: Study, file: str, texts: Sequence[str], numbers: Sequence[str], may_lack: Collection[str] = ()
) -> pd.DataFrame:
    """Return a table of the study folder with its texts and its numbers; those that may lack are NaN then.

    Without a name (the study declares no such table) it is empty.

    Raises
    ------
    StudyError
        Where the file is absent or empty, and naming every column that it lacks and cell that is no number.
    """
    rows = declared_rows(study, file, (*texts, *numbers), numbers) if file else []
    wrong = [
        Problem(study.shown(file), f"{row[name]!r}", "a number", name, n)
        for n, row in rows
        for name in numbers
        if not is_number(row[name]) and (row[name] or name not in may_lack)
    ]
    if file and not rows:
        wrong = [Problem(study.shown(file), "no such file, or no rows", "study.yml names it")]
    refuse(wrong)
    frame = pd.DataFrame([row for _, row in rows], columns=[*texts, *numbers])
    return frame.assign(**{name: pd.to_numeric(frame[name]) for name in numbers})


def read_contradictions(study: Study) -> pd.DataFrame:
    """Return where the published source of a study says two things; empty without `contradictions.csv`.

    Columns `about` (a few words), `one_place, says, other_place, says_there, taken_here`.
    """
    rows = [row for _, row in declared_rows(study, "contradictions.csv", CONTRADICTIONS)]
    return pd.DataFrame(rows, columns=list(CONTRADICTIONS))

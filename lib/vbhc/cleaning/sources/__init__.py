"""Read the raw file of a source under the study's own column names, and refuse unknown headers."""

from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pandas as pd

from vbhc import files
from vbhc.cleaning.sources import nhs_proms
from vbhc.problems import Problem, StudyError, did_you_mean, fault, refuse
from vbhc.study import Study
from vbhc.study.config import Source
from vbhc.study.dictionary import Column

VISIT, RESOURCE, QUANTITY = "visit", "resource", "quantity"
RESPONDENTS = "respondents"  # layout of a survey of stakeholders, who are none of the patients


def read_source(study: Study, name: str) -> pd.DataFrame:
    """Return the cells of one source as text, columns named as in the dictionary.

    Every cell stays as it was written: what "007", "1,5" and "9" mean, the dictionary says and no parser
    guesses.

    Parameters
    ----------
    study : Study
    name : str
        Source in `study.yml`.

    Returns
    -------
    DataFrame
        All cells `str` exactly as in the file, empty cells missing; the index "row" is the row in the file.
        `attrs["notes"]` says what had to be guessed, `attrs["about"]` how it was read (no rows).
        Columns under `ignore_columns` are left out. A patients' source in the file of a `visits` source has a
        row per patient: see `constant_columns`.

    Raises
    ------
    StudyError
        With every problem: no such file (and how to get it), a file that cannot be read whole, unknown
        headers ("did you mean"), headers that the dictionary names and the file lacks.
    """
    source = study.config.sources[name]
    path, shown = study.source_file(name), study.shown(source.file)
    if not path.is_file():
        raise fault(shown, "no such file", how_to_get(study, name))
    columns = source_columns(study, name)
    nhs = source.layout == "nhs-proms"
    read = _cells_of(path, source, nhs_proms.aliases() if nhs else columns, shown)
    attrs, read.attrs = read.attrs, {}
    cells, problems = _renamed(read, source, shown)
    beside = shared_columns(study, name)
    others = [name for name in cells if name not in columns]
    unread = [name for name in others if _like(name, source.ignore_columns) is not None]
    cells = cells.drop(columns=[*unread, *(beside - set(columns))], errors="ignore")
    cells = recoded(cells, columns, source.recode)
    if nhs:
        names, more = nhs_proms.canonical_names(cells.columns, shown)
        problems += more
        cells = cells.rename(columns=names)
        # the pack has no patient key, so the row in the file is one
        rows = pd.Series(cells.index - 1, cells.index).astype("str")
        cells.insert(0, nhs_proms.KEY, "R" + rows.str.zfill(6))
    problems += header_problems(list(cells.columns), columns, shown, source.header_row, bool(problems))
    refuse(problems)
    if beside and source.layout == "patients":
        n, cells = len(cells), constant_columns(cells, study.config.key)
        attrs["notes"].append(f"{shown}: {n:,} rows give the columns of {len(cells):,} patients")
    cells.attrs = attrs
    return cells


def _like(text: str, patterns: Iterable[str]) -> str | None:
    """Return the first pattern that a text fits, in any capitals; None if none."""
    folded = text.strip().casefold()
    plain = {one: one.strip().casefold().replace("[", "[[]") for one in patterns}  # G1Q1[SQ001] is a name
    return next((one for one, pattern in plain.items() if fnmatchcase(folded, pattern)), None)


def recoded(cells: pd.DataFrame, columns: Mapping[str, Column], codes: Mapping[str, Any]) -> pd.DataFrame:
    """Return the cells with answers in words ("Strongly agree", "Other: ...") replaced by their codes.

    Only in numbers and coded columns: what somebody wrote in a text stays. A word without a code stays too,
    and the dictionary judges it.
    """
    coded = ("integer", "float", "category", "boolean")
    names = [name for name, column in columns.items() if name in cells and column.type in coded]
    words = {str(word) for name in names for word in cells[name].dropna().unique()} if codes else set()
    known = {word: str(codes[fits]) for word in words if (fits := _like(word, codes)) is not None}
    # as text: a category takes no new words
    return cells.assign(**{name: cells[name].astype("str").replace(known) for name in names if known})


def shared_columns(study: Study, name: str) -> set[str]:
    """Return the columns that other sources take from the same file, where one of them is of visits."""
    mine = study.config.sources[name]
    others = [n for n, one in study.config.sources.items() if n != name and one.file == mine.file]
    long = "visits" in {study.config.sources[n].layout for n in (*others, name)}
    return {column for n in others for column in source_columns(study, n)} if long else set()


def constant_columns(cells: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return one row per patient of a file that repeats them; a blank takes the one value that is given.

    Patients of whom a column holds two values keep all their rows that differ: nothing says which is right,
    so that they go to the quarantine as rows with the same key.
    """
    cells = cells.astype("str")
    filled = cells.groupby(key, dropna=False)[list(cells.columns)].transform("first")
    agree = ((cells == filled) | cells.isna()).all(axis=1).groupby(cells[key], dropna=False).transform("all")
    return cells.mask(agree, filled).drop_duplicates()


def _renamed(cells: pd.DataFrame, source: Source, shown: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the cells under the names that `rename` gives, and its headers that the file lacks."""
    absent = {old: did_you_mean(old, cells.columns) for old in source.rename if old not in cells.columns}
    row = source.header_row
    problems = [Problem(shown, f"no header {old!r} to rename", fix, row=row) for old, fix in absent.items()]
    return cells.rename(columns=source.rename), problems


def _cells_of(path: Path, source: Source, known: Collection[str], shown: str) -> pd.DataFrame:
    """Return a raw file read as `study.yml` describes it; one that would lose rows is an error."""
    said = (source.sheet, source.header_row, source.skip_rows, source.encoding, source.delimiter)
    form = files.Form(*said, {*known, *source.rename}, by_column=True)
    table = files.read_table(path, shown, form, source.publisher.member)
    about, cells = table._replace(rows=[], columns=None), files.frame(table)
    cells.attrs = {"notes": files.notes(about, " in study.yml"), "about": about}
    return cells


def source_columns(study: Study, name: str) -> dict[str, Column]:
    """Return the columns that a source's file must hold: its own in the dictionary and those of its layout.

    The patient key stands in every source but only once in the dictionary; `visit`, `resource` and `quantity`
    belong to their layouts and need no row there (with one, its limits hold).
    """
    used = [Column(RESOURCE, "Resource", "category"), Column(QUANTITY, "Quantity", "float", min=0)]
    plics = [
        *(Column(name, name.capitalize(), "string") for name in ("spell", "episode", "complete", "activity")),
        *(used[0], Column("cost", "Cost", "float")),
    ]
    layouts = {"visits": [Column(VISIT, "Visit", "category")], "resource-lines": used, "plics": plics}
    given = layouts.get(study.config.sources[name].layout, [])
    person = person_key(study, name)
    key = Column(person, "Patient" if person == study.config.key else "Respondent", "string")
    own = {n: column for n, column in study.dictionary.items() if column.source == name}
    return {c.name: study.dictionary.get(c.name, c) for c in (key, *given)} | own


def person_key(study: Study, name: str) -> str:
    """Return the column of a source that names a person: the study's patient, or the survey's respondent."""
    source = study.config.sources[name]
    return (*source.key, "respondent")[0] if source.layout == RESPONDENTS else study.config.key


def header_problems(
    found: list[str], columns: dict[str, Column], shown: str, row: int = 1, skip_unknown: bool = False
) -> list[Problem]:
    """Name every header that the dictionary does not know and every column that the file lacks."""
    absent = [name for name in columns if name not in found]
    unknown = [] if skip_unknown else [name for name in found if name not in columns]
    problems = []
    for name in unknown:
        near, fix = did_you_mean(name, absent or columns), "add it to dictionary.csv or to ignore_columns"
        fix = f"{near} Or {fix}" if near.startswith("did you mean") else fix
        problems.append(Problem(shown, f"unknown header {name!r}", fix, row=row))
    fix = "it is in dictionary.csv; add it to the file or take it out there"
    return problems + [Problem(shown, f"no column {name!r}", fix, row=row) for name in absent]


def how_to_get(study: Study, name: str) -> str:
    """Say how to bring the raw file of a source into place."""
    publisher, make = study.config.sources[name].publisher, f"make data STUDY={study.name}"
    make += " FROM=<folder, zip or CSV>"
    known = publisher.page or publisher.url
    return f"get it: {make} (from {publisher.page})" if known else f"put it there, or: {make}"

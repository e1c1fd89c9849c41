"""Signs in rows and cells that a file does not hold what it seems to: doubled, bare, split, odd, renamed."""

from collections.abc import Iterator

import pandas as pd

from vbhc.cleaning.cells import no_answers
from vbhc.cleaning.ids import plain
from vbhc.cleaning.labels import value_labels
from vbhc.cleaning.questions.question import Asked, Question, some
from vbhc.cleaning.rows import row_key
from vbhc.files.marks import ERRORS, NO_VALUE

RUN = 4  # lines in the order of earlier ones: one visit may repeat another by chance, not so many in a row
SHARE = 0.2  # of lines that repeat an earlier one
CELLS = 5  # filled cells that two patients share
YEARS = (1900, 2100)  # of which a patient, or a study, can have a day
ROUNDED = r"\d([.,]\d+)?[eE]\+?\d{2,}"  # 9.43E+09
SIGNS = {*ERRORS.values(), NO_VALUE}


def repeated_lines(asked: Asked) -> Iterator[Question]:
    """Ask about lines of resources that repeat earlier ones, in their order or in large number."""
    if asked.source.layout != "resource-lines" or row_key(asked.study, asked.source.name):
        return
    text = asked.source.text
    number = text.groupby(list(text.columns), sort=False, dropna=False, observed=True).ngroup()
    again = number.duplicated()
    first = pd.Series(range(len(text)), text.index).groupby(number).transform("first")
    in_order = again & again.shift(fill_value=False) & (first.diff() == 1)
    longest = int(in_order.groupby((~in_order).cumsum()).sum().max() or 0) + 1 if again.any() else 0
    if longest >= RUN or (again.mean() > SHARE and again.sum() >= RUN):
        yield asked.question("repeated-lines", again=again.sum(), n=len(text))


def bare_rows(asked: Asked) -> Iterator[Question]:
    """Ask about rows of patients or respondents that hold a key and nothing else."""
    rest = asked.source.kept.drop(columns=asked.person, errors="ignore")
    if asked.source.layout not in ("patients", "respondents") or rest.shape[1] < 2:
        return
    if len(bare := rest.index[rest.isna().all(axis=1)]):
        yield asked.question("bare-rows", rows=some(list(bare)))


def same_patients(asked: Asked) -> Iterator[Question]:
    """Ask about patients who differ in their key alone, where a column tells nearly all patients apart."""
    rest = asked.source.kept.drop(columns=asked.person, errors="ignore")
    if asked.source.layout != "patients" or rest.empty:
        return
    if not any(rest[name].nunique() > len(rest) / 2 and rest[name].notna().all() for name in rest):
        return
    twice = rest.duplicated(keep=False) & (rest.notna().sum(axis=1) >= CELLS)
    if twice.any():
        yield asked.question("same-patients", rows=some(list(rest.index[twice])))


def key_spellings(asked: Asked) -> Iterator[Question]:
    """Ask about keys of patients that differ by capitals, blanks or leading zeros, or are rounded numbers."""
    if asked.source.layout not in ("patients", "respondents"):
        return
    keys = asked.source.kept[asked.person]
    if len(alike := keys[keys.map(plain).duplicated(keep=False)]):
        yield asked.question("key-spellings", asked.person, keys=some(sorted(alike)))
    if len(rounded := keys[keys.str.fullmatch(ROUNDED)]):
        yield asked.question("rounded-keys", asked.person, keys=some(sorted(rounded)))


def hidden_sheets(asked: Asked) -> Iterator[Question]:
    """Ask about a hidden sheet beside the one that was read, where study.yml names none."""
    hidden = [sheet.name for sheet in asked.source.about.others if sheet.hidden]
    if hidden and not asked.study.config.sources[asked.source.name].sheet:
        yield asked.question("hidden-sheet", read=asked.source.about.sheet, hidden=some(hidden))


def odd_cells(asked: Asked) -> Iterator[Question]:
    """Ask about cells that hold an error, run over a line end, or a day of which no patient has one."""
    source = asked.source
    for name in source.kept:
        kind, text, odd = source.columns[name].type, source.text[name], {}
        if kind not in ("integer", "float", "date"):  # an error of a spreadsheet there breaks a rule
            odd["error-cells"] = text.isin(SIGNS) & ~no_answers(text, source.columns[name])
        if source.about.spanning and kind != "text":
            odd["split-cells"] = text.str.contains("\n|\r", regex=True).fillna(False).astype(bool)
        if kind == "date":
            years = source.kept[name].dt.year
            odd["odd-dates"] = (years < YEARS[0]) | (years > YEARS[1])
        for what, cells in odd.items():
            if cells.any():
                yield asked.question(what, name, rows=some(list(cells.index[cells])))


def empty_columns(asked: Asked) -> Iterator[Question]:
    """Ask about columns that hold nothing in any row."""
    kept = asked.source.kept
    for name in kept.columns[kept.isna().all()] if len(kept) else ():
        if asked.source.columns[name].type != "text":
            yield asked.question("empty-column", name, n=len(kept))


def other_labels(asked: Asked) -> Iterator[Question]:
    """Ask about codes that file and dictionary call otherwise, such as translations."""
    for name, column in asked.source.columns.items():
        given, meant = value_labels(asked.source.about.labels, name), column.meaning
        words = {word.casefold() for word in meant.values()}  # one of them would be a contradiction
        differ = [code for code, word in meant.items() if given.get(code, word).casefold() not in words]
        if differ and column.labels[0]:
            code = differ[0]
            yield asked.question("other-labels", name, code=code, given=given[code], meant=meant[code])

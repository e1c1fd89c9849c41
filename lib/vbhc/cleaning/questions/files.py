"""Signs in a file that it does not hold what it seems to: hidden sheets, errors, split cells, odd dates."""

from collections.abc import Iterator

from vbhc.cleaning.labels import value_labels
from vbhc.cleaning.questions.question import Asked, Question, some
from vbhc.files.marks import ERRORS, NO_VALUE

YEARS = (1900, 2100)  # of which a patient, or a study, can have a day


def hidden_sheets(asked: Asked) -> Iterator[Question]:
    """Ask about a hidden sheet beside the one that was read, where study.yml names none."""
    hidden = [sheet.name for sheet in asked.source.about.others if sheet.hidden]
    if hidden and not asked.study.config.sources[asked.source.name].sheet:
        read = asked.source.about.sheet
        yield asked.question(
            "hidden-sheet", f"sheet {read!r} is read, {some(hidden)} is hidden: the right one"
        )


def error_cells(asked: Asked) -> Iterator[Question]:
    """Ask about errors of a spreadsheet in columns of text, where they break no rule."""
    signs = {*ERRORS.values(), NO_VALUE}
    for name in asked.source.kept:
        if asked.source.columns[name].type not in ("integer", "float", "date"):
            bad = asked.source.text[name].isin(signs)
            if bad.any():
                shown = some(list(asked.source.text.index[bad]))
                yield asked.question("error-cells", f"row {shown} holds an error of a formula: a text", name)


def split_cells(asked: Asked) -> Iterator[Question]:
    """Ask about cells that run over a line end in columns that are no free text."""
    for name in asked.source.kept if asked.source.about.spanning else ():
        if asked.source.columns[name].type != "text":
            split = asked.source.text[name].str.contains("\n|\r", regex=True).fillna(False).astype(bool)
            if split.any():
                shown = some(list(asked.source.text.index[split]))
                yield asked.question(
                    "split-cells", f"a line ends within a cell of row {shown}: one cell", name
                )


def odd_dates(asked: Asked) -> Iterator[Question]:
    """Ask about days of which no patient of today has one."""
    for name, column in asked.source.columns.items():
        if column.type == "date" and name in asked.source.kept:
            years = asked.source.kept[name].dt.year
            odd = asked.source.kept.index[(years < YEARS[0]) | (years > YEARS[1])]
            if len(odd):
                yield asked.question("odd-dates", f"row {some(list(odd))} is before 1900 or after 2100", name)


def empty_columns(asked: Asked) -> Iterator[Question]:
    """Ask about columns that hold nothing in any row."""
    kept = asked.source.kept
    for name in kept.columns[kept.isna().all()] if len(kept) else ():
        if asked.source.columns[name].type != "text":
            yield asked.question("empty-column", f"holds nothing in {len(kept):,} rows", name)


def other_labels(asked: Asked) -> Iterator[Question]:
    """Ask about codes that file and dictionary call otherwise, such as translations."""
    for name, column in asked.source.columns.items():
        given = value_labels(asked.source.about.labels, name)
        words = {word.casefold() for word in column.meaning.values()}  # one of them would be a contradiction
        differ = [
            code for code in column.meaning if given.get(code, column.meaning[code]).casefold() not in words
        ]
        if differ and column.labels[0]:
            code = differ[0]
            found = (
                f"{code} is {given[code]!r} in the file, {column.meaning[code]!r} in dictionary.csv: the same"
            )
            yield asked.question("other-labels", found, name)

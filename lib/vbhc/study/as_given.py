"""What a study gives ready made: its outcome in a column of a file, its own EQ-5D values in a table."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from vbhc import files
from vbhc.problems import Problem, StudyError, fault
from vbhc.study.config import Config, InstrumentUse, OwnValues
from vbhc.study.dictionary import Column

VALUES = ("profile", "value", "source")  # the header of a table of values


def with_ready_made(config: Config, dictionary: Mapping[str, Column]) -> Config:
    """Return the configuration with the outcome of the value quota as a score, where its columns say enough.

    That is: no instrument by that name is scored, and the dictionary gives the column of every visit (or the
    one of all of them) with min, max and direction.
    """
    stem = config.value_quota.outcome if config.value_quota else ""
    names = [use.instrument for use in config.instruments.values()] + list(config.instruments)
    stems = [use.own_score for use in config.instruments.values()]
    if not stem or not config.visits or stem in stems or any(name.startswith(stem[:4]) for name in names):
        return config
    found = [dictionary.get(f"{stem}_{visit}") or dictionary.get(stem) for visit in config.visits]
    columns = [
        column for column in found if column and column.direction and None not in (column.min, column.max)
    ]
    if len(columns) < len(found):
        return config
    first = columns[0]
    words = zip(*(column.label.split() for column in columns), strict=False)
    shared = [word for word, *others in takewhile(lambda same: len(set(same)) == 1, words)]
    label = " ".join(shared).rstrip(" ,:;-(") or stem
    use = InstrumentUse(
        "score", stem, range=(first.min, first.max), direction=first.direction, unit=first.unit, label=label
    )
    return replace(config, instruments={**config.instruments, stem: use})


def with_own_values(config: Config, folder: Path, shown: str) -> tuple[Config, list[Problem]]:
    """Return the configuration with the values of each `value_set` that is a table, and problems.

    `shown` is how messages name the folder.
    """
    uses, problems = dict(config.instruments), []
    for name, use in uses.items():
        if str(use.value_set).endswith(".csv"):
            try:
                uses[name] = replace(use, value_set=_own_values(folder, use.value_set, shown))
            except StudyError as error:
                problems += error.problems
    return replace(config, instruments=uses), problems


def _own_values(folder: Path, name: str, shown: str) -> OwnValues:
    """Read `profile,value,source`: an index per profile (21232), or what each level (mo2) takes from it."""
    if not (folder / name).is_file():
        raise fault(
            f"{shown}/study.yml", f"no file {name!r}", "put it in the study folder", column="instruments"
        )
    table = files.read_whole(folder / name, f"{shown}/{name}", known=VALUES)
    if not {"profile", "value"} <= set(table.header):
        raise fault(table.file, "no columns profile and value", "the header profile,value,source", row=1)
    rows, values = files.records(table), []
    source = next((row["source"] for row in rows if row.get("source", "").strip()), "")
    if not source:
        raise fault(table.file, "no source", "whose values these are, in the first row of a column `source`")
    for number, row in zip(table.numbers, rows, strict=True):
        try:
            values.append((row["profile"].strip().lower(), float(files.plain_number(row["value"], table))))
        except ValueError as error:
            raise fault(
                table.file, f"{row['value']!r} is no number", "an index", column="value", row=number
            ) from error
    return OwnValues(name, source.strip(), tuple(values))

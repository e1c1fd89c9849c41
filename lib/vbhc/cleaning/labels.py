"""Labels within a file of SPSS, Stata or SAS: what its codes mean, as its makers wrote it down."""

import re
from collections.abc import Mapping
from typing import Any

from vbhc import shipped
from vbhc.files.cells import cell_text
from vbhc.problems import Problem
from vbhc.study.dictionary import Column

# What codes are called that stand for no answer, in the languages of the files we have seen.
NOTHING = re.compile("|".join(row["word"] for row in shipped.rows(__file__, "nothing.csv")), re.IGNORECASE)


def value_labels(labels: Mapping[str, Mapping], column: str) -> dict[str, str]:
    """Return code to label, the codes as cells write them; empty where the file has none."""
    given: Mapping[Any, Any] = labels.get("values", {}).get(column, {})
    return {cell_text(code): str(label).strip() for code, label in given.items() if str(label).strip()}


def declared_missing(labels: Mapping[str, Mapping], column: str) -> list[tuple[str, str]]:
    """Return the ranges of values that the file declares missing, low and high end."""
    return [(cell_text(one["lo"]), cell_text(one["hi"])) for one in labels.get("missing", {}).get(column, ())]


def labelled(columns: dict[str, Column], labels: Mapping[str, Mapping]) -> dict[str, Column]:
    """Return the columns; where the dictionary has no label, or no codes of a category, the file's."""
    found = {}
    for name, column in columns.items():
        column = column._replace(label=column.label or labels.get("columns", {}).get(name, ""))
        given = value_labels(labels, name)
        for low, high in declared_missing(labels, name):
            given = {code: label for code, label in given.items() if code not in (low, high)}
        if given and column.type == "category" and not column.allowed:
            column = column._replace(allowed=tuple(given), labels=tuple(given.values()))
        found[name] = column
    return found


def label_problems(columns: Mapping[str, Column], labels: Mapping[str, Mapping], file: str) -> list[Problem]:
    """Return the columns of which file and dictionary give a code opposite meanings, or one of them none.

    A label of the file counts against the dictionary where it is the dictionary's word for another code:
    other words for the same code (a translation) do not.
    """
    problems = []
    for name, column in columns.items():
        given = value_labels(labels, name)
        meant = {code: label.casefold() for code, label in column.meaning.items()}
        for code, label in given.items():
            other = [c for c, word in meant.items() if word == label.casefold() and c != code]
            if meant.get(code, label.casefold()) != label.casefold() and other:
                found = f"the file says {code} = {label!r}, dictionary.csv {code} = {column.meaning[code]!r}"
                problems.append(Problem(file, found, "which is right? The groups would be swapped", name))
                break
        for low, high in declared_missing(labels, name):
            if low == high and low in column.allowed:
                found = f"the file declares {low} missing, dictionary.csv allows it"
                problems.append(Problem(file, found, "which is right?", name))
    return problems

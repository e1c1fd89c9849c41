"""The NHS England PROMs pack: its headers, spelt differently from year to year, to this project's names.

`nhs_proms_aliases.csv` lists each header as published. Headers are compared by their letters and digits
alone, because years differ in `EQ5D` / `EQ 5D` and `EQ VAS Post` / `EQ VAS_Post`; words that are misspelt
differently (`Sucess`, `Success`) have a row each. A header that is in no row is an error: look at it first.
"""

import re
from collections.abc import Iterable
from functools import cache

from vbhc import shipped
from vbhc.problems import Problem, did_you_mean

KEY = "record_id"


@cache
def aliases() -> dict[str, str]:
    """Return published header -> column name, for the hip and the knee file."""
    return {row["header"]: row["column"] for row in shipped.rows(__file__, "nhs_proms_aliases.csv")}


def canonical_names(headers: Iterable[str], shown: str) -> tuple[dict[str, str], list[Problem]]:
    """Return header -> column name and a problem for each header that the alias table does not know."""
    by_letters = {_letters(header): column for header, column in aliases().items()}
    names: dict[str, str] = {}
    problems = []
    for header in headers:
        if (column := by_letters.get(_letters(header))) is None:
            fix = did_you_mean(header, aliases())
            problems.append(Problem(shown, f"unknown header {header!r}", fix, row=1))
        elif column in names.values():
            problems.append(Problem(shown, f"header {header!r} is a second {column!r}", "keep one", row=1))
        else:
            names[header] = column
    return names, problems


def _letters(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", header.lower())

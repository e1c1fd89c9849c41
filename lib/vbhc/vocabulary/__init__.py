"""The columns of results: one name for one thing, with its label, its role, its decimals and what it means.

`columns.csv` lists them. A name with a star stands for columns that are named by data (an arm, a visit, a
code): `n_*` is the count of whatever follows. What readers see of a column, and what a disclosure policy
protects, follow from its role.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from vbhc import shipped
from vbhc.problems import did_you_mean

ROLES = ("label", "count", "whole", "missing", "estimate", "low", "high", "share", "p", "money", "text")
PEOPLE = ("count", "missing")


@dataclass(frozen=True)
class Column:
    """A column of results.

    `role` is what it is to a reader: the name of a row ("label"), a count of people ("count"; "missing": of
    those left out), of things ("whole"), a number ("estimate") with the ends of its interval ("low",
    "high"), a share from 0 to 1, a p-value, an amount of money, or text. `decimals` is None where the
    interval decides.
    """

    name: str
    label: str
    role: str
    decimals: int | None
    explanation: str


@cache
def _listed() -> tuple[dict[str, Column], list[Column]]:
    """Return the columns by name, and those whose name is a pattern, the longest first."""
    rows = [
        Column(**row | {"decimals": int(row["decimals"]) if row["decimals"] else None})
        for row in shipped.rows(__file__, "columns.csv")
    ]
    patterns = sorted((row for row in rows if "*" in row.name), key=lambda row: -len(row.name))
    return {row.name: row for row in rows if "*" not in row.name}, patterns


@cache
def column(name: str) -> Column | None:
    """Return a column by its name, or by the pattern that its name follows; None where there is neither.

    >>> column("low").label, column("n_intervention").role
    ('From', 'count')
    """
    exact, patterns = _listed()
    if name in exact:
        return exact[name]
    found = next((one for one in patterns if fnmatchcase(name, one.name)), None)
    return found and Column(name, _label(name, found), found.role, found.decimals, found.explanation)


def _label(name: str, pattern: Column) -> str:
    """What a data-named column is called: the pattern's label with the data's part in it."""
    start, _, end = pattern.name.partition("*")
    part = name[len(start) : len(name) - len(end) if end else None].replace("_", " ")
    return pattern.label.replace("*", part)


def unknown(names: Iterable[str], beside: Iterable[str] = ()) -> str:
    """Return what is wrong with the names of a table's columns, or "" where all are known.

    `beside` names what is known from elsewhere, such as a study's dictionary.
    """
    other = set(beside)
    lost = [name for name in names if name not in other and column(name) is None]
    if not lost:
        return ""
    return f"no column {lost[0]!r} in the vocabulary of results; {did_you_mean(lost[0], list(_listed()[0]))}"


def by_role(names: Iterable[str], *roles: str) -> list[str]:
    """Return those of the names whose column has one of these roles, in order.

    >>> by_role(["group", "n", "n_missing", "estimate"], *PEOPLE)
    ['n', 'n_missing']
    """
    return [name for name in names if (found := column(name)) and found.role in roles]

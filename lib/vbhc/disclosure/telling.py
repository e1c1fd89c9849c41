"""Which numbers texts may not give, since a table of the report withholds them or they would lead to one."""

from __future__ import annotations

from collections.abc import Collection

from vbhc.disclosure.gathered import Findings
from vbhc.disclosure.policies import Policy


def secret_numbers(
    found: Findings, new: Collection[int], tables: Collection[int], policy: Policy
) -> set[float]:
    """Return hidden counts that are too large to be withheld in a text for their size alone.

    Those of a figure alone (the bars of a histogram) are left out: texts do not quote them, and among many
    bars some number of a text would be found by chance.

    Parameters
    ----------
    new : collection of int
        Cells that have to be hidden besides those that are.
    tables : collection of int
        Which findings are tables.
    """
    shown = shown_numbers(found, new)
    hidden = {
        cell.value
        for number, cell in enumerate(found.cells)
        if number in new or (cell.hidden and any(place.finding in tables for place in cell.places))
    }
    return {value for value in hidden - shown if value > policy.hides_up_to}


def left_over(found: Findings, secret: Collection[float], new: Collection[int], policy: Policy) -> set[float]:
    """Return what secret counts leave of a larger one that is shown: it gives them back."""
    if policy.rounds_to:
        return set()  # what rounded numbers leave is no count
    large = max(secret, default=0) / 2
    shown = shown_numbers(found, new)
    wholes = [count for count in shown if count > large]
    rests = {whole - one for whole in wholes for one in secret if one > large and whole > one}
    return {rest for rest in rests if rest > policy.hides_up_to} - shown


def shown_numbers(found: Findings, new: Collection[int]) -> set[float]:
    """Return the counts that the report's tables and figures show."""
    gone = set(new)
    return {cell.value for number, cell in enumerate(found.cells) if not cell.hidden and number not in gone}

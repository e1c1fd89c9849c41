"""Which numbers texts may not give, since a table of the report withholds them or they would lead to one."""

from collections.abc import Collection, Iterator, Sequence

from vbhc.publish.disclosure.across import margins, nested
from vbhc.publish.disclosure.gathered import Findings
from vbhc.publish.disclosure.policies import Policy


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


def left_over(
    found: Findings,
    secret: Collection[float],
    new: Collection[int],
    policy: Policy,
    everybody: Collection[float] = (),
) -> set[float]:
    """Return what secret counts leave of a larger one that is known: it gives them back.

    Larger ones are everybody in the study, and for a count in a table the sum of its line, its margin and the
    count that it is nested in. Other numbers of the report leave some number of a text by chance.

    Parameters
    ----------
    everybody : collection of numbers
        How many people the study has, and what its title and prose say.
    """
    if policy.rounds_to:
        return set()  # what rounded numbers leave is no count
    shown, gone = shown_numbers(found, new), set(new)
    large = max(secret, default=0) / 2
    rests = {whole - one for whole in everybody for one in secret if one > large and whole > one}
    for whole, cells in _wholes(found):
        values = [found.cells[cell].value for cell in cells if found.cells[cell].hidden or cell in gone]
        rests |= {whole - value for value in values if value in secret}
    return {rest for rest in rests if rest > policy.hides_up_to} - shown


def _wholes(found: Findings) -> Iterator[tuple[float, Sequence[int]]]:
    """Yield counts that are known, or may be, and the cells that are parts of them."""
    yield from ((sum(found.cells[cell].value for cell in line), line) for line in found.lines)
    yield from ((found.cells[whole].value, parts) for whole, parts in margins(found))
    yield from ((found.cells[whole].value, [part]) for whole, part in nested(found))


def shown_numbers(found: Findings, new: Collection[int]) -> set[float]:
    """Return the counts that the report's tables and figures show."""
    gone = set(new)
    return {cell.value for number, cell in enumerate(found.cells) if not cell.hidden and number not in gone}

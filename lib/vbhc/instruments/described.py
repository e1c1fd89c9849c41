"""Read what the tables in `catalogue` say of each instrument: items, scales, MCIDs with source, licence."""

import csv
from functools import cache
from importlib.resources import files
from typing import Any

from vbhc.instruments.instrument import Description, Instrument, Mcid, Scale


@cache
def rows(table: str) -> tuple[dict[str, Any], ...]:
    """Return the rows of one table of the catalogue, as text.

    >>> rows("countries")[0]
    {'country': 'Argentina', 'code': 'ar', 'also_known': ''}
    """
    text = (files("vbhc.instruments") / "catalogue" / f"{table}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def described(name: str) -> Description:
    """Return the description of an instrument.

    >>> described("ohs").label, described("ohs").scales[0].max, described("ohs").mcids[0].value
    ('Oxford Hip Score', 48, 8)
    """
    row = next(row for row in rows("instruments") if row["name"] == name)
    items = tuple(row["items"].split())
    ranges = [tuple(map(int, ends.split("-"))) for ends in row["ranges"].split()]
    ranges *= len(items) if len(ranges) == 1 else 1  # one range holds for all items
    scales, mcids = (_own(table, name) for table in ("scales", "mcids"))
    return Description(
        **row | {"items": items, "ranges": tuple(ranges)},
        scales=tuple(_scale(one) for one in scales),
        mcids=tuple(Mcid(**one | {"value": _number(one["value"])}) for one in mcids),
    )


def offered(description: Description, **code: Any) -> Instrument:
    """Return a described instrument with what only code can say: how it is read and scored."""
    return Instrument(**vars(description) | code)


def _own(table: str, name: str) -> list[dict[str, Any]]:
    """Rows about one instrument, without the column that says so."""
    found = (row for row in rows(table) if row["instrument"] == name)
    return [{key: value for key, value in row.items() if key != "instrument"} for row in found]


def _scale(row: dict[str, Any]) -> Scale:
    numbers = {key: _number(row[key]) for key in ("min", "max", "needs")}
    lists = {key: tuple(row[key].split()) for key in ("items", "parts")}
    return Scale(**row | numbers | lists | {"allowed": tuple(filter(None, row["allowed"].split(";")))})


def _number(text: str) -> Any:
    """A whole number stays whole, as messages show it; an empty cell is None."""
    return (float(text) if "." in text else int(text)) if text else None

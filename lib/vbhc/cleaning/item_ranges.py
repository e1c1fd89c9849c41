"""The dictionary's range of an item against that of its instrument: 1-3 under five levels, 1-4 for 0-3."""

from vbhc import instruments
from vbhc.cleaning.scoring import item_columns, visits_of
from vbhc.problems import Problem
from vbhc.study import Study
from vbhc.study.dictionary import Column, is_number


def range_problems(study: Study, name: str) -> list[Problem]:
    """Return the items to which the dictionary allows fewer answers than their instrument has.

    One line an instrument. Where it allows more, or has no limits, the answers themselves are judged; the
    highest alone may be left out ("does not apply").
    """
    use = study.config.instruments[name]
    try:
        one = instruments.get(use.instrument)
    except ValueError:
        return []  # named elsewhere
    differ = []
    for visit in visits_of(study, use):
        stems, columns = (item_columns(use, one.items, at) for at in ("", visit))
        for stem, column, ends in zip(stems, columns, one.ranges, strict=False):
            held = _range(study.dictionary.get(column) or study.dictionary.get(stem))
            if held and (held[0] > ends[0] or held[1] < ends[1] - 1):
                differ.append((stem, held, ends))
    if not differ:
        return []
    stem, (low, high), (least, most) = differ[0]
    found = f"{stem} holds {low:g}-{high:g} in dictionary.csv, {one.label} has {least}-{most}"
    more = len({stem for stem, _, _ in differ}) - 1
    found += f" (and {more} more items)" if more else ""
    fix = "which version was asked, and do its answers count from 0 or 1?"
    return [Problem(study.shown("study.yml"), found, fix, f"instruments.{name}")]


def _range(column: Column | None) -> tuple[float, float] | None:
    """Return the ends of what a column may hold; None where the dictionary leaves one open."""
    if column is None:
        return None
    codes = [float(code) for code in column.allowed if is_number(code)]
    low = column.min if column.min is not None else min(codes, default=None)
    high = column.max if column.max is not None else max(codes, default=None)
    return None if low is None or high is None else (low, high)

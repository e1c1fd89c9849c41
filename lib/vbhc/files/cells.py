"""Write one typed value as the text a CSV would hold: one rule for Excel, Parquet, SPSS, Stata and SAS.

Numbers   3.0 is "3", 0.5 is "0.5" (also where the sheet shows 50%); 1.625 is "1.6250": a text "1.625" may
          mean 1625 (a dot between thousands), a typed number cannot, and the fourth decimal says so.
Dates     2023-05-31, with a time 2023-05-31T08:30:00; times 09:15:00; durations in hours, 30:05:00.
Truth     "true" and "false".
Texts     as they are ("007" stays, blanks too), line ends as one character, control characters left out.
Empty     "" (None, NaN, NaT, NA).
Text files do not come here: their cells stay as written.
"""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

# Codes of no character: where people are protected the suite marks its own wordings with them. One is seen
# instead, so that positions in a text stay.
NO_CHARACTERS = dict.fromkeys(range(0xFDD0, 0xFDF0), "\ufffd")
_THREE_DECIMALS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_LONGEST_WHOLE = 1e21  # above it a number is written with an exponent
_MISSING = ("NaTType", "NAType")  # by name: small tables are read without pandas


def cell_text(value: Any) -> str:
    """Return a value as text, "" for a missing one.

    >>> [cell_text(value) for value in (3.0, 0.5, 1.625, True, "007", None, "a\\r\\nb")]
    ['3', '0.5', '1.6250', 'true', '007', '', 'a\\nb']
    >>> from datetime import date, datetime, timedelta
    >>> cell_text(date(2023, 5, 31)), cell_text(datetime(2023, 5, 31, 8, 30)), cell_text(timedelta(hours=30))
    ('2023-05-31', '2023-05-31T08:30:00', '30:00:00')
    """
    if isinstance(value, str):
        return tidy(value)
    if type(value) in (float, int):  # most cells of a workbook: the other questions can be spared
        return _number(value) if value == value else ""
    if value is None or type(value).__name__ in _MISSING or value != value:
        return ""
    if type(value).__name__ in ("bool", "bool_"):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        return _duration(value)
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("T00:00:00", "")
    if isinstance(value, bytes):
        return tidy(value.decode("utf-8", errors="replace"))
    return _number(value) if hasattr(value, "is_integer") or isinstance(value, Decimal) else str(value)


def _number(value: float | Decimal) -> str:
    if -_LONGEST_WHOLE < value < _LONGEST_WHOLE and value == int(value):
        return str(int(value))
    text = str(value)
    return f"{text}0" if _THREE_DECIMALS.fullmatch(text) else text


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    minutes, second = divmod(abs(seconds), 60)
    return f"{'-' * (seconds < 0)}{minutes // 60}:{minutes % 60:02}:{second:02}"


def tidy(text: str) -> str:
    r"""Return a text with every line end as \n, no control characters, and U+FFFD for what is no character.

    >>> tidy("two\r\nlines\x07"), tidy("one\ufdd0") == "one\ufffd"
    ('two\nlines', True)
    """
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c >= " " or c in "\n\t").translate(NO_CHARACTERS)

"""How a file writes its dates, as `date_format` says it: dd-mm-yyyy."""

import re

PARTS = {"yyyy": "%Y", "mmm": "%b", "mm": "%m", "dd": "%d"}


def pattern_of(date_format: str) -> str:
    """Return the pattern by which Python reads dates; "" where the format is none.

    Day, month and a year of four digits, each once: of two digits "60" may be 1960 or 2060.

    >>> pattern_of("dd-mm-yyyy"), pattern_of("dd/mm/yy")
    ('%d-%m-%Y', '')
    """
    found = re.findall("|".join(PARTS), date_format.lower())
    rest = re.sub("|".join(PARTS), "", date_format.lower())
    if sorted(part[0] for part in found) != ["d", "m", "y"] or re.search(r"[\w%]", rest):
        return ""
    return re.sub("|".join(PARTS), lambda part: PARTS[part[0]], date_format.lower())

"""Keys of patients that do not match, and what they may be: zeros lost, capitals, look-alike letters."""

import re
import unicodedata
from collections.abc import Collection, Iterable

LOOK_ALIKE = str.maketrans("АВЕКМНОРСТУХаеорсухOoIl", "ABEKMHOPCTYXaeopcyx0011")  # Cyrillic, then O and l


def plain(key: str) -> str:
    """Return a key or name without capitals, blanks, accents, marks and leading zeros.

    >>> plain("P 007"), plain("p-7")
    ('p7', 'p7')
    """
    letters = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", str(key).casefold()))
    return re.sub(r"(?<!\d)0+(?=\d)", "", letters)


def guess(unmatched: Iterable[str], known: Collection[str]) -> str:
    """Return what keys that match no patient may be, with one example; "" where nothing is near."""
    ways = {
        "leading zeros": lambda key: re.sub(r"^0+(?=.)", "", key),
        "capitals": str.casefold,
        "blanks or marks": lambda key: re.sub(r"[\W_]+", "", key),
        "look-alike letters": lambda key: key.translate(LOOK_ALIKE),
        "spelling": lambda key: plain(key.translate(LOOK_ALIKE)),
    }
    keys = list(dict.fromkeys(map(str, unmatched)))
    for differ, way in ways.items():
        near = {way(str(key)): key for key in known}
        if hits := [(key, near[way(key)]) for key in keys if way(key) in near]:
            return f"is {hits[0][0]!r} {hits[0][1]!r}? {len(hits):,} of {len(keys):,} differ by {differ}"
    return ""

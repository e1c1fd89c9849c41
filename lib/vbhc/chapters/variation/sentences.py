"""The sentences of chapter 05: their words stand in sentences.csv, numbers and names are filled in here."""

import string
from functools import cache
from typing import Any

from vbhc import shipped, wording


def say(name: str, /, **words: Any) -> str:
    """Return the sentence of sentences.csv that has this id, with its words filled in.

    A fraction in it is written as readers see it: `{x}` with two decimals, `{x:1}` with one, `{x:%}` as a
    percentage, `{x:level}` as the level of an interval. A word that was not given is a KeyError.

    >>> say("expected-shift", size=1.25, side="above")[:51]
    'On the whole patients ended 1.2 points above what w'
    """
    return _FORMS.format(_sentences()[name], **words)


class _Forms(string.Formatter):
    def format_field(self, value: Any, spec: str) -> str:
        if not isinstance(value, float):
            return str(super().format_field(value, spec))
        if spec == "level":
            return wording.level_name(value)
        if spec.startswith("%"):
            return wording.percent(value, int(spec[1:] or 0))
        return wording.number(value, int(spec or 2))


_FORMS = _Forms()


@cache
def _sentences() -> dict[str, str]:
    return {row["id"]: row["text"] for row in shipped.rows(__file__, "sentences.csv")}

"""How a chapter says its longer sentences: their words stand in its `sentences.csv`, filled in here."""

import string
from collections.abc import Callable
from functools import partial
from typing import Any

from vbhc import shipped, wording


def spoken(beside: str) -> Callable[..., str]:
    """Return `say` for the `sentences.csv` beside a module (`__file__`)."""
    return partial(_say, {row["id"]: row["text"] for row in shipped.rows(beside, "sentences.csv")})


def _say(sentences: dict[str, str], name: str, /, **words: Any) -> str:
    """Return the sentence that has this id, with its words filled in.

    A fraction in it is written as readers see it: `{x}` with two decimals, `{x:1}` with one, `{x:%}` as a
    percentage, `{x:level}` as the level of an interval, `{x:sig}` with three significant digits, `{x:g}` as
    short as it is. Of a number `{n:month|months}` is the word beside it. A word that was not given is a
    KeyError.

    >>> _say({"gain": "Patients gained {size:1} points, {share:%} of hopes."}, "gain", size=1.25, share=0.5)
    'Patients gained 1.2 points, 50% of hopes.'
    """
    return _FORMS.format(sentences[name], **words)


_NAMED: dict[str, Callable[[float], str]] = {"level": wording.level_name, "sig": wording.significant}


class _Forms(string.Formatter):
    def format_field(self, value: Any, spec: str) -> str:
        if "|" in spec:
            return wording.noun(value, *spec.split("|"))
        if not isinstance(value, float) or spec == "g":
            return str(super().format_field(value, spec))
        if spec in _NAMED:
            return _NAMED[spec](value)
        if spec.startswith("%"):
            return wording.percent(value, int(spec[1:] or 0))
        return wording.number(value, int(spec or 2))


_FORMS = _Forms()

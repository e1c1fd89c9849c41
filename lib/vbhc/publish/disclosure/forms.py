"""The forms by which a text gives counts of people: patterns of `forms.yml`, filled with words."""

import re
from typing import Any

from vbhc import shipped

WORDS = {kind: "|".join(words.split()) for kind, words in shipped.tree(__file__, "words.yml").items()}


def _patterns(written: dict[str, Any]) -> dict[str, re.Pattern[str]]:
    """Return the written forms as patterns, by name."""
    known = dict(WORDS)
    for name, part in written.pop("parts").items():  # in the order in which they need each other
        known[name] = _filled(part, known)
    joined = {name: form if isinstance(form, str) else "|".join(form) for name, form in written.items()}
    return {name: re.compile(_filled(form, known)) for name, form in joined.items()}


def _filled(form: str, known: dict[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda match: known[match[1]], form)


FORMS = _patterns(shipped.tree(__file__, "forms.yml"))

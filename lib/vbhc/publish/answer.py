"""Who a result is told to, and where the first sentence of an answer ends."""

import re

READERS = ("clinician", "manager", "patient")
_END = re.compile(r"(?<=[\w)%][.!?]) (?=[A-Z0-9])")
_SHORTEST = 20  # characters; what is shorter is an abbreviation rather than a sentence


def first_sentence(text: str) -> tuple[str, str]:
    """Return the first sentence of a text and what follows it."""
    for end in _END.finditer(text):
        if end.start() >= _SHORTEST:
            return text[: end.start()], text[end.end() :]
    return text, ""

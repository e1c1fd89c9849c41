"""The answer at the head of a page: its first sentence large, the numbers and reservations after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

_END = re.compile(r"(?<=[\w)%][.!?]) (?=[A-Z0-9])")
_SHORTEST = 20  # characters; what is shorter is an abbreviation rather than a sentence


def answer_html(answers: Sequence[str], link: Callable[[str], str]) -> Markup:
    """Return the computed answers of a page as one paragraph's HTML, escaped; empty without an answer.

    Parameters
    ----------
    answers : sequence of str
        In order; all but the first sentence of the first are the rest.
    link : callable
        From HTML to HTML in which terms are linked.
    """
    lead, rest = first_sentence(" ".join(answers))
    if not lead:
        return Markup("")
    made = f'<span class="lead">{link(str(escape(lead)))}</span>'
    return Markup(f'{made} <span class="rest">{link(str(escape(rest)))}</span>' if rest else made)


def first_sentence(text: str) -> tuple[str, str]:
    """Return the first sentence of a text and what follows it."""
    for end in _END.finditer(text):
        if end.start() >= _SHORTEST:
            return text[: end.start()], text[end.end() :]
    return text, ""


READERS = ("clinician", "manager", "patient")

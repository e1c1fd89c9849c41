"""The named disclosure policies: which counts of people, and which texts that give them, may be published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from vbhc.problems import did_you_mean

MARK = "*"  # what stands in a cell that is withheld


@dataclass(frozen=True)
class Policy:
    """A disclosure rule: counts of 1 to `hides_up_to` people are withheld; 0 protects nobody."""

    name: str
    hides_up_to: int
    rule: str
    source: str

    @property
    def protects(self) -> bool:
        """Whether the policy withholds anything at all."""
        return self.hides_up_to > 0

    def hides(self, count: float) -> bool:
        """Whether a count of people is too small to be published (0 and missing are not)."""
        return bool(0 < count <= self.hides_up_to)


POLICIES = {
    policy.name: policy
    for policy in (
        Policy("none", 0, "Nothing is withheld.", "for synthetic studies, which have nobody to protect"),
        Policy(
            "nhs-proms",
            5,
            "Counts of 1 to 5 people are withheld, and so is every figure that rests on so few.",
            "NHS England, Patient Reported Outcome Measures: guide to the published statistics",
        ),
    )
}

_THINGS = "checks|codes|components|definitions|events|instruments|items|notebooks|pages|questions|themes"
_SAID_COUNT = re.compile(
    r"\b[nN]\s*=\s*([\d,]+)(?!\d|\.\d)|(?<![\d.,])([\d,]+)\s+of\s+(?:the\s+)?([\d,]+)(?!\d|\.\d)"
    rf"(?!\s+(?:{_THINGS})\b)"
)


def get_policy(name: str) -> Policy:
    """Return the policy called `name`.

    Raises
    ------
    ValueError
        For an unknown name, with the nearest known one: a misspelt policy never means "no policy".
    """
    if name not in POLICIES:
        raise ValueError(f"unknown disclosure policy {name!r}; {did_you_mean(name, POLICIES)}")
    return POLICIES[name]


def may_say(counts: Iterable, policy: Policy) -> bool:
    """Whether a sentence that gives these counts may be published.

    Parameters
    ----------
    counts : iterable of numbers or of (part, whole)
        Counts of people in the sentence. Of a pair, the part, the whole and what is left over count.
    """
    for count in counts:
        numbers = [count] if np.isscalar(count) else [count[0], count[1], count[1] - count[0]]
        if any(policy.hides(number) for number in numbers):
            return False
    return True


def counts_said(text: str) -> list:
    """Return the counts that a text gives as "n = 12" or "12 of 248" (the latter as a pair).

    "6 of 17 codes" counts things; it is left out.
    """

    def number(digits: str) -> int | None:
        digits = digits.replace(",", "")
        return int(digits) if digits else None

    found: list = []
    for single, part, whole in _SAID_COUNT.findall(text):
        if single:
            found.append(number(single))
        elif part and whole:
            found.append((number(part), number(whole)))
    return [count for count in found if count is not None and (np.isscalar(count) or None not in count)]


def withheld_text(policy: Policy, what: str = "This sentence") -> str:
    """Return the words that stand where a text is withheld."""
    few = f"a count of 1 to {policy.hides_up_to} people"
    return f"{what} is withheld: it would give {few} (policy {policy.name})."

"""Who is in a number, and who is not: said beside every result."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from vbhc import wording


@dataclass(frozen=True)
class Counted:
    """The people behind a result.

    Parameters
    ----------
    n : int
        How many are counted.
    who : str
        Who they are, plural: "patients", "interviewees".
    among : mapping
        Parts of them that a reader has to know of: {"deaths counted at the worst score": 26}. Where a number
        is None, only that there are such is said.
    without : mapping
        Who is left out, as a noun: {"without an answer": 55}.
    """

    n: int
    who: str = "patients"
    among: Mapping[str, int | None] = field(default_factory=dict)
    without: Mapping[str, int | None] = field(default_factory=dict)

    def words(self) -> str:
        """Return what a reader has to know of those counted: it ends the sentence about them.

        >>> Counted(193, among={"deaths counted at the worst score": 26}).words()
        'with 26 deaths counted at the worst score'
        """
        parts = _listed(self.among)
        return f"with {wording.listing(parts)}" if parts else ""

    def without_parts(self, few: int = 0) -> "Counted":
        """Return them without how many their parts are, and of a rounded number without who is left out.

        Pages tell of the deaths among ever other patients: 26 had died, 24 of whom had a cost. Of 93 patients
        60 and 30 without every value are 61 and 32 or 62 and 31: "some", where they are more than the `few`
        that rounding hides. That some of 140 have no cost would say that 1 or 2 of "140" have none.

        >>> Counted(193, among={"deaths counted at the worst score": 26}).without_parts().words()
        'with deaths counted at the worst score'
        >>> Counted(140, without={"without a cost": 2, "without an answer": 40}).without_parts(7).left_out()
        'Not counted: some without an answer.'
        """
        without = _some({what: n for what, n in self.without.items() if n > few}) if few else self.without
        return replace(self, among=_some(self.among), without=without)

    def left_out(self) -> str:
        """Return who is not counted, as a sentence; "" where nobody is left out.

        >>> Counted(193, without={"without an answer": 55}).left_out()
        'Not counted: 55 without an answer.'
        """
        return f"Not counted: {wording.listing(gone)}." if (gone := _listed(self.without, "some ")) else ""

    def sentence(self) -> str:
        """Return who is counted as a line beneath a table or a figure.

        >>> Counted(19, "interviewees").sentence()
        'Counted: 19 interviewees.'
        """
        comma = "," if None in self.among.values() else ""  # else all of them would be dead
        rest = f"{comma} {self.words()}" if self.words() else ""
        return f"Counted: {self.n:,} {self.who}{rest}. {self.left_out()}".strip()

    def counts(self) -> list[tuple[int, int]]:
        """Return every count as (part, whole), for the policy."""
        among, without = ([n for n in part.values() if n is not None] for part in (self.among, self.without))
        everybody = self.n + sum(without)
        return [(self.n, everybody), *((n, self.n) for n in among), *((n, everybody) for n in without)]

    def values(self) -> dict[str, Any]:
        """Return the counts for findings.json."""
        return {"n": self.n, "among": dict(self.among), "without": dict(self.without)}


def _listed(parts: Mapping[str, int | None], some: str = "") -> list[str]:
    """Return the parts in words, of those without a number `some`."""
    return [f"{some}{what}" if n is None else f"{n:,} {what}" for what, n in parts.items() if n != 0]


def _some(parts: Mapping[str, int | None]) -> dict[str, None]:
    """Return the parts that are there without their numbers."""
    return {what: None for what, n in parts.items() if n != 0}

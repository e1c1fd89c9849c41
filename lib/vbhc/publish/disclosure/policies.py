"""The named disclosure policies: which counts of people, and what rests on them, may be published."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vbhc import shipped
from vbhc.problems import did_you_mean

MARK = "*"  # what stands in a cell that is withheld
NEAR = "~"  # what stands before a count that is given to the nearest multiple
# Numbers of fewer people have fewer digits: the interval of a correlation with two decimals leaves 4 people
# open from n = 85 on.
FEW = 100


@dataclass(frozen=True)
class Policy:
    """A disclosure rule: counts of 1 to `hides_up_to` people are withheld; 0 protects nobody."""

    name: str
    hides_up_to: int
    rule: str  # in words for readers
    source: str  # with what could not be checked there
    rounds_to: int = 0  # shown counts are rounded to a multiple of this; 0 shows them as they are
    totals_from_cells: bool = False  # a total is the sum of the rounded cells that are shown
    hides_zero: bool = False  # an empty cell tells something about everybody in its row
    fewest_dof: int = 0  # statistics with fewer degrees of freedom are withheld
    largest: int = 0  # a sum or mean goes if so many of its largest values make up more than `dominance`
    dominance: float = 1.0
    p_ratio: float = 0.0  # or what is left without the two largest less than this share of the largest
    keeps_intervals: bool = True  # around shares, although they were computed from exact counts

    @property
    def protects(self) -> bool:
        """Whether the policy withholds anything at all."""
        return self.hides_up_to > 0

    @property
    def bound(self) -> int:
        """How wide an outsider's range for a withheld count has to stay: as what mark or rounding say."""
        if self.rounds_to:
            return self.rounds_to - 1
        return self.hides_up_to if self.hides_zero else self.hides_up_to - 1

    @property
    def slack(self) -> float:
        """How far a count can lie from what it is rounded to."""
        return (self.rounds_to - 1) / 2 if self.rounds_to else 0.0

    def hides(self, count: float) -> bool:
        """Whether a count of people is too small to be published (missing is not)."""
        if count == 0:
            return self.hides_zero and self.protects
        return bool(0 < count <= self.hides_up_to)

    def tells(self, counts: pd.DataFrame | pd.Series) -> pd.Series:
        """Return of which rows every count of people may be published."""
        return ~pd.DataFrame(counts).map(self.hides).any(axis=1).astype(bool)

    def few_of(self, counts: np.ndarray) -> np.ndarray:
        """Mark which of some counts are too small to be published."""
        return np.array([self.hides(count) for count in counts.tolist()], dtype=bool)

    def rounded(self, count: float) -> float:
        """Return a count as the policy shows it; missing stays missing."""
        base = self.rounds_to
        return base * round(count / base) if base and count == count else count

    @property
    def step(self) -> int:
        """What counts that are given nearly are multiples of; 0 where the policy rounds them all."""
        return 0 if self.rounds_to else 10 * -(-4 * self.hides_up_to // 10)

    def about(self, count: float, people: float | None = None) -> tuple[float, float] | None:
        """Return the lowest and the highest that a count can be which is given as "~160"; None for a mark.

        A count that is large itself and too close to another one is given to the nearest multiple of four
        times what the mark leaves open, so that no difference of a few people follows from two of them. Of
        few `people` altogether that would leave too little open; of 0 it is a mark for other reasons.
        """
        times = round(count / self.step) if self.step else 0
        middle, half = self.step * times, self.step / 2 - times % 2  # 30 is "~40", and 10 no "~20"
        low, high = middle - half, middle + half
        if people and count <= people < high:
            high = people
        return (low, high) if middle and people != 0 and high - low >= 2 * self.hides_up_to else None

    def cut_off(self, count: float, people: float) -> bool:
        """Whether a count and what it leaves of `people`, both given nearly, say too much of one another.

        Of 112 "~20" and "~80" are 22 to 30 and 82 to 90.

        >>> get_policy("nhs-proms").cut_off(27, 112), get_policy("nhs-proms").cut_off(35, 112)
        (True, False)
        """
        near, rest = self.about(count), self.about(people - count)
        room = min(near[1], people - rest[0]) - max(near[0], people - rest[1]) if near and rest else np.inf
        return room < 2 * self.hides_up_to

    def given(self, count: float, people: float | None = None) -> str:
        """Return a count as it is given nearly: "~160", or the mark."""
        return f"{NEAR}{self.step * round(count / self.step):,}" if self.about(count, people) else MARK

    def few(self) -> str:
        """Return the counts that are withheld, in words."""
        return f"{0 if self.hides_zero else 1} to {self.hides_up_to}"


_WRITTEN = shipped.tree(__file__, "policies.yml")
POLICIES = {name: Policy(name, **rules) for name, rules in _WRITTEN.items()}
OPEN = POLICIES["none"]  # where nobody has to be protected


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

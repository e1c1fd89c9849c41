"""The named disclosure policies: which counts of people may be published."""

from __future__ import annotations

from dataclasses import dataclass

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

"""Who was heard: the interviews of a study as they are compared, and whoever answered its survey."""

import re
from dataclasses import dataclass, field

import pandas as pd

from vbhc import cleaning, interviews
from vbhc.chapters.stakeholders.pair import compared_pair
from vbhc.chapters.stakeholders.tree import codes_under
from vbhc.interviews.tables import Interviews
from vbhc.publish.disclosure.policies import OPEN, Policy, get_policy
from vbhc.study import Study


@dataclass(frozen=True)
class Heard:
    """Coded interviews, the codes that are compared, and the groups between which.

    `presence` (interviewees x compared codes, bool); `groups` (by interviewee, missing where unknown);
    `pair`: the same for the two largest groups, all others missing; `labels`: a code's name for readers;
    `ci_level` and `alpha` of all intervals and tests; `absent`: groups of those who were not interviewed.
    """

    coded: Interviews
    presence: pd.DataFrame
    groups: pd.Series
    pair: pd.Series
    labels: dict[str, str]
    policy: Policy = OPEN
    ci_level: float = 0.95
    alpha: float = 0.05
    absent: pd.Series = field(default_factory=lambda: pd.Series(dtype=object))

    @property
    def comparable(self) -> bool:
        """Whether two groups can be compared on at least one code."""
        return self.pair.nunique() == 2 and not self.presence.columns.empty

    @property
    def sizes(self) -> pd.Series:
        """Interviewees by group, in the order of their first appearance."""
        return self.groups.value_counts(sort=False)

    @property
    def names(self) -> tuple[str, str]:
        """The two groups that are compared."""
        first, second = (str(name) for name in self.pair.value_counts(sort=False).index)
        return first, second


def hear(study: Study, compare: str = "", ci_level: float = 0.95, alpha: float = 0.05) -> Heard | None:
    """Return the interviews of a study; None where nobody was interviewed.

    `compare` names branches of the code tree, separated by ";"; without any all codes are compared.
    """
    plan = study.config.interviews
    if plan is None:
        return None
    coded = cleaning.read_interviews(study)
    policy = get_policy(study.config.disclosure)
    return heard_of(coded, plan.group, codes_under(coded, compare.split(";")), policy, ci_level, alpha)


def heard_of(
    coded: Interviews,
    group: str,
    codes: list[str],
    policy: Policy = OPEN,
    ci_level: float = 0.95,
    alpha: float = 0.05,
) -> Heard:
    """Return coded interviews as they are compared: `codes` between the groups of the attribute `group`."""
    groups = interviews.groups(coded, group)
    present = interviews.presence(coded, codes)
    pair = compared_pair(groups, policy)
    absent = coded.left_out.get(group, pd.Series(None, coded.left_out.index, dtype=object))
    return Heard(coded, present, groups, pair, interviews.labels(coded), policy, ci_level, alpha, absent)


def people(group: str, n: int = 2) -> str:
    """Return the people of a group; a name that is no plain English noun for a person stays a name.

    >>> people("payer"), people("payer", 1), people("finance")
    ('payers', 'payer', 'people of the group finance')
    """
    if not re.fullmatch(r"[a-z-]*(er|or|ian|ist|ent|ant|nurse)", group):
        return f"{'person' if n == 1 else 'people'} of the group {group}"
    return group if n == 1 else f"{group}s"

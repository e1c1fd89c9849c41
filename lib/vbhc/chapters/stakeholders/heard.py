"""Who was heard: the interviews of a study as they are compared, and whoever answered its survey."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from vbhc import cleaning, interviews
from vbhc.chapters.stakeholders.pair import compared_pair, pair_sentence
from vbhc.chapters.stakeholders.statements import in_order_of_groups
from vbhc.chapters.stakeholders.tree import codes_under
from vbhc.interviews.tables import Interviews
from vbhc.publish.disclosure.policies import OPEN, Policy, get_policy
from vbhc.publish.results import Result, Table
from vbhc.study import Study
from vbhc.wording import listing


@dataclass(frozen=True)
class Heard:
    """Coded interviews, the codes that are compared, and the groups between which.

    `presence` (interviewees x compared codes, bool); `groups` (by interviewee, missing where unknown);
    `pair`: the same for the two largest groups, all others missing; `labels`: a code's name for readers.
    """

    coded: Interviews
    presence: pd.DataFrame
    groups: pd.Series
    pair: pd.Series
    labels: dict[str, str]
    policy: Policy = OPEN

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


def hear(study: Study, compare: str = "") -> Heard | None:
    """Return the interviews of a study; None where nobody was interviewed.

    `compare` names branches of the code tree, separated by ";"; without any all codes are compared.
    """
    plan = study.config.interviews
    if plan is None:
        return None
    coded = cleaning.read_interviews(study)
    policy = get_policy(study.config.disclosure)
    return heard_of(coded, plan.group, codes_under(coded, compare.split(";")), policy)


def heard_of(coded: Interviews, group: str, codes: list[str], policy: Policy = OPEN) -> Heard:
    """Return coded interviews as they are compared: `codes` between the groups of the attribute `group`."""
    groups = interviews.groups(coded, group)
    present = interviews.presence(coded, codes)
    return Heard(coded, present, groups, compared_pair(groups, policy), interviews.labels(coded), policy)


def people(group: str, n: int = 2) -> str:
    """Return the people of a group; a name that is no plain English noun for a person stays a name.

    >>> people("payer"), people("payer", 1), people("finance")
    ('payers', 'payer', 'people of the group finance')
    """
    if not re.fullmatch(r"[a-z-]*(er|or|ian|ist|ent|ant|nurse)", group):
        return f"{'person' if n == 1 else 'people'} of the group {group}"
    return group if n == 1 else f"{group}s"


def who_was_heard(study: Study, heard: Heard | None, answers: pd.DataFrame | None) -> Result:
    """Say who answered the survey, who was interviewed, and which groups are compared."""
    policy = get_policy(study.config.disclosure)
    says: list[str] = []
    counts: list = []
    if answers is not None:
        text, own = _asked(study, answers, policy)
        says.append(text)
        counts += own
    if heard is not None:
        sizes = [int(n) for n in heard.sizes]
        hidden = any(map(policy.hides, sizes))
        says.append(f"Interviews: {_lower(pair_sentence(heard.groups, policy))}")
        counts += [] if hidden else [(n, sum(sizes)) for n in sizes]
    return Result("heard", says=says, counts=counts)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _asked(study: Study, answers: pd.DataFrame, policy: Policy) -> tuple[str, list[int]]:
    """Return who answered the survey, and the counts in the text; under a policy without their sum."""
    sizes = in_order_of_groups(study, answers)[study.config.survey.group].value_counts(sort=False)
    if sizes.empty:
        return "Nobody who answered the survey names a group.", []
    told = [(str(name), int(n)) for name, n in sizes.items() if not policy.hides(n)]
    parts = [f"{n} {people(name, n)}" for name, n in told]
    if len(told) < len(sizes):
        parts.append("too few of other groups to be told of")
    counts = [n for _, n in told]
    if policy.protects:
        return f"A survey: {listing(parts)}.", counts
    return f"A survey of {sum(counts)}: {listing(parts)}.", [*counts, sum(counts)]


def interviewees(heard: Heard) -> Result:
    """Say how many interviewees each group has, and in how many any compared code was found."""
    raised = heard.presence.any(axis=1)
    says = [pair_sentence(heard.groups, heard.policy)]
    if heard.policy.protects:
        frame = heard.sizes.rename_axis("group").reset_index(name="n")
        table = Table(frame, "Interviewees by group", labels={"n": "Interviewees"})
        return Result("interviewees", says=says, table=table)
    coded = f"A code was found in {int(raised.sum())} of {len(raised)}."
    return Result("interviewees", says=[*says, coded])

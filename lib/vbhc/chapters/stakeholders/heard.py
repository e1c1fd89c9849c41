"""Who was heard: interviews as they are compared, between which two groups, and what so few could show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from vbhc import cleaning, interviews
from vbhc.chapters.stakeholders.sentences import say
from vbhc.interviews.tables import Interviews
from vbhc.problems import did_you_mean
from vbhc.publish.disclosure.policies import OPEN, Policy, get_policy
from vbhc.publish.either import either
from vbhc.statistics.tables2x2 import reachability
from vbhc.study import Study
from vbhc.wording import listing

ALL = "all"  # in place of a group: everybody


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
    def which(self) -> str:
        """Which groups are compared, in a sentence."""
        return pair_sentence(self.groups, self.policy, with_codes(self.coded, self.groups))

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
    if study.config.interviews is None:
        return None
    coded, group = cleaning.read_interviews(study), study.config.interviews.group
    policy = get_policy(study.config.disclosure)
    heard = heard_of(coded, group, codes_under(coded, compare.split(";")), policy)
    return replace(heard, ci_level=ci_level, alpha=alpha)


def heard_of(coded: Interviews, group: str, codes: list[str], policy: Policy = OPEN) -> Heard:
    """Return coded interviews as they are compared: `codes` between the groups of the attribute `group`."""
    groups, present = interviews.groups(coded, group), interviews.presence(coded, codes)
    pair = compared_pair(with_codes(coded, groups), policy)
    absent = coded.left_out.get(group, pd.Series(None, coded.left_out.index, dtype=object))
    return Heard(coded, present, groups, pair, interviews.labels(coded), policy, absent=absent)


def with_codes(coded: Interviews, groups: pd.Series) -> pd.Series:
    """Return the groups without those of which no interview holds a code: they were not coded yet."""
    read = interviews.segment_totals(coded).reindex(groups.index, fill_value=0) > 0
    return groups.where(groups.isin(groups[read]))


def people(group: str, n: int = 2) -> str:
    """Return the people of a group; a name that is no plain English noun for a person stays a name.

    >>> people("payer"), people("payer", 1), people("finance")
    ('payers', 'payer', 'people of the group finance')
    """
    if not re.fullmatch(r"[a-z-]*(er|or|ian|ist|ent|ant|nurse)", group):
        return f"{'person' if n == 1 else 'people'} of the group {group}"
    return group if n == 1 else f"{group}s"


def raised_by_group(
    raised: pd.Series, groups: pd.Series, everybody: bool = False
) -> list[tuple[str, int, int]]:
    """Return (group, k, n) for each group: how many of its n interviewees raise something.

    With `everybody` first those of all groups and of none, as "all".
    """
    parts = [*raised.groupby(groups.reindex(raised.index), sort=False)]
    parts = [(ALL, raised), *parts] if everybody else parts
    return [(name, int(own.sum()), len(own)) for name, own in parts]


def codes_under(interviews: Interviews, branches: Sequence[str] = ()) -> list[str]:
    """Return the codes that can be given, of the whole tree or of the branches named (code or label).

    Raises
    ------
    ValueError
        For a branch that the code book does not have ("did you mean").
    """
    book = interviews.codes
    codable = list(book.loc[book["codable"].astype(bool), "code"])
    wanted = [name.strip() for name in branches if name.strip()]
    if not wanted:
        return codable
    names = dict(zip(book["label"], book["code"], strict=True)) | {code: code for code in book["code"]}
    for name in wanted:
        if name not in names:
            raise ValueError(f"no code or category {name!r}; {did_you_mean(name, names)}")
    parents = book.set_index("code")["parent"]
    chosen = {names[name] for name in wanted}
    return [code for code in codable if chosen & set(upwards(code, parents))]


def upwards(code: str, parents: pd.Series) -> list[str]:
    """Return a code and all it stands under; a code book that goes in circles ends where it began."""
    line: list[str] = []
    while code and code in parents.index and code not in line:
        line.append(code)
        code = parents[code]
    return line


def compared_pair(groups: pd.Series, policy: Policy = OPEN) -> pd.Series:
    """Return the labels of the two largest groups; everybody else has none.

    The two stand in the order of their first appearance; of groups of one size the earlier is taken. Nobody
    keeps a label where there are fewer than two groups, or where each holds one interviewee only. Groups
    whose size the policy hides are not compared: every number of a test would rest on so few.
    """
    sizes = groups.value_counts(sort=False)[policy.tells]
    chosen = sizes.sort_values(ascending=False, kind="stable").index[:2]
    if len(chosen) < 2 or sizes[chosen].sum() < 3:
        return groups.where(pd.Series(False, groups.index))
    return groups.where(groups.isin(chosen))


def pair_sentence(groups: pd.Series, policy: Policy = OPEN, coded: pd.Series | None = None) -> str:
    """Return which groups are compared, and what remains to be seen where none can be.

    `coded` is `groups` without those of which no interview holds a code.
    """
    sizes = groups.value_counts(sort=False)
    coded = groups if coded is None else coded
    pair = compared_pair(coded, policy).dropna()
    few = not policy.tells(sizes).all()
    if few and pair.empty:
        return "The groups are not compared: one of them is too small for its numbers to be said."
    if few:
        return f"The tests compare {listing(pair.unique())}; of smaller groups no numbers may be said."
    names = [f"{name} ({size})" for name, size in sizes.items()]
    if len(sizes) < 2:
        found = f"All interviewees are of one group, {names[0]}" if names else "No interviewee has a group"
        return f"{found}: there is nothing to compare. What was raised is shown for all of them together."
    if pair.empty and coded.nunique() < len(sizes):
        return "The groups are not compared: of one of them no interview holds a code."
    if pair.empty:
        return say("pair-of-one", names=listing(names))
    kept = listing(f"{name} ({size})" for name, size in pair.value_counts(sort=False).items())
    if len(sizes) == 2:
        small = "; with one interviewee in a group hardly anything can be shown" if 1 in list(sizes) else ""
        return f"Two groups are compared: {kept}{small}."
    held = " that hold codes" if coded.nunique() < len(sizes) else ""
    return say("pair-of-many", n=len(sizes), names=listing(names), held=held, kept=kept)


def reachability_sentence(n1: int, n2: int, first: str, second: str, alpha: float = 0.05) -> str:
    """Return what the two groups could show: the gap that is just large enough, at its most favourable.

    Under a policy in shares: the counts are nobody's, but who misses small ones elsewhere cannot tell.
    """
    words = {"n1": n1, "n2": n2, "first": first, "second": second, "alpha": f"{alpha:g}"}
    reached = reachability(n1, n2, alpha).dropna(subset=["k_first_fisher"])
    if reached.empty:
        return say("reach-never", **words)
    k1, k2 = (int(reached[name].iloc[0]) for name in ("k_first_fisher", "k_second"))
    in_shares = say("reach-share", least=round(20 * k1 / n1) / 20, **words)  # to the nearest 5%
    return either(say("reach-counts", k1=k1, k2=k2, **words), in_shares)

"""The same findings where a disclosure policy protects few interviewees: what may be named, and as a table.

A drawing cannot lose a single number after it was drawn, a table can; so counts that a report may have to
hide stand in tables there. And a verdict about a code says something of its counts: for 14 and 12 people the
p-values of three tests, with three decimals, leave one pair of counts open, or two.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from vbhc.chapters.cleaning.scale_quality import together
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.wording import listing, number, percent

NO_CODE_SHOWN = (
    "How many of each group raise a code is withheld: of so few interviewees "
    "every such number tells of too few."
)
TREE_COLUMNS = ("branch", "code", "k")


def may_name(codes: pd.DataFrame, policy: Policy = OPEN) -> pd.Series:
    """Return for each code whether a verdict may name it: where both its counts may be shown.

    Parameters
    ----------
    codes : DataFrame
        From `compare_codes`: `k_first, k_second`.
    policy : Policy, optional
        Without one, or with one that protects nobody, every code.
    """
    if not policy.protects or codes.empty:
        return pd.Series(True, codes.index)
    return ~codes[["k_first", "k_second"]].map(policy.hides).any(axis=1)


def names_said(codes: pd.DataFrame, policy: Policy = OPEN) -> str:
    """Return ": " and the names of codes as far as they may be said, or that they may not."""
    told = may_name(codes, policy)
    names = list(codes.loc[told, "code"])
    if not names:
        return "; by name it would tell of withheld counts"
    return f": {listing(names if told.all() else [*names, 'others that may not be named'])}"


def one_of(words: Callable[[int], str], k: int, n: int, policy: Policy) -> str:
    """Return the words for k of n people, "" where they leave too few counts open.

    Parameters
    ----------
    words : callable
        From a count to the words that stand for it, such as "most of them".

    Notes
    -----
    An outsider can try every count. The words pass where the counts that they fit, and with them the people
    who are left over, spread wider than what the policy itself leaves open.
    """
    fit = [count for count in range(n + 1) if words(count) == words(k)]
    return words(k) if max(fit) - min(fit) > max(policy.hides_up_to, policy.rounds_to) else ""


def tree_table(tree: pd.DataFrame, sizes: pd.Series | None = None, policy: Policy = OPEN) -> pd.DataFrame:
    """Return the code tree as a table: `branch` (the categories above), `code`, `k` interviewees.

    Parameters
    ----------
    tree : DataFrame
        From `code_tree`. A category stands first in its own branch, as "any of these".
    sizes : Series, optional
        Interviewees by group. With it and a policy, `k` of a code is missing where it would narrow the hidden
        count of a group: 19 of 26, of whom 14 are of the other group, are at least 5 of this one.
    """
    rows = []
    line: list[str] = []
    for node in tree.itertuples():
        del line[int(node.depth) :]
        name = node.label if node.code == node.label else f"{node.code} {node.label}"
        if not node.leaf:
            line.append(name)
        branch = " > ".join(line) or "all codes"
        k = float("nan") if node.leaf and _narrows(tree.loc[node.Index], sizes, policy) else int(node.k)
        rows.append((branch, name if node.leaf else "any of these", k))
    return together(pd.DataFrame(rows, columns=list(TREE_COLUMNS)), "branch")


def _narrows(node: pd.Series, sizes: pd.Series | None, policy: Policy) -> bool:
    """Whether the count of all leaves a hidden count of a group a narrower range than the policy does."""
    if sizes is None or not policy.protects:
        return False
    for group in (name for name in sizes.index if policy.hides(node[f"k_{name}"])):
        lowest = max(0 if policy.hides_zero else 1, int(node["k"]) - int(sizes.drop(group).sum()))
        highest = min(policy.hides_up_to, int(node["k"]), int(sizes[group]))
        if highest - lowest < min(policy.hides_up_to, int(sizes[group])) - (0 if policy.hides_zero else 1):
            return True
    return False


def answers_of_all(shares: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return who gave which answer as shares of everybody in the group, where people are protected.

    How many answered a statement would tell, beside the size of the group, how few did not.

    Parameters
    ----------
    shares : DataFrame
        From `statement_shares`. Answers of a group (`k, share`) are missing where too few gave none and each
        answer could be shown: together they would tell of these few.
    """
    if not policy.protects or shares.empty:
        return shares
    everybody = shares["n"] + shares["n_missing"]
    few = shares["k"].map(policy.hides).groupby([shares["label"], shares["group"]]).transform("any")
    k = shares["k"].where(few | ~shares["n_missing"].map(policy.hides))
    return shares.assign(k=k, n=everybody, share=k / everybody)


def ranks_shown(ranks: pd.DataFrame, agreed: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return mean ranks without how many gave them, where the size of the group would tell who did not.

    Parameters
    ----------
    ranks, agreed : DataFrame
        From `survey_ranks` and `survey_concordance`. Where `n` is left out the mean keeps one decimal.
    """
    if not policy.protects or ranks.empty:
        return ranks
    few = set(agreed.loc[agreed["n_missing"].map(policy.hides), "group"])
    told = ~ranks["group"].isin(few)
    small = ranks["first"].map(policy.hides).groupby(ranks["group"]).transform("any")
    return ranks.assign(
        first=ranks["first"].where(told | small),  # those who put one first add up to those who ranked
        n=ranks["n"].where(told),
        mean_rank=ranks["mean_rank"].where(told, ranks["mean_rank"].round(1)),
    )


def tops_shown(tops: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return `statement_tops` without the shares of groups of whom too few gave no answer.

    Beside the shown answers such a share tells how many answered, and with the size of the group who did not.
    """
    if not policy.protects or tops.empty:
        return tops
    shares = ["estimate", "low", "high"]
    few = tops["n_missing"].map(policy.hides)
    return tops.assign(**{column: tops[column].mask(few) for column in shares})


def may_show_codes(counts: pd.DataFrame, policy: Policy) -> bool:
    """Whether any code's counts may be shown: of 11 people no count from 1 to 10 leaves enough others."""
    if policy.rounds_to:
        return True
    few = counts["k"].map(policy.hides) | (counts["n"] - counts["k"]).map(policy.hides)
    return bool((~few).groupby(counts["code"]).all().any())


def pairs_shown(pairs: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return the pairs of codes that may be drawn: of too few shared passages nobody's are told.

    One passage comes from one interviewee, so that a small number of passages is a bound on people.
    """
    if not policy.protects:
        return pairs
    return pairs[pairs["n_both"] > policy.hides_up_to].reset_index(drop=True)


def raised_sentence(presence: pd.DataFrame, groups: pd.Series, policy: Policy = OPEN) -> str:
    """Return how many codes an interviewee raises, as the medians of all and of each group.

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees x codes.
    groups : Series
        Group by interviewee.
    policy : Policy, optional
        Medians with too few interviewees on one side of them are left out.
    """
    if presence.empty:
        return "Nobody was interviewed, or no code is looked at."
    sums = presence.astype(bool).sum(axis=1)
    labels = groups.reindex(presence.index)
    own = [(key, part) for key, part in sums.groupby(labels, sort=False) if not policy.hides(len(part) // 2)]
    medians = [f"{number(part.median(), 1)} for {name}" for name, part in own]
    filled = f"{percent(float(np.mean(presence.to_numpy(dtype=float))))} of all pairs of code and interviewee"
    if policy.hides(len(sums) // 2):
        return f"Of all pairs of code and interviewee {filled.partition(' of ')[0]} are filled."
    by_group = f" ({listing(medians)})" if len(medians) > 1 else ""
    return (
        f"The median interviewee raises {number(sums.median(), 1)} of {presence.shape[1]} codes{by_group}; "
        f"{filled} are filled."
    )


def saturation_shown(curve: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return the part of `saturation_curve` that may be shown.

    Under a policy that protects without the order of the interviews, in which every step is one interviewee,
    and from as many interviews on as make no small number of people.
    """
    if not policy.protects:
        return curve
    open_ = curve[curve["interview"] > policy.hides_up_to]
    return open_.drop(columns=["new_codes", "codes"]).reset_index(drop=True)

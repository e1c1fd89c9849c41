"""On which ideas do two groups of interviewees lie furthest apart, and what could so few have shown?"""

from functools import partial

import pandas as pd

from vbhc.chapters.stakeholders.code_counts import group_counts
from vbhc.chapters.stakeholders.figures.shares import draw_shares, height_of
from vbhc.chapters.stakeholders.heard import Heard, people
from vbhc.chapters.stakeholders.pair import reachability_sentence
from vbhc.chapters.stakeholders.protected import NO_CODE_SHOWN
from vbhc.chapters.stakeholders.sentences import codes_sentence
from vbhc.publish.results import Drawing, Result
from vbhc.statistics.presence import compare_codes
from vbhc.wording import level_name

MOST = 6  # gaps that are drawn


def codes_compared(
    heard: Heard | None, ci_level: float = 0.95, n_permutations: int = 9999, seed: int = 0
) -> pd.DataFrame:
    """Return the comparison of every code (`statistics.presence.compare_codes`) with its `label`.

    No row without two groups.
    """
    if heard is None or not heard.comparable:
        return pd.DataFrame()
    table = compare_codes(
        heard.presence, heard.pair, ci_level, seed, first=heard.names[0], draws=n_permutations
    )
    return table.assign(label=table["code"].map(heard.labels))


def widest_gaps(heard: Heard | None, codes: pd.DataFrame, key: bool = False) -> Result | None:
    """Show the widest gaps between the groups, what the tests say of them, and what could have shown.

    Under a policy that protects, only codes of which every count may be told are drawn.
    """
    if heard is None or codes.empty:
        return None
    (first, second), policy, alpha = heard.names, heard.policy, heard.alpha
    n_first, n_second = int(codes["n_first"].iloc[0]), int(codes["n_second"].iloc[0])
    could = reachability_sentence(n_first, n_second, first, second, alpha, shares=policy.protects)
    says = [codes_sentence(codes.assign(code=codes["label"]), alpha, policy), could]
    counts = [] if any(map(policy.hides, (n_first, n_second))) else [n_first, n_second]
    rows = gap_rows(heard, codes)
    if rows.empty:
        return Result("by-code", says=[*says, NO_CODE_SHOWN], counts=counts)
    return Result("by-code", says=says, counts=counts, drawing=_drawing(heard, codes, rows, key))


def gap_rows(heard: Heard, codes: pd.DataFrame) -> pd.DataFrame:
    """Return `code, label, group, k, n, estimate, low, high` of the codes with the widest gaps.

    The widest first, at most six, a row for each group; codes without a gap are left out, and under a policy
    those of which a count, or what it leaves of its group, may not be told.
    """
    order = codes.assign(gap=codes["estimate"].abs()).sort_values("gap", ascending=False, kind="stable")
    order = order[order["gap"] > 0]
    hides = heard.policy.hides
    left = order[["n_first", "n_second"]].to_numpy() - order[["k_first", "k_second"]].to_numpy()
    told = pd.concat([order[["k_first", "k_second"]], pd.DataFrame(left, order.index)], axis=1)
    chosen = list(order.loc[~told.map(hides).any(axis=1).astype(bool), "code"])[:MOST]
    counts = group_counts(heard.presence[chosen], heard.pair, heard.ci_level)
    rows = counts[["code", "group", "k", "n", "estimate", "low", "high"]]
    return rows.assign(label=rows["code"].map(heard.labels))


def _drawing(heard: Heard, codes: pd.DataFrame, rows: pd.DataFrame, key: bool) -> Drawing:
    n, protects = rows["label"].nunique(), heard.policy.protects
    which = "The widest gap" if n == 1 else f"The {n} widest gaps"
    of = f"{len(codes)} codes" if not protects else "those codes of which the counts may be shown"
    return Drawing(
        rows,
        partial(draw_shares, told=heard.names[:1], xlabel="Interviewees who raise it"),
        title=partial(gap_title, names=heard.names, every=not protects),
        caption=f"{which} of {of}; line: {level_name(heard.ci_level)} interval, each code looked at alone.",
        alt="Interviewees who raise it, with intervals",
        key=key,
        rules={"counts": ["k", "n"], "base": None, "parts": protects},
        **height_of(rows),
    )


def gap_title(rows: pd.DataFrame, names: tuple[str, str], every: bool = True) -> str:
    """Return the widest gap that may be told, as counts: a fact about these people, and no verdict.

    `every` says whether it is the widest of all codes, not only of those that may be shown.
    """
    known = rows.dropna(subset=["k", "n", "estimate"])
    both = known.groupby("label", sort=False).filter(lambda own: len(own) == 2)
    if both.empty:
        return "Who raised what, as far as the counts may be shown"
    own = both[both["label"] == both["label"].iloc[0]].set_index("group")
    sides = [f"{own.at[g, 'k']:.0f} of {own.at[g, 'n']:.0f} {people(g)}" for g in names]
    lead = "Widest gap" if every else "Widest gap that may be shown"
    return f"{lead}: {own['label'].iloc[0]}, {sides[0]} against {sides[1]}"

"""Codes in full, for whoever wants to check: the tree, every count with its tests, what could have shown."""

from __future__ import annotations

from functools import partial

import pandas as pd

from vbhc import interviews
from vbhc.chapters.stakeholders.code_counts import group_counts
from vbhc.chapters.stakeholders.figures.codes import alt_code_tree, draw_code_tree
from vbhc.chapters.stakeholders.figures.groups import alt_group_dots, draw_group_dots
from vbhc.chapters.stakeholders.heard import Heard
from vbhc.chapters.stakeholders.protected import NO_CODE_SHOWN, may_show_codes, tree_table
from vbhc.chapters.stakeholders.sentences import naive_sentence, widest_gap_title
from vbhc.chapters.stakeholders.tree import code_tree, tree_title
from vbhc.publish.results import Drawing, Result, Table
from vbhc.statistics.presence import blocked_p, naive_segment_test
from vbhc.statistics.profiles import blocks_of
from vbhc.statistics.tables2x2 import reachability
from vbhc.wording import level_name

TESTS = {
    "fisher_p": "Fisher",
    "mid_p": "Mid-p",
    "boschloo_p": "Boschloo",
    "inside_p": "Inside each place",
    "holm_p": "Holm",
    "bh_p": "Benjamini-Hochberg",
    "max_t_p": "Max-T",
}


def tree_of_codes(heard: Heard) -> Result:
    """Show the code tree with k of n interviewees at every node; under a policy as a table."""
    tree = code_tree(heard.coded, heard.groups, list(heard.presence))
    if heard.policy.protects:
        table = Table(
            tree_table(tree, heard.sizes, heard.policy).assign(n=len(heard.presence)),
            f"How many of {len(heard.presence)} interviewees raise each code, or anything below it",
            by="branch",
            labels={"k": "Interviewees", "n": "Of"},
            notes=["Empty: it would narrow down the withheld count of a group."],
            rules={"counts": ["k", "n"], "base": None, "parts": False},
        )
        return Result("tree", table=table)
    drawing = Drawing(
        tree,
        draw_code_tree,
        title=tree_title,
        caption="Bars: interviewees who raise it; those of categories are thin.",
        alt=alt_code_tree,
        height=1 + 0.19 * len(tree),
        narrow_height=1 + 0.36 * len(tree),
        rules={"counts": ["k", "n", *(f"k_{name}" for name in heard.sizes.index)], "keep": ["depth"]}
        | {"base": None, "parts": False},
    )
    return Result("tree", drawing=drawing)


def name_column(heard: Heard) -> str:
    """Return how codes are named in a second table: short, or as in the first where counts may be withheld.

    The door remembers what it withheld by the name of the row.
    """
    return "label" if heard.policy.protects else "code"


def what_could_show(heard: Heard, codes: pd.DataFrame, alpha: float = 0.05) -> Result | None:
    """Show for each count in the second group how many in the first an exact test would need."""
    if codes.empty:
        return None
    first, second = heard.names
    n_first, n_second = int(codes["n_first"].iloc[0]), int(codes["n_second"].iloc[0])
    needed = reachability(n_first, n_second, alpha)[["k_second", "k_first_fisher", "k_first_midp"]]
    table = Table(
        needed.dropna(subset=["k_first_fisher", "k_first_midp"], how="all"),
        f"Smallest count of {n_first} {first} interviewees that differs from one of {n_second} {second}",
        labels={
            "k_second": f"{second} who raise it",
            "k_first_fisher": f"{first} needed, Fisher",
            "k_first_midp": f"{first} needed, mid-p",
        },
        notes=[f"Two-sided tests at the {alpha:g} level. Empty, or not listed: no count would do."],
        rules={"counts": (), "not_people": ["k_second"], "base": None},
    )
    return Result("reachable", table=table)


def counts_by_code(heard: Heard, codes: pd.DataFrame, ci_level: float = 0.95) -> Result | None:
    """Show for each code how many of each group raise it, and the difference as shares and as odds."""
    if codes.empty:
        return None
    first, second = heard.names
    columns = [
        *(name_column(heard), "k_first", "k_second", "estimate", "low", "high"),
        *("odds_ratio", "odds_ratio_low", "odds_ratio_high"),
    ]
    table = Table(
        codes[columns],
        f"Who raised what: {first} (n = {codes['n_first'].iloc[0]}) and {second} "
        f"(n = {codes['n_second'].iloc[0]}) interviewees",
        labels={"label": "Code", "k_first": first, "k_second": second, "estimate": "Difference"},
        notes=[f"{level_name(ci_level)} intervals: Newcombe's; for the odds ratio exact, its margins fixed."],
        rules={"counts": ["k_first", "k_second"], "parts": False, "decimals": 2},
    )
    return Result("by-code-table", table=table)


def p_values_by_code(heard: Heard, codes: pd.DataFrame, block: str, seed: int = 0) -> Result | None:
    """Show the p-values of every code: three of it alone, one inside each place, three that allow for all."""
    if codes.empty:
        return None
    blocks = blocks_of(heard.coded.participants, block)
    inside = blocked_p(heard.presence, heard.pair, blocks, seed).to_numpy()
    counts = ["k_first", "k_second"] if heard.policy.protects else []
    name = name_column(heard)
    tests = [name for name in TESTS if name != "inside_p" or blocks is not None]
    first, second = heard.names
    table = Table(
        codes.assign(inside_p=inside)[[name, *counts, *tests]],
        "Does a code differ between the groups? p-values of each test",
        labels=TESTS
        | {name: "Code", "inside_p": f"Inside each {block}", "k_first": first, "k_second": second},
        notes=[
            "Holm corrects Fisher's p, Benjamini-Hochberg the mid-p; max-T counts over the splits themselves."
        ],
        rules={"counts": counts, "parts": False},
    )
    return Result("by-code-tests", table=table)


def all_groups(heard: Heard, ci_level: float = 0.95) -> Result | None:
    """Show every code and every group as dots with Wilson's intervals, as far as counts may be shown."""
    counts = group_counts(heard.presence, heard.groups, ci_level)
    if counts.empty:
        return None
    if heard.policy.protects and not may_show_codes(counts, heard.policy):
        return Result("by-code", says=[NO_CODE_SHOWN])
    title = widest_gap_title(counts, heard.labels, heard.policy)
    alt = "Dots with intervals, share of each group that raises a code; the numbers stand in the table above."
    shown = counts.drop(columns=["n_missing", "method"])
    drawing = Drawing(
        shown,
        partial(draw_group_dots, labels=heard.labels),
        title=title,
        caption=f"Interviewees who raised each code, with Wilson's {level_name(ci_level)} intervals.",
        alt=alt if heard.policy.protects else partial(alt_group_dots, labels=heard.labels),
        height=1.3 + 0.26 * len(heard.presence.columns),
        narrow_height=1.3 + 0.5 * len(heard.presence.columns),
        rules={"counts": ["k", "n"], "base": None, "parts": heard.policy.protects},
    )
    return Result("by-code", drawing=drawing)


def if_passages_were_people(heard: Heard, alpha: float = 0.05) -> Result | None:
    """Warn of what counting passages would have said; None where it misleads on no code."""
    if not heard.comparable:
        return None
    counts = interviews.code_counts(heard.coded, list(heard.presence))
    naive = naive_segment_test(counts, interviews.segment_totals(heard.coded), heard.pair, alpha)
    if not naive["misleads"].any():
        return None
    return Result("naive", says=[naive_sentence(naive, heard.labels, heard.policy)], role="limit")

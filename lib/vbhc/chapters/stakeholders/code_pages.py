"""Codes in full: the tree, every count with its tests, single voices, what goes together."""

from functools import partial

import pandas as pd

from vbhc import interviews
from vbhc.chapters.stakeholders.code_counts import group_counts, presence_cells
from vbhc.chapters.stakeholders.figures.codes import draw_code_tree, draw_pairs, together_height
from vbhc.chapters.stakeholders.figures.groups import draw_presence
from vbhc.chapters.stakeholders.figures.shares import draw_shares, height_of
from vbhc.chapters.stakeholders.heard import Heard
from vbhc.chapters.stakeholders.protected import (
    NO_CODE_SHOWN,
    may_show_codes,
    pairs_shown,
    raised_sentence,
    tree_table,
)
from vbhc.chapters.stakeholders.sentences import (
    cooccurrence_sentence,
    naive_sentence,
    presence_title,
    widest_gap_title,
)
from vbhc.chapters.stakeholders.tree import code_tree, codes_under, tree_title
from vbhc.interviews.passages import cooccurrence
from vbhc.publish.alt_text import alt_text
from vbhc.publish.results import Drawing, Result, Table
from vbhc.statistics.presence import naive_segment_test
from vbhc.wording import level_name

TESTS = {"fisher_p": "Fisher", "mid_p": "Mid-p", "max_t_p": "Max-T"}


def ideas(heard: Heard) -> pd.DataFrame:
    """Return the tree of the compared codes with k of n interviewees at every node (`tree.code_tree`)."""
    return code_tree(heard.coded, heard.groups, list(heard.presence))


def tree_of_codes(heard: Heard, tree: pd.DataFrame) -> Result:
    """Show the code tree with k of n interviewees at every node; under a policy as a table."""
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
        alt="Interviewees who raise each code, or anything below it",
        height=1 + 0.19 * len(tree),
        narrow_height=1 + 0.36 * len(tree),
        rules={"counts": ["k", "n", *(f"k_{name}" for name in heard.sizes.index)], "keep": ["depth"]}
        | {"base": None, "parts": False},
    )
    return Result("tree", drawing=drawing)


def every_code(heard: Heard, codes: pd.DataFrame) -> Result | None:
    """Show for each code how many of each group raise it, the difference as shares, and three tests."""
    if codes.empty:
        return None
    first, second = heard.names
    name = "label" if heard.policy.protects else "code"  # the tree beside it names codes in full
    columns = [name, "k_first", "k_second", "estimate", "low", "high", *TESTS]
    table = Table(
        codes[columns],
        f"Who raised what: {first} (n = {codes['n_first'].iloc[0]}) and {second} "
        f"(n = {codes['n_second'].iloc[0]}) interviewees",
        labels=TESTS | {"label": "Code", "k_first": first, "k_second": second, "estimate": "Difference"},
        notes=[f"{level_name(heard.ci_level)} intervals: Newcombe's. Max-T allows for all codes."],
        rules={
            "counts": ["k_first", "k_second"],
            "parts": False,
            "decimals": dict.fromkeys(("estimate", "low", "high"), 2),
        },
    )
    return Result("by-code-table", table=table)


def all_groups(heard: Heard) -> Result | None:
    """Show every code and every group as dots, where there are more groups than the two of the table."""
    counts = group_counts(heard.presence, heard.groups, heard.ci_level)
    if counts.empty or (heard.comparable and len(heard.sizes) == 2):
        return None
    if heard.policy.protects and not may_show_codes(counts, heard.policy):
        return Result("by-code", says=[NO_CODE_SHOWN])
    named = counts.assign(label=counts["code"].map(heard.labels)).drop(columns=["n_missing", "method"])
    drawing = Drawing(
        named,
        partial(draw_shares, xlabel="Interviewees who raise it"),
        title=widest_gap_title(counts, heard.labels, heard.policy),
        caption=f"Interviewees who raised each code, with Wilson's {level_name(heard.ci_level)} intervals.",
        alt="Interviewees who raise each code, with intervals",
        rules={"counts": ["k", "n"], "base": None, "parts": heard.policy.protects},
        **height_of(named),
    )
    return Result("by-code", drawing=drawing)


def if_passages_were_people(heard: Heard) -> Result | None:
    """Warn of what counting passages would have said; None where it misleads on no code."""
    if not heard.comparable:
        return None
    counts = interviews.code_counts(heard.coded, list(heard.presence))
    naive = naive_segment_test(counts, interviews.segment_totals(heard.coded), heard.pair, heard.alpha)
    if not naive["misleads"].any():
        return None
    return Result("naive", says=[naive_sentence(naive, heard.labels, heard.policy)], role="limit")


def voices(heard: Heard) -> Result:
    """Show who raised which code, a column for each interviewee; no name, and no order of interviews."""
    n = len(heard.presence.columns)
    drawing = Drawing(
        presence_cells(heard.presence, heard.groups),
        partial(draw_presence, labels=heard.labels),
        title=presence_title,
        caption="A column is one interviewee, a filled cell a code that was raised; right: in how many.",
        alt=_voices_in_words,
        height=1.2 + 0.2 * n,
        narrow_height=1.2 + 0.3 * n,
        rules={"counts": (), "keep": ["position"], "single_people": True},
    )
    return Result("map", says=[raised_sentence(heard.presence, heard.groups, heard.policy)], drawing=drawing)


def _voices_in_words(cells: pd.DataFrame) -> str:
    sums = cells.groupby(["code", "group"], sort=False)["raised"].agg(k="sum", n="size").reset_index()
    return alt_text(sums, "Interviewees who raise each code, by group")


def pairs_of_ideas(heard: Heard, branches: str = "") -> pd.DataFrame:
    """Return how often two codes meet in a passage (`passages.cooccurrence`).

    `branches` of the code tree, separated by ";"; without any all codes.
    """
    return cooccurrence(heard.coded, codes_under(heard.coded, branches.split(";")))


def ideas_that_meet(heard: Heard, pairs: pd.DataFrame) -> Result:
    """Show which codes were given to the same passage by one coder, the closest pairs."""
    meet = cooccurrence_sentence(pairs, heard.labels, people=not heard.policy.protects)
    shown = pairs_shown(pairs, heard.policy)
    drawing = Drawing(
        shown,
        partial(draw_pairs, labels=heard.labels),
        title=meet.removesuffix("."),
        caption="The closest pairs, up to fifteen that share five passages or more; numbers: c-coefficient.",
        alt="Pairs of codes that meet in a passage",
        height=together_height(shown),
        narrow_height=together_height(shown, narrow=True),
        rules={
            "counts": ["k_both"],
            "base": "k_both",
            "not_people": ["n_a", "n_b", "n_both"],
            "parts": False,
        },
    )
    return Result("together", drawing=drawing)

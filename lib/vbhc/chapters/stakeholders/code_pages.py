"""Codes in full: their counts and tests, all groups, what counting passages would say, what goes together."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from vbhc import interviews
from vbhc.chapters.stakeholders.differences import NO_CODE_SHOWN, gap_title
from vbhc.chapters.stakeholders.heard import Heard, codes_under
from vbhc.chapters.stakeholders.layout import draw_shares, drawing, group_counts, height_of, table
from vbhc.chapters.stakeholders.sentences import say
from vbhc.interviews.derived import cooccurrence
from vbhc.publish.alt_text import alt_text
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.publish.figure_style import TOTAL, drawable, is_narrow, nothing_to_draw
from vbhc.publish.interval_figure import frame_rows, name_row
from vbhc.publish.results import Result, either
from vbhc.statistics.presence import naive_segment_test
from vbhc.wording import level_name, number, p_value

MOST = 15  # pairs that are drawn
OFTEN = 5  # passages that two codes share from which on their c-coefficient says something


def every_code(heard: Heard, codes: pd.DataFrame) -> Result | None:
    """Show for each code how many of each group raise it, the difference as shares, and three tests."""
    if codes.empty:
        return None
    first, second = heard.names
    words = {"first": first, "second": second, **codes[["n_first", "n_second"]].iloc[0]}
    words["level"] = level_name(heard.ci_level)
    numbers = ["k_first", "k_second", "estimate", "low", "high", "fisher_p", "mid_p", "max_t_p"]
    shown = codes[["code", "label", *numbers]]
    # An exact test names the counts that a policy rounds.
    rules: dict[str, Any] = {"behind": [[1]] * len(shown)} if heard.policy.rounds_to else {}
    rules["most"] = {"k_first": words["n_first"], "k_second": words["n_second"]}
    laid_out = table("by-code-table", shown, words, rules)
    return Result("by-code-table", says=[either("", say("all-above"))], table=laid_out)


def all_groups(heard: Heard) -> Result | None:
    """Show every code and every group as dots, where there are more groups than the two of the table."""
    counts = group_counts(heard.presence, heard.groups, heard.ci_level)
    if counts.empty or (heard.comparable and len(heard.sizes) == 2):
        return None
    if not may_show_codes(counts, heard.policy):
        return Result("by-code", says=[NO_CODE_SHOWN])
    named = counts.assign(label=counts["code"].map(heard.labels))
    words = {"level": level_name(heard.ci_level)}
    drawn = drawing("by-code-of-all", named, draw_shares, gap_title, words, **height_of(named))
    return Result("by-code", drawing=drawn)


def may_show_codes(counts: pd.DataFrame, policy: Policy) -> bool:
    """Whether any code's counts may be shown: of 11 people no count from 1 to 10 leaves enough others."""
    if policy.rounds_to:
        return True
    told = policy.tells(pd.concat([counts["k"], counts["n"] - counts["k"]], axis=1))
    return bool(told.groupby(counts["code"]).all().any())


def if_passages_were_people(heard: Heard) -> Result | None:
    """Warn of what counting passages would have said; None where it misleads on no code."""
    if not heard.comparable:
        return None
    counts = interviews.code_counts(heard.coded, list(heard.presence))
    naive = naive_segment_test(counts, interviews.segment_totals(heard.coded), heard.pair, heard.alpha)
    if not naive["misleads"].any():
        return None
    naive["label"] = naive["code"].map(heard.labels)
    return Result("naive", says=[naive_sentence(naive)], role="limit")


def naive_sentence(table: pd.DataFrame) -> str:
    """Return the warning where counting segments would have misled on at least one code.

    Under a policy that protects it does not say from how many people the segments of one code come.
    """
    wrong = table[table["misleads"]]
    many = f"{len(wrong)} of {len(table)} codes {'is' if len(wrong) == 1 else 'are'}"
    trap = say("naive-trap", which=either(many, "Some codes are"))
    row = wrong.sort_values(["most_from_one", "naive_p"], ascending=[False, True]).iloc[0]
    people, segments = (int(row[f"{x}_first"] + row[f"{x}_second"]) for x in ("k", "segments"))
    who = "one interviewee" if people == 1 else f"{people} interviewees"
    told = {"label": row["label"], "segments": segments, "who": who}
    told |= {"p": p_value(row["naive_p"]), "mid_p": p_value(row["mid_p"])}
    less = "Some interviewees fill many segments; from how many each code comes is not said here."
    return f"{trap} {either(say('naive-clearest', **told), less)}"


def pairs_of_ideas(heard: Heard, branches: str = "") -> pd.DataFrame:
    """Return how often two codes meet in a passage (`passages.cooccurrence`).

    `branches` of the code tree, separated by ";"; without any all codes.
    """
    return cooccurrence(heard.coded, codes_under(heard.coded, branches.split(";")))


def ideas_that_meet(heard: Heard, pairs: pd.DataFrame) -> Result:
    """Show which codes were given to the same passage by one coder, the closest pairs."""
    shown = pairs_shown(pairs, heard.policy)
    meet = cooccurrence_sentence(pairs, heard.labels, shown)
    draw = partial(draw_pairs, labels=heard.labels)
    fields: dict[str, Any] = {"rows": max(len(closest(shown)), 1), "alt": closest_in_words}
    return Result("together", drawing=drawing("together", shown, draw, meet.removesuffix("."), **fields))


def pairs_shown(pairs: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return the pairs of codes that may be drawn: of too few shared passages, or too few left, none is told.

    One passage comes from one interviewee, so that a small number of passages is a bound on people.
    """
    left = pairs[["n_a", "n_b"]].sub(pairs["n_both"], axis=0)
    told = policy.tells(left) & (pairs["n_both"] > (policy.hides_up_to or -1))
    return pairs[told].reset_index(drop=True)


def cooccurrence_sentence(table: pd.DataFrame, labels: Mapping[str, str], drawn: pd.DataFrame) -> str:
    """Return the pair that goes together most of those `drawn`, by its c-coefficient, and in how many people.

    Under a policy that protects its numbers stand in the drawing alone: as many passages can be people.
    """
    met = table[table["n_both"] > 0]
    if met.empty:
        return "No two codes were given to the same passage."
    top = pd.concat([closest(drawn), closest(table)]).iloc[0]
    how = either(say("meet-how", both=int(top["n_both"]), who=int(top["k_both"]), c=top["c"]))
    return say("meet", n=len(met), all=len(table), names=_names(top, labels), how=how)


def _names(row: Any, labels: Mapping[str, str]) -> str:
    return " and ".join(labels.get(code, code) for code in (row.code_a, row.code_b))


def closest(table: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs with the highest c-coefficients, the closest first.

    Pairs that share fewer than `OFTEN` passages come in only where no pair shares so many: of two rare codes
    c says little.
    """
    met = table[(table["n_both"] > 0) & table["c"].notna()]
    often = met[met["n_both"] >= OFTEN]
    order = (often if len(often) else met).sort_values(["c", "n_both"], ascending=False, kind="stable")
    return order.head(MOST)


def closest_in_words(table: pd.DataFrame) -> str:
    """Return the pairs that are drawn, each with its c-coefficient."""
    return alt_text(closest(table), "Closest pairs of codes, c-coefficient")


def draw_pairs(table: pd.DataFrame, ax: Axes, labels: Mapping[str, str]) -> Axes:
    """Draw the pairs of codes that go together most (`cooccurrence`) as bars of their c-coefficient."""
    known, narrow = drawable(table, "c", "n_a", "n_b", "n_both"), is_narrow(ax)
    joined = closest(known)
    if joined.empty and 0 < len(known) == len(table):
        return nothing_to_draw(ax, "No two codes were given to the same passage.")
    if joined.empty:
        return nothing_to_draw(ax)  # pairs that met may have been withheld
    ax.barh(range(len(joined)), joined["c"], height=0.25 if narrow else 0.5, color=TOTAL)
    for place, row in enumerate(joined.itertuples()):
        name_row(ax, place, _names(row, labels), f"{number(row.c)} ({row.n_both:.0f})", narrow, hot=False)
    frame_rows(ax, len(joined), "c-coefficient (0-1); in brackets: passages with both", narrow, share=False)
    return ax

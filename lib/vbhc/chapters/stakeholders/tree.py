"""The code tree with the number of interviewees at every branch and leaf."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vbhc.chapters.cleaning.scale_quality import together
from vbhc.chapters.stakeholders.heard import Heard, upwards
from vbhc.chapters.stakeholders.layout import drawing, table
from vbhc.interviews import presence
from vbhc.interviews.tables import Interviews
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.publish.figure_style import LINE, QUIET, TOTAL, drawable, is_narrow, listed, nothing_to_draw
from vbhc.publish.results import Result, either

INDENT = "\u2003"  # an em space: a drawing keeps it at the start of a line
NARROW = "Left out: codes of too few, or that narrow a withheld count down; categories that not all raise."
FEW = 3  # interviewees below which a node of the tree is drawn pale


def ideas(heard: Heard) -> pd.DataFrame:
    """Return the tree of the compared codes with k of n interviewees at every node (`code_tree`)."""
    return code_tree(heard.coded, heard.groups, list(heard.presence))


def code_tree(interviews: Interviews, groups: pd.Series, leaves: Sequence[str]) -> pd.DataFrame:
    """Return the code tree with k of n interviewees at every node.

    Parameters
    ----------
    groups : Series
        Group by interviewee; those without one count in `k` and `n` only.
    leaves : sequence of str
        Codes to show, with everything they stand under.

    Returns
    -------
    DataFrame
        One row per node, in the order of the code book: `depth` (0 at the trunk), `code, label, leaf` (bool),
        `k, n` and `k_<group>` for each group. A category counts who raises anything below it, so children
        add up to more than their parent.
    """
    book = interviews.codes
    parents = book.set_index("code")["parent"]
    lines = {code: upwards(code, parents) for code in leaves}
    shown = {node for line in lines.values() for node in line}
    given = presence(interviews, list(leaves))
    labels = groups.reindex(given.index)
    rows = []
    for node in book[book["code"].isin(shown)].itertuples():
        raised = given[[leaf for leaf, line in lines.items() if node.code in line]].any(axis=1)
        row = {"depth": len(upwards(node.code, parents)) - 1, "code": node.code, "label": node.label}
        row |= {"leaf": node.code in lines, "k": int(raised.sum()), "n": len(raised)}
        rows.append(row | {f"k_{name}": int(own.sum()) for name, own in raised.groupby(labels, sort=False)})
    return pd.DataFrame(rows)


def tree_of_codes(heard: Heard, tree: pd.DataFrame) -> Result:
    """Show the code tree with k of n interviewees at every node; under a policy as a table."""
    frame = tree_table(tree, heard.sizes, heard.policy).assign(n=len(heard.presence))
    told, words = frame[frame["k"].notna()], {"n": len(heard.presence)}
    laid_out = table("tree-table", told, words, notes=[NARROW] * (len(told) < len(frame)))
    counts = {"counts": ["k", "n", *(f"k_{name}" for name in heard.sizes.index)]}
    drawn = drawing("tree", tree, draw_code_tree, tree_title, {"few": FEW}, rules=counts, rows=len(tree))
    return Result("tree", drawing=either(drawn, None), table=either(None, laid_out))


def tree_title(table: pd.DataFrame) -> str:
    """Return the finding of the figure: how many codes, and the one that most interviewees raise."""
    leaves = table[table["leaf"]]
    if leaves.empty or not leaves["k"].max():
        return "No code is raised"
    top = leaves.loc[leaves["k"].idxmax()]
    most = f"{top['label']} ({int(top['k'])} of {int(top['n'])})"
    return f"Of {len(leaves)} codes most interviewees raise: {most}"


def tree_table(tree: pd.DataFrame, sizes: pd.Series | None = None, policy: Policy = OPEN) -> pd.DataFrame:
    """Return the code tree as a table: `branch` (the categories above), `code`, `k` interviewees.

    Parameters
    ----------
    tree : DataFrame
        From `code_tree`. A category stands first in its own branch, as "any of these".
    sizes : Series, optional
        Interviewees by group. With it and a policy, `k` of a code is missing where too few raise it, or where
        it would narrow the hidden count of a group: 19 of 26, of whom 14 are of the other group, are at least
        5 of this one. A row with a mark would say that it is not for the latter. So it is of a category that
        not everybody raises: a mark, or none, and the sum of its codes leave a few numbers.
    """
    rows = []
    line: list[str] = []
    for node in tree.itertuples():
        del line[int(node.depth) :]
        if not node.leaf:
            line.append(_named(node))
        branch = " > ".join(line) or "all codes"
        few = policy.hides(node.k) or _narrows(tree.loc[node.Index], sizes, policy)
        some = policy.protects and (node.k < node.n or policy.hides_zero)
        k = np.nan if (few if node.leaf else some) else int(node.k)
        rows.append((branch, _named(node) if node.leaf else "any of these", k))
    return together(pd.DataFrame(rows, columns=["branch", "code", "k"]), "branch")


def _narrows(node: pd.Series, sizes: pd.Series | None, policy: Policy) -> bool:
    """Whether the count of all leaves a hidden count of a group a narrower range than the policy does.

    Where counts are rounded each group has its own beside it: that a row is missing, too, would narrow it.
    """
    hidden = [] if sizes is None else [name for name in sizes.index if policy.hides(node[f"k_{name}"])]
    if policy.rounds_to and hidden:
        return True
    least = 0 if policy.hides_zero else 1
    for group in hidden:
        most = min(policy.hides_up_to, int(sizes[group]))
        lowest = max(least, int(node["k"]) - int(sizes.drop(group).sum()))
        if min(most, int(node["k"])) - lowest < most - least:
            return True
    return False


def draw_code_tree(table: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the code tree, indented, with a bar of k of n interviewees at every node.

    Parameters
    ----------
    table : DataFrame
        From `code_tree`; a node with a withheld `k` keeps its name and has no bar.
    """
    known = drawable(table, "k", "n")
    if known.empty:
        return nothing_to_draw(ax)
    at = pd.Series(np.arange(len(table)), index=table.index)
    for leaf, rows in known.groupby("leaf"):
        colour = np.where(rows["k"] < FEW, QUIET, TOTAL if leaf else LINE)
        ax.barh(at[rows.index], rows["k"], height=0.5 if leaf else 0.25, color=colour)
    top = float(known["n"].max())
    for row in known.itertuples():
        ax.annotate(f"{row.k:.0f}", (row.k + top / 100, at[row.Index]), va="center", fontsize=8.2)
    _name_nodes(ax, table)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlim(0, top * 1.1)
    ax.set_xlabel(f"Interviewees who raise it, of {top:.0f}")
    return ax


def _name_nodes(ax: Axes, table: pd.DataFrame) -> None:
    """Write the names of the nodes: beside their bars, above them on a phone."""
    names = [f"{INDENT * int(row.depth)}{_named(row)}" for row in table.itertuples()]
    weights = ["normal" if leaf else "bold" for leaf in table["leaf"]]
    if is_narrow(ax):
        for place, (name, weight) in enumerate(zip(names, weights, strict=True)):
            ax.text(0, place - 0.26, name, va="bottom", fontsize=8.2, weight=weight)
        ax.set_yticks([])
        ax.set_ylim(len(table) - 0.5, -0.9)
        return
    listed(ax, names, fontsize=8.2, ha="left")
    for label, weight in zip(ax.get_yticklabels(), weights, strict=True):
        label.set_fontweight(weight)
    ax.get_figure(root=True).draw_without_rendering()  # measures the names
    widest = max(label.get_window_extent().width for label in ax.get_yticklabels())
    ax.tick_params(axis="y", length=0, pad=widest * 72 / ax.figure.dpi + 4)


def _named(row) -> str:
    return str(row.label) if row.code == row.label else f"{row.code} {row.label}"

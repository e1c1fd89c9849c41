"""The code tree with the number of interviewees at every branch and leaf."""

from collections.abc import Hashable, Sequence

import pandas as pd

from vbhc.interviews import presence
from vbhc.interviews.tables import Interviews
from vbhc.problems import did_you_mean


def codes_under(interviews: Interviews, branches: Sequence[str] = ()) -> list[str]:
    """Return the codes that can be given, of the whole tree or of the branches named (code or label).

    Raises
    ------
    ValueError
        For a branch that the code book does not have ("did you mean").
    """
    book = interviews.codes
    codable = book[book["codable"].astype(bool)]
    wanted = [name.strip() for name in branches if name.strip()]
    if not wanted:
        return list(codable["code"])
    names = dict(zip(book["label"], book["code"], strict=True)) | {code: code for code in book["code"]}
    for name in wanted:
        if name not in names:
            raise ValueError(f"no code or category {name!r}; {did_you_mean(name, names)}")
    parents = book.set_index("code")["parent"]
    chosen = {names[name] for name in wanted}
    return [code for code in codable["code"] if chosen & set(_upwards(code, parents))]


def _upwards(code: str, parents: pd.Series) -> list[str]:
    """Return a code and all it stands under; a code book that goes in circles ends where it began."""
    line: list[str] = []
    while code and code in parents.index and code not in line:
        line.append(code)
        code = parents[code]
    return line


def code_tree(interviews: Interviews, groups: pd.Series, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the code tree with k of n interviewees at every node.

    Parameters
    ----------
    groups : Series
        Group by interviewee; those without one count in `k` and `n` only.
    codes : sequence of str, optional
        Leaves to show, with everything they stand under. Default: all codes.

    Returns
    -------
    DataFrame
        One row per node, in the order of the code book: `depth` (0 at the trunk), `code, label, leaf` (bool),
        `k, n` and `k_<group>` for each group. A category counts who raises anything below it, so children
        add up to more than their parent.
    """
    book = interviews.codes
    parents = book.set_index("code")["parent"]
    leaves = list(codes) if codes is not None else list(book.loc[book["codable"].astype(bool), "code"])
    lines = {code: _upwards(code, parents) for code in leaves}
    shown = {node for line in lines.values() for node in line}
    given = presence(interviews, leaves)
    labels = groups.reindex(given.index)
    names: list[Hashable] = list(dict.fromkeys(labels.dropna()))
    rows = []
    for node in book[book["code"].isin(shown)].itertuples():
        raised = given[[leaf for leaf, line in lines.items() if node.code in line]].any(axis=1)
        row = {"depth": len(_upwards(node.code, parents)) - 1, "code": node.code, "label": node.label}
        row |= {"leaf": node.code in lines, "k": int(raised.sum()), "n": len(raised)}
        rows.append(row | {f"k_{name}": int(raised[labels == name].sum()) for name in names})
    return pd.DataFrame(rows)


def tree_title(table: pd.DataFrame) -> str:
    """Return the finding of the figure: how many codes, and the one that most interviewees raise."""
    leaves = table[table["leaf"]]
    if leaves.empty or not leaves["k"].max():
        return "No code is raised"
    top = leaves.loc[leaves["k"].idxmax()]
    return (
        f"Of {len(leaves)} codes most interviewees raise: {top['label']} ({int(top['k'])} of {int(top['n'])})"
    )

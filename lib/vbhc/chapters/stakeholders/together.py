"""Which codes are given to the same passages, and which interviewees resemble each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.interviews.tables import Interviews
from vbhc.wording import number, percent

COOCCURRENCE_COLUMNS = ("code_a", "code_b", "n_a", "n_b", "n_both", "k_both", "c")
OFTEN = 5  # passages that two codes share from which on their c-coefficient says something
RARE = 3  # interviewees: a code that fewer raise would rule the map


def cooccurrence(interviews: Interviews, codes: Sequence[str]) -> pd.DataFrame:
    """Count how often two codes go together.

    Two codes meet in a passage where one coder gave both, so that a disagreement between coders is not taken
    for a link between codes.

    Returns
    -------
    DataFrame
        One row per unordered pair: `code_a, code_b`; `n_a, n_b` passages with each, `n_both` passages with
        both; `k_both`, interviewees in whom that happens; `c` = n_both / (n_a + n_b - n_both), the
        c-coefficient of ATLAS.ti, which is Jaccard's index (NaN for two unused codes).
    """
    speaker = interviews.segments.set_index("seg")["participant"]
    marks = dict(list(interviews.codings.groupby("code")))
    none = interviews.codings.iloc[:0]
    own = {code: marks.get(code, none) for code in codes}
    passages = {code: set(rows["seg"]) for code, rows in own.items()}
    hands = {code: set(zip(rows["seg"], rows["coder"], strict=True)) for code, rows in own.items()}
    rows = []
    for a, b in combinations(own, 2):
        n_a, n_b = len(passages[a]), len(passages[b])
        both = {seg for seg, _ in hands[a] & hands[b]}
        people, either = {speaker[seg] for seg in both}, n_a + n_b - len(both)
        c = len(both) / either if either else np.nan
        rows.append((a, b, n_a, n_b, len(both), len(people), c))
    return pd.DataFrame(rows, columns=list(COOCCURRENCE_COLUMNS))


def closest(table: pd.DataFrame, most: int = 15) -> pd.DataFrame:
    """Return the pairs with the highest c-coefficients, the closest first.

    Pairs that share fewer than `OFTEN` passages come in only where no pair shares so many: of two rare codes
    c says little.
    """
    met = table[(table["n_both"] > 0) & table["c"].notna()]
    often = met[met["n_both"] >= OFTEN]
    order = (often if len(often) else met).sort_values(["c", "n_both"], ascending=False, kind="stable")
    return order.head(most)


def cooccurrence_sentence(
    table: pd.DataFrame, labels: dict[str, str] | None = None, *, people: bool = True
) -> str:
    """Return the pair that goes together most, by its c-coefficient, and with `people` in how many."""
    met = table[table["n_both"] > 0]
    if met.empty:
        return "No two codes were given to the same passage."
    top = closest(table).iloc[0]
    first, second = ((labels or {}).get(top[side], top[side]) for side in ("code_a", "code_b"))
    who = f"{int(top['k_both'])} interviewees, " if people else ""
    return (
        f"{len(met)} of {len(table)} pairs of codes meet in a passage; closest are {first} and {second} "
        f"({int(top['n_both'])} shared passages, {who}c = {number(top['c'])})."
    )


class Correspondence(NamedTuple):
    """A correspondence analysis.

    inertia : `dimension, inertia, share, cumulative`.
    rows, columns : `name, mass, dim1, dim2, ...` principal coordinates.
    """

    inertia: pd.DataFrame
    rows: pd.DataFrame
    columns: pd.DataFrame


def correspondence(table: pd.DataFrame) -> Correspondence:
    """Return the correspondence analysis of a table of counts or of presence.

    Parameters
    ----------
    table : DataFrame
        Non-negative; rows x columns, such as interviewees x codes.

    Returns
    -------
    Correspondence
        In principal coordinates on both sides. The sign of a dimension is arbitrary; here the column with
        the largest coordinate is positive. Dimensions without inertia are left out.

    Raises
    ------
    ValueError
        For negative or missing cells, or a row or column of zeros (it has no profile; leave it out).

    References
    ----------
    Greenacre 2017, Correspondence Analysis in Practice, appendix A. Equal to `ca` of the R package ca.
    """
    values = table.to_numpy(dtype=float)
    if not values.size or np.isnan(values).any() or (values < 0).any():
        raise ValueError("correspondence analysis needs counts of 0 or more in every cell")
    for axis, names in ((1, table.index), (0, table.columns)):
        empty = [str(name) for name, total in zip(names, values.sum(axis=axis), strict=True) if total == 0]
        if empty:
            what = "row" if axis else "column"
            raise ValueError(f"{what}(s) of zeros have no profile; leave out {', '.join(empty[:5])}")
    share = values / values.sum()
    r, c = share.sum(axis=1), share.sum(axis=0)
    residual = (share - np.outer(r, c)) / np.sqrt(np.outer(r, c))
    u, s, vt = np.linalg.svd(residual, full_matrices=False)
    kept = s > 1e-10
    u, s, v = u[:, kept], s[kept], vt[kept].T
    sides = [u / np.sqrt(r)[:, None] * s, v / np.sqrt(c)[:, None] * s]
    turn = np.sign(sides[1][np.abs(sides[1]).argmax(axis=0), np.arange(len(s))]) if len(s) else s
    inertia = pd.DataFrame({"dimension": np.arange(1, len(s) + 1), "inertia": s**2})
    inertia["share"] = inertia["inertia"] / max((s**2).sum(), 1e-300)
    inertia["cumulative"] = inertia["share"].cumsum()
    rows, columns = _points(table.index, r, sides[0] * turn), _points(table.columns, c, sides[1] * turn)
    return Correspondence(inertia, rows, columns)


def _points(names: pd.Index, mass: np.ndarray, coordinates: np.ndarray) -> pd.DataFrame:
    dimensions = {f"dim{n}": values for n, values in enumerate(coordinates.T, start=1)}
    return pd.DataFrame({"name": [str(name) for name in names], "mass": mass, **dimensions})


def people_map(presence: pd.DataFrame, groups: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (points, inertia) of interviewees and codes on the first two dimensions.

    Codes that fewer than `RARE` interviewees raise are left out, and so are interviewees who then raise
    nothing or have no group. The points carry `kind` (interviewee or code), `name` (the group, or the code),
    `dim1, dim2` (0 where the table has one dimension only); no interviewee is named. Both are empty where no
    code is raised so often.
    """
    labels = groups.reindex(presence.index).dropna()
    used = presence.loc[labels.index].astype(bool)
    used = used.loc[:, used.sum() >= RARE]
    used = used[used.any(axis=1)]
    used = used.loc[:, used.any()]
    if used.empty:
        nothing = pd.DataFrame(columns=["dimension", "inertia", "share", "cumulative"], dtype=float)
        return pd.DataFrame(columns=["kind", "name", "dim1", "dim2"]), nothing
    result = correspondence(used)
    people = result.rows.assign(kind="interviewee", name=labels[used.index].astype(str).to_numpy())
    points = pd.concat([people, result.columns.assign(kind="code")], ignore_index=True)
    wide = points.reindex(columns=["kind", "name", "dim1", "dim2"])
    order = ["kind", "name", "dim1", "dim2"]
    return wide.fillna(0.0).sort_values(order, ignore_index=True), result.inertia


def people_map_title(inertia: pd.DataFrame) -> str:
    """Return how much of what sets the interviewees apart two dimensions show."""
    if inertia.empty or not inertia["inertia"].sum() > 0:
        return "Nothing sets the interviewees apart"
    shown = inertia["share"].iloc[:2].sum()
    return f"Two dimensions show {percent(shown)} of what sets the interviewees apart"

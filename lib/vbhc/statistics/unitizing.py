"""Do coders mark the same stretches of a text, with the same code? Counted by letters, not by borders.

Krippendorff, Mathet, Bouvry and Widlöcher 2016 (Qual Quant 50:2347-64) have four coefficients. Here are two:
alpha-binary, whether a letter is marked at all, and cu-alpha, which code it has where two coders marked it.
"""

from itertools import pairwise, permutations

import numpy as np
import pandas as pd

NONE = 0  # a letter that a coder left unmarked


def unitizing(marks: pd.DataFrame, lengths: pd.Series) -> pd.DataFrame:
    """Return alpha-binary and cu-alpha over texts that two or more coders marked.

    Parameters
    ----------
    marks : DataFrame
        `doc, coder, value, start, end`, a row per marked stretch. A letter with two codes of one coder has
        both as a value of its own; letters of one value that follow each other are one stretch.
    lengths : Series
        Letters of each text. Who marked nothing in a text is not known to have read it.

    Returns
    -------
    DataFrame
        `statistic` ("binary", "cu"), `estimate` (NaN where nothing can differ), `n` (letters, of all coders).

    Examples
    --------
    Of ten letters one coder marks four, another the first two of these. By hand: 4 of 20 letters that can be
    paired differ; by chance 2 x 6 x 14 of them, less what is paired inside one stretch (16 + 4, gaps 6 + 8).

    >>> rows = [("d", "A", "x", 0, 4), ("d", "B", "x", 0, 2)]
    >>> marks = pd.DataFrame(rows, columns=["doc", "coder", "value", "start", "end"])
    >>> found = unitizing(marks, pd.Series({"d": 10}))["estimate"]
    >>> round(1 - 4 * (400 - 34) / (20 * 2 * 6 * 14), 6), round(float(found[0]), 6)
    (0.564286, 0.564286)
    """
    known: dict[frozenset, int] = {frozenset(): NONE}
    pairs: dict[tuple[int, int], float] = {}
    inside = {"binary": 0.0, "cu": 0.0}
    for doc, own in marks.groupby("doc", sort=False):
        rows = [_letters(part, int(lengths[doc]), known) for _, part in own.groupby("coder")]
        if len(rows) < 2:
            continue
        inside["binary"] += sum((row == NONE).sum() + (_runs(row, row != NONE) ** 2).sum() for row in rows)
        for one, other in permutations(rows, 2):
            inside["cu"] += (_runs(one, other != NONE) ** 2).sum() / (len(rows) - 1)
            found, counts = np.unique(np.column_stack([one, other]), axis=0, return_counts=True)
            for (a, b), n in zip(found.tolist(), counts / (len(rows) - 1), strict=True):
                pairs[a, b] = pairs.get((a, b), 0.0) + n
    table = pd.DataFrame([(a, b, n) for (a, b), n in pairs.items()], columns=["a", "b", "n"])
    marked = table[["a", "b"]] != NONE
    coded = table[marked.all(axis=1)]
    both = {"binary": table.assign(a=marked["a"], b=marked["b"]), "cu": coded}
    rows_out = [(name, _alpha(own, inside[name]), own["n"].sum()) for name, own in both.items()]
    return pd.DataFrame(rows_out, columns=["statistic", "estimate", "n"])


def _letters(own: pd.DataFrame, length: int, known: dict[frozenset, int]) -> np.ndarray:
    """Return the value of every letter that one coder gave a text: a number for each set of codes."""
    row = np.zeros(length, dtype=np.int64)
    first, last, value = (own[name].to_numpy() for name in ("start", "end", "value"))
    borders = np.unique(np.concatenate([first, last])).tolist()
    for start, end in pairwise(borders):
        over = value[(first <= start) & (last >= end)]
        row[start:end] = known.setdefault(frozenset(over), len(known))
    return row


def _runs(row: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Return for each stretch of one value how many of its letters are counted; none for gaps."""
    first = np.flatnonzero(np.diff(row, prepend=row[:1] - 1))
    sums = np.add.reduceat(counted.astype(np.int64), first) if len(row) else np.zeros(0, dtype=np.int64)
    return sums[row[first] != NONE]


def _alpha(pairs: pd.DataFrame, inside: float) -> float:
    """Return alpha of paired letters; `inside` are the pairs that lie in one stretch of one coder."""
    total = pairs["n"].sum()
    chance = total**2 - (pairs.groupby("a")["n"].sum() ** 2).sum()
    differ = pairs.loc[pairs["a"] != pairs["b"], "n"].sum()
    return 1 - differ * (total**2 - inside) / (total * chance) if chance > 0 else float("nan")

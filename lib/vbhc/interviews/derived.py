"""Tables that follow from coded interviews: who raised what, how often, in which words, and what meets.

Codes meet in a passage: marked places are one passage although their borders differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from vbhc.interviews.tables import Interviews
from vbhc.problems import did_you_mean, fault

HALF = 0.5  # of the longer place: sharing so much, two marked places are one passage
COOCCURRENCE_COLUMNS = ("code_a", "code_b", "n_a", "n_b", "n_both", "k_both", "c")


def presence(interviews: Interviews, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """Return who raised which code: True where an interviewee has at least one segment with it.

    Parameters
    ----------
    interviews : Interviews
    codes : sequence of str, optional
        Codes or categories, in the order wanted. A category counts what lies under it. Default: every code
        that can be coded, in the order of the code book, used or not.

    Returns
    -------
    DataFrame of bool
        Rows: all interviewees, also those without any segment. Columns: codes. False means "not raised",
        which is not disagreement.
    """
    return code_counts(interviews, codes) > 0


def code_counts(interviews: Interviews, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the number of segments per interviewee and code (rows and columns as of `presence`).

    A segment counts once per code, however many coders gave it the code.
    """
    wanted = _wanted(interviews, codes)
    codings = interviews.codings
    speaker = interviews.segments.set_index("seg")["participant"]
    people = pd.Index(interviews.participants["participant"], name="participant")
    columns = {}
    for code in wanted:
        segments = codings.loc[codings["code"].isin(_below(interviews.codes, code)), "seg"].unique()
        columns[code] = speaker.reindex(segments).value_counts().reindex(people, fill_value=0)
    return pd.DataFrame(columns, index=people, columns=pd.Index(wanted, name="code")).astype("int64")


def _wanted(interviews: Interviews, codes: Sequence[str] | None) -> list[str]:
    known = interviews.codes
    if codes is None:
        return list(known.loc[known["codable"], "code"])
    for code in codes:
        if code not in set(known["code"]):
            raise fault("interviews", f"no code {code!r}", did_you_mean(code, known["code"]))
    return list(codes)


def _below(codes: pd.DataFrame, code: str) -> set[str]:
    """A code and everything under it."""
    found, front = {code}, {code}
    while front:
        front = set(codes.loc[codes["parent"].isin(front), "code"]) - found
        found |= front
    return found


def quotations(interviews: Interviews) -> pd.DataFrame:
    """Return one row per coding: the place, the speaker with all attributes, the code with its full path.

    Private: these are people's words. What may be published goes through `findings`.
    """
    table = interviews.codings.merge(interviews.segments.drop(columns="guid"), on="seg", how="left")
    table = table.merge(interviews.codes[["code", "label", "path", "theme"]], on="code", how="left")
    return table.merge(interviews.participants, on="participant", how="left", suffixes=("", " (interviewee)"))


def labels(interviews: Interviews) -> dict[str, str]:
    """Return a readable name for every code: "V1 value moves with ..."."""
    both = zip(interviews.codes["code"], interviews.codes["label"], strict=True)
    return {code: f"{code} {label}" if code != label else label for code, label in both}


def interview_order(interviews: Interviews) -> list[str]:
    """Return the interviewees in the order of their documents; those without a document come last."""
    people = interviews.participants["participant"]
    spoke_first = dict.fromkeys([*interviews.documents["participant"], *people])
    return [name for name in spoke_first if name in set(people)]


def segment_totals(interviews: Interviews) -> pd.Series:
    """Return the number of segments with at least one code, per interviewee."""
    coded = interviews.segments[interviews.segments["seg"].isin(interviews.codings["seg"])]
    people = pd.Index(interviews.participants["participant"], name="participant")
    return coded["participant"].value_counts().reindex(people, fill_value=0).rename("segments")


def passages(interviews: Interviews) -> pd.Series:
    """Return the passage of each marked place: places of a document that share half of the longer are one.

    Coders seldom begin and end at the same letter. A place without positions is a passage of its own.

    Returns
    -------
    Series
        By `seg`; a passage is called after its first place.
    """
    names = interviews.segments["seg"]
    one = pd.Series(names.to_numpy(), index=names, name="passage")
    for own, shared in _overlaps(interviews.segments):
        length = np.diag(shared)
        same = shared >= HALF * np.maximum.outer(length, length)
        _, label = connected_components(csr_array(same), directed=False)
        one[own["seg"]] = own["seg"].groupby(label).transform("first").to_numpy()
    return one


def _overlaps(segments: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """Yield the places of each document, and how many letters each two of them share."""
    placed = segments[segments["start"].notna() & (segments["end"] > segments["start"])]
    for _, own in placed.groupby("doc", sort=False):
        start, end = (own[name].to_numpy(dtype=np.int64) for name in ("start", "end"))
        shared = np.minimum.outer(end, end) - np.maximum.outer(start, start)
        yield own.reset_index(drop=True), np.clip(shared, 0, None)


def same_ends(interviews: Interviews) -> tuple[int, int]:
    """Return (passages with one beginning and one end, passages) of those that two or more coders marked."""
    table = interviews.codings.assign(passage=interviews.codings["seg"].map(passages(interviews)))
    found = table.groupby("passage").agg(coders=("coder", "nunique"), places=("seg", "nunique"))
    shared = found[found["coders"] > 1]
    return int((shared["places"] == 1).sum()), len(shared)


def cooccurrence(interviews: Interviews, codes: Sequence[str]) -> pd.DataFrame:
    """Count how often two codes go together.

    Two codes meet where one coder gave both to one passage, or to passages of which one holds half of the
    other, so that a disagreement between coders is not taken for a link between codes.

    Returns
    -------
    DataFrame
        One row per unordered pair: `code_a, code_b`; `n_a, n_b` passages with each, `n_both` passages in
        which they meet (each counts once, whatever lies in it); `k_both`, interviewees in whom that happens;
        `c` = n_both / (n_a + n_b - n_both), the c-coefficient of ATLAS.ti, which is Jaccard's index (NaN for
        two unused codes).
    """
    one = passages(interviews)
    speaker = dict(zip(one, interviews.segments["participant"], strict=True))
    codings = interviews.codings[interviews.codings["code"].isin(codes)]
    table = codings.assign(passage=codings["seg"].map(one))
    hands: dict[str, set[tuple[str, str]]] = {code: set() for code in codes}
    for row in table.itertuples():
        hands[row.code].add((row.passage, row.coder))
    near = _near(interviews.segments, one)
    around = {
        code: {(other, coder) for place, coder in own for other in near.get(place, (place,))}
        for code, own in hands.items()
    }
    n = {code: len({place for place, _ in own}) for code, own in hands.items()}
    rows = []
    for a, b in combinations(codes, 2):
        sides = (hands[a] & around[b], hands[b] & around[a])
        both = min(({place for place, _ in side} for side in sides), key=len)
        either = n[a] + n[b] - len(both)
        people = len({speaker[place] for place in both})
        rows.append((a, b, n[a], n[b], len(both), people, len(both) / either if either else np.nan))
    return pd.DataFrame(rows, columns=list(COOCCURRENCE_COLUMNS))


def who_meets(interviews: Interviews, codes: Sequence[str], others: Mapping[str, str]) -> pd.DataFrame:
    """Return in how many interviewees a code meets one of others in a passage, whoever coded it.

    Parameters
    ----------
    others : mapping
        Code to the column in which its interviewees are counted.

    Returns
    -------
    DataFrame
        By code, a column for each value of `others`.
    """
    one = passages(interviews)
    speaker = dict(zip(one, interviews.segments["participant"], strict=True))
    table = interviews.codings.assign(passage=interviews.codings["seg"].map(one))
    where = table.groupby("code")["passage"].agg(set)
    near = _near(interviews.segments, one)
    found = {column: dict.fromkeys(codes, 0) for column in dict.fromkeys(others.values())}
    for column, counts in found.items():
        marked = {p for code, own in others.items() if own == column for p in where.get(code, ())}
        around = {other for p in marked for other in near.get(p, (p,))}
        for code in codes:
            counts[code] = len({speaker[p] for p in where.get(code, ()) if p in around} - {""})
    return pd.DataFrame(found, index=list(codes))


def _near(segments: pd.DataFrame, one: pd.Series) -> dict[str, tuple[str, ...]]:
    """Return for each passage those of which it holds half, or that hold half of it, itself among them."""
    found: dict[str, dict[str, None]] = {}
    for own, shared in _overlaps(segments):
        length = np.diag(shared)
        rows, columns = np.nonzero(shared >= HALF * np.minimum.outer(length, length))
        names = one[own["seg"]].to_numpy()
        for a, b in zip(names[rows], names[columns], strict=True):
            found.setdefault(a, {})[b] = None
    return {name: tuple(others) for name, others in found.items()}

"""Tables that follow from coded interviews: who raised what, how often, and the words themselves."""

from collections.abc import Sequence

import pandas as pd

from vbhc.interviews.tables import Interviews
from vbhc.problems import did_you_mean, fault


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
    table = pd.DataFrame(columns, index=people, columns=pd.Index(wanted, name="code"))
    return table.astype("int64")


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

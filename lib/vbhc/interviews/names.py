"""One name for one thing: codes, people, attributes and coders under the spelling that a study declares."""

from collections.abc import Mapping

import pandas as pd

from vbhc.interviews.codebook import SEPARATOR
from vbhc.interviews.tables import Interviews
from vbhc.problems import did_you_mean, fault


def with_one_name(interviews: Interviews, canonical: Mapping[str, str]) -> Interviews:
    """Return the interviews with every name of `canonical` replaced by the one it stands for.

    Parameters
    ----------
    canonical : mapping
        Spelling in the file to the name it stands for: a code (its name, label or path), an interviewee, a
        value of one of their attributes, a coder. What then is the same becomes one: passages with both codes
        have the code once, interviewees are joined.

    Raises
    ------
    StudyError
        For a spelling that stands nowhere.
    """
    people, codes = interviews.participants, interviews.codes
    texts = people.select_dtypes(exclude="number")
    known = {*codes["code"], *codes["label"], *codes["path"], *interviews.codings["coder"]}
    known |= {str(value) for column in texts for value in texts[column].dropna()}
    for name in canonical:
        if name not in known:
            near = did_you_mean(name, sorted(known))
            raise fault("study.yml", f"no name {name!r}", near, "interviews.canonical")
    found = _codes(interviews, canonical)
    persons = people.assign(**{column: texts[column].replace(canonical) for column in texts})
    persons = persons.groupby("participant", sort=False, as_index=False).first()
    coders = found.codings.assign(coder=found.codings["coder"].replace(canonical))
    renamed = {
        name: getattr(found, name).assign(participant=getattr(found, name)["participant"].replace(canonical))
        for name in ("documents", "segments")
    }
    once = coders.drop_duplicates(["seg", "code", "coder"], ignore_index=True)
    return found._replace(participants=persons, codings=once, **renamed)


def _codes(interviews: Interviews, canonical: Mapping[str, str]) -> Interviews:
    """Join codes: the first that has the wanted name is kept, else the first that is to get it."""
    book = interviews.codes.copy()
    wanted = (
        book["code"].map(canonical).fillna(book["label"].map(canonical)).fillna(book["path"].map(canonical))
    )
    kept: dict[str, str] = {}
    for row, name in zip(book.itertuples(), wanted, strict=True):
        if pd.notna(name):
            same = book.loc[(book[["code", "label", "path"]] == name).any(axis=1), "code"]
            kept[row.code] = next(iter(same), "") or kept.get(f"\0{name}", row.code)
            kept.setdefault(f"\0{name}", kept[row.code])
    for row in book[book["code"].isin(kept)].itertuples():
        if kept[row.code] == row.code:  # no code has the wanted name yet: this one takes it
            name = wanted[row.Index]
            path = SEPARATOR.join([*row.path.split(SEPARATOR)[:-1], name])
            book.loc[row.Index, ["label", "path"]] = [name, path]
    joined = {code: to for code, to in kept.items() if code != to and not code.startswith("\0")}
    book = book[~book["code"].isin(joined)].assign(parent=lambda table: table["parent"].replace(joined))
    codings = interviews.codings.assign(code=interviews.codings["code"].replace(joined))
    return interviews._replace(codes=book.reset_index(drop=True), codings=codings)

"""What interviewees said, in their own words: the gate that a quotation passes before it is published.

A study lists the quotations it wants to show in `data/<study>/quotations.yml`, each by the SHA-256 of its
text, so that a passage that was changed or cut anew no longer passes. Who did not agree to be quoted is not.
Names, places, dates, addresses and words that few interviewees share stop the publication until they are
replaced in [brackets]. Attributes are shown only where at least `k` interviewees share them, and every
quotation gets an id of its own, so that two of one person cannot be joined.

References: UK Data Service, Anonymising qualitative data; Saunders, Kitzinger and Kitzinger 2015, Qual Res
15:616-32 (10.1177/1468794114550439).
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import pandas as pd

from vbhc.cleaning.coded_interviews import YES
from vbhc.interviews.tables import Interviews
from vbhc.problems import Problem, did_you_mean, refuse
from vbhc.publish.quotations.listed import Entry, read_list
from vbhc.publish.quotations.scan import Suspect, scan, vocabulary
from vbhc.study import Study

K = 5  # interviewees who must share what is said of the speaker
LONG = 8  # letters from which a word of an attribute may point at somebody


def coarsened(study: Study, coded: Interviews, k: int = K) -> pd.DataFrame:
    """Return what may be said of a speaker: attributes whose every combination at least `k` people share.

    The group comes first, then the attributes in the order of study.yml; levels that fewer than `k` share are
    joined as "other". A column that would make a smaller cell is left out for everybody: hiding it only for
    the few would point at them.
    """
    plan = study.config.interviews
    people = coded.participants.set_index("participant")
    wanted = [name for name in dict.fromkeys((plan.group, *plan.attributes)) if name and name in people]
    kept: list[pd.Series] = []
    for name in wanted:
        column = people[name].astype("object").where(people[name].notna(), "not stated").astype(str)
        joined = column.where(column.map(column.value_counts()) >= k, "other")
        cells = pd.concat([*kept, joined], axis=1).value_counts()
        if joined.nunique() > 1 and cells.min() >= k:
            kept.append(joined)
    return pd.concat(kept, axis=1) if kept else pd.DataFrame(index=people.index)


def words_few_share(study: Study, coded: Interviews) -> tuple[str, ...]:
    """Return names of interviewees and documents, and values of attributes that fewer than `K` share.

    Of the attributes that study.yml declares; long words of such a value count too ("rheumatology" of "D1
    rheumatology").
    """
    plan, people = study.config.interviews, coded.participants
    words = {*people["participant"], *coded.documents["doc"]}
    for name in (c for c in (plan.group, *plan.attributes) if c in people):
        sizes = people[name].dropna().astype(str).value_counts()
        for value in sizes.index[sizes < K]:
            words |= {value, *(word for word in value.split() if len(word) >= LONG)}
    return tuple(sorted(word for word in words if len(word) > 2 and not word.isdigit()))


def agreed_to_be_quoted(study: Study, coded: Interviews) -> tuple[set[str], Problem | None]:
    """Return who agreed to be quoted, and a problem where the study does not say it."""
    plan = study.config.interviews
    people = coded.participants
    if plan is None or not plan.consent or plan.consent not in people:
        found = "no column says who agreed to be quoted"
        return set(), Problem(study.shown("study.yml"), found, "name it", "interviews.consent")
    yes = people[plan.consent].astype(str).str.strip().str.lower().isin(YES)
    return set(people.loc[yes, "participant"]), None


COLUMNS = ("id", "theme", "code", "said")


def text_hash(text: str) -> str:
    """Return the SHA-256 of a passage, white space evened out, so that a line break is no change."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def published(study: Study, coded: Interviews, k: int = K) -> pd.DataFrame:
    """Return the quotations that may be published.

    Parameters
    ----------
    study : Study
        `interviews.consent` of its study.yml names the column of interviewees who may be quoted.
    coded : Interviews
    k : int
        Attributes are shown only if every combination of them is shared by at least `k` interviewees.

    Returns
    -------
    DataFrame
        `id` (Q01 ..., in no order of interviews), `theme, code, said`, and the attributes that may be shown.
        Empty if the study lists no quotations.

    Raises
    ------
    StudyError
        Naming every quotation that may not be shown, where it stands and why.
    """
    entries = read_list(study).plan.quotations
    refuse(check(study, coded))
    groups = coarsened(study, coded, k)
    agreed, _ = agreed_to_be_quoted(study, coded)
    rows = [_row(entry, _place(coded, entry, agreed), coded, groups) for entry in entries]
    columns = [*COLUMNS[1:], *groups.columns]
    table = pd.DataFrame(rows, columns=[*columns, "rank"]).sort_values("rank", ignore_index=True)
    ids = table["said"].map(lambda text: text_hash(f"{study.name} {text}")).rank().astype(int)
    table.insert(0, "id", [f"Q{n:02d}" for n in ids])
    return table[["id", *columns]]


def check(study: Study, coded: Interviews) -> list[Problem]:
    """Return why quotations may not be published, one problem for each reason; empty if all may.

    Whatever is wrong (no consent, a name, a text that no longer stands in the interviews), the file, the line
    and the passage are named.
    """
    listing = read_list(study)
    plan, problems = listing.plan, []
    agreed, missing = agreed_to_be_quoted(study, coded)
    if plan.quotations and missing:
        return [missing]
    few, words = words_few_share(study, coded), vocabulary(coded.documents["text"])
    for number, entry in enumerate(plan.quotations):
        place = _place(coded, entry, agreed)
        if place is None:
            found = f"no passage has the text with SHA-256 {entry.sha256[:12]}..."
            fix = "it was changed or cut anew; read it again and list it anew"
            problems.append(listing.problem(number, found, fix))
            continue
        suspects = scan(entry.shown or place["text"], plan.names, plan.places, plan.may_stay, few, words)
        where = f" ({place['doc']}, characters {place['start']} to {place['end']})"
        codes = _codes_of(coded, place["seg"])
        for found, fix in _faults(entry, place["participant"] in agreed, codes, suspects):
            problems.append(listing.problem(number, found + where, fix))
    return problems


def _faults(
    entry: Entry, agreed: bool, codes: list[str], suspects: list[Suspect]
) -> Iterator[tuple[str, str]]:
    """Yield why a passage may not be shown, and what would help."""
    if not agreed:
        yield "the speaker did not agree to be quoted", "leave it out, or say it in your own words"
    if entry.code and entry.code not in codes:
        yield f"the passage does not carry the code {entry.code!r}", did_you_mean(entry.code, codes)
    for suspect in suspects:
        fix = "replace it in [brackets] under `shown:`, or list it under `may_stay` if it names nobody"
        yield f"{suspect.kind} {suspect.text!r}", fix


def quotations_sentence(table: pd.DataFrame, coded: Interviews, study: Study) -> str:
    """Return how many quotations are shown, what is said of the speakers, and who is not quoted."""
    if table.empty:
        return "No quotation is shown: the study lists none in quotations.yml."
    agreed, _ = agreed_to_be_quoted(study, coded)
    people = len(coded.participants)
    shown = [c.replace("_", " ") for c in table.columns if c not in COLUMNS]
    given = f"only {' and '.join(shown)}" if shown else "nothing"
    agree = f"{len(agreed)} of {people} interviewees agreed to be quoted; the others are counted, not heard"
    codes = table["code"].nunique()
    return f"{len(table)} quotations on {codes} codes are shown; of their speakers {given} is told. {agree}."


def _place(coded: Interviews, entry: Entry, agreed: set[str]) -> dict[str, Any] | None:
    """Return the passage with this text: of several one with the entry's code, and one that may be quoted."""
    found = coded.segments[coded.segments["text"].map(text_hash) == entry.sha256]
    if found.empty:
        return None
    coded_so = found["seg"].isin(coded.codings.loc[coded.codings["code"] == entry.code, "seg"])
    order = pd.DataFrame({"code": ~coded_so, "agreed": ~found["participant"].isin(agreed)})
    return found.loc[order.sort_values(["code", "agreed"], kind="stable").index[0]].to_dict()


def _codes_of(coded: Interviews, seg: str) -> list[str]:
    return list(dict.fromkeys(coded.codings.loc[coded.codings["seg"] == seg, "code"]))


def _row(entry: Entry, place: dict, coded: Interviews, groups: pd.DataFrame) -> dict[str, Any]:
    book = coded.codes.reset_index(drop=True)
    own = _codes_of(coded, place["seg"])
    code = entry.code or next(c for c in book["code"] if c in own)
    line = book[book["code"] == code].iloc[0]
    labels = book.set_index("code")["label"]
    return {
        "theme": labels.get(line["parent"], line["theme"]),
        "code": code if code == line["label"] else f"{code} {line['label']}",
        "said": entry.shown or place["text"],
        "rank": (line.name, entry.sha256),
        **{name: groups.at[place["participant"], name] for name in groups},
    }

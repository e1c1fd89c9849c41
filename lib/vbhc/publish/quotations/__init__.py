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
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from vbhc.interviews.tables import Interviews
from vbhc.problems import Problem, StudyError, did_you_mean
from vbhc.publish.quotations.listed import Entry, QuotationList, read_list
from vbhc.publish.quotations.scan import Suspect, scan, vocabulary
from vbhc.publish.quotations.speakers import K, agreed_to_be_quoted, coarsened, words_few_share
from vbhc.study import Study

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
    plan = read_list(study)
    problems = check(study, coded, plan)
    if problems:
        raise StudyError(problems)
    groups = coarsened(study, coded, k)
    agreed, _ = agreed_to_be_quoted(study, coded)
    rows = [_row(entry, _place(coded, entry, agreed), coded, groups) for entry in plan.entries]
    columns = [*COLUMNS[1:], *groups.columns]
    table = pd.DataFrame(rows, columns=[*columns, "rank"])
    table = table.sort_values("rank", ignore_index=True)
    ids = table["said"].map(lambda text: text_hash(f"{study.name} {text}")).rank().astype(int)
    table.insert(0, "id", [f"Q{n:02d}" for n in ids])
    return table[["id", *columns]]


def check(study: Study, coded: Interviews, plan: QuotationList | None = None) -> list[Problem]:
    """Return why quotations may not be published, one problem for each reason; empty if all may.

    Whatever is wrong (no consent, a name, a text that no longer stands in the interviews), the file, the line
    and the passage are named.
    """
    plan = plan or read_list(study)
    agreed, missing = agreed_to_be_quoted(study, coded)
    if plan.entries and missing:
        return [missing]
    suspects, problems = _scanner(study, coded, plan), []
    for entry in plan.entries:
        place = _place(coded, entry, agreed)
        if place is None:
            found = f"no passage has the text with SHA-256 {entry.sha256[:12]}..."
            fix = "it was changed or cut anew; read it again and list it anew"
            problems.append(_problem(plan, entry, found, fix))
            continue
        where = f"{place['doc']}, characters {place['start']} to {place['end']}"
        if place["participant"] not in agreed:
            found = f"the speaker did not agree to be quoted ({where})"
            problems.append(_problem(plan, entry, found, "leave it out, or say it in your own words"))
        own = _codes_of(coded, place["seg"])
        if entry.code and entry.code not in own:
            found = f"the passage does not carry the code {entry.code!r} ({where})"
            problems.append(_problem(plan, entry, found, did_you_mean(entry.code, own)))
        for suspect in suspects(entry.shown or place["text"]):
            found = f"{suspect.kind} {suspect.text!r} ({where})"
            fix = "replace it in [brackets] under `shown:`, or list it under `may_stay` if it names nobody"
            problems.append(_problem(plan, entry, found, fix))
    return problems


def candidates(study: Study, coded: Interviews, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """Return every passage that could be listed, with its hash and what speaks against it. Private.

    Returns
    -------
    DataFrame
        `code, doc, start, text, sha256, consent` (bool), `suspects` (what the scan found, "" if nothing).
    """
    plan = read_list(study)
    agreed, _ = agreed_to_be_quoted(study, coded)
    suspects = _scanner(study, coded, plan)
    marks = coded.codings[["seg", "code"]].drop_duplicates()
    if codes is not None:
        marks = marks[marks["code"].isin(codes)]
    table = marks.merge(coded.segments, on="seg")
    found = {
        text: "; ".join(f"{suspect.kind} {suspect.text!r}" for suspect in suspects(text))
        for text in table["text"].unique()
    }
    table = table.assign(
        sha256=table["text"].map(text_hash),
        consent=table["participant"].isin(agreed),
        suspects=table["text"].map(found),
    )
    order = {code: n for n, code in enumerate(coded.codes["code"])}
    table = table.sort_values("code", key=lambda c: c.map(order), kind="stable", ignore_index=True)
    return table[["code", "doc", "start", "text", "sha256", "consent", "suspects"]]


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


def _scanner(study: Study, coded: Interviews, plan: QuotationList) -> Callable[[str], list[Suspect]]:
    """Return the scan of a text with all that this study says of names, places and its interviewees."""
    few, words = words_few_share(study, coded), vocabulary(coded.documents["text"])
    return lambda text: scan(text, plan.names, plan.places, plan.may_stay, few, words)


def _problem(plan: QuotationList, entry: Entry, found: str, fix: str) -> Problem:
    return Problem(plan.shown, found, fix, f"quotation {entry.number}", entry.row)


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
    row = {"theme": labels.get(line["parent"], line["theme"]), "code": f"{code} {line['label']}"}
    row["code"] = line["label"] if code == line["label"] else row["code"]
    row |= {"said": entry.shown or place["text"], "rank": (line.name, entry.sha256)}
    return row | {name: groups.at[place["participant"], name] for name in groups}

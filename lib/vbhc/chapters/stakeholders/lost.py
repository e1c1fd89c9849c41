"""What was set aside, guessed or left unmatched before anybody could be compared: said where it is read."""

from __future__ import annotations

import pandas as pd

from vbhc import cleaning
from vbhc.chapters.stakeholders.heard import Heard
from vbhc.interviews import report_without_names
from vbhc.publish.disclosure.policies import Policy, get_policy
from vbhc.publish.results import Result, Table
from vbhc.study import Study
from vbhc.wording import listing

FILE_ITSELF = ("project", "tool", "cases")  # cases are the interviewees, under the name of the tool
STATUS = {"guessed": "Guessed", "dropped": "Left out", "warning": "To look at"}


def what_was_lost(study: Study, heard: Heard | None, answers: pd.DataFrame | None) -> Result | None:
    """Say which rows, people and marks are not in the comparisons, and what the reader of files guessed.

    None where nothing was set aside, guessed or left without a group: that nothing was found is no promise.
    """
    policy = get_policy(study.config.disclosure)
    says, counts = [], []
    if answers is not None:
        for text, own in (_rows(study, policy), _without_group(answers[study.config.survey.group], policy)):
            says.append(text)
            counts += own
    if heard is not None:
        text, own = _without_group(heard.groups, policy, "interviewee")
        says += [text, _guessed(heard)]
        counts += own
    says = [text for text in says if text]
    return Result("heard-lost", says=says, role="limit", counts=counts) if says else None


def _rows(study: Study, policy: Policy) -> tuple[str, list]:
    """Return how many rows of the survey were set aside, and why; under a policy without the reasons."""
    flow = cleaning.load_flow(study)
    own = flow[flow["source"] == study.config.survey.source]
    gone = own[own["step"] == "excluded"]
    n, read = int(gone["n"].sum()), int(own.loc[own["step"] == "assessed", "n"].sum())
    if not n:
        return "", []
    if policy.protects:
        if policy.hides(n):
            return "Some rows of the survey were set aside; how many is withheld.", []
        return f"Set aside: {n} of {read} rows of the survey.", [(n, read)]
    reasons = [f"{row.n} {row.detail.partition(': ')[2]}" for row in gone.itertuples()]
    return f"Set aside: {n} of {read} rows of the survey ({listing(reasons)}).", [(n, read)]


def _without_group(groups: pd.Series, policy: Policy, who: str = "respondent") -> tuple[str, list]:
    n, whole = int(groups.isna().sum()), len(groups)
    if not n:
        return "", []
    if policy.hides(n):
        return f"Too few {who}s to be told of have no group and are left out.", []
    verb = "has" if n == 1 else "have"
    return f"{n} of {whole} {who}s {verb} no group and {'is' if n == 1 else 'are'} left out.", [(n, whole)]


def _guessed(heard: Heard) -> str:
    """Return what the import guessed, left out or warns of, without how many."""
    report = report_without_names(heard.coded)
    report = report[report["n"] > 0]
    parts = []
    for status, word in STATUS.items():
        items = list(dict.fromkeys(report.loc[report["status"] == status, "item"]))
        if items:
            parts.append(f"{word} in the coding file: {listing(items)}.")
    return " ".join(parts)


def what_was_read(heard: Heard) -> Result:
    """Say what the import of the coding project read; show line by line what it guessed and left out."""
    report = report_without_names(heard.coded).rename(columns={"n": "things"})
    read = report[(report["status"] == "read") & (report["things"] > 0)]
    tool = "".join(f" from {detail}" for detail in read.loc[read["item"] == "tool", "detail"])
    parts = [f"{row.things} {row.item}" for row in read.itertuples() if row.item not in FILE_ITSELF]
    says = [f"Read{tool}: {listing(parts)}."] if parts else []
    shown = report[report["status"] != "read"]
    table = Table(shown, "What the import guessed and left out", rules={"keep": ["things"]})
    return Result("import", says=says, table=table if len(shown) else None)

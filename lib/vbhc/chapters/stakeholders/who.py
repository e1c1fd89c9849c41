"""Who was asked and who spoke, group by group; what was set aside, guessed or lost on the way."""

import pandas as pd

from vbhc import cleaning, interviews
from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.heard import Heard, people
from vbhc.chapters.stakeholders.pair import pair_sentence
from vbhc.cleaning.questions.interviewed import near_codes
from vbhc.interviews import report_without_names
from vbhc.interviews.cases import SHARED
from vbhc.interviews.participants import SILENT
from vbhc.interviews.tables import LOST
from vbhc.publish.disclosure.policies import Policy, get_policy
from vbhc.publish.results import Result, Table
from vbhc.study import Study
from vbhc.wording import listing

FILE_ITSELF = ("project", "tool", "cases")  # cases are the interviewees, under the name of the tool
STATUS = {"guessed": "Guessed", "dropped": "Left out", "warning": "To look at"}
SAID_APART = (SHARED, SILENT, *LOST)


def who_was_heard(study: Study, heard: Heard | None, asked: Asked | None) -> Result:
    """Say who answered the survey, who was interviewed, and which groups are compared."""
    policy = get_policy(study.config.disclosure)
    says: list[str] = []
    counts: list = []
    if asked is not None:
        text, own = _asked(asked)
        says.append(text)
        counts += own
    if heard is not None:
        sizes = [int(n) for n in heard.sizes]
        why = pair_sentence(heard.groups, policy)
        says.append(f"Interviews: {why[:1].lower()}{why[1:]}")
        counts += [] if any(map(policy.hides, sizes)) else [(n, sum(sizes)) for n in sizes]
    return Result("heard", says=says, counts=counts)


def _asked(asked: Asked) -> tuple[str, list[int]]:
    """Return who answered the survey, and the counts in the text; under a policy without their sum."""
    sizes, policy = asked.sizes, asked.policy
    if sizes.empty:
        return "Nobody who answered the survey names a group.", []
    told = {str(name): int(n) for name, n in sizes.items() if not policy.hides(n)}
    parts = [_of_group(n, name) for name, n in told.items()]
    if len(told) < len(sizes):
        parts.append("too few of other groups to be told of")
    counts = list(told.values())
    if policy.protects:
        return f"A survey: {listing(parts)}.", counts
    return f"A survey of {sum(counts)}: {listing(parts)}.", [*counts, sum(counts)]


def _of_group(n: int, name: str) -> str:
    return f"{n} {people(name, n)}"


def what_was_lost(study: Study, heard: Heard | None, asked: Asked | None) -> Result | None:
    """Say which rows, people and marks are not in the comparisons, and what the reader of files guessed.

    None where nothing was set aside, guessed or left without a group: that nothing was found is no promise.
    """
    policy = get_policy(study.config.disclosure)
    found: list[tuple[str, list]] = []
    if asked is not None:
        groups = asked.answers[study.config.survey.group]
        found += [_rows(study, policy), _without_group(groups, policy)]
    if heard is not None:
        found += [
            (_lost(heard), []),
            _not_interviewed(heard),
            _without_code(heard),
            _without_group(heard.groups, policy, "interviewee"),
            (_guessed(heard), []),
        ]
    says = [text for text, _ in found if text]
    counts = [count for text, own in found if text for count in own]
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


def _lost(heard: Heard) -> str:
    """Return what the coding file names and does not hold, group interviews, and names that may be one."""
    lost, parts = interviews.lost_codings(heard.coded), []
    if lost:
        parts.append(f"Lost in the coding file, so that counts are too low: {listing(lost)}.")
    shared = int((heard.coded.report["item"] == SHARED).sum())
    if shared:
        many = "A group interview counts" if shared == 1 else f"{shared} group interviews count"
        parts.append(f"{many} for nobody, because the file does not say who speaks.")
    near = [f"“{one}” and “{other}”" for one, other in near_codes(heard.coded)]
    if near:
        parts.append(f"Counted as different codes, and perhaps one: {listing(near[:3])}.")
    return " ".join(parts)


def _not_interviewed(heard: Heard) -> tuple[str, list]:
    """Return who stands in the table of interviewees and was not interviewed, by group."""
    sizes = heard.absent.fillna("").value_counts(sort=False)
    if sizes.empty:
        return "", []
    lead = "Left out, because the file holds no interview of them"
    if sizes.map(heard.policy.hides).any():
        return f"{lead}: some of those listed.", []
    parts = [_of_group(int(n), str(name)) if name else f"{n} of no group" for name, n in sizes.items()]
    return f"{lead}: {listing(parts)}.", [int(n) for n in sizes]


def _without_code(heard: Heard) -> tuple[str, list]:
    """Return how many interviews of each group hold no code at all: read, or not coded yet?"""
    coded = heard.coded.segments[heard.coded.segments["seg"].isin(heard.coded.codings["seg"])]
    silent = heard.groups[~heard.groups.index.isin(coded["participant"])].dropna()
    sizes = silent.value_counts(sort=False)
    if sizes.empty:
        return "", []
    if sizes.map(heard.policy.hides).any():
        return "Some interviews hold no code; they count as raising nothing.", []
    parts = [f"{n} of {heard.sizes[name]} {people(str(name))}" for name, n in sizes.items()]
    text = f"Interviewed without any code, and counted as raising nothing: {listing(parts)}."
    return text, [(int(n), int(heard.sizes[name])) for name, n in sizes.items()]


def _guessed(heard: Heard) -> str:
    """Return what the import guessed, left out or warns of, without how many."""
    report = report_without_names(heard.coded)
    report = report[(report["n"] > 0) & ~report["item"].isin(SAID_APART)]
    parts = []
    for status, word in STATUS.items():
        items = list(dict.fromkeys(report.loc[report["status"] == status, "item"]))
        if items:
            parts.append(f"{word} in the coding file: {listing(items)}.")
    return " ".join(parts)


def interviewees(heard: Heard) -> Result:
    """Say how many interviewees each group has, and in how many any compared code was found."""
    raised = heard.presence.any(axis=1)
    says = [pair_sentence(heard.groups, heard.policy)]
    if heard.policy.protects:
        frame = heard.sizes.rename_axis("group").reset_index(name="n")
        table = Table(frame, "Interviewees by group", labels={"n": "Interviewees"})
        return Result("interviewees", says=says, table=table)
    coded = f"A code was found in {int(raised.sum())} of {len(raised)}."
    return Result("interviewees", says=[*says, coded])


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

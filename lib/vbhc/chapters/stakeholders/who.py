"""Who was asked and who spoke, group by group; what was set aside or lost on the way."""

from collections.abc import Sized
from math import inf

import pandas as pd

from vbhc import cleaning, interviews
from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.heard import Heard, people
from vbhc.chapters.stakeholders.layout import table
from vbhc.cleaning.questions.names import near_codes
from vbhc.interviews import report_without_names
from vbhc.interviews.cases import SHARED
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.results import Result, either
from vbhc.study import Study
from vbhc.wording import listing, noun

FILE_ITSELF = ("project", "tool", "cases")  # cases are the interviewees, under the name of the tool


def who_was_heard(study: Study, heard: Heard | None, asked: Asked | None) -> Result:
    """Say who answered the survey, who was interviewed, and which groups are compared."""
    text, counts = ("", []) if asked is None else _asked(asked)
    says = [text]
    if heard is not None:
        why, whole = heard.which, int(heard.sizes.sum())
        says.append(f"Interviews: {why[:1].lower()}{why[1:]}")
        counts += [(int(n), whole) for n in heard.sizes] if heard.policy.tells(heard.sizes).all() else []
    return Result("heard", says=says, counts=counts)


def who_answered(asked: Asked) -> Result:
    """Say who answered, by group, and what they were asked."""
    survey, (said, counts) = asked.study.config.survey, _asked(asked)
    things = [_things(survey.statements, "graded statement")] if survey.statements else []
    things += [f"a ranking of {_things(survey.ranking, 'outcome')}"] if survey.ranking else []
    things += [_things(survey.best_worst, "best-worst task")] if survey.best_worst else []
    things += [f"{_things(survey.work.graded, 'graded question')} on their work"] if survey.work else []
    return Result("survey-respondents", says=[said, f"It held {listing(things)}."], counts=counts)


def _things(some: Sized, what: str) -> str:
    return f"{len(some)} {noun(len(some), what)}"


def _asked(asked: Asked) -> tuple[str, list]:
    """Return who answered the survey, and the counts in the text; under a policy without their sum.

    The sum lies close to how many answered each statement.
    """
    sizes, policy = asked.sizes, asked.policy
    if sizes.empty:
        return "Nobody who answered the survey names a group.", []
    told = {str(name): int(n) for name, n in sizes[policy.tells(sizes)].items()}
    # what is left of all who answered would be the others: one more group goes without its number
    few = 0 < len(told) < len(sizes) and not policy.rounds_to
    some = min(told, key=lambda name: told[name]) if few else None
    counts = [n for name, n in told.items() if name != some]
    parts = [f"some {people(name)}" if name == some else f"{n} {people(name, n)}" for name, n in told.items()]
    if len(told) < len(sizes):
        parts.append("too few of other groups to be told of")
    return f"A survey{either(f' of {sum(counts)}')}: {listing(parts)}.", counts


def what_was_lost(study: Study, heard: Heard | None, asked: Asked | None) -> Result | None:
    """Say which rows, people and marks are not in the comparisons.

    None where nothing was set aside, lost or left without a group: that nothing was found is no promise.
    """
    policy, found = get_policy(study.config.disclosure), []
    if asked is not None:
        found += [_rows(study), _without_group(asked.answers[study.config.survey.group])]
    if heard is not None:
        missing = _without_group(heard.groups, "interviewee")
        found += [_lost(heard), _not_interviewed(heard), _without_code(heard), missing]
    told = [(vague, []) if policy.hides(n) else (exact, own) for n, exact, vague, own in found if n]
    says, counts = [text for text, _ in told], [count for _, own in told for count in own]
    return Result("heard-lost", says=says, role="limit", counts=counts) if says else None


# How many are lost, the words for it, those where they are too few to be said, and the counts in the former.
Lost = tuple[float, str, str, list]


def _rows(study: Study) -> Lost:
    """Return how many rows of the survey were set aside, and why; under a policy without the reasons."""
    flow = cleaning.load_flow(study)
    own = flow[flow["source"] == study.config.survey.source]
    gone = own[own["step"] == "excluded"]
    n, read = int(gone["n"].sum()), int(own.loc[own["step"] == "assessed", "n"].sum())
    reasons = listing(f"{row.n} {row.detail.partition(': ')[2]}" for row in gone.itertuples())
    exact = f"Set aside: {n} of {read} rows of the survey{either(f' ({reasons})')}."
    vague = "Some rows of the survey were set aside; how many is withheld."
    return n, exact, vague, [(n, read)]


def _without_group(groups: pd.Series, who: str = "respondent") -> Lost:
    n, whole = int(groups.isna().sum()), len(groups)
    verbs = ("has", "is") if n == 1 else ("have", "are")
    exact = f"{n} of {whole} {who}s {verbs[0]} no group and {verbs[1]} left out."
    vague = f"Too few {who}s to be told of have no group and are left out."
    return n, exact, vague, [(n, whole)]


def _lost(heard: Heard) -> Lost:
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
    return len(parts) and inf, " ".join(parts), "", []  # of things, not of people


def _not_interviewed(heard: Heard) -> Lost:
    """Return who stands in the table of interviewees and was not interviewed, by group."""
    sizes = heard.absent.fillna("").value_counts(sort=False)
    lead = "Left out, because the file holds no interview of them"
    parts = [f"{n} {people(str(name), n)}" if name else f"{n} of no group" for name, n in sizes.items()]
    least, counts = int(sizes.min()) if len(sizes) else 0, [int(n) for n in sizes]
    return least, f"{lead}: {listing(parts)}.", f"{lead}: some of those listed.", counts


def _without_code(heard: Heard) -> Lost:
    """Return how many interviews of each group hold no code at all: read, or not coded yet?"""
    coded = heard.coded.segments[heard.coded.segments["seg"].isin(heard.coded.codings["seg"])]
    sizes = heard.groups[~heard.groups.index.isin(coded["participant"])].dropna().value_counts(sort=False)
    counts = [(int(n), int(heard.sizes[name])) for name, n in sizes.items()]
    parts = listing(f"{n} of {heard.sizes[name]} {people(str(name))}" for name, n in sizes.items())
    exact = f"Interviewed without any code, and counted as raising nothing: {parts}."
    vague = "Some interviews hold no code; they count as raising nothing."
    return int(sizes.min()) if len(sizes) else 0, exact, vague, counts


def what_was_read(heard: Heard) -> Result:
    """Say what the import of the coding project read; show line by line what it guessed and left out."""
    report = report_without_names(heard.coded).rename(columns={"n": "things"})
    read = report[(report["status"] == "read") & (report["things"] > 0)]
    tool = "".join(f" from {detail}" for detail in read.loc[read["item"] == "tool", "detail"])
    parts = [f"{row.things} {row.item}" for row in read.itertuples() if row.item not in FILE_ITSELF]
    says = [f"Read{tool}: {listing(parts)}."] if parts else []
    shown = report[report["status"] != "read"]
    return Result("import", says=says, table=table("import", shown) if len(shown) else None)

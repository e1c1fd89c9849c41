"""The answer: the change with and without those who are missing, and what it may be used for by whom."""

import pandas as pd

from vbhc import wording
from vbhc.chapters.outcomes import layout
from vbhc.chapters.outcomes.means import answered, change_claim
from vbhc.chapters.value.better import BETTER, DIED, UNKNOWN, WORSE, by_how_much, worse_or_died
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import Claim
from vbhc.publish.results import Result
from vbhc.statistics.samples import mean_with_range
from vbhc.study import Study

ALONE = "those who answered"
DEAD = "and the dead, at the worst score"
UNCHANGED = "and whoever gave no answer, unchanged"
NO_CAUSE = (
    "Do not conclude that the care made the change: nobody knows how these patients would have fared without."
)
MANAGER = "Do not set the change beside another place's: its patients may have started elsewhere."
HIDDEN = ": a mean hides them."
ASK = "Ask what to expect for somebody who starts where you do."


def everyone_counted(patients: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the gains as more patients count: who answered, the dead at the worst score, the rest.

    A way that adds nobody is left out. The rest count as unchanged, which is no estimate.
    """
    ways = {ALONE: patients["gain"]}
    dead = patients["gain"].fillna(patients["gain_counting_deaths"])
    if dead.notna().sum() > patients["gain"].notna().sum():
        ways[DEAD] = dead
    if dead.isna().any():
        ways[UNCHANGED] = dead.fillna(0.0)
    return ways


def if_everyone_counts(
    study: Study, what: Definition, ways: dict[str, pd.Series], ci_level: float = 0.95
) -> Result | None:
    """Show the mean change under each way of counting; nothing where everybody answered.

    Parameters
    ----------
    ways : mapping
        From `everyone_counted`.
    """
    if len(ways) < 2:
        return None
    data = pd.DataFrame({"label": label, **mean_with_range(gains, ci_level)} for label, gains in ways.items())
    claim, told = with_all(study, what, ways, ci_level), (len(data) - 1,)
    drawn = layout.intervals("if-all-count", data, claim, {"what": what}, told=told)
    return Result("if-all-count", says=[claim], drawing=drawn)


def with_all(study: Study, what: Definition, ways: dict[str, pd.Series], ci_level: float = 0.95) -> Claim:
    """Return the mean change with everybody in it, as a claim that says how they count."""
    parts = {DEAD: "deaths at the worst score", UNCHANGED: "those without an answer as unchanged"}
    lead = f"With {' and '.join(text for way, text in parts.items() if way in ways)}"
    return change_claim(study, what, list(ways.values())[-1], ci_level, lead=lead)


def outcomes_answer(
    study: Study, what: Definition, patients: pd.DataFrame, ways: dict[str, pd.Series], ci_level: float = 0.95
) -> Result:
    """Return the answer: the mean change of those who answered, then with everybody counted.

    Parameters
    ----------
    ways : mapping
        From `everyone_counted`.
    """
    first = change_claim(study, what, patients["gain"], ci_level, counted=answered(patients))
    rest = [with_all(study, what, ways, ci_level)] if len(ways) > 1 else []
    return Result("answer", says=[first, *rest], role="answer")


def outcomes_for_readers(what: Definition, course: pd.Series) -> list[Result]:
    """Return one line for each reader, from how many got better and worse; then what not to conclude.

    Parameters
    ----------
    course : Series
        From `value.courses`.
    """
    counts = course.value_counts()
    known = int(counts.sum() - counts.get(UNKNOWN, 0))
    better, worse = int(counts.get(BETTER, 0)), int(counts.get(WORSE, 0) + counts.get(DIED, 0))
    size, died = by_how_much(what), " or died" if counts.get(DIED, 0) else ""
    lost = wording.count(worse, known) if worse else "Nobody"
    lines = {
        "clinician": f"{lost} whose course is known got worse {size}{died}{HIDDEN if worse else '.'}",
        "manager": MANAGER,
        "patient": f"{wording.count(better, known)} whose course is known got better {size}. {ASK}",
    }
    behind: dict = {"clinician": [(worse, known), *worse_or_died(counts)], "patient": [(better, known)]}
    told = [Result(f"for-the-{who}", says=[line], counts=behind.get(who, [])) for who, line in lines.items()]
    return [*told, Result("not-to-conclude", says=[NO_CAUSE], role="limit")]

"""The answer of the page, and what it may be used for by a clinician, a manager and a patient."""

import pandas as pd

from vbhc import shipped, wording
from vbhc.chapters.cleaning.cohort import ALL, INTERVIEWED, KEPT, QUOTED, people_in
from vbhc.chapters.cleaning.fates import ANSWERED, DIED, SILENT, fates, last_visit, otherwise, outcome_name
from vbhc.chapters.deaths import untold_deaths
from vbhc.cleaning import Cleaned
from vbhc.cleaning.flow import questions
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.results import Result, either
from vbhc.study import Study


def who_is_in(study: Study, cleaned: Cleaned, steps: pd.DataFrame, policy: Policy) -> Result:
    """Return the answer: how many are in the study, answered, died and stayed silent.

    Its first sentence counts those in the study alone; under a policy each further count is said only where
    neither it nor what it leaves is too small.
    """
    n = steps.set_index("step")["n"]
    whole, people = int(n[KEPT]), people_in(cleaned.flow)
    start = f"{whole:,} {people} are in this study"
    parts = told_fates(study, cleaned.patients, policy) or _told(_steps(n), whole, policy)
    said = f"; {wording.listing(text for text, _ in parts)}." if parts else "."
    coverage = [f"{study.config.coverage.rstrip('.')}."] if study.config.coverage else []
    together = [(f"{int(n[ALL]):,} have {_everything(study, cleaned)}", int(n[ALL]))] if ALL in n else []
    # beside those who answered it tells how many of them lack something else
    together = _told(together, parts[0][1] if parts else whole, policy)
    last = [f"{text}." for text, _ in together]
    last = [untold_deaths(study, cleaned.patients), *_otherwise(study, cleaned.patients, policy), *last]
    last += _surveyed(cleaned, people)
    counts = [whole, *((k, whole) for _, k in [*parts, *together])]
    return Result("answer", says=[*coverage, start + said, *last], counts=counts, role="answer")


def _otherwise(study: Study, patients: pd.DataFrame, policy: Policy) -> list[str]:
    """Say where who counts as silent did answer other questions; under a policy without how many."""
    if not told_fates(study, patients, policy) or not (n := otherwise(study, patients)):
        return []
    who = f"{either(f'{n:,}', 'some')} of those without it"
    one = outcome_name(study, patients)
    return [f"Only the {one} counts as an answer here: {who} answered other questions {last_visit(study)}."]


def _surveyed(cleaned: Cleaned, people: str) -> list[str]:
    """Say how many answered a survey, who are none of the people counted; under a policy without how many."""
    if cleaned.respondents is None or people == "respondents":
        return []
    n = either(f"{len(cleaned.respondents):,} ")
    return [f"The {n}respondents of the survey are counted apart."]


def _everything(study: Study, cleaned: Cleaned) -> str:
    """Name what a patient has to have to count in every question."""
    named = {"with outcome": "the outcome at both visits", "with cost": "a known cost"}
    asked = questions(study, cleaned.patients)[:-1]
    return wording.listing(named.get(step, f"an answer on “{words}”") for step, _, words in asked)


def told_fates(study: Study, patients: pd.DataFrame, policy: Policy) -> list[tuple[str, int]]:
    """What became of patients, each with its count, as far as it may be said; none without any."""
    fate = fates(study, patients) if len(patients) else None
    if fate is None:
        return []
    counts, when = fate.value_counts(), last_visit(study)
    k = {part: int(counts.get(part, 0)) for part in (ANSWERED, DIED, SILENT)}
    told = [(f"{wording.count(k[ANSWERED], len(fate))} answered {when}", k[ANSWERED])]
    gone = {DIED: "had died", SILENT: "gave no answer"}
    told += [(f"{k[part]:,} {what}", k[part]) for part, what in gone.items() if k[part]]
    return _told(told, len(fate), policy)


def _steps(n: pd.Series) -> list[tuple[str, int]]:
    """What interviewees can be used for, each with its count."""
    words = {INTERVIEWED: "have a coded interview", QUOTED: "may be quoted"}
    return [(f"{int(n[step]):,} {what}", int(n[step])) for step, what in words.items() if step in n]


def _told(parts: list[tuple[str, int]], whole: int, policy: Policy) -> list[tuple[str, int]]:
    """Return what may be said: all of it, or the first alone where another would be too small a count."""
    safe = policy.tells(pd.DataFrame([(k, whole - k) for _, k in parts])).tolist()
    return parts if all(safe) else parts[:1] if safe[0] else []


def cohort_for_readers(study: Study, cleaned: Cleaned, steps: pd.DataFrame) -> list[Result]:
    """Return one line for each reader, from the counts themselves; under a policy without those missing."""
    n = steps.set_index("step")["n"]
    whole, with_all = int(n[KEPT]), int(n.get(ALL, 0))
    fate = fates(study, cleaned.patients)
    if fate is None:
        lines = shipped.rows(__file__, "readers.csv")  # of people whom nobody followed
        told = {row["reader"]: row[people_in(cleaned.flow)].format(n=whole) for row in lines}
    else:
        counts = fate.value_counts().to_dict()
        told = {"clinician": either(_clinician(counts, whole), _clinician({}, whole))}
        told["manager"] = either(_manager(with_all, whole), _manager(0, whole))
        told["patient"] = either(_patient(counts), _patient({}))
    return [Result(f"for-the-{who}", says=[line], counts=[whole]) for who, line in told.items()]


def _clinician(counts: dict[str, int], whole: int) -> str:
    words = {DIED: "who died", SILENT: "who gave no answer"}
    gone = [f"{counts[part]:,} {what}" for part, what in words.items() if counts.get(part)]
    if counts and not gone:
        return f"Nobody is missing at the last visit: a mean there speaks for all {whole:,}."
    who = f"the {counts[ANSWERED]:,} who answered" if counts.get(ANSWERED) else "those who answered"
    rest = wording.listing(gone) or "whoever died or gave no answer"
    return f"A mean at the last visit speaks for {who}. Left out unless a page says otherwise: {rest}."


def _manager(with_all: int, whole: int) -> str:
    start = "Quote with each number how many patients it counts"
    if not with_all or with_all == whole:
        return f"{start}, not the size of the study."
    return f"{start}: one that needs all of them rests on {with_all:,}, not {whole:,}."


def _patient(counts: dict[str, int]) -> str:
    if counts.get(SILENT) or not counts:
        n = f" ({counts[SILENT]:,})" if counts else ""
        return f"How those who gave no answer{n} fare is not known; silence is not being well."
    return f"Every patient{' who was alive' if counts.get(DIED) else ''} gave an answer at the last visit."

"""The answer of 05a: what moved, who sounded an alarm, and how many alarms chance alone would raise."""

import pandas as pd

from vbhc import wording
from vbhc.chapters.variation.frames import many, one
from vbhc.chapters.variation.over_time.months import charted, label_of
from vbhc.publish.results import Result
from vbhc.study import Study


def over_time_answer(
    study: Study, months: pd.DataFrame, runs: pd.DataFrame | None, looks: pd.DataFrame | None
) -> Result:
    """Return the alarms of providers, the signals of months and the state of the change, in that order."""
    series, says = study.config.variation.series, []
    if runs is not None:
        n, whole = int(runs.groupby("provider")["alarm"].first().sum()), runs["provider"].nunique()
        chance = wording.number(series.false_alarm * whole, 1)
        says.append(f"{n} of {whole} {many(study)} sounded an alarm on events; {chance} would by chance.")
    if len(months):
        n = int((charted(study, months)["signal"] != "").sum())
        label = wording.inside_sentence(label_of(study, series.measure))
        says.append(
            f"Of {len(months)} months of {label}, {n} signal{'s' if n == 1 else ''} by the rules taken."
        )
    if looks is not None:
        said = "go on" if looks["verdict"].iloc[-1] == "go on" else "stop"
        says.append(f"The rule set beforehand for the change that is being tried says: {said}.")
    return Result("answer", says=says or ["The study's series is too short to say anything."], role="answer")


def over_time_for_readers(study: Study, runs: pd.DataFrame | None) -> list[Result]:
    """Return one line for each reader; none where no provider could be followed."""
    if runs is None:
        return []
    told = {
        "clinician": "An alarm asks for a look at the cases, the coding and the risk model, in that order; "
        "it names no cause.",
        "manager": "Fix the threshold, the number of looks and what follows before the first look: every "
        "look more is a further chance of an alarm without a reason.",
        "patient": f"A single bad month of a {one(study)} says nothing; what lasts over many months does.",
    }
    return [Result(f"for-the-{reader}", says=[said]) for reader, said in told.items()]

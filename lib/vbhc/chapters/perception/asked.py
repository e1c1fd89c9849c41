"""What patients were asked, how their answers spread, and what else they were asked: elsewhere or again."""

from functools import partial
from typing import Any

import pandas as pd

from vbhc import instruments, wording
from vbhc.chapters.deaths import untold_deaths
from vbhc.chapters.perception import layout
from vbhc.chapters.perception.sentences import say
from vbhc.chapters.perception.ties import names, rating, with_deaths
from vbhc.chapters.value.distribution import BEYOND, distribution_bins, plot_distribution
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.disclosure.policies import FEW
from vbhc.publish.results import Claim, Result, either
from vbhc.statistics.correlation.partial import repeated_measures
from vbhc.statistics.correlation.rank import spearman
from vbhc.statistics.samples import tie_share
from vbhc.study import Study


def what_was_asked(study: Study, patients: pd.DataFrame) -> Result:
    """Say what was asked and when, and how the answers spread and tie."""
    answers = patients["perceived_value"].dropna().astype(float)
    says = [_question(study), *spread(answers, len(patients)), untold_deaths(study, patients)]
    return Result("perception", says=says)


def _question(study: Study) -> str:
    seen = study.config.perception
    visit = study.config.visits.get(seen.asked_at)
    when = (visit.label.lower() if visit else f"at {seen.asked_at}") if seen.asked_at else ""
    told = "; ".join(part for part in (seen.kind, when) if part)
    return f"What patients were asked: {seen.label}{f' ({told})' if told else ''}. {_order(study)}".strip()


def _order(study: Study) -> str:
    """When the outcome was measured: an answer that was given before cannot be about it."""
    visits, asked = list(study.config.visits), study.config.perception.asked_at
    if len(visits) < 2:
        return ""
    measured = f"The outcome was measured {study.config.visits[study.follow_up].label.lower()}"
    if asked not in visits:
        return f"{measured}; an answer that was given before cannot be about it."
    before = visits.index(asked) < visits.index(study.follow_up)
    return f"{measured}, later: the answer cannot be about it." if before else f"{measured}."


def spread(answers: pd.Series, asked: int) -> list[Any]:
    """Return how many answered, the middle, how many chose the best answer, and how many pairs tie.

    Where people are protected apart, so that a number that may not be told takes no other one with it.
    """
    if answers.empty:
        return ["Nobody answered."]
    n = len(answers)
    told = partial(Claim, "level", "", behind=[(n, asked)])
    if answers.nunique() == 1:
        same = say("spread-none", n=n, asked=asked)
        return [either(same, told(reason=same))]
    best, tied = (answers == answers.max()).mean(), tie_share(answers.to_numpy())
    # 9% of about 70 are 6: how many gave the best answer is a count of its own
    words = "few" if best < 1 / 3 else "many" if best < 2 / 3 else "most"
    middle = answers.median()
    half = say("spread-middle", middle=wording.number(middle, int(abs(middle - round(middle)) >= 0.05)))
    full = say("spread", half=half, best=wording.percent(best), tied=tied)
    # Beside the bars the middle of few says how many there are: as many on either side of it.
    near = say("spread", half="" if n < FEW else half, best=words, tied=tied)
    answered = say("spread-answered", n=n, asked=asked)
    first = either(f"{answered}: {full}", told(reason=f"{answered}."))
    return [first, either(None, wording.sentence_case(near))]


def answers_drawn(study: Study, patients: pd.DataFrame) -> Result | None:
    """Draw the answers; nothing where all are alike."""
    answers = patients["perceived_value"].dropna().astype(float)
    if answers.nunique() < 2:
        return None
    upper = (answers > (answers.min() + answers.max()) / 2).mean()
    # beside the bars the exact share would tell how many the withheld ones below the middle are together
    title = either(say("better-half", upper=upper), f"About {say('better-half', upper=round(upper, 1))}")
    bins = distribution_bins(answers)
    opened = "; one marked ≤ or ≥ is open" if bins["open"].any() else ""
    words = {"label": study.config.perception.label, "open": either(opened, BEYOND)}
    return Result("answers", drawing=layout.drawing("answers", bins, plot_distribution, title, words))


PREMS = ("collaborate", "fft", "ppe15")


def other_questions(study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float) -> pd.DataFrame:
    """Return the tie of every other measure of experience with the quota, deaths counted at the worst score.

    Returns
    -------
    DataFrame
        `measure, estimate, low, high, n`, turned so that more is better; no row where none was asked.
    """
    frame = with_deaths(patients, vq)
    rows = []
    for label, answers in _asked(study, patients).items():
        row = spearman(answers, frame["VQ"], ci_level).iloc[0]
        rows.append({"measure": label, **row[["estimate", "low", "high", "n"]]})
    table = pd.DataFrame(rows, columns=["measure", "estimate", "low", "high", "n"])
    return table.dropna(subset="estimate").reset_index(drop=True)


def _asked(study: Study, patients: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the first scale of each such instrument, at the last visit at which it was asked."""
    found, own = {}, study.config.perception.column
    for use in study.config.instruments.values():
        if use.instrument not in PREMS:
            continue
        scale = instruments.scales(use.instrument, **use.scored_with)[0]
        columns = [use.column(scale.column, visit) for visit in (*study.config.visits, "")]
        columns = [name for name in columns if name in patients and not name.startswith(own)]
        if columns:
            turn = -1 if scale.direction == "lower is better" else 1
            found[scale.label] = turn * patients[columns[-1]].astype(float)
    return found


def other_questions_shown(vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show the ties of other questions with the quota; nothing where none was asked."""
    if table.empty:
        return None
    words = {"quota": names(vq)["VQ"]}
    return Result("shared-decisions", table=layout.table("shared-decisions", table, words))


def perception_over_visits(study: Study, patients: pd.DataFrame, vq: Definition) -> pd.DataFrame:
    """Return perception and outcome with a row per patient and visit; both turned so that higher is better.

    Returns
    -------
    DataFrame
        `patient, visit, perception, outcome`; only visits at which both were asked, empty where there are
        fewer than two. Missing answers stay missing.
    """
    plan, parts = study.config.perception, []
    visits = [v for v in study.config.visits if {f"{plan.column}_{v}", f"{vq.outcome}_{v}"} <= set(patients)]
    for visit in visits if len(visits) > 1 else ():
        turn = -1 if plan.direction == "lower is better" else 1
        seen = turn * patients[f"{plan.column}_{visit}"].astype(float)
        both = {"perception": seen, "outcome": vq.sign * patients[f"{vq.outcome}_{visit}"].astype(float)}
        parts.append(pd.DataFrame({"patient": patients.index, "visit": visit, **both}))
    columns = ["patient", "visit", "perception", "outcome"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def within_patients(study: Study, visits: pd.DataFrame, ci_level: float = 0.95) -> Result | None:
    """Say whether perception moves with the outcome within a patient; nothing where it was asked once.

    Cost belongs to the whole episode and not to a visit, so that there is no VQ to correlate over visits.

    Parameters
    ----------
    visits : DataFrame
        From `perception_over_visits`.
    """
    if visits.empty:
        return None
    row = repeated_measures(visits["perception"], visits["outcome"], visits["patient"], ci_level)
    said = within_patients_sentence(row, visits["visit"].nunique(), rating(study))
    return Result("within-patients", says=[said], counts=row["n_patients"].tolist())


def within_patients_sentence(row: pd.DataFrame, visits: int, said: str = "perception") -> str:
    """Return what the repeated-measures correlation says, in words that follow its interval."""
    found = row.iloc[0]
    if found["reason"]:
        return found["reason"]
    reach = wording.interval(found["low"], found["high"], found["ci_level"])
    way = "more" if found["low"] > 0 else "less" if found["high"] < 0 else "open"
    return say(f"within-{way}", said=said, reach=reach, visits=visits, **found[["estimate", "n_patients"]])

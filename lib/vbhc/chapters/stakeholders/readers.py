"""What the views of those who were heard may be used for by a clinician, a manager and a patient."""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.stakeholders.disagree import furthest_apart
from vbhc.chapters.stakeholders.heard import Heard, people
from vbhc.chapters.stakeholders.statements import in_order_of_groups
from vbhc.publish.disclosure.policies import Policy, get_policy
from vbhc.publish.results import Result
from vbhc.study import Study
from vbhc.wording import listing

PATIENT = "patient"  # a group of a survey whose name begins so is the patients' own


def stakeholders_for_readers(
    study: Study,
    heard: Heard | None,
    answers: pd.DataFrame | None,
    whole: pd.DataFrame,
    tests: pd.DataFrame,
    tops: pd.DataFrame,
    ranks: pd.DataFrame,
    alpha: float = 0.05,
) -> list[Result]:
    """Return one line for each reader; none gives a count, so that each stands under every policy.

    Parameters
    ----------
    whole, tests, tops, ranks : DataFrame
        As for `stakeholders_answer`.
    """
    policy = get_policy(study.config.disclosure)
    apart = furthest_apart(tests, tops, alpha, policy) if len(tests) else None
    asked = [] if answers is None else _asked(study, answers, policy)
    spoke = [str(name) for name in heard.sizes.index] if heard is not None else []
    return [
        Result("for-the-clinician", says=[_clinician(heard, whole, apart, alpha)]),
        Result("for-the-manager", says=[_manager(asked, spoke)]),
        Result("for-the-patient", says=[_patient(ranks, asked, spoke)]),
    ]


def _asked(study: Study, answers: pd.DataFrame, policy: Policy) -> list[str]:
    """Return the groups of the survey, those of too few to be told of left out."""
    sizes = in_order_of_groups(study, answers)[study.config.survey.group].value_counts(sort=False)
    return [str(name) for name, n in sizes.items() if not policy.hides(n)]


def _clinician(heard: Heard | None, whole: pd.DataFrame, apart: pd.Series | None, alpha: float) -> str:
    say = "Before {} and {} meet about value, say which value you mean"
    if apart is not None:
        first, second = (people(str(apart[side])) for side in ("first", "second"))
        return f"{say.format(first, second)}: they part most over “{apart['label']}”."
    if heard is not None and len(whole) and whole["p"].iloc[0] <= alpha:
        first, second = (people(name) for name in heard.names)
        return f"{say.format(first, second)}: they raise different ideas."
    return "That no difference is shown does not mean that all agree: ask what the others mean."


def _manager(asked: list[str], spoke: list[str]) -> str:
    ways = [f"{listing(map(people, asked))} by a survey"] if asked else []
    ways += [f"{listing(map(people, spoke))} in interviews"] if spoke else []
    if not ways:
        return "Too few of any group were heard: no figure of value can claim to speak for them."
    return (
        f"Heard were {' and '.join(ways)}, and nobody else: a figure of value that speaks for others has to "
        "ask them first."
    )


def _patient(ranks: pd.DataFrame, asked: list[str], spoke: list[str]) -> str:
    own = [name for name in asked if name.lower().startswith(PATIENT)]
    ranked = ranks[ranks["group"].isin(own)] if len(ranks) else ranks
    if len(ranked):
        first = str(ranked.loc[ranked["mean_rank"].idxmin(), "label"])
        return (
            f"Asked for an order, patients put “{first}” highest on average. It need not be what you would "
            "put first: say so when care is planned."
        )
    if own:
        return "Patients were asked what value means; what you would put first is yours to say."
    others = f" ({listing(map(people, dict.fromkeys([*asked, *spoke])))})" if asked or spoke else ""
    if any(name.lower().startswith(PATIENT) for name in spoke):
        return "Patients were interviewed; what a few of them raise is not yet what you would put first."
    return f"Those heard here{others} speak for themselves: nothing here says what patients would put first."

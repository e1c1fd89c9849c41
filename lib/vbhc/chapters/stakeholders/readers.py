"""What the views of those who were heard may be used for by a clinician, a manager and a patient."""

import pandas as pd

from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.disagree import PATIENT, furthest_apart
from vbhc.chapters.stakeholders.heard import Heard, people
from vbhc.publish.results import Result
from vbhc.wording import listing


def stakeholders_for_readers(asked: Asked | None, heard: Heard | None, whole: pd.DataFrame) -> list[Result]:
    """Return one line for each reader; none gives a count, so that each stands under every policy."""
    groups = [] if asked is None else [str(g) for g, n in asked.sizes.items() if not asked.policy.hides(n)]
    spoke = [str(name) for name in heard.sizes.index] if heard is not None else []
    return [
        Result("for-the-clinician", says=[_clinician(asked, heard, whole)]),
        Result("for-the-manager", says=[_manager(groups, spoke)]),
        Result("for-the-patient", says=[_patient(asked, groups, spoke)]),
    ]


def _clinician(asked: Asked | None, heard: Heard | None, whole: pd.DataFrame) -> str:
    say = "Before {} and {} meet about value, say which value you mean"
    graded = asked is not None and len(asked.tests)
    apart = furthest_apart(asked.tests, asked.tops, asked.alpha, asked.policy) if graded else None
    if apart is not None:
        first, second = (people(str(apart[side])) for side in ("first", "second"))
        return f"{say.format(first, second)}: they part most over “{apart['label']}”."
    if heard is not None and len(whole) and whole["p"].iloc[0] <= heard.alpha:
        first, second = (people(name) for name in heard.names)
        return f"{say.format(first, second)}: they raise different ideas."
    return "That no difference is shown does not mean that all agree: ask what the others mean."


def _manager(asked: list[str], spoke: list[str]) -> str:
    both = set(asked) == set(spoke)
    ways = [f"{listing(map(people, asked))} by a survey"] if asked else []
    ways += [f"{listing(map(people, spoke))} in interviews"] if spoke and not both else []
    ways = [f"{ways[0]} and in interviews"] if both and ways else ways
    if not ways:
        return "Too few of any group were heard: no figure of value can claim to speak for them."
    return (
        f"Heard were {' and '.join(ways)}, and nobody else: a figure of value that speaks for others has to "
        "ask them first."
    )


def _patient(asked: Asked | None, groups: list[str], spoke: list[str]) -> str:
    own = [name for name in groups if name.lower().startswith(PATIENT)]
    ranked = asked.ranks[asked.ranks["group"].isin(own)] if asked is not None else pd.DataFrame()
    if len(ranked):
        first = str(ranked.loc[ranked["mean_rank"].idxmin(), "label"])
        return (
            f"Asked for an order, patients put “{first}” highest on average. It need not be what you would "
            "put first: say so when care is planned."
        )
    if own:
        return "Patients were asked what value means; what you would put first is yours to say."
    if any(name.lower().startswith(PATIENT) for name in spoke):
        return "Patients were interviewed; what a few of them raise is not yet what you would put first."
    heard = list(dict.fromkeys([*groups, *spoke]))
    others = f" ({listing(map(people, heard))})" if heard else ""
    return f"Those heard here{others} speak for themselves: nothing here says what patients would put first."

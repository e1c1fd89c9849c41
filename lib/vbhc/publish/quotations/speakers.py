"""Who may be quoted, and what may be told of a speaker without pointing at anybody."""

import pandas as pd

from vbhc.cleaning.interviewees import YES
from vbhc.interviews.tables import Interviews
from vbhc.problems import Problem
from vbhc.study import Study

K = 5  # interviewees who must share what is said of the speaker
LONG = 8  # letters from which a word of an attribute may point at somebody


def coarsened(study: Study, coded: Interviews, k: int = K) -> pd.DataFrame:
    """Return what may be said of a speaker: attributes whose every combination at least `k` people share.

    The group comes first, then the attributes in the order of study.yml; levels that fewer than `k` share are
    joined as "other". A column that would make a smaller cell is left out for everybody: hiding it only for
    the few would point at them.
    """
    plan = study.config.interviews
    people = coded.participants.set_index("participant")
    wanted = [name for name in dict.fromkeys((plan.group, *plan.attributes)) if name and name in people]
    kept: list[pd.Series] = []
    for name in wanted:
        column = people[name].astype("object").where(people[name].notna(), "not stated").astype(str)
        sizes = column.value_counts()
        joined = column.where(column.map(sizes) >= k, "other")
        cells = pd.concat([*kept, joined], axis=1).value_counts()
        if joined.nunique() > 1 and cells.min() >= k:
            kept.append(joined)
    return pd.concat(kept, axis=1) if kept else pd.DataFrame(index=people.index)


def words_few_share(study: Study, coded: Interviews) -> tuple[str, ...]:
    """Return names of interviewees and documents, and values of attributes that fewer than `K` share.

    Of the attributes that study.yml declares; long words of such a value count too ("rheumatology" of "D1
    rheumatology").
    """
    plan, people = study.config.interviews, coded.participants
    words = {*people["participant"], *coded.documents["doc"]}
    for name in (c for c in (plan.group, *plan.attributes) if c in people):
        sizes = people[name].dropna().astype(str).value_counts()
        for value in sizes.index[sizes < K]:
            words |= {value, *(word for word in value.split() if len(word) >= LONG)}
    return tuple(sorted(word for word in words if len(word) > 2 and not word.isdigit()))


def agreed_to_be_quoted(study: Study, coded: Interviews) -> tuple[set[str], Problem | None]:
    """Return who agreed to be quoted, and a problem where the study does not say it."""
    plan = study.config.interviews
    people = coded.participants
    if plan is None or not plan.consent or plan.consent not in people:
        found = "no column says who agreed to be quoted"
        return set(), Problem(study.shown("study.yml"), found, "name it", "interviews.consent")
    yes = people[plan.consent].astype(str).str.strip().str.lower().isin(YES)
    return set(people.loc[yes, "participant"]), None

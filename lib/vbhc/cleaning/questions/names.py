"""Names of groups, places, people and codes that differ by capitals, blanks or one letter: one, or two?

Of coded interviews also: people and interviews without a code, and passages in which several speak.
"""

import re
from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from vbhc.cleaning.ids import plain
from vbhc.cleaning.questions.question import Asked, Question, about, in_words, some
from vbhc.interviews.cases import SHARED
from vbhc.interviews.tables import Interviews
from vbhc.study import Study

MOST = 60  # different names: more are no groups but texts
LONG = 5  # letters of a name of which one may be a slip
RARE = 0.1


def near_names(asked: Asked) -> Iterator[Question]:
    """Ask about names in columns whose codes the dictionary does not list."""
    for name, column in asked.source.columns.items():
        free = column.type in ("category", "string") and not column.allowed and name != asked.person
        if not free or name not in asked.source.kept:
            continue
        counts = asked.source.kept[name].astype("str").value_counts()
        if 1 < len(counts) <= MOST:
            for one, other in pairs(counts):
                yield asked.question("near-names", name, one=one, other=other)


def pairs(counts: pd.Series) -> list[tuple[str, str]]:
    """Return the names that may be one, the more frequent first.

    >>> pairs(pd.Series({"Ward North": 40, "ward north": 3, "Wards North": 1, "Ward 1": 9, "Ward 2": 8}))
    [('Ward North', 'ward north'), ('Ward North', 'Wards North')]
    """
    found: list[tuple[str, str]] = []
    for one, other in combinations(map(str, counts.index), 2):
        if {one, other} & {name for _, name in found}:
            continue  # told beside a more frequent one
        same = plain(one) == plain(other)
        rare = counts[other] <= max(1, RARE * counts[one])
        if same or (rare and counts[one] > 1 and _one_slip(one, other)):
            found.append((one, other))
    return found


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter was changed, left out or added; digits tell names apart."""
    if min(len(one), len(other)) < LONG or abs(len(one) - len(other)) > 1 or re.search(r"\d", one + other):
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    rest = {(one[start + a :], other[start + b :]) for a, b in ((1, 1), (1, 0), (0, 1))}
    swapped = one[start + 2 :] == other[start + 2 :] and sorted(one[start:][:2]) == sorted(other[start:][:2])
    return any(a == b for a, b in rest) or swapped


def interview_questions(study: Study, coded: Interviews) -> list[Question]:
    """Return every question about the coded interviews that `accept` in study.yml does not answer."""
    found = [*_names(study, coded), *_silent(study, coded), *_shared(study, coded)]
    return [question for question in found if question.name not in study.config.accept]


def near_codes(coded: Interviews) -> list[tuple[str, str]]:
    """Return the names of codes that differ by capitals, blanks, accents or one letter."""
    return pairs(coded.codings["code"].map(coded.codes.set_index("code")["label"]).value_counts())


def _names(study: Study, coded: Interviews) -> Iterator[Question]:
    plan, people = study.config.interviews, coded.participants
    columns = [name for name in dict.fromkeys((plan.group, *plan.attributes)) if name in people]
    files = dict.fromkeys(columns, plan.participants or plan.file)
    named = {"participant": people["participant"], "coder": coded.codings["coder"]}
    near = {"code": near_codes(coded)}
    for name, values in {**named, **{column: people[column] for column in columns}}.items():
        counts = values.dropna().astype(str).value_counts()
        near[name] = [] if len(counts) > MOST and name in columns else pairs(counts)
    for name, one, other in ((name, *pair) for name, alike in near.items() for pair in alike):
        file, found = files.get(name, plan.file), in_words("near-coded-names", one=one, other=other)
        yield Question("near-names", "interviews", f"{name}.{other}", study.shown(file), found)


def _silent(study: Study, coded: Interviews) -> Iterator[Question]:
    plan, people = study.config.interviews, coded.participants["participant"]
    spoke = coded.segments.loc[coded.segments["seg"].isin(coded.codings["seg"]), "participant"]
    if not len(silent := pd.Index(people).difference(spoke, sort=False)):
        return
    kind = "uncoded-interviews" if coded.lists_sources else "no-passage"
    file = plan.file if coded.lists_sources else plan.participants or plan.file
    yield about(study, kind, "interviews", "", file, n=len(silent), people=some(list(silent)))


def _shared(study: Study, coded: Interviews) -> Iterator[Question]:
    if len(shared := coded.report.loc[coded.report["item"] == SHARED, "detail"]):
        file = study.config.interviews.file
        yield about(study, "group-interviews", "interviews", "", file, passages=some(list(shared)))

"""Questions about coded interviews: names that may be one, people and interviews without a code."""

from collections.abc import Iterator

import pandas as pd

from vbhc.cleaning.questions.names import MOST, pairs
from vbhc.cleaning.questions.question import Question, some
from vbhc.interviews.cases import SHARED
from vbhc.interviews.tables import Interviews
from vbhc.study import Study


def interview_questions(study: Study, coded: Interviews) -> list[Question]:
    """Return every question about the coded interviews that `accept` in study.yml does not answer."""
    found = [*_names(study, coded), *_silent(study, coded), *_shared(study, coded)]
    return [question for question in found if question.name not in study.config.accept]


def near_codes(coded: Interviews) -> list[tuple[str, str]]:
    """Return the names of codes that differ by capitals, blanks, accents or one letter."""
    label = coded.codings["code"].map(coded.codes.set_index("code")["label"])
    return pairs(label.value_counts())


def _names(study: Study, coded: Interviews) -> Iterator[Question]:
    plan, people = study.config.interviews, coded.participants
    columns = [name for name in dict.fromkeys((plan.group, *plan.attributes)) if name in people]
    files = dict.fromkeys(columns, plan.participants or plan.file)
    named = {"participant": people["participant"], "coder": coded.codings["coder"]}
    near = {"code": (plan.file, near_codes(coded))}
    for name, values in {**named, **{column: people[column] for column in columns}}.items():
        counts = values.dropna().astype(str).value_counts()
        many = len(counts) > MOST and name in columns
        near[name] = (files.get(name, plan.file), [] if many else pairs(counts))
    for name, (file, alike) in near.items():
        for one, other in alike:
            found = f"{one!r} and {other!r}: two of them (one: interviews: canonical: {{{other!r}: {one!r}}})"
            yield Question("near-names", "interviews", f"{name}.{other}", study.shown(file), found)


def _silent(study: Study, coded: Interviews) -> Iterator[Question]:
    plan, people = study.config.interviews, coded.participants["participant"]
    spoke = coded.segments.loc[coded.segments["seg"].isin(coded.codings["seg"]), "participant"]
    silent = pd.Index(people).difference(spoke, sort=False)
    if not len(silent):
        return
    if coded.lists_sources:
        found = f"{len(silent)} interviewed, without any code ({some(list(silent))}): read, and nothing found"
        yield Question("uncoded-interviews", "interviews", "", study.shown(plan.file), found)
        return
    found = f"{len(silent)} without a passage ({some(list(silent))}): interviewed, and raised nothing"
    yield Question("no-passage", "interviews", "", study.shown(plan.participants or plan.file), found)


def _shared(study: Study, coded: Interviews) -> Iterator[Question]:
    shared = coded.report.loc[coded.report["item"] == SHARED, "detail"]
    if len(shared):
        found = f"{some(list(shared))}: left out (else say in the file who speaks in each passage)"
        file = study.shown(study.config.interviews.file)
        yield Question("group-interviews", "interviews", "", file, found)

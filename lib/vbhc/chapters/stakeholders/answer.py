"""The answer of the page: where those who were heard part and what they agree on, size first."""

import pandas as pd

from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.disagree import (
    agreed_on,
    furthest_apart,
    gap_claim,
    how_many_part,
    own_voice,
    parted_in_words,
)
from vbhc.chapters.stakeholders.felt import gain_claim, gains_in_words
from vbhc.chapters.stakeholders.heard import Heard, people
from vbhc.chapters.stakeholders.pair import pair_sentence
from vbhc.chapters.stakeholders.protected import names_said
from vbhc.chapters.stakeholders.survey_choices import best_worst_sentence, ranks_sentence
from vbhc.chapters.stakeholders.work import balances, what_drives, work_answer, work_scales
from vbhc.interviews import presence
from vbhc.publish.answer import first_sentence
from vbhc.publish.claims import Claim
from vbhc.publish.results import Result


def stakeholders_answer(
    asked: Asked | None, heard: Heard | None, effects: pd.DataFrame, whole: pd.DataFrame, codes: pd.DataFrame
) -> Result:
    """Return the answer: the widest gap of the survey, what is agreed on, and what interviews add.

    Under a policy that protects it holds no count of people, so that nothing can take it off the page.

    Parameters
    ----------
    effects : DataFrame
        From `directed_codes`; where the codes carry a direction the answer begins with gains and pains.
    whole, codes : DataFrame
        From `whole_profiles` and `codes_compared`.
    """
    says = [*answer_of_survey(asked), *answer_of_interviews(heard, effects, whole, codes)]
    return Result("answer", says=says, role="answer")


def answer_of_survey(asked: Asked | None) -> list[Claim | str]:
    """Return where the groups part most and what they agree on; without grades what is put first."""
    if asked is None:
        return []
    tests, tops, alpha, policy = asked.tests, asked.tops, asked.alpha, asked.policy
    if tests.empty and len(asked.ranks):
        return [ranks_sentence(asked.ranks, asked.orders, policy)]
    if tests.empty and asked.study.config.survey.work is not None:
        return list(work_answer(asked, what_drives(asked, work_scales(asked)), balances(asked)).says)
    if tests.empty:
        return [best_worst_sentence(asked.chosen, 0, policy)] if len(asked.chosen) else []
    apart = furthest_apart(tests, tops, alpha, policy)
    if policy.protects:
        return [f"{parted_in_words(apart)}." if apart is not None else "", how_many_part(tests, alpha)]
    parted = gap_claim(apart, asked.ci_level) if apart is not None else how_many_part(tests, alpha)
    more = own_voice(tests, tops, alpha), agreed_on(tests, tops, alpha, asked.ci_level)
    own = [] if more[0] is None or _same(more[0], apart) else [gap_claim(more[0], asked.ci_level)]
    return [parted, *own, *([] if more[1] is None else [more[1]])]


def _same(one: pd.Series, apart: pd.Series | None) -> bool:
    return apart is not None and one["statement"] == apart["statement"]


def survey_answer(asked: Asked) -> Result:
    """Return the answer of the survey alone, as `answer_of_survey` has it, the order with it."""
    says = answer_of_survey(asked)
    if len(asked.tests) and len(asked.ranks):
        says.append(ranks_sentence(asked.ranks, asked.orders, asked.policy))
    return Result("answer", says=says or ["Nobody answered the survey."], role="answer")


def answer_of_interviews(
    heard: Heard | None, effects: pd.DataFrame, whole: pd.DataFrame, codes: pd.DataFrame
) -> list[Claim | str]:
    """Return who raises more gains than pains where that is coded, then whether the groups' ideas differ."""
    if heard is None:
        return []
    says: list[Claim | str] = []
    if len(effects) and heard.policy.protects:
        told = gains_in_words(presence(heard.coded), effects, heard.ci_level, heard.policy)
        says.append(first_sentence(told)[0])
    elif len(effects):
        says.append(gain_claim(heard, effects))
    if whole.empty or codes.empty:
        why = pair_sentence(heard.groups, heard.policy)
        return [*says, f"Interviews: {why[:1].lower()}{why[1:]}"]
    return [*says, ideas_in_words(heard, whole.iloc[0], codes)]


def ideas_in_words(heard: Heard, row: pd.Series, codes: pd.DataFrame) -> str:
    """Return whether two groups raise different ideas, taken together and one by one, in plain words."""
    groups = " and ".join(people(name) for name in heard.names)
    lead = f"In {int(row['n'])} interviews {groups}"
    kept = codes[codes["max_t_p"] <= heard.alpha]
    if pd.isna(row["p"]):
        return f"{lead} raise the same ideas, one and all."
    named = kept.assign(code=kept["label"])
    some = "at least one idea" if heard.policy.protects else f"{len(kept)} of {len(codes)} ideas"
    which = f"part over {some}{names_said(named, heard.policy)}" if len(kept) else ""
    if row["p"] <= heard.alpha:
        rest = f"they {which}" if which else f"allowing for all {len(codes)}, no single one stands out"
        return f"{lead} raise different ideas taken together; {rest}."
    if which:
        return f"{lead} {which}; taken together their ideas cannot be told apart."
    return f"{lead} are not shown to raise different ideas."

"""The answer of the page: where those who were heard part and what they agree on, size first."""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.stakeholders.disagree import (
    agreed_on,
    furthest_apart,
    gap_claim,
    how_many_part,
    parted_in_words,
)
from vbhc.chapters.stakeholders.felt import gain_claim
from vbhc.chapters.stakeholders.gains_answer import gains_in_words
from vbhc.chapters.stakeholders.heard import Heard, people
from vbhc.chapters.stakeholders.pair import pair_sentence
from vbhc.chapters.stakeholders.protected import names_said
from vbhc.chapters.stakeholders.survey_choices import best_worst_sentence, ranks_sentence
from vbhc.interviews import presence
from vbhc.publish.answer import first_sentence
from vbhc.publish.claims import Claim
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.results import Result
from vbhc.study import Study


def stakeholders_answer(
    study: Study,
    heard: Heard | None,
    effects: pd.DataFrame,
    whole: pd.DataFrame,
    codes: pd.DataFrame,
    tests: pd.DataFrame,
    tops: pd.DataFrame,
    ranks: pd.DataFrame,
    agreed: pd.DataFrame,
    chosen: pd.DataFrame,
    alpha: float = 0.05,
    ci_level: float = 0.95,
) -> Result:
    """Return the answer: the widest gap of the survey, what is agreed on, and what interviews add.

    Under a policy that protects it holds no count of people, so that nothing can take it off the page.

    Parameters
    ----------
    effects : DataFrame
        From `directed_codes`; where the codes carry a direction the answer begins with gains and pains.
    whole, codes : DataFrame
        From `whole_profiles` and `codes_compared`.
    tests, tops, ranks, agreed, chosen : DataFrame
        From `statement_tests`, `statement_tops`, `survey_ranks`, `survey_concordance`, `survey_best_worst`.
    """
    says = [
        *answer_of_survey(study, tests, tops, ranks, agreed, chosen, alpha, ci_level),
        *answer_of_interviews(heard, effects, whole, codes, alpha, ci_level),
    ]
    return Result("answer", says=says, role="answer")


def answer_of_survey(
    study: Study,
    tests: pd.DataFrame,
    tops: pd.DataFrame,
    ranks: pd.DataFrame,
    agreed: pd.DataFrame,
    chosen: pd.DataFrame,
    alpha: float = 0.05,
    ci_level: float = 0.95,
) -> list[Claim | str]:
    """Return where the groups part most and what they agree on; without grades what is put first."""
    policy = get_policy(study.config.disclosure)
    if tests.empty and len(ranks):
        return [ranks_sentence(ranks, agreed, policy)]
    if tests.empty:
        return [best_worst_sentence(chosen, 0, policy)] if len(chosen) else []
    apart = furthest_apart(tests, tops, alpha, policy)
    if policy.protects:
        return [f"{parted_in_words(apart)}." if apart is not None else "", how_many_part(tests, alpha)]
    parted = gap_claim(apart, ci_level) if apart is not None else how_many_part(tests, alpha)
    alike = agreed_on(tests, tops, alpha, ci_level)
    return [parted] if alike is None else [parted, alike]


def survey_answer(
    study: Study,
    tests: pd.DataFrame,
    tops: pd.DataFrame,
    ranks: pd.DataFrame,
    agreed: pd.DataFrame,
    chosen: pd.DataFrame,
    alpha: float = 0.05,
    ci_level: float = 0.95,
) -> Result:
    """Return the answer of the survey alone, as `answer_of_survey` has it, the order with it."""
    says = answer_of_survey(study, tests, tops, ranks, agreed, chosen, alpha, ci_level)
    if len(tests) and len(ranks):
        says.append(ranks_sentence(ranks, agreed, get_policy(study.config.disclosure)))
    return Result("answer", says=says or ["Nobody answered the survey."], role="answer")


def answer_of_interviews(
    heard: Heard | None,
    effects: pd.DataFrame,
    whole: pd.DataFrame,
    codes: pd.DataFrame,
    alpha: float = 0.05,
    ci_level: float = 0.95,
) -> list[Claim | str]:
    """Return who raises more gains than pains where that is coded, then whether the groups' ideas differ."""
    if heard is None:
        return []
    says: list[Claim | str] = []
    if len(effects) and heard.policy.protects:
        says.append(first_sentence(gains_in_words(presence(heard.coded), effects, ci_level, heard.policy))[0])
    elif len(effects):
        says.append(gain_claim(heard, effects, ci_level))
    if whole.empty or codes.empty:
        why = pair_sentence(heard.groups, heard.policy)
        return [*says, f"Interviews: {why[:1].lower()}{why[1:]}"]
    return [*says, ideas_in_words(heard, whole.iloc[0], codes, alpha)]


def ideas_in_words(heard: Heard, row: pd.Series, codes: pd.DataFrame, alpha: float = 0.05) -> str:
    """Return whether two groups raise different ideas, taken together and one by one, in plain words."""
    n = int(row["n"])
    groups = " and ".join(people(name) for name in heard.names)
    lead = f"In {n} interviews {groups}"
    kept = codes[codes["max_t_p"] <= alpha]
    if pd.isna(row["p"]):
        return f"{lead} raise the same ideas, one and all."
    named = kept.assign(code=kept["label"])
    some = "at least one idea" if heard.policy.protects else f"{len(kept)} of {len(codes)} ideas"
    which = f"part over {some}{names_said(named, heard.policy)}" if len(kept) else ""
    if row["p"] <= alpha:
        rest = f"they {which}" if which else f"allowing for all {len(codes)}, no single one stands out"
        return f"{lead} raise different ideas taken together; {rest}."
    if which:
        return f"{lead} {which}; taken together their ideas cannot be told apart."
    return f"{lead} are not shown to raise different ideas."

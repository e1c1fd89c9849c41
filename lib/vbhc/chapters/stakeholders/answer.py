"""The answer of the page: where those who were heard part and what they agree on, and what that is for."""

from functools import partial

import pandas as pd

from vbhc.chapters.stakeholders import disagree
from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.choices import enough_chose, ranks_sentence
from vbhc.chapters.stakeholders.differences import names_said
from vbhc.chapters.stakeholders.felt import gain_claim, gains_in_words
from vbhc.chapters.stakeholders.heard import Heard, people
from vbhc.chapters.stakeholders.put_first import item_claim
from vbhc.chapters.stakeholders.sentences import say
from vbhc.chapters.stakeholders.work import balances, what_drives, work_answer, work_scales
from vbhc.interviews import presence
from vbhc.publish.answer import first_sentence
from vbhc.publish.claims import Claim
from vbhc.publish.results import Result, either
from vbhc.wording import inside_sentence, listing


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
    parts = [answer_of_survey(asked), answer_of_interviews(heard, effects, whole, codes)]
    if not effects.empty:
        parts.reverse()
    return Result("answer", says=parts[0] + parts[1], role="answer")


def answer_of_survey(asked: Asked | None) -> list[Claim | str]:
    """Return where the groups part most and what they agree on; without grades what is put first."""
    if asked is None:
        return []
    tests, tops, alpha, policy = asked.tests, asked.tops, asked.alpha, asked.policy
    if tests.empty and len(asked.ranks):
        return [ranks_sentence(asked.ranks, asked.orders, policy)]
    if tests.empty and asked.study.config.survey.work is not None:
        first, *rest = work_answer(asked, what_drives(asked, work_scales(asked)), balances(asked)).says
        return [f"In the survey {inside_sentence(first)}" if isinstance(first, str) else first, *rest]
    if tests.empty:
        claim = item_claim(enough_chose(asked.chosen, policy))
        return [] if claim is None else [claim]
    apart = disagree.furthest_apart(tests, tops, alpha, policy)
    many, gap = disagree.how_many_part(tests, alpha), partial(disagree.gap_claim, ci_level=asked.ci_level)
    own = disagree.own_voice(tests, tops, alpha)
    if own is not None and apart is not None and own["statement"] == apart["statement"]:
        own = None
    parted = "" if apart is None else f"{disagree.parted_in_words(apart)}."
    agreed = disagree.agreed_on(tests, tops, alpha, asked.ci_level)
    first = either(many if apart is None else gap(apart), parted)
    return [first, either(None if own is None else gap(own), many), either(agreed, None)]


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
    if len(effects):
        told = gains_in_words(presence(heard.coded), effects, heard.ci_level, heard.policy)
        says.append(either(gain_claim(heard, effects), first_sentence(told)[0]))
    if whole.empty or codes.empty:
        why = heard.which
        return [*says, f"Interviews: {why[:1].lower()}{why[1:]}"]
    return [*says, ideas_in_words(heard, whole.iloc[0], codes)]


def ideas_in_words(heard: Heard, row: pd.Series, codes: pd.DataFrame) -> str:
    """Return whether two groups raise different ideas, taken together and one by one, in plain words."""
    lead = f"In {int(row['n'])} interviews {' and '.join(map(people, heard.names))}"
    kept = codes[codes["max_t_p"] <= heard.alpha]
    if pd.isna(row["p"]):
        return f"{lead} raise the same ideas, one and all."
    named = kept.assign(code=kept["label"])
    some = either(f"{len(kept)} of {len(codes)} ideas", "at least one idea")
    which = f"part over {some}{names_said(named, heard.policy)}" if len(kept) else ""
    if row["p"] <= heard.alpha:
        none = f"allowing for all {len(codes)}{either('', ' codes')}, no single one stands out"
        rest = f"they {which}" if which else none
        return f"{lead} raise different ideas taken together; {rest}."
    if which:
        return f"{lead} {which}; taken together their ideas cannot be told apart."
    return f"{lead} are not shown to raise different ideas."


def stakeholders_for_readers(asked: Asked | None, heard: Heard | None, whole: pd.DataFrame) -> list[Result]:
    """Return one line for each reader; none gives a count, so that each stands under every policy."""
    groups = [] if asked is None else [*map(str, asked.sizes.index[asked.policy.tells(asked.sizes)])]
    spoke = [str(name) for name in heard.sizes.index] if heard is not None else []
    said = {"clinician": _clinician(asked, heard, whole), "manager": _manager(groups, spoke)}
    said["patient"] = _patient(asked, groups, spoke)
    return [Result(f"for-the-{reader}", says=[words]) for reader, words in said.items()]


def _clinician(asked: Asked | None, heard: Heard | None, whole: pd.DataFrame) -> str:
    lead = "Before {} and {} meet about value, say which value you mean"
    if asked is not None:
        apart = disagree.furthest_apart(asked.tests, asked.tops, asked.alpha, asked.policy)
        if apart is not None:
            groups = (people(str(apart[side])) for side in ("first", "second"))
            return f"{lead.format(*groups)}: they part most over “{apart['label']}”."
    if heard is not None and len(whole) and whole["p"].iloc[0] <= heard.alpha:
        return f"{lead.format(*map(people, heard.names))}: they raise different ideas."
    return "That no difference is shown does not mean that all agree: ask what the others mean."


def _manager(asked: list[str], spoke: list[str]) -> str:
    ways = [f"{listing(map(people, asked))} by a survey"] if asked else []
    if asked and set(asked) == set(spoke):
        ways.append("in interviews")
    elif spoke:
        ways.append(f"{listing(map(people, spoke))} in interviews")
    if not ways:
        return "Too few of any group were heard: no figure of value can claim to speak for them."
    return say("heard-were", ways=" and ".join(ways))


def _patient(asked: Asked | None, groups: list[str], spoke: list[str]) -> str:
    own = [name for name in groups if name.lower().startswith(disagree.PATIENT)]
    ranked = asked.ranks[asked.ranks["group"].isin(own)] if asked is not None else pd.DataFrame()
    if len(ranked):
        return say("patients-first", first=str(ranked.loc[ranked["mean_rank"].idxmin(), "label"]))
    if own:
        return "Patients were asked what value means; what you would put first is yours to say."
    if any(name.lower().startswith(disagree.PATIENT) for name in spoke):
        return "Patients were interviewed; what a few of them raise is not yet what you would put first."
    heard = list(dict.fromkeys([*groups, *spoke]))
    others = f" ({listing(map(people, heard))})" if heard else ""
    return f"Those heard here{others} speak for themselves: nothing here says what patients would put first."

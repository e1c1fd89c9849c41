"""Bring numbers and people together for the summary; where a study lacks one side, the sentence says so.

What was measured stands beside what was said; and would other patients come out on top if another group said
what counts?
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from vbhc import cleaning, interviews
from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.joint import COLUMNS, joint_sentence
from vbhc.chapters.stakeholders.reranking import RERANKED
from vbhc.chapters.summary import layout
from vbhc.chapters.summary.limits import which_kinds
from vbhc.interviews.tables import Interviews
from vbhc.publish import findings
from vbhc.publish.alt_text import alt_text
from vbhc.publish.disclosure.policies import Policy, get_policy
from vbhc.publish.notebook_files import SUMMARY, reads_all
from vbhc.publish.results import Claim, Drawing, Result, either
from vbhc.statistics.resampling import least_p
from vbhc.study import Study
from vbhc.study.declared import joint_display
from vbhc.study.declared.outcome_codes import RANKED_AS, read_outcome_codes
from vbhc.wording import p_value, percent

NOBODY_RANKED = "This study measures no patients, so there is nobody to be ranked."
TOO_FEW = "Too few people weigh outcomes, or too few patients have them all, for ranks to be compared."
NO_WEIGHTS = "The study does not say which outcomes its stakeholders spoke of or ranked (outcome_codes.csv)."
PEOPLE = {"in interviews": "interviewees", "in a survey": "respondents"}
NO_NUMBERS = "This study measures no patients, so there are no numbers to set beside what was said."
NO_STATEMENTS = "The study declares no statements to be set side by side (joint_display.csv)."


def read_others(study: Study, with_summary: bool = False) -> list[dict]:
    """Return the findings of the walk and its companions; those of the summary itself only if asked for."""
    found = [one for one in findings.read(study) if not reads_all(one["notebook"])]
    return found + [one for one in findings.read(study) if with_summary and one["notebook"] == SUMMARY]


def interviewed(study: Study) -> Interviews | None:
    """Return the study's coded interviews; None where it has none."""
    return cleaning.read_interviews(study) if study.config.interviews else None


def side_by_side(
    study: Study, coded: Interviews | None, found: list[dict], n_resamples: int = 1000, seed: int = 0
) -> tuple[pd.DataFrame, str]:
    """Return the joint display of a study, and what it says or why there is none; "" without interviews.

    Raises
    ------
    StudyError
        If a row of `joint_display.csv` is faulty.
    """
    none = pd.DataFrame(columns=list(COLUMNS))
    if coded is None:
        return none, ""
    if not study.config.has_patients:
        return none, NO_NUMBERS
    codes = list(coded.codes["code"])
    rows = joint_display.read_rows(study, codes)
    if not rows:
        return none, NO_STATEMENTS
    groups = interviews.groups(coded, study.config.interviews.group)
    presence = interviews.presence(coded, codes)
    display = stakeholders.joint_display(rows, found, presence, groups, n_resamples, seed)
    display = fits_told(display, get_policy(study.config.disclosure))
    return display, stakeholders.joint_sentence(display)


def fits_told(display: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return the joint display as a policy lets it out: the fit of all, its share of resamples in tenths.

    Of 8 interviewees a fit of their own says on which side of 4 a count lies, and an exact share which it is.
    """
    if not policy.protects:
        return display
    return display.assign(fit=display["fit"].str.split().str[0], resamples=display["resamples"].round(1))


def numbers_beside_words(display: pd.DataFrame) -> Result | None:
    """Show the joint display; nothing where there is nothing to set side by side.

    Parameters
    ----------
    display : DataFrame
        From `joined.side_by_side`.
    """
    if display.empty:
        return None
    # a fit, with the share of resamples of the interviewees that give it
    firm = [f", the same in {percent(x)} of resamples" if pd.notna(x) else "" for x in display["resamples"]]
    frame = display.assign(fit=display["fit"] + pd.Series(firm, display.index, dtype="str"))
    shown = frame[["statement", "fit", "numbers", "said", "inference"]]
    words = {"withheld": either("", " How many of each group speak for a statement is withheld.")}
    return Result("joint-display", table=layout.table("joint-display", shown, words))


def together_answer(
    ranked: pd.DataFrame, display: pd.DataFrame, kinds: pd.DataFrame, reasons: list[str]
) -> Result:
    """Lead with how many patients change rank and how numbers and words fit, else with the kinds of value."""
    says: list[Any] = [*map(either, whose_claims(ranked), whose_claims(ranked, True))] if len(ranked) else []
    says += [joint_sentence(display)] if len(display) else []
    without = [which_kinds(kinds), *dict.fromkeys(filter(None, reasons))]
    return Result("answer", says=says or without, role="answer")


def whose_ranks(
    study: Study, coded: Interviews | None, ci_level: float = 0.95, n_resamples: int = 500, seed: int = 0
) -> tuple[pd.DataFrame, str]:
    """Return how far the rankings of patients part with the group that weighs their outcomes.

    Once by what interviewees spoke of and once by what respondents of the survey ranked, as far as the study
    has either and says in `outcome_codes.csv` which outcomes are meant.

    Returns
    -------
    (table, reason)
        `asked` ("in interviews", "in a survey") and the columns of `stakeholders.reranking_by_votes`; the
        reason why nobody is ranked anew, "" where somebody is or nobody was asked.
    """
    plan, survey = study.config.interviews, study.config.survey
    none = pd.DataFrame(columns=["asked", *RERANKED])
    if plan is None and survey is None:
        return none, ""
    if study.config.value_quota is None:
        return none, NOBODY_RANKED
    patients = cleaning.load_patients(study)
    codes = [] if coded is None else list(coded.codes["code"])
    ranked_items = list(survey.ranking) if survey else []
    outcomes = read_outcome_codes(study, codes, list(patients.columns), ranked_items)
    policy, tables, reason = get_policy(study.config.disclosure), [], NO_WEIGHTS
    for asked, votes, groups in _votes(study, coded, outcomes):
        options: dict[str, Any] = {"ci_level": ci_level, "n_resamples": n_resamples, "seed": seed}
        told = groups.map(policy.tells(groups.value_counts())).eq(True)
        try:
            table = stakeholders.reranking_by_votes(patients, outcomes, votes, groups[told], **options)
        except ValueError as error:  # an outcome that does not vary
            reason = f"Nobody is ranked anew: {error}."
            continue
        reason = TOO_FEW
        tables.append(table.assign(asked=asked))
    ranked = pd.concat(tables, ignore_index=True)[["asked", *RERANKED]] if tables else none
    return ranked, "" if len(ranked) else reason


def _votes(
    study: Study, coded: Interviews | None, outcomes: pd.DataFrame
) -> Iterator[tuple[str, pd.DataFrame, pd.Series]]:
    """Yield each way of asking: people x outcomes, and the group of each person."""
    if coded is not None and outcomes["codes"].map(len).any():
        groups = interviews.groups(coded, study.config.interviews.group)
        yield "in interviews", stakeholders.votes_from_presence(interviews.presence(coded), outcomes), groups
    if study.config.survey and (outcomes[RANKED_AS] != "").any():
        ranks, groups = survey_ranks(study, outcomes)
        yield "in a survey", stakeholders.votes_from_ranks(ranks), groups


def survey_ranks(study: Study, outcomes: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the ranks that respondents gave (columns: the outcomes of patients), and their groups."""
    respondents = cleaning.load_respondents(study)
    own = outcomes[outcomes[RANKED_AS] != ""]
    ranks = respondents[list(own[RANKED_AS])].set_axis(list(own["outcome"]), axis=1)
    return ranks.astype(float), respondents[study.config.survey.group]


def whose_claims(ranked: pd.DataFrame, protects: bool = False) -> list[Claim]:
    """Return for each way of asking what the pair of groups says that parts most.

    Parameters
    ----------
    ranked : DataFrame
        From `whose_ranks`.
    protects : bool
        Whether a policy protects patients: then how far the rankings agree, and no number of patients.
    """
    claims = []
    for _, row in ranked.loc[_worst(ranked)].iterrows():
        who = f"whether {row['first']} or {row['second']} {PEOPLE[row['asked']]} say what counts"
        if protects:
            ends = {name: row[name] for name in ("estimate", "low", "high")}
            claims.append(Claim("level", f"the agreement of patients' ranks, {who},", **ends))
        else:
            ends = {"low": row["overlap_low"], "high": row["overlap_high"]}
            ends |= {"n": int(row["n_top"]), "k": int(row["n_both"])}
            what = f"patients in the top fifth are the same, {who}"
            claims.append(Claim("share", what, row["overlap"], **ends))
    return claims


def _worst(ranked: pd.DataFrame) -> list[int]:
    """The rows of the pairs that part most, one for each way of asking."""
    return ranked.groupby("asked", sort=False)["estimate"].idxmin().tolist()


def whose_value(ranked: pd.DataFrame) -> Result | None:
    """Show how many patients stay at the top, pair of groups by pair; nothing where nobody can be ranked."""
    if ranked.empty:
        return None
    return Result("whose-value", drawing=either(_drawn(ranked, False), _drawn(ranked, True)))


def _drawn(ranked: pd.DataFrame, protects: bool) -> Drawing:
    claims, shown = whose_claims(ranked, protects), rank_rows(ranked, protects)
    what = "Agreement of patients' ranks" if protects else "Share of the top fifth that two groups share"
    words = {"what": what, "chance": _by_chance(ranked)}
    look = {"share": not protects, "alt": partial(alt_text, what=what, share=not protects)}
    look["told"] = _worst(ranked.reset_index(drop=True))
    return layout.intervals("whose-value", shown, claims[0], words, **look)


def rank_rows(ranked: pd.DataFrame, protects: bool) -> pd.DataFrame:
    """Return `label, estimate, low, high` by pair of groups: overlap of the top, or the agreement."""
    names = ("estimate", "low", "high") if protects else ("overlap", "overlap_low", "overlap_high")
    label = ranked["first"] + " / " + ranked["second"] + " (" + ranked["asked"].str.removeprefix("in ") + ")"
    values = {new: ranked[old] for new, old in zip(("estimate", "low", "high"), names, strict=True)}
    return pd.DataFrame({"label": label, **values}).reset_index(drop=True)


def _by_chance(ranked: pd.DataFrame) -> str:
    """How often group labels dealt at random among the same people part the ranks as much."""
    if ranked["p"].isna().all():
        return ""
    row = ranked.loc[ranked["p"].idxmin()]
    said = p_value(row["p"], least_p(int(row["n_shuffles"]) + 1))
    where = " in the pair that parts most" if len(ranked) > 1 else ""
    return f"Labels dealt at random among those asked part the ranks as much with {said}{where}."

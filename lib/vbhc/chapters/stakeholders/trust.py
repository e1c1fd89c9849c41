"""Quotations, and whether the coding can be trusted: agreement of the coders, saturation of the codes."""

from functools import partial

import pandas as pd

from vbhc import interviews
from vbhc.chapters.stakeholders.coders import coder_agreement, letters_alike
from vbhc.chapters.stakeholders.figures.saturation import draw_saturation
from vbhc.chapters.stakeholders.heard import Heard
from vbhc.chapters.stakeholders.protected import saturation_shown
from vbhc.chapters.stakeholders.sentences import (
    agreement_sentence,
    borders_sentence,
    letters_sentence,
    saturation_sentence,
)
from vbhc.interviews.passages import same_ends
from vbhc.publish import quotations
from vbhc.publish.interval_figure import draw_intervals, height_of
from vbhc.publish.results import Drawing, Result, Table
from vbhc.statistics.saturation import saturation, saturation_curve
from vbhc.study import Study
from vbhc.wording import number

ENOUGH = 0.667  # least alpha for even careful conclusions; Krippendorff 2004, Content Analysis, p. 241


def in_their_words(
    study: Study, heard: Heard | None, k: int = quotations.K, codes: pd.DataFrame | None = None, most: int = 3
) -> Result | None:
    """Show quotations that the study lists and the gate lets pass; None where it lists none.

    Parameters
    ----------
    k : int
        How many interviewees must share what is told of a speaker.
    codes : DataFrame, optional
        From `codes_compared`: of more than `most` quotations those on the widest gaps are taken.
    """
    if heard is None:
        return None
    k = max(k, heard.policy.hides_up_to + 1)
    listed = quotations.published(study, heard.coded, k)
    if listed.empty:
        return None
    known = None if heard.policy.protects else codes  # an order by gaps tells of withheld counts
    group = study.config.interviews.group
    shown = _of_widest_gaps(listed, known, most, group) if len(listed) > most else listed
    told = [name for name in listed if name not in quotations.COLUMNS]
    speaker = shown[told].astype(str).agg(", ".join, axis=1) if told else pd.Series("", shown.index)
    table = Table(
        shown[["id", "code", "said"]].assign(speaker=speaker),
        "What interviewees said",
        labels={"said": "In their own words"},
        notes=[f"What is told of a speaker is shared by at least {k} interviewees."],
    )
    says = [quotations.quotations_sentence(listed, heard.coded, study)] if len(shown) == len(listed) else []
    return Result("quotations", says=says, table=table)


def _of_widest_gaps(listed: pd.DataFrame, codes: pd.DataFrame | None, most: int, group: str) -> pd.DataFrame:
    """Return a few quotations, each on another code: the groups take turns where their names may be told."""
    gap = {} if codes is None or codes.empty else codes.set_index("label")["estimate"].abs().to_dict()
    order = listed["code"].map(gap).fillna(0).sort_values(ascending=False, kind="stable").index
    rest = listed.loc[order].drop_duplicates("code")
    turn = rest.groupby(group).cumcount() if group in rest else pd.Series(0, rest.index)
    return rest.loc[turn.sort_values(kind="stable").index].head(most)


def coders_agree(heard: Heard | None, seed: int = 0) -> pd.DataFrame:
    """Return the agreement of the coders, by code (`coders.coder_agreement`); no row without two coders."""
    if heard is None:
        return pd.DataFrame()
    return coder_agreement(heard.coded, list(heard.presence), ci_level=heard.ci_level, seed=seed)


def codes_ran_dry(heard: Heard | None, seed: int = 0) -> pd.DataFrame:
    """Return when new codes stopped (`statistics.saturation.saturation`), in the order of the interviews."""
    if heard is None:
        return pd.DataFrame()
    return saturation(heard.presence, order=interviews.interview_order(heard.coded), seed=seed)


def trust(heard: Heard | None, agreement: pd.DataFrame, dry: pd.DataFrame) -> Result | None:
    """Say how well the coders agree and whether later interviews brought new codes."""
    if heard is None:
        return None
    said = [agreement_sentence(agreement, rare=False), saturation_sentence(dry, heard.policy)]
    return Result("trust", says=said)


def new_codes(heard: Heard, dry: pd.DataFrame, seed: int = 0) -> Result:
    """Show how many codes each further interview brought, in the order of the interviews and in others."""
    curve = saturation_curve(heard.presence, order=interviews.interview_order(heard.coded), seed=seed)
    shown = saturation_shown(curve, heard.policy)
    drawing = Drawing(
        shown,
        draw_saturation,
        title=saturation_sentence(dry, heard.policy).partition(" (")[0],
        caption="Codes found after each interview.",
        alt="Different codes found after each interview",
        rules={"counts": (), "keep": ["interview", "new_codes", "codes", "median", "low", "high"]},
    )
    return Result("saturation", drawing=drawing)


def agreement_by_code(heard: Heard, agreement: pd.DataFrame) -> Result:
    """Draw the agreement of the coders for each code; every other measure of it lies in the data."""
    says = [agreement_sentence(agreement)]
    if agreement.empty:
        return Result("agreement", says=says)
    says += [borders_sentence(*same_ends(heard.coded)), letters_sentence(letters_alike(heard.coded))]
    ends = {"alpha": "estimate", "alpha_low": "low", "alpha_high": "high"}
    shown = agreement.rename(columns={"n": "passages", "percent": "agreed", **ends})
    shown = shown.assign(label=shown["code"].map(heard.labels))
    named = ["label"] if heard.policy.protects else ["code", "label"]
    drawing = Drawing(
        shown[[*named, "passages", "prevalence", "agreed", "kappa", *ends.values(), "ac1"]],
        partial(draw_intervals, xlabel="Krippendorff's alpha", told=(), zero=ENOUGH),
        title=_below_enough(agreement["alpha"].dropna()),
        caption=f"Line: {ENOUGH}; interval by resampling passages. Kappa, AC1, how common: in the CSV.",
        alt="Krippendorff's alpha by code",
        rules={"counts": (), "keep": ["passages"]},
        **height_of(shown),
    )
    return Result("agreement", says=says, drawing=drawing)


def _below_enough(known: pd.Series) -> str:
    """Return how many codes fall under the least alpha for careful conclusions."""
    low = int((known < ENOUGH).sum())
    return f"{low or 'None'} of {len(known)} codes {'falls' if low < 2 else 'fall'} below alpha {ENOUGH}"


def coding_answer(heard: Heard, agreement: pd.DataFrame, dry: pd.DataFrame) -> Result:
    """Return how far the coding can be relied on: coded twice or not, how well agreed, saturated or not."""
    known = agreement["alpha"].dropna() if len(agreement) else pd.Series(dtype=float)
    if known.empty:
        read = "The reading of one coder was not checked by another: the codes rest on that one alone"
    else:
        few = _below_enough(known).replace("None", "none").replace(f"alpha {ENOUGH}", "it")
        read = (
            f"Two readers of one passage agree beyond chance by {number(known.median())} in the median code "
            f"(Krippendorff's alpha; {ENOUGH} is the least for careful conclusions, {few})"
        )
    said = saturation_sentence(dry, heard.policy)
    return Result("answer", says=[f"{read}.", said], role="answer")

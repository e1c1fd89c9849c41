"""Would other patients come out on top if another group said what counts? As a result that can be shown."""

from functools import partial

import pandas as pd

from vbhc.publish.alt_text import alt_text
from vbhc.publish.claims import render
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.interval_figure import draw_intervals, height_of
from vbhc.publish.results import Claim, Drawing, Result
from vbhc.statistics.resampling import least_p
from vbhc.study import Study
from vbhc.wording import p_value

PEOPLE = {"in interviews": "interviewees", "in a survey": "respondents"}


def whose_claims(ranked: pd.DataFrame, protects: bool = False) -> list[Claim]:
    """Return for each way of asking what the pair of groups says that parts most.

    Parameters
    ----------
    ranked : DataFrame
        From `joined.whose_value`.
    protects : bool
        Whether a policy protects patients: then how far the rankings agree, and no number of patients.
    """
    return [
        _agreement(row) if protects else _overlap(row) for _, row in ranked.loc[_worst(ranked)].iterrows()
    ]


def _worst(ranked: pd.DataFrame) -> list[int]:
    """The rows of the pairs that part most, one for each way of asking."""
    return ranked.groupby("asked", sort=False)["estimate"].idxmin().tolist()


def _who(row: pd.Series) -> str:
    return f"{row['first']} or {row['second']} {PEOPLE[row['asked']]} say what counts"


def _overlap(row: pd.Series) -> Claim:
    what = f"patients in the top fifth are the same, whether {_who(row)}"
    ends = {"low": row["overlap_low"], "high": row["overlap_high"]}
    return Claim("share", what, row["overlap"], n=int(row["n_top"]), k=int(row["n_both"]), **ends)


def _agreement(row: pd.Series) -> Claim:
    ends = {name: row[name] for name in ("estimate", "low", "high")}
    return Claim("level", f"the agreement of patients' ranks, whether {_who(row)},", **ends)


def whose_value(study: Study, ranked: pd.DataFrame) -> Result | None:
    """Show how many patients stay at the top, pair of groups by pair; nothing where nobody can be ranked."""
    if ranked.empty:
        return None
    protects = get_policy(study.config.disclosure).protects
    claims = whose_claims(ranked, protects)
    shown = rank_rows(ranked, protects)
    what = "Agreement of patients' ranks" if protects else "Share of the top fifth that two groups share"
    drawing = Drawing(
        shown,
        partial(draw_intervals, told=_worst(ranked.reset_index(drop=True)), zero=None, share=not protects),
        title=render(claims[0], numbers=False),
        caption=f"{what}. Line: over who was asked. {_by_chance(ranked)}",
        alt=partial(alt_text, what=what, share=not protects),
        key=True,
        rules={"counts": ()},
        **height_of(shown),
    )
    return Result("whose-value", drawing=drawing)


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

"""What the work gives staff and what it takes: a questionnaire on the Job Demands-Resources model.

Resources and demands are set beside motivation and strain, and the pace of change beside one's own ambition:
the same pace may be too slow for one and too fast for another, which a regression tells by their product.
Reference: Demerouti and Bakker 2023, Organ Psychol Rev 13:209-36.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import OLS

from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.layout import intervals, share_claim, table
from vbhc.instruments.reliability import reliability
from vbhc.publish.claims import Claim, render
from vbhc.publish.results import Result
from vbhc.statistics.samples import mean_with_range
from vbhc.wording import level_name, listing, sentence_case

SCALES = ("motivation", "strain", "demands", "resources", "pace", "ambition", "fit")
OUTCOMES, DRIVERS = SCALES[:2], ("resources", "demands", "fit", "pace", "ambition")
BOTH = "pace x ambition"
LEAST = 5  # respondents for each number of a regression


def work_items(asked: Asked) -> dict[str, pd.DataFrame]:
    """Return the graded items of every scale that the study asks, turned so that more is more."""
    plan, dictionary = asked.study.config.survey.work, asked.study.dictionary
    found = {name: asked.answers[list(getattr(plan, name))].astype(float) for name in SCALES}
    for items in found.values():
        for name in items.columns.intersection(plan.reverse):
            items[name] = dictionary[name].min + dictionary[name].max - items[name]
    return {name: items for name, items in found.items() if items.shape[1]}


def work_scales(asked: Asked) -> pd.DataFrame:
    """Return a score for every respondent and scale: the mean of its items, where half are answered."""
    items = work_items(asked).items()
    return pd.DataFrame({name: x.mean(axis=1).where(x.notna().mean(axis=1) >= 0.5) for name, x in items})


def how_they_fare(asked: Asked, scales: pd.DataFrame) -> Result:
    """Show every scale: its mean with an interval, and how far its items hang together."""
    items, rows = work_items(asked), []
    for name, values in scales.items():
        several = items[name].shape[1] > 1 and len(items[name].dropna()) > 2
        alpha = reliability(items[name], asked.ci_level)["alpha"].iloc[0] if several else np.nan
        row = {"label": name, "n_items": items[name].shape[1], "alpha": alpha}
        rows.append(row | mean_with_range(values, asked.ci_level))
    frame = pd.DataFrame(rows, columns=["label", "n_items", "n", "estimate", "low", "high", "alpha"])
    return Result("work-scales", table=table("work-scales", frame))


def what_drives(asked: Asked, scales: pd.DataFrame) -> pd.DataFrame:
    """Return what goes with motivation and with strain, all held equal: a linear regression of each.

    Returns
    -------
    DataFrame
        `outcome, term, estimate, low, high, n`: points of the outcome per standard deviation of the term,
        with robust (HC3) intervals. No row where too few answered.
    """
    terms = [name for name in DRIVERS if name in scales and scales[name].nunique() > 1]
    rows = []
    for outcome in (name for name in OUTCOMES if name in scales):
        own = scales[[outcome, *terms]].dropna().sort_index()  # as in the file: no sum hangs on groups
        if len(own) < LEAST * (len(terms) + 3):
            continue
        x = (own[terms] - own[terms].mean()) / own[terms].std(ddof=1)
        if {"pace", "ambition"} <= set(terms):
            x[BOTH] = x["pace"] * x["ambition"]
        fit = OLS(own[outcome], x.assign(constant=1.0)).fit(cov_type="HC3", use_t=True)
        ends = fit.conf_int(1 - asked.ci_level)
        rows += [(outcome, term, fit.params[term], *ends.loc[term], len(own)) for term in x]
    return pd.DataFrame(rows, columns=["outcome", "term", "estimate", "low", "high", "n"])


def pace_claims(drivers: pd.DataFrame) -> list[Claim]:
    """Return whether a faster pace goes with another change for those of high and of low ambition.

    Per standard deviation of pace; high and low lie one above and one below the mean, so that the claim is
    twice the coefficient of the product.
    """
    claims = []
    for row in drivers[drivers["term"] == BOTH].itertuples():
        what = f"the change in {row.outcome} with a faster pace"
        claim = Claim("difference", what, 2 * row.estimate, 2 * row.low, 2 * row.high, row.n, unit="points")
        claims.append(replace(claim, first="staff of high ambition", second="staff of low ambition"))
    return claims


def pace_and_ambition(asked: Asked, drivers: pd.DataFrame) -> Result | None:
    """Show what goes with motivation and strain, and whether the pace means the same to the ambitious."""
    if drivers.empty:
        return None
    claims = pace_claims(drivers)
    rows = drivers.assign(label=drivers["outcome"].str.capitalize() + ": " + drivers["term"])
    told = list(np.flatnonzero(rows["term"] == BOTH))
    title = render(claims[0], numbers=False) if claims else "What goes with motivation and with strain"
    words = {"level": level_name(asked.ci_level), "n": drivers["n"].iloc[0]}
    drawn = intervals("work-pace", rows[["label", "estimate", "low", "high"]], title, words, told=told)
    return Result("work-pace", says=claims, drawing=drawn)


def balances(asked: Asked) -> pd.DataFrame:
    """Return gains minus pains of every activity, one column each, of respondents who grade both."""
    pairs, answers = asked.study.config.survey.work.activities.items(), asked.answers
    return pd.DataFrame({name: answers[gain].astype(float) - answers[pain] for name, (gain, pain) in pairs})


def balance_by_activity(asked: Asked, balance: pd.DataFrame) -> Result | None:
    """Show where gains outweigh pains, activity by activity, and who scales back."""
    if balance.dropna(how="all").empty:
        return None
    rows = [{"label": name, **mean_with_range(own, asked.ci_level)} for name, own in balance.items()]
    data = pd.DataFrame(rows)
    words = {"level": level_name(asked.ci_level)}
    drawn = intervals("work-balance", data, _balance_title(data), words, told=())
    return Result("work-balance", says=_scaling_back(asked, balance), drawing=drawn)


def _balance_title(data: pd.DataFrame) -> str:
    ahead = list(data.loc[data["low"] > 0, "label"])
    behind = list(data.loc[data["high"] < 0, "label"])
    parts = [f"gains outweigh pains in {listing(ahead)}"] if ahead else []
    parts += [f"pains outweigh gains in {listing(behind)}"] if behind else []
    return sentence_case("; ".join(parts) or "neither gains nor pains are shown to outweigh the other")


def _scaling_back(asked: Asked, balance: pd.DataFrame) -> list[Claim]:
    """Return how many scale back their part, and how their balance differs from that of the others."""
    column, own = asked.study.config.survey.work.scaled_back, balance.mean(axis=1)
    words = ("staff scale back their part in it", own, "the mean of gains minus pains", "grades")
    return share_and_gap(asked, column, *words) if column else []


def share_and_gap(
    asked: Asked, column: str, does: str, values: pd.Series, what: str, unit: str
) -> list[Claim]:
    """Return how many say yes, in words what they do, and how a mean of theirs differs from the others'.

    Nothing of the mean where fewer than three say yes, or no, or it is the same for all.
    """
    said = asked.answers[column].astype(str).str.lower().map({"yes": True, "no": False})
    known = said.dropna().astype(bool)
    share = share_claim(does, int(known.sum()), len(known), asked.ci_level)
    groups = [values[known.index[known == side]].dropna() for side in (True, False)]
    if min(map(len, groups)) < 3 or values.nunique() < 2:
        return [share]
    test = stats.ttest_ind(*groups, equal_var=False).confidence_interval(asked.ci_level)
    gap = float(groups[0].mean() - groups[1].mean())
    claim = Claim("difference", what, gap, test.low, test.high, sum(map(len, groups)), unit=unit)
    return [share, replace(claim, first="those who do", second="the others")]


def work_answer(asked: Asked, drivers: pd.DataFrame, balance: pd.DataFrame) -> Result:
    """Return the answer: where gains outweigh pains, who scales back, and what the pace means to whom."""
    by_activity = balance_by_activity(asked, balance)
    says = [] if by_activity is None else [f"{by_activity.drawing.title}.", *by_activity.says]
    return Result("answer", says=[*says, *pace_claims(drivers)] or ["Nobody answered."], role="answer")

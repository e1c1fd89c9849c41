"""A survey in full: every answer that was given, the order of outcomes by group, and consensus."""

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter

from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.choices import rounds_sentence, stability_sentence, stability_shown
from vbhc.chapters.stakeholders.disagree import how_many_part
from vbhc.chapters.stakeholders.heard import ALL
from vbhc.chapters.stakeholders.layout import drawing, table
from vbhc.chapters.stakeholders.rank_sums import ranked_open
from vbhc.chapters.stakeholders.sentences import say
from vbhc.publish import figure_style as style
from vbhc.publish.disclosure.policies import FEW, OPEN, Policy
from vbhc.publish.results import Result, either
from vbhc.statistics.tables2x2 import wilson
from vbhc.wording import listing, percent

GRADES = ["statement", "label", "group", "answer", "k", "n", "share"]
_SCALE = LinearSegmentedColormap.from_list("answers", [style.DOWN, "#E8E8E8", style.TOTAL])


def answers_drawn(asked: Asked, shares: pd.DataFrame) -> Result | None:
    """Show every answer to every statement, by group; None where no grade was asked for.

    Where people are protected, of all respondents together (`answers_of_all`).
    """
    if asked.tests.empty:
        return None
    title = how_many_part(asked.tests, asked.alpha).partition(" (")[0].removesuffix(".")
    by_group = drawing("survey-answers", shares[GRADES], plot_statements, title, **_look(shares))
    whole = answers_of_all(shares, asked.policy)
    together = drawing("survey-answers-of-all", whole, plot_statements, most_above, **_look(whole))
    says = [either("", say("of-all" if len(whole) else "of-nobody"))]
    return Result("survey-answers", says=says, drawing=either(by_group, together if len(whole) else None))


def _look(shares: pd.DataFrame) -> dict[str, Any]:
    bars, n = shares.groupby(["label", "group"]).ngroups, shares["label"].nunique()
    height, narrow = 1.2 + 0.26 * bars + 0.3 * n, 1.2 + 0.34 * bars + 0.45 * n
    return {"alt": answers_in_words, "height": height, "narrow_height": narrow}


def answers_in_words(shares: pd.DataFrame) -> str:
    """Return which share of each group gave each grade, statement by statement, the lowest grade first."""
    said = shares["share"].map(lambda share: percent(share) if pd.notna(share) else "not shown")
    of_group = said.groupby([shares["label"], shares["group"]], sort=False).agg(", ".join)
    parts = [
        f"{label}: {'; '.join(f'{group} {told}' for (_, group), told in own.items())}"
        for label, own in of_group.groupby(level=0, sort=False)
    ]
    grades = listing(map(_named, sorted(shares["answer"].unique())))
    return f"Respondents who answered {grades}. {'. '.join(parts)}."


def answers_of_all(shares: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return which share of all respondents together grades below, at and above the middle of the scale.

    To the nearest tenth of those who answered: of so many that a tenth leaves open what a mark would. By
    group and grade the answers would tell of a few, beside the tests and the sizes of the groups.

    Parameters
    ----------
    shares : DataFrame
        From `statement_shares`.

    Returns
    -------
    DataFrame
        `statement, label, group, answer` (lower, middle, upper), `share`, the statements in their order.
    """
    middle = shares.groupby("label")["answer"].transform(lambda grades: (grades.min() + grades.max()) / 2)
    parts = np.select([shares["answer"] < middle, shares["answer"] > middle], ["lower", "upper"], "middle")
    by = ["statement", "label", "group", "answer"]
    k = shares.assign(group="all respondents", answer=parts).groupby(by, sort=False)["k"].sum().reset_index()
    n = k.groupby("label")["k"].transform("sum")
    return k.assign(share=(k.pop("k") / n).round(1))[n >= 20 * (policy.bound + 1)].reset_index(drop=True)


def most_above(shares: pd.DataFrame) -> str:
    """Return the statement with most answers above the middle of the scale, of all respondents together."""
    upper = shares[shares["answer"] == "upper"]
    most = upper[upper["share"] == upper["share"].max()]
    about = f"about {percent(upper['share'].max())} grade {listing(f'“{one}”' for one in most['label'])}"
    return f"Of all respondents together {about} above the middle"


def plot_statements(shares: pd.DataFrame, ax: Axes) -> Axes:
    """Draw every statement as a block of bars, one per group, around the middle of the scale.

    Parameters
    ----------
    shares : DataFrame
        From `statement_shares`; a bar with a withheld answer is left out.
    """
    known = style.drawable(shares, "share")
    if known.empty:
        return style.nothing_to_draw(ax)
    grades = sorted(shares["answer"].unique())
    colours = {grade: _SCALE(n / max(len(grades) - 1, 1)) for n, grade in enumerate(grades)}
    at, ticks, names, width = 0.0, [], [], 38 if style.is_narrow(ax) else 80
    for block, own in shares.groupby("label", sort=False):
        words = textwrap.fill(str(block), width)
        at += 0.4 * words.count("\n")
        left: dict[str, Any] = {"ha": "left", "va": "center", "annotation_clip": False}
        ax.annotate(words, (-1, at), fontsize=8.2, fontweight="bold", **left)
        told = known[known["label"] == block]
        wide = told.pivot(index="group", columns="answer", values="share").astype(float)
        wide = wide.reindex(index=own["group"].unique(), columns=sorted(own["answer"].unique()))
        places = pd.Series(at + 1 + np.arange(len(wide)), index=wide.index)
        at = places.iloc[-1]
        _bars(ax, wide.dropna(), places, colours)
        sizes = told.groupby("group")["n"].max() if "n" in told else {}
        ticks += places.tolist()
        names += [f"{group} ({sizes[group]:.0f})" if group in sizes else str(group) for group in wide.index]
        ax.plot([0, 0], [places.iloc[0] - 0.5, at + 0.5], color=style.LINE, linewidth=0.8)
        at += 1.3
    ax.set_yticks(ticks, names, fontsize=8.2)
    ax.set_ylim(at - 0.6, -0.7)
    ax.set_xlim(-1, 1)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{abs(x):.0%}"))
    ax.spines[["left", "right", "top"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
    handles = [ax.bar(0, 0, color=colour) for colour in colours.values()]
    labels = list(map(_named, grades))
    style.legend_below(ax, -2.3 / max(at, 4), min(len(grades), 5), handles=handles, labels=labels)
    ax.set_xlabel("Respondents, from the middle of the scale")
    return style.on_white(ax)


def _named(grade: float | str) -> str:
    return grade if isinstance(grade, str) else f"{grade:g}"


def _bars(ax: Axes, wide: pd.DataFrame, places: pd.Series, colours: dict) -> None:
    """Draw groups x grades as stacked bars, the middle of the grades at 0, and write the shares.

    With a withheld answer a bar would stand in a wrong place: `wide` has it not.
    """
    half, odd = divmod(wide.shape[1], 2)
    left = -(wide.iloc[:, :half].sum(axis=1) + (wide.iloc[:, half] / 2 if odd else 0))
    y, least = places[wide.index], 0.22 if style.is_narrow(ax) else 0.08
    for grade, own in wide.items():
        ax.barh(y, own, 0.8, left, color=colours[grade], edgecolor="white", zorder=1)
        ends = len(colours) > 1 and grade in (wide.columns[0], wide.columns[-1])
        for group in own.index[own >= least]:
            at, look = (left[group] + own[group] / 2, y[group]), "white" if ends else "black"
            ax.annotate(f"{own[group]:.0%}", at, ha="center", va="center", fontsize=8.2, color=look)
        left = left + own


def ranks_table(asked: Asked) -> Result | None:
    """Show the mean rank of each outcome by group, and how many put it first; None where none were ranked."""
    if asked.ranks.empty:
        return None
    told = ranks_shown(asked.ranks, asked.orders, asked.policy)
    columns = ["group", "label", "mean_rank", "k"]
    named = (ranks.rename(columns={"first": "k"})[columns] for ranks in (asked.ranks, told))
    kept = [ranks.dropna(axis="columns", how="all") for ranks in named]
    also = either(*(" and how many put it first" if "k" in ranks else "" for ranks in kept))
    note = either("", say("large-ranked"))
    says = [either("", "" if len(told) else say("few-ranked"))]
    made = table("survey-ranks", either(*kept), {"also": also}, notes=[note])
    return Result("survey-ranks", says=says, table=made)


def ranks_shown(ranks: pd.DataFrame, agreed: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return the mean ranks of groups that these leave open; of all alone how many put an outcome first.

    Of groups none where they leave few of all; no counts where these add up to all but a few respondents.

    Parameters
    ----------
    ranks, agreed : DataFrame
        From `survey_ranks` and `survey_concordance`.
    """
    sizes, missing = (agreed.set_index("group")[name] for name in ("n", "n_missing"))
    large, every = sizes[ranked_open(ranks, agreed, policy)], ranks["group"] == ALL
    rest = 2 * sizes[ALL] - large.sum()  # all are large too, or nobody is
    if rest and policy.hides(rest):
        large = large.filter([ALL])
    counted = every & (not (policy.hides(missing[ALL]) and policy.tells(ranks.loc[every, "first"]).all()))
    shown = ranks.assign(first=ranks["first"].where(counted))
    return shown[ranks["group"].isin(large.index)].reset_index(drop=True)


def of_those_given(shares: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return shares (columns of `delphi`) with Wilson's interval of what a policy tells of them.

    That of all who answered says how many did not: .56 (.48 to .65) fits 131 and 133 of 130 to 137. So it is
    that of the share as it is shown (`places_of`) and of the next lower multiple of people, a little wide,
    missing under one. What else is told of the answers (a median of 4.5: an even number) is left out of few.
    """
    if not policy.protects:
        return shares
    every = policy.tells(shares["n_missing"]) & (shares["n_missing"] == 0)
    step = policy.step or 4 * policy.rounds_to
    if policy.rounds_to:  # or the door would make it one of rounded counts
        kept = policy.tells(shares["k_agree"])
        shares = shares.assign(estimate=shares["estimate"].round(places_of(shares, policy)).where(kept))
    n = shares["n"].map(policy.rounded).where(every, shares["n"] // step * step)
    n = n if policy.keeps_intervals else n * np.nan
    low, high = zip(*map(wilson, shares["estimate"].round(places_of(shares, policy)) * n, n), strict=True)
    others = shares[["median", "iqr", "cns"]].where(shares["n"] >= FEW)
    return shares.assign(low=low, high=high, **others).dropna(axis="columns", how="all")


def places_of(shares: pd.DataFrame, policy: Policy) -> int:
    """Return the decimals of protected shares: one where two leave few numbers of people open.

    Of 34 to 38 people .45 are 17 of 38 only, and .37 of 130 to 140 are 50 of 135 where both are rounded.
    """
    return 1 if policy.rounds_to or (shares["n"] < FEW).any() else 2


def consensus_table(asked: Asked, consensus: pd.DataFrame, stable: pd.DataFrame) -> Result | None:
    """Show after each round whether respondents agree, by the study's own rule; None without a rule."""
    if consensus.empty:
        return None
    policy = asked.policy
    numbers = ["k", "n", "n_missing", "estimate", "low", "high", "median", "iqr", "cns", "consensus"]
    told = of_those_given(consensus, policy).rename(columns={"k_agree": "k"})
    shown = told[["label", "round", *(name for name in numbers if name in told)]]
    half = (consensus["median"] % 1 == 0.5).astype(int).tolist()  # of 4.5 neither 4 nor 5 is true
    # .72 beside .89 leaves of 135 who gave the lowest grade 0 to 3
    places = {"estimate": places_of(consensus, policy), "median": half, "iqr": 0, "cns": 1}
    rules = {"protected": {"drop": ["k"], "decimals": places}}
    says, told = [rounds_sentence(consensus, policy)], stability_shown(stable, policy)
    if len(told):
        says.append(stability_sentence(told))
    return Result("survey-consensus", says=says, table=table("survey-consensus", shown, rules=rules))

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
from vbhc.chapters.stakeholders.layout import drawing, table
from vbhc.chapters.stakeholders.sentences import say
from vbhc.publish import figure_style as style
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.publish.results import Drawing, Result, either
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
    by_group = _drawing("survey-answers", shares[GRADES], title)
    together = answers_of_all(shares, asked.policy)
    all_of_them = _drawing("survey-answers-of-all", together, most_above) if len(together) else None
    says = [either("", say("of-all" if len(together) else "of-nobody"))]
    return Result("survey-answers", says=says, drawing=either(by_group, all_of_them))


def _drawing(name: str, shares: pd.DataFrame, title: Any) -> Drawing:
    bars, n = shares.groupby(["label", "group"]).ngroups, shares["label"].nunique()
    height, narrow = 1.2 + 0.26 * bars + 0.3 * n, 1.2 + 0.34 * bars + 0.45 * n
    fields: dict[str, Any] = {"alt": answers_in_words, "height": height, "narrow_height": narrow}
    return drawing(name, shares, plot_statements, title, **fields)


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
    columns = ["group", "label", "n", "mean_rank", "k"]
    shown = either(*(ranks.rename(columns={"first": "k"})[columns] for ranks in (asked.ranks, told)))
    withheld = either("", "Empty: it would tell how few gave no ranking.")
    return Result("survey-ranks", table=table("survey-ranks", shown, notes=[withheld]))


def ranks_shown(ranks: pd.DataFrame, agreed: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return mean ranks without how many gave them, where the size of the group would tell who did not.

    Parameters
    ----------
    ranks, agreed : DataFrame
        From `survey_ranks` and `survey_concordance`. Where `n` is left out or rounded the mean keeps one
        decimal.
    """
    few = set(agreed.loc[~policy.tells(agreed["n_missing"]), "group"])
    told = ~ranks["group"].isin(few)
    small = (~policy.tells(ranks["first"])).groupby(ranks["group"]).transform("any")
    return ranks.assign(
        first=ranks["first"].where(told | small),  # those who put one first add up to those who ranked
        n=ranks["n"].where(told),
        mean_rank=ranks["mean_rank"].where(told & (not policy.rounds_to), ranks["mean_rank"].round(1)),
    )


def of_those_given(shares: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return shares (columns of `delphi`) with Wilson's interval of what a policy tells of them.

    That of all who answered says how many did not: .56 (.48 to .65) fits 131 and 133 of 130 to 137. So it is
    that of the share as it is shown and of the next lower multiple of people, a little wide, missing under
    one; where counts are rounded it is of these.
    """
    if not policy.protects:
        return shares
    every = shares["n_missing"] == 0
    n, step = shares["n"].map(policy.rounded), policy.step
    share = (shares["k_agree"].map(policy.rounded) / n).round(2)
    n = n.where(every, n // step * step) if step else n
    low, high = zip(*map(wilson, share * n, n), strict=True)
    return shares.assign(low=low, high=high)


def consensus_table(asked: Asked, consensus: pd.DataFrame, stable: pd.DataFrame) -> Result | None:
    """Show after each round whether respondents agree, by the study's own rule; None without a rule."""
    if consensus.empty:
        return None
    policy = asked.policy
    numbers = ["k", "n", "n_missing", "estimate", "low", "high", "median", "iqr", "cns", "consensus"]
    shown = of_those_given(consensus, policy).rename(columns={"k_agree": "k"})[["label", "round", *numbers]]
    says, told = [rounds_sentence(consensus, policy)], stability_shown(stable, policy)
    if len(told):
        says.append(stability_sentence(told))
    return Result("survey-consensus", says=says, table=table("survey-consensus", shown))

"""What all defensible definitions give, together and by choice, shown."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import cleaning, wording
from vbhc.chapters.perception import layout
from vbhc.chapters.perception.multiverse.curve import SIGNIFICANT
from vbhc.chapters.perception.multiverse.definitions import AXES, DEFENSIBLE, TIERS, Multiverse, choices
from vbhc.chapters.perception.multiverse.studies import multiverse_for_study
from vbhc.chapters.perception.sentences import say
from vbhc.chapters.perception.ties import rating
from vbhc.publish.figure_style import LINE, TOTAL, drawable, finish, nothing_to_draw
from vbhc.publish.interval_figure import GREY
from vbhc.publish.results import Result
from vbhc.statistics.resampling import least_p
from vbhc.study import Study


def defensible(result: pd.DataFrame) -> pd.DataFrame:
    """Return the definitions that are not flawed and have a correlation."""
    return result[result["tier"].isin(DEFENSIBLE) & result["estimate"].notna()]


def by_choice_sentence(sides: pd.DataFrame) -> str:
    """Return between which two values of one choice the medians lie furthest apart (from `by_choice`)."""
    if sides.empty:
        return "No choice has two defensible values."
    medians = sides.groupby("choice")["median"]
    choice = (medians.max() - medians.min()).idxmax()
    rows = sides[sides["choice"] == choice]
    low, high = rows.loc[rows["median"].idxmin()], rows.loc[rows["median"].idxmax()]
    ends = {"low": low["median"], "at_low": low["value"], "high": high["median"], "at_high": high["value"]}
    return say("by-choice", choice=choice, **ends)


def by_choice(result: pd.DataFrame) -> pd.DataFrame:
    """Return what each value of each choice gives over all definitions that use it.

    Returns
    -------
    DataFrame
        `choice, value, median, low, high` (5% and 95% of the correlations), `significant` (share with p <
        .05), `definitions`; choices with a single value are left out.
    """
    used = defensible(result)
    rows = []
    for axis in AXES:
        groups = used.groupby(axis, sort=False)
        if groups.ngroups < 2:
            continue
        for name, part in groups:
            low, median, high = part["estimate"].quantile([0.05, 0.5, 0.95])
            rows.append((axis, name, median, low, high, (part["p"] < SIGNIFICANT).mean(), len(part)))
    names = ["choice", "value", "median", "low", "high", "significant", "definitions"]
    return pd.DataFrame(rows, columns=names)


def every_definition(study: Study, patients: pd.DataFrame, seed: int) -> Multiverse | None:
    """Return all definitions that these data allow; None where no outcome was scored at both visits."""
    try:
        return multiverse_for_study(study, patients, cleaning.load_columns(study), seed=seed)
    except ValueError:
        return None


def other_definitions(study: Study, result: pd.DataFrame, margin: float) -> Result | None:
    """Say where the tie lies under all defensible definitions of value; nothing where none has one."""
    used = defensible(result)
    if used.empty:
        return None
    told = dict(zip(("low", "middle", "high"), used["estimate"].quantile([0, 0.5, 1]), strict=True))
    told["above"] = (used["estimate"] > margin).mean()
    said = say("other-definitions", n=len(used), rating=rating(study), margin=margin, **told)
    return Result("multiverse", says=[said])


def choices_shown(every: Multiverse) -> Result:
    """Show every choice with its tier and the reason that was given before looking."""
    return Result("choices", table=layout.table("choices", choices(every)))


def curve_shown(result: pd.DataFrame, joint: pd.DataFrame) -> Result | None:
    """Show every definition's correlation in order, and say what they hold together."""
    used = defensible(result)
    if used.empty:
        return None
    title = f"From {_span(used)} under {len(used):,} defensible definitions"
    drawing = layout.drawing("multiverse", specification_rows(result), plot_specifications, title)
    return Result("multiverse", says=[_together(used, joint)], drawing=drawing)


def _span(used: pd.DataFrame) -> str:
    low, high = (wording.number(end) for end in (used["estimate"].min(), used["estimate"].max()))
    return f"{low} to {high}"


def _together(used: pd.DataFrame, joint: pd.DataFrame) -> str:
    middle, small = used["estimate"].median(), (used["p"] < SIGNIFICANT).mean()
    says = [say("curve", n=len(used), middle=middle, small=small)]
    for row in joint.head(1).to_dict("records"):
        without = say("curve-without", **row) if row["n_imputed"] else ""
        says.append(say("curve-together", **row, p_value=_p(joint), without=without))
    best = used[used["tier"] == TIERS[0]]
    if 0 < len(best) < len(used):
        says.append(say("curve-alone", n=len(best), span=_span(best)))
    return " ".join(says)


def by_choice_shown(sides: pd.DataFrame) -> Result | None:
    """Draw what each option of each choice gives; nothing where no choice has two."""
    if sides.empty:
        return None
    shown = sides.rename(columns={"median": "estimate"}).assign(label=sides["choice"] + ": " + sides["value"])
    shown = shown[["label", "estimate", "low", "high"]]
    drawing = layout.intervals("by-choice", shown, by_choice_sentence(sides), told=())
    return Result("by-choice", drawing=drawing)


def flawed_apart(result: pd.DataFrame) -> Result | None:
    """Say where the flawed definitions lie, which nothing above counts; nothing where there are none."""
    bad = result[result["tier"].eq("flawed") & result["estimate"].notna()]
    if bad.empty:
        return None
    said = say("flawed", n=len(bad), span=_span(bad), middle=bad["estimate"].median())
    return Result("flawed", says=[said])


def multiverse_answer(study: Study, result: pd.DataFrame, joint: pd.DataFrame, margin: float) -> Result:
    """Return the answer of 03b: how many definitions lie on which side of the margin."""
    used = defensible(result)
    if used.empty:
        return Result("answer", says=[say("multiverse-none")], role="answer")
    shares = {"above": (used["estimate"] > margin).mean(), "inside": used["estimate"].abs().le(margin).mean()}
    said = say("multiverse", n=len(used), rating=rating(study), margin=margin, **shares)
    return Result("answer", says=[said, _joint_reading(joint)], role="answer")


def _joint_reading(joint: pd.DataFrame) -> str:
    """What the joint test allows to be said."""
    if not len(joint):
        return ""
    chance = "would hardly" if joint.set_index("statistic").loc["median", "p"] < SIGNIFICANT else "could"
    return say("multiverse-chance", could=chance, p=_p(joint))


def _p(joint: pd.DataFrame) -> str:
    """The p of the median, as the shuffles allow it to be told."""
    row = joint.set_index("statistic").loc["median"]
    return wording.p_value(row["p"], least_p(int(row["n_permutations"]) + 1))


MOST_POINTS = 300
# What a sentence is about is full and in colour; what never enters one is hollow.
LOOKS: dict[str, dict[str, Any]] = {
    "flawed": {"color": "#a6b0b9", "mfc": "white", "markersize": 3, "zorder": 2},
    "common": {"color": GREY, "markersize": 3, "zorder": 3},
    "principled": {"color": TOTAL, "markersize": 6, "zorder": 4},
}


def specification_rows(result: pd.DataFrame, most: int = MOST_POINTS) -> pd.DataFrame:
    """Return the curve from `multiverse.run` in ascending order, thinned to what a page can carry.

    Each tier is thinned by itself and evenly, with its lowest and highest, so that a tier of few definitions
    is seen whole between those of many.

    Returns
    -------
    DataFrame
        `rank` (1 = lowest of all), `estimate, p, tier, n`, `definitions` in all and `in_tier`, how many its
        tier has.
    """
    ordered = result[result["estimate"].notna()].sort_values("estimate", kind="stable", ignore_index=True)
    tiers = ordered.groupby("tier")["estimate"]
    sizes = {"definitions": len(ordered), "in_tier": tiers.transform("size")}
    table = ordered.assign(rank=ordered.index + 1, **sizes)
    share = max(1, most // max(1, tiers.ngroups))
    kept = [
        rows.index[np.unique(np.linspace(0, len(rows) - 1, min(share, len(rows))).round().astype(int))]
        for _, rows in table.groupby("tier")
    ]
    names = ["rank", "estimate", "p", "tier", "n", "definitions", "in_tier"]
    return (table.loc[np.sort(np.concatenate(kept))] if kept else table)[names].reset_index(drop=True)


def plot_specifications(data: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the specification curve: every definition's correlation in order, the flawed ones hollow.

    Parameters
    ----------
    data : DataFrame
        From `specification_rows` (`rank, estimate, tier, in_tier`).
    """
    shown = drawable(data, "estimate").sort_values("estimate", kind="stable").reset_index(drop=True)
    if shown.empty:
        return nothing_to_draw(ax)
    for tier, look in LOOKS.items():
        rows = shown[shown["tier"] == tier]
        label = f"{tier} ({int(rows['in_tier'].iloc[0]):,})" if len(rows) else None
        ax.plot(rows["rank"], rows["estimate"], "o", label=label, **look)
    ax.axhline(0, color=LINE, linewidth=0.8)
    ax.legend(frameon=False, loc="upper left", handletextpad=0.2)
    return finish(ax, "Definition, from lowest to highest", "Correlation with what patients say")

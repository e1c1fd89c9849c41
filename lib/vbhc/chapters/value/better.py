"""How many patients got better by enough to matter, and what each reader may use the value quota for.

Deaths count as worse, and nobody is left out unseen.
"""

import math
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from vbhc.chapters.value import layout
from vbhc.chapters.value.costs.prices import largest_items
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.sentences import say
from vbhc.chapters.value.soundness import ALARM
from vbhc.instruments.responders import classify
from vbhc.publish.figure_style import drawable, is_narrow, nothing_to_draw
from vbhc.publish.findings.made import in_both
from vbhc.publish.results import Claim, Counted, Result, either
from vbhc.statistics.tables2x2 import wilson
from vbhc.study import Study
from vbhc.wording import count, percent

BETTER, UNKNOWN, SIMILAR, WORSE, DIED = "better", "not known", "about the same", "worse", "died"
# Unknown lies next to better: the bar shows both bounds.
HATCHED = "Hatched: not known; beside the better, so that the bar shows the least and the most."
COLOURS = {BETTER: "#0072B2", UNKNOWN: "#ffffff", SIMILAR: "#c3cad0", WORSE: "#737d86", DIED: "#1a1f24"}
# A change of any size, where none is known to matter to a patient; above the slack of `classify`.
ANY = 1e-6


def by_how_much(vq: Definition) -> str:
    """Return the size of a gain that counts: "by 5 points or more", or "by any amount"."""
    return f"by {vq.mcid:g} {vq.outcome_unit} or more" if vq.mcid else "by any amount"


def courses(study: Study, patients: pd.DataFrame, vq: Definition) -> pd.Series:
    """Return what became of each patient: better, about the same, worse, died, or not known."""
    change = vq.sign * patients[f"{vq.outcome}_change"].astype(float)
    found = classify(change, vq.mcid or ANY).astype(object)
    named = found.map({"improved": BETTER, "unchanged": SIMILAR, "worsened": WORSE})
    named = named.mask(named.isna() & patients["died"], DIED)
    return named.fillna(UNKNOWN).rename("course")


def got_better(vq: Definition, course: pd.Series, ci_level: float = 0.95) -> Result:
    """Show how many got better: of those whose course is known, and the bounds that the unknown leave."""
    counts = course.value_counts().reindex(list(COLOURS), fill_value=0)
    data = counts[counts > 0].rename_axis("course").reset_index(name="n")
    title = partial(_title, vq=vq, whole=len(course))
    look = {"rows": len(data), "caption": HATCHED if counts[UNKNOWN] else ""}
    drawn = layout.drawing("responders", data, draw_courses, title, {"much": by_how_much(vq)}, **look)
    return Result("responders", says=_shares(vq, counts, ci_level), drawing=drawn)


def _shares(vq: Definition, counts: pd.Series, ci_level: float) -> list[Claim]:
    """How many got better, and how many worse or died, of those whose course is known."""
    n = int(counts.sum() - counts[UNKNOWN])
    among = {"deaths counted as not better": int(counts[DIED])}
    counted = Counted(n, among=among, without={"without a known outcome": int(counts[UNKNOWN])})
    size, died = by_how_much(vq), " or died" if counts[DIED] else ""
    better = _share(f"got better {size}", counts[BETTER], n, ci_level, counted)
    worse = _share(f"got worse {size}{died}", counts[WORSE] + counts[DIED], n, ci_level)
    return [better, replace(worse, behind=worse_or_died(counts))]


def worse_or_died(counts: pd.Series) -> list[int]:
    """Return the parts that the number of who got worse or died would tell of, and what it leaves."""
    parts = (WORSE, DIED, SIMILAR) if counts.get(DIED, 0) else (SIMILAR,)
    return [int(counts.get(part, 0)) for part in parts]


def _share(what: str, k: int, n: int, ci_level: float, counted: Counted | None = None) -> Claim:
    low, high = wilson(int(k), n, ci_level)
    return Claim("share", what, k / n if n else math.nan, low, high, n=n, k=int(k), counted=counted)


def _title(data: pd.DataFrame, vq: Definition, whole: int) -> str:
    known = dict(zip(data["course"], data["n"], strict=True))
    least, silent = known.get(BETTER, 0), known.get(UNKNOWN, 0)
    if pd.isna(least) or pd.isna(silent):
        return say("got-better-withheld")
    ends = {"least": f"{least:,.0f}", "most": f"{least + silent:,.0f}"}  # floats once a cell is withheld
    return say("got-better-between" if silent else "got-better", **ends, whole=whole, much=by_how_much(vq))


def draw_courses(data: pd.DataFrame, ax: Axes) -> Axes:
    """Draw one bar of all patients on a page, a bar for each course on a phone."""
    rows = drawable(data, "n").reset_index(drop=True)
    if rows.empty:
        return nothing_to_draw(ax)
    whole, narrow, left = rows["n"].sum(), is_narrow(ax), 0.0
    for place, row in rows.iterrows():
        at = place if narrow else 0
        look: dict[str, Any] = {"color": COLOURS[row["course"]], "edgecolor": "#59626b", "linewidth": 0.8}
        hatch = "////" if row["course"] == UNKNOWN else ""
        ax.barh(at, row["n"], left=left, height=0.42 if narrow else 0.8, hatch=hatch, **look)
        name = f"{row['n']:,.0f} {row['course']} ({percent(row['n'] / whole)})"
        if narrow:
            ax.text(0, at - 0.28, name, va="bottom")
        else:
            high, last = place % 2 == 0, place == len(rows) - 1
            at, side = (whole, "right") if place and (last or left > 0.7 * whole) else (left, "left")
            away = 0.95 if last and place > 1 else 0.5  # clear of the name before it, on the same side
            ax.text(at, -away if high else away, name, va="bottom" if high else "top", ha=side)
        left += row["n"]
    ax.set_xlim(0, whole)
    ax.set_ylim(*((len(rows) - 0.6, -0.9) if narrow else (1.5, -1.5)))
    ax.set_axis_off()
    return ax


def value_for_readers(
    vq: Definition, ratio: pd.DataFrame, reciprocal: pd.DataFrame, items: pd.DataFrame, course: pd.Series
) -> list[Result]:
    """Return one line for each reader, from the results themselves.

    Parameters
    ----------
    ratio, reciprocal : DataFrame
        From `ratio_of_means` (deaths counted) and `reciprocal_cost`.
    items : DataFrame
        From `costs.prices.cost_items`.
    course : Series
        From `courses`.
    """
    row = ratio.iloc[0]
    if row["reason"]:
        return []
    counts = course.value_counts().reindex(list(COLOURS), fill_value=0)
    known, worse = int(counts.sum() - counts[UNKNOWN]), int(counts[WORSE] + counts[DIED])
    better, died = count(int(counts[BETTER]), known), " or died" if counts[DIED] else ""
    lead, rest = say("patient"), say("patient-known", better=better, worse=worse, died=died)
    behind: list[Any] = [(int(counts[BETTER]), known), (worse, known), *worse_or_died(counts)]
    alone = Claim("level", "", reason=rest, behind=behind)  # where it may not be told the first part stays
    return [
        Result("for-the-clinician", says=[_clinician(reciprocal.iloc[0], int(counts[WORSE]))]),
        Result("for-the-manager", says=[_manager(vq, row, items)]),
        Result("for-the-patient", says=[either(f"{lead} {rest}", lead), either(None, alone)]),
    ]


def _clinician(reciprocal: pd.Series, worse: int) -> str:
    cheap = not reciprocal["reason"] and abs(reciprocal["pearson_reciprocal"]) >= ALARM
    here = ", and here mostly how little the care cost" if cheap else ""
    return say("clinician", cheap=here, lost=", least of all of one who lost" if worse else "")


def _manager(vq: Definition, row: pd.Series, items: pd.DataFrame) -> str:
    if row["ci_kind"] != "bounded":
        return say("manager-unbounded", unit=vq.unit)
    low, high = in_both(row["low"], row["high"], row["low"], row["high"])
    top = largest_items(items).iloc[0] if items.shape[1] > 1 else {"share": 0}
    first = say("manager-first", **top) if top["share"] > 0 else ""
    return say("manager", low=low, high=high, unit=vq.unit, first=first)

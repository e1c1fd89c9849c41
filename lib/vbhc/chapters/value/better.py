"""How many patients got better by enough to matter: deaths count as worse, and nobody is left out unseen."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from vbhc.chapters.value.quota.declared import Definition
from vbhc.instruments.responders import classify, individual_mcid
from vbhc.instruments.shares import wilson
from vbhc.publish.claims import Claim
from vbhc.publish.counted import Counted
from vbhc.publish.figure_style import drawable, is_narrow, nothing_to_draw
from vbhc.publish.results import Drawing, Result
from vbhc.study import Study
from vbhc.wording import percent

BETTER, UNKNOWN, SIMILAR, WORSE, DIED = "better", "no answer", "about the same", "worse", "died"
ORDER = (BETTER, UNKNOWN, SIMILAR, WORSE, DIED)  # unknown lies next to better: the bar shows both bounds
COLOURS = {BETTER: "#0072B2", UNKNOWN: "#ffffff", SIMILAR: "#c3cad0", WORSE: "#737d86", DIED: "#1a1f24"}
ANY = 1e-9  # a change of any size, where no smallest one that matters to a patient is known


def threshold(vq: Definition) -> float:
    """Return the smallest change that matters to one patient, `ANY` where none is recorded."""
    try:
        return float(individual_mcid(vq.outcome).value)
    except ValueError:
        return ANY


def courses(study: Study, patients: pd.DataFrame, vq: Definition) -> pd.Series:
    """Return what became of each patient: better, about the same, worse, died, or no answer."""
    change = vq.sign * patients[f"{vq.outcome}_change"].astype(float)
    found = classify(change, threshold(vq)).astype(object)
    named = found.map({"improved": BETTER, "unchanged": SIMILAR, "worsened": WORSE})
    named = named.mask(named.isna() & patients["died"], DIED)
    return named.fillna(UNKNOWN).rename("course")


def got_better(vq: Definition, course: pd.Series, ci_level: float = 0.95) -> Result:
    """Show how many got better: of those whose course is known, and the bounds that the unknown leave."""
    counts = course.value_counts().reindex(list(ORDER), fill_value=0)
    data = counts.rename_axis("course").reset_index(name="n")
    data = data[data["n"] > 0].reset_index(drop=True)
    known = int(counts.sum() - counts[UNKNOWN])
    return Result(
        "responders",
        says=[_share(vq, counts[BETTER], known, counts, ci_level), _lost(vq, counts, known, ci_level)],
        drawing=Drawing(
            data,
            draw_courses,
            title=partial(_title, vq=vq, whole=len(course)),
            alt=partial(_alt, vq=vq),
            caption="Hatched: not known; beside the better, so that the bar shows the least and the most."
            if counts[UNKNOWN]
            else "",
            height=1.8,
            narrow_height=0.9 + 0.5 * len(data),
        ),
    )


def by_how_much(vq: Definition) -> str:
    """Return the size of a gain that counts: "by 5 points or more", or "by any amount"."""
    size = threshold(vq)
    return "by any amount" if size == ANY else f"by {size:g} {vq.outcome_unit} or more"


def _share(vq: Definition, k: int, n: int, counts: pd.Series, ci_level: float) -> Claim:
    found = wilson(int(k), n, ci_level)
    counted = Counted(
        n,
        among={"deaths counted as not better": int(counts[DIED])},
        without={"without an answer": int(counts[UNKNOWN])},
    )
    what = f"got better {by_how_much(vq)}"
    return Claim("share", what, found["estimate"], found["low"], found["high"], n, k=int(k), counted=counted)


def _lost(vq: Definition, counts: pd.Series, n: int, ci_level: float) -> Claim:
    k = int(counts[WORSE] + counts[DIED])
    found = wilson(k, n, ci_level)
    what = f"got worse {by_how_much(vq)}" + (" or died" if counts[DIED] else "")
    return Claim("share", what, found["estimate"], found["low"], found["high"], n, k=k)


def _title(data: pd.DataFrame, vq: Definition, whole: int) -> str:
    known = dict(zip(data["course"], data["n"], strict=True))
    least, silent = known.get(BETTER, 0), known.get(UNKNOWN, 0)
    if pd.isna(least) or pd.isna(silent):
        return "How many got better, and how many nobody knows of"
    if not silent:
        return f"{least:,.0f} of {whole:,} patients got better {by_how_much(vq)}"
    return (
        f"Between {least:,.0f} and {least + silent:,.0f} of {whole:,} patients got better {by_how_much(vq)}"
    )


def _alt(data: pd.DataFrame, vq: Definition) -> str:
    shown = drawable(data, "n")
    told = [f"{row.n:,.0f} {row.course}" for row in shown.itertuples()]
    return f"Patients by what became of them ({by_how_much(vq)}): {', '.join(told)}."


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
            at, side = (whole, "right") if last and place else (left, "left")
            up = -0.95 if last and high and place else -0.5  # clear of the name before it
            ax.text(at, up if high else 0.5, name, va="bottom" if high else "top", ha=side)
        left += row["n"]
    ax.set_xlim(0, whole)
    ax.set_ylim(*((len(rows) - 0.6, -0.9) if narrow else (1.0, -1.5)))
    ax.set_axis_off()
    return ax
